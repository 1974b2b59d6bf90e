"""A bar that tells how much is done, or that something is, while nobody knows how much."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

_STEP_MS = 50  # a piece of the bar runs along it in two seconds and a half
_STEPS = 100


class ProgressBar(ttk.Progressbar):
    """Its value is the share that is done; while that `is_unknown`, a piece of it runs to and fro."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, maximum=1.0)
        self.is_unknown = False

    def show(self, share: float, *, is_unknown: bool = False) -> None:
        """Show a share from 0 to 1."""
        if is_unknown != self.is_unknown:
            self.is_unknown = is_unknown
            if is_unknown:
                self.configure(mode="indeterminate", maximum=_STEPS)
                self.start(_STEP_MS)
            else:
                self.stop()
                self.configure(mode="determinate", maximum=1.0)
        if not is_unknown:
            self.configure(value=share)
