"""Recognizer: a drawing or an image in, a Prediction out; or a page in, and as many digits as it has.

What the window and `predict` ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import SavedNetworkError
from engine.ink.picture import has_several
from engine.ink.preprocessing import FRAME, even_pen, frame, line_width
from engine.ink.rasterize import (
    PAGE,
    PEN,
    Curve,
    Ink,
    Point,
    Strokes,
    as_curve,
    draw_over,
    page_ink,
    stroke_ink,
)
from engine.machine.threads import one_blas_thread
from engine.nn.functional import Array
from engine.nn.network import Network
from engine.nn.silencing import Off, silenced
from engine.reading.confidence import Confidence
from engine.reading.evaluation import Classifier
from engine.reading.halving import Halves, best_halves
from engine.reading.ink_pieces import InkPieces
from engine.reading.layout import Box, Drawing
from engine.reading.memory import Memory, TaughtNetwork
from engine.reading.prediction import PagePrediction, Placed, Prediction, page_prediction
from engine.reading.segmentation import (
    PICTURE_CAUTION,
    PICTURE_WEIGHTS,
    Candidates,
    Partition,
    best_partitions,
)
from engine.reading.splitting import halving_seam
from engine.reading.stroke_pieces import StrokePieces, is_dot
from engine.storage.saved_network import SavedNetwork


@dataclass(frozen=True)
class _Laid:
    """An image laid on a page to be drawn over."""

    ink: Ink  # (PAGE, PAGE)
    pen: float  # px, the width of its lines


@dataclass(frozen=True)
class _Shown:
    """A group of a page as the network saw it."""

    image: Ink  # (28, 28)
    box: Box
    from_memory: bool


class Looks:
    """What a network saw in drawings, and its logits; what it saw `before` is not looked at again."""

    def __init__(self, network: Classifier, *, before: Looks | None = None) -> None:
        self._network = network
        self._before = {} if before is None or before._network is not network else before._seen
        # by the points of the strokes: the image, its logits, and whether they come from memory
        self._seen: dict[tuple[bytes, ...], tuple[Ink, Array, bool]] = {}

    def logits(self, drawings: Sequence[Sequence[Curve]]) -> Array:
        """(N, 10) of drawings that have a point each."""
        keys = [_key(drawing) for drawing in drawings]
        self._seen |= {key: self._before[key] for key in keys if key in self._before}
        new = {key: drawing for key, drawing in zip(keys, drawings, strict=True) if key not in self._seen}
        if new:
            images = np.stack([_framed(stroke_ink(drawing)) for drawing in new.values()])
            self._seen |= zip(new, zip(images, *_answers(self._network, images), strict=True), strict=True)
        return np.stack([self._seen[key][1] for key in keys])

    def image(self, drawing: Sequence[Curve]) -> Ink:
        """The image of a drawing that was looked at."""
        return self._seen[_key(drawing)][0]

    def is_from_memory(self, drawing: Sequence[Curve]) -> bool:
        """Whether its logits are what was taught."""
        return bool(self._seen[_key(drawing)][2])


def _key(drawing: Sequence[Curve]) -> tuple[bytes, ...]:
    return tuple(curve.tobytes() for curve in drawing if len(curve))


def _framed(ink: Ink) -> Ink:
    image = frame(ink)
    return _blank() if image is None else image


def _blank() -> Ink:
    return np.zeros((FRAME, FRAME), np.float32)


def _answers(network: Classifier, images: npt.NDArray[np.float32]) -> tuple[Array, npt.NDArray[np.bool_]]:
    """((N, 10) logits, (N,) whether they come from memory); what is not finite is told when it is read."""
    # a few images are too little for several threads, which wait for each other where cores are busy
    with np.errstate(over="ignore", invalid="ignore"), one_blas_thread():
        if isinstance(network, TaughtNetwork):
            return network.answered(images)
        return network.logits(images), np.zeros(len(images), bool)


class Recognizer:
    """A network, or several as a committee, together with the framing that it was trained on.

    Of a committee `network` is the first one's, and what is made by `with_network` and `silenced` is that
    network alone.
    """

    def __init__(self, saved: SavedNetwork, *, folder: Path) -> None:
        """SavedNetworkError if the network reads other images than framed digits."""
        if saved.network.input_shape != (1, FRAME, FRAME):
            raise SavedNetworkError(
                "{folder} holds a network for images of shape {input_shape}, which cannot read drawings. "
                "Open one for digits.",
                folder=folder,
                input_shape=saved.network.input_shape,
            )
        self._saved = saved
        self.network = saved.network
        self.confidence = saved.confidence
        self.facts = saved.facts
        self.folder = folder
        self.memory = saved.memory  # what was taught; `teach` takes another one
        self._classifier = saved.classifier
        self._looks = Looks(self._classifier)  # at the page that was read last
        self._pieces: StrokePieces | None = None  # of it
        self._laid: tuple[Ink, _Laid] | None = None  # the last image that was drawn over, and its page

    @classmethod
    def load(cls, folder: Path | str) -> Recognizer:
        """The recognizer of a network folder; SavedNetworkError if it is missing or damaged."""
        return cls(SavedNetwork.load(folder), folder=Path(folder))

    def named(self, folder: Path) -> Recognizer:
        """The same of a network that lies in another place; it is told by that one's name."""
        return Recognizer(self._saved, folder=folder)

    @cached_property
    def first(self) -> Recognizer:
        """What can be looked into: the network itself, of a committee the first one."""
        return Recognizer(self._saved.first, folder=self.folder) if self._saved.members else self

    def silenced(self, off: Off) -> Recognizer:
        """The same without some of the network's maps; ShapeError if it has none such."""
        return self.with_network(silenced(self.network, off))

    def with_network(self, network: Network, confidence: Confidence | None = None) -> Recognizer:
        """The same with the network changed: without some of it, as it was earlier, or while it learns.

        The network's own confidence holds for it too, unless another one is given.
        """
        saved = SavedNetwork(network, confidence or self.first.confidence, self.first.facts)
        return Recognizer(saved, folder=self.folder)

    def teach(self, memory: Memory) -> None:
        """Answer by this memory from now on, and by no other."""
        self.memory = memory
        self.confidence = memory.confidence(self.facts.confidence)
        self._saved = replace(self._saved, confidence=self.confidence, memory=memory)
        self._classifier = self._saved.classifier
        self._looks, self._pieces = Looks(self._classifier), None

    def recognize(self, strokes: Strokes) -> Prediction:
        """Read a drawing.

        Parameters
        ----------
        strokes : sequence of sequences of (x, y)
            In any unit, y downward; where on the page and how large makes no difference.
        """
        return self._read(stroke_ink(strokes), is_digit=not is_dot(strokes))

    def recognize_page(self, strokes: Strokes, *, underway: bool = False) -> PagePrediction:
        """Read a page of any number of digits, in lines.

        A page that holds one digit, or something that is none, is read as `recognize` reads it. What a page
        has in common with the one before it, as while the pen moves, is not looked at again.

        Parameters
        ----------
        strokes : sequence of sequences of (x, y)
            In any unit, y downward, in any order.
        underway : bool
            Whether the pen is still at the last stroke. Whether that leads on from one digit to the next is
            not asked then, and where it may the reading is provisional: it is to be read again when the pen
            rests.
        """
        if not any(len(stroke) for stroke in strokes):
            return PagePrediction("", (), 0.0)
        curves = [as_curve(stroke) for stroke in strokes]  # once, for all that asks for them
        self._looks = looks = Looks(self._classifier, before=self._looks)
        looks.logits([curves])  # as one; StrokesError if it cannot be drawn
        self._pieces = pieces = StrokePieces(curves, looks.logits, before=self._pieces, underway=underway)
        found = Candidates(pieces, looks.logits, self.confidence)

        def shown(group: int) -> _Shown:
            drawing = found.drawings[group]
            return _Shown(
                looks.image(drawing), found.layout.box(found.groups[group]), looks.is_from_memory(drawing)
            )

        page = _page(found, best_partitions(found), shown)
        return replace(page, is_provisional=pieces.is_provisional)

    def halves(self, strokes: Strokes) -> Halves | None:
        """How a drawing is read best as two digits; None where it is too little for two."""
        return best_halves(strokes, self._looks.logits)

    def halving_path(self, ink: Ink, box: Box) -> list[Point]:
        """The way, in pixels of an image, on which the digit in a box is best cut in two; empty for none."""
        left, top, right, bottom = (round(side) for side in box)
        mark = ink[top:bottom, left:right]
        if not mark.any():
            return []
        seam = halving_seam(mark, float(bottom - top), line_width(ink), self.judge_images)
        if seam is None:
            return []
        ends = [-1.0, *(row + 0.5 for row in range(len(mark))), len(mark) + 1.0]  # and a little beyond
        columns = np.pad(seam.columns, 1, mode="edge")
        return [(left + float(column), top + y) for column, y in zip(columns, ends, strict=True)]

    def recognize_image(self, ink: Ink) -> Prediction:
        """Read an image: (H, W) of any size, ink 1.0 on paper 0.0, as `read_image` returns it."""
        return self._read(even_pen(ink), is_digit=not has_several(ink))

    def recognize_image_page(self, ink: Ink, *, box: Box | None = None) -> PagePrediction:
        """Read an image of any number of digits, in lines.

        One that holds one digit, or something that is none, is read as `recognize_image` reads it. Boxes are
        in pixels, or in the unit of `box`, where that is given as the place that the image takes.
        """
        if not ink.any():
            return PagePrediction("", (), 0.0)
        pieces = InkPieces(ink, self.judge_images)
        found = Candidates(pieces, self.judge_images, self.confidence)
        left, top, right, bottom = box or (0.0, 0.0, float(ink.shape[1]), float(ink.shape[0]))
        across, down = (right - left) / ink.shape[1], (bottom - top) / ink.shape[0]

        def shown(group: int) -> _Shown:
            x0, y0, x1, y1 = pieces.box(found.groups[group])
            placed = left + across * x0, top + down * y0, left + across * x1, top + down * y1
            image, classifier = found.drawings[group], self._classifier
            is_taught = isinstance(classifier, TaughtNetwork) and bool(classifier.remembers(image[None])[0])
            return _Shown(image, placed, is_taught)

        partitions = best_partitions(found, PICTURE_WEIGHTS, PICTURE_CAUTION)
        return _page(found, partitions, shown)

    def judge_images(self, images: Sequence[Ink]) -> Array:
        """(N, 10) logits of framed images."""
        return _answers(self._classifier, np.stack(images))[0]

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

    def _page_of(self, ink: Ink) -> _Laid:
        """Made once for an image, not at every motion of the pen over it."""
        laid = self._laid
        if laid is None or laid[0] is not ink:
            page = page_ink(ink)
            # a picture that is no drawing has no pen to speak of
            laid = self._laid = ink, _Laid(page, min(line_width(page), PEN * PAGE))
        return laid[1]

    def _read(self, ink: Ink, *, is_digit: bool) -> Prediction:
        image = frame(ink)
        if image is None:
            return Prediction(np.full(10, 0.1, np.float32), None, 0.0, False, _blank())
        logits, (from_memory,) = _answers(self._classifier, image[None])
        # a dot, or what looks like several, is what a person has taught it to be
        is_digit = (is_digit or from_memory) and bool(self.confidence.accepts(logits)[0])
        return _prediction(self.confidence.probabilities(logits)[0], image, is_digit, from_memory)


def _prediction(
    probabilities: npt.NDArray[np.float32], image: Ink, is_digit: bool, from_memory: bool
) -> Prediction:
    digit = int(probabilities.argmax())
    return Prediction(
        probabilities, digit, float(probabilities[digit]), bool(is_digit), image, bool(from_memory)
    )


def _page(
    found: Candidates[Drawing], partitions: Sequence[Partition], shown: Callable[[int], _Shown]
) -> PagePrediction:
    """What the candidates are, `shown` telling of one of them what the network saw, and where it is."""
    placed = {}
    for group in {group for partition in partitions for group in partition.groups}:
        seen = shown(group)
        prediction = _prediction(
            found.probabilities[group], seen.image, found.are_digits[group], seen.from_memory
        )
        placed[group] = Placed(prediction, seen.box, found.pieces.strokes(found.groups[group]))
    ways = []
    for partition in partitions:
        lines = [[placed[group] for group in line] for line in found.in_lines(partition.groups)]
        ways.append((lines, partition.probability))
    return page_prediction(ways)
