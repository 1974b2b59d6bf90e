"""Help > Tour in the window: its strip, and what the presenter looks at."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.gui.accessible import tell_value
from app.gui.theme import Palette
from app.gui.widgets.tour_strip import TourStrip
from app.page.controller import Controller
from app.page.strip import TourPage
from app.page.tour import Sight, TourPresenter

LOOK_MS = 200  # between two looks at what the person has done


class TourDesk:
    """The TourPresenter's view.

    Parameters
    ----------
    inside : callable
        What of a Sight is of View > Inside: its tab, whether that has arithmetic, and whether the network
        reads as it was.
    open_tab : callable
        Takes the tab of View > Inside that is to be in front.
    leave : callable
        Called when the tour is closed: the page is to have the keys.
    """

    def __init__(
        self,
        window: tk.Tk,
        controller: Controller,
        *,
        palette: Palette,
        inside: Callable[[], tuple[str, bool, bool]],
        open_tab: Callable[[str], None],
        leave: Callable[[], None],
    ) -> None:
        self._window, self._controller, self._palette = window, controller, palette
        self._inside, self._open_tab, self._leave = inside, open_tab, leave
        self._next_look: str | None = None
        self.presenter = TourPresenter(self)

    def bind_keys(self, place: tk.Tk | tk.Toplevel) -> None:
        """Have its pages turned by the keys in this window."""
        for key, turn in (("Prior", self.presenter.go_back), ("Next", self.presenter.go_on)):
            place.bind(f"<Control-{key}>", lambda event, turn=turn: turn())  # type: ignore[misc]

    def make_strip(self, parent: tk.Misc) -> TourStrip:
        """A strip in the language that is spoken, in the place of the one before."""
        self.strip = TourStrip(
            parent,
            palette=self._palette,
            on_back=self.presenter.go_back,
            on_next=self.presenter.go_on,
            on_close=self.presenter.close,
        )
        return self.strip

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        self.strip.restyle(palette)
        self.presenter.show_again()

    def end(self) -> None:
        """The window closes."""
        if self._next_look is not None:
            self._window.after_cancel(self._next_look)
            self._next_look = None

    # What the presenter shows

    def show_page(self, page: TourPage | None) -> None:
        was_open = self._next_look is not None
        self.strip.show(page)
        if page is not None:
            tell_value(self.strip.text, f"{page.title} {page.text}")
        if page is None:
            self.end()
            if was_open:
                self._leave()
        elif not was_open:
            self._next_look = self._window.after(LOOK_MS, self._look)

    def open_tab(self, tab: str) -> None:
        self._open_tab(tab)

    def _look(self) -> None:
        self._next_look = self._window.after(LOOK_MS, self._look)
        controller = self._controller
        reading = controller.subject.reading
        tab, has_arithmetic, is_earlier = self._inside()
        self.presenter.look(
            Sight(
                reading.digit if reading.is_digit else None,
                reading.ink if reading.is_drawn else b"",
                controller.stroke_count,
                controller.is_stroke_underway,
                reading.from_memory,
                tab,
                has_arithmetic,
                is_earlier,
            )
        )
