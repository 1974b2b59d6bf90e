"""Splitting: of the seams of a mark those that part digits which touch, as the network sees the parts.

Every part between two seams is looked at, and the way from the mark's left to its right is chosen whose parts
are most like digits: dynamic programming, a part's score being like a group's in `segmentation`, as far as it
can be told of a part alone, less what its seams cross.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from engine.ink.preprocessing import even_pen, frame
from engine.ink.rasterize import Ink
from engine.nn.functional import Array
from engine.reading.rejection import evidence
from engine.reading.seams import Columns, Seam, seams

Judge = Callable[[Sequence[Ink]], Array]  # framed images -> (N, 10) logits

SURE = 10.0  # evidence: a mark that shows as much and is no wider than WIDE is one digit
WIDE = 1.1  # times its height
LONGEST = 16.0  # units, of all that may be several digits: what is longer is text or a pattern,
LONGEST_CLOSELY = 6.0  # and what is longer takes too long to be looked at closely
SOLID = 0.3  # ink from here on is line; where a line is faint, more would break it
LEAST_HEIGHT = 0.45  # units, of a part
WIDEST = 1.6  # units
LEAST_INK = 0.3  # units of line

CLEAR = -0.5  # scores each part of a mark, at least, that need not be looked at more closely

# what a part scores
PART = -2.0  # each
EVIDENCE, AMPLE = 0.19, 12.0  # for each of evidence, up to what is ample
SCANT_EVIDENCE, SCANT = -0.63, 6.0  # for each that it has less than this
CERTAINTY = 0.48  # for each of the logarithm of the likeliest digit's probability
LOW = -1.6  # for each of the logarithm of its height, where it is less than a unit
BROAD, BREADTH = -2.5, 0.9  # for each unit that it is wider than this
CROSSED = -0.1  # for each pen that its seams cross


def parting_seams(marks: Sequence[Ink], unit: float, pen: float, judge: Judge) -> list[list[Seam]]:
    """Of each mark the seams that part its digits, from left to right; none where it is one.

    The network is asked three times at most, however many marks there are: what they are as they are, what
    the parts are of those that may be several, and what these are where one is looked at more closely.

    Parameters
    ----------
    marks : (H, W) arrays
        Each alone, without a margin.
    unit, pen : float
        px, about the height of a digit, and the width of its lines.
    """
    large = [
        number
        for number, mark in enumerate(marks)
        if mark.shape[0] >= LEAST_HEIGHT * unit and mark.shape[1] >= 2 * pen
    ]
    sure = _sure_digits({number: marks[number] for number in large}, judge)
    unsure = [number for number in large if number not in sure]
    found: list[list[Seam]] = [[] for _ in marks]
    for closely, longest in ((False, LONGEST), (True, LONGEST_CLOSELY)):
        if sum(marks[number].shape[1] for number in unsure) > longest * unit:
            break
        parts = {number: _Parts(marks[number], unit, pen, closely=closely) for number in unsure}
        images = [image for of_mark in parts.values() for image in of_mark.images]
        if not images:
            break
        unsure = []
        ends = np.cumsum([len(of_mark.images) for of_mark in parts.values()])
        for (number, of_mark), logits in zip(parts.items(), np.split(judge(images), ends[:-1]), strict=True):
            found[number], score = of_mark.best_seams(logits)
            if score < CLEAR:
                unsure.append(number)
    return found


def halving_seam(mark: Ink, unit: float, pen: float, judge: Judge) -> Seam | None:
    """The seam that parts a mark best into two digits, whether it looks like two or not; None without any."""
    parts = _Parts(mark, unit, pen, closely=True)
    return parts.best_half(judge(parts.images)) if parts.images else None


def is_sure_digit(ink: Ink, judge: Judge) -> bool:
    """Whether ink without a margin is no wider than a digit, and is one to the network beyond doubt."""
    return bool(_sure_digits({0: ink}, judge))


def _sure_digits(marks: Mapping[int, Ink], judge: Judge) -> set[int]:
    """Which of the marks are no wider than a digit, and are one to the network beyond doubt."""
    narrow = {number: mark for number, mark in marks.items() if mark.shape[1] <= WIDE * mark.shape[0]}
    framed = {number: frame(even_pen(mark)) for number, mark in narrow.items()}
    images = {number: image for number, image in framed.items() if image is not None}
    if not images:
        return set()
    shown = evidence(judge(list(images.values())))
    return {number for number, one in zip(images, shown, strict=True) if one >= SURE}


class _Parts:
    """What may be a digit of a mark: all that lies between two of its seams."""

    def __init__(self, mark: Ink, unit: float, pen: float, *, closely: bool) -> None:
        height, width = mark.shape
        left, right = Seam(np.zeros(height, np.intp), 0.0), Seam(np.full(height, width), 0.0)
        self._edges = [left, *seams(mark, unit, pen, closely=closely), right]
        even = even_pen(mark, size=unit)  # once for all parts
        margin = (len(even) - height) // 2
        borders = [np.pad(edge.columns + margin, margin, mode="edge") for edge in self._edges]
        borders[0][:], borders[-1][:] = 0, width + 2 * margin
        self._places: list[tuple[int, int]] = []  # of each part the edges that it lies between
        self.images: list[Ink] = []  # framed
        shapes, crossed = [], []
        reach = [(int(edge.columns.min()), int(edge.columns.max())) for edge in self._edges]
        for (start, one), (stop, other) in combinations(enumerate(self._edges), 2):
            if reach[stop][0] - reach[start][1] > WIDEST * unit:  # ink goes on from side to side of a mark
                continue
            part = _between(mark, one.columns, other.columns)
            high, wide = _extent(part)
            if high < LEAST_HEIGHT * unit or wide > WIDEST * unit or part.sum() < LEAST_INK * unit * pen:
                continue
            image = frame(_between(even, borders[start], borders[stop]))
            if image is not None:
                self._places.append((start, stop))
                self.images.append(image)
                shapes.append((high / unit, wide / unit))
                crossed.append((one.ink + other.ink) / pen)
        self._shapes, self._crossed = np.array(shapes).reshape(-1, 2), np.array(crossed)

    def best_seams(self, logits: Array) -> tuple[list[Seam], float]:
        """The way through the mark whose parts, which show these `logits`, are most like digits.

        And what each of its parts scores, on average; -inf where there is no way.
        """
        scores = self._scores(logits)
        way = best_way(self._places, scores, len(self._edges) - 1)
        of_place = dict(zip(self._places, scores, strict=True))
        parts = [of_place.get(part, -np.inf) for part in pairwise((0, *way, len(self._edges) - 1))]
        return [self._edges[number] for number in way], float(np.mean(parts))

    def best_half(self, logits: Array) -> Seam | None:
        """The seam on either side of which is one part."""
        scores = dict(zip(self._places, self._scores(logits), strict=True))
        last = len(self._edges) - 1
        halves = {
            number: scores[0, number] + scores[number, last]
            for number in range(1, last)
            if (0, number) in scores and (number, last) in scores
        }
        return self._edges[max(halves, key=lambda number: halves[number])] if halves else None

    def _scores(self, logits: Array) -> list[float]:
        scores: list[float] = (part_scores(logits, self._shapes) + CROSSED * self._crossed).tolist()
        return scores


def part_scores(logits: Array, shapes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(N,) of parts, whose `shapes` (N, 2) are height and width in units."""
    shown, (heights, widths) = evidence(logits), shapes.T
    likeliest = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    certainty = -np.log(np.exp(likeliest).sum(axis=1))
    scores: npt.NDArray[np.float64] = (
        PART
        + EVIDENCE * np.minimum(shown, AMPLE)
        + SCANT_EVIDENCE * (SCANT - shown).clip(0)
        + CERTAINTY * certainty
        + LOW * (-np.log(heights.clip(0.05))).clip(0)
        + BROAD * (widths - BREADTH).clip(0)
    )
    return scores


def best_way(parts: Sequence[tuple[int, int]], scores: Sequence[float], last: int) -> list[int]:
    """The edges between the first and the last by which parts of the highest sum go; none where none do."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for (start, stop), score in sorted(
        zip(parts, scores, strict=True)
    ):  # a part's start is settled before it
        if start in best:
            before, way = best[start]
            best[stop] = max(best.get(stop, (-np.inf, ())), (before + score, (*way, stop)))
    return list(best[last][1][:-1]) if last in best else []


def _between(ink: Ink, left: Columns, right: Columns) -> Ink:
    """What lies from one edge to before the other, in all rows; as wide as that."""
    first, last = int(left.min()), int(right.max())
    columns = np.arange(first, last)
    between: Ink = np.where(
        (columns >= left[:, None]) & (columns < right[:, None]), ink[:, first:last], np.float32(0)
    )
    return between


def _extent(ink: Ink) -> tuple[int, int]:
    """Height and width of what is line."""
    sides = [np.flatnonzero((ink >= SOLID).any(axis=axis)) for axis in (1, 0)]
    high, wide = (int(side[-1] - side[0]) + 1 if len(side) else 0 for side in sides)
    return high, wide
