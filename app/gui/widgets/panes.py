"""Parts of a window side by side, with a border between them that can be dragged."""

from __future__ import annotations

import tkinter as tk


class Panes(tk.PanedWindow):
    """Tk's panes, which can be taken away at any moment.

    Tk 8.6 forgets that its panes wait to be arranged anew once it has drawn them, and arranges them when they
    are gone: the program ends in a segmentation fault. What waits is done first.
    """

    def destroy(self) -> None:
        self.update_idletasks()
        super().destroy()
