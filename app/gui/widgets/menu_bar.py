"""The menus, with the keys of the desktop they stand on."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.gui.actions import Action, Choices, Menu
from app.gui.widgets.mnemonics import free_letter


class MenuBar(tk.Menu):
    """A bar of menus, made from the table of actions.

    Parameters
    ----------
    commands
        What an action does, and what follows a choice, by name.
    variables
        What holds whether an action is on, and what is chosen, by name.
    """

    def __init__(
        self,
        parent: tk.Tk,
        menus: Iterable[Menu],
        *,
        commands: Mapping[str, Callable[[], object]],
        variables: Mapping[str, tk.Variable],
    ) -> None:
        super().__init__(parent, tearoff=False)
        self.menus: dict[str, tk.Menu] = {}  # also those within others, by name
        self._commands = commands
        self._variables = variables
        self._places: dict[str, tuple[tk.Menu, int]] = {}
        for menu in menus:
            self._add_menu(self, menu)

    def enable(self, action: str, enabled: bool) -> None:
        if action in self._places:
            menu, index = self._places[action]
            menu.entryconfigure(index, state="normal" if enabled else "disabled")

    def is_enabled(self, action: str) -> bool:
        menu, index = self._places[action]
        return str(menu.entrycget(index, "state")) != "disabled"

    def choose(self, action: str) -> None:
        """Do what a click on the action's entry does."""
        menu, index = self._places[action]
        menu.invoke(index)

    def pick(self, name: str, value: str) -> None:
        """Do what a click on one of several choices does."""
        menu = self.menus[name]
        indices = range((menu.index("end") or 0) + 1)
        menu.invoke(next(index for index in indices if menu.entrycget(index, "value") == value))

    def _add_menu(self, parent: tk.Menu, menu: Menu | Choices) -> None:
        filled = self.menus[menu.name] = tk.Menu(parent, tearoff=False)
        if isinstance(menu, Choices):
            self._add_choices(filled, menu)
        else:
            for entry in menu.entries:
                if entry is None:
                    filled.add_separator()
                elif isinstance(entry, Action):
                    self._add_action(filled, entry)
                else:
                    self._add_menu(filled, entry)
        parent.add_cascade(label=menu.label, menu=filled, underline=_free_letter(parent, menu.label))

    def _add_action(self, menu: tk.Menu, action: Action) -> None:
        options: dict[str, Any] = {
            "label": action.label,
            "command": self._commands[action.name],
            "accelerator": action.keys[0].label if action.keys else "",
            "underline": _free_letter(menu, action.label),
        }
        if action.is_check:
            menu.add_checkbutton(variable=self._variables[action.name], **options)
        else:
            menu.add_command(**options)
        self._places[action.name] = (menu, menu.index("end") or 0)

    def _add_choices(self, menu: tk.Menu, choices: Choices) -> None:
        for value, label in choices.options:
            menu.add_radiobutton(
                label=label,
                value=value,
                variable=self._variables[choices.name],
                command=self._commands[choices.name],
                underline=_free_letter(menu, label),
            )


def _free_letter(menu: tk.Menu, label: str) -> int:
    last = menu.index("end")
    entries = [i for i in range(0 if last is None else last + 1) if menu.type(i) != "separator"]
    return free_letter(
        label, [(menu.entrycget(i, "label"), int(menu.entrycget(i, "underline"))) for i in entries]
    )
