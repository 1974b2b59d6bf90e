"""Digits cut apart by hand: where a drag crosses strokes and what lies to the left of it, or the best cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.page.drawing import Picture
from app.page.picture_place import from_ink, in_ink
from engine.ink.cutting import cut_along
from engine.reading.joints import joints

if TYPE_CHECKING:
    from app.page.drawing import Drawing, Gap
    from app.page.frame import Box
    from app.page.reader import Reader
    from engine.ink.rasterize import Point


@dataclass(frozen=True)
class HandCut:
    """The way of a pen, from top to bottom or the other way round."""

    path: Sequence[Point]

    def gaps(self, points: Sequence[Point], unit: float) -> list[Gap]:
        """Where it crosses a stroke: all of the way to the next digit if it seems to be that, else a place.

        `unit` is about the height of a digit.
        """
        crossed = self._crossings(points)
        ways = joints(np.array(points, np.float64), unit) if crossed else []
        found: list[Gap] = []
        for place in crossed:
            gap = next((way for way in ways if way.last <= place <= way.first), (place, place))
            if not found or gap[0] > found[-1][1]:
                found.append((float(gap[0]), float(gap[1])))
        return found

    def is_left(self, points: Sequence[Point]) -> bool:
        """Whether the middle of a line lies to the left of it, as far down as it is."""
        xs, ys = zip(*points, strict=True)
        downward = sorted(self.path, key=lambda point: point[1])
        at = np.interp((min(ys) + max(ys)) / 2, [y for _, y in downward], [x for x, _ in downward])
        return bool((min(xs) + max(xs)) / 2 < at)

    def goes_through(self, box: Box) -> bool:
        """Whether it comes in at the top of a box and goes out at the bottom, or the other way round."""
        left, top, right, bottom = box
        ends = sorted((self.path[0][1], self.path[-1][1]))
        within = [x for x, y in self.path if top <= y <= bottom] or [x for x, _ in self.path]
        return ends[0] < top and ends[1] > bottom and all(left <= x <= right for x in within)

    def _crossings(self, points: Sequence[Point]) -> list[float]:
        """The places along a line, ascending, in points, at which the way crosses it."""
        line, path = np.array(points, np.float64), np.array(self.path, np.float64)
        along, across = np.diff(line, axis=0)[:, None], np.diff(path, axis=0)
        between = path[:-1] - line[:-1, None]
        turn = _cross(along, across)
        with np.errstate(divide="ignore", invalid="ignore"):  # of what lies beside each other
            share, other = _cross(between, across) / turn, _cross(between, along) / turn
        crossed = (turn != 0) & (share >= 0) & (share < 1) & (other >= 0) & (other < 1)
        places: list[float] = np.sort((np.arange(len(along))[:, None] + share)[crossed]).tolist()
        return places


def _cross(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]


@dataclass(frozen=True)
class Halving:
    """The best way to read some pieces as two digits."""

    gaps: Mapping[int, Sequence[Gap]]  # by the numbers of strokes
    lefts: frozenset[Sequence[Point]]  # the points of the pieces that are of the left digit

    def is_left(self, points: Sequence[Point]) -> bool:
        return points in self.lefts


def best_halving(reader: Reader, drawing: Drawing, numbers: Sequence[int]) -> Halving | None:
    """How the network would read some pieces as two digits; None where they are too little for it."""
    lines = [line for number in numbers for line in drawing.drawn([number])]
    halves = reader.halves(lines)
    if halves is None:
        return None
    lefts = {lines[number] for number in halves.left}
    if halves.stroke is None or halves.joint is None:
        return Halving({}, frozenset(lefts))
    number, (start, stop) = drawing.pieces[numbers[halves.stroke]]
    from_start = [start, *(place for place in range(int(start) + 1, len(drawing.strokes[number].points)))]
    last, first = (min(from_start[point], stop) for point in halves.joint)
    side = (start, last) if halves.left_comes_first else (first, stop)
    lefts.add(drawing.strokes[number].between(*side))
    return Halving({number: [(last, first)]}, frozenset(lefts))


def divided(picture: Picture, path: Sequence[Point]) -> Picture:
    """The picture, read as if its paper were bare along a way over the page."""
    ink = picture.ink if picture.divided is None else picture.divided
    return replace(picture, divided=cut_along(ink, in_ink(picture, path)))


def halved(reader: Reader, picture: Picture, box: Box) -> Picture | None:
    """The picture with the digit in a box of the page cut in two where that is best, if it can be."""
    (left, top), (right, bottom) = in_ink(picture, [box[:2], box[2:]])
    ink = picture.ink if picture.divided is None else picture.divided
    path = reader.halving_path(ink, (left, top, right, bottom))
    return divided(picture, from_ink(picture, path)) if path else None
