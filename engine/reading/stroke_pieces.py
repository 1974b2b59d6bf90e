"""The strokes of a page as pieces: what `layout` puts together to digits.

A stroke that may hold two digits, joined on the way from one to the next, is cut into pieces; every other
stroke is one piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Curve, Strokes, as_curve
from engine.reading.layout import REACH, Group, Pairs, unit_of

SAMPLES = 16  # points of a piece by which distances are measured

# where a stroke may be cut
STEP = 0.05  # units; from point to point of the path that is looked at
ONWARD = 0.2  # of the way that goes to the right, at least, from one digit to the next
SHORTEST_JOINT = 0.1  # units, to the right
OVERLAP = 0.1  # units, by which what is written before a cut may exceed in x what comes after
LEAST_HEIGHT = 0.45  # units, of what is on either side

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """A stroke or a part of one; what is asked of it is worked out once."""

    points: Curve

    @cached_property
    def low(self) -> Curve:
        """(2,), the left upper corner of its extent."""
        x, y = self.points.T  # a column at a time, which is ten times as fast as both along the longer axis
        return np.array([x.min(), y.min()])

    @cached_property
    def high(self) -> Curve:
        """(2,), the right lower one."""
        x, y = self.points.T
        return np.array([x.max(), y.max()])

    @cached_property
    def samples(self) -> Curve:
        """(SAMPLES, 2) points at even distances along it."""
        travelled = np.concatenate([[0.0], np.cumsum(_steps(*self.points.T))])
        places = np.linspace(0, travelled[-1], SAMPLES)
        return np.column_stack([np.interp(places, travelled, axis) for axis in self.points.T])


def cut(stroke: Line, unit: float) -> list[Line]:
    """A stroke, cut in the middle of each way to the right that may lead from one digit to the next."""
    curve = stroke.points
    width, height = stroke.high - stroke.low
    if width < SHORTEST_JOINT * unit or height < LEAST_HEIGHT * unit:
        return [stroke]
    (x, y), origin = _in_steps(curve, STEP * unit)
    overlap = np.maximum.accumulate(x) - np.minimum.accumulate(x[::-1])[::-1]
    before = np.maximum.accumulate(y) - np.minimum.accumulate(y)
    after = (np.maximum.accumulate(y[::-1]) - np.minimum.accumulate(y[::-1]))[::-1]
    onward = np.diff(x) > ONWARD * _steps(x, y)
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
        joint = [(x[middle], y[middle])]
        parts.append(Line(np.concatenate([rest[: until - start], joint])))
        rest, start = np.concatenate([joint, curve[until:]]), until - 1
    return [*parts, Line(rest)] if parts else [stroke]


def _steps(x: Values, y: Values) -> Values:
    """(P - 1,) from each point of a curve to the next."""
    return np.hypot(np.diff(x), np.diff(y))


def _in_steps(curve: Curve, step: float) -> tuple[Values, Values]:
    """The same path in steps of `step` or less, (2, Q); of each point the last of the curve's up to it."""
    counts = np.minimum(np.ceil(_steps(*curve.T) / step), 100).astype(int).clip(1)
    knots = np.arange(len(curve))
    if counts.max(initial=1) == 1:  # as the pen is sampled where it is not fast
        return np.ascontiguousarray(curve.T), knots.astype(float)
    whole = np.repeat(knots[:-1], counts)
    places = np.concatenate(
        [whole + (np.arange(len(whole)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[whole],
         [len(counts)]]
    )  # fmt: skip
    return np.stack([np.interp(places, knots, axis) for axis in curve.T]), np.floor(places)


class StrokePieces:
    """The pieces of a page of strokes, in the order in which they were written.

    What strokes have in common with the page `before`, as while the pen moves, is taken from there.
    """

    def __init__(self, strokes: Strokes, *, before: StrokePieces | None = None) -> None:
        curves = {number: as_curve(stroke) for number, stroke in enumerate(strokes) if len(stroke)}
        keys = {number: curve.tobytes() for number, curve in curves.items()}
        known = {} if before is None else before._lines
        self._lines: dict[bytes, Line] = {
            key: known.get(key) or Line(curves[number]) for number, key in keys.items()
        }
        lines = [self._lines[key] for key in keys.values()]
        self._unit = unit_of(_rows([line.low for line in lines]), _rows([line.high for line in lines]))
        cuts = before._cuts if before is not None and before._unit == self._unit else {}
        self._cuts: dict[bytes, list[Line]] = {
            key: cuts.get(key) or cut(line, self._unit) for key, line in self._lines.items()
        }
        pieces = [(number, line) for number, key in keys.items() for line in self._cuts[key]]
        self._stroke = [number for number, _ in pieces]
        self._pieces = [line for _, line in pieces]
        self.low = _rows([line.low for line in self._pieces])
        self.high = _rows([line.high for line in self._pieces])

    def drawing(self, group: Group) -> list[Curve]:
        """What the pen drew of a group, pieces that follow each other put together again."""
        drawn: list[Curve] = []
        before = None
        for index in group:
            piece = self._pieces[index]
            if before == index - 1 and self._stroke[before] == self._stroke[index]:
                # the end of one is the beginning of the next, and none of the stroke's own points
                drawn[-1] = np.concatenate([drawn[-1][:-1], piece.points[1:]])
            else:
                drawn.append(piece.points)
            before = index
        return drawn

    def strokes(self, group: Group) -> tuple[int, ...]:
        """The numbers of the strokes that a group has all or a part of."""
        return tuple(sorted({self._stroke[index] for index in group}))

    def is_none(self, group: Group) -> bool:
        """Whether a group is a dot."""
        return is_dot(self.drawing(group))

    def pairs(self, unit: float) -> Pairs:
        """By points at even distances along each piece."""
        count = len(self._pieces)
        points = np.concatenate([piece.samples for piece in self._pieces])
        x, y = ((points - points[0]) / unit).T
        between = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
        between = between.reshape(count, SAMPLES, count, SAMPLES).swapaxes(1, 2).reshape(count, count, -1)
        places = np.stack(np.divmod(between.argmin(axis=2), SAMPLES)) / (SAMPLES - 1)
        order = np.arange(count)
        follow = np.abs(order[:, None] - order) == 1
        stroke = np.array(self._stroke)
        distances = np.sqrt(between.min(axis=2))
        return Pairs(
            distances=distances,
            near=distances < REACH,
            inner=2 * np.minimum(places, 1 - places).min(axis=0),
            follow=follow,
            joined=follow & (stroke[:, None] == stroke),
        )


def _rows(points: Sequence[Curve]) -> Curve:
    """(N, 2) of N points."""
    return np.array(points, np.float64).reshape(-1, 2)


def is_dot(strokes: Strokes) -> bool:
    """Whether all points are the same."""
    points = (tuple(point) for stroke in strokes for point in stroke)
    first = next(points, None)
    return all(point == first for point in points)
