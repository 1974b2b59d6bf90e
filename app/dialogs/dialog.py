"""What all dialogs share: they look like the window, stand over it, and close by Escape."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.theme import Palette, pixels


class Dialog(tk.Toplevel):
    """A window with a body to fill and a Close button.

    A subclass puts its widgets into `body` and then calls `present`.
    """

    def __init__(self, parent: tk.Tk, title: str, *, palette: Palette) -> None:
        super().__init__(parent, background=palette.window)
        self.withdraw()  # until it is filled and placed
        self.title(title)
        self.transient(parent)
        margin = pixels(self, 16)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.body = ttk.Frame(self)
        self.body.grid(row=0, column=0, sticky="nsew", padx=margin, pady=margin)
        self.close_button = ttk.Button(self, text="Close", command=self.destroy)
        self.close_button.grid(row=1, column=0, sticky="e", padx=margin, pady=(0, margin))
        self.bind("<Escape>", lambda event: self.destroy())
        self.bind("<Return>", lambda event: self.destroy())

    def present(self) -> None:
        """Show the dialog over the middle of its parent, and give it the keys."""
        self.update_idletasks()
        parent = self.master
        x = parent.winfo_rootx() + (parent.winfo_width() - self.winfo_reqwidth()) // 2
        y = parent.winfo_rooty() + (parent.winfo_height() - self.winfo_reqheight()) // 2
        self.geometry(f"+{max(0, x)}+{max(0, y)}")
        self.deiconify()
        self.close_button.focus_set()
