"""The menus, with the keys of the desktop they stand on."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping

from app.gui.shortcuts import Shortcut


class MenuBar(tk.Menu):
    """A bar of menus; each is filled by `add_menu` from rows of (action, label).

    `actions` says what an action's name does, `shortcuts` which keys stand beside it.
    """

    def __init__(
        self,
        parent: tk.Tk,
        actions: Mapping[str, Callable[[], object]],
        shortcuts: Iterable[Shortcut],
    ) -> None:
        super().__init__(parent, tearoff=False)
        self._actions = actions
        self._accelerators = {s.action: s.labels[0] for s in shortcuts}
        self._places: dict[str, tuple[tk.Menu, int]] = {}

    def add_menu(self, label: str, rows: Iterable[tuple[str, str] | None]) -> tk.Menu:
        """Add a menu of these entries, None for a line between them; return it."""
        menu = tk.Menu(self, tearoff=False)
        for row in rows:
            if row is None:
                menu.add_separator()
                continue
            action, text = row
            menu.add_command(
                label=text,
                command=self._actions[action],
                accelerator=self._accelerators.get(action, ""),
                underline=0,
            )
            self._places[action] = (menu, menu.index("end") or 0)
        self.add_cascade(label=label, menu=menu, underline=0)
        return menu

    def add_check(self, menu: tk.Menu, action: str, label: str, variable: tk.BooleanVar) -> None:
        """Add an entry that is on or off, as the variable is."""
        menu.add_checkbutton(
            label=label,
            variable=variable,
            command=self._actions[action],
            accelerator=self._accelerators.get(action, ""),
            underline=0,
        )
        self._places[action] = (menu, menu.index("end") or 0)

    def enable(self, action: str, enabled: bool) -> None:
        menu, index = self._places[action]
        menu.entryconfigure(index, state="normal" if enabled else "disabled")

    def choose(self, action: str) -> None:
        """Do what a click on the action's entry does."""
        menu, index = self._places[action]
        menu.invoke(index)
