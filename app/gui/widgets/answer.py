"""The answer, large: the digit or the number that is read, and how sure the network is."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Callable

from app.gui.theme import Palette, font_of_size, line_height, pixels, text_width
from app.gui.widgets.painted import Painted
from app.gui.widgets.tooltip import attach
from app.language import _, unbroken


class Answer(Painted):
    """A large symbol with lines under it; `symbol` and `caption` are what it shows.

    A number is a symbol of several letters, in lines; they are as large as fits. It takes the keys, and
    calls `on_step` with -1 for Left and 1 for Right.
    """

    def __init__(self, parent: tk.Misc, *, palette: Palette, on_step: Callable[[int], object]) -> None:
        super().__init__(parent, palette=palette, size=(110, 140), highlightthickness=2, takefocus=False)
        for key, step in (("Left", -1), ("Right", 1)):
            self.bind(f"<{key}>", lambda event, step=step: on_step(step))  # type: ignore[misc]
        self.symbol = ""
        self.caption = ""
        self._is_certain = False
        # Letters in the symbol's longest line, its lines; the caption's lines, letters in its longest word.
        self._shape = (0, 1, 1, 0)
        self._large = self.create_text(0, 0, justify="right")  # as numbers stand below one another
        self._line = self.create_text(0, 0, justify="center", anchor="s")
        attach(
            self,
            _("What the network reads, and how sure it is: of answers at 90 % some nine in ten are right."),
        )
        self.paint()

    def show(self, symbol: str, caption: str, *, is_certain: bool) -> None:
        """Show a symbol and the lines under it; an uncertain symbol is small and quiet."""
        self.symbol, self.caption = symbol, caption
        self.itemconfigure(self._large, text=symbol)
        self.itemconfigure(self._line, text=unbroken(caption))
        lines = symbol.splitlines() or [""]
        longest = len(_longest_word(unbroken(caption)))
        shape = max(map(len, lines)), len(lines), caption.count("\n") + 1, longest
        if is_certain != self._is_certain or shape != self._shape:
            self._is_certain, self._shape = is_certain, shape
            self.configure(takefocus=self._is_number)
            self.lay_out()
            self.paint()

    def paint(self) -> None:
        super().paint()
        palette = self.palette
        self.configure(highlightbackground=palette.window, highlightcolor=palette.accent)
        self.itemconfigure(self._large, fill=palette.accent if self._is_certain else palette.muted)
        self.itemconfigure(self._line, fill=palette.text if self._is_certain else palette.muted)

    def lay_out(self) -> None:
        # The same square as the preview beside it, with the line where that has its caption.
        width, height = self.winfo_width(), self.winfo_height()
        line_size = max(pixels(self, 14), 0.08 * min(width, height))
        line = font_of_size(self, line_size, bold=True)
        word = text_width(self, line, _longest_word(unbroken(self.caption)))
        if word > width:  # a word that is broken is not read
            line = font_of_size(self, 0.95 * line_size * width / word, bold=True)
        below = line_height(self, line) + pixels(self, 4)
        side = min(width, height - below)
        self.itemconfigure(self._line, font=line, width=width)
        self.coords(self._line, width / 2, side + below)  # it grows upward
        room = max(1, min(side, self.bbox(self._line)[1]))  # a caption of two lines takes some of it
        size = 0.9 * room if self._is_certain else min(0.4 * side, room)
        if self._is_number:
            letters, lines, *_caption = self._shape
            size = min(size, self._fitting(width, room, letters, lines))
        self.itemconfigure(self._large, font=font_of_size(self, size, bold=True))
        self.coords(self._large, width / 2, room / 2)

    @property
    def _is_number(self) -> bool:
        letters, lines, *_caption = self._shape
        return letters > 1 or lines > 1

    def _fitting(self, width: int, height: int, letters: int, lines: int) -> float:
        """The size of letters of which so many fit into a line, and so many lines below one another."""
        known = font_of_size(self, 100, bold=True)
        across = width / text_width(self, known, "0" * letters)
        down = height / (lines * line_height(self, known))
        return 95 * min(across, down)  # 95, for letters have whole pixels


def _longest_word(text: str) -> str:
    """What is not broken, also at a no-break space."""
    return max(re.split("[ \n]", text), key=len)
