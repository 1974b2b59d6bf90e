"""What a look inside is at: the digit that bars and preview show, and the network that has read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.language import _, decimal, ngettext
from app.page.reading import Reading

if TYPE_CHECKING:
    from app.page.half_trained import HalfTrained
    from app.page.reader import Reader
    from engine.ink.rasterize import Point

Strokes = Sequence[Sequence["Point"]]


@dataclass(frozen=True)
class Subject:
    """A part of the page as it was read, `place` of `count`; an empty page has none."""

    reader: Reader  # of a committee the first, which can be looked into
    reading: Reading
    strokes: Strokes = ()  # those that the part was read from; none of a picture
    place: int = 0
    count: int = 0
    half: HalfTrained | None = None  # the network reads while it learns
    is_whole: bool = True  # the network is read by as it is saved: no map is off, and it is no earlier one
    members: Sequence[str] = ()  # of the committee that is open, by their names

    @property
    def image(self) -> Any:
        """(28, 28) the very numbers that the network was given; None where nothing is drawn."""
        return self.reading.image

    @property
    def by_whom(self) -> str:
        """Which network this is a look into, where it is not the one that is open; else empty."""
        if self.half is not None:
            return self.half.told
        if not self.members:
            return ""
        inside = ngettext(
            "{count} network reads as a committee. This is the inside of the first, {name}.",
            "{count} networks read as a committee. This is the inside of the first, {name}.",
            len(self.members),
        )
        alone = _("It reads alone while some of it is off, or as it was.")
        told = inside.format(count=decimal(len(self.members)), name=self.members[0])
        return told if self.is_whole else f"{told} {alone}"

    @property
    def told(self) -> str:
        """What it is, in a line; also which digit of several."""
        if self.image is None:
            return _("The page is empty. Draw a digit, and look at it from inside.")
        if self.count > 1:
            return _("Digit {place} of {count} on the page: {answer}.").format(
                place=decimal(self.place + 1), count=decimal(self.count), answer=self.reading.text
            )
        return _("Read: {answer}.").format(answer=self.reading.text)
