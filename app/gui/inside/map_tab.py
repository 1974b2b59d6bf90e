"""VIEW: the tab Map, in which the drawing moves among digits."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from app.gui.accessible import tell_value
from app.gui.dialogs.job_watch import JobWatch
from app.gui.theme import BODY_FONT, Palette, pixels, screen_scale
from app.gui.widgets.inside.digit_plane import DigitPlane
from app.jobs.job import Job
from app.language import _, unbroken
from app.page.inside.map_presenter import MapPresenter, Pixels
from app.page.inside.subject import Subject

if TYPE_CHECKING:
    from app.page.reader import Reader
    from engine.explaining.digit_map import DigitMap
    from engine.ink.rasterize import Ink


class MapTab(ttk.Frame):
    """The MapPresenter's view; a map that is not there yet is made by a job, once for each network.

    Parameters
    ----------
    load : callable
        The map of the network that reads; None if it has to be made.
    make : callable
        Starts the job that makes it.
    on_put : callable
        Takes ink that is to be put on the page, and a message.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        load: Callable[[], DigitMap | None],
        make: Callable[[], Job],
        on_put: Callable[[Ink, str], None],
    ) -> None:
        super().__init__(parent, padding=pixels(parent, 6))
        self._load, self._make, self._on_put = load, make, on_put
        self.job: Job | None = None
        self._made_for: Reader | None = None
        self._subject: Subject | None = None
        self.presenter = MapPresenter(self, load)
        self.plane = DigitPlane(
            self,
            palette=palette,
            on_room=lambda side: self.presenter.set_room(side, screen_scale(self)),
            on_zoom=self.presenter.zoom,
            on_move=self.presenter.move,
            on_mark=self.presenter.mark_beside,
            on_point=self.presenter.point_at,
            on_choose=self.presenter.choose,
        )
        self.told = ttk.Label(self, font=BODY_FONT, justify="left")
        self.plane.pack(side="top", fill="both", expand=True)
        self.told.pack(side="bottom", fill="x", pady=(pixels(parent, 6), 0), before=self.plane)
        self.bind("<Configure>", lambda event: self.told.configure(wraplength=max(80, event.width - 16)))

    def show(self, subject: Subject) -> None:
        """Another reading of the page."""
        self._subject = subject
        if subject.is_whole and self._load() is None:
            self._make_it()
        else:
            self.presenter.show(subject)

    def leave(self) -> None:
        """Another tab comes to the front; a map that is being made goes on."""

    def restyle(self, palette: Palette) -> None:
        self.plane.restyle(palette)

    # What the presenter shows

    def show_map(self, ink: bytes, side: int) -> None:
        self.plane.show_map(ink, side)

    def show_place(self, place: Pixels | None, trail: Sequence[Pixels]) -> None:
        self.plane.show_place(place, trail)

    def show_mark(self, place: Pixels | None) -> None:
        self.plane.show_mark(place)

    def show_told(self, text: str) -> None:
        self.told.configure(text=unbroken(text))
        tell_value(self.plane, text)

    def put_on_page(self, ink: Ink, message: str) -> None:
        self._on_put(ink, message)

    def _make_it(self) -> None:
        assert self._subject is not None
        if self._made_for is not self._subject.reader:  # of one that failed the reason stays
            self._made_for = self._subject.reader
            self.show_told(_("The map of this network is being made. It takes half a minute, and is kept."))
            self.job = self._make()
            JobWatch(self, self.job, on_record=lambda record: None, on_end=self._made)

    def _made(self) -> None:
        assert self.job is not None
        if self.job.state == "failed":
            self.show_told(self.job.error)
        elif self.job.state == "done" and self._load() is None:
            self.show_told(_("The map was made, but there is no place where it could be kept."))
        elif self._subject is not None:
            self.presenter.show(self._subject)
