"""Which of the marks on a sheet are its digit: neither dust, nor a frame, nor what is cut off by the edge.

The main mark is the largest, nearest to the middle. What lies close to it is a part of it: the bar of a five,
half of a broken stroke. Another one as large and further off is another digit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt, find_objects, label

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.signedinteger]

# of the main mark's size, its longer side:
SPECK = 0.12  # what is smaller is dust
RIVAL = 0.5  # what is as large may be a digit of its own
TOUCHING = 0.06  # what lies so near is a piece of the same line
APART = 0.2  # what lies further off does not belong to it
TOGETHER = 1.6  # two marks one above the other that are no larger together are strokes of one digit

STRIP = 0.85  # of the sheet's side: what is as long, thin, and at the edge is a strip of something else
THIN = 0.12  # of the other side
FRAME = 0.2  # of the sheet: a frame is at least so large
BAND = 0.08  # of a frame's size: its lines lie within this of its sides
EMPTY = 0.15  # of a frame's ink, at most, lies further in
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


def find_digit(solid: Mask) -> Digit:
    """Choose among the connected marks of a sheet; an empty mask where none can be a digit."""
    labels, _ = label(solid, np.ones((3, 3)))
    areas = np.bincount(labels.ravel())
    marks = [
        mark
        for index, (rows, cols) in enumerate(find_objects(labels), start=1)
        if not _is_furniture(mark := _Mark(index, rows, cols, int(areas[index])), labels)
    ]
    if not marks:
        return Digit(np.zeros_like(solid), False)
    main = max(marks, key=lambda mark: _likelihood(mark, solid.shape))
    near = distance_transform_edt(labels != main.index) / main.size
    chosen, several = [main.index], False
    for mark in marks:
        if mark is main or mark.size < SPECK * main.size:
            continue
        gap = float(near[labels == mark.index].min())
        is_rival = mark.size >= RIVAL * main.size
        if gap <= TOUCHING or (gap <= APART and (not is_rival or _are_one(main, mark))):
            chosen.append(mark.index)
        elif is_rival and (main.is_cut_off(solid.shape) or not mark.is_cut_off(solid.shape)):
            chosen.append(mark.index)
            several = True
    return Digit(np.isin(labels, chosen), several)


def _is_furniture(mark: _Mark, labels: Labels) -> bool:
    """Whether a mark is a strip along the edge, a frame or the axes of a plot."""
    height, width = labels.shape
    lies = mark.width >= STRIP * width and mark.height <= THIN * height
    stands = mark.height >= STRIP * height and mark.width <= THIN * width
    if (lies or stands) and mark.is_cut_off(labels.shape):
        return True
    band = max(2, round(BAND * mark.size))
    if mark.size < FRAME * max(height, width) or min(mark.height, mark.width) < 5 * band:
        return False
    within = labels[mark.rows, mark.cols][band:-band, band:-band] == mark.index
    return bool(within.sum() <= EMPTY * mark.area)


def _likelihood(mark: _Mark, shape: tuple[int, ...]) -> float:
    """How likely a mark is the one that is meant."""
    down = (mark.rows.start + mark.rows.stop) / 2 / shape[0] - 0.5
    right = (mark.cols.start + mark.cols.stop) / 2 / shape[1] - 0.5
    nearness = max(0.1, 1 - 2 * float(np.hypot(down, right)))
    return mark.area * mark.size * nearness * (CUT_OFF if mark.is_cut_off(shape) else 1)


def _are_one(main: _Mark, other: _Mark) -> bool:
    """Whether two large marks are strokes of one digit: not side by side, nor twice as tall as one."""
    if min(main.cols.stop, other.cols.stop) <= max(main.cols.start, other.cols.start):
        return False
    height = max(main.rows.stop, other.rows.stop) - min(main.rows.start, other.rows.start)
    width = max(main.cols.stop, other.cols.stop) - min(main.cols.start, other.cols.start)
    return bool(max(height, width) <= TOGETHER * main.size)
