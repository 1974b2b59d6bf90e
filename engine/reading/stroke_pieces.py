"""The strokes of a page as pieces: what `layout` puts together to digits.

A stroke that may hold several digits, the pen kept down from one to the next, is cut at those of its `joints`
between which the network sees digits best, alone or with another stroke; every other stroke is one piece, and
so is a scribble, which may have joints everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from typing import NamedTuple, TypeVar

import numpy as np

from engine.ink.polyline import Turns, corners, travelled
from engine.ink.rasterize import Curve, Strokes, as_curve
from engine.nn.functional import Array
from engine.reading.joints import Joint, joints
from engine.reading.layout import REACH, Group, Pairs, unit_of
from engine.reading.rejection import evidence
from engine.reading.splitting import LEAST_HEIGHT, SURE, WIDE, WIDEST, best_way, part_scores

SAMPLES = 16  # points of a piece by which distances are measured

# Of a stroke that is cut: what may have more is a scribble, whose parts would take 0.1 s and more.
MOST_JOINTS = 12

STRAIGHT = 0.08  # units, by which a bar may stray from the line between its ends

NEAR = 0.15  # units, from a part of a stroke to another one that it may be of one digit with

Judge = Callable[[Sequence[list[Curve]]], Array]  # drawings -> (N, 10) logits

Known = TypeVar("Known")


class Span(NamedTuple):
    """The part of a stroke that a piece is, by the numbers of its points: from the first up to `stop`."""

    first: int
    stop: int


@dataclass(frozen=True, eq=False)
class Line:
    """A stroke or a part of one; what is asked of it is worked out once."""

    points: Curve
    turns: Turns = field(default_factory=Turns, repr=False)  # of it, and of what it was while the pen drew it

    def part(self, span: Span) -> Line:
        """The piece that goes from point to point; what is all of it is not worked out again."""
        return self if span == (0, len(self.points)) else Line(self.points[slice(*span)])

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
        along = travelled(self.points)
        places = np.linspace(0, along[-1], SAMPLES)
        return np.column_stack([np.interp(places, along, axis) for axis in self.points.T])


def cut(stroke: Line, ways: Sequence[Joint], others: Sequence[Line], unit: float, judge: Judge) -> list[Span]:
    """The parts of a stroke, without the joints between them, that are most like digits or strokes of such.

    Parameters
    ----------
    ways : the joints that it may have, one at least
    others : the strokes that it may be of one digit with
    """
    whole = Span(0, len(stroke.points))
    if _is_sure(stroke, judge):
        return [whole]
    edges = [Joint(-1, 0), *ways, Joint(whole.stop - 1, whole.stop)]
    places: list[tuple[int, int]] = []
    drawings: list[list[Curve]] = []
    shapes: list[tuple[float, float]] = []
    for (start, (_, first)), (stop, (last, _)) in combinations(enumerate(edges), 2):
        if first > last:  # the two joints share a way
            continue
        part = Line(stroke.points[first : last + 1])
        near = [other for other in others if _distance(part, other) <= NEAR * unit]
        for lines in ([part], *([part, other] for other in near)):
            low, high = np.array([line.low for line in lines]), np.array([line.high for line in lines])
            width, height = ((high.max(axis=0) - low.min(axis=0)) / unit).tolist()
            if width <= WIDEST:
                places.append((start, stop))
                drawings.append([line.points for line in lines])
                shapes.append((height, width))
    if not places:
        return [whole]
    way = best_way(places, part_scores(judge(drawings), np.array(shapes)).tolist(), len(edges) - 1)
    # between whole lines, of which a joint may be a half: the other half makes no one of a bar
    spans = _between([edges[0], *(_longest_with(edges[number], ways) for number in way), edges[-1]])
    bars = [_is_upright_bar(stroke.points[slice(*span)] / unit) for span in spans]
    kept = [edges[number] for number, both in zip(way, pairwise(bars), strict=True) if not all(both)]
    return _between([edges[0], *kept, edges[-1]])


def _between(ways: Sequence[Joint]) -> list[Span]:
    """The parts of a stroke between its joints."""
    return [Span(one.first, other.last + 1) for one, other in pairwise(ways)]


def _longest_with(joint: Joint, ways: Sequence[Joint]) -> Joint:
    """The longest of the ways that a joint is all or a part of."""
    around = (way for way in ways if way.last <= joint.last and way.first >= joint.first)
    return max(around, key=lambda way: way.first - way.last)


def _is_upright_bar(curve: Curve) -> bool:
    """Whether a part of a stroke, in units, is straight and high: two that a third joins are an И or an N."""
    if not len(curve):  # between two halves of a line
        return False
    return bool(np.ptp(curve[:, 1]) >= LEAST_HEIGHT) and len(corners(curve, STRAIGHT)) == 2


def _is_sure(stroke: Line, judge: Judge) -> bool:
    """Whether a stroke is no wider than a digit, and is one to the network beyond doubt."""
    width, height = stroke.high - stroke.low
    return width <= WIDE * height and bool(evidence(judge([[stroke.points]]))[0] >= SURE)


def _distance(one: Line, other: Line) -> float:
    """Between the nearest of their samples."""
    return float(np.hypot(*(one.samples[:, None] - other.samples).reshape(-1, 2).T).min())


class StrokePieces:
    """The pieces of a page of strokes, in the order in which they were written.

    What strokes have in common with the page `before`, of the same judge, as while the pen moves, is taken
    from there.

    While the last stroke is `underway` it is not cut anew, which takes as long as ten motions and would tell
    digits in what is half of one: it has the cuts that it had, and is `provisional` where it may have others.
    """

    def __init__(
        self, strokes: Strokes, judge: Judge, *, before: StrokePieces | None = None, underway: bool = False
    ) -> None:
        self._curves = {number: as_curve(stroke) for number, stroke in enumerate(strokes) if len(stroke)}
        keys = {number: curve.tobytes() for number, curve in self._curves.items()}
        known = {} if before is None else before._lines
        self._lines: dict[bytes, Line] = {
            key: known.get(key) or Line(self._curves[number], _turns_of(key, known))
            for number, key in keys.items()
        }
        lines = [self._lines[key] for key in keys.values()]
        self._unit = unit_of(_rows([line.low for line in lines]), _rows([line.high for line in lines]))
        same = before if before is not None and before._unit == self._unit else None
        ways = {} if same is None else same._joints
        self._joints: dict[bytes, list[Joint]] = {
            key: ways[key] if key in ways else joints(line.points, self._unit, line.turns)
            for key, line in self._lines.items()
        }
        cuts = {} if same is None else same._cuts
        # of a stroke that may have a joint, by it and those that it may be of one digit with
        self._cuts: dict[tuple[bytes, ...], list[Span]] = {}
        self._parts: dict[bytes, list[Span]] = {}  # of each stroke
        self.is_provisional = False
        self._stroke: list[int] = []
        self._spans: list[Span] = []
        for number, key in keys.items():
            line = self._lines[key]
            spans = [Span(0, len(line.points))]
            if 0 < len(self._joints[key]) <= MOST_JOINTS:
                near = [other for other in self._lines if other != key and self._may_meet(key, other)]
                asked = (key, *near)
                if underway and number == len(strokes) - 1 and asked not in cuts:
                    self.is_provisional = True
                    spans = _lengthened({} if before is None else before._parts, key, spans)
                else:
                    spans = cuts.get(asked) or cut(
                        line, self._joints[key], [self._lines[other] for other in near], self._unit, judge
                    )
                    self._cuts[asked] = spans
            self._parts[key] = spans
            self._stroke += [number] * len(spans)
            self._spans += spans
        self._pieces = [
            self._lines[keys[number]].part(span)
            for number, span in zip(self._stroke, self._spans, strict=True)
        ]
        self.low = _rows([line.low for line in self._pieces])
        self.high = _rows([line.high for line in self._pieces])

    def _may_meet(self, one: bytes, other: bytes) -> bool:
        """Whether the extents of two strokes are as near as what may be of one digit."""
        a, b = self._lines[one], self._lines[other]
        return bool((np.maximum(a.low - b.high, b.low - a.high) <= NEAR * self._unit).all())

    def drawing(self, group: Group) -> list[Curve]:
        """What the pen drew of a group; pieces that follow each other with the joint between them."""
        drawn: list[tuple[int, int, int]] = []  # strokes, and from which point up to which
        before = None
        for index in group:
            number, (first, stop) = self._stroke[index], self._spans[index]
            if before == index - 1 and drawn[-1][0] == number:
                first = drawn.pop()[1]
            drawn.append((number, first, stop))
            before = index
        return [self._curves[number][first:stop] for number, first, stop in drawn]

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


def _lengthened(known: Mapping[bytes, list[Span]], key: bytes, whole: list[Span]) -> list[Span]:
    """The parts of a stroke as it was before it became longer, the last part now longer, too."""
    before = _beginning(key, known)
    if before is None:
        return whole
    *parts, last = before
    return [*parts, Span(last.first, whole[0].stop)]


def _turns_of(key: bytes, known: Mapping[bytes, Line]) -> Turns:
    """What is known of a stroke's turns by its beginning."""
    before = _beginning(key, known)
    return Turns() if before is None else before.turns


def _beginning(key: bytes, known: Mapping[bytes, Known]) -> Known | None:
    """What is known of a stroke as it was while the pen was still drawing it, if it was there."""
    return next((found for other, found in known.items() if key.startswith(other)), None)


def _rows(points: Sequence[Curve]) -> Curve:
    """(N, 2) of N points."""
    return np.array(points, np.float64).reshape(-1, 2)


def is_dot(strokes: Strokes) -> bool:
    """Whether all points are the same."""
    points = (tuple(point) for stroke in strokes for point in stroke)
    first = next(points, None)
    return all(point == first for point in points)
