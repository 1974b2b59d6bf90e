"""Where a stroke may lead from one digit to the next, the pen kept down: joints.

A joint is a straight way, from corner to corner, onward or up, with all that was written before it about left
of all that comes after. It is of neither digit. Where it might be is told here; where it is,
the network tells (`stroke_pieces`).
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.ink.polyline import Turns, travelled
from engine.ink.rasterize import Curve

STRAIGHT = 0.05  # units, by which a way may stray from the line between its ends
SHORTEST = 0.1  # units
LONG = 0.5  # units
BACK = 0.2  # of its length, that it may lead to the left: digits overlap
STEEP = 1.5  # times as far as to the right, it may lead down: what is steeper is a digit's own line
OVERLAP = 0.2  # units, by which what is written before may exceed in x what comes after
LEAST_LINE = 0.25  # units of line, on either side
MOST_POINTS = 256  # of a stroke that are looked at: a motion costs no more the longer it is


class Joint(NamedTuple):
    """A way along a stroke, by the numbers of its points."""

    last: int  # of what is before it
    first: int  # of what comes after it


def joints(curve: Curve, unit: float, turns: Turns | None = None) -> list[Joint]:
    """The ways of a stroke, (P, 2), that may be joints; `unit` is about the height of a digit.

    `turns` are those of the same stroke, which may have grown since: what they know of it is not asked again.
    """
    every = -(-len(curve) // MOST_POINTS)
    curve = (curve[::every] - curve[0]) / unit
    along = travelled(curve)
    ways = _ways(curve, along, (turns or Turns()).corners(curve, STRAIGHT).tolist())
    lasts, firsts = ways.T
    x = curve[:, 0]
    rightmost, leftmost = np.maximum.accumulate(x), np.minimum.accumulate(x[::-1])[::-1]
    across, down = (curve[firsts] - curve[lasts]).T
    length = np.hypot(across, down)
    may_be = (
        (length >= SHORTEST)
        & (across >= -BACK * length)
        & (down <= STEEP * across.clip(0))
        & (rightmost[lasts] - leftmost[firsts] <= OVERLAP)
        & (along[lasts] >= LEAST_LINE)
        & (along[-1] - along[firsts] >= LEAST_LINE)
    )
    return [Joint(*ends) for ends in (every * ways[may_be]).tolist()]


def _ways(curve: Curve, along: npt.NDArray[np.float64], bends: list[int]) -> npt.NDArray[np.intp]:
    """(N, 2) from corner to corner, and the halves of long ones: a bar may lead straight on into a joint."""
    ways: list[tuple[int, int]] = []
    for start, stop in pairwise(bends):
        ways.append((start, stop))
        length = along[stop] - along[start]
        if stop - start > 1 and length >= LONG and curve[stop, 0] - curve[start, 0] >= length / 2:
            middle = (along[start] + along[stop]) / 2
            half = start + 1 + int(np.abs(along[start + 1 : stop] - middle).argmin())
            ways += [(start, half), (half, stop)]
    return np.array(ways, np.intp).reshape(-1, 2)
