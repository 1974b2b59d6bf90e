"""The answer, large: the digit that is read, and how sure the network is."""

from __future__ import annotations

import tkinter as tk

from app.gui.theme import Palette, font_of_size, line_height, pixels
from app.gui.widgets.painted import Painted
from app.gui.widgets.tooltip import attach
from app.language import _


class Answer(Painted):
    """A large symbol with a line under it; `symbol` and `caption` are what it shows."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, palette=palette, size=(110, 140))
        self.symbol = ""
        self.caption = ""
        self._is_certain = False
        self._large = self.create_text(0, 0)
        self._line = self.create_text(0, 0, justify="center", anchor="s")
        attach(
            self,
            _("What the network reads, and how sure it is: of answers at 90 % some nine in ten are right."),
        )
        self.paint()

    def show(self, symbol: str, caption: str, *, is_certain: bool) -> None:
        """Show a symbol and the line under it; an uncertain symbol is small and quiet."""
        self.symbol, self.caption = symbol, caption
        self.itemconfigure(self._large, text=symbol)
        self.itemconfigure(self._line, text=caption)
        if is_certain != self._is_certain:
            self._is_certain = is_certain
            self.lay_out()
            self.paint()

    def paint(self) -> None:
        super().paint()
        palette = self.palette
        self.itemconfigure(self._large, fill=palette.accent if self._is_certain else palette.muted)
        self.itemconfigure(self._line, fill=palette.text if self._is_certain else palette.muted)

    def lay_out(self) -> None:
        # The same square as the preview beside it, with the line where that has its caption.
        width, height = self.winfo_width(), self.winfo_height()
        line = font_of_size(self, max(pixels(self, 14), 0.08 * min(width, height)), bold=True)
        below = line_height(self, line) + pixels(self, 4)
        side = min(width, height - below)
        size = 0.9 * side if self._is_certain else 0.4 * side
        self.itemconfigure(self._large, font=font_of_size(self, size, bold=True))
        self.coords(self._large, width / 2, side / 2)
        self.itemconfigure(self._line, font=line, width=width)
        self.coords(self._line, width / 2, side + below)  # it grows upward
