"""What Tk says itself, in its dialogs for files, in the language of the window; Tk has it translated."""

from __future__ import annotations

import tkinter as tk

from app import language
from app.gui.file_dialogs import translate_file_dialogs


def follow_language(root: tk.Tk) -> None:
    """Have Tk speak the language that is spoken now, or English where it does not know it."""
    root.tk.call("msgcat::mclocale", language.spoken())
    root.tk.eval("namespace eval ::tk {::msgcat::mcload [file join $::tk_library msgs]}")
    translate_file_dialogs(root)
