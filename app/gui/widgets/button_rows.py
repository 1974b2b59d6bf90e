"""Buttons side by side, in as many rows as they need where there is too little room for one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.gui.theme import pixels


class ButtonRows(ttk.Frame):
    """Buttons from the left, the last one at the right edge; in columns where one row is too wide.

    It takes the width that it is given, and asks for the height that it needs then.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.grid_propagate(False)  # or the room for them would depend on how they lie in it
        self._buttons: Sequence[tk.Widget] = ()
        self._columns = 0
        self.bind("<Configure>", lambda event: self._lay_out())

    def fill(self, buttons: Sequence[tk.Widget]) -> None:
        """Show these buttons, made as its children, and no others."""
        for column, button in enumerate(self._buttons):
            button.grid_forget()
            self.columnconfigure(column, weight=0)
        self._buttons = buttons
        self._columns = 0
        self._lay_out()

    def height_of(self, buttons: Sequence[tk.Widget]) -> int:
        """What it would ask for with these, at the width that it has."""
        gap = pixels(self, 6)
        rows = -(-len(buttons) // self._columns_of(buttons)) if buttons else 0
        height = max((button.winfo_reqheight() for button in buttons), default=1)
        return rows * (height + gap) - gap

    def _columns_of(self, buttons: Sequence[tk.Widget]) -> int:
        gap, count = pixels(self, 6), len(buttons)
        widths = [button.winfo_reqwidth() + gap for button in buttons]
        even = (-(-count // rows) for rows in range(1, count))  # so that none is left alone in the last row
        return next((n for n in even if _width(widths, n) - gap <= self.winfo_width()), 1)

    def _lay_out(self) -> None:
        gap, count = pixels(self, 6), len(self._buttons)
        columns = self._columns_of(self._buttons)
        if columns == self._columns:
            return
        for column in range(count):
            self.columnconfigure(column, weight=int(column == columns - 1))
        for place, button in enumerate(self._buttons):
            row, column = divmod(place, columns)
            is_last = place == count - 1
            button.grid(
                row=row,
                column=column,
                sticky="e" if is_last and columns > 1 else "w",
                padx=(0, 0 if column == columns - 1 else gap),
                pady=(gap if row else 0, 0),
            )
        self._columns = columns
        self.configure(height=self.height_of(self._buttons))


def _width(widths: Sequence[int], columns: int) -> int:
    """Of so many columns, each as wide as the widest of its own."""
    return sum(max(widths[column::columns]) for column in range(columns))
