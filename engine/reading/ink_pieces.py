"""The ink of a picture as pieces: what `layout` puts together to digits.

Each connected mark is a piece; crumbs belong to what is nearest. A mark in which several digits touch is cut
(`splitting`). Extents and distances are those of lines without thickness, as of strokes.
"""

import numpy as np
import numpy.typing as npt

from engine.ink.picture import has_several
from engine.ink.preprocessing import FRAME, even_pen, frame, line_width
from engine.ink.rasterize import Ink
from engine.reading.layout import REACH, Box, Group, Pairs, unit_of
from engine.reading.seams import Columns
from engine.reading.splitting import SOLID, Judge, parting_seams

Labels = npt.NDArray[np.signedinteger]

CRUMB = 0.12  # units: what is smaller is no piece of its own
EDGE_POINTS = 48  # of a piece's edge, at most, by which distances are measured


class InkPieces:
    """The pieces of a picture's ink, as `find_ink` returns it; there must be some."""

    def __init__(self, ink: Ink, judge: Judge) -> None:
        self._ink = ink
        self._has_several = has_several(ink)
        self._pen = line_width(ink)
        marks = _marks(ink)
        boxes = _boxes(marks)
        # by heights alone: what is wide may be several digits
        unit = unit_of(boxes[:, :2], np.column_stack([boxes[:, 0], boxes[:, 3]]))
        crumbs = np.flatnonzero((boxes[:, 2:] - boxes[:, :2]).max(axis=1) < CRUMB * unit) + 1
        if 0 < len(crumbs) < len(boxes):
            marks[np.isin(marks, crumbs)] = 0
        self._owners, self._of_mark = _cut(ink, _grown(marks), unit, self._pen, judge)
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
            inner=np.zeros_like(gaps),
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


def _cut(ink: Ink, marks: Labels, unit: float, pen: float, judge: Judge) -> tuple[Labels, Labels]:
    """(H, W) the pieces numbered from 1, those of a mark from left to right; and each one's mark."""
    owners, solid = np.zeros_like(marks), _solid(ink)
    of_mark: list[int] = []
    for mark in np.unique(marks):
        is_mark = marks == mark
        piece = np.full(ink.shape, len(of_mark) + 1)
        for seam in _seams(np.where(is_mark, ink, 0), unit, pen, judge):
            piece += np.arange(ink.shape[1]) >= seam[:, None]
        inked = np.unique(piece[solid & is_mark])
        for place, number in enumerate(inked):  # seams that meet may leave nothing between them
            owners[is_mark & (piece >= number)] = len(of_mark) + 1 + place
        of_mark += [int(mark)] * len(inked)
    return owners, np.array(of_mark)


def _seams(ink: Ink, unit: float, pen: float, judge: Judge) -> list[Columns]:
    """The seams that part the digits of a mark, in all rows; none of an image of MNIST's own size."""
    rows, cols = (np.flatnonzero((ink >= SOLID).any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0 or max(ink.shape) <= FRAME:
        return []
    top, bottom, left = rows[0], rows[-1] + 1, cols[0]
    mark = ink[top:bottom, left : cols[-1] + 1]
    beyond = (top, len(ink) - bottom)
    return [np.pad(seam + left, beyond, mode="edge") for seam in parting_seams(mark, unit, pen, judge)]


def _edge(mask: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.float64]:
    """(N, 2) points x, y of a mask's edge."""
    from scipy.ndimage import binary_erosion

    points = np.argwhere(mask & ~binary_erosion(mask))[:, ::-1]
    return points[:: max(len(points) // most, 1)].astype(np.float64)
