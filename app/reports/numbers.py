"""How well a network reads whole numbers, as strokes and in pictures: what a chapter of the report tells.

The numbers are made here of digits that nothing was fitted to: of one writer's, side by side, or of MNIST's
test images.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.language import _
from engine import Recognizer
from engine.datasets.dataset import Dataset
from engine.datasets.numbers import APART, TOUCHING, Hand, picture_number, write_numbers
from engine.datasets.strokes import StrokeDataset
from engine.ink.picture import PictureInk, find_ink
from engine.ink.rasterize import Ink
from engine.reading.evaluation import Tally

COUNT = 150  # numbers of each kind
LENGTHS = (2, 6)  # digits
SHOWN = 12  # pictures, those first that were misread; half of them at most


@dataclass(frozen=True)
class MeasuredKind:
    """Numbers of one kind, and how many of them were read right."""

    name: Callable[[], str]  # in the language that is spoken
    tally: Tally


@dataclass(frozen=True)
class ReadPicture:
    """A picture of a number, what was taken for ink in it, and what was read."""

    look: PictureInk
    text: str
    answer: str

    @property
    def is_right(self) -> bool:
        return self.answer == self.text


@dataclass(frozen=True)
class MeasuredNumbers:
    """Numbers of several kinds, at least one, and some of the pictures among them."""

    kinds: Sequence[MeasuredKind]
    pictures: Sequence[ReadPicture]


def measured_numbers(
    recognizer: Recognizer, digits: StrokeDataset | None, images: Dataset | None, *, rng: np.random.Generator
) -> MeasuredNumbers | None:
    """Measure a network on numbers made of pen digits and of images of digits, of those that are at hand."""
    kinds: list[MeasuredKind] = []
    pictures: list[ReadPicture] = []
    if digits is not None:
        for name, hand in _hands():
            numbers = write_numbers(digits, COUNT, hand, lengths=LENGTHS, rng=rng)
            right = sum(recognizer.recognize_page(number.strokes).text == number.text for number in numbers)
            kinds.append(MeasuredKind(name, Tally(right, len(numbers))))
    if images is not None:
        for name, hand in _picture_hands():
            lengths = rng.integers(LENGTHS[0], LENGTHS[1] + 1, COUNT).tolist()
            made = [picture_number(images, hand, length=length, rng=rng) for length in lengths]
            read = [_read(recognizer, picture, text) for picture, text in made]
            kinds.append(MeasuredKind(name, Tally(sum(one.is_right for one in read), len(read))))
            pictures += _some(read, SHOWN // 2)
    return MeasuredNumbers(kinds, pictures) if kinds else None


def _hands() -> list[tuple[Callable[[], str], Hand]]:
    return [
        (lambda: _("drawn, apart"), Hand(gap=APART)),
        (lambda: _("drawn, touching or overlapping"), Hand(gap=TOUCHING)),
        (lambda: _("drawn, second strokes last"), Hand(late=True)),
        (lambda: _("drawn, joined here and there"), Hand(joined=0.3)),
    ]


def _picture_hands() -> list[tuple[Callable[[], str], Hand]]:
    return [
        (lambda: _("pictures, apart"), Hand(gap=APART)),
        (lambda: _("pictures, touching or overlapping"), Hand(gap=TOUCHING)),
    ]


def _read(recognizer: Recognizer, picture: Ink, text: str) -> ReadPicture:
    look = find_ink(1 - picture)
    return ReadPicture(look, text, recognizer.recognize_image_page(look.ink).text)


def _some(read: Sequence[ReadPicture], most: int) -> list[ReadPicture]:
    """So many, half of them misread where there are enough."""
    wrong = [one for one in read if not one.is_right]
    right = [one for one in read if one.is_right]
    kept = wrong[: max(most // 2, most - len(right))]
    return kept + right[: most - len(kept)]
