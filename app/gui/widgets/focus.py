"""Which widget has the keys."""

from __future__ import annotations

import tkinter as tk


def has_keys(widget: tk.Misc) -> bool:
    """Whether keys go to this widget now; tkinter's focus_get fails while the list of a combobox has them."""
    return str(widget.tk.call("focus")) == str(widget)
