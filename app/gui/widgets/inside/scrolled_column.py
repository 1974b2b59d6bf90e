"""Widgets below each other, as wide as there is room; scrolled where they are higher than that."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.gui.theme import Palette
from app.gui.widgets.scrolled import WHEEL, show_if


class ScrolledColumn(ttk.Frame):
    """Put widgets into `inside`, then call `listen`: the wheel scrolls, and keys bring one into sight."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent)
        self._largest: int | None = None
        self._fills = False
        self._view = tk.Canvas(self, borderwidth=0, highlightthickness=0, width=200, height=100)
        self._bar = ttk.Scrollbar(self, command=self._view.yview)
        self._view.configure(yscrollcommand=self._bar.set)
        self.inside = ttk.Frame(self._view)
        self._item = self._view.create_window(0, 0, anchor="nw", window=self.inside)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._view.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self._tag = f"Scrolled{self}"
        handlers = dict.fromkeys(WHEEL, self._on_wheel) | {"<FocusIn>": self._on_focus}
        self._commands = {event: self.bind_class(self._tag, event, handlers[event]) for event in handlers}
        self._view.bind("<Configure>", lambda event: self._fit())
        self.inside.bind("<Configure>", lambda event: self._fit())
        self.restyle(palette)

    def restyle(self, palette: Palette) -> None:
        self._view.configure(background=palette.window)

    @property
    def needed(self) -> int:
        """The height of all that is in it and shown."""
        return sum(part.winfo_reqheight() + _around(part) for part in self.inside.grid_slaves())

    def limit(self, largest: int) -> None:
        """Ask for the height that is needed, but for no more than this."""
        self._largest, self._fills = largest, False
        self.listen()
        self._fit()

    def fill(self) -> None:
        """Take the height that there is, and have what is in it share that out."""
        self._largest, self._fills = None, True
        self._fit()

    def listen(self, widget: tk.Misc | None = None) -> None:
        """To this widget and all in it."""
        each = widget or self.inside
        if self._tag not in each.bindtags():
            each.bindtags((*each.bindtags(), self._tag))
        for child in each.winfo_children():
            self.listen(child)

    def destroy(self) -> None:
        for event, command in self._commands.items():  # Tkinter counts them to the root, and keeps them
            self.unbind_class(self._tag, event)
            self.nametowidget(".").deletecommand(command)
        super().destroy()

    def _fit(self) -> None:
        width = self._view.winfo_width()
        needed = self.inside.winfo_reqheight() if self._largest is None else self.needed
        if self._largest is not None:
            self._view.configure(height=max(1, min(needed, self._largest)), width=1)
        height = self._view.winfo_height()
        self._view.itemconfigure(
            self._item, width=width, height=height if self._fills and needed < height else 0
        )
        self._view.configure(scrollregion=(0, 0, width, needed))
        show_if(self._bar, needed > height)

    def _on_wheel(self, event: tk.Event[tk.Misc]) -> None:
        if self._bar.winfo_manager():
            self._view.yview_scroll(-1 if event.num == 4 or event.delta > 0 else 1, "units")

    def _on_focus(self, event: tk.Event[tk.Misc]) -> None:
        widget, view = event.widget, self._view
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        upper, height = view.canvasy(0), view.winfo_height()
        if top < upper or top + widget.winfo_height() > upper + height:
            view.yview_moveto(max(0, top - 8) / max(1, self.inside.winfo_height()))


def _around(part: tk.Widget) -> int:
    """What a grid leaves free above and below it, in pixels."""
    above, below = [*part.tk.splitlist(str(part.grid_info()["pady"]).strip("()").replace(",", " ")), 0][:2]
    return int(above) + int(below)
