"""How much was read after each picture of a film, as a curve with a mark where the film stands."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from app.gui.theme import Palette, font_of_size, pixels
from app.gui.widgets.painted import Painted

_WRITING = 11  # px at 96 dots an inch


class LearningCurve(Painted):
    """Pictures stand evenly side by side: each step is some times the one before it, as they are taken."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, palette=palette, size=(240, 130))
        self.shares: Sequence[float] = ()
        self.marked = 0
        self._ends = ("", "")
        self._frame = self.create_line(0, 0, 0, 0)
        self._curve = self.create_line(0, 0, 0, 0, width=pixels(self, 2))
        self._mark = self.create_line(0, 0, 0, 0, width=pixels(self, 2))
        self._dot = self.create_oval(0, 0, 0, 0, width=0)
        face = font_of_size(self, pixels(self, _WRITING))
        self._all, self._none = (
            self.create_text(0, 0, text=text, anchor="e", font=face) for text in ("100 %", "0 %")
        )
        self._first, self._last = (
            self.create_text(0, 0, anchor=anchor, font=face) for anchor in ("nw", "ne")
        )
        self.paint()

    def show(self, shares: Sequence[float], ends: tuple[str, str]) -> None:
        """Shares in 0…1, and what stands below the first and the last of them."""
        self.shares, self._ends = shares, ends
        self.marked = min(self.marked, max(0, len(shares) - 1))
        self.lay_out()

    def mark(self, place: int) -> None:
        """The film stands there."""
        self.marked = place
        self._lay_mark()

    def paint(self) -> None:
        super().paint()
        palette = self.palette
        for item in (self._frame, self._all, self._none, self._first, self._last):
            self.itemconfigure(item, fill=palette.muted)
        self.itemconfigure(self._curve, fill=palette.text)
        for item in (self._mark, self._dot):
            self.itemconfigure(item, fill=palette.accent)

    def lay_out(self) -> None:
        state = "normal" if len(self.shares) > 1 else "hidden"
        for item in self.find_all():
            self.itemconfigure(item, state=state)
        if state == "hidden":
            return
        left, top, right, bottom = self._plot
        self.coords(self._frame, left, top, left, bottom, right, bottom)
        self.coords(self._all, left - pixels(self, 4), top)
        self.coords(self._none, left - pixels(self, 4), bottom)
        self.coords(self._curve, *(x for place in range(len(self.shares)) for x in self._point(place)))
        for item, x, text in ((self._first, left, self._ends[0]), (self._last, right, self._ends[1])):
            self.itemconfigure(item, text=text)
            self.coords(item, x, bottom + pixels(self, 3))
        self._lay_mark()

    @property
    def _plot(self) -> tuple[float, float, float, float]:
        return (
            pixels(self, 44),
            pixels(self, 10),
            max(self.winfo_width(), 80) - pixels(self, 10),
            max(self.winfo_height(), 60) - pixels(self, 20),
        )

    def _point(self, place: int) -> tuple[float, float]:
        left, top, right, bottom = self._plot
        x = left + (right - left) * place / max(1, len(self.shares) - 1)
        return x, bottom - (bottom - top) * self.shares[place]

    def _lay_mark(self) -> None:
        if len(self.shares) < 2:
            return
        _left, top, _right, bottom = self._plot
        x, y = self._point(min(self.marked, len(self.shares) - 1))
        radius = pixels(self, 4)
        self.coords(self._mark, x, top, x, bottom)
        self.coords(self._dot, x - radius, y - radius, x + radius, y + radius)
