"""Network > Who draws in the window: its menu and what it asks; the rest is the ProfilesPresenter's."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog

from app.gui.dialogs.question_dialog import ask, ask_name
from app.gui.theme import Palette
from app.gui.widgets.menu_bar import MenuBar
from app.language import _
from app.page.profiles_presenter import ProfilesPresenter
from app.store.profiles import SUFFIX, Profile, Profiles

MENU = "who draws"
NAMED = ("rename profile", "delete profile")  # actions for one who has a name


class ProfileDesk:
    """The ProfilesPresenter's view.

    Parameters
    ----------
    menus : callable
        The bar, which is made anew with the window's parts.
    on_switch : callable
        As the ProfilesPresenter takes it.
    tell : callable
        Shows a message.
    """

    def __init__(
        self,
        window: tk.Tk,
        profiles: Profiles,
        *,
        palette: Palette,
        menus: Callable[[], MenuBar],
        on_switch: Callable[[Profile], None],
        tell: Callable[..., None],
    ) -> None:
        self._window, self._palette, self._menus, self._tell = window, palette, menus, tell
        self.variable = tk.StringVar(window)
        self.presenter = ProfilesPresenter(self, profiles, on_switch=on_switch)

    def follow(self) -> None:
        """A name was chosen in the menu."""
        self.presenter.choose(self.variable.get())

    def restyle(self, palette: Palette) -> None:
        self._palette = palette

    # What the presenter shows

    def show_names(self, names: Sequence[tuple[str, str]], current: str) -> None:
        self.variable.set(current)
        self._menus().fill_choices(MENU, names)

    def enable(self, *, has_name: bool) -> None:
        for action in NAMED:
            self._menus().enable(action, has_name)

    def ask(self, title: str, text: str, *, yes: str) -> bool:
        return ask(self._window, title, text, yes=yes, palette=self._palette)

    def ask_name(self, title: str, text: str, name: str, *, yes: str) -> str | None:
        return ask_name(self._window, title, text, name, yes=yes, palette=self._palette)

    def ask_file_to_save(self, name: str) -> Path | None:
        chosen = filedialog.asksaveasfilename(
            parent=self._window,
            title=_("Export who draws"),
            initialfile=name.replace("/", "-"),
            defaultextension=SUFFIX,
            filetypes=[(_("Samples and network (zip)"), f"*{SUFFIX}")],
        )
        return Path(chosen) if chosen else None

    def ask_file_to_open(self) -> Path | None:
        chosen = filedialog.askopenfilename(
            parent=self._window,
            title=_("Import who draws"),
            filetypes=[(_("Samples and network (zip)"), f"*{SUFFIX}"), (_("All files"), "*")],
        )
        return Path(chosen) if chosen else None

    def say(self, text: str, *, is_error: bool = False) -> None:
        self._tell(text, is_error=is_error)
