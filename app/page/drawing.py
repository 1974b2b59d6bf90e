"""The drawing, as the person made it: strokes, with undo and redo. Knows nothing of windows.

Points are in page units: the page is the largest square in the middle of the canvas, its side
is 1.0, x grows rightward and y downward. A resized window therefore changes no drawing, and a
pen that leaves the page leaves a stroke with points outside of 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

# A click moves the pen by a pixel or two; what is smaller than this is meant as a dot.
DOT_EXTENT = 0.015


@dataclass(frozen=True)
class Stroke:
    """What the pen drew between touching the page and leaving it."""

    points: tuple[Point, ...]

    def distance_to(self, point: Point) -> float:
        """Return the distance from a point to the nearest place on the stroke."""
        if len(self.points) == 1:
            return math.dist(point, self.points[0])
        segments = zip(self.points, self.points[1:], strict=False)
        return min(_distance_to_segment(point, start, end) for start, end in segments)


class Drawing:
    """Strokes in the order they were drawn; every change can be undone and redone.

    Each change makes a new tuple of strokes, so a step of the history is one reference to the
    tuple before it. Any change, undo and redo included, first ends a stroke that is underway.
    """

    def __init__(self) -> None:
        self._finished: tuple[Stroke, ...] = ()
        self._underway: list[Point] = []
        self._past: list[tuple[Stroke, ...]] = []
        self._future: list[tuple[Stroke, ...]] = []

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All strokes, the one underway last."""
        if not self._underway:
            return self._finished
        return (*self._finished, Stroke(tuple(self._underway)))

    @property
    def can_undo(self) -> bool:
        return bool(self._past or self._underway)

    @property
    def can_redo(self) -> bool:
        return bool(self._future and not self._underway)

    @property
    def is_dot(self) -> bool:
        """Whether all of it would fit into a dot: a click, not a shape."""
        strokes = self.strokes
        return bool(strokes) and extent(strokes) < DOT_EXTENT

    def begin(self, point: Point) -> None:
        """Put the pen down."""
        self.end()
        self._underway = [point]

    def extend(self, point: Point) -> bool:
        """Move the pen; return whether that added anything.

        It adds nothing while the pen is up, or when the pen has not moved.
        """
        if not self._underway or point == self._underway[-1]:
            return False
        self._underway.append(point)
        return True

    def end(self) -> None:
        """Lift the pen; the stroke becomes a step that undo takes back."""
        if self._underway:
            stroke = Stroke(tuple(self._underway))
            self._underway = []
            self._change_to((*self._finished, stroke))

    def erase(self, point: Point, reach: float) -> bool:
        """Remove every stroke within `reach` of a point; return whether there was one."""
        self.end()
        return self.replace(s for s in self._finished if s.distance_to(point) > reach)

    def clear(self) -> None:
        self.replace(())

    def replace(self, strokes: Iterable[Stroke]) -> bool:
        """Put other strokes in place of all of these; return whether that changed anything."""
        self.end()
        replacement = tuple(strokes)
        if replacement == self._finished:
            return False
        self._change_to(replacement)
        return True

    def undo(self) -> None:
        self.end()
        if self._past:
            self._future.append(self._finished)
            self._finished = self._past.pop()

    def redo(self) -> None:
        self.end()
        if self._future:
            self._past.append(self._finished)
            self._finished = self._future.pop()

    def _change_to(self, strokes: tuple[Stroke, ...]) -> None:
        self._past.append(self._finished)
        self._future.clear()
        self._finished = strokes


def extent(strokes: Sequence[Stroke]) -> float:
    """Return the longer side of the strokes' bounding box."""
    left, top, right, bottom = _bounds(strokes)
    return max(right - left, bottom - top)


def fitted(strokes: Sequence[Stroke], fill: float = 0.7) -> tuple[Stroke, ...]:
    """Scale strokes of any units to `fill` of the page and put them in its middle."""
    left, top, right, bottom = _bounds(strokes)
    size = max(right - left, bottom - top)
    scale = fill / size if size > 0 else 0.0
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    return tuple(
        Stroke(tuple((0.5 + (x - middle_x) * scale, 0.5 + (y - middle_y) * scale) for x, y in s.points))
        for s in strokes
    )


def _points(strokes: Iterable[Stroke]) -> Iterator[Point]:
    return (point for stroke in strokes for point in stroke.points)


def _bounds(strokes: Sequence[Stroke]) -> tuple[float, float, float, float]:
    xs = [x for x, _ in _points(strokes)]
    ys = [y for _, y in _points(strokes)]
    return min(xs), min(ys), max(xs), max(ys)


def _distance_to_segment(point: Point, start: Point, end: Point) -> float:
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length_squared = dx * dx + dy * dy
    if length_squared == 0:  # also where the square underflows
        return math.dist(point, start)
    along = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length_squared))
    return math.dist(point, (ax + along * dx, ay + along * dy))
