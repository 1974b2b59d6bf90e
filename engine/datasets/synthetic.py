"""Digits made from the styles of `digit_styles`: a data set that needs no file.

They stand for ways of writing that a data set may lack, and for digits as such in tests.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.datasets.digit_styles import STYLES, Hand, Style
from engine.datasets.strokes import StrokeDataset, StrokeDrawing


@dataclass(frozen=True)
class SyntheticDigits:
    """So many digits, drawn anew whenever they are asked for."""

    count: int

    def __len__(self) -> int:
        return self.count

    def take(self, indices: npt.NDArray[np.integer]) -> "SyntheticDigits":
        """As many as there are indices: no two drawings are the same anyway."""
        return SyntheticDigits(len(indices))

    def drawn(self, *, rng: np.random.Generator) -> StrokeDataset:
        """The ten digits in turn."""
        return synthetic_digits(self.count, rng=rng)

    def split(self, fraction: float, *, rng: np.random.Generator) -> "tuple[SyntheticDigits, StrokeDataset]":
        """(itself, a `fraction` as many others): nothing has to be taken away."""
        return self, synthetic_digits(max(round(fraction * self.count), 1), rng=rng)


def synthetic_digits(count: int, *, rng: np.random.Generator) -> StrokeDataset:
    """`count` drawings, the ten digits in turn, each in a style of its digit that is drawn at random."""
    return StrokeDataset([synthetic_digit(index % 10, rng=rng) for index in range(count)])


def synthetic_digit(digit: int, style: str | None = None, *, rng: np.random.Generator) -> StrokeDrawing:
    """One drawing of a digit in a style of `STYLES[digit]`, by default a random one."""
    if style is None:
        style = list(STYLES[digit])[rng.integers(len(STYLES[digit]))]
    return StrokeDrawing(_written(STYLES[digit][style], rng), digit, style=f"{digit} {style}")


def _written(style: Style, rng: np.random.Generator) -> list[npt.NDArray[np.float64]]:
    """The digit as one hand writes it: narrow or wide, upright or slanted, turned a little."""
    angle = math.radians(rng.uniform(-6, 6))
    slant = rng.uniform(-0.15, 0.32)  # to the right at the top, as a share of the height
    width = rng.uniform(0.78, 1.25)
    cos, sin = math.cos(angle), math.sin(angle)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[width, -slant], [0, 1]])
    return [curve @ matrix.T for curve in style(Hand(rng))]
