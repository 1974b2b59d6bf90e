"""Where a mark of a picture may be two digits that touch: seams, ways from its top to its bottom.

A seam is the way of least ink about a place, upright or leaning as handwriting does: a cut of least weight
between the pixels on its two sides. It may cross several lines: digits that overlap are parted by no other.
Which seams there are is told here; which of them part digits, the network tells (`splitting`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Ink

Columns = npt.NDArray[np.intp]  # (H,), the first column right of a seam in each row

LEANS = (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6)  # columns to the right for each row upward
STEP = 0.05  # units; from one place to the next that is tried
REACH = 0.05  # units; how far a way may stray from it to either side
ASIDE = 0.5  # of a pixel of ink, that each column aside costs
MOST_INK = 6.0  # pens, across a seam
ALIKE, ALIKE_CLOSELY = 0.25, 0.12  # units of line: two seams that have less ink between them are one
LEAST_INK = 0.3  # units of line, on either side
LEAST_LINE = 0.3  # px of ink in a row: less is a soft edge
BESIDE = 0.5  # of the lower side's height, that both have in common: else one is above the other
MOST, MOST_CLOSELY = 12, 24  # seams for each unit of a mark's width, about


@dataclass(frozen=True)
class Seam:
    """One way through a mark."""

    columns: Columns
    ink: float  # px that it crosses


def seams(ink: Ink, unit: float, pen: float, *, closely: bool = False) -> list[Seam]:
    """The seams of a mark that is cut out, from left to right.

    Parameters
    ----------
    ink : (H, W) array
        The mark alone, without a margin.
    unit : float
        px, about the height of a digit.
    pen : float
        px, the width of its lines.
    closely : bool
        Whether there are to be twice as many, and nearer each other.
    """
    alike, most = (ALIKE_CLOSELY, MOST_CLOSELY) if closely else (ALIKE, MOST)
    height, width = ink.shape
    reach = max(round(REACH * unit), 1)
    costs, ways = _cheapest(ink, max(round(STEP * unit), 1), reach)
    before = np.pad(ink, ((0, 0), (1, 0))).cumsum(axis=1)
    lefts = before[np.arange(height), ways.clip(0, width)]  # (N, H), the ink left of each, row by row
    left, line = lefts.sum(axis=1), unit * pen
    chosen: list[int] = []
    for number in np.argsort(costs, kind="stable").tolist():
        if costs[number] > MOST_INK * pen or len(chosen) >= most * max(width / unit, 1):
            break
        if min(left[number], ink.sum() - left[number]) < LEAST_INK * line:
            continue
        if not _are_beside(lefts[number], before[:, -1] - lefts[number]):
            continue
        if not chosen or np.abs(lefts[chosen] - lefts[number]).sum(axis=1).min() >= alike * line:
            chosen.append(number)
    chosen.sort(key=lambda number: left[number])
    return [Seam(ways[number].clip(0, width), float(costs[number])) for number in chosen]


def _are_beside(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> bool:
    """Whether what lies to either side of a way, given by its ink in each row, lies side by side."""
    sides = [np.flatnonzero(side >= LEAST_LINE) for side in (left, right)]
    if not all(len(rows) for rows in sides):
        return False
    tops, bottoms = zip(*((rows[0], rows[-1] + 1) for rows in sides), strict=True)
    lower = min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
    return bool(min(bottoms) - max(tops) >= BESIDE * lower)


def _cheapest(ink: Ink, step: int, reach: int) -> tuple[npt.NDArray[np.float32], Columns]:
    """Of the ways that part the least ink about leaning lines: (N,) the ink, (N, H) their columns.

    A way parts the two pixels that it passes between, in a row and, where it steps aside, from row to row;
    each pair costs what the fainter of them has, so that the cheapest way is a cut of least weight.
    """
    height, width = ink.shape
    rows = np.arange(height)
    asides = [np.round((height / 2 - rows) * lean).astype(np.intp) for lean in LEANS]
    lines = np.concatenate(
        [np.arange(-(most := np.abs(aside).max()), width + most, step)[:, None] + aside for aside in asides]
    )  # (N, H)
    band = np.arange(-reach, reach + 1)
    columns = lines.T[:, None] + band[:, None]  # (H, B, N)
    inside = columns.clip(0, width)
    padded = np.pad(ink, ((1, 0), (1, 1)))
    between = np.minimum(padded[1:, :-1], padded[1:, 1:])  # (H, W + 1), of a row, left of each column
    below = np.minimum(padded[:-1, 1:-1], ink)  # (H, W), of a row and the one above it
    passed = np.pad(below, ((0, 0), (1, 0))).cumsum(axis=1)
    down = between[rows[:, None, None], inside]
    onward = passed[rows[:, None, None], inside]
    leant = abs(onward[1:] - passed[rows[1:, None, None], inside[:-1]])  # as the line itself leans
    onward += (ASIDE * band[:, None]).astype(np.float32)
    total, came_from = down[0], np.zeros(down.shape, np.int16)
    for row in range(1, height):
        total = total + leant[row - 1]
        from_left, left = _running_least(total - onward[row])
        from_right, right = (part[::-1] for part in _running_least((total + onward[row])[::-1]))
        from_left, from_right = from_left + onward[row], from_right - onward[row]
        came_from[row] = np.where(from_left <= from_right, left, len(band) - 1 - right)
        total = np.minimum(from_left, from_right) + down[row]
    every = np.arange(len(lines))
    place = total.argmin(axis=0)
    costs = total[place, every]
    found = np.zeros((len(lines), height), np.intp)
    for row in range(height - 1, -1, -1):
        found[:, row] = columns[row, place, every]
        place = came_from[row, place, every]
    return costs, found


def _running_least(costs: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int16]]:
    """(B, N) the least up to each place, and where that is."""
    least = np.minimum.accumulate(costs, axis=0)
    place = np.where(costs == least, np.arange(len(costs), dtype=np.int16)[:, None], np.int16(0))
    return least, np.maximum.accumulate(place, axis=0)
