"""How the page looks: strokes in the pen's colour, over a picture or over paper, as patches of pixels.

What the canvas shows is made here, with the centre lines that the network is given. Width and colour are the
person's choice, and the network sees neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.page.patch import SQUARE, Patch
from engine.ink.page import Box, Coverage, InkPage
from engine.ink.rasterize import resized

if TYPE_CHECKING:
    from app.page.drawing import Look, Picture
    from engine.ink.rasterize import Point

Colours = npt.NDArray[np.uint8]  # (height, width, 3)
Colour = npt.NDArray[np.int64]  # red, green and blue
Mask = npt.NDArray[np.bool_]

TINTED = 0.55  # of the tint's colour in what was taken for ink: its own shade is still seen
FADED = 0.35  # of the paper's colour in the rest
OUTLINE = 2  # px
REMEMBERED = 64  # strokes, 10 to 100 KB each: undo, redo, the eraser and another theme draw none of them anew


class InkSurface:
    """A page of pixels that strokes are drawn on; what a change has touched is told as patches."""

    def __init__(self) -> None:
        self._measures = (0, 0, 0.0)
        self.start(1, 1, line_width=1, paper="#ffffff", ink="#000000", pen="#000000")

    def start(self, width: int, height: int, *, line_width: float, paper: str, ink: str, pen: str) -> None:
        """Begin an empty page. One of the same size and line remembers how strokes look on it.

        Parameters
        ----------
        width, height, line_width
            In pixels.
        paper, ink, pen : str
            Colours, as "#rrggbb": of the page, of the ink of pictures and of strokes.
        """
        self._page = InkPage(width, height, line_width=line_width, square=SQUARE)
        if (width, height, line_width) != self._measures:
            self._measures = width, height, line_width
            self._covered_by = lru_cache(REMEMBERED)(self._draw_alone)
        self._picture: Colours | None = None  # of the page with the picture alone
        self._last: Point = (0.0, 0.0)
        self._picture_shades, self._paper = _shades(paper, ink), _rgb(paper)
        self._shades = _shades(paper, pen)
        self._pen = self._shades[255].astype(np.int32)

    def lay_picture(self, picture: Picture, *, tint: str | None) -> None:
        """Lay a picture in the middle of the page, as large as fits, under all strokes.

        With a `tint`, a colour, all of it fades but for what was taken for ink, which is tinted and outlined.
        A picture that is its ink alone is shown in the colours of paper and ink.
        """
        page_height, page_width = self._page.coverage.shape
        shape = (picture.ink if picture.look is None else picture.look.pixels).shape[:2]
        scale = min(page_height, page_width) / max(shape)
        height, width = (max(1, int(side * scale)) for side in shape)
        left, top = (page_width - width) // 2, (page_height - height) // 2
        if picture.look is None:
            ink = (255 * picture.ink.clip(0, 1) + 0.5).astype(np.uint8)
            shown = self._picture_shades[_resampled(ink, height, width)]
        else:
            shown = _coloured(resized(picture.look.pixels, width, height))
            if tint is not None and picture.look.mask.any():
                shown = _tinted(shown, _mask_over(picture.look, height, width), _rgb(tint), self._paper)
        self._picture = np.broadcast_to(self._paper, (page_height, page_width, 3)).astype(np.uint8)
        self._picture[top : top + height, left : left + width] = shown
        self._page.mark(Box(left, top, left + width, top + height))

    def begin_stroke(self, point: Point) -> None:
        """Draw a dot, in pixels of the page."""
        self._last = point
        self._page.draw([point])

    def extend_stroke(self, point: Point) -> None:
        """Draw on to a point."""
        self._page.draw([self._last, point])
        self._last = point

    def draw_stroke(self, points: Sequence[Point]) -> None:
        """Draw a whole stroke, which looks as one that was begun and extended."""
        self._page.lay(self._covered_by(tuple(points)))
        self._last = points[-1]

    def patches(self) -> list[Patch]:
        """What looks different since this was asked last."""
        return [
            Patch(box.left, box.top, box.right - box.left, box.bottom - box.top, self._pixels(box))
            for box in self._page.changes()
        ]

    def _draw_alone(self, points: tuple[Point, ...]) -> list[tuple[Box, Coverage]]:
        width, height, line_width = self._measures
        page = InkPage(width, height, line_width=line_width, square=SQUARE)
        page.draw(points)
        return [(box, page.coverage[_part(box)].copy()) for box in page.changes()]

    def _pixels(self, box: Box) -> bytes:
        part = _part(box)
        coverage = self._page.coverage[part]
        if self._picture is None:
            return bytes(self._shades[coverage].data)
        under = self._picture[part].astype(np.int32)
        mixed = under + (self._pen - under) * coverage[..., None].astype(np.int32) // 255
        return bytes(mixed.astype(np.uint8).data)


def _part(box: Box) -> tuple[slice, slice]:
    return slice(box.top, box.bottom), slice(box.left, box.right)


def _shades(paper: str, ink: str) -> npt.NDArray[np.uint8]:
    """The colours (256, 3) from paper to ink."""
    low, high = _rgb(paper), _rgb(ink)
    shades: npt.NDArray[np.uint8] = np.rint(low + np.linspace(0, 1, 256)[:, None] * (high - low)).astype(
        np.uint8
    )
    return shades


def _rgb(colour: str) -> Colour:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


def _coloured(pixels: Colours) -> Colours:
    """A picture in three colours, also one that is grey."""
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _mask_over(look: Look, height: int, width: int) -> Mask:
    """Where the ink is in a picture that is shown at this size."""
    left, top, right, bottom = look.seen
    mask = np.zeros((height, width), bool)
    part = mask[_span(top, bottom, height), _span(left, right, width)]
    part[:] = resized(255 * look.mask.astype(np.uint8), part.shape[1], part.shape[0]) >= 128
    return mask


def _span(first: float, last: float, size: int) -> slice:
    """From one share of a side to another, in its pixels: one at least, also at the very edge."""
    start = min(round(first * size), size - 1)
    return slice(start, max(round(last * size), start + 1))


def _tinted(picture: Colours, mask: Mask, tint: Colour, paper: Colour) -> Colours:
    """What was taken for ink in a colour, with an outline, and the rest faded."""
    light = np.where(
        mask[..., None], picture + TINTED * (tint - picture), picture + FADED * (paper - picture)
    )
    light[_outline(mask)] = tint
    tinted: Colours = np.rint(light).astype(np.uint8)
    return tinted


def _outline(mask: Mask) -> Mask:
    """The OUTLINE pixels around a mask."""
    grown = mask
    for _ in range(OUTLINE):
        padded = np.pad(grown, 1)
        grown = grown | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return grown & ~mask


def _resampled(picture: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """A picture of another size, each new pixel being the old one that lies under its middle."""
    rows, columns = (
        (2 * np.arange(new) + 1) * old // (2 * new)
        for new, old in zip((height, width), picture.shape, strict=True)
    )
    return picture[np.ix_(rows, columns)]
