"""matplotlib figures from the engine's results, without pyplot: no window, no global state.

Pages of digits are pictures of their own. Charts stand in a page of HTML: they have no ground, and take the
page's text colour, so that they can be read on light and on dark.

The one home of matplotlib. It is imported only by what draws a figure, never at the window's start.
"""

from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from app.language import _, decimal
from app.reports.predictions import is_read_right, prediction_in_words
from engine.datasets.dataset import Dataset, as_ink
from engine.errors import ConfigurationError
from engine.files.whole_file import replacing
from engine.ink.rasterize import Ink
from engine.learning.training import EpochRecord
from engine.reading.evaluation import BINS, Evaluation, ReliabilityBin

COLUMNS, ROWS = 8, 5
PAGE = COLUMNS * ROWS  # digits on a page
RIGHT, WRONG = "#1b6e3c", "#b3261e"
TRAIN, VALIDATION = "#8a5a00", "#1d4ed8"
# around an image, so that one sees how far from its edge the ink lies; half of the outermost lies outside
OUTLINE: dict[str, Any] = {"fill": False, "edgecolor": "#9a9a9a", "linewidth": 0.6, "clip_on": False}

LINE_CHART = (3.3, 2.4)  # inches: a page gives it 290 px or more, so that type of 9 pt is 11 px high there
LINES = "#d27d2d", "#3d86c6"  # of a brightness that is seen on white and on black
TEXT = "#010203"  # stands for the text colour of the page, until `svg` puts that in its place


def digit_page(dataset: Dataset, evaluation: Evaluation, indices: Sequence[int], title: str) -> Figure:
    """Up to PAGE test images, each with the prediction, its confidence and the truth."""
    figure = Figure(figsize=(9.6, 7.2), dpi=100)
    figure.suptitle(title, fontsize=12)
    for place, index in enumerate(indices[:PAGE], start=1):
        axes = figure.add_subplot(ROWS, COLUMNS, place)
        image = as_ink(dataset.images[index])  # (H, W) ink, or (3, H, W) colours
        axes.imshow(image if image.ndim == 2 else np.moveaxis(image, 0, -1), cmap="Greys", vmin=0, vmax=1)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_title(
            _("{prediction}\nis {label}").format(
                prediction=prediction_in_words(evaluation, index), label=dataset.labels[index]
            ),
            fontsize=8,
            color=RIGHT if is_read_right(evaluation, index) else WRONG,
        )
        axes.set_xlabel(_("no. {index}").format(index=index), fontsize=7)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.88, bottom=0.04, wspace=0.15, hspace=0.75)
    return figure


