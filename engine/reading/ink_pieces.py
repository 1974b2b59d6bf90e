"""The ink of a picture as pieces: what `layout` puts together to digits.

Each connected mark is a piece; crumbs belong to what is nearest. A mark in which several digits touch is cut
(`splitting`). Extents and distances are those of lines without thickness, as of strokes.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.ink.picture import has_several
from engine.ink.preprocessing import FRAME, even_pen, frame, line_width
from engine.ink.rasterize import Ink
from engine.reading.layout import MOST_PIECES, REACH, Box, Group, Pairs, unit_of
from engine.reading.seams import MOST_INK, Seam
from engine.reading.splitting import SOLID, Judge, is_sure_digit, parting_seams

Labels = npt.NDArray[np.signedinteger]

CRUMB = 0.12  # units: what is smaller is no piece of its own
MOST_MARKS = 4 * MOST_PIECES  # crumbs among them: what has more is text or a pattern, and is read as one
EDGE_POINTS = 48  # of a piece's edge, at most, by which distances are measured


class InkPieces:
    """The pieces of a picture's ink, as `find_ink` returns it; there must be some."""

    def __init__(self, ink: Ink, judge: Judge) -> None:
        self._ink = ink
        self._has_several = has_several(ink)
        self._pen = line_width(ink)
        marks = _marks(ink)
        boxes = _boxes(marks)
        is_number = len(boxes) <= MOST_MARKS
        if not is_number:
            marks = _solid(ink).astype(np.intp)
            boxes = _boxes(marks)
        heights = boxes[:, 3] - boxes[:, 1]
        high = boxes[heights >= CRUMB * heights.max()]
        # by heights alone: what is wide may be several digits
        unit = unit_of(high[:, :2], np.column_stack([high[:, 0], high[:, 3]]))
        crumbs = np.flatnonzero((boxes[:, 2:] - boxes[:, :2]).max(axis=1) < CRUMB * unit) + 1
        if 0 < len(crumbs) < len(boxes):
            marks[np.isin(marks, crumbs)] = 0
        marks = _grown(marks)
        seams = _seams(ink, marks, unit, self._pen, judge) if is_number else {1: []}
        self._owners, self._of_mark, self._crossed = _cut(ink, marks, seams)
        solid = np.where(_solid(ink), self._owners, 0)
        inner = _boxes(solid)
        inset = np.minimum(self._pen, inner[:, 2:] - inner[:, :2]) / 2
        self.low, self.high = inner[:, :2] + inset, inner[:, 2:] - inset
        self._edges = [_edge(solid == index, EDGE_POINTS) for index in range(1, len(inner) + 1)]
        self._inner = inner

    def drawing(self, group: Group) -> Ink:
        """(28, 28), a group's ink as the network sees it."""
        if len(group) < len(self.low):
            left, top, right, bottom = (int(side) for side in self.box(group))
            margin = int(self._pen) + 1
            place = (
                slice(max(top - margin, 0), bottom + margin),
                slice(max(left - margin, 0), right + margin),
            )
            chosen = np.isin(self._owners[place], np.array(group) + 1)
            ink: Ink = np.where(chosen, self._ink[place], 0)
        else:
            ink = self._ink
        image = frame(even_pen(ink))
        return np.zeros((FRAME, FRAME), np.float32) if image is None else image

    def box(self, group: Group) -> Box:
        """The extent of a group's marks, in pixels of the ink."""
        members = self._inner[list(group)]
        left, top = members[:, :2].min(axis=0).tolist()
        right, bottom = members[:, 2:].max(axis=0).tolist()
        return left, top, right, bottom

    def strokes(self, group: Group) -> tuple[int, ...]:
        """None: a picture does not tell them."""
        return ()

    def is_none(self, group: Group) -> bool:
        """Whether a group is all of an ink that is more than one digit."""
        return self._has_several and len(group) == len(self.low)

    def pairs(self, unit: float) -> Pairs:
        """By points of the pieces' edges; of what was written when a picture tells nothing."""
        count = len(self.low)
        order = np.arange(count)
        joined = (np.abs(order[:, None] - order) == 1) & (self._of_mark[:, None] == self._of_mark)
        right = np.maximum.outer(order, order)
        crossed = self._crossed[right] / (MOST_INK * max(self._pen, 1))
        gaps = np.zeros((count, count))  # between their edges, px
        for one, other in zip(*np.triu_indices(count, 1), strict=True):
            if not joined[one, other]:
                between = self._edges[one][:, None] - self._edges[other]
                gaps[one, other] = gaps[other, one] = np.sqrt((between**2).sum(axis=2).min())
        apart = ~joined & ~np.eye(count, dtype=bool)
        # of a broad pen the edges are near where the middles of the lines are not
        return Pairs(
            distances=np.where(apart, gaps + self._pen, 0) / unit,
            near=gaps < REACH * unit,
            inner=joined * crossed,
            follow=np.zeros_like(joined),
            joined=joined,
        )


