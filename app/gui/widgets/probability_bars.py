"""Ten bars: how likely the network holds each digit to be."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass

from app.gui.theme import BODY_FONT, STRONG_FONT, Palette, pixels
from app.gui.widgets.painted import Painted


@dataclass(frozen=True)
class _Row:
    """The canvas items of one digit, made once and moved and coloured from then on."""

    digit: int
    track: int
    bar: int
    percent: int


class ProbabilityBars(Painted):
    """A bar per digit with its per cent; the predicted digit stands out."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, palette=palette, size=(220, 210))
        self.values: tuple[float, ...] = (0.0,) * 10
        self._predicted: int | None = None
        self._rows = [
            _Row(
                digit=self.create_text(0, 0, text=str(digit), anchor="center"),
                track=self.create_rectangle(0, 0, 0, 0, width=0),
                bar=self.create_rectangle(0, 0, 0, 0, width=0),
                percent=self.create_text(0, 0, anchor="e"),
            )
            for digit in range(10)
        ]
        self.paint()

    def show(self, values: Sequence[float], predicted: int | None) -> None:
        """Show ten probabilities; with no prediction all of them are muted."""
        self.values = tuple(values)
        self._size_bars()
        if predicted != self._predicted:
            self._predicted = predicted
            self._colour()

    def paint(self) -> None:
        super().paint()
        for row in self._rows:
            self.itemconfigure(row.track, fill=self.palette.faint)
        self._colour()

    def lay_out(self) -> None:
        for digit, row in enumerate(self._rows):
            left, top, right, bottom = self._track(digit)
            y = (top + bottom) / 2
            self.coords(row.digit, pixels(self, 8), y)
            self.coords(row.track, left, top, right, bottom)
            self.coords(row.percent, self.winfo_width(), y)
        self._size_bars()

    def _size_bars(self) -> None:
        for digit, (row, value) in enumerate(zip(self._rows, self.values, strict=True)):
            left, top, right, bottom = self._track(digit)
            length = value * (right - left)
            self.coords(row.bar, left, top, left + length, bottom)
            self.itemconfigure(
                row.bar,
                # Tk draws a rectangle without any width as a line.
                state="normal" if length >= 0.5 else "hidden",
            )
            self.itemconfigure(row.percent, text=f"{100 * value:.0f} %")

    def _track(self, digit: int) -> tuple[float, float, float, float]:
        """Where a full bar would lie: left, top, right, bottom."""
        pitch = self.winfo_height() / 10
        half = min(0.3 * pitch, pixels(self, 20))
        y = (digit + 0.5) * pitch
        left = pixels(self, 24)
        return left, y - half, max(left, self.winfo_width() - pixels(self, 58)), y + half

    def _colour(self) -> None:
        palette = self.palette
        for digit, row in enumerate(self._rows):
            wins = digit == self._predicted
            text = palette.text if wins else palette.muted
            face = STRONG_FONT if wins else BODY_FONT
            self.itemconfigure(row.bar, fill=palette.accent if wins else palette.muted)
            self.itemconfigure(row.digit, fill=text, font=face)
            self.itemconfigure(row.percent, fill=text, font=face)
