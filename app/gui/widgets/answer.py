"""The answer, large: the digit that is read, and how sure the network is."""

from __future__ import annotations

import tkinter as tk
from tkinter import font

from app.gui.theme import STRONG_FONT, Palette, pixels
from app.gui.widgets.painted import Painted


class Answer(Painted):
    """A large symbol with a line under it; `symbol` and `caption` are what it shows."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent, palette=palette, size=(110, 140))
        self.symbol = ""
        self.caption = ""
        self._is_certain = False
        strong = font.nametofont(STRONG_FONT, self)
        self._family = strong.cget("family")
        self._line_height = strong.metrics("linespace")
        self._large = self.create_text(0, 0)
        self._line = self.create_text(0, 0, font=STRONG_FONT, justify="center", anchor="s")
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
        width = self.winfo_width()
        side = min(width, self.winfo_height() - pixels(self, 24))
        size = 0.9 * side if self._is_certain else 0.4 * side
        # A named font would be measured anew by every widget there is when its size changes.
        font_in_pixels = (self._family, -max(1, round(size)), "bold")
        self.itemconfigure(self._large, font=font_in_pixels)
        self.coords(self._large, width / 2, side / 2)
        self.coords(self._line, width / 2, side + pixels(self, 12) + self._line_height / 2)  # grows upward
        self.itemconfigure(self._line, width=width)
