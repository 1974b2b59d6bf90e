"""Which of the marks on a sheet are its digit: neither dust, nor a frame, nor what is cut off by the edge.

The main mark is the largest, nearest to the middle. What lies close to it is a part of it: the bar of a five,
half of a broken stroke. Another one as large and further off is another digit, which has parts like it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt, find_objects, label

from engine.ink.rasterize import Ink

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.signedinteger]

LEAST_AREA = 40  # px: a mark of fewer is grain of the paper

# of the main mark's size, its longer side:
SPECK = 0.12  # what is smaller is dust
RIVAL = 0.5  # what is as large may be a digit of its own
WIDEST = 1.5  # times its height: a mark that is wider is several digits that touch
TOUCHING = 0.06  # what lies so near is a piece of the same line
APART = 0.2  # what lies further off does not belong to it
TOGETHER = 1.6  # two marks one above the other that are no larger together are strokes of one digit

STRIP = 0.85  # of the sheet's side: what is as long, thin, and at the edge is a strip of something else
THIN = 0.12  # of the other side
FRAME = 0.2  # of the sheet: a frame is at least so large
BAND = 0.08  # of a frame's size: its lines lie within this of its sides
EMPTY = 0.15  # of a frame's ink, at most, lies further in
INNER = 0.3  # of a ring's size: what is as large within it is what it was drawn around
SLIM = 4.0  # times its width: a bar is as high, and it
STRAIGHT = 0.8  # fills so much of the box around it,
LEVEL = 0.04  # and ends by this of its height on the row where
MANY_BARS = 4  # as many do
FLAT = 0.15  # of its width: no higher is a line that lies
SAME_SHEET = 0.6  # of the light of the main mark's paper: what has less is not on it
LYING = 0.2  # times less likely: a line that lies is seldom the digit
CUT_OFF = 0.2  # times less likely: a mark that the edge cuts off is seldom the one that is meant


@dataclass(frozen=True)
class Digit:
    """What was found on a sheet."""

    mask: Mask  # (H, W), the marks that are the digit, or the digits
    several: bool  # whether there is more than one


@dataclass(frozen=True)
class _Mark:
    """A connected piece of ink."""

    index: int  # in the labelled sheet
    rows: slice
    cols: slice
    area: int  # px
    light: float  # of the paper that it lies on

    @property
    def place(self) -> tuple[slice, slice]:
        return self.rows, self.cols

    @property
    def is_flat(self) -> bool:
        """Whether it is a lying line, which no digit is."""
        return self.height <= FLAT * self.width

    @property
    def height(self) -> int:
        return int(self.rows.stop - self.rows.start)

    @property
    def width(self) -> int:
        return int(self.cols.stop - self.cols.start)

    @property
    def size(self) -> int:
        return max(self.height, self.width)

    def is_cut_off(self, shape: tuple[int, ...]) -> bool:
        """Whether it reaches the edge of the sheet."""
        starts = self.rows.start, self.cols.start
        return 0 in starts or self.rows.stop == shape[0] or self.cols.stop == shape[1]


def find_digit(solid: Mask, light: Ink | None = None) -> Digit:
    """Choose among the connected marks of a sheet; an empty mask where none can be a digit.

    Parameters
    ----------
    solid : (H, W) array
        Where the marks are.
    light : (H, W) array, optional
        How bright the paper is there, so that the sheet is told from the table that it lies on.
    """
    labels, _ = label(solid, np.ones((3, 3)))
    marks = _without_rings(
        _without_bars([mark for mark in _marks(labels, light) if not _is_furniture(mark, labels)]), labels
    )
    main = max(marks, key=lambda mark: _likelihood(mark, solid.shape), default=None)
    if main is None or main.area < LEAST_AREA:
        return Digit(np.zeros_like(solid), False)
    near = distance_transform_edt(labels != main.index) / main.size
    chosen, several = [main.index], False
    for mark in marks:
        if mark is main or mark.size < SPECK * main.size:
            continue
        gap = float(near[mark.place][labels[mark.place] == mark.index].min())
        is_large = mark.size >= RIVAL * min(main.size, WIDEST * main.height)
        is_under = mark.is_flat and mark.rows.start >= main.rows.stop
        if gap <= TOUCHING or (gap <= APART and not is_under and (not is_large or _are_one(main, mark))):
            chosen.append(mark.index)
        elif is_large and _may_be_another(mark, main, solid.shape):
            chosen.append(mark.index)
            several = True
    if several:
        chosen += _parts_of_others(marks, chosen, main, labels)
    return Digit(np.isin(labels, chosen), several)


def _parts_of_others(marks: list[_Mark], chosen: list[int], main: _Mark, labels: Labels) -> list[int]:
    """What is small and lies as close to another digit as a part of the main one lies to it."""
    near = distance_transform_edt(~np.isin(labels, chosen)) / main.size
    return [
        mark.index
        for mark in marks
        if mark.index not in chosen
        and SPECK * main.size <= mark.size < RIVAL * main.size
        and near[mark.place][labels[mark.place] == mark.index].min() <= APART
    ]


def _marks(labels: Labels, light: Ink | None) -> list[_Mark]:
    found = []
    for index, (rows, cols) in enumerate(find_objects(labels), start=1):
        inside = labels[rows, cols] == index
        brightness = 1.0 if light is None else float(light[rows, cols][inside].mean())
        found.append(_Mark(index, rows, cols, int(inside.sum()), brightness))
    return found


def _without_rings(marks: list[_Mark], labels: Labels) -> list[_Mark]:
    """Without what goes around another mark of some size: a circle, or a box, drawn around a digit."""
    kept = []
    # of a box within another, each of these is greater
    boxes = np.array([(mark.rows.start, mark.cols.start, -mark.rows.stop, -mark.cols.stop) for mark in marks])
    sizes = np.array([mark.size for mark in marks])
    for mark, box in zip(marks, boxes, strict=True):
        inner = np.flatnonzero((boxes > box).all(axis=1) & (sizes >= INNER * mark.size))
        if not any(_surrounds(labels[mark.place] == mark.index, mark, marks[place]) for place in inner):
            kept.append(mark)
    return kept


def _without_bars(marks: list[_Mark]) -> list[_Mark]:
    """Without upright bars that begin and end on the same rows: the cells of a form, a bar code."""
    bars = [
        mark
        for mark in marks
        if mark.height >= SLIM * mark.width and mark.area >= STRAIGHT * mark.height * mark.width
    ]
    in_rows = [
        mark.index
        for mark in bars
        if sum(
            max(abs(mark.rows.start - other.rows.start), abs(mark.rows.stop - other.rows.stop))
            <= max(1, LEVEL * mark.height)
            for other in bars
        )
        >= MANY_BARS
    ]
    return [mark for mark in marks if mark.index not in in_rows]


def _surrounds(outer: Mask, mark: _Mark, other: _Mark) -> bool:
    """Whether a mark, cut out, is on each of the four sides of the middle of another."""
    row = (other.rows.start + other.rows.stop) // 2 - mark.rows.start
    col = (other.cols.start + other.cols.stop) // 2 - mark.cols.start
    sides = outer[row, :col], outer[row, col:], outer[:row, col], outer[row:, col]
    return all(side.any() for side in sides)


def _is_furniture(mark: _Mark, labels: Labels) -> bool:
    """Whether a mark is a strip along the edge, a frame or the axes of a plot."""
    height, width = labels.shape
    lies = mark.width >= STRIP * width and mark.height <= THIN * height
    stands = mark.height >= STRIP * height and mark.width <= THIN * width
    if (lies or stands) and mark.is_cut_off(labels.shape):
        return True
    if mark.size < FRAME * max(height, width):
        return False
    is_ink = labels[mark.place] == mark.index
    return any(
        bool(is_ink[band:-band, band:-band].sum() <= EMPTY * mark.area)
        for band in (max(2, round(BAND * mark.size)), max(2, round(BAND * min(mark.height, mark.width))))
        if min(mark.height, mark.width) >= 5 * band
    )


def _likelihood(mark: _Mark, shape: tuple[int, ...]) -> float:
    """How likely a mark is the one that is meant."""
    down = (mark.rows.start + mark.rows.stop) / 2 / shape[0] - 0.5
    right = (mark.cols.start + mark.cols.stop) / 2 / shape[1] - 0.5
    nearness = max(0.1, 1 - 2 * float(np.hypot(down, right)))
    unlikely = (CUT_OFF if mark.is_cut_off(shape) else 1) * (LYING if mark.is_flat else 1)
    return mark.area * mark.size * mark.light * nearness * unlikely


def _may_be_another(mark: _Mark, main: _Mark, shape: tuple[int, ...]) -> bool:
    """Whether a large mark is a digit of its own: not a line, nor cut off, nor on the table."""
    is_as_whole = main.is_cut_off(shape) or not mark.is_cut_off(shape)
    return is_as_whole and not mark.is_flat and mark.light >= SAME_SHEET * main.light


def _are_one(main: _Mark, other: _Mark) -> bool:
    """Whether two large marks are strokes of one digit: not side by side, nor twice as tall as one."""
    if min(main.cols.stop, other.cols.stop) <= max(main.cols.start, other.cols.start):
        return False
    height = max(main.rows.stop, other.rows.stop) - min(main.rows.start, other.rows.start)
    width = max(main.cols.stop, other.cols.stop) - min(main.cols.start, other.cols.start)
    return bool(max(height, width) <= TOGETHER * main.size)
