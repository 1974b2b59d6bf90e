"""The tab Why: what speaks for the answer, which digits are near, and what would make it another.

Examples first, strokes before pixels. It looks once the pen rests; the search for a change runs in slices,
so that the window answers in between, and ends with the next stroke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from app.language import _, decimal
from app.page.inside.arithmetic_told import number
from app.page.inside.change_lines import lines_of_change
from app.page.inside.map_picture import Colours, shades_of
from app.page.inside.subject import Strokes, Subject
from app.page.inside.why_told import (
    change_told,
    evidence_told,
    neighbour_told,
    no_change_told,
    question_told,
    stroke_told,
)
from app.page.reader import to_bytes
from app.page.tile import Tile
from engine.explaining.attribution import Question, contributions, strokes_left_out
from engine.explaining.edits import Edit, Reader, edit_search
from engine.explaining.neighbours import DigitIndex
from engine.ink.preprocessing import FRAME, frame
from engine.ink.rasterize import Strokes as EditedStrokes
from engine.ink.rasterize import stroke_ink
from engine.machine.threads import one_blas_thread
from engine.reading.rejection import evidence

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

AT_ONCE = 24  # edits that are tried in a slice: some 10 ms


@dataclass(frozen=True)
class TintedStroke:
    """A stroke, and how much it speaks for the answer: from -1, against it, to 1."""

    points: Sequence[Point]
    worth: float


class WhyView(Protocol):
    """What the presenter needs of the tab."""

    def show_question(self, told: str, digit: int | None, versus: int | None) -> None: ...
    def show_evidence(self, text: str) -> None: ...
    def show_nearest(self, tiles: Sequence[Tile], told: str) -> None: ...
    def show_strokes(self, strokes: Sequence[TintedStroke], told: Sequence[str]) -> None: ...
    def show_pixels(self, pixels: bytes | None, told: str) -> None:
        """FRAME x FRAME pixels of red, green and blue; None for none."""

    def show_change(self, told: str, *, can_take: bool) -> None: ...
    def show_on_page(self, lines: Sequence[Sequence[Point]]) -> None:
        """Show dotted lines over the drawing."""

    def put_in_place(self, strokes: Strokes) -> None:
        """Put these strokes where those are that are explained."""

    def rest(self, work: Callable[[], None]) -> None:
        """Call back once the pen has rested for a moment; a later call takes the place of an earlier one."""

    def later(self, work: Callable[[], None]) -> None:
        """Call back once what the person does has been answered."""


class WhyPresenter:
    """Follows the subject; the person asks about other digits, for pixels, and for a change.

    Parameters
    ----------
    index : callable
        The digits that drawings are compared with; None while they are being made.
    second : callable
        Another network, which must agree to every change.
    confirms : callable
        Whether strokes are read as a digit by all that reads a page.
    """

    def __init__(
        self,
        view: WhyView,
        *,
        index: Callable[[], DigitIndex | None],
        second: Callable[[], Reader | None],
        confirms: Callable[[EditedStrokes, int], bool],
    ) -> None:
        self._view = view
        self._index, self._second, self._confirms = index, second, confirms
        self._subject: Subject | None = None
        self._colours = Colours("#b35806", "#ffffff", "#1f5fa8", "#e3e3e3", "#fafafa")
        self._logits: Any = None  # (1, 10)
        self._asked: tuple[int, int] | None = (
            None  # what the person asks; else the first and the second in order
        )
        self._pending: int | None = None  # the first of two bars
        self._shows_pixels = False
        self._wanted: int | None = None  # the digit that it is to become
        self._search: Iterator[Edit | None] | None = None
        self._change: Edit | None = None

    def show(self, subject: Subject) -> None:
        """Another reading: look at it as soon as the pen rests."""
        if self._subject is not None and _is_same(self._subject, subject):
            return
        self._subject = subject
        self._asked = self._pending = self._wanted = None
        self._forget_change()
        if subject.image is None:
            self._logits = None
            self._show_nothing()
        else:
            self._view.rest(self.look)

    def leave(self) -> None:
        """Another tab comes to the front: nothing is looked for any more."""
        self._forget_change()
        self._subject = self._logits = None

    def set_colours(self, colours: Colours) -> None:
        self._colours = colours
        if self._logits is not None:
            self._show_pixels()

    @property
    def question(self) -> tuple[int, int] | None:
        """Why this digit and not that one; None where nothing is drawn."""
        if self._logits is None:
            return None
        order = np.argsort(-self._logits[0], kind="stable")
        return self._asked or (int(order[0]), int(order[1]))

    def ask(self, digit: int, versus: int) -> None:
        """Why this digit and not that one?"""
        if self._logits is not None and digit != versus:
            self._asked = digit, versus
            self._explain()

    def choose_bar(self, digit: int) -> None:
        """A click on a bar asks why not that digit; a second one, why the first and not that."""
        question = self.question
        if question is None:
            return
        if self._pending is not None and self._pending != digit:
            first, self._pending = self._pending, None
            self.ask(first, digit)
        else:
            self._pending = digit
            answer = int(self._logits[0].argmax())
            if digit != answer:
                self.ask(answer, digit)

    def show_pixels(self, is_on: bool) -> None:
        """Show what each pixel adds, or not."""
        self._shows_pixels = is_on
        self._show_pixels()

    def become(self, digit: int) -> None:
        """Look for the smallest change that makes it this digit."""
        self._forget_change()
        subject = self._subject
        if subject is None or self._logits is None:
            return
        if not self._has_strokes(subject):
            self._view.show_change(_("A picture cannot be changed stroke by stroke."), can_take=False)
            return
        if digit == int(self._logits[0].argmax()) and subject.reading.is_digit:
            self._view.show_change(_("It is read as {digit} already.").format(digit=digit), can_take=False)
            return
        self._wanted = digit
        reader = Reader(subject.reader.network, subject.reader.confidence)

        def confirms(strokes: EditedStrokes, digit: int) -> bool:
            """Whether it could be drawn, and a page of it alone is read so."""
            return _is_on_page(strokes) and (subject.count > 1 or self._confirms(strokes, digit))

        self._search = search = edit_search(
            reader, subject.strokes, [digit], second=self._second(), confirms=confirms, at_once=AT_ONCE
        )
        self._view.show_change(
            _("Looking for a change that makes it a {digit}…").format(digit=digit), can_take=False
        )
        self._view.later(lambda: self._search_on(search))

    def take(self) -> None:
        """Put the change on the page; undo takes it back."""
        if self._change is not None:
            strokes = self._change.strokes
            self._forget_change()
            self._view.put_in_place(strokes)

    def _search_on(self, search: Iterator[Edit | None]) -> None:
        if search is not self._search or self._wanted is None:  # the drawing is another by now
            return
        try:
            found = next(search)
        except StopIteration:
            self._search = None
            self._view.show_change(no_change_told(self._wanted), can_take=False)
            return
        if found is None:
            self._view.later(lambda: self._search_on(search))
            return
        self._search, self._change = None, found
        self._view.show_change(change_told(found), can_take=True)
        assert self._subject is not None
        self._view.show_on_page(lines_of_change(found, self._subject.strokes))

    def _forget_change(self) -> None:
        self._search = self._change = self._wanted = None
        self._view.show_change("", can_take=False)
        self._view.show_on_page(())

    def _show_nothing(self) -> None:
        assert self._subject is not None
        self._view.show_question(self._subject.told, None, None)
        self._view.show_evidence("")
        self._view.show_nearest((), "")
        self._view.show_strokes((), ())
        self._view.show_pixels(None, "")

    def look(self) -> None:
        """At the drawing, which has come to rest."""
        if self._subject is None or self._subject.image is None:
            return
        with one_blas_thread():
            self._logits = self._subject.reader.network.logits(self._subject.image[None])
        self._explain()

    def _explain(self) -> None:
        subject, question = self._subject, self.question
        assert subject is not None and question is not None
        self._view.show_question(f"{subject.told} {question_told(*question)}", *question)
        rejection = subject.reader.confidence.rejection
        if subject.reading.from_memory:
            self._view.show_evidence(
                _("It is read from memory, as it was taught. Below is what the network itself makes of it.")
            )
        elif subject.reading.is_digit or rejection is None:
            self._view.show_evidence("")
        else:
            digit = int(self._logits[0].argmax())
            shown = float(evidence(self._logits)[0])
            self._view.show_evidence(evidence_told(shown, rejection.least_evidence, digit))
        self._show_strokes(subject, question)
        self._show_pixels()
        self._view.later(lambda: self._show_nearest(subject))  # they may have to be looked up first

    def look_for_nearest(self) -> None:
        """The digits to compare with are there now."""
        if self._subject is not None and self._logits is not None:
            self._show_nearest(self._subject)

    def _show_nearest(self, subject: Subject) -> None:
        question = self.question
        if subject is not self._subject or question is None:
            return
        if not subject.is_whole:
            told = (
                _("The nearest digits are of the network as it is saved, with all maps on.")
                if subject.half is None
                else _("The nearest digits are found when a network has learnt; this one is half-trained.")
            )
            self._view.show_nearest((), told)
            return
        index = self._index()
        if index is None:
            self._view.show_nearest((), _("The digits to compare with are being gathered, once."))
            return
        with one_blas_thread():
            found = index.nearest(subject.reader.network, subject.image, question)
        tiles = [
            Tile(to_bytes(one.image), FRAME, FRAME, neighbour_told(one.digit, one.source), True)
            for one in found
        ]
        places = ", ".join(f"{one.digit} ({decimal(one.distance, 2)})" for one in found)
        self._view.show_nearest(
            tiles, _("The nearest digits, and how far they are: {places}.").format(places=places)
        )

    def _show_strokes(self, subject: Subject, question: tuple[int, int]) -> None:
        if not self._has_strokes(subject):
            self._view.show_strokes((), [_("This was read as a picture: it has pixels, no strokes.")])
            return
        reader = subject.reader
        with one_blas_thread():
            found = strokes_left_out(reader.network, reader.confidence, subject.strokes, Question(*question))
        largest = max((abs(one.worth) for one in found), default=0.0) or 1.0
        tinted = [
            TintedStroke(stroke, one.worth / largest)
            for stroke, one in zip(subject.strokes, found, strict=True)
        ]
        self._view.show_strokes(tinted, [stroke_told(one, *question) for one in found])

    def _show_pixels(self) -> None:
        question, subject = self.question, self._subject
        if not self._shows_pixels or question is None or subject is None:
            self._view.show_pixels(None, "")
            return
        found = contributions(subject.reader.network, subject.image, Question(*question))
        told = _(
            "What the pixels add to the evidence makes {total}: from {blank} of blank paper to {evidence}. "
            "Blue speaks for {digit}, orange for {versus}."
        ).format(
            total=number(found.total),
            blank=number(found.blank),
            evidence=number(found.evidence),
            digit=question[0],
            versus=question[1],
        )
        self._view.show_pixels(shades_of(found.pixels, self._colours, 1), told)

    def _has_strokes(self, subject: Subject) -> bool:
        """Whether the image is that of its strokes: of a stroke that two digits share it is not."""
        if not subject.strokes:
            return False
        seen = frame(stroke_ink(subject.strokes))
        return seen is not None and np.array_equal(seen, subject.image)


def _is_on_page(strokes: EditedStrokes) -> bool:
    return all(0 <= place <= 1 for stroke in strokes for point in stroke for place in point)


def _is_same(before: Subject, now: Subject) -> bool:
    if before.reader is not now.reader or before.count != now.count or before.place != now.place:
        return False
    if before.image is None or now.image is None:
        return before.image is now.image
    return np.array_equal(before.image, now.image) and before.reading == now.reading
