"""VIEW: a slider over the training, at the foot of the panel; the whole window follows it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from app.gui.accessible import tell_value
from app.gui.theme import pixels
from app.gui.widgets.tooltip import attach
from app.language import _
from app.page.inside.film_presenter import FRAME_MS, FilmPresenter
from app.page.inside.subject import Subject

if TYPE_CHECKING:
    from app.page.reader import Reader
    from engine import Network
    from engine.explaining.film import Film


class FilmBar(ttk.Frame):
    """The FilmPresenter's view; it is packed only where the network keeps a film.

    Parameters
    ----------
    load : callable
        The film of a network; None if it keeps none.
    on_read : callable
        Takes the network that is to read, None for the one that is open.
    on_save : callable
        The person wants the film of the drawing as a file.
    on_place : callable
        Takes the place that the film stands at.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        load: Callable[[Reader], Film | None],
        on_read: Callable[[Network | None], None],
        on_save: Callable[[], None],
        on_place: Callable[[int], None],
    ) -> None:
        super().__init__(parent)
        self._on_read, self._on_place = on_read, on_place
        self._due: str | None = None
        self._is_telling = False
        self.presenter = FilmPresenter(self, load)
        gap = pixels(self, 6)
        self.play_button = ttk.Button(self, text=_("Play"), command=self.presenter.play)
        self.slider = ttk.Scale(self, command=self._on_slide)
        self.told = ttk.Label(self)
        self.play_button.grid(row=0, column=0, padx=(0, gap))
        self.slider.grid(row=0, column=1, sticky="ew")
        self.save_button = ttk.Button(self, text=_("Save…"), command=on_save)
        self.save_button.grid(row=0, column=2, padx=(gap, 0))
        attach(self.save_button, _("Save as a GIF what was read in the drawing while the network learnt"))
        self.told.grid(row=1, column=0, columnspan=3, sticky="w")
        self.columnconfigure(1, weight=1)
        attach(self.play_button, _("Show how the network learnt: all of the window follows"))

    def show(self, subject: Subject) -> None:
        """Another reading of the page."""
        self.presenter.show(subject)

    def destroy(self) -> None:
        if self._due is not None:
            self.after_cancel(self._due)
        super().destroy()

    # What the presenter shows

    def show_length(self, count: int) -> None:
        if count:
            self.slider.configure(from_=0, to=count - 1)
            self.pack(
                side="bottom", fill="x", pady=(pixels(self, 6), 0), before=self.master.winfo_children()[0]
            )
        else:
            self.pack_forget()

    def show_place(self, place: int, told: str, *, is_playing: bool) -> None:
        self._is_telling = True
        self.slider.set(place)
        self._is_telling = False
        self.told.configure(text=told)
        tell_value(self.slider, told)
        self._on_place(place)
        self.play_button.configure(text=_("Stop") if is_playing else _("Play"))

    def read_by(self, network: Network | None) -> None:
        self._on_read(network)

    def next_picture(self, work: Callable[[], None]) -> None:
        def do() -> None:
            self._due = None
            work()

        if self._due is not None:
            self.after_cancel(self._due)
        self._due = self.after(FRAME_MS, do)

    def _on_slide(self, value: str) -> None:
        if not self._is_telling:
            self.presenter.go_to(round(float(value)))
