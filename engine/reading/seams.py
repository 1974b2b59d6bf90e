"""Where a mark of a picture may be two digits that touch: seams, ways from its top to its bottom.

A seam is the way of least ink about a place, upright or leaning as handwriting does. It may cross several
lines: digits that overlap are parted by no other. Which seams there are is told here; which of them part
digits, the network tells (`splitting`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Ink

Columns = npt.NDArray[np.intp]  # (H,), the first column right of a seam in each row

LEANS = (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6)  # columns to the right for each row upward
STEP = 0.05  # units; from one place to the next that is tried
REACH = 0.08  # units; how far a way may stray from it to either side
ASIDE = 0.5  # of a pixel of ink, that a step aside costs
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
    found = [_cheapest(ink, max(round(STEP * unit), 1), reach, lean) for lean in LEANS]
    costs = np.concatenate([cost for cost, _ in found])
    ways = np.concatenate([way for _, way in found])
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


def _cheapest(ink: Ink, step: int, reach: int, lean: float) -> tuple[npt.NDArray[np.float32], Columns]:
    """Of the ways of least ink about lines that lean: (N,) the ink that they cross, (N, H) their columns."""
    height, width = ink.shape
    aside = np.round((height / 2 - np.arange(height)) * lean).astype(np.intp)  # (H,)
    margin = int(np.abs(aside).max())
    places = np.arange(-margin, width + margin, step)
    band = np.arange(-reach, reach + 1)
    columns = places[:, None] + band + aside[:, None, None]  # (H, N, B)
    padded = np.pad(ink, ((0, 0), (0, 1)))  # no ink outside
    columns_inside = np.where((columns < 0) | (columns >= width), width, columns)
    cost = padded[np.arange(height)[:, None, None], columns_inside]
    total, steps = cost[0], np.zeros(cost.shape, np.int8)
    wide = np.full((len(places), len(band) + 2), np.inf, np.float32)
    for row in range(1, height):
        wide[:, 1:-1] = total
        total, step_to = wide[:, 1:-1].copy(), steps[row]
        for side, ways in ((-1, wide[:, :-2]), (1, wide[:, 2:])):
            better = ways + ASIDE < total
            total[better], step_to[better] = ways[better] + ASIDE, side
        total += cost[row]
    every = np.arange(len(places))
    at = total.argmin(axis=1)
    costs = total[every, at]
    found = np.zeros((len(places), height), np.intp)
    for row in range(height - 1, -1, -1):
        found[:, row] = columns[row, every, at]
        at = at + steps[row, every, at]
    return costs, found
