"""A sentence beside a widget, for who rests on it with the pointer or comes to it with the keys.

The libraries that there are for this follow neither the theme nor the keys.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, pixels
from app.language import unbroken

_POINTER_MS = 700
_KEYS_MS = 4000  # who goes through the window by Tab wants to see it; who stays may want a word
# What only shows something: Tab comes there to have it explained, and nothing else tells that it is there.
_QUIET = ("TLabel", "TFrame")
_WIDTH = 320


def attach(widget: tk.Widget, text: str) -> Tooltip:
    """Have a widget explain itself."""
    return Tooltip(widget, text)


class Tooltip:
    """Shown once the pointer has come to the widget and rested for a moment, or the keys for some seconds.

    A press, a key and leaving put it away. A pointer that only lies where a window opens has not come. Its
    colours are those of the theme when it is shown.
    """

    def __init__(self, widget: tk.Widget, text: str) -> None:
        self.text = text
        self._widget = widget
        self._due: str | None = None
        self.shown: tk.Toplevel | None = None
        self._is_new_here = False  # the pointer: it has not moved on the widget yet
        widget.bind("<Enter>", lambda event: self._enter(), add=True)
        widget.bind("<Motion>", lambda event: self._move(), add=True)
        patience = 0 if widget.winfo_class() in _QUIET else _KEYS_MS
        widget.bind("<FocusIn>", lambda event: self._wait(patience), add=True)
        for event in ("<Leave>", "<FocusOut>", "<ButtonPress>", "<KeyPress>", "<Destroy>"):
            widget.bind(event, lambda event: self.put_away(), add=True)

    def put_away(self) -> None:
        self._is_new_here = False
        if self._due is not None:
            self._widget.after_cancel(self._due)
            self._due = None
        if self.shown is not None:
            self.shown.destroy()
            self.shown = None

    def show(self) -> None:
        """Show it now."""
        self.put_away()
        widget = self._widget
        style = ttk.Style(widget)
        # a line around it in the colour of the text
        self.shown = tk.Toplevel(widget, background=style.lookup("TLabel", "foreground"))
        self.shown.withdraw()
        self.shown.wm_overrideredirect(True)
        ttk.Label(
            self.shown,
            text=unbroken(self.text),
            font=CAPTION_FONT,
            padding=(pixels(widget, 8), pixels(widget, 4)),
            wraplength=pixels(widget, _WIDTH),
        ).pack(padx=1, pady=1)
        self.shown.update_idletasks()
        self.shown.geometry(self._place(self.shown.winfo_reqwidth(), self.shown.winfo_reqheight()))
        self.shown.deiconify()

    def _enter(self) -> None:
        self._is_new_here = True

    def _move(self) -> None:
        if self._is_new_here:
            self._wait(_POINTER_MS)

    def _wait(self, patience: int) -> None:
        if self.shown is None:
            self.put_away()
            self._due = self._widget.after(patience, self.show)

    def _place(self, width: int, height: int) -> str:
        """Below the widget, or above it where the screen ends."""
        widget, gap = self._widget, pixels(self._widget, 4)
        x = max(0, min(widget.winfo_rootx(), widget.winfo_screenwidth() - width))
        y = widget.winfo_rooty() + widget.winfo_height() + gap
        if y + height > widget.winfo_screenheight():
            y = max(0, widget.winfo_rooty() - height - gap)
        return f"+{x}+{y}"