def _solid(ink: Ink) -> npt.NDArray[np.bool_]:
    """Where the marks are; all that is darkest where nothing is dark."""
    return ink >= min(SOLID, float(ink.max()))


def _marks(ink: Ink) -> Labels:
    """(H, W), the connected marks numbered from 1; one where the image is of MNIST's own size."""
    from scipy.ndimage import label  # here: opening the window need not wait for it

    solid = _solid(ink)
    if max(ink.shape) <= FRAME:
        return solid.astype(np.intp)
    marks: Labels = label(solid, np.ones((3, 3)))[0]
    return marks


def _boxes(labels: Labels) -> npt.NDArray[np.float64]:
    """(P, 4) left, top, right and bottom of each."""
    from scipy.ndimage import find_objects

    return np.array(
        [(cols.start, rows.start, cols.stop, rows.stop) for rows, cols in find_objects(labels)], np.float64
    )


def _grown(labels: Labels) -> Labels:
    """Every pixel belongs to the mark that is nearest, and so do soft edges and crumbs."""
    from scipy.ndimage import distance_transform_edt

    rows, cols = distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
    grown: Labels = labels[rows, cols]
    return grown


def _cut(
    ink: Ink, marks: Labels, seams: Mapping[int, Sequence[Seam]]
) -> tuple[Labels, Labels, npt.NDArray[np.float64]]:
    """(H, W) the pieces numbered from 1, those of a mark from left to right; and of each its mark, and what
    the seam at its left crosses.
    """
    owners, solid = np.zeros_like(marks), _solid(ink)
    of_mark: list[int] = []
    crossed: list[float] = []
    for mark, of_this in seams.items():
        is_mark = marks == mark
        piece = np.zeros(ink.shape, np.intp)
        for seam in of_this:
            piece += np.arange(ink.shape[1]) >= seam.columns[:, None]
        inked = np.unique(piece[solid & is_mark]).tolist()
        for place, number in enumerate(inked):  # seams that meet may leave nothing between them
            owners[is_mark & (piece >= number)] = len(of_mark) + 1 + place
        of_mark += [mark] * len(inked)
        crossed += [of_this[number - 1].ink if number else 0.0 for number in inked]
    return owners, np.array(of_mark), np.array(crossed)


def _seams(ink: Ink, marks: Labels, unit: float, pen: float, judge: Judge) -> dict[int, list[Seam]]:
    """Of each mark the seams that part its digits, in all rows; none of an image of MNIST's own size."""
    numbers: list[int] = np.unique(marks).tolist()
    # a broken line's halves may look like anything, where all of them are a digit
    if max(ink.shape) <= FRAME or (len(numbers) > 1 and is_sure_digit(ink[_place(ink)], judge)):
        return {number: [] for number in numbers}
    alone, places = [], []
    for number in numbers:
        of_mark = np.where(marks == number, ink, 0)
        rows, cols = place = _place(of_mark)
        alone.append(of_mark[place])
        places.append(((rows.start, len(ink) - rows.stop), cols.start))
    found = parting_seams(alone, unit, pen, judge)
    return {
        number: [Seam(np.pad(seam.columns + left, beyond, mode="edge"), seam.ink) for seam in seams]
        for number, seams, (beyond, left) in zip(numbers, found, places, strict=True)
    }


def _place(ink: Ink) -> tuple[slice, slice]:
    """The rows and the columns that have a mark."""
    rows, cols = (np.flatnonzero(_solid(ink).any(axis=axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(cols[0]), int(cols[-1]) + 1)


def _edge(mask: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.float64]:
    """(N, 2) points x, y of a mask's edge."""
    from scipy.ndimage import binary_erosion

    points = np.argwhere(mask & ~binary_erosion(mask))[:, ::-1]
    return points[:: max(len(points) // most, 1)].astype(np.float64)
