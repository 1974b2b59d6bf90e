"""Numbers as colours: a picture of all maps of a layer, made in two look-ups.

From what is most below zero to what is most above it, through the paper's colour at zero. The two colours are
told apart by every kind of eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from app.page.inside.sheet import Sheet
from engine.ink.rasterize import in_colours

if TYPE_CHECKING:
    pass

MIDDLE = 126  # the level of zero; from 0 to 252
GAP, BESIDE = 253, 254  # those of what lies between maps, and beside the last one

REMEMBERED = 32  # sheets, 0.1 to 1 MB each; a network has some ten in sight

Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Colours:
    """Those of the theme, "#rrggbb"."""

    minus: str
    zero: str
    plus: str
    gap: str
    beside: str


def picture(values: Any, sheet: Sheet, colours: Colours, *, by_map: bool) -> bytes:
    """(C, H, W) maps or (F,) features as rows of red, green and blue, placed as the sheet says.

    Parameters
    ----------
    by_map : bool
        Whether the strongest colour stands for the largest number of each map, else for that of the layer.
    """
    maps = values.reshape(sheet.maps, sheet.rows * sheet.columns)
    sizes = np.abs(maps)
    largest = sizes.max(axis=1, keepdims=True) if by_map and sheet.rows * sheet.columns > 1 else sizes.max()
    levels = np.empty(maps.size + 2, np.uint8)
    scale = np.float32(MIDDLE) / np.where(largest > 0, largest, 1)
    levels[:-2] = (maps * scale + np.float32(MIDDLE + 0.5)).ravel()
    levels[-2:] = GAP, BESIDE
    return in_colours(levels.take(_places(sheet)), _shades(colours))


def shades_of(values: Any, colours: Colours, zoom: int) -> bytes:
    """A (H, W) map alone, each number a square."""
    rows, columns = values.shape
    return picture(values, Sheet(1, rows, columns, zoom, 1, 0), colours, by_map=False)


@lru_cache(maxsize=4)
def _shades(colours: Colours) -> bytes:
    """Red, green and blue of each level."""
    named = colours.minus, colours.zero, colours.plus, colours.gap, colours.beside
    minus, zero, plus, gap, beside = (np.array(list(bytes.fromhex(one[1:]))) for one in named)
    levels = (np.arange(GAP) - MIDDLE)[:, None] / MIDDLE
    mixed = zero + np.maximum(-levels, 0) * (minus - zero) + np.maximum(levels, 0) * (plus - zero)
    return np.vstack((np.rint(mixed), gap, beside)).astype(np.uint8).tobytes()


@lru_cache(maxsize=REMEMBERED)
def _places(sheet: Sheet) -> Places:
    """For each pixel of the picture, which number is shown there; the last two for what is none."""
    gap = sheet.maps * sheet.rows * sheet.columns
    high, wide = sheet.rows * sheet.zoom + sheet.gap, sheet.columns * sheet.zoom + sheet.gap
    tiles = np.full((sheet.lines * sheet.across, high, wide), gap, np.int32)
    numbers = np.arange(gap, dtype=np.int32).reshape(sheet.maps, sheet.rows, sheet.columns)
    squares = numbers.repeat(sheet.zoom, axis=1).repeat(sheet.zoom, axis=2)
    tiles[sheet.maps :] = gap + 1
    tiles[: sheet.maps, : squares.shape[1], : squares.shape[2]] = squares
    lines = tiles.reshape(sheet.lines, sheet.across, high, wide).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(lines.reshape(sheet.height, sheet.across * wide)[:, : sheet.width])
