"""The strip at the foot of the window: what trains there, and what can be done about it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, Palette, pixels
from app.gui.widgets.progress_bar import ProgressBar
from app.language import unbroken
from app.page.strip import Strip


class TrainingStrip(ttk.Frame):
    """A sentence, and below it a bar and buttons; it takes no room while there is nothing to show.

    It is placed by `grid`.
    """

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent)
        gap = pixels(self, 6)
        self.text = ttk.Label(self, font=CAPTION_FONT)
        self.progress = ProgressBar(self)
        self._bar = ttk.Frame(self)
        self.buttons: list[ttk.Button] = []
        self.text.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.progress.grid(row=1, column=0, sticky="ew", padx=(0, gap), pady=(gap, 0))
        self._bar.grid(row=1, column=1, sticky="e", pady=(gap, 0))
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self.text.configure(wraplength=event.width))
        self.restyle(palette)

    def show(self, strip: Strip | None) -> None:
        if strip is None:
            self.grid_remove()
            return
        self.text.configure(text=unbroken(strip.text))
        if strip.share is None:
            self.progress.grid_remove()
        else:
            self.progress.show(strip.share, is_unknown=strip.is_unknown)
            self.progress.grid()
        self._show_buttons(strip)
        self.grid()

    def restyle(self, palette: Palette) -> None:
        self.text.configure(foreground=palette.text)

    def _show_buttons(self, strip: Strip) -> None:
        """Those that are there keep the keys, if they have them, for the same number of buttons."""
        if len(self.buttons) != len(strip.buttons):
            for button in self.buttons:
                button.destroy()
            self.buttons = [ttk.Button(self._bar) for _ in strip.buttons]
            for place, button in enumerate(self.buttons):
                button.grid(row=0, column=place, padx=(pixels(self, 6) if place else 0, 0))
        for button, shown in zip(self.buttons, strip.buttons, strict=True):
            style = "TButton" if shown.is_on is None else "Toggle.TButton"
            button.configure(text=shown.label, command=shown.command, style=style)
            button.state(["!disabled" if shown.is_enabled else "disabled"])
            button.state(["selected" if shown.is_on else "!selected"])
