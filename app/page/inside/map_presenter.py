"""The tab Map: digits in a plane, those side by side that the network finds alike; the drawing among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from app.language import _, decimal
from app.page.inside.subject import Subject
from app.page.inside.why_told import neighbour_told
from engine.ink.preprocessing import FRAME
from engine.machine.threads import one_blas_thread

if TYPE_CHECKING:
    from engine.explaining.digit_map import DigitMap
    from engine.ink.rasterize import Ink, Point

ROOM = 0.8  # of a digit's side: one is drawn in each cell as large
TILE = 12  # px at 96 dots an inch: a digit's side where all are seen
MOST_ZOOM = 16.0
NEAR = 5  # digits that are told
TRAIL = 80  # places that the drawing has been at

Pixels = tuple[float, float]


class MapView(Protocol):
    """What the presenter needs of the tab."""

    def show_map(self, ink: bytes, side: int) -> None:
        """A square of amounts of ink, side x side."""

    def show_place(self, place: Pixels | None, trail: Sequence[Pixels]) -> None:
        """Where the drawing is, in pixels of that square, and where it has been."""

    def show_mark(self, place: Pixels | None) -> None:
        """The digit that the keys are at."""

    def show_told(self, text: str) -> None: ...
    def put_on_page(self, ink: Ink, message: str) -> None: ...


class MapPresenter:
    """Follows the subject; the person looks closer, and puts digits on the page.

    Parameters
    ----------
    load : callable
        The map of the network that reads, None while there is none; asked at every reading.
    """

    def __init__(self, view: MapView, load: Callable[[], DigitMap | None]) -> None:
        self._view, self._load = view, load
        self._map: DigitMap | None = None
        self._place: Point | None = None  # of the drawing, in the unit of the map
        self._trail: list[Point] = []
        self._side, self._scale = 300, 1.0
        self._zoom = 1.0
        self._corner: Point = (0.0, 0.0)  # of what is seen, in the unit of the map
        self._marked: int | None = None
        self._drawn = np.zeros(0, np.intp)  # the digits that are seen
        self._tiles: tuple[int, npt.NDArray[np.uint8]] | None = None  # all digits at one size

    def show(self, subject: Subject) -> None:
        """Another reading: the drawing moves."""
        found = self._load()
        if found is not self._map:
            self._map, self._marked, self._tiles, self._trail = found, None, None, []
            self._paint()
        if subject.half is not None:
            self._place, self._trail = None, []
            self._view.show_told(
                _("This is the map of the network that is open. A half-trained network has none yet.")
                if found is not None
                else _("A half-trained network has no map yet.")
            )
        elif found is None:
            return
        elif subject.image is None or not subject.is_whole:
            self._place, self._trail = None, []
            is_off = subject.image is not None
            self._view.show_told(
                _("The map is of the network as it is saved, with all maps on.") if is_off else subject.told
            )
        else:
            with one_blas_thread():
                self._place = found.place(subject.reader.network, subject.image)
            self._trail = [*self._trail[1 - TRAIL :], self._place]
            self._tell(subject)
        self._show_place()

    def set_room(self, side: int, scale: float) -> None:
        """The map has a square of so many pixels; `scale` of them for one at 96 dots an inch."""
        if (side, scale) != (self._side, self._scale):
            self._side, self._scale, self._tiles = side, scale, None
            self._paint()

    def zoom(self, factor: float, at: Pixels | None = None) -> None:
        """Look closer by a factor, or from further away; the place `at` stays, else that of the drawing."""
        if self._map is None:
            return
        x, y = at or self._pixels(self._place or (0.5, 0.5))
        kept = self._unit((x, y))
        self._zoom = min(MOST_ZOOM, max(1.0, self._zoom * factor))
        span = 1 / self._zoom
        self._corner = kept[0] - x / self._side * span, kept[1] - y / self._side * span
        self._keep_inside()
        self._paint()

    def move(self, across: float, down: float) -> None:
        """Look at what lies beside, in shares of what is seen."""
        self._corner = self._corner[0] + across / self._zoom, self._corner[1] + down / self._zoom
        self._keep_inside()
        self._paint()

    def mark_beside(self, across: int, down: int) -> None:
        """Mark the digit that lies next in a direction."""
        if self._map is None:
            return
        points = self._map.points
        start = points[self._marked] if self._marked is not None else np.array(self._place or (0.5, 0.5))
        away = points - start
        along, aside = away @ np.array([across, down]), np.abs(away @ np.array([down, across]))
        ahead = np.flatnonzero(along > np.maximum(aside, 1e-6))
        if len(ahead):
            self._marked = int(ahead[np.argmin(along[ahead] + aside[ahead])])
            self._bring_into_sight(points[self._marked])
            self._view.show_told(self._digit_told(self._marked))

    def point_at(self, at: Pixels) -> None:
        """The pointer is over the map."""
        found = self._digit_at(at)
        if found is not None:
            self._view.show_told(self._digit_told(found))

    def choose(self, at: Pixels | None = None) -> None:
        """Put the digit there, or the marked one, on the page."""
        found = self._marked if at is None else self._digit_at(at)
        if found is not None and self._map is not None:
            image = self._map.index.prototypes.images[found].astype(np.float32) / np.float32(255)
            self._view.put_on_page(image, self._digit_told(found))

    # Where things are

    def _pixels(self, point: Any) -> Pixels:
        span = self._side * self._zoom
        return (float(point[0]) - self._corner[0]) * span, (float(point[1]) - self._corner[1]) * span

    def _unit(self, at: Pixels) -> Point:
        span = self._side * self._zoom
        return at[0] / span + self._corner[0], at[1] / span + self._corner[1]

    def _digit_at(self, at: Pixels) -> int | None:
        if self._map is None:
            return None
        away = np.abs(self._map.points[self._drawn] - np.array(self._unit(at))).max(axis=1)
        if not len(away) or float(away.min()) * self._side * self._zoom > self._tile_side / 2:
            return None
        return int(self._drawn[away.argmin()])

    def _keep_inside(self) -> None:
        most = 1 - 1 / self._zoom
        self._corner = min(max(self._corner[0], 0.0), most), min(max(self._corner[1], 0.0), most)

    def _bring_into_sight(self, point: Any) -> None:
        x, y = self._pixels(point)
        if not (0 <= x < self._side and 0 <= y < self._side):
            half = 0.5 / self._zoom
            self._corner = float(point[0]) - half, float(point[1]) - half
            self._keep_inside()
            self._paint()
        self._view.show_mark(self._pixels(point))

    # What is seen

    @property
    def _tile_side(self) -> int:
        side = round(TILE * self._scale * float(self._zoom**0.6))
        return max(4, min(2 * FRAME, side))

    def _paint(self) -> None:
        if self._map is None:
            return
        side, tile = self._side, self._tile_side
        ink = np.zeros((side + 2 * tile, side + 2 * tile), np.uint8)  # with a margin for those at the edge
        corners = np.rint((self._map.points - self._corner) * side * self._zoom - tile / 2).astype(int) + tile
        seen = np.flatnonzero(((corners > 0) & (corners < side + tile)).all(axis=1))
        # of those that would lie over each other one is drawn: the first in each cell
        _cells, firsts = np.unique(corners[seen] // max(1, round(ROOM * tile)), axis=0, return_index=True)
        self._drawn = seen[firsts]
        tiles = self._tiles_of(tile)
        for place in self._drawn.tolist():
            x, y = corners[place]
            there = ink[y : y + tile, x : x + tile]
            np.maximum(there, tiles[place], out=there)
        self._view.show_map(ink[tile : tile + side, tile : tile + side].tobytes(), side)
        self._show_place()
        self._view.show_mark(None if self._marked is None else self._pixels(self._map.points[self._marked]))

    def _tiles_of(self, side: int) -> npt.NDArray[np.uint8]:
        """(P, side, side) every digit as large."""
        assert self._map is not None
        if self._tiles is None or self._tiles[0] != side:
            images = self._map.index.prototypes.images
            edges = np.arange(FRAME + 1) * side / FRAME
            covered = np.clip(edges - np.arange(side)[:, None], 0, 1)  # of each pixel, before each edge
            shares = (covered[:, 1:] - covered[:, :-1]).astype(np.float32)
            small = shares @ images.astype(np.float32) @ shares.T
            self._tiles = side, np.clip(1.4 * small, 0, 255).astype(np.uint8)  # small they are faint
        return self._tiles[1]

    def _show_place(self) -> None:
        place = None if self._place is None else self._pixels(self._place)
        self._view.show_place(place, [self._pixels(point) for point in self._trail])

    def _tell(self, subject: Subject) -> None:
        assert self._map is not None and self._place is not None
        away = np.square(self._map.points - np.array(self._place)).sum(axis=1)
        near = self._map.index.prototypes.labels[np.argsort(away, kind="stable")[:NEAR]]
        self._view.show_told(
            _(
                "{told} On the map it lies among {digits}. "
                "The map keeps {percent} % of the network's neighbourhoods."
            ).format(
                told=subject.told,
                digits=", ".join(map(str, near.tolist())),
                percent=decimal(100 * self._map.trustworthiness, 1),
            )
        )

    def _digit_told(self, place: int) -> str:
        assert self._map is not None
        prototypes = self._map.index.prototypes
        return neighbour_told(int(prototypes.labels[place]), prototypes.names[prototypes.sources[place]])
