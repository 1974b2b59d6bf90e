"""A drawing small, each stroke in the colour of what it says, with its number where it begins."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from app.gui.theme import Palette, font_of_size, pixels
from app.gui.widgets.painted import Painted

Line = Sequence[tuple[float, float]]


class TintedStrokes(Painted):
    """Blue speaks for, orange against, grey neither; those that say more are stronger."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, palette=palette, size=(130, 130))
        self._strokes: Sequence[tuple[Line, float]] = ()
        self.paint()

    def show(self, strokes: Sequence[tuple[Line, float]]) -> None:
        """Show strokes of any unit, each with its worth from -1 to 1."""
        self._strokes = strokes
        self.paint()

    def paint(self) -> None:
        super().paint()
        self.lay_out()

    def lay_out(self) -> None:
        self.delete("all")
        every = [point for line, _worth in self._strokes for point in line]
        if not every:
            return
        xs, ys = zip(*every, strict=True)
        side, margin = min(self.winfo_width(), self.winfo_height()), pixels(self, 14)
        scale = max(1, side - 2 * margin) / (max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0)

        def place(point: tuple[float, float]) -> tuple[float, float]:
            return margin + (point[0] - min(xs)) * scale, margin + (point[1] - min(ys)) * scale

        for line, worth in self._strokes:
            places = [place(point) for point in line] * (2 if len(line) == 1 else 1)
            self.create_line(
                [side for point in places for side in point],
                fill=self._colour(worth),
                width=pixels(self, 7),
                capstyle="round",
                joinstyle="round",
            )
        radius = pixels(self, 8)
        writing = font_of_size(self, pixels(self, 12), bold=True)
        for number, (line, _worth) in enumerate(self._strokes, start=1):
            x, y = place(line[0])
            self.create_oval(
                x - radius,
                y - radius,
                x + radius,
                y + radius,
                fill=self.palette.paper,
                outline=self.palette.edge,
                tags="number",
            )
            self.create_text(x, y, text=str(number), fill=self.palette.text, font=writing, tags="number")

    def _colour(self, worth: float) -> str:
        end = self.palette.plus if worth > 0 else self.palette.minus
        quiet, strong = (bytes.fromhex(colour[1:]) for colour in (self.palette.edge, end))
        parts = (round(a + (b - a) * min(1.0, abs(worth))) for a, b in zip(quiet, strong, strict=True))
        return "#" + bytes(parts).hex()