def training_curves(history: Sequence[EpochRecord], chosen: EpochRecord) -> Figure:
    """Losses and accuracies over the epochs of a run, with the epoch that was kept."""
    figure = Figure(figsize=(9.6, 4), dpi=100, layout="constrained")
    figure.suptitle(
        _("Epoch {epoch} was kept: validation accuracy {percent} %").format(
            epoch=chosen.epoch, percent=decimal(100 * chosen.validation_accuracy, 2)
        ),
        fontsize=12,
    )
    epochs = [record.epoch for record in history]
    charts = (("loss", _("loss in nats"), 1), ("accuracy", _("accuracy in %"), 100))
    lines = (("train", _("train"), TRAIN), ("validation", _("validation"), VALIDATION))
    for place, (what, y_label, scale) in enumerate(charts, start=1):
        axes = figure.add_subplot(1, 2, place)
        for part, label, colour in lines:
            values = [scale * getattr(record, f"{part}_{what}") for record in history]
            axes.plot(epochs, values, color=colour, marker=".", label=label)
        axes.axvline(chosen.epoch, color="grey", linestyle=":", zorder=0)
        kept = scale * getattr(chosen, f"validation_{what}")
        axes.plot(chosen.epoch, kept, "o", color=VALIDATION, fillstyle="none", markersize=11, label=_("kept"))
        axes.set(xlabel=_("epoch"), ylabel=y_label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def sweep_chart(histories: Mapping[str, Sequence[EpochRecord]], best: str | None) -> Figure:
    """The validation accuracy of several trainings over their epochs, by name; the best one stands out."""
    figure = Figure(figsize=(9.6, 5), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    for name, history in histories.items():
        is_best = name == best
        axes.plot(
            [record.epoch for record in history],
            [100 * record.validation_accuracy for record in history],
            color=VALIDATION if is_best else "#9a9a9a",
            linewidth=2.4 if is_best else 1,
            marker=".",
            zorder=3 if is_best else 2,
            label=name if is_best else None,
        )
    axes.set(xlabel=_("epoch"), ylabel=_("validation accuracy in %"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(alpha=0.3)
    if best is not None:
        axes.legend(loc="lower right")
    return figure


def variants_page(images: Ink, variants: Ink, title: str) -> Figure:
    """Images, each beside its variants, in two columns, with a frame around every one of them.

    Parameters
    ----------
    images : (N, H, W) or (N, C, H, W) array
        N even; ink, or colours.
    variants : (N, K, H, W) or (N, K, C, H, W) array
    """
    figure = Figure(figsize=(12, 5.6), dpi=100)
    figure.suptitle(title, fontsize=10)
    half = len(images) // 2
    for place, rows in enumerate((slice(half), slice(half, None)), start=1):
        axes = figure.add_subplot(1, 2, place)
        originals, others = _mosaic(images[rows, None]), _mosaic(variants[rows])
        gap = np.full_like(originals[:, : originals.shape[1] // 3], originals.ndim == 3)  # white
        axes.imshow(np.concatenate([originals, gap, others], axis=1), cmap="Greys", vmin=0, vmax=1)
        axes.set_axis_off()
        height, width = images.shape[-2:]
        first, last = width + gap.shape[1], width + gap.shape[1] + others.shape[1]
        for left in (0, *range(first, last, width)):
            for top in range(0, len(originals), height):
                axes.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, **OUTLINE))
        for middle, words in ((width / 2, _("original")), ((first + last) / 2, _("variants"))):
            axes.text(middle - 0.5, -1.5, words, ha="center", va="bottom", fontsize=9)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.93, bottom=0.01, wspace=0.04)
    return figure


def _mosaic(images: Ink) -> Ink:
    """(rows, columns, …, H, W) images side by side, one below the other: (rows·H, columns·W, …)."""
    if images.ndim == 5:  # colours go last
        images = np.moveaxis(images, 2, -1)
    mosaic: Ink = np.concatenate(np.concatenate(images, axis=1), axis=1)
    return mosaic


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as a picture of the kind that the name ends in; needs no display.

    A failure leaves an older picture as it was.
    """
    canvas = FigureCanvasAgg(figure)
    kind = path.suffix.lstrip(".").lower()
    if kind not in canvas.get_supported_filetypes():
        known = ", ".join(f".{name}" for name in sorted(canvas.get_supported_filetypes()))
        raise ConfigurationError(f"{path}: a picture's name ends in one of {known}.")
    with replacing(path) as part:
        figure.savefig(part, format=kind)


# **** charts for a page of HTML ****


def line_chart(
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    x_label: str,
    y_label: str,
    mark: float | None = None,
    percent_from: float | None = None,
) -> Figure:
    """One or two named lines of (x, y) values.

    `mark` is an x to point out. With `percent_from` the y axis goes from there to 100, whatever the values.
    """
    figure = Figure(figsize=LINE_CHART, layout="constrained")
    axes = figure.add_subplot()
    if mark is not None:
        axes.axvline(mark, color=TEXT, alpha=0.4, linestyle=":")
    for (name, (x, y)), colour in zip(lines.items(), LINES, strict=False):
        few = len(x) <= 10
        axes.plot(x, y, color=colour, marker="o" if few else None, markersize=4, label=name)
        if few:
            axes.set_xticks(x, [in_figures(value) for value in x])
        else:
            axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set(xlabel=x_label, ylabel=y_label)
    if percent_from is not None:
        axes.set_ylim(percent_from, 101)
    axes.yaxis.set_major_formatter(_Spoken())
    axes.legend(frameon=False, labelcolor=TEXT, fontsize=9)
    _plain(axes)
    return figure


def reliability_diagram(bins: Sequence[ReliabilityBin]) -> Figure:
    """Accuracy over confidence with its 95 % interval, and below it how many predictions each bin holds."""
    figure = Figure(figsize=(4.4, 4.4), layout="constrained")
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    axes.plot([0, 100], [0, 100], color=TEXT, alpha=0.5, linestyle="--", linewidth=1)
    x = [100 * part.confidence for part in bins]
    y = np.array([100 * part.tally.accuracy for part in bins])
    low, high = 100 * np.array([part.tally.interval for part in bins]).T
    reach = np.maximum([y - low, high - y], 0)  # rounding may put an end of 0 or 1 beyond the share
    axes.errorbar(x, y, reach, color=LINES[1], marker="o", markersize=5, linestyle="", capsize=2)
    axes.set(xlim=(0, 102), ylim=(-2, 102), ylabel=_("right, %"))
    middles = [50 * (part.low + part.high) for part in bins]
    below.bar(middles, [part.tally.count for part in bins], width=88 / BINS, color=LINES[1], alpha=0.7)
    below.set(yscale="log", ylim=(0.8, None), xlabel=_("confidence, %"), ylabel=_("digits"))
    below.yaxis.set_major_formatter(lambda count, _place: decimal(count))
    for each in (axes, below):
        _plain(each)
    return figure


class _Spoken(ScalarFormatter):
    """matplotlib's figures, with the point of the language that is spoken."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        point = decimal(0.5, 1)[1]
        return super().__call__(x, pos).replace(".", point)


def in_figures(value: float) -> str:
    """A number in as few figures as tell it, as it is written where the language is spoken."""
    return decimal(value, len(f"{value:g}".partition(".")[2]))


def _plain(axes: Axes) -> None:
    """No box, a faint grid, and the page's colour for what is written."""
    axes.grid(color=TEXT, alpha=0.12, linewidth=0.8)
    axes.minorticks_off()
    for side, spine in axes.spines.items():
        spine.set(visible=side in ("left", "bottom"), color=TEXT, alpha=0.5)
    axes.tick_params(color=TEXT, labelcolor=TEXT, labelsize=9)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set(color=TEXT, fontsize=9)


def svg(figure: Figure, description: str) -> str:
    """A chart as an <svg> element to stand in a page; `description` is read to those who cannot see it.

    Equal figures with equal descriptions give equal text.
    """
    text = StringIO()
    # words stay words, drawn in the page's own type; the salt keeps the ids of two charts apart
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": description}):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(text, format="svg", transparent=True, metadata=nothing)
    element = text.getvalue().partition("<svg")[2].replace(TEXT, "currentColor")
    return f'<svg role="img" aria-label="{escape(description)}"{element}'


def image_png(image: npt.NDArray[np.uint8 | np.float32]) -> bytes:
    """The PNG file of one image of a data set: (H, W) as ink on white, (3, H, W) in its colours."""
    content = BytesIO()
    ink = as_ink(image)
    pixels = ink if ink.ndim == 2 else np.moveaxis(ink, 0, -1)
    imsave(content, pixels, format="png", cmap="Greys", vmin=0, vmax=1)
    return content.getvalue()


def png(figure: Figure) -> bytes:
    """A figure as the contents of a PNG file."""
    content = BytesIO()
    figure.savefig(content, format="png")
    return content.getvalue()
