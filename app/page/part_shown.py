"""Which digit of a number bars and preview show, as pen, pointer and clicks have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.page.reading import PageReading

if TYPE_CHECKING:
    from engine.ink.rasterize import Point


@dataclass
class PartShown:
    """That of the stroke underway, else that under the pointer, else the chosen one, else the last."""

    pointer: Point | None = None
    chosen: int | None = None

    def choose(self, place: int) -> None:
        """Show a part until another is pointed at: where the pointer rests counts no more."""
        self.chosen, self.pointer = place, None

    def of(self, page: PageReading, *, underway: int | None) -> PageReading:
        """The reading with the part shown that is to be; `underway` is the number of the stroke drawn now."""
        place = None if underway is None else page.place_of_stroke(underway)
        if place is None and self.pointer is not None:
            place = page.place_at(self.pointer)
        return page.showing(self.chosen if place is None else place)
