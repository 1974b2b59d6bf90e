"""The drawing, as the person made it: strokes over a picture or none, with undo and redo.

Points are in page units: the page is the largest square in the middle of the canvas, its side
is 1.0, x grows rightward and y downward. A resized window therefore changes no drawing, and a
pen that leaves the page leaves a stroke with points outside of 0 to 1. A picture lies in the
page's middle, and its longer side fills it. Nothing here knows of windows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from app.page.frame import Box

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.ink.rasterize import Ink, Point

# A click moves the pen by a pixel or two; what is smaller than this is meant as a dot.
DOT_EXTENT = 0.015

# Steps further back than so many different pictures are forgotten, or than so many bytes of them: a
# photograph takes 5 MB.
MOST_PICTURES = 20
MOST_BYTES = 2**25

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)  # of a picture


Group = tuple[int, ...]  # the numbers of pieces, ascending
Gap = tuple[float, float]  # from where to where along a stroke, in points: 2.5 is halfway after the third


@dataclass(frozen=True)
class Stroke:
    """What the pen drew between touching the page and leaving it.

    Where the person has said that it is of two digits, it has a gap, which is of neither, and may be no more
    than a place; it is drawn and saved all the same.
    """

    points: tuple[Point, ...]
    gaps: tuple[Gap, ...] = ()  # ascending

    @property
    def spans(self) -> tuple[Gap, ...]:
        """From where to where its pieces go."""
        edges = [0.0, *(edge for gap in self.gaps for edge in gap), len(self.points) - 1.0]
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    def between(self, start: float, stop: float) -> tuple[Point, ...]:
        """The points from place to place."""
        if (start, stop) == (0, len(self.points) - 1):
            return self.points
        inner = self.points[math.floor(start) + 1 : math.ceil(stop)]
        return (self._at(start), *inner, *([self._at(stop)] if stop > start else ()))

    def with_gaps(self, gaps: Iterable[Gap]) -> Stroke:
        """The same with more gaps; each lies within one of its pieces, and meets no other."""
        return Stroke(self.points, tuple(sorted((*self.gaps, *gaps))))

    def _at(self, place: float) -> Point:
        before = min(math.floor(place), len(self.points) - 1)
        share = place - before
        if share == 0:
            return self.points[before]
        (x0, y0), (x1, y1) = self.points[before : before + 2]
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)

    def distance_to(self, point: Point) -> float:
        """Return the distance from a point to the nearest place on the stroke."""
        if len(self.points) == 1:
            return math.dist(point, self.points[0])
        segments = zip(self.points, self.points[1:], strict=False)
        return min(_distance_to_segment(point, start, end) for start, end in segments)


@dataclass(frozen=True, eq=False)
class Look:
    """How a picture looks, and what was taken for ink in it; boxes are shares of its sides."""

    pixels: npt.NDArray[np.uint8]  # (H, W), or (H, W, 3) where it has colours
    mask: npt.NDArray[np.bool_]  # the ink, over `seen`, at a size of its own
    seen: Box = WHOLE  # what was looked at
    chosen: Box | None = None  # the box that the person dragged


@dataclass(frozen=True, eq=False)  # the same picture, opened twice, is two
class Picture:
    """A picture under the strokes."""

    ink: Ink  # of the part of it that was looked at
    look: Look | None = None  # None of a picture that is its ink and no more, as a test image is
    unboxed: Picture | None = None  # as it is read without the box that was dragged, where there is one
    divided: Ink | None = None  # the ink as it is read, where the person has cut digits apart

    @property
    def sizes(self) -> dict[int, int]:
        """The bytes of each of its arrays, of which it may share some with others."""
        look = () if self.look is None else (self.look.pixels, self.look.mask)
        arrays = [array for array in (self.ink, self.divided, *look) if array is not None]
        return {id(array): array.nbytes for array in arrays}


class Piece(NamedTuple):
    """What is of a stroke from place to place, mostly all of it."""

    stroke: int  # its number
    span: Gap


@dataclass(frozen=True)
class _Page:
    """A step of the history: the strokes that are finished, what lies under them, and what was grouped."""

    strokes: tuple[Stroke, ...] = ()
    picture: Picture | None = None
    groups: tuple[Group, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(
            Piece(number, span) for number, stroke in enumerate(self.strokes) for span in stroke.spans
        )

    def drawn(self, numbers: Iterable[int]) -> list[tuple[Point, ...]]:
        pieces = self.pieces
        ways: list[Piece] = []
        before = None
        for number in numbers:
            stroke, (start, stop) = pieces[number]
            if before == number - 1 and ways[-1].stroke == stroke:
                start = ways.pop().span[0]
            ways.append(Piece(stroke, (start, stop)))
            before = number
        return [self.strokes[stroke].between(*span) for stroke, span in ways]

    def with_strokes(self, strokes: Mapping[int, Stroke]) -> _Page:
        """With these in place of its own, by their numbers; the groups hold what is left of their pieces."""
        page = _Page(tuple(strokes.values()), self.picture)
        old, new = self.pieces, list(enumerate(page.pieces))
        places = list(strokes)
        groups = (
            tuple(
                number
                for number, (stroke, span) in new
                if any(
                    places[stroke] == old[member].stroke and _within(span, old[member].span)
                    for member in group
                )
            )
            for group in self.groups
        )
        return replace(page, groups=_filled(groups))

    def with_groups(self, groups: Iterable[Iterable[int]]) -> _Page:
        """With more groups, whose pieces leave those that they were in."""
        count = len(self.pieces)
        new = [tuple(sorted(number for number in group if number < count)) for group in groups]
        moved = {number for group in new for number in group}
        old = (tuple(number for number in group if number not in moved) for group in self.groups)
        return replace(self, groups=_filled([*old, *new]))


class Drawing:
    """Strokes in the order they were drawn, and a picture; every change can be undone and redone.

    Each change makes a new page, so a step of the history is one reference to the page before it. Steps
    before the last MOST_PICTURES pictures, or MOST_BYTES of them, cannot be undone: memory would grow with
    every picture.
    Any change, undo and redo included, first ends a stroke that is underway.
    """

    def __init__(self) -> None:
        self._page = _Page()
        self._underway: list[Point] = []
        self._past: list[_Page] = []
        self._future: list[_Page] = []

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All strokes, the one underway last."""
        if not self._underway:
            return self._page.strokes
        return (*self._page.strokes, Stroke(tuple(self._underway)))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What is read: the strokes, and of those with gaps the pieces, in the order they were drawn."""
        return self._all.pieces

    def drawn(self, numbers: Iterable[int]) -> list[tuple[Point, ...]]:
        """The points of some pieces; of such as follow each other in a stroke with what is between them."""
        return self._all.drawn(numbers)

    @property
    def _all(self) -> _Page:
        """The page with the stroke that is underway."""
        return replace(self._page, strokes=self.strokes)

    @property
    def picture(self) -> Picture | None:
        """What the strokes lie on."""
        return self._page.picture

    @property
    def groups(self) -> tuple[Group, ...]:
        """The pieces that the person has put together, each group for a digit of its own."""
        return self._page.groups

    @property
    def is_empty(self) -> bool:
        return not self.strokes and self.picture is None

    @property
    def is_underway(self) -> bool:
        """Whether the pen is down."""
        return bool(self._underway)

    @property
    def can_undo(self) -> bool:
        return bool(self._past or self._underway)

    @property
    def can_redo(self) -> bool:
        return bool(self._future and not self._underway)

    @property
    def is_dot(self) -> bool:
        """Whether all of it would fit into a dot: a click, not a shape."""
        return self.picture is None and _fits_into_a_dot(self.strokes)

    @property
    def is_click(self) -> bool:
        """Whether a stroke is underway that would fit into a dot."""
        return self.is_underway and _fits_into_a_dot(self.strokes[-1:])

    def begin(self, point: Point) -> None:
        """Put the pen down."""
        self.end()
        self._underway = [point]

    def extend(self, point: Point) -> bool:
        """Move the pen; return whether that added anything.

        It adds nothing while the pen is up, or when the pen has not moved.
        """
        if not self._underway or point == self._underway[-1]:
            return False
        self._underway.append(point)
        return True

    def end(self) -> None:
        """Lift the pen; the stroke becomes a step that undo takes back."""
        if self._underway:
            stroke = Stroke(tuple(self._underway))
            self._underway = []
            self._change_to(replace(self._page, strokes=(*self._page.strokes, stroke)))

    def cancel(self) -> None:
        """Lift the pen, and leave no stroke and no step of the history."""
        self._underway = []

    def near(self, point: Point, reach: float) -> set[int]:
        """The numbers of the pieces within `reach` of a point."""
        drawn = (Stroke(points) for number in range(len(self.pieces)) for points in self.drawn([number]))
        return {number for number, piece in enumerate(drawn) if piece.distance_to(point) <= reach}

    def erase(self, point: Point, reach: float) -> bool:
        """Remove every stroke within `reach` of a point; return whether there was one."""
        self.end()
        strokes = enumerate(self._page.strokes)
        kept = {number: stroke for number, stroke in strokes if stroke.distance_to(point) > reach}
        return self._put(self._page.with_strokes(kept))

    def group(self, groups: Iterable[Iterable[int]]) -> bool:
        """Put pieces together, and take them out of the groups before; return whether that changed anything.

        `groups` holds the numbers of the pieces that become a group each. One that is gone meanwhile, by
        undo or the eraser, is left out.
        """
        self.end()
        return self._put(self._page.with_groups(groups))

    def divide(
        self,
        numbers: Iterable[int],
        gaps: Mapping[int, Iterable[Gap]],
        is_left: Callable[[Sequence[Point]], bool],
    ) -> bool:
        """Read some pieces as two digits; return whether that changed anything.

        Parameters
        ----------
        numbers : of the pieces
        gaps : where strokes, by their numbers, are to be cut first
        is_left : tells of a piece's points whether they are of the left digit
        """
        self.end()
        mine = [self.pieces[number] for number in numbers]

        def is_mine(stroke: int, span: Gap) -> bool:
            return any(stroke == piece.stroke and _within(span, piece.span) for piece in mine)

        page = self._page.with_strokes(
            {
                number: stroke.with_gaps(gap for gap in gaps.get(number, ()) if is_mine(number, gap))
                for number, stroke in enumerate(self._page.strokes)
            }
        )
        sides: tuple[list[int], list[int]] = ([], [])
        for number, piece in enumerate(page.pieces):
            if is_mine(*piece):
                sides[not is_left(*page.drawn([number]))].append(number)
        return all(sides) and self._put(page.with_groups(sides))

    def clear(self) -> None:
        self.replace(())

    def replace(self, strokes: Iterable[Stroke], picture: Picture | None = None) -> bool:
        """Put other strokes and another picture in place of these; return whether that changed anything."""
        self.end()
        return self._put(_Page(tuple(strokes), picture))

    def put_under(self, picture: Picture) -> bool:
        """Put another picture under the strokes; return whether it is another."""
        self.end()
        return self._put(replace(self._page, picture=picture))

    def undo(self) -> None:
        self.end()
        if self._past:
            self._future.append(self._page)
            self._page = self._past.pop()

    def redo(self) -> None:
        self.end()
        if self._future:
            self._past.append(self._page)
            self._page = self._future.pop()

    def _put(self, page: _Page) -> bool:
        if page == self._page:
            return False
        self._change_to(page)
        return True

    def _change_to(self, page: _Page) -> None:
        self._past.append(self._page)
        self._future.clear()
        self._page = page
        if page.picture is not None and page.picture is not self._past[-1].picture:
            self._forget_early_pictures()

    def _forget_early_pictures(self) -> None:
        """Cut the history where it would hold too many."""
        assert self._page.picture is not None
        met = [self._page.picture]
        sizes = self._page.picture.sizes
        for place in reversed(range(len(self._past))):
            picture = self._past[place].picture
            if picture is not None and picture not in met:
                met.append(picture)
                sizes |= picture.sizes
            if len(met) > MOST_PICTURES or sum(sizes.values()) > MOST_BYTES:
                del self._past[: place + 1]
                return


def extent(strokes: Sequence[Stroke]) -> float:
    """Return the longer side of the strokes' bounding box."""
    left, top, right, bottom = _bounds(strokes)
    return max(right - left, bottom - top)


