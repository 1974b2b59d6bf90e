"""Ten bars: how likely the network holds each digit to be."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.gui.theme import Palette, font_of_size, pixels, text_width
from app.gui.widgets.painted import Painted
from app.gui.widgets.tooltip import attach
from app.language import _, decimal


@dataclass(frozen=True)
class _Row:
    """The canvas items of one digit, made once and moved and coloured from then on."""

    digit: int
    track: int
    bar: int
    percent: int


class ProbabilityBars(Painted):
    """A bar per digit with its per cent, under a heading; the predicted digit stands out.

    Colour alone does not tell it: an arrow points at it, and its writing is bold. All grows with the room.
    """

    def __init__(
        self, parent: tk.Misc, *, palette: Palette, on_choose: Callable[[int], None] | None = None
    ) -> None:
        """`on_choose` takes the digit of a row that is clicked."""
        super().__init__(parent, palette=palette, size=(220, 230))
        self._on_choose = on_choose
        self.bind("<Button-1>", self._on_click)
        self.values: tuple[float, ...] = (0.0,) * 10
        self._predicted: int | None = None
        self._shown: list[tuple[float, str] | None] = [None] * 10  # each bar's length and its per cent
        self._heading = self.create_text(0, 0, anchor="nw")
        self._rows = [
            _Row(
                digit=self.create_text(0, 0, text=str(digit), anchor="center"),
                track=self.create_rectangle(0, 0, 0, 0),
                bar=self.create_rectangle(0, 0, 0, 0, width=0),
                percent=self.create_text(0, 0, anchor="e"),
            )
            for digit in range(10)
        ]
        self._mark = self.create_polygon(0, 0, 0, 0, 0, 0)
        attach(
            self,
            _(
                "How likely the network holds each digit to be; together they make 100 %. A click on a bar "
                "has it remembered that it is this digit or, while Inside is open, asks why it is read so."
            ),
        )
        self.frame_while_it_has_the_keys()
        self._size_writing()
        self.paint()

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        digit = self.digit_at(event.y)
        if self._on_choose is not None and digit is not None:
            self._on_choose(digit)

    def digit_at(self, y: int) -> int | None:
        """The digit whose row is at this height; None over the heading."""
        digit = int((y - self._top) // ((self.winfo_height() - self._top) / 10))
        return digit if 0 <= digit < 10 else None

    def show(self, values: Sequence[float], predicted: int | None) -> None:
        """Show ten probabilities; with no prediction all of them are muted."""
        self.values = tuple(values)
        self._size_bars()
        if predicted != self._predicted:
            self._predicted = predicted
            self._colour()
            self._place_mark()

    def paint(self) -> None:
        super().paint()
        for row in self._rows:
            self.itemconfigure(row.track, outline=self.palette.edge, fill=self.palette.paper)
        self.itemconfigure(self._heading, fill=self.palette.muted)
        self.itemconfigure(self._mark, fill=self.palette.accent)
        self._colour()

    def lay_out(self) -> None:
        self._size_writing()
        self._colour()
        for digit, row in enumerate(self._rows):
            left, top, right, bottom = self._tracks[digit]
            y = (top + bottom) / 2
            self.coords(row.digit, left - 0.9 * self._size, y)
            self.coords(row.track, left, top, right, bottom)
            self.coords(row.percent, self.winfo_width() - 1, y)
        self._size_bars()
        self._place_mark()

    def _size_writing(self) -> None:
        """Fit the writing to the room: measured here, so that a motion of the pen measures nothing."""
        width, height = self.winfo_width(), self.winfo_height()
        least = pixels(self, 14)
        # Ten rows and the heading have room for no more than that, however large writing is to be.
        most = max(1.0, 0.07 * height)
        self._size = min(most, max(least, min(0.036 * height, 0.06 * width)))
        self._plain = font_of_size(self, self._size)
        self._strong = font_of_size(self, self._size, bold=True)
        heading = font_of_size(self, 0.86 * self._size)
        self.itemconfigure(self._heading, text=_("How sure, digit by digit"), font=heading, width=width)
        _left, _top, _right, bottom = self.bbox(self._heading)
        self._top = bottom + 0.3 * self._size
        self._percent_width = text_width(self, self._strong, _percent(1.0)) + 0.5 * self._size
        self._tracks = [self._track(digit) for digit in range(10)]
        self._shown = [None] * 10

    def _size_bars(self) -> None:
        """Show the values; what looks as it did is left alone, which is most of it at most motions."""
        for digit, (row, value) in enumerate(zip(self._rows, self.values, strict=True)):
            left, top, right, bottom = self._tracks[digit]
            length, percent = round(value * (right - left), 1), _percent(value)
            if self._shown[digit] == (length, percent):
                continue
            self._shown[digit] = length, percent
            self.coords(row.bar, left, top, left + length, bottom + 1)  # Tk leaves the last line out
            self.itemconfigure(
                row.bar,
                # Less than half a per cent is written as none, and looks so.
                state="normal" if value >= 0.005 else "hidden",
            )
            self.itemconfigure(row.percent, text=percent)

    def _place_mark(self) -> None:
        """The arrow at the predicted digit."""
        if self._predicted is None:
            self.itemconfigure(self._mark, state="hidden")
            return
        left, top, _right, bottom = self._tracks[self._predicted]
        y, half = (top + bottom) / 2, 0.28 * self._size
        tip = left - 1.45 * self._size
        self.coords(self._mark, tip - 1.6 * half, y - half, tip - 1.6 * half, y + half, tip, y)
        self.itemconfigure(self._mark, state="normal")

    def _track(self, digit: int) -> tuple[float, float, float, float]:
        """Where a full bar would lie: left, top, right, bottom."""
        pitch = (self.winfo_height() - self._top) / 10
        half = min(0.3 * pitch, pixels(self, 20))
        y = self._top + (digit + 0.5) * pitch
        left = 2.1 * self._size
        return left, y - half, max(left, self.winfo_width() - self._percent_width), y + half

    def _colour(self) -> None:
        palette = self.palette
        for digit, row in enumerate(self._rows):
            wins = digit == self._predicted
            text = palette.text if wins else palette.muted
            face = self._strong if wins else self._plain
            self.itemconfigure(row.bar, fill=palette.accent if wins else palette.edge)
            self.itemconfigure(row.digit, fill=text, font=face)
            self.itemconfigure(row.percent, fill=text, font=face)


def _percent(share: float) -> str:
    return _("{percent} %").format(percent=decimal(100 * share))
