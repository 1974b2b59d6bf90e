"""The tab Film: how much a network read after each step of its training, and which digits it learnt when.

What it read of test digits is found once for each network, by a job; whoever goes through the film then
only has a mark moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from app.jobs.records import FilmScores, Progress
from app.language import N_, _, decimal
from app.page.inside.subject import Subject
from app.page.inside.why_told import SOURCES
from app.page.tile import Tile
from engine.explaining.learnt import Learnt

if TYPE_CHECKING:
    from pathlib import Path

    from app.jobs.protocol import Record
    from app.page.inside.compare_presenter import Choice
    from app.page.reader import Reader
    from engine.explaining.film import Film
    from engine.ink.rasterize import Ink

MOST = 12  # digits of each kind
FIRST, LAST, FORGOTTEN = range(3)
HEADINGS = (
    N_("Learnt first, for good:"),
    N_("Learnt last:"),
    N_("Forgotten: read right for a while, and misread in the end:"),
)
NONE = (N_("None was learnt."), N_("None was learnt."), N_("None was forgotten."))


class LearntView(Protocol):
    """What the presenter needs of the tab."""

    def show_curve(self, shares: Sequence[float], ends: tuple[str, str]) -> None:
        """A share in 0…1 for each place of the film, and what stands below the first and the last."""

    def show_place(self, place: int) -> None:
        """Mark a place of the curve."""

    def show_told(self, text: str) -> None: ...
    def offer(self, name: str) -> None:
        """Offer to open the network of this name; empty for none."""

    def show_digits(self, kind: int, heading: str, tiles: Sequence[Tile]) -> None: ...
    def put_on_page(self, ink: Ink, message: str) -> None: ...
    def begin(self) -> None:
        """Have the scores of the network that is open be found."""


class LearntPresenter:
    """Follows the subject and the place of the film; the person puts digits on the page.

    Parameters
    ----------
    load : callable
        The film that a network keeps; None if it keeps none.
    find : callable
        Another network that keeps one; None if there is none.
    on_open : callable
        Takes the network that is to read.
    """

    def __init__(
        self,
        view: LearntView,
        load: Callable[[Reader], Film | None],
        *,
        find: Callable[[], Choice | None],
        on_open: Callable[[Path], object],
    ) -> None:
        self._view, self._load, self._find, self._on_open = view, load, find, on_open
        self._offered: Path | None = None
        self._reader: Reader | None = None
        self._film: Film | None = None
        self._scores: FilmScores | None = None
        self._learnt: Learnt | None = None
        self._shares: Any = ()
        self._place = 0
        self._digits: dict[int, list[int]] = {}  # those that are shown, by their kind

    def show(self, subject: Subject) -> None:
        """Another reading; with another network its scores have to be found."""
        if subject.half is not None:
            self._forget()
            self._view.show_told(_("A half-trained network has no film yet: it is kept when it has learnt."))
        elif subject.is_whole and subject.reader is not self._reader:
            self._forget()
            self._reader, self._film = subject.reader, self._load(subject.reader)
            if self._film is None:
                self._tell_of_another()
            else:
                self._place = len(self._film)
                self._tell_progress(0.0)
                self._view.begin()

    def open_offered(self) -> None:
        """Let the network read that is offered."""
        if self._offered is not None:
            self._on_open(self._offered)

    def hear(self, record: Record) -> None:
        """What the job tells."""
        if self._film is None:
            return
        if isinstance(record, Progress):
            self._tell_progress(record.share)
        elif isinstance(record, FilmScores) and len(record.answers) == len(self._film) + 1:
            self._scores = record
            self._learnt = Learnt(record.labels, record.answers)
            self._shares = self._learnt.shares
            self._view.show_curve(
                self._shares.tolist(), (_("step {step}").format(step=self._step(0)), _("as saved"))
            )
            self._show_digits()
            self._show_place()

    def ended(self, problem: str) -> None:
        """The job has ended: in a problem, or it has told all there is."""
        if self._scores is None and self._film is not None:
            self._view.show_told(
                problem
                or _("There are no test digits at hand to read by the film. Network > Evaluate gets MNIST.")
            )

    def go_to(self, place: int) -> None:
        """The film stands at a place."""
        self._place = place
        if self._learnt is not None:
            self._show_place()

    def choose(self, kind: int, place: int) -> None:
        """Put a digit that is shown on the page."""
        if self._scores is not None and place < len(self._digits.get(kind, ())):
            digit = self._digits[kind][place]
            ink = self._scores.images[digit].astype(np.float32) / np.float32(255)
            self._view.put_on_page(ink, self._caption(kind, digit).replace("\n", " "))

    def _forget(self) -> None:
        self._reader = self._film = self._scores = self._learnt = None
        self._digits = {}
        self._offer(None)
        self._view.show_curve((), ("", ""))
        for kind in range(3):
            self._view.show_digits(kind, "", ())

    def _tell_of_another(self) -> None:
        other = self._find()
        if other is None:
            told = _("This network keeps no film of its training. One that you train here does.")
        else:
            told = _(
                "This network keeps no film of its training, but {name} does: open that to see how it learnt."
            ).format(name=other[0])
        self._view.show_told(told)
        self._offer(other)

    def _offer(self, other: Choice | None) -> None:
        name, self._offered = other or ("", None)
        self._view.offer(name)

    def _tell_progress(self, share: float) -> None:
        self._view.show_told(
            _("Test digits are read by each picture of the film, once: {percent} %.").format(
                percent=decimal(100 * share)
            )
        )

    def _show_place(self) -> None:
        assert self._scores is not None
        place = min(self._place, len(self._shares) - 1)
        self._view.show_place(place)
        name = self._scores.source
        told = {
            "percent": decimal(100 * self._shares[place], 1),
            "count": decimal(len(self._scores.labels)),
            "source": _(SOURCES[name]) if name in SOURCES else name,
        }
        if place + 1 == len(self._shares):
            text = _("As it was saved, it reads {percent} % of {count} test digits: {source}.")
        else:
            text = _("After step {step} it read {percent} % of {count} test digits: {source}.")
            told["step"] = self._step(place)
        self._view.show_told(text.format(**told))

    def _show_digits(self) -> None:
        learnt = self._learnt
        assert learnt is not None and self._scores is not None
        found = {FIRST: learnt.first(MOST), LAST: learnt.last(MOST), FORGOTTEN: learnt.forgotten(MOST)}
        for kind, digits in found.items():
            self._digits[kind] = digits.tolist()
            tiles = [
                Tile(
                    self._scores.images[digit].tobytes(),
                    28,
                    28,
                    self._caption(kind, digit),
                    kind != FORGOTTEN,
                )
                for digit in self._digits[kind]
            ]
            self._view.show_digits(kind, _(HEADINGS[kind]) if tiles else _(NONE[kind]), tiles)

    def _caption(self, kind: int, digit: int) -> str:
        assert self._learnt is not None
        is_what = int(self._learnt.labels[digit])
        if kind == FORGOTTEN:
            return _("{digit} until step {step},\nnow read as {answer}").format(
                digit=is_what,
                step=self._step(self._learnt.until(digit)),
                answer=int(self._learnt.answers[-1, digit]),
            )
        since = int(self._learnt.since[digit])
        assert self._film is not None
        if since == len(self._film):
            return _("{digit}\nin the end").format(digit=is_what)
        return _("{digit}\nfrom step {step}").format(digit=is_what, step=self._step(since))

    def _step(self, place: int) -> str:
        """After how many steps a picture of the film was taken."""
        assert self._film is not None
        return decimal(int(self._film.steps[place]))
