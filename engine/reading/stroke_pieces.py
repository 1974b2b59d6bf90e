"""The strokes of a page as pieces: what `layout` puts together to digits.

A stroke that may hold two digits, joined on the way from one to the next, is cut into pieces; every other
stroke is one piece.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Strokes
from engine.reading.layout import Curve, Group, Pairs, unit_of

SAMPLES = 16  # points of a piece by which distances are measured

# where a stroke may be cut
STEP = 0.05  # units; from point to point of the path that is looked at
ONWARD = 0.2  # of the way that goes to the right, at least, from one digit to the next
SHORTEST_JOINT = 0.1  # units, to the right
OVERLAP = 0.1  # units, by which what is written before a cut may exceed in x what comes after
LEAST_HEIGHT = 0.45  # units, of what is on either side


@dataclass(frozen=True)
class Piece:
    """A stroke, or a part of one."""

    stroke: int
    points: Curve


def cut(strokes: Strokes) -> list[Piece]:
    """The pieces of a page, in the order in which they were written; strokes without a point have none."""
    curves = {index: np.asarray(stroke, np.float64) for index, stroke in enumerate(strokes) if len(stroke)}
    if not curves:
        return []
    low, high = (np.stack([of(curve, axis=0) for curve in curves.values()]) for of in (np.min, np.max))
    unit = unit_of(low, high)
    return [Piece(index, part) for index, curve in curves.items() for part in _parts(curve, unit)]


def _parts(curve: Curve, unit: float) -> list[Curve]:
    """A stroke, cut in the middle of each way to the right that may lead from one digit to the next."""
    if np.ptp(curve[:, 0]) < SHORTEST_JOINT * unit or np.ptp(curve[:, 1]) < LEAST_HEIGHT * unit:
        return [curve]
    path, origin = _in_steps(curve, STEP * unit)
    x, y = path.T
    overlap = np.maximum.accumulate(x) - np.minimum.accumulate(x[::-1])[::-1]
    before = np.maximum.accumulate(y) - np.minimum.accumulate(y)
    after = (np.maximum.accumulate(y[::-1]) - np.minimum.accumulate(y[::-1]))[::-1]
    onward = np.diff(x) > ONWARD * np.hypot(*np.diff(path, axis=0).T)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], onward, [False]]).astype(np.int8)))
    parts, start = [], 0
    rest = curve
    for first, last in edges.reshape(-1, 2):
        middle = (first + last) // 2
        if (
            x[last] - x[first] < SHORTEST_JOINT * unit
            or overlap[middle] > OVERLAP * unit
            or min(before[first], after[last]) < LEAST_HEIGHT * unit
        ):
            continue
        until = int(origin[middle]) + 1  # of the stroke's own points, those before the cut
        parts.append(np.concatenate([rest[: until - start], path[middle : middle + 1]]))
        rest, start = np.concatenate([path[middle : middle + 1], curve[until:]]), until - 1
    return [*parts, rest]


def _in_steps(curve: Curve, step: float) -> tuple[Curve, npt.NDArray[np.float64]]:
    """The same path in steps of `step` or less, and for each the last of the curve's points up to it."""
    steps = np.hypot(*np.diff(curve, axis=0).T)
    counts = np.minimum(np.ceil(steps / step), 100).astype(int).clip(1)
    whole = np.repeat(np.arange(len(steps)), counts)
    places = np.concatenate(
        [whole + (np.arange(len(whole)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[whole],
         [len(steps)]]
    )  # fmt: skip
    knots = np.arange(len(curve))
    return np.column_stack([np.interp(places, knots, axis) for axis in curve.T]), np.floor(places)


class StrokePieces:
    """The pieces of a page of strokes, in the order in which they were written."""

    def __init__(self, strokes: Strokes) -> None:
        self._pieces = cut(strokes)
        self.low = np.array([piece.points.min(axis=0) for piece in self._pieces])
        self.high = np.array([piece.points.max(axis=0) for piece in self._pieces])

    def drawing(self, group: Group) -> list[Curve]:
        """What the pen drew of a group, pieces that follow each other put together again."""
        drawn: list[Curve] = []
        before = None
        for index in group:
            piece = self._pieces[index]
            if before == index - 1 and self._pieces[before].stroke == piece.stroke:
                # the end of one is the beginning of the next, and none of the stroke's own points
                drawn[-1] = np.concatenate([drawn[-1][:-1], piece.points[1:]])
            else:
                drawn.append(piece.points)
            before = index
        return drawn

    def strokes(self, group: Group) -> tuple[int, ...]:
        """The numbers of the strokes that a group has all or a part of."""
        return tuple(sorted({self._pieces[index].stroke for index in group}))

    def is_none(self, group: Group) -> bool:
        """Whether a group is a dot."""
        return is_dot(self.drawing(group))

    def pairs(self, unit: float) -> Pairs:
        """By points at even distances along each piece."""
        count = len(self._pieces)
        points = np.stack([_samples(piece.points) for piece in self._pieces]).reshape(-1, 2)
        x, y = ((points - points[0]) / unit).T
        between = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
        between = between.reshape(count, SAMPLES, count, SAMPLES).swapaxes(1, 2).reshape(count, count, -1)
        places = np.stack(np.divmod(between.argmin(axis=2), SAMPLES)) / (SAMPLES - 1)
        order = np.arange(count)
        follow = np.abs(order[:, None] - order) == 1
        stroke = np.array([piece.stroke for piece in self._pieces])
        return Pairs(
            distances=np.sqrt(between.min(axis=2)),
            inner=2 * np.minimum(places, 1 - places).min(axis=0),
            follow=follow,
            joined=follow & (stroke[:, None] == stroke),
        )


def _samples(curve: Curve) -> Curve:
    """(SAMPLES, 2) points at even distances along a curve."""
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    places = np.linspace(0, travelled[-1], SAMPLES)
    return np.column_stack([np.interp(places, travelled, axis) for axis in curve.T])


def is_dot(strokes: Strokes) -> bool:
    """Whether all points are the same."""
    points = (tuple(point) for stroke in strokes for point in stroke)
    first = next(points, None)
    return all(point == first for point in points)
