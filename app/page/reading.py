"""What is read, in words and in plain values for the view: of one drawing, and of a page of any number.

A page of one digit, or of a drawing that is none, speaks as that one drawing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.language import N_, _, decimal
from app.page.frame import Box, Frame

if TYPE_CHECKING:
    from engine.ink.rasterize import Ink, Point

TITLE = "LeNet Canvas"
NOT_A_DIGIT = N_("not a digit")
NO_DIGIT_SYMBOL = "–"

MARGIN = 0.03  # page units, from a digit's middle line to its frame: more than half of a thick pen
LEAST_ALTERNATIVE = 0.05  # probability from which another reading is told; below it they would only flicker
MOST_LINES = 3  # of the number and of other readings together, where there are some


@dataclass(frozen=True)
class Reading:
    """A Prediction in plain values, for the view.

    `digit` is the nearest digit, None where there is none, and `runner_up` another that it may well be;
    `ink` is the network's input, 784 bytes from 0 (paper) to 255 (ink), and `image` the very numbers, which
    a look inside begins with; `is_drawn` tells an empty page from one that is no digit.
    """

    probabilities: tuple[float, ...] = (0.0,) * 10
    digit: int | None = None
    confidence: float = 0.0
    runner_up: int | None = None
    is_digit: bool = False
    is_drawn: bool = False
    ink: bytes = bytes(784)
    image: Ink | None = field(default=None, repr=False, compare=False)
    from_memory: bool = False  # the person has taught it

    @property
    def text(self) -> str:
        """The answer in a line; empty where nothing is drawn."""
        if not self.is_drawn:
            return ""
        if not self.is_digit:
            return _(NOT_A_DIGIT)
        text = _("{digit} · {percent} %") if self.runner_up is None else _("{digit} or {other} · {percent} %")
        return text.format(digit=self.digit, other=self.runner_up, percent=self._percent)

    @property
    def symbol(self) -> str:
        """The digit as a letter, a dash for what is none: which is nearest to it is seldom worth a look."""
        if not self.is_drawn:
            return ""
        return str(self.digit) if self.is_digit else NO_DIGIT_SYMBOL

    @property
    def caption(self) -> str:
        """The line under the symbol."""
        if not self.is_drawn:
            return ""
        if self.runner_up is not None and not self.from_memory:
            return self.text
        if self.from_memory:
            return self._remembered
        if self.is_digit:
            return _("{percent} %").format(percent=self._percent)
        return self.text if self.digit is None else _("not a digit, nearest {digit}").format(digit=self.digit)

    @property
    def _remembered(self) -> str:
        if self.is_digit:
            return _("{percent} %\nfrom memory").format(percent=self._percent)
        return _("not a digit\nfrom memory")

    @property
    def _percent(self) -> str:
        return decimal(100 * self.confidence)


@dataclass(frozen=True)
class Part:
    """A digit of a page, or something that is none, and where it is."""

    reading: Reading
    box: Box = (0.0, 0.0, 1.0, 1.0)  # of its points; of a picture the page
    strokes: tuple[
        int, ...
    ] = ()  # the numbers of those that it has all or a part of; of pieces, where some are cut

    @property
    def framed(self) -> Box:
        """Where its frame lies."""
        left, top, right, bottom = self.box
        return left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN


@dataclass(frozen=True)
class PageReading:
    """What is read on a page: nothing, a drawing, or several, of which bars and preview show one."""

    text: str = ""  # from left to right, `?` for a part that is no digit, a line below another
    parts: tuple[Part, ...] = ()  # in the order of the text
    confidence: float = 0.0  # of the whole text
    alternatives: tuple[tuple[str, float], ...] = ()  # other texts and their probabilities, the best first
    place: int = -1  # of the part that is shown
    by: str = ""  # what has read it, where that is not the network as it is saved
    is_provisional: bool = False  # the stroke under the pen may yet be several digits

    @property
    def is_several(self) -> bool:
        return len(self.parts) > 1

    @property
    def shown(self) -> Reading:
        """What bars and preview show."""
        return self.parts[self.place].reading if self.parts else Reading()

    @property
    def is_certain(self) -> bool:
        """Whether all that is drawn is digits."""
        return bool(self.parts) and all(part.reading.is_digit for part in self.parts)

    @property
    def title(self) -> str:
        """What stands in the window's title."""
        return " — ".join(filter(None, (self.told, TITLE)))

    @property
    def told(self) -> str:
        """The answer in a line, and whose it is."""
        return " · ".join(filter(None, (self.answer, self.by)))

    @property
    def answer(self) -> str:
        """The answer in a line; empty where nothing is drawn."""
        if not self.is_several:
            return self.shown.text
        if not self._has_digits:
            return _(NOT_A_DIGIT)
        number = _("{number} · {percent} %")
        return number.format(number=in_a_line(self.text), percent=decimal(100 * self.confidence))

    @property
    def copied(self) -> str:
        """The answer as a text to copy: of a number nothing but its digits, in their lines."""
        return self.text if self.is_several and self._has_digits else self.answer

    @property
    def symbol(self) -> str:
        """The answer as it stands large, in lines as they are written."""
        if not self.is_several:
            return self.shown.symbol
        return self.text if self._has_digits else NO_DIGIT_SYMBOL

    @property
    def caption(self) -> str:
        """The lines under the symbol: how sure all of it is, and what else it may be."""
        return "\n".join(filter(None, (self._caption, self.by)))

    @property
    def _caption(self) -> str:
        if not self.is_several:
            return self.shown.caption
        if not self._has_digits:
            return _(NOT_A_DIGIT)
        likely = [other for other in self.alternatives if other[1] >= LEAST_ALTERNATIVE]
        others = [_or(*other) for other in likely[: max(0, MOST_LINES - len(self.text.splitlines()))]]
        own = _("{percent} %").format(percent=decimal(100 * self.confidence))
        return "\n".join([own, *others])

    @property
    def frames(self) -> tuple[Frame, ...]:
        """One about each part, where there are several."""
        if not self.is_several:
            return ()
        shown = self.place % len(self.parts)
        return tuple(
            Frame(part.framed, part.reading.confidence, part.reading.is_digit, place == shown)
            for place, part in enumerate(self.parts)
        )

    def place_at(self, point: Point) -> int | None:
        """The part whose frame holds a point; of several the one whose middle is nearest to it."""
        if not self.is_several:
            return None
        held = [place for place, part in enumerate(self.parts) if _holds(part.framed, point)]
        return min(held, key=lambda place: _from_middle(self.parts[place].box, point), default=None)

    def place_of_stroke(self, number: int) -> int | None:
        """The last part that has this stroke or a piece of it."""
        having = [place for place, part in enumerate(self.parts) if number in part.strokes]
        return having[-1] if having else None

    @property
    def shown_strokes(self) -> tuple[int, ...]:
        """The numbers of the strokes of the part that is shown; none of a picture."""
        return self.parts[self.place].strokes if self.parts else ()

    @property
    def next_strokes(self) -> tuple[int, ...]:
        """Those of the part after it, as it is read; none after the last one."""
        following = self.place % len(self.parts) + 1 if self.parts else 0
        return self.parts[following].strokes if following < len(self.parts) else ()

    def is_part(self, strokes: Iterable[int]) -> bool:
        """Whether these strokes are one part already, all of it and no more."""
        wanted = set(strokes)
        return [set(part.strokes) for part in self.parts if wanted & set(part.strokes)] == [wanted]

    def showing(self, place: int | None) -> PageReading:
        """The same with another part shown, the last one for None."""
        last = len(self.parts) - 1
        return replace(self, place=last if place is None else min(place, last))

    @property
    def _has_digits(self) -> bool:
        return any(part.reading.is_digit for part in self.parts)


def in_a_line(text: str) -> str:
    """Lines of numbers one after the other; no comma, which many languages write into numbers."""
    return "; ".join(text.splitlines())


def text_of(lines: Sequence[Sequence[Part]]) -> str:
    """What parts say together, lines from the top."""
    return "\n".join(
        "".join(str(part.reading.digit) if part.reading.is_digit else "?" for part in line) for line in lines
    )


def _or(text: str, probability: float) -> str:
    has_digits = any(letter.isdigit() for letter in text)
    other = _("or {number} · {percent} %") if has_digits else _("or not a digit · {percent} %")
    return other.format(number=in_a_line(text), percent=decimal(100 * probability))


def _holds(box: Box, point: Point) -> bool:
    left, top, right, bottom = box
    return left <= point[0] <= right and top <= point[1] <= bottom


def _from_middle(box: Box, point: Point) -> float:
    left, top, right, bottom = box
    return abs(point[0] - (left + right) / 2) + abs(point[1] - (top + bottom) / 2)
