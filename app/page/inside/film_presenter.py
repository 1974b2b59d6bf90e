"""The film of the training: what the network would have read after each step that was kept.

Every part of the window follows, for the page is read anew by the network as it was then.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Protocol

from app.language import _, decimal
from app.page.inside.subject import Subject

if TYPE_CHECKING:
    from app.page.reader import Reader
    from engine import Network
    from engine.explaining.film import Film

FRAME_MS = 150  # from picture to picture while it plays


class FilmView(Protocol):
    """What the presenter needs of the bar."""

    def show_length(self, count: int) -> None:
        """There are places 0 to count - 1 to go to, the last of them the network as it is; 0 for no film."""

    def show_place(self, place: int, told: str, *, is_playing: bool) -> None: ...
    def read_by(self, network: Network | None) -> None:
        """Have the page read by the network as it was, None for as it is."""

    def next_picture(self, work: Callable[[], None]) -> None:
        """Call back in FRAME_MS."""


class FilmPresenter:
    """Follows the subject; the person goes to a place of the film, and plays it.

    Parameters
    ----------
    load : callable
        The film that a network keeps; None if it keeps none.
    """

    def __init__(self, view: FilmView, load: Callable[[Reader], Film | None]) -> None:
        self._view, self._load = view, load
        self._reader: Reader | None = None  # the network as it is
        self._film: Film | None = None
        self._place = 0
        self._is_playing = False
        self._runs = 0  # how often it was started or stopped: a call back of an older run does nothing

    def show(self, subject: Subject) -> None:
        """Another reading; with another network another film, and none while a network learns."""
        if subject.half is not None:
            if self._reader is not None:
                self._reader = self._film = None
                self._set_playing(False)
                self._view.show_length(0)
            return
        if subject.is_whole and subject.reader is not self._reader:
            self._reader = subject.reader
            self._film = self._load(subject.reader)
            self._place = self._last
            self._view.show_length(0 if self._film is None else len(self._film) + 1)
            self._set_playing(False)
            self._tell()

    def go_to(self, place: int) -> None:
        """Show a place of the film, and stay there."""
        self._set_playing(False)
        self._show(place)

    def play(self) -> None:
        """Go on from here to the end, from the end from the beginning; a second time it stops."""
        self._set_playing(not self._is_playing and self._film is not None)
        if self._is_playing:
            self._show(0 if self._place == self._last else self._place)
            self._play_on(self._runs)
        else:
            self._tell()

    def _set_playing(self, is_playing: bool) -> None:
        self._is_playing = is_playing
        self._runs += 1

    def _play_on(self, run: int) -> None:
        def show_next() -> None:
            if run != self._runs:
                return
            if self._place + 1 >= self._last:
                self._set_playing(False)
            self._show(self._place + 1)
            if self._is_playing:
                self._play_on(run)

        self._view.next_picture(show_next)

    @property
    def _last(self) -> int:
        return 0 if self._film is None else len(self._film)

    def _show(self, place: int) -> None:
        film, reader = self._film, self._reader
        if film is None or reader is None:
            return
        self._place = min(max(place, 0), self._last)
        if self._place == self._last:
            self._view.read_by(None)
        else:
            network = deepcopy(reader.network)
            film.show(self._place, network)
            self._view.read_by(network)
        self._tell()

    def _tell(self) -> None:
        film = self._film
        if film is None:
            return
        if self._place == self._last:
            told = _("As it was saved")
        else:
            told = _("Step {step}, epoch {epoch}").format(
                step=decimal(int(film.steps[self._place])), epoch=decimal(int(film.epochs[self._place]))
            )
        self._view.show_place(self._place, told, is_playing=self._is_playing)
