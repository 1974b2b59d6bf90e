"""The line at the bottom: what happened last, with an offer to undo it, and which network is reading."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, Palette, pixels
from app.gui.widgets.focus import has_keys
from app.gui.widgets.link import Link
from app.gui.widgets.scrolled import show_if
from app.language import _, unbroken

LEAST_OF_MESSAGE = 0.4  # of the width


class StatusBar(ttk.Frame):
    """A message on the left, as many lines as it needs; on the right what reads, and what else goes on.

    Behind a message that can be undone stands Undo, which calls `on_undo`.
    """

    def __init__(self, parent: tk.Misc, *, palette: Palette, on_undo: Callable[[], object]) -> None:
        super().__init__(parent)
        self.message = ""
        self._palette = palette
        self._is_error = False
        self._left = ttk.Label(self, font=CAPTION_FONT)
        self.undo = Link(self, _("Undo"), palette=palette, on_open=on_undo, height=12)
        self._right = ttk.Label(self, font=CAPTION_FONT, justify="right")
        self.columnconfigure(1, weight=1)
        self._left.grid(row=0, column=0, sticky="w")
        self.undo.grid(row=0, column=1, sticky="sw", padx=(pixels(self, 8), 0))
        self.undo.grid_remove()
        self._right.grid(row=0, column=2, sticky="ne", padx=(pixels(self, 16), 0))
        self.bind("<Configure>", lambda event: self._wrap())
        self.restyle(palette)

    def show(self, message: str, *, is_error: bool = False, can_be_undone: bool = False) -> None:
        self.message = message
        self._is_error = is_error
        self._left.configure(text=unbroken(message))
        if can_be_undone:
            self.undo.grid()
        else:
            self.withdraw_undo()
        self._wrap()
        self.restyle(self._palette)

    def withdraw_undo(self) -> None:
        """What the message tells can be undone no more."""
        if self.undo.winfo_manager():  # this is asked for at every motion of the pen
            if has_keys(self.undo) and (following := self.undo.tk_focusNext()) is not None:
                following.focus_set()
            self.undo.grid_remove()

    def show_network(self, name: str) -> None:
        self._right.configure(text=unbroken(name))
        self._wrap()

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self._left.configure(foreground=palette.error if self._is_error else palette.muted)
        self._right.configure(foreground=palette.muted)
        self.undo.restyle(palette)

    def _wrap(self) -> None:
        """The message beside the network's name; where that leaves it little room, without the name."""
        room = self.winfo_width()
        if self.undo.winfo_manager():
            room -= self.undo.winfo_reqwidth() + pixels(self, 8)
        # labels are a little wider than they wrap
        beside = room - self._right.winfo_reqwidth() - pixels(self, 20)
        has_name = not self.message or beside >= LEAST_OF_MESSAGE * room
        show_if(self._right, has_name)
        self._left.configure(wraplength=max(1, beside if has_name else room))
