"""Strokes as a screen shows them: lines with smooth edges, round joins and round ends, on a page of pixels.

A line between two points covers what is nearer to it than the pen's radius, a capsule. A pixel on its edge is
covered in part, by how far its centre lies inside. Where lines meet, a pixel keeps the greatest of their
coverages, so a stroke that grows, turns back or crosses itself shows no seam, and the order of strokes makes
no difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.ink.rasterize import Point

# px; longer lines are drawn in pieces, so that a steep one needs no more of the page than lies about it
PIECE = 48
MOST_PIECES = 200  # of a line: far outside of any page the pieces may be longer


@dataclass(frozen=True)
class Box:
    """A part of the page, in pixels."""

    left: int
    top: int
    right: int  # the first column and row outside
    bottom: int

    def joined(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class InkPage:
    """How much of each pixel is covered by strokes, from 0 (paper) to 255, and what has changed of it.

    Parameters
    ----------
    width, height : int
        Of the page, in pixels. What leaves it is cut off.
    line_width : float
        In pixels.
    square : int
        Changes are told by the squares of so many pixels that the page is divided into.
    """

    def __init__(self, width: int, height: int, *, line_width: float, square: int) -> None:
        self.coverage = np.zeros((height, width), np.uint8)  # the system gives memory where it is written to
        self._radius = line_width / 2
        self._square = square
        self._changed: dict[tuple[int, int], Box] = {}

    def draw(self, points: Sequence[Point]) -> None:
        """Draw a line through points, in pixels from the left upper corner; a single one is a dot."""
        for start, end in pairwise(points):
            for piece in pairwise(_cut(start, end)):
                self._draw_capsule(*piece)
        if len(points) == 1:
            self._draw_capsule(points[0], points[0])

    def mark(self, box: Box) -> None:
        """Have a part of the page told as changed."""
        size = self._square
        for row in range(box.top // size, -(-box.bottom // size)):
            for column in range(box.left // size, -(-box.right // size)):
                part = Box(
                    max(box.left, column * size),
                    max(box.top, row * size),
                    min(box.right, (column + 1) * size),
                    min(box.bottom, (row + 1) * size),
                )
                before = self._changed.get((column, row), part)
                self._changed[column, row] = before.joined(part)

    def changes(self) -> list[Box]:
        """What has changed since this was asked last; each box lies within one square."""
        boxes = list(self._changed.values())
        self._changed.clear()
        return boxes

    def _draw_capsule(self, start: Point, end: Point) -> None:
        """Cover what lies within the radius of the line from start to end."""
        (ax, ay), (bx, by) = start, end
        reach = self._radius + 0.5
        height, width = self.coverage.shape
        left, right = _within(min(ax, bx) - reach, max(ax, bx) + reach, width)
        top, bottom = _within(min(ay, by) - reach, max(ay, by) + reach, height)
        if left >= right or top >= bottom:
            return
        # from the line's middle to the centres of the pixels: along the line, and across it
        length = math.hypot(bx - ax, by - ay)
        dx, dy = ((bx - ax) / length, (by - ay) / length) if length > 0 else (1.0, 0.0)
        x = np.arange(right - left, dtype=np.float32) + np.float32(left + 0.5 - (ax + bx) / 2)
        y = np.arange(bottom - top, dtype=np.float32)[:, None] + np.float32(top + 0.5 - (ay + by) / 2)
        along = x * np.float32(dx) + y * np.float32(dy)
        across = y * np.float32(dx) - x * np.float32(dy)
        # what lies beyond the line's ends is as far from it as from the nearer end
        np.abs(along, out=along)
        along -= np.float32(length / 2)
        np.maximum(along, 0, out=along)
        along *= along
        across *= across
        distance = np.sqrt(along + across)
        covered = np.clip((np.float32(reach) - distance) * 255 + np.float32(0.5), 0, 255).astype(np.uint8)
        page = self.coverage[top:bottom, left:right]
        if (covered > page).any():
            np.maximum(page, covered, out=page)
            self.mark(Box(left, top, right, bottom))


def _cut(start: Point, end: Point) -> list[Point]:
    """A line's ends, and between them as many points as it is cut at."""
    pieces = max(1, math.ceil(min(math.dist(start, end) / PIECE, MOST_PIECES)))
    (ax, ay), (bx, by) = start, end
    return [(ax + (bx - ax) * i / pieces, ay + (by - ay) * i / pieces) for i in range(pieces + 1)]


def _within(low: float, high: float, size: int) -> tuple[int, int]:
    """The first pixel of a range and the first after it, on an axis of so many."""
    return max(0, math.floor(low)), min(size, math.ceil(high))
