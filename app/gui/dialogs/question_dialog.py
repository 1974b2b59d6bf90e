"""Questions that the person must answer before anything else: yes or no, and a name."""

from __future__ import annotations

import tkinter as tk
from contextlib import suppress
from tkinter import ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.theme import Palette, pixels
from app.language import _


class QuestionDialog(Dialog):
    """A question with two answers, of which Return and Escape give the careful one, `no`."""

    def __init__(self, parent: tk.Tk, title: str, text: str, *, yes: str, no: str, palette: Palette) -> None:
        super().__init__(parent, title, palette=palette)
        self.answer = False
        ttk.Label(self.body, text=text, wraplength=pixels(self, 400)).grid(sticky="w")
        self.close_button.configure(text=no)
        self.make_default(self.close_button)
        self.yes_button = self.add_button(yes, self._agree)
        self.resizable(False, False)

    def _agree(self) -> None:
        self.answer = True
        self.destroy()


class NameDialog(Dialog):
    """Asks for a name; `answer` is None if it was not given."""

    def __init__(
        self, parent: tk.Tk, title: str, text: str, name: str, *, yes: str, palette: Palette
    ) -> None:
        super().__init__(parent, title, palette=palette)
        self.answer: str | None = None
        ttk.Label(self.body, text=text).grid(sticky="w")
        self.entry = ttk.Entry(self.body, width=40)
        self.entry.insert(0, name)
        self.entry.select_range(0, "end")
        self.entry.grid(sticky="ew", pady=(pixels(self, 8), 0))
        self.close_button.configure(text=_("Cancel"))
        self.ok_button = self.add_button(yes, self._accept, is_default=True)
        self.resizable(False, False)

    def _accept(self) -> None:
        if self.entry.get().strip():
            self.answer = self.entry.get()
            self.destroy()

    def present(self) -> None:
        super().present()
        self.entry.focus_set()


def ask(parent: tk.Misc, title: str, text: str, *, yes: str, no: str = "", palette: Palette) -> bool:
    """Wait for the answer to a question; nothing else can be done meanwhile. No is to cancel if not said.

    Where the dialog that it is asked over goes meanwhile, the question goes with it, and the answer is no.
    """
    dialog = QuestionDialog(_root(parent), title, text, yes=yes, no=no or _("Cancel"), palette=palette)
    _wait_for(dialog, parent)
    return dialog.answer


def ask_name(parent: tk.Misc, title: str, text: str, name: str, *, yes: str, palette: Palette) -> str | None:
    """Wait for a name; None if the person would rather not."""
    dialog = NameDialog(_root(parent), title, text, name, yes=yes, palette=palette)
    _wait_for(dialog, parent)
    return dialog.answer


def _root(widget: tk.Misc) -> tk.Tk:
    root = widget.nametowidget(".")
    assert isinstance(root, tk.Tk)
    return root


def _wait_for(dialog: Dialog, over: tk.Misc) -> None:
    dialog.over = over.winfo_toplevel()
    dialog.transient(dialog.over)
    dialog.present()
    with suppress(tk.TclError):  # it may go before it is seen
        dialog.wait_visibility()
    if dialog.winfo_exists():
        dialog.grab_set()
        dialog.wait_window()
