"""What a drag does to the box around what is meant in a picture: it makes, moves or resizes one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.page.drawing import DOT_EXTENT
from app.page.frame import Box

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

REACH = 0.03  # page units: as near to a handle is on it
_SIDES = [(x, y) for y in (0.0, 0.5, 1.0) for x in (0.0, 0.5, 1.0) if (x, y) != (0.5, 0.5)]


def handles(box: Box) -> dict[tuple[float, float], Point]:
    """The places of a box's handles, by where they stand on it: (0, 0) left above, (1, 0.5) right."""
    left, top, right, bottom = box
    return {(x, y): (left + x * (right - left), top + y * (bottom - top)) for x, y in _SIDES}


@dataclass
class BoxDrag:
    """A drag from `start`, on a page with the box `before` or none; the box stays `within` a picture."""

    start: Point
    before: Box | None
    within: Box
    end: Point | None = None

    def to(self, point: Point) -> Box:
        """The box, now that the drag has come to a point."""
        self.end = point
        (x, y), (x0, y0) = point, self.start
        if self.before is None or not (self._handle or self._is_inside):
            box = (x0, y0, x, y)
        elif self._handle:
            left, top, right, bottom = self.before
            across, down = self._handle
            box = (
                x if across == 0 else left,
                y if down == 0 else top,
                x if across == 1 else right,
                y if down == 1 else bottom,
            )
        else:
            left, top, right, bottom = self.before
            dx = min(max(x - x0, self.within[0] - left), self.within[2] - right)
            dy = min(max(y - y0, self.within[1] - top), self.within[3] - bottom)
            box = (left + dx, top + dy, right + dx, bottom + dy)
        return self._cut(box)

    @property
    def box(self) -> Box | None:
        """The box that is left at the end; None after a click beside it, or for one too small to hold ink."""
        if self.end is None or math.dist(self.start, self.end) < DOT_EXTENT:
            return self.before if self._handle or self._is_inside else None
        left, top, right, bottom = box = self.to(self.end)
        return box if min(right - left, bottom - top) >= DOT_EXTENT else self.before

    @property
    def _handle(self) -> tuple[float, float] | None:
        if self.before is None:
            return None
        places = handles(self.before)
        nearest = min(places, key=lambda handle: math.dist(places[handle], self.start))
        return nearest if math.dist(places[nearest], self.start) <= REACH else None

    @property
    def _is_inside(self) -> bool:
        if self.before is None:
            return False
        left, top, right, bottom = self.before
        return left <= self.start[0] <= right and top <= self.start[1] <= bottom

    def _cut(self, box: Box) -> Box:
        """From left above to right below, and within the picture."""
        xs, ys = sorted((box[0], box[2])), sorted((box[1], box[3]))
        left, top, right, bottom = self.within
        (x0, x1), (y0, y1) = ((min(max(x, left), right) for x in xs), (min(max(y, top), bottom) for y in ys))
        return x0, y0, x1, y1
