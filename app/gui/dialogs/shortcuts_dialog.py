"""Help > Keyboard shortcuts: what the keys, the mouse and the pen do."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from tkinter import ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.screen import room
from app.gui.theme import STRONG_FONT, Palette, pixels
from app.language import _


class ShortcutsDialog(Dialog):
    """A table of (what to press, what it does), and a note on the pen."""

    def __init__(self, parent: tk.Tk, rows: Iterable[tuple[str, str]], *, palette: Palette) -> None:
        super().__init__(parent, _("Keyboard shortcuts"), palette=palette)
        note = _(
            "The pen's width in the View menu changes how the page looks. "
            "The network is always shown the same pen."
        )
        gap = pixels(self, 4)
        for_keys = pixels(self, 220)
        for_effects = min(pixels(self, 480), room(self)[0] - for_keys - pixels(self, 90))
        last = 0
        for last, (keys, effect) in enumerate(rows):
            ttk.Label(self.body, text=keys, font=STRONG_FONT, wraplength=for_keys).grid(
                row=last, column=0, sticky="nw", pady=gap
            )
            ttk.Label(self.body, text=effect, wraplength=for_effects).grid(
                row=last, column=1, sticky="w", pady=gap, padx=(pixels(self, 24), 0)
            )
        self.add_note(self.body, note, wraplength=pixels(self, 420)).grid(
            row=last + 1, column=0, columnspan=2, sticky="w", pady=(pixels(self, 12), 0)
        )
        self.resizable(False, False)
        self.present()
