"""The line at the bottom: what happened last, and which network is reading."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, Palette, pixels
from app.language import unbroken


class StatusBar(ttk.Frame):
    """A message on the left, as many lines as it needs; the network's name on the right."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent)
        self.message = ""
        self._palette = palette
        self._is_error = False
        self._left = ttk.Label(self, font=CAPTION_FONT)
        self._right = ttk.Label(self, font=CAPTION_FONT)
        self.columnconfigure(0, weight=1)
        self._left.grid(row=0, column=0, sticky="w")
        self._right.grid(row=0, column=1, sticky="ne", padx=(pixels(self, 16), 0))
        self.bind("<Configure>", lambda event: self._wrap())
        self.restyle(palette)

    def show(self, message: str, *, is_error: bool) -> None:
        self.message = message
        self._is_error = is_error
        self._left.configure(text=unbroken(message))
        self.restyle(self._palette)

    def show_network(self, name: str) -> None:
        self._right.configure(text=name)
        self._wrap()

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self._left.configure(foreground=palette.error if self._is_error else palette.muted)
        self._right.configure(foreground=palette.muted)

    def _wrap(self) -> None:
        room = self.winfo_width() - self._right.winfo_reqwidth() - pixels(self, 16)
        self._left.configure(wraplength=max(1, room))
