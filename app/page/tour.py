"""Help > Tour: five things to do with one's own drawing, each told, and noticed when it is done.

Nothing waits for it: the person may go on, back, or do something else at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.language import N_, _, decimal
from app.page.strip import TourPage

LAYERS, WHY, MAP = "layers", "why", "map"  # tabs of View > Inside


@dataclass(frozen=True)
class Sight:
    """What the person has before them, as far as the tour looks at it."""

    digit: int | None = None  # that is read; None of an empty page, or of what is no digit
    ink: bytes = b""  # as the network gets it
    strokes: int = 0
    is_underway: bool = False  # the pen is down
    is_from_memory: bool = False  # what is read was taught
    tab: str = ""  # of View > Inside that is in front; "" while that is closed
    has_arithmetic: bool = False  # of a number, in the layers
    is_earlier: bool = False  # the network reads as it was in its training


@dataclass(frozen=True)
class TourStep:
    """What there is to do, in which tab, and whether it is done by what was before and what is now."""

    title: str
    text: str
    tab: str
    is_done: Callable[[Sight, Sight], bool]


STEPS = (
    TourStep(
        N_("Draw a 7"),
        N_(
            "Draw a 7 on the page: with mouse, pen or finger, or by the arrow keys and the space bar. "
            "The answer and the bars follow while you draw, and say how sure the network is of each digit."
        ),
        "",
        lambda before, now: now.digit == 7 and not now.is_underway,
    ),
    TourStep(
        N_("Look inside"),
        N_(
            "Each row is a layer, and shows what it makes of your 7, down to the ten numbers of the answer. "
            "Rest on a number to see what it looks at. Click one, or go there by the arrow keys and press "
            "Return, for its arithmetic."
        ),
        LAYERS,
        lambda before, now: now.tab == LAYERS and now.has_arithmetic,
    ),
    TourStep(
        N_("Ask why, and leave a stroke out"),
        N_(
            "Draw a bar through the 7. A line now says what would be read without each stroke. Try it: take "
            "a stroke off by Undo or by the Eraser, and see whether that was true."
        ),
        WHY,
        lambda before, now: now.tab == before.tab == WHY and 0 < now.strokes < before.strokes,
    ),
    TourStep(
        N_("See what it is like"),
        N_(
            "Here those digits lie side by side that the network finds alike, and the dot is your drawing. "
            "Draw on, and it moves. If there is a slider below, Play shows what the network would have read "
            "while it learnt; if not, the tab Film says how to get one."
        ),
        MAP,
        lambda before, now: (now.tab == before.tab == MAP and now.ink != before.ink) or now.is_earlier,
    ),
    TourStep(
        N_("Tell it when it is wrong"),
        N_(
            "Draw a digit that it misreads, or one of your own kind. Press the digit's key, 0 to 9, or minus "
            "where it is none: that is remembered at once, and read so from now on. Network > Forget the "
            "last lesson takes it back."
        ),
        "",
        lambda before, now: now.is_from_memory,
    ),
)


class TourView(Protocol):
    """What the presenter needs of the window."""

    def show_page(self, page: TourPage | None) -> None:
        """None: there is no tour."""

    def open_tab(self, tab: str) -> None:
        """Have this tab of View > Inside in front."""


class TourPresenter:
    """Goes through the steps; `look` is called whenever the person may have done something."""

    def __init__(self, view: TourView) -> None:
        self._view = view
        self._place: int | None = None  # of the step; None while there is no tour
        self._done: set[int] = set()
        self._before: Sight | None = None

    @property
    def is_open(self) -> bool:
        return self._place is not None

    def begin(self) -> None:
        """At the first step, whatever was done in a tour before."""
        self._done = set()
        self._go_to(0)

    def close(self) -> None:
        self._place = None
        self._view.show_page(None)

    def go_on(self) -> None:
        if self._place is not None and self._place + 1 < len(STEPS):
            self._go_to(self._place + 1)

    def go_back(self) -> None:
        if self._place:
            self._go_to(self._place - 1)

    def look(self, now: Sight) -> None:
        """Notice a step that is done."""
        before, self._before = self._before, now
        place = self._place
        if place is not None and place not in self._done and STEPS[place].is_done(before or now, now):
            self._done.add(place)
            self.show_again()

    def show_again(self) -> None:
        """Show the step as it is, in a window that was built anew too."""
        place = self._place
        if place is None:
            self._view.show_page(None)
            return
        is_done = place in self._done
        title = (
            _("Tour, {place} of {count}: {title}") if not is_done else _("Tour, {place} of {count}: done ✓")
        )
        self._view.show_page(
            TourPage(
                title.format(
                    place=decimal(place + 1), count=decimal(len(STEPS)), title=_(STEPS[place].title)
                ),
                _(STEPS[place].text),
                is_done,
                place > 0,
                place + 1 < len(STEPS),
            )
        )

    def _go_to(self, place: int) -> None:
        self._place, self._before = place, None
        if STEPS[place].tab:
            self._view.open_tab(STEPS[place].tab)
        self.show_again()
