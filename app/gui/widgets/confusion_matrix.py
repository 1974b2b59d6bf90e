"""What was taken for what: a row a true digit, a column a prediction, each cell a count to click."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from app.gui.theme import (
    CAPTION_FONT,
    STRONG_FONT,
    FontOfSize,
    Palette,
    font_of_size,
    pixels,
    text_width,
)
from app.gui.widgets.choosable import Box, Choosable
from app.gui.widgets.tooltip import attach
from app.language import _


class ConfusionMatrix(Choosable):
    """Counts in a square; the more of them, the stronger the colour. Right predictions are on the diagonal.

    Parameters
    ----------
    counts : rows of numbers
    on_choose : callable
        Takes (true digit, prediction) of the cell that was clicked, or chosen by the arrow keys and Return.
    """

    def __init__(
        self,
        parent: tk.Misc,
        counts: Sequence[Sequence[int]],
        *,
        palette: Palette,
        on_choose: Callable[[int, int], None],
    ) -> None:
        super().__init__(parent, palette=palette, size=(400, 400), mark_width=2)
        self._counts = counts
        self._on_choose = on_choose
        self._has_choice = False
        attach(
            self,
            _(
                "A row for each digit, a column for what it was read as: "
                "right answers lie on the diagonal, mistakes beside it."
            ),
        )
        self.paint()

    def paint(self) -> None:
        super().paint()
        self.lay_out()

    def forget_choice(self) -> None:
        """Mark no cell as chosen any more."""
        self._has_choice = False
        self.show_mark()

    def cell(self, row: int, column: int) -> Box:
        """Where a cell lies: left, top, right, bottom."""
        margin, size = pixels(self, 40), len(self._counts)
        room = min(self.winfo_width(), self.winfo_height()) - margin - 1  # 1: the line after the last cell
        side = max(size, room) / size
        left, top = margin + column * side, margin + row * side
        return left, top, left + side, top + side

    def lay_out(self) -> None:
        self.delete("all")
        palette, size = self.palette, len(self._counts)
        numbers = self._font_of_counts()
        most_wrong = max(
            (count for i, row in enumerate(self._counts) for j, count in enumerate(row) if i != j), default=0
        )
        for i, row in enumerate(self._counts):
            for j, count in enumerate(row):
                left, top, right, bottom = self.cell(i, j)
                is_right = i == j
                strength = 0.35 if is_right else 0.15 + 0.4 * count / max(1, most_wrong)
                colour = palette.accent if is_right else palette.error
                self.create_rectangle(
                    left,
                    top,
                    right,
                    bottom,
                    outline=palette.faint,
                    fill=blend(palette.window, colour, strength) if count else palette.window,
                )
                if count:
                    self.create_text(
                        (left + right) / 2,
                        (top + bottom) / 2,
                        text=str(count),
                        font=numbers,
                        fill=palette.text,
                    )
        far = self.cell(size - 1, size - 1)[2]
        near = self.cell(0, 0)[0]
        for digit in range(size):
            left, top, right, bottom = self.cell(digit, digit)
            for x, y in (
                ((left + right) / 2, near - pixels(self, 10)),
                (near - pixels(self, 10), (top + bottom) / 2),
            ):
                self.create_text(x, y, text=str(digit), font=STRONG_FONT, fill=palette.text)
        edge = pixels(self, 8)
        self.create_text((near + far) / 2, edge, text=_("read as"), font=CAPTION_FONT, fill=palette.muted)
        self.create_text(
            edge, (near + far) / 2, text=_("is really"), angle=90, font=CAPTION_FONT, fill=palette.muted
        )
        self.show_mark()

    def _font_of_counts(self) -> FontOfSize:
        """As large as lets the longest count stand in its cell."""
        left, _top, right, _bottom = self.cell(0, 0)
        side = right - left
        longest = max((str(count) for row in self._counts for count in row), key=len)
        width = text_width(self, font_of_size(self, 100), longest) / 100  # at a size of 1
        return font_of_size(self, min(0.4 * side, int(0.88 * side / width)))

    @property
    def place_count(self) -> int:
        return len(self._counts) ** 2

    def box(self, place: int) -> Box:
        return self.cell(*divmod(place, len(self._counts)))

    def neighbour(self, key: str) -> int | None:
        size = len(self._counts)
        row, column = divmod(self.marked, size)
        down, right = {"Left": (0, -1), "Right": (0, 1), "Up": (-1, 0), "Down": (1, 0)}[key]
        row, column = row + down, column + right
        return row * size + column if 0 <= row < size and 0 <= column < size else None

    @property
    def is_mark_shown(self) -> bool:
        return self._has_choice or super().is_mark_shown

    def on_chosen(self, place: int) -> None:
        self._has_choice = True
        self.show_mark()
        self._on_choose(*divmod(place, len(self._counts)))


def blend(colour: str, other: str, share: float) -> str:
    """`colour` with a share of `other` mixed in; both, and the result, as #rrggbb."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
