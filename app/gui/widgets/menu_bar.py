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
                underline=_free_letter(menu, text),
            )
            self._places[action] = (menu, menu.index("end") or 0)
        self.add_submenu(self, label, menu)
        return menu

    def add_submenu(self, parent: tk.Menu, label: str, menu: tk.Menu) -> None:
        """Hang a menu into another one."""
        parent.add_cascade(label=label, menu=menu, underline=_free_letter(parent, label))

    def add_check(self, menu: tk.Menu, action: str, label: str, variable: tk.BooleanVar) -> None:
        """Add an entry that is on or off, as the variable is."""
        menu.add_checkbutton(
            label=label,
            variable=variable,
            command=self._actions[action],
            accelerator=self._accelerators.get(action, ""),
            underline=_free_letter(menu, label),
        )
        self._places[action] = (menu, menu.index("end") or 0)

    def add_choices(
        self, menu: tk.Menu, names: Iterable[str], chosen: tk.StringVar, command: Callable[[], None]
    ) -> None:
        """Add an entry for each name; the variable holds the one that is chosen."""
        for name in names:
            label = name.capitalize()
            menu.add_radiobutton(
                label=label,
                value=name,
                variable=chosen,
                command=command,
                underline=_free_letter(menu, label),
            )

    def enable(self, action: str, enabled: bool) -> None:
        menu, index = self._places[action]
        menu.entryconfigure(index, state="normal" if enabled else "disabled")

    def choose(self, action: str) -> None:
        """Do what a click on the action's entry does."""
        menu, index = self._places[action]
        menu.invoke(index)


def _free_letter(menu: tk.Menu, label: str) -> int:
    """The place of the first letter that no entry of the menu has underlined; -1 if there is none."""
    last = menu.index("end")
    taken = set()
    for index in range(0 if last is None else last + 1):
        if menu.type(index) != "separator":
            place = int(menu.entrycget(index, "underline"))
            taken |= set(menu.entrycget(index, "label")[place : place + 1].lower())
    free = (place for place, letter in enumerate(label) if letter.isalpha() and letter.lower() not in taken)
    return next(free, -1)
