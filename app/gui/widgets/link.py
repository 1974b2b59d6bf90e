"""Words to click, or to reach by Tab and press by Return or space."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.gui.theme import Palette, font_of_size, pixels
from app.gui.widgets.focus import has_keys


class Link(ttk.Label):
    """Underlined, so that colour alone does not tell it from other words.

    Parameters
    ----------
    on_open : callable
        What follows a click.
    height : int
        Of its letters, in pixels at 96 dots an inch.
    """

    def __init__(
        self,
        parent: tk.Misc,
        text: str,
        *,
        palette: Palette,
        on_open: Callable[[], object],
        height: int = 14,
    ) -> None:
        super().__init__(parent, text=text, cursor="hand2", takefocus=True)
        family, size, _weight = font_of_size(self, pixels(self, height))
        self._face = family, size, "underline"
        self._on_open = on_open
        for event in ("<Button-1>", "<Return>", "<space>"):
            self.bind(event, lambda event: self._open())
        for event in ("<FocusIn>", "<FocusOut>"):
            self.bind(event, lambda event: self._show_focus())
        self.restyle(palette)

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self._show_focus()

    def _show_focus(self) -> None:
        """With the keys it looks like what is selected."""
        is_focused = has_keys(self)
        self.configure(
            font=self._face,
            foreground=self._palette.window if is_focused else self._palette.accent,
            background=self._palette.accent if is_focused else self._palette.window,
        )

    def _open(self) -> str:
        self._on_open()
        return "break"  # Return presses no button of the dialog, too
