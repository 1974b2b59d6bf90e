"""Strokes as a screen shows them: lines with smooth edges, round joins and round ends, on a page of pixels.

A line between two points covers what is nearer to it than the pen's radius, a capsule. A pixel on its edge is
covered in part, by how far its centre lies inside. Where lines meet, a pixel keeps the greatest of their
coverages, so a stroke that grows, turns back or crosses itself shows no seam, and the order of strokes makes
no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Curve, Point, as_curve

Coverage = npt.NDArray[np.uint8]  # of a part of a page

# px; longer lines are drawn in pieces, so that a steep one needs no more of the page than lies about it
PIECE = 48
MOST_PIECES = 200  # of a line: far outside of any page the pieces may be longer
AT_ONCE = 2**16  # pixels of pieces that are worked out at a time: they stay in the cache


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
        line = as_curve(points)
        if len(line) > 1:
            line = _cut(line)
            self._cover(line[:-1], line[1:])
        else:
            self._cover(line, line)

    def lay(self, inked: Sequence[tuple[Box, Coverage]]) -> None:
        """Cover what another page was covered: what it told as changed, and its coverage there."""
        for box, covered in inked:
            page = self.coverage[box.top : box.bottom, box.left : box.right]
            np.maximum(page, covered, out=page)
            self.mark(box)

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

    def _cover(self, starts: Curve, ends: Curve) -> None:
        """Cover what lies within the radius of lines, (N, 2) from and (N, 2) to."""
        reach = self._radius + 0.5
        size = self.coverage.shape[::-1]
        low = np.floor(np.minimum(starts, ends) - reach).clip(0, size).astype(int)
        high = np.ceil(np.maximum(starts, ends) + reach).clip(0, size).astype(int)
        seen = (low < high).all(axis=1)
        if not seen.all():
            starts, ends, low, high = starts[seen], ends[seen], low[seen], high[seen]
        if not len(low):
            return
        width, height = (high - low).max(axis=0).tolist()
        half = len(low) // 2
        if half and len(low) * width * height > AT_ONCE:
            self._cover(starts[:half], ends[:half])
            self._cover(starts[half:], ends[half:])
            return
        # from each line's middle to the centres of the pixels: along the line, and across it
        delta = ends - starts
        length = np.hypot(*delta.T)[:, None]
        is_line = length > 0
        direction = np.divide(delta, length, out=np.zeros_like(delta), where=is_line)
        direction[:, :1] += ~is_line
        dx, dy = direction.astype(np.float32).T[..., None, None]
        offset = (low + 0.5 - (starts + ends) / 2).astype(np.float32)
        x = (np.arange(width, dtype=np.float32) + offset[:, :1])[:, None, :]
        y = (np.arange(height, dtype=np.float32) + offset[:, 1:])[:, :, None]
        along = x * dx + y * dy
        across = y * dx - x * dy
        # what lies beyond the line's ends is as far from it as from the nearer end
        np.abs(along, out=along)
        along -= (length / 2).astype(np.float32)[..., None]
        np.maximum(along, 0, out=along)
        along *= along
        across *= across
        along += across
        distance = np.sqrt(along, out=along)
        covered = ((np.float32(reach) - distance) * 255 + np.float32(0.5)).clip(0, 255).astype(np.uint8)
        for (left, top), (right, bottom), line in zip(low.tolist(), high.tolist(), covered, strict=True):
            page, line = self.coverage[top:bottom, left:right], line[: bottom - top, : right - left]
            if (line > page).any():
                np.maximum(page, line, out=page)
                self.mark(Box(left, top, right, bottom))


def _cut(points: Curve) -> Curve:
    """Points of a line, and between them as many as it is cut at."""
    steps = np.diff(points, axis=0)
    pieces = np.ceil(np.hypot(*steps.T) / PIECE).clip(1, MOST_PIECES).astype(int)
    if pieces.max(initial=1) == 1:
        return points
    line = np.repeat(np.arange(len(pieces)), pieces)
    place = np.arange(len(line)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    cut = points[line] + steps[line] * (place / pieces[line])[:, None]
    return np.concatenate([cut, points[-1:]])
