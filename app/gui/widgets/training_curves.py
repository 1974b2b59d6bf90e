"""How a training goes, as diagrams: loss and accuracy on images that it does not learn from, epoch by epoch.

This module is the one home of matplotlib's canvas for Tk. It is imported when a dialog opens, not before.
"""

from __future__ import annotations

import textwrap
import tkinter as tk
from tkinter import ttk

from matplotlib.axes import Axes
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from app.gui.theme import Palette, pixels
from app.language import _, decimal

DPI = 100
FONT_SIZE = 8  # pt


class TrainingCurves(ttk.Frame):
    """Points are added as they come; `draw` shows them, which takes some 30 ms.

    The last value of each curve stands beside its end, so that none need be read off an axis.
    """

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, width=pixels(parent, 600), height=pixels(parent, 220))
        self.pack_propagate(False)  # the picture asks for the size that it has happened to have
        self.figure = Figure(dpi=DPI)  # its canvas scales it to a sharper screen
        axes = self.figure.subplots(1, 3)
        self.loss_axes, self.accuracy_axes, self.rate_axes = axes
        self._canvas = FigureCanvasTkAgg(self.figure, self)  # type: ignore[no-untyped-call]
        self.picture: tk.Widget = self._canvas.get_tk_widget()  # type: ignore[no-untyped-call]
        self.picture.configure(takefocus=False)
        self.picture.bind("<Configure>", lambda event: self._fit(), add=True)
        self.picture.pack(fill="both", expand=True)
        self._epochs = 1
        self.curves = [_Curve(each, places) for each, places in zip(axes, (3, 2, 2), strict=True)]
        self._titles = (
            _("Loss: the lower, the better"),
            _("Right on images set aside, %"),
            _("Learning rate, thousandths"),
        )
        self.rate_axes.set_visible(False)
        self.restyle(palette)

    def clear(self, epochs: int) -> None:
        """Begin anew, for a training of this many epochs."""
        self._epochs = epochs
        for curve in self.curves:
            curve.clear()
        self.draw()

    def add_epoch(self, epoch: int, loss: float, accuracy: float, learning_rate: float) -> None:
        """What was measured after an epoch; the accuracy in 0…1."""
        for curve, value in zip(self.curves, (loss, 100 * accuracy, 1000 * learning_rate), strict=True):
            curve.add(epoch, value)

    def show_learning_rate(self, is_shown: bool) -> None:
        self.rate_axes.set_visible(is_shown)
        self.draw()

    def draw(self) -> None:
        """Show all points that there are."""
        for curve in self.curves:
            curve.draw(self._epochs)
        accuracies = self.curves[1].values
        lowest = min(accuracies, default=100.0)
        self.accuracy_axes.set_ylim(_floor(lowest), 100)
        for axes, curve in ((self.loss_axes, self.curves[0]), (self.rate_axes, self.curves[2])):
            axes.set_ylim(0, 1.08 * max(curve.values, default=1.0) or 1.0)
        self._fit()  # matplotlib learns only late how sharp the screen is
        self._canvas.draw_idle()  # type: ignore[no-untyped-call]

    def destroy(self) -> None:
        super().destroy()
        # It would call Tk when it is freed, so that is not left to the garbage collector.
        vars(self._canvas).pop("_tkphoto", None)

    def restyle(self, palette: Palette) -> None:
        self.figure.set_facecolor(palette.window)
        self.picture.configure(background=palette.window)  # type: ignore[call-arg]
        for curve in self.curves:
            curve.restyle(palette)
        self._canvas.draw_idle()  # type: ignore[no-untyped-call]

    def _fit(self) -> None:
        """Keep the margins, which hold writing, at their size, and share out the rest."""
        width, height = self.picture.winfo_width(), self.picture.winfo_height()
        line = FONT_SIZE / 72 * self.figure.dpi  # px
        shown = [axes for axes in self.figure.axes if axes.get_visible()]
        longest = max(len(_tick(value)) for axes in shown for value in axes.get_yticks())
        # beside each: the numbers of its axis, a digit 0.64 of its height broad; that of its curve's end
        left, right = max(3.6, 0.64 * longest + 1) * line, 4.4 * line
        room = width / len(shown) - left - right
        letters = max(1, int(width / len(shown) / (0.6 * line)))  # that a title has room for in a line
        titles = [textwrap.fill(title, letters) for title in self._titles]
        for axes, title in zip(self.figure.axes, titles, strict=True):
            axes.title.set_text(title)
        lines = max(title.count("\n") for title in titles[: len(shown)])
        bottom, top = 3.4 * line, height - (2.2 + 1.3 * lines) * line
        if room < line or top - bottom < line:  # squeezed for a moment, while the dialog grows
            return
        for place, axes in enumerate(shown):
            x = place * width / len(shown) + left
            axes.set_position((x / width, bottom / height, room / width, (top - bottom) / height))


class _Curve:
    """One value over the epochs, with the last one in figures beside its end."""

    def __init__(self, axes: Axes, places: int) -> None:
        self.axes, self.values = axes, list[float]()
        self._epochs = list[int]()
        self._places = places
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(_tick))
        # a mark at the edge is drawn whole
        (self.line,) = axes.plot([], [], "o-", markersize=3, clip_on=False)
        self.label = axes.annotate(
            "",
            (0, 0),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=FONT_SIZE,
            annotation_clip=False,
        )

    def clear(self) -> None:
        self._epochs.clear()
        self.values.clear()

    def add(self, epoch: int, value: float) -> None:
        self._epochs.append(epoch)
        self.values.append(value)

    def draw(self, epochs: int) -> None:
        self.line.set_data(self._epochs, self.values)
        self.axes.set_xlim(0, epochs)
        if self.values:
            self.label.xy = (self._epochs[-1], self.values[-1])
            self.label.set_text(decimal(self.values[-1], self._places))
        else:
            self.label.set_text("")

    def restyle(self, palette: Palette) -> None:
        self.line.set_color(palette.accent)
        self.label.set_color(palette.text)
        _style(self.axes, palette)


def _tick(value: float, place: int | None = None) -> str:
    """A number of an axis, as it is written where the language is spoken."""
    return decimal(value, len(f"{value:.6g}".partition(".")[2]))


def _floor(accuracy: float) -> float:
    """Where an axis of accuracies begins, in %, so that the lowest of them can be seen."""
    return next((floor for floor in (99.0, 95.0, 90.0, 80.0, 50.0) if accuracy > floor), 0.0)


def _style(axes: Axes, palette: Palette) -> None:
    axes.set_facecolor(palette.window)
    axes.tick_params(colors=palette.muted, labelsize=FONT_SIZE)
    axes.title.set_color(palette.text)
    axes.title.set_fontsize(FONT_SIZE + 1)
    axes.set_xlabel(_("epochs"), color=palette.muted, fontsize=FONT_SIZE, labelpad=2)
    axes.grid(color=palette.faint, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(palette.faint)
