"""A network that answers by rule, for tests of what stands around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from app.drawing import Point
from engine.errors import ImageError, SavedNetworkError


@dataclass
class FakeReader:
    """Reads as many strokes as there are as that digit, 90 % sure; a single point is no digit.

    With a `runner_up` it is 60 % sure, and holds that digit for the only other.

    `seen` keeps what it was asked to read, the last thing last.
    """

    folder: Path = Path("fake_network")
    facts: Mapping[str, Any] = field(default_factory=lambda: {"format": 1})
    seen: list[Any] = field(default_factory=list)
    runner_up: int | None = None

    def recognize(self, strokes: Sequence[Sequence[Point]]) -> Any:
        self.seen.append([list(stroke) for stroke in strokes])
        is_dot = sum(len(stroke) for stroke in strokes) == 1
        return self._prediction(len(strokes) % 10, is_digit=not is_dot)

    def recognize_image(self, ink: Any) -> Any:
        self.seen.append(ink)
        return self._prediction(9, is_digit=True)

    def _prediction(self, digit: int, *, is_digit: bool) -> Any:
        confidence = 0.9 if self.runner_up is None else 0.6
        probabilities = np.full(10, 0.1 / 9, np.float32)
        if self.runner_up is not None:
            probabilities[:] = 0
            probabilities[self.runner_up] = 0.4
        probabilities[digit] = confidence
        image = np.zeros((28, 28), np.float32)
        image[4:24, 14] = 1.0
        return SimpleNamespace(
            probabilities=probabilities,
            digit=digit,
            confidence=confidence,
            runner_up=self.runner_up,
            is_digit=is_digit,
            image=image,
        )


def load_fake_reader(folder: Path) -> FakeReader:
    """Load any folder that exists."""
    if not folder.is_dir():
        raise SavedNetworkError(f"{folder.name} is no network folder.")
    return FakeReader(folder)


def read_fake_image(path: Path) -> Any:
    """Read any file whose name ends in .png as a broad picture with one stroke of ink."""
    if path.suffix != ".png":
        raise ImageError(f"{path.name} is no picture.")
    ink = np.zeros((20, 40), np.float32)
    ink[2:18, 20] = 1.0
    return ink
