"""The menus, with the keys of the desktop they stand on."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.gui.actions import Action, Choices, Menu
from app.gui.theme import MENU_BAR, MenuMarks
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
        super().__init__(parent, tearoff=False, name=MENU_BAR)
        self.menus: dict[str, tk.Menu] = {}  # also those within others, by name
        # Tk on X11 leaves what a menu says no room at its right edge, and bars little between their entries.
        self._room = " " if parent.tk.call("tk", "windowingsystem") == "x11" else ""
        self._commands = commands
        self._variables = variables
        self._places: dict[str, tuple[tk.Menu, int]] = {}
        self._actions: dict[str, Action] = {}
        self._inner: dict[str, Menu] = {}
        self._lasting: dict[str, int] = {}  # how many entries of a menu are there from the beginning
        self.popped_up: tk.Menu | None = None
        self._marks: MenuMarks | None = None
        for menu in menus:
            self._add_menu(self, menu)

    def mark_by(self, marks: MenuMarks | None) -> None:
        """Have these tell what is chosen, from now on; None for Tk's own."""
        self._marks = marks
        for menu in self.menus.values():
            self._mark(menu)

    def _mark(self, menu: tk.Menu) -> None:
        # Every entry, also of a menu without choices by now: Tk configures none whose picture is gone.
        last = menu.index("end")
        kinds = [menu.type(index) for index in range(0 if last is None else last + 1)]
        has_choices = not {"checkbutton", "radiobutton"}.isdisjoint(kinds)
        marks = self._marks if has_choices else None
        for index, kind in enumerate(kinds):
            if kind == "separator":
                continue
            options: dict[str, Any] = {"compound": "left" if marks else "none"}
            if kind in ("checkbutton", "radiobutton"):
                options |= {
                    "image": marks.not_chosen if marks else "",
                    "selectimage": marks.chosen if marks else "",
                    "indicatoron": marks is None,
                }
            else:
                options["image"] = marks.no_choice if marks else ""
            menu.entryconfigure(index, **options)

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
        choices = [i for i in range((menu.index("end") or 0) + 1) if menu.type(i) == "radiobutton"]
        menu.invoke(next(index for index in choices if menu.entrycget(index, "value") == value))

    def fill(self, name: str, entries: Iterable[tuple[str, Callable[[], object]]], *, nothing: str) -> None:
        """Put entries into a menu that changes: pairs of a label and what it does, or `nothing`."""
        menu = self.menus[name]
        menu.delete(0, "end")
        _add_commands(menu, entries)
        if menu.index("end") is None:
            menu.add_command(label=nothing, state="disabled")

    def fill_choices(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        """Put choices behind what a menu has from the beginning: pairs of a value and its label."""
        menu = self.menus[name]
        menu.delete(self._lasting[name], "end")
        self._add_choices(menu, Choices(name, "", tuple(options)))
        self._mark(menu)

    def pop_up(self, actions: Iterable[str | None], x: int, y: int) -> None:
        """Show a menu of some of the actions at a place of the screen, None for a line between them."""
        menu = self._new_to_pop_up()
        for action in actions:
            if action is None:
                menu.add_separator()
            elif action in self._inner:
                inner = tk.Menu(menu, tearoff=False)
                for each in self._inner[action].entries:
                    assert isinstance(each, Action)
                    self._add_popped(inner, each)
                menu.add_cascade(label=self._inner[action].label, menu=inner)
            else:
                self._add_popped(menu, self._actions[action])
        self._mark(menu)
        menu.tk_popup(x, y)

    def offer(self, entries: Iterable[tuple[str, Callable[[], object]]], x: int, y: int) -> None:
        """Show a menu of other entries there: pairs of a label and what it does."""
        menu = self._new_to_pop_up()
        _add_commands(menu, entries)
        menu.tk_popup(x, y)

    def _new_to_pop_up(self) -> tk.Menu:
        """In place of the last one. In the window, for Escape goes from a menu to the one that it lies in."""
        self._take_away()
        self.popped_up = tk.Menu(self.master, tearoff=False)
        return self.popped_up

    def _add_popped(self, menu: tk.Menu, action: Action) -> None:
        self._add_entry(menu, action)
        menu.entryconfigure("end", state="normal" if self.is_enabled(action.name) else "disabled")

    def destroy(self) -> None:
        self._take_away()
        super().destroy()
        self._marks = None  # not left to the garbage collector, which would call Tk

    def _take_away(self) -> None:
        """Close the menu that was popped up; one that went while it is open would take the focus with it."""
        if self.popped_up is not None:
            if self.popped_up.winfo_ismapped():
                self.tk.call("tk::MenuUnpost", "")
            self.popped_up.destroy()
            self.popped_up = None

    def _add_menu(self, parent: tk.Menu, menu: Menu | Choices) -> None:
        filled = self.menus[menu.name] = tk.Menu(parent, tearoff=False)
        if isinstance(menu, Choices):
            self._add_choices(filled, menu)
        else:
            self._inner[menu.name] = menu
            for entry in menu.entries:
                if entry is None:
                    filled.add_separator()
                elif isinstance(entry, Action):
                    self._add_action(filled, entry)
                else:
                    self._add_menu(filled, entry)
            self._lasting[menu.name] = len(menu.entries)
        label = f"{self._room}{menu.label}{self._room}" if parent is self else menu.label
        parent.add_cascade(label=label, menu=filled, underline=_free_letter(parent, label))

    def _add_action(self, menu: tk.Menu, action: Action) -> None:
        self._add_entry(menu, action)
        self._actions[action.name] = action
        self._places[action.name] = (menu, menu.index("end") or 0)

    def _add_entry(self, menu: tk.Menu, action: Action) -> None:
        options: dict[str, Any] = {
            "label": action.label,
            "command": self._commands[action.name],
            "accelerator": action.keys[0].label + self._room if action.keys else "",
            "underline": _free_letter(menu, action.label),
        }
        if action.is_check:
            menu.add_checkbutton(variable=self._variables[action.name], **options)
        else:
            menu.add_command(**options)

    def _add_choices(self, menu: tk.Menu, choices: Choices) -> None:
        for value, label in choices.options:
            menu.add_radiobutton(
                label=label,
                value=value,
                variable=self._variables[choices.name],
                command=self._commands[choices.name],
                underline=_free_letter(menu, label),
            )


def _add_commands(menu: tk.Menu, entries: Iterable[tuple[str, Callable[[], object]]]) -> None:
    for label, command in entries:
        menu.add_command(label=label, command=command, underline=_free_letter(menu, label))


def _free_letter(menu: tk.Menu, label: str) -> int:
    last = menu.index("end")
    entries = [i for i in range(0 if last is None else last + 1) if menu.type(i) != "separator"]
    return free_letter(
        label, [(menu.entrycget(i, "label"), int(menu.entrycget(i, "underline"))) for i in entries]
    )
