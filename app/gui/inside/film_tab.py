"""VIEW: the tab Film, what the network read after each step, and which digits it learnt when."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import TYPE_CHECKING

from app.gui.accessible import describe, tell_value
from app.gui.dialogs.job_watch import JobWatch
from app.gui.theme import BODY_FONT, Palette, pixels
from app.gui.widgets.digit_grid import DigitGrid
from app.gui.widgets.focus import has_keys
from app.gui.widgets.inside.learning_curve import LearningCurve
from app.gui.widgets.inside.scrolled_column import ScrolledColumn
from app.gui.widgets.scrolled import show_if
from app.jobs.job import Job
from app.language import _, unbroken
from app.page.inside.learnt_presenter import LearntPresenter
from app.page.inside.subject import Subject
from app.page.tile import Tile

if TYPE_CHECKING:
    from pathlib import Path

    from app.page.inside.compare_presenter import Choice
    from app.page.reader import Reader
    from engine.explaining.film import Film
    from engine.ink.rasterize import Ink

_ROW = 112  # px at 96 dots an inch: digits, with two lines each


class FilmTab(ttk.Frame):
    """The LearntPresenter's view; the scores are found by a job, which ends with the tab.

    Parameters
    ----------
    load : callable
        The film of a network; None if it keeps none.
    find, on_open : callable
        As the LearntPresenter takes them.
    score : callable
        Starts the job for the network that is open.
    on_put : callable
        Takes ink that is to be put on the page, and a message.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        load: Callable[[Reader], Film | None],
        find: Callable[[], Choice | None],
        on_open: Callable[[Path], object],
        score: Callable[[], Job],
        on_put: Callable[[Ink, str], None],
    ) -> None:
        super().__init__(parent, padding=pixels(parent, 6))
        self._score, self._on_put = score, on_put
        self.job: Job | None = None
        self.presenter = LearntPresenter(self, load, find=find, on_open=on_open)
        self._scrolled = ScrolledColumn(self, palette=palette)
        self._scrolled.pack(fill="both", expand=True)
        column, gap = self._scrolled.inside, pixels(self, 6)
        self.told = ttk.Label(column, font=BODY_FONT, justify="left")
        self.open_button = ttk.Button(column, command=self.presenter.open_offered)
        self.curve = LearningCurve(column, palette=palette)
        describe(self.curve, "Canvas", _("How much the network read after each step of its training"))
        self.headings: list[ttk.Label] = []
        self.grids: list[DigitGrid] = []
        self._tiles: list[Sequence[Tile]] = [(), (), ()]
        self.told.grid(row=0, sticky="ew", pady=(0, gap))
        self.open_button.grid(row=1, sticky="w", pady=(0, gap))
        self.curve.grid(row=1, sticky="ew", pady=(0, gap))
        for kind in range(3):
            heading = ttk.Label(column, font=BODY_FONT, justify="left")
            grid = DigitGrid(
                column,
                palette=palette,
                on_resize=partial(self._fill, kind),
                on_choose=partial(self.presenter.choose, kind),
            )
            grid.configure(width=pixels(self, 100), height=pixels(self, _ROW))
            heading.grid(row=2 + 2 * kind, sticky="ew")
            grid.grid(row=3 + 2 * kind, sticky="ew", pady=(0, gap))
            self.headings.append(heading)
            self.grids.append(grid)
        column.columnconfigure(0, weight=1)
        column.bind("<Configure>", lambda event: self._wrap(event.width), add=True)
        self._scrolled.listen()

    def show(self, subject: Subject) -> None:
        """Another reading of the page."""
        self.presenter.show(subject)

    def leave(self) -> None:
        """Another tab comes to the front; a job goes on."""

    def restyle(self, palette: Palette) -> None:
        self._scrolled.restyle(palette)
        for part in (self.curve, *self.grids):
            part.restyle(palette)

    # What the presenter shows

    def show_curve(self, shares: Sequence[float], ends: tuple[str, str]) -> None:
        self.curve.show(shares, ends)
        show_if(self.curve, bool(shares))

    def show_place(self, place: int) -> None:
        self.curve.mark(place)

    def show_told(self, text: str) -> None:
        self.told.configure(text=unbroken(text))
        tell_value(self.curve, text)

    def offer(self, name: str) -> None:
        self.open_button.configure(text=_("Open {name}").format(name=name))
        if not name and has_keys(self.open_button):
            self.master.focus_set()  # the tabs', where it goes on
        show_if(self.open_button, bool(name))

    def show_digits(self, kind: int, heading: str, tiles: Sequence[Tile]) -> None:
        self._tiles[kind] = tiles
        self.headings[kind].configure(text=heading)
        show_if(self.headings[kind], bool(heading))
        show_if(self.grids[kind], bool(tiles))
        self._fill(kind)

    def put_on_page(self, ink: Ink, message: str) -> None:
        self._on_put(ink, message)

    def begin(self) -> None:
        if self.job is not None:
            self.job.cancel()
        self.job = job = self._score()

        def on_end() -> None:
            if job is self.job:
                self.presenter.ended(job.error)

        JobWatch(
            self,
            job,
            on_record=lambda record: self.presenter.hear(record) if job is self.job else None,
            on_end=on_end,
        )

    def _fill(self, kind: int) -> None:
        if kind < len(self.grids):  # it is sized while the others are made
            grid = self.grids[kind]
            grid.show(self._tiles[kind][: grid.capacity])

    def _wrap(self, width: int) -> None:
        for label in (self.told, *self.headings):
            label.configure(wraplength=max(80, width - pixels(self, 4)))
