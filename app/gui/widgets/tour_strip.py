"""The tour's strip below the page: what there is to do, Back, Next and Close."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, STRONG_FONT, Palette, pixels
from app.gui.widgets.tooltip import attach
from app.language import _, unbroken
from app.page.strip import TourPage


class TourStrip(ttk.Frame):
    """It takes no room while there is no tour, and no more at a step that is done than before.

    It is placed by `grid`.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        on_back: Callable[[], None],
        on_next: Callable[[], None],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        gap = pixels(self, 6)
        self.title = ttk.Label(self, font=STRONG_FONT)
        self.text = ttk.Label(self, font=CAPTION_FONT, justify="left")
        self.back_button = ttk.Button(self, text=_("Back"), command=on_back)
        self.next_button = ttk.Button(self, text=_("Next"), command=on_next)
        self.close_button = ttk.Button(self, text=_("Close"), command=on_close)
        attach(self.back_button, _("The step before (Ctrl+Page Up)"))
        attach(self.next_button, _("The next step (Ctrl+Page Down)"))
        self._gap = gap
        self._buttons = self.back_button, self.next_button, self.close_button
        for column, button in enumerate(self._buttons, 1):
            button.grid(row=0, column=column, padx=(gap, 0))
            button.bind("<Return>", lambda event, button=button: button.invoke())  # type: ignore[misc]
            button.bind("<Escape>", lambda event: self._close(on_close))
        self.text.grid(row=2, column=0, columnspan=4, sticky="ew", pady=(gap, 0))
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self._share_out())
        self.restyle(palette)

    def show(self, page: TourPage | None) -> None:
        if page is None:
            self.grid_remove()
            return
        self.title.configure(
            text=page.title, foreground=self._palette.accent if page.is_done else self._palette.text
        )
        self.text.configure(text=unbroken(page.text))
        self.back_button.state(["!disabled" if page.has_back else "disabled"])
        self.next_button.state(["!disabled" if page.has_next else "disabled"])
        self.grid()
        self._share_out()

    def _share_out(self) -> None:
        """The title beside the buttons, or above them where it has no room."""
        width = self.winfo_width()
        self.text.configure(wraplength=width)
        self.title.configure(wraplength=0)
        beside = self.title.winfo_reqwidth() + sum(b.winfo_reqwidth() + self._gap for b in self._buttons)
        if beside <= width:
            self.title.grid(row=0, column=0, columnspan=1, sticky="ew")
        else:
            self.title.configure(wraplength=width)
            self.title.grid(row=1, column=0, columnspan=4, sticky="ew", pady=(self._gap, 0))

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self.title.configure(foreground=palette.text)
        self.text.configure(foreground=palette.text)

    @staticmethod
    def _close(on_close: Callable[[], None]) -> str:
        on_close()
        return "break"  # nor does it put the eraser away
