"""Names, roles and values for screen readers, where Tk hands them on: from 9.1 on, while a reader runs.

Themed widgets say by themselves what they are. What is drawn on a canvas does not, so it is told here.
"""

from __future__ import annotations

import tkinter as tk


def describe(widget: tk.Misc, role: str, name: str) -> None:
    """Tell what a widget is, by a role of Tk's as "Canvas" or "Label", and what it is called."""
    if _is_read(widget):
        widget.tk.call("tk", "accessible", "set_acc_role", widget, role)
        widget.tk.call("tk", "accessible", "set_acc_name", widget, name)


def tell_value(widget: tk.Misc, value: str) -> None:
    """Tell what a widget shows now."""
    if _is_read(widget):
        widget.tk.call("tk", "accessible", "set_acc_value", widget, value)
        widget.tk.call("tk", "accessible", "emit_selection_change", widget)


def _is_read(widget: tk.Misc) -> bool:
    try:
        return str(widget.tk.call("tk", "accessible", "check_screenreader")) == "1"
    except tk.TclError:  # an older Tk
        return False
