"""Pictures of what goes on inside a network: why it answers so, and how it came to know it."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from matplotlib.animation import PillowWriter
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.language import _, decimal
from engine.explaining.attribution import Map
from engine.explaining.edits import Kind
from engine.explaining.explanation import Explanation
from engine.explaining.film import Filmed
from engine.files.whole_file import replacing
from engine.ink.rasterize import Ink, Strokes

AGAINST_TO_FOR = "PuOr"  # diverging, neutral at zero, told apart by every eye
STROKE, NEW = "#1c1c1c", "#c2410c"
COLUMNS = 6
PANEL = 1.7  # inches
FRAMES_A_SECOND = 4


def explanation_figure(found: Explanation, strokes: Strokes | None) -> Figure:
    """What was seen, what of it spoke for and against the answer, its strokes, its nearest, and a change."""
    panels = 2 + len(found.strokes) + (strokes is not None)
    rows = -(-panels // COLUMNS) + 1
    figure = Figure(figsize=(PANEL * COLUMNS, (PANEL + 0.45) * rows + 0.6), dpi=100, layout="constrained")
    figure.suptitle(
        _("Why {digit} and not {versus}").format(digit=found.digit, versus=found.versus), fontsize=13
    )
    axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for each in axes:
        each.set_axis_off()
    places = iter(axes)
    _show_ink(next(places), found.image, _("What the network sees"))
    _show_map(next(places), found.contributions.pixels, found.image)
    for left_out in found.strokes:
        assert strokes is not None
        rest = _("nothing is left")
        if left_out.digit is not None:
            rest = _("{digit}, {percent} %").format(
                digit=left_out.digit, percent=decimal(100 * left_out.confidence)
            )
        _show_strokes(
            next(places),
            strokes,
            _("Without this stroke:\n{rest}").format(rest=rest),
            faint=(left_out.stroke,),
        )
    if strokes is not None:
        _show_change(next(places), found, strokes)
    for place, neighbour in zip(axes[(rows - 1) * COLUMNS :], found.nearest, strict=False):
        title = _("Near: {digit}, {source}").format(digit=neighbour.digit, source=neighbour.source)
        _show_ink(place, neighbour.image, title)
    return figure


def save_film(
    steps: npt.NDArray[np.int64],
    epochs: npt.NDArray[np.int64],
    drawings: Sequence[Filmed],
    path: Path,
) -> None:
    """A moving picture of what was read in drawings after so many steps of a training, as a GIF.

    Parameters
    ----------
    steps, epochs : (S,) arrays
    drawings : sequence of Filmed
        What was read at each of the S steps.
    path : Path
        A failure leaves an older picture there as it was.
    """
    figure = Figure(figsize=(max(PANEL * len(drawings), 2.4), 2 * PANEL + 0.6), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, len(drawings), squeeze=False)
    bars = []
    for (above, below), drawing in zip(axes.T, drawings, strict=True):
        above.set_axis_off()
        _show_ink(above, drawing.image, "")
        bars.append(below.bar(range(10), np.zeros(10), color=STROKE))
        below.set(ylim=(0, 1), xticks=range(10), yticks=[])
        below.tick_params(labelsize=7)
    with replacing(path) as part, TemporaryDirectory() as folder:
        whole = Path(folder) / "film.gif"  # the writer knows the kind by the name
        writer = PillowWriter(fps=FRAMES_A_SECOND)
        with writer.saving(figure, str(whole), dpi=100):
            for index, (step, epoch) in enumerate(zip(steps, epochs, strict=True)):
                when = _("Step {step}, epoch {epoch}").format(
                    step=decimal(int(step)), epoch=decimal(int(epoch))
                )
                figure.suptitle(when, fontsize=10)
                for place, drawing in enumerate(drawings):
                    probabilities = drawing.probabilities[index]
                    digit = int(probabilities.argmax())
                    told = (
                        _("{digit}, {percent} %")
                        if drawing.is_digit[index]
                        else _("no digit ({digit}, {percent} %)")
                    )
                    percent = decimal(100 * float(probabilities[digit]))
                    axes[0, place].set_title(told.format(digit=digit, percent=percent), fontsize=9)
                    for bar, height in zip(bars[place], probabilities, strict=True):
                        bar.set_height(float(height))
                writer.grab_frame()
        part.write_bytes(whole.read_bytes())


def _show_ink(axes: Axes, image: Ink, title: str) -> None:
    axes.imshow(image, cmap="Greys", vmin=0, vmax=1)
    axes.set_title(title, fontsize=8)


def _show_map(axes: Axes, pixels: Map, image: Ink) -> None:
    """Pixels for the answer in one colour, those against it in the other, the ink's outline under them."""
    most = float(np.abs(pixels).max()) or 1.0
    axes.imshow(pixels, cmap=AGAINST_TO_FOR, vmin=-most, vmax=most)
    axes.contour(image, levels=[0.5], colors=STROKE, linewidths=0.5, alpha=0.5)
    axes.set_title(_("Violet speaks for it,\norange against it"), fontsize=8)


def _show_change(axes: Axes, found: Explanation, strokes: Strokes) -> None:
    edit = found.change
    if edit is None:
        _show_strokes(axes, strokes, _("No small change\nmakes it another"))
        return
    title = _("To become {digit}, {percent} %").format(
        digit=edit.digit, percent=decimal(100 * edit.confidence)
    )
    _show_strokes(axes, edit.strokes, title)
    if edit.drawn:
        _draw(axes, edit.drawn, NEW, "--" if edit.kind in (Kind.BRANCH, Kind.LINK) else "-")


def _show_strokes(axes: Axes, strokes: Strokes, title: str, *, faint: Sequence[int] = ()) -> None:
    for index, stroke in enumerate(strokes):
        if len(stroke):
            _draw(axes, stroke, "#d0d0d0" if index in faint else STROKE)
    points = np.concatenate([np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, 0.65 * float((high - low).max() or 1)
    axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] + half, middle[1] - half))
    axes.set_aspect("equal")
    axes.set_title(title, fontsize=8)


def _draw(axes: Axes, stroke: object, colour: str, style: str = "-") -> None:
    points = np.asarray(stroke, np.float64).reshape(-1, 2)
    points = np.concatenate((points, points[-1:]))  # a stroke of one point is a dot
    axes.plot(*points.T, color=colour, linestyle=style, linewidth=4, solid_capstyle="round")
