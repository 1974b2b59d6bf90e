"""How a training goes, as two diagrams: its loss, and the accuracy on images that it does not learn from.

This module is the one home of matplotlib's canvas for Tk. It is imported when a dialog opens, not before.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from matplotlib.axes import Axes
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure

from app.gui.theme import Palette, pixels

DPI = 100
FONT_SIZE = 8  # pt


class TrainingCurves(ttk.Frame):
    """Points are added as they come; `draw` shows them, which takes some 30 ms."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, width=pixels(parent, 600), height=pixels(parent, 220))
        self.pack_propagate(False)  # the picture asks for the size that it has happened to have
        self.figure = Figure(dpi=DPI)  # its canvas scales it to a sharper screen
        self.loss_axes, self.accuracy_axes = self.figure.subplots(1, 2)
        self._canvas = FigureCanvasTkAgg(self.figure, self)  # type: ignore[no-untyped-call]
        self.picture: tk.Widget = self._canvas.get_tk_widget()  # type: ignore[no-untyped-call]
        self.picture.configure(takefocus=False)
        self.picture.bind("<Configure>", lambda event: self._fit(event.width, event.height), add=True)
        self.picture.pack(fill="both", expand=True)
        self._epochs = 1
        self._validation: tuple[list[float], list[float], list[float]] = ([], [], [])
        self._training: tuple[list[float], list[float]] = ([], [])
        (self._training_line,) = self.loss_axes.plot([], [], linewidth=1.2, label="learning")
        (self._loss_line,) = self.loss_axes.plot([], [], "o-", markersize=3, label="images set aside")
        (self._accuracy_line,) = self.accuracy_axes.plot([], [], "o-", markersize=3)
        self.loss_axes.set_title("Loss: the lower, the better")
        self.accuracy_axes.set_title("Right on images set aside, %")
        self.restyle(palette)

    def clear(self, epochs: int) -> None:
        """Begin anew, for a training of this many epochs."""
        self._epochs = epochs
        self._training, self._validation = ([], []), ([], [], [])
        self.draw()

    def add_step(self, epoch: float, loss: float) -> None:
        """The mean loss of the steps up to a point in time, counted in epochs."""
        self._training[0].append(epoch)
        self._training[1].append(loss)

    def add_epoch(self, epoch: int, loss: float, accuracy: float) -> None:
        """What was measured after an epoch; the accuracy in 0…1."""
        for values, value in zip(self._validation, (epoch, loss, 100 * accuracy), strict=True):
            values.append(value)

    def draw(self) -> None:
        """Show all points that there are."""
        self._training_line.set_data(*self._training)
        epochs, losses, accuracies = self._validation
        self._loss_line.set_data(epochs, losses)
        self._accuracy_line.set_data(epochs, accuracies)
        for axes in (self.loss_axes, self.accuracy_axes):
            axes.relim()
            axes.autoscale_view(scalex=False)
            axes.set_xlim(0, self._epochs * 1.02)
        # The first steps' losses would flatten all that comes after.
        settled = [loss for epoch, loss in zip(*self._training, strict=True) if epoch > 0.25]
        self.loss_axes.set_ylim(0, max([0.1, *settled, *losses]) * 1.05)
        if len(accuracies) < 2:
            self.accuracy_axes.set_ylim(90 if min(accuracies, default=100) > 90 else 0, 100)
        self._canvas.draw_idle()  # type: ignore[no-untyped-call]

    def destroy(self) -> None:
        super().destroy()
        # It would call Tk when it is freed, so that is not left to the garbage collector.
        vars(self._canvas).pop("_tkphoto", None)

    def restyle(self, palette: Palette) -> None:
        self.figure.set_facecolor(palette.window)
        self.picture.configure(background=palette.window)  # type: ignore[call-arg]
        self._training_line.set_color(palette.muted)
        for line in (self._loss_line, self._accuracy_line):
            line.set_color(palette.accent)
        for axes in (self.loss_axes, self.accuracy_axes):
            _style(axes, palette)
        legend = self.loss_axes.legend(loc="upper right", fontsize=FONT_SIZE, frameon=False)
        for text in legend.get_texts():
            text.set_color(palette.text)
        self._canvas.draw_idle()  # type: ignore[no-untyped-call]

    def _fit(self, width: int, height: int) -> None:
        """Keep the margins, which hold writing, at their size."""
        line = FONT_SIZE / 72 * self.figure.dpi  # px
        if min(width, height) < 6 * line:  # squeezed for a moment, while the dialog grows
            return
        self.figure.subplots_adjust(
            left=4.2 * line / width,
            right=1 - 1.2 * line / width,
            bottom=3.4 * line / height,
            top=1 - 2.2 * line / height,
            wspace=0.22,
        )


def _style(axes: Axes, palette: Palette) -> None:
    axes.set_facecolor(palette.window)
    axes.tick_params(colors=palette.muted, labelsize=FONT_SIZE)
    axes.title.set_color(palette.text)
    axes.title.set_fontsize(FONT_SIZE + 1)
    axes.set_xlabel("epochs", color=palette.muted, fontsize=FONT_SIZE, labelpad=2)
    axes.grid(color=palette.faint, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(palette.faint)
