"""Where the maps of a layer lie in one picture: side by side, in lines, each number a square of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Unit = tuple[int, int, int]  # map, row, column; a feature is a map of one number
Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the picture

LARGEST_SIDE = 84  # px at 96 dots an inch: of a map, where there are few of them
LARGEST_ZOOM, LARGEST_OF_FEW = 12, 28  # of features, where a line holds them all
FEW = 16


@dataclass(frozen=True)
class Sheet:
    """The geometry of one picture of maps."""

    maps: int
    rows: int
    columns: int
    zoom: int  # px, the side of a number
    across: int  # maps in a line
    gap: int = 2  # px, after each map

    @property
    def width(self) -> int:
        return min(self.maps, self.across) * (self.columns * self.zoom + self.gap)

    @property
    def lines(self) -> int:
        return -(-self.maps // self.across)

    @property
    def height(self) -> int:
        return self.lines * (self.rows * self.zoom + self.gap)

    def box(self, of_map: int, top: int, left: int, bottom: int, right: int) -> Box:
        """Rows top to bottom - 1 and columns left to right - 1 of a map."""
        x, y = self.corner(of_map)
        zoom = self.zoom
        return x + left * zoom, y + top * zoom, x + right * zoom, y + bottom * zoom

    def whole(self, of_map: int) -> Box:
        """A map from edge to edge."""
        return self.box(of_map, 0, 0, self.rows, self.columns)

    def corner(self, of_map: int) -> tuple[int, int]:
        line, place = divmod(of_map, self.across)
        return place * (self.columns * self.zoom + self.gap), line * (self.rows * self.zoom + self.gap)

    def unit_at(self, x: float, y: float) -> Unit | None:
        """The number that lies there; None in a gap and beside the maps."""
        if x < 0 or y < 0:
            return None
        place, right = divmod(int(x), self.columns * self.zoom + self.gap)
        line, down = divmod(int(y), self.rows * self.zoom + self.gap)
        of_map, row, column = line * self.across + place, down // self.zoom, right // self.zoom
        is_number = place < self.across and of_map < self.maps and row < self.rows and column < self.columns
        return (of_map, row, column) if is_number else None


def fitted(maps: int, rows: int, columns: int, *, width: int, scale: float = 1.0, height: int) -> Sheet:
    """The sheet with the largest squares that keeps to a width, and to a height where it can.

    Parameters
    ----------
    width : int
        In the screen's pixels.
    scale : float
        Pixels of the screen for one at 96 dots an inch.
    height : int
        At 96 dots an inch; a sheet of the smallest squares may be higher.
    """
    side = max(rows, columns)
    zoom = LARGEST_OF_FEW if maps <= FEW and side == 1 else LARGEST_ZOOM
    largest = max(1, min(round(LARGEST_SIDE * scale) // side, round(zoom * scale)))
    for zoom in range(largest, 0, -1):
        gap = 1 if zoom == 1 and side == 1 else 2
        across = max(1, (width + gap) // (columns * zoom + gap))
        sheet = Sheet(maps, rows, columns, zoom, min(across, maps), gap)
        if zoom == 1 or (sheet.height <= height * scale and sheet.width <= width + gap):
            return replace(sheet, across=-(-maps // sheet.lines))  # all lines as long, if that can be
    raise AssertionError("a zoom of 1 is always taken")


@dataclass(frozen=True)
class LayerRow:
    """A layer as the panel lists it: what it is called, and where its maps lie.

    One without a sheet hands on what it reads.
    """

    name: str
    title: str
    sheet: Sheet | None = None
    off: frozenset[int] = frozenset()  # the maps that are switched off
    labels: tuple[str, ...] = ()  # what stands under each map, where they have names


@dataclass(frozen=True)
class Marks:
    """What is framed in the pictures: boxes by layers, and the unit that they are about."""

    boxes: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)
    layer: str = ""
    unit: Box | None = None
