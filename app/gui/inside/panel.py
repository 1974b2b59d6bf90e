"""VIEW: the panel Inside, a notebook of ways to look into the network."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING, Protocol

from app.gui.inside.layers_tab import LayersTab
from app.gui.theme import Palette, pixels
from app.gui.widgets.button_rows import ButtonRows
from app.gui.widgets.tooltip import attach
from app.language import _
from app.page.inside.off_cost import OffCosts
from app.page.inside.subject import Subject

if TYPE_CHECKING:
    from engine.ink.rasterize import Point


class Tab(Protocol):
    """What the panel asks of a tab."""

    def show(self, subject: Subject) -> None: ...
    def restyle(self, palette: Palette) -> None: ...


class InsidePanel(ttk.Frame):
    """Only the tab that is in front works; another is shown the subject when it comes there.

    Parameters
    ----------
    subject : callable
        What there is to look at now.
    is_apart : bool
        Whether it has a window of its own.
    on_apart, on_close : callable
        The person wants it the other way, or no longer.
    costs, on_outline, on_switch
        As the tabs take them.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        subject: Callable[[], Subject],
        is_apart: bool,
        on_apart: Callable[[], None],
        on_close: Callable[[], None],
        costs: OffCosts,
        on_outline: Callable[[Sequence[Point]], None],
        on_switch: Callable[[Mapping[str, frozenset[int]]], None],
    ) -> None:
        super().__init__(parent)
        self._subject = subject
        head = ButtonRows(self)
        self.close_button = ttk.Button(head, text=_("Close"), command=on_close)
        self.apart_button = ttk.Button(
            head, text=_("Back into the window") if is_apart else _("Own window"), command=on_apart
        )
        attach(self.apart_button, _("Have it in a window of its own, or beside the page"))
        head.fill([self.apart_button, self.close_button])
        head.pack(side="top", fill="x", pady=(0, pixels(self, 8)))
        self.notebook = ttk.Notebook(self)
        self.notebook.pack(side="top", fill="both", expand=True)
        self.layers = LayersTab(
            self.notebook, palette=palette, costs=costs, on_outline=on_outline, on_switch=on_switch
        )
        self.tabs: list[Tab] = []
        self._add(self.layers, _("Layers"))
        self.notebook.bind("<<NotebookTabChanged>>", lambda event: self.show())

    def _add(self, tab: LayersTab, title: str) -> None:
        self.tabs.append(tab)
        self.notebook.add(tab, text=title)

    @property
    def front(self) -> Tab:
        return self.tabs[int(self.notebook.tk.call(self.notebook, "index", "current"))]

    def show(self) -> None:
        """The page was read anew, or another tab is in front."""
        self.front.show(self._subject())

    def restyle(self, palette: Palette) -> None:
        for tab in self.tabs:
            tab.restyle(palette)
