"""Numbers made of digits that one person wrote: for fitting how strokes are told apart, and for measuring it.

Each digit is scaled to about the same height and set beside the one before it. The gap between two is that of
their extents in x, as a share of the height; below zero they overlap. Half of the writers of the pen
digits are for fitting, the others for measuring.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.errors import ConfigurationError
from engine.ink.rasterize import Ink

FITTING_WRITERS = frozenset(
    str(number) for number in range(1, 16)
)  # the lower half of the pen digits' thirty

Range = tuple[float, float]
Curve = npt.NDArray[np.float64]  # (P, 2)

APART: Range = (0.12, 0.5)
TOUCHING: Range = (-0.22, 0.05)
LINE_GAP: Range = (0.25, 0.9)  # between two lines of numbers, of the height


@dataclass(frozen=True)
class Hand:
    """How evenly numbers are written; lengths are shares of the height, drawn uniformly."""

    gap: Range = (TOUCHING[0], APART[1])
    height: Range = (0.85, 1.15)
    baseline: Range = (-0.1, 0.1)
    late: bool = False  # a digit's second strokes come after everything else
    joined: float = 0.0  # probability that the pen stays down on its way to the next digit


@dataclass(frozen=True)
class Number:
    """A number, or lines of numbers, as strokes in the order in which they were written."""

    strokes: list[Curve]
    text: str  # the digits from left to right, lines joined by a newline


def write_number(digits: Sequence[StrokeDrawing], hand: Hand, *, rng: np.random.Generator) -> Number:
    """These digits side by side, in units of their height."""
    written: list[tuple[bool, Curve]] = []  # whether it is a digit's second stroke or a later one; the stroke
    right = 0.0
    for index, digit in enumerate(digits):
        curves = _curves(digit)
        points = np.concatenate(curves)
        low, extent = points.min(axis=0), np.ptp(points, axis=0)
        scale = rng.uniform(*hand.height) / max(extent[1], extent[0] / 2, 1e-9)
        gap = rng.uniform(*hand.gap) if index else 0.0
        corner = np.array([right + gap, 1 + rng.uniform(*hand.baseline) - extent[1] * scale])
        placed = [(curve - low) * scale + corner for curve in curves]
        right = corner[0] + extent[0] * scale
        if index and rng.random() < hand.joined:
            is_later, before = written.pop()
            written.append((is_later, np.concatenate([before, placed[0]])))
            placed = placed[1:]
            written += [(True, curve) for curve in placed]
        else:
            written += [(place > 0, curve) for place, curve in enumerate(placed)]
    if hand.late:
        written.sort(key=lambda stroke: stroke[0])
    return Number([curve for _, curve in written], "".join(str(digit.label) for digit in digits))


def write_lines(numbers: Sequence[Number], *, rng: np.random.Generator) -> Number:
    """Numbers below one another."""
    strokes: list[Curve] = []
    bottom = 0.0
    for number in numbers:
        points = np.concatenate(number.strokes)
        shift = np.array([rng.uniform(0, 0.5), bottom - points[:, 1].min()])
        strokes += [curve + shift for curve in number.strokes]
        bottom += np.ptp(points[:, 1]) + rng.uniform(*LINE_GAP)
    return Number(strokes, "\n".join(number.text for number in numbers))


def write_over(digits: Sequence[StrokeDrawing], *, rng: np.random.Generator) -> list[Curve]:
    """Digits written over one another, turned and of several sizes, which are no number."""
    written = []
    for digit in digits:
        curves = _curves(digit)
        points = np.concatenate(curves)
        low, extent = points.min(axis=0), np.ptp(points, axis=0)
        angle = math.radians(rng.uniform(-45, 45))
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        scale, middle = rng.uniform(0.4, 1) / max(*extent, 1e-9), rng.uniform(-0.1, 0.1, 2)
        written += [(curve - low - extent / 2) @ turn * scale + middle for curve in curves]
    return written


def _curves(digit: StrokeDrawing) -> list[Curve]:
    return [np.asarray(stroke, np.float64) for stroke in digit.strokes if len(stroke)]


def write_numbers(
    digits: StrokeDataset,
    count: int,
    hand: Hand,
    *,
    lengths: tuple[int, int] = (2, 6),
    lines: int = 1,
    rng: np.random.Generator,
) -> list[Number]:
    """`count` numbers, each by one writer; where second strokes come late, each number has one."""
    writers = by_writer(digits)
    if hand.late:
        writers = [drawn for drawn in writers if any(len(drawing.strokes) > 1 for drawing in drawn)]
    if not writers:
        raise ConfigurationError("Numbers are made of digits; got none that will do.")
    made: list[Number] = []
    while len(made) < count:
        drawn = writers[rng.integers(len(writers))]
        rows = [
            [
                drawn[index]
                for index in rng.integers(len(drawn), size=rng.integers(lengths[0], lengths[1] + 1))
            ]
            for _ in range(lines)
        ]
        if hand.late and not any(len(drawing.strokes) > 1 for row in rows for drawing in row):
            continue
        numbers = [write_number(row, hand, rng=rng) for row in rows]
        made.append(numbers[0] if lines == 1 else write_lines(numbers, rng=rng))
    return made


def by_writer(digits: StrokeDataset) -> list[list[StrokeDrawing]]:
    """What each person wrote."""
    drawings: dict[str | None, list[StrokeDrawing]] = {}
    for drawing in digits.drawings:
        drawings.setdefault(drawing.writer, []).append(drawing)
    return list(drawings.values())


def picture_number(digits: Dataset, hand: Hand, *, length: int, rng: np.random.Generator) -> tuple[Ink, str]:
    """Random images of MNIST side by side as one picture, (H, W), and the number that it shows."""
    chosen = rng.integers(len(digits), size=length)
    height = 20
    cut = []
    for image in digits.images[chosen]:
        ink = np.asarray(image, np.float32).reshape(28, 28) / 255
        rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        cut.append(ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1])
    lefts, right = [], 0
    for index, ink in enumerate(cut):
        left = right + (round(height * rng.uniform(*hand.gap)) if index else 0)
        lefts.append(left)
        right = max(right, left + ink.shape[1])
    low = min(lefts)
    page = np.zeros((2 * height, right - low + 2 * height), np.float32)
    for left, ink in zip(lefts, cut, strict=True):
        bottom = round(1.5 * height + height * rng.uniform(*hand.baseline))
        shared = page[bottom - len(ink) : bottom, left - low + height :][:, : ink.shape[1]]
        np.maximum(shared, ink, out=shared)
    return page, "".join(str(label) for label in digits.labels[chosen])
