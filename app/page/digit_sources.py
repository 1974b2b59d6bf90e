"""What the window can train and measure on, and where the digits are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.data.folder import data_folder
from app.data.my_digits import has_my_digits
from app.data.selection import parse_selection
from app.data.sources import MY_DIGITS, SOURCES
from app.language import N_, _


@dataclass(frozen=True)
class DigitSource:
    """Digits that can be chosen, by the name that --dataset has for them.

    The title and the sentence about them are translated where they are shown.
    """

    dataset: str
    title: str
    about: str
    is_for_tests: bool = False  # of the files, those to test with are enough

    @property
    def files(self) -> str:
        """What of it lies in files, by the names that people know; empty if it needs none."""
        sources = [SOURCES[name] for name in parse_selection(self.dataset).weights]
        own = SOURCES[MY_DIGITS]  # where these lie, nobody has to say
        return ", ".join(_(each.title) for each in sources if each.load is not None and each is not own)

    def is_in(self, folder: Path) -> bool:
        """Whether the folder holds all that is needed of it."""
        return not self._missing(folder)

    def can_be_downloaded(self, folder: Path) -> bool:
        """Whether a download would bring all that the folder lacks."""
        return self._missing(folder) == ["mnist"]

    def _missing(self, folder: Path) -> list[str]:
        sources = {name: SOURCES[name] for name in parse_selection(self.dataset).weights}
        return [
            name
            for name, source in sources.items()
            if not (source.has_test_part(folder) if self.is_for_tests else source.is_in(folder))
        ]


TRAINING_SOURCES = (
    DigitSource(
        "mnist,synthetic,not-digits",
        N_("MNIST and drawings"),
        N_(
            "60,000 handwritten digits, and drawings that this program makes as it learns: digits in many "
            "hands, and non-digits."
        ),
    ),
    DigitSource(
        "synthetic,not-digits",
        N_("Drawings alone"),
        N_(
            "Made by this program as it learns: digits in many hands, and non-digits; worse at what people "
            "write."
        ),
    ),
    DigitSource(
        "mnist",
        N_("MNIST alone"),
        N_(
            "60,000 handwritten digits; quicker, but it does not learn what is not a digit, and takes a star "
            "or a scribble for one."
        ),
    ),
)
MY_SOURCES = tuple(
    DigitSource(
        f"{dataset},{MY_DIGITS}:20",
        title,
        N_(
            "The digits that you have taught in the window, each of them twenty times an epoch, beside the "
            "others. One in five is kept to test with."
        ),
    )
    for dataset, title in (
        ("mnist,synthetic,not-digits:2", N_("MNIST, drawings and my digits")),
        ("synthetic,not-digits:2", N_("Drawings and my digits")),
    )
)  # beside the person's own, the rest is not forgotten; non-digits are what is forgotten first
TEST_SOURCES = (
    DigitSource(
        "mnist", N_("MNIST"), N_("10,000 handwritten digits of 250 people or so."), is_for_tests=True
    ),
    DigitSource(
        "pendigits",
        N_("Pen digits"),
        N_("1,498 digits written on a tablet by six people."),
        is_for_tests=True,
    ),
    DigitSource(
        "synthetic",
        N_("Drawings"),
        N_("2,000 digits that this program draws in many hands."),
        is_for_tests=True,
    ),
)


def training_sources() -> tuple[DigitSource, ...]:
    """What can be trained on; with the person's digits once there are enough of them."""
    return (*TRAINING_SOURCES, *(MY_SOURCES if has_my_digits(Path()) else ()))


def my_digits_source(folder: Path) -> DigitSource:
    """The person's digits with the best beside them that the data folder has."""
    return next((source for source in MY_SOURCES if source.is_in(folder)), MY_SOURCES[-1])


def digits_folder(chosen: str | None) -> Path:
    """The data folder: the one that the person chose in the window, else the command line's."""
    return data_folder(Path(chosen) if chosen else None)
