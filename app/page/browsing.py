"""Which test images are shown of all there are: by digit, by how sure the network is, mistakes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.language import _, decimal, ngettext
from app.page.predicted import digit_tile
from app.page.tile import Tile
from app.reports.predictions import is_rejected
from engine import Dataset, Evaluation

SURENESS = {
    "any": (0.0, 1.0),
    "under 50": (0.0, 0.5),
    "50 to 90": (0.5, 0.9),
    "90 to 99": (0.9, 0.99),
    "over 99": (0.99, 1.0),
}  # shares; the lower end belongs to it, the upper one does not, but for 1


@dataclass(frozen=True)
class Filter:
    """What is looked for: images of one digit, or of all; one of SURENESS."""

    digit: int | None = None
    sureness: str = "any"
    only_mistakes: bool = False


@dataclass(frozen=True)
class LargeImage:
    """A test image alone, with all that the network made of it; `predicted` is None if that is no digit."""

    number: int
    tile: Tile
    probabilities: tuple[float, ...]
    predicted: int | None


def sureness_label(sureness: str) -> str:
    """As the person chooses it."""
    low, high = SURENESS[sureness]
    if sureness == "any":
        return _("however sure")
    if low == 0:
        return _("below {percent} % sure").format(percent=decimal(100 * high))
    if high == 1:
        return _("{percent} % sure and more").format(percent=decimal(100 * low))
    return _("{low} to {high} % sure").format(low=decimal(100 * low), high=decimal(100 * high))


def matching(evaluation: Evaluation, wanted: Filter) -> list[int]:
    """The numbers of the images in their order; mistakes, where they are alone, the surest first."""
    numbers = evaluation.mistakes if wanted.only_mistakes else np.arange(len(evaluation.labels))
    low, high = SURENESS[wanted.sureness]
    sure = evaluation.confidences[numbers]
    keep = (sure >= low) & ((sure < high) | (high == 1))
    if wanted.digit is not None:
        keep &= evaluation.labels[numbers] == wanted.digit
    return [int(number) for number in numbers[keep]]


def heading(evaluation: Evaluation, source: str, wanted: Filter) -> str:
    """What stands over the images."""
    total = len(evaluation.labels)
    if wanted == Filter():
        return _("{source}: {count} test images, of which {percent} % are read right").format(
            source=source, count=decimal(total), percent=decimal(100 * evaluation.accuracy, 2)
        )
    count = len(matching(evaluation, wanted))
    if wanted.only_mistakes:
        text = ngettext(
            "{source}: {count} mistake among {total} test images",
            "{source}: {count} mistakes among {total} test images, the surest first",
            count,
        )
    else:
        text = ngettext(
            "{source}: {count} of {total} test images", "{source}: {count} of {total} test images", count
        )
    return text.format(source=source, count=decimal(count), total=decimal(total))


def first_of_page(typed: str, count: int, capacity: int) -> int | None:
    """Where the page begins whose number was typed, or the last page; None where it is no number."""
    number = _number(typed)
    if number is None or number < 1:
        return None
    pages = max(1, -(-count // capacity))
    return (min(number, pages) - 1) * capacity


def place_of_image(typed: str, numbers: Sequence[int]) -> int | None:
    """Where the image stands whose number was typed; None if it is not among them."""
    number = _number(typed)
    return None if number is None or number not in numbers else numbers.index(number)


def large_image(dataset: Dataset, evaluation: Evaluation, number: int) -> LargeImage:
    rejected = is_rejected(evaluation, number)
    return LargeImage(
        number=number,
        tile=digit_tile(dataset, evaluation, number),
        probabilities=tuple(evaluation.probabilities[number].tolist()),
        predicted=None if rejected else int(evaluation.predictions[number]),
    )


def _number(typed: str) -> int | None:
    """A whole number, with or without what sets its thousands apart; None if it is none."""
    digits = "".join(character for character in typed if character not in " .,\u00a0\u202f'")
    return int(digits) if digits.isdecimal() and len(digits) <= 9 else None
