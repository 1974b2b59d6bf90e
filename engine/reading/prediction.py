"""What a network reads: a Prediction of one drawing, a PagePrediction of a page of any number of digits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Ink
from engine.reading.layout import Box

NO_DIGIT = "?"  # what stands in a text for a part that is none
LEAST_ALTERNATIVE = 0.01  # probability from which another reading is told
MOST_ALTERNATIVES = 5


@dataclass(frozen=True)
class Prediction:
    """What a network reads in one drawing."""

    probabilities: npt.NDArray[np.float32]  # (10,), sum 1; uniform where nothing is drawn
    digit: int | None  # the most probable; None where nothing is drawn
    confidence: float  # the digit's probability; 0 where nothing is drawn
    is_digit: bool  # False for an empty page, a single dot, and what the network rejects
    image: Ink  # (28, 28), what the network saw
    from_memory: bool = False  # the answer is what a person taught of a drawing like it

    @property
    def runner_up(self) -> int | None:
        """The second digit, where it is at least half as probable as the first: the drawing may be either."""
        if self.digit is None:
            return None
        first, second = np.argsort(-self.probabilities, kind="stable")[:2]
        return int(second) if self.probabilities[second] >= self.probabilities[first] / 2 else None


@dataclass(frozen=True)
class Placed:
    """One digit of a page, or something that is none, and where it is."""

    prediction: Prediction
    box: Box  # in the unit of what was read
    strokes: tuple[int, ...] = ()  # the numbers of those that it has all or a part of; none of an image

    @property
    def text(self) -> str:
        """Its digit, or NO_DIGIT."""
        return str(self.prediction.digit) if self.prediction.is_digit else NO_DIGIT


@dataclass(frozen=True)
class Alternative:
    """Another reading of a page."""

    text: str
    probability: float


@dataclass(frozen=True)
class PagePrediction:
    """What a network reads on a page: nothing, a digit, a number, or lines of them."""

    text: str  # digits and NO_DIGITs from left to right, lines joined by a newline; empty where nothing is
    parts: tuple[Placed, ...]  # in the order of the text
    confidence: float  # of a page of one that of its prediction, else the probability of the whole text
    alternatives: tuple[Alternative, ...] = ()  # the next best readings, the most probable first
    is_provisional: bool = False  # the stroke under the pen may yet be found to be of several digits

    @property
    def is_number(self) -> bool:
        """Whether there is something, and every part of it is a digit."""
        return bool(self.parts) and all(part.prediction.is_digit for part in self.parts)


Lines = Sequence[Sequence[Placed]]


def page_prediction(ways: Sequence[tuple[Lines, float]]) -> PagePrediction:
    """One page out of the ways to divide it, each with its probability, the most probable first.

    A text is as probable as all ways to come to it together: a way's probability times that of each of its
    digits. Of the digits only the first two of each part are looked at, and one at a time.
    """
    texts: defaultdict[str, float] = defaultdict(float)
    for lines, probability in ways:
        for text, share in _texts(lines):
            texts[text] += probability * share
    first, _ = ways[0]
    parts = tuple(part for line in first for part in line)
    own = _text(first)
    others = sorted(((text, share) for text, share in texts.items() if text != own), key=lambda one: -one[1])
    return PagePrediction(
        own,
        parts,
        parts[0].prediction.confidence if len(parts) == 1 else texts[own],
        tuple(Alternative(*other) for other in others[:MOST_ALTERNATIVES] if other[1] >= LEAST_ALTERNATIVE),
    )


def _text(lines: Lines) -> str:
    return "\n".join("".join(part.text for part in line) for line in lines)


def _texts(lines: Lines) -> list[tuple[str, float]]:
    """What some lines say with each part's most probable digit, and with one of them another."""
    text = _text(lines)
    certain = 1.0
    found = []
    place = 0
    for line in lines:
        for part in line:
            if part.prediction.is_digit:
                chances = part.prediction.probabilities.tolist()
                first, second = sorted(range(len(chances)), key=lambda digit: -chances[digit])[:2]
                certain *= chances[first]
                odds = chances[second] / chances[first]
                found.append((f"{text[:place]}{second}{text[place + 1 :]}", odds))
            place += 1
        place += 1  # the newline
    return [(text, certain), *((other, certain * odds) for other, odds in found)]
