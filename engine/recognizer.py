"""Recognizer: a drawing or an image in, a Prediction out. What the window and `predict` ask."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import SavedNetworkError
from engine.ink.picture import has_several
from engine.ink.preprocessing import FRAME, even_pen, frame, line_width
from engine.ink.rasterize import PAGE, PEN, Ink, Strokes, draw_over, page_ink, stroke_ink
from engine.storage.saved_network import SavedNetwork


@dataclass(frozen=True)
class Prediction:
    """What a network reads in one drawing."""

    probabilities: npt.NDArray[np.float32]  # (10,), sum 1; uniform where nothing is drawn
    digit: int | None  # the most probable; None where nothing is drawn
    confidence: float  # the digit's probability; 0 where nothing is drawn
    is_digit: bool  # False for an empty page, a single dot, and what the network rejects
    image: Ink  # (28, 28), what the network saw

    @property
    def runner_up(self) -> int | None:
        """The second digit, where it is at least half as probable as the first: the drawing may be either."""
        if self.digit is None:
            return None
        first, second = np.argsort(-self.probabilities, kind="stable")[:2]
        return int(second) if self.probabilities[second] >= self.probabilities[first] / 2 else None


@dataclass(frozen=True)
class _Page:
    """An image laid on a page to be drawn over."""

    ink: Ink  # (PAGE, PAGE)
    pen: float  # px, the width of its lines


class Recognizer:
    """A network together with the framing that it was trained on."""

    def __init__(self, saved: SavedNetwork, *, folder: Path) -> None:
        """SavedNetworkError if the network reads other images than framed digits."""
        if saved.network.input_shape != (1, FRAME, FRAME):
            raise SavedNetworkError(
                "{folder} holds a network for images of shape {input_shape}, which cannot read drawings. "
                "Open one for digits.",
                folder=folder,
                input_shape=saved.network.input_shape,
            )
        self.network = saved.network
        self.confidence = saved.confidence
        self.facts = saved.facts
        self.folder = folder
        self._laid: tuple[Ink, _Page] | None = None  # the last image that was drawn over, and its page

    @classmethod
    def load(cls, folder: Path | str) -> "Recognizer":
        """The recognizer of a network folder; SavedNetworkError if it is missing or damaged."""
        return cls(SavedNetwork.load(folder), folder=Path(folder))

    def recognize(self, strokes: Strokes) -> Prediction:
        """Read a drawing.

        Parameters
        ----------
        strokes : sequence of sequences of (x, y)
            In any unit, y downward; where on the page and how large makes no difference.
        """
        points = (tuple(point) for stroke in strokes for point in stroke)
        first = next(points, None)
        is_dot = all(point == first for point in points)
        return self._read(stroke_ink(strokes), is_digit=not is_dot)

    def recognize_image(self, ink: Ink) -> Prediction:
        """Read an image: (H, W) of any size, ink 1.0 on paper 0.0, as `read_image` returns it."""
        return self._read(even_pen(ink), is_digit=not has_several(ink))

    def recognize_over_image(self, ink: Ink, strokes: Strokes) -> Prediction:
        """Read an image and the strokes that were drawn over it as one.

        The strokes are drawn with the image's own pen, and all of it then reads as an image does.

        Parameters
        ----------
        ink : (H, W) array
            As `recognize_image` takes it, and not changed while it is drawn over. It lies in the middle of
            the page and its longer side fills it.
        strokes : sequence of sequences of (x, y)
            The page is 1.0 wide and high, (0, 0) its left upper corner; y goes downward.
        """
        page = self._page_of(ink)
        if page.pen <= 0:
            return self.recognize(strokes)
        return self._read(even_pen(draw_over(page.ink, strokes, width=page.pen)), is_digit=True)

    def _page_of(self, ink: Ink) -> _Page:
        """Made once for an image, not at every motion of the pen over it."""
        laid = self._laid
        if laid is None or laid[0] is not ink:
            page = page_ink(ink)
            # a picture that is no drawing has no pen to speak of
            laid = self._laid = ink, _Page(page, min(line_width(page), PEN * PAGE))
        return laid[1]

    def _read(self, ink: Ink, *, is_digit: bool) -> Prediction:
        image = frame(ink)
        if image is None:
            blank = np.zeros((FRAME, FRAME), np.float32)
            return Prediction(np.full(10, 0.1, np.float32), None, 0.0, False, blank)
        with np.errstate(over="ignore", invalid="ignore"):  # told as an InferenceError
            logits = self.network.logits(image[None])
        probabilities = self.confidence.probabilities(logits)[0]
        digit = int(probabilities.argmax())
        is_digit = is_digit and bool(self.confidence.accepts(logits)[0])
        return Prediction(probabilities, digit, float(probabilities[digit]), is_digit, image)
