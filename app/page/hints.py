"""What an empty page offers: a hint, another one each time that it is emptied, and examples to click."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.language import _
from app.page.drawing import Stroke, fitted
from app.page.drawing_file import SUFFIX, read_drawing
from engine.errors import EngineError

PLACE = Path(__file__).resolve().parents[2] / "assets" / "examples"
SHOWN = ("three", "seven", "star")  # two digits, and a drawing that is none

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """A drawing to begin with, and the name of its file."""

    name: str
    strokes: tuple[Stroke, ...]


def hint(turn: int) -> str:
    """The sentence for the page when it is empty for the first time, 0, or for a later one."""
    hints = _hints()
    return hints[turn % len(hints)]


def examples() -> tuple[Example, ...]:
    """Those whose files are there: the page is as good without them."""
    return _examples_in(PLACE)


@lru_cache(maxsize=1)
def _examples_in(place: Path) -> tuple[Example, ...]:
    found = []
    for name in SHOWN:
        try:
            found.append(Example(name, fitted(read_drawing((place / name).with_suffix(SUFFIX)))))
        except (EngineError, OSError) as error:
            logger.warning("An example is missing: %s", error)
    return tuple(found)


def _hints() -> tuple[str, ...]:
    return (
        _("Draw a digit from 0 to 9"),
        _("Write a number"),
        _("Draw a seven with a bar through it"),
        _("Draw something that is no digit"),
        _("Draw a small digit in a corner"),
        _("Draw a one that could be a seven"),
        _("Open a photograph of a digit, from the File menu"),
        _("Draw a four, open at the top"),
    )