def _within(span: Gap, other: Gap) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _filled(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(sorted(group for group in groups if group))


def _fits_into_a_dot(strokes: Sequence[Stroke]) -> bool:
    if not strokes:
        return False
    x0, y0 = strokes[0].points[0]
    # asked at every motion: the first point far from the pen's first one answers for a long drawing
    points = (point for stroke in strokes for point in stroke.points)
    if any(abs(x - x0) >= DOT_EXTENT or abs(y - y0) >= DOT_EXTENT for x, y in points):
        return False
    return extent(strokes) < DOT_EXTENT


def fitted(strokes: Sequence[Stroke], fill: float = 0.7) -> tuple[Stroke, ...]:
    """Scale strokes of any units to `fill` of the page and put them in its middle."""
    left, top, right, bottom = _bounds(strokes)
    size = max(right - left, bottom - top)
    scale = fill / size if size > 0 else 0.0
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    return tuple(
        Stroke(tuple((0.5 + (x - middle_x) * scale, 0.5 + (y - middle_y) * scale) for x, y in s.points))
        for s in strokes
    )


def _points(strokes: Iterable[Stroke]) -> Iterator[Point]:
    return (point for stroke in strokes for point in stroke.points)


def _bounds(strokes: Sequence[Stroke]) -> tuple[float, float, float, float]:
    xs = [x for x, _ in _points(strokes)]
    ys = [y for _, y in _points(strokes)]
    return min(xs), min(ys), max(xs), max(ys)


def _distance_to_segment(point: Point, start: Point, end: Point) -> float:
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length_squared = dx * dx + dy * dy
    if length_squared == 0:  # also where the square underflows
        return math.dist(point, start)
    along = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length_squared))
    return math.dist(point, (ax + along * dx, ay + along * dy))
