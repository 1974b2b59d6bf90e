"""The program's icon, for every window of its own."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

ICON = Path(__file__).resolve().parents[2] / "assets" / "icon.png"


def show_icon(root: tk.Tk) -> tk.PhotoImage:
    """Give a window and its dialogs the icon; return it, because Tk shows it only while it is referred to."""
    icon = tk.PhotoImage(master=root, file=ICON)
    root.iconphoto(True, icon)
    return icon
