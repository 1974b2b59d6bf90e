"""How the page looks: strokes in the pen's colour, over a picture or over paper, as patches of pixels.

What the canvas shows is made here, with the centre lines that the network is given. Width and colour are the
person's choice, and the network sees neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.page.patch import SQUARE, Patch
from engine.ink.page import Box, InkPage

if TYPE_CHECKING:
    from engine.ink.rasterize import Point


class InkSurface:
    """A page of pixels that strokes are drawn on; what a change has touched is told as patches."""

    def __init__(self) -> None:
        self.start(1, 1, line_width=1, paper="#ffffff", ink="#000000", pen="#000000")

    def start(self, width: int, height: int, *, line_width: float, paper: str, ink: str, pen: str) -> None:
        """Begin an empty page.

        Parameters
        ----------
        width, height, line_width
            In pixels.
        paper, ink, pen : str
            Colours, as "#rrggbb": of the page, of the ink of pictures and of strokes.
        """
        self._page = InkPage(width, height, line_width=line_width, square=SQUARE)
        self._picture: npt.NDArray[np.uint8] | None = None  # (height, width), the ink of a picture
        self._last: Point = (0.0, 0.0)
        self._picture_shades = _shades(paper, ink)
        self._shades = _shades(paper, pen)
        self._pen = self._shades[255].astype(np.int32)

    def lay_picture(self, ink: bytes, width: int) -> None:
        """Lay a picture in the middle of the page, as large as fits, under all strokes.

        `ink` holds its rows from the top, a byte per pixel: 0 paper, 255 ink.
        """
        picture = np.frombuffer(ink, np.uint8).reshape(-1, width)
        page_height, page_width = self._page.coverage.shape
        scale = min(page_height, page_width) / max(picture.shape)
        height, width = (max(1, int(side * scale)) for side in picture.shape)
        left, top = (page_width - width) // 2, (page_height - height) // 2
        self._picture = np.zeros((page_height, page_width), np.uint8)
        self._picture[top : top + height, left : left + width] = _resampled(picture, height, width)
        self._page.mark(Box(left, top, left + width, top + height))

    def begin_stroke(self, point: Point) -> None:
        """Draw a dot, in pixels of the page."""
        self._last = point
        self._page.draw([point])

    def extend_stroke(self, point: Point) -> None:
        """Draw on to a point."""
        self._page.draw([self._last, point])
        self._last = point

    def patches(self) -> list[Patch]:
        """What looks different since this was asked last."""
        return [
            Patch(box.left, box.top, box.right - box.left, box.bottom - box.top, self._pixels(box))
            for box in self._page.changes()
        ]

    def _pixels(self, box: Box) -> bytes:
        part = slice(box.top, box.bottom), slice(box.left, box.right)
        coverage = self._page.coverage[part]
        if self._picture is None:
            return bytes(self._shades[coverage].data)
        under = self._picture_shades[self._picture[part]].astype(np.int32)
        mixed = under + (self._pen - under) * coverage[..., None].astype(np.int32) // 255
        return bytes(mixed.astype(np.uint8).data)


def _shades(paper: str, ink: str) -> npt.NDArray[np.uint8]:
    """The colours (256, 3) from paper to ink."""
    low, high = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in (paper, ink))
    shades: npt.NDArray[np.uint8] = np.rint(low + np.linspace(0, 1, 256)[:, None] * (high - low)).astype(
        np.uint8
    )
    return shades


def _resampled(picture: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """A picture of another size, each new pixel being the old one that lies under its middle."""
    rows, columns = (
        (2 * np.arange(new) + 1) * old // (2 * new)
        for new, old in zip((height, width), picture.shape, strict=True)
    )
    return picture[np.ix_(rows, columns)]
