"""The strip at the foot of the window: what trains there, and what can be done about it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, Palette, pixels
from app.gui.widgets.button_rows import ButtonRows
from app.gui.widgets.progress_bar import ProgressBar
from app.language import unbroken
from app.page.strip import Strip

LEAST_BAR = 30  # px at 96 dots an inch


class TrainingStrip(ttk.Frame):
    """A sentence, and below it a bar and buttons; it takes no room while there is nothing to show.

    Buttons that leave the bar no room lie below it.

    It is placed by `grid`.
    """

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent)
        self._gap = gap = pixels(self, 6)
        self.text = ttk.Label(self, font=CAPTION_FONT)
        self.progress = ProgressBar(self)
        self._rows = ButtonRows(self)
        self.buttons: list[ttk.Button] = []
        self.text.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.progress.grid(row=1, column=0, sticky="ew", padx=(0, gap), pady=(gap, 0))
        self._rows.grid(row=1, column=1, sticky="e", pady=(gap, 0))
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self._share_out(event.width))
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
            self._rows.fill(())
            for button in self.buttons:
                button.destroy()
            self.buttons = [ttk.Button(self._rows) for _ in strip.buttons]
        for button, shown in zip(self.buttons, strip.buttons, strict=True):
            style = "TButton" if shown.is_on is None else "Toggle.TButton"
            button.configure(text=shown.label, command=shown.command, style=style)
            button.state(["!disabled" if shown.is_enabled else "disabled"])
            button.state(["selected" if shown.is_on else "!selected"])
        self._rows.fill(self.buttons)
        self._share_out(self.winfo_width())

    def _share_out(self, width: int) -> None:
        self.text.configure(wraplength=width)
        needed = sum(button.winfo_reqwidth() + self._gap for button in self.buttons)
        if needed + pixels(self, LEAST_BAR) <= width:
            self._rows.configure(width=needed - self._gap)
            self._rows.grid(row=1, column=1, columnspan=1, sticky="e")
        else:
            self._rows.grid(row=2, column=0, columnspan=2, sticky="ew")
