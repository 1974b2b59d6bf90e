"""How the window looks, as View says: light or dark, how large everything is, and the language it speaks."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app import language
from app.gui.actions import AS_THE_SYSTEM
from app.gui.system_theme import SystemTheme
from app.gui.theme import Palette, apply_theme, set_zoom
from app.store.settings import ZOOMS, Settings

_OFTEN_MS, _SELDOM_MS = 20, 1000  # between looks for what the system says, until it has answered and then


class Appearance:
    """What is chosen of it, and the palette that follows.

    Parameters
    ----------
    settings, remember
        What is remembered, and what changes some of it.
    on_theme : callable
        Everything takes the colours of `palette`.
    on_change : callable
        Everything is to be made anew, by another size or in another language.
    """

    def __init__(
        self,
        window: tk.Tk,
        *,
        settings: Callable[[], Settings],
        remember: Callable[..., None],
        on_theme: Callable[[], None],
        on_change: Callable[[], None],
    ) -> None:
        self._window, self._settings, self._remember = window, settings, remember
        self._on_theme, self._on_change = on_theme, on_change
        chosen = settings()
        self._system_theme: SystemTheme | None = None
        self._next_look: str | None = None
        if chosen.theme == AS_THE_SYSTEM:  # it has time to answer while the window is built
            self._system_theme = SystemTheme()
        self.theme = tk.StringVar(window, chosen.theme)
        self.language = tk.StringVar(window, chosen.language or AS_THE_SYSTEM)
        set_zoom(window, chosen.zoom)
        self._shown_theme = "dark" if chosen.theme == "dark" else "light"
        self.palette: Palette = apply_theme(window, self._shown_theme)

    def choose_theme(self) -> None:
        """Look as the variable `theme` says."""
        chosen = self.theme.get()
        self.end()
        if chosen == AS_THE_SYSTEM:
            self._system_theme = SystemTheme()
            self.follow_system()
        else:
            self._show_theme(chosen)
        self._remember(theme=chosen)

    def follow_system(self, looks_soon: int = 100) -> None:
        """Look like the system, as soon as it has answered and whenever that changes.

        The first answer is looked for often, but no more than so many times.
        """
        if self._system_theme is None:
            return
        theme = self._system_theme.theme
        if theme is not None:
            self._show_theme(theme)
            looks_soon = 0
        self._next_look = self._window.after(
            _OFTEN_MS if looks_soon else _SELDOM_MS, self.follow_system, max(0, looks_soon - 1)
        )

    def end(self) -> None:
        """Ask the system no more."""
        if self._system_theme is not None:
            self._system_theme.close()
            self._system_theme = None
        if self._next_look is not None:
            self._window.after_cancel(self._next_look)
            self._next_look = None

    def _show_theme(self, theme: str) -> None:
        if theme != self._shown_theme:
            self._shown_theme = theme
            self.palette = apply_theme(self._window, theme)
            self._on_theme()

    def zoom_by(self, steps: int) -> None:
        place = ZOOMS.index(self._settings().zoom) + steps
        self.zoom_to(ZOOMS[max(0, min(place, len(ZOOMS) - 1))])

    def zoom_to(self, percent: int) -> None:
        if percent != self._settings().zoom:
            self._remember(zoom=percent)
            set_zoom(self._window, percent)
            self.palette = apply_theme(self._window, self._shown_theme)
            self._on_change()

    def choose_language(self) -> None:
        """Speak as the variable `language` says."""
        code = None if self.language.get() == AS_THE_SYSTEM else self.language.get()
        language.speak(code)
        self._on_change()
        self._remember(language=code)
