"""matplotlib figures from the engine's results, without pyplot: no window, no global state.

The one home of matplotlib. It is imported only by what draws a figure, never at the window's start.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.whole_file import replacing
from engine.datasets import Dataset, as_ink
from engine.errors import ConfigurationError
from engine.evaluation import Evaluation

COLUMNS, ROWS = 8, 5
PAGE = COLUMNS * ROWS  # digits on a page
RIGHT, WRONG = "#1b6e3c", "#b3261e"


def digit_page(dataset: Dataset, evaluation: Evaluation, indices: Sequence[int], title: str) -> Figure:
    """Up to PAGE test images, each with the answer, its confidence and the truth."""
    figure = Figure(figsize=(9.6, 7.2), dpi=100)
    figure.suptitle(title, fontsize=12)
    for place, index in enumerate(indices[:PAGE], start=1):
        axes = figure.add_subplot(ROWS, COLUMNS, place)
        image = as_ink(dataset.images[index])  # (H, W) ink, or (3, H, W) colours
        axes.imshow(image if image.ndim == 2 else np.moveaxis(image, 0, -1), cmap="Greys", vmin=0, vmax=1)
        axes.set_xticks([])
        axes.set_yticks([])
        answer, truth = evaluation.answers[index], dataset.labels[index]
        confidence = evaluation.probabilities[index].max()
        axes.set_title(
            f"reads {answer}, {100 * confidence:.0f} %\nis {truth}",
            fontsize=8,
            color=RIGHT if answer == truth else WRONG,
        )
        axes.set_xlabel(f"no. {index}", fontsize=7)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.88, bottom=0.04, wspace=0.15, hspace=0.75)
    return figure


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
