"""Where a picture, a box in it and its ink lie on the page: in the middle, the longer side filling it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.page.drawing import WHOLE, Picture
from app.page.frame import Box

if TYPE_CHECKING:
    from engine.ink.rasterize import Point


def place_of(picture: Picture) -> Box:
    """Where all of it lies, in page units."""
    height, width = (picture.ink if picture.look is None else picture.look.pixels).shape[:2]
    across, down = width / max(height, width) / 2, height / max(height, width) / 2
    return 0.5 - across, 0.5 - down, 0.5 + across, 0.5 + down


def place_of_ink(picture: Picture) -> Box:
    """Where the part lies that was looked at."""
    return on_page(picture, picture.look.seen if picture.look else WHOLE)


def on_page(picture: Picture, box: Box) -> Box:
    """A box in shares of the picture's sides, in page units."""
    left, top, right, bottom = place_of(picture)
    width, height = right - left, bottom - top
    return left + box[0] * width, top + box[1] * height, left + box[2] * width, top + box[3] * height


def in_picture(picture: Picture, box: Box) -> Box:
    """A box in page units, in shares of the picture's sides; what lies beside the picture is left out."""
    left, top, right, bottom = place_of(picture)
    sides = right - left, bottom - top
    x0, y0, x1, y1 = (
        min(max((edge - start) / side, 0.0), 1.0)
        for edge, start, side in zip(box, (left, top) * 2, sides * 2, strict=True)
    )
    return x0, y0, x1, y1


def over_ink(picture: Picture, points: Sequence[Point]) -> Sequence[Point]:
    """Points of the page as they lie on a page that the ink's longer side fills."""
    if picture.look is None or picture.look.seen == WHOLE:
        return points
    left, top, right, bottom = place_of_ink(picture)
    side, middle = max(right - left, bottom - top), ((left + right) / 2, (top + bottom) / 2)
    return [(0.5 + (x - middle[0]) / side, 0.5 + (y - middle[1]) / side) for x, y in points]


def in_ink(picture: Picture, points: Sequence[Point]) -> list[Point]:
    """Points of the page in pixels of the ink."""
    left, top, right, bottom = place_of_ink(picture)
    height, width = picture.ink.shape
    return [((x - left) / (right - left) * width, (y - top) / (bottom - top) * height) for x, y in points]


def from_ink(picture: Picture, points: Sequence[Point]) -> list[Point]:
    """Points in pixels of the ink on the page."""
    left, top, right, bottom = place_of_ink(picture)
    height, width = picture.ink.shape
    return [(left + x / width * (right - left), top + y / height * (bottom - top)) for x, y in points]
