"""A small picture with a caption, as the grid of digits shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """A picture and what stands under it.

    `pixels` holds its rows from the top: a byte a pixel, 0 paper and 255 ink, or three for red, green, blue.
    """

    pixels: bytes
    width: int
    height: int
    caption: str
    is_right: bool
