"""Splitting: of the seams of a mark those that part digits which touch, as the network sees the parts.

Every part between two seams is looked at, and the way from the mark's left to its right is chosen whose parts
are most like digits: dynamic programming, a part's score being like a group's in `segmentation`, as far as it
can be told of a part alone, less what its seams cross.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.ink.preprocessing import even_pen, frame
from engine.ink.rasterize import Ink
from engine.nn.functional import Array
from engine.reading.rejection import evidence
from engine.reading.seams import Columns, seams

Judge = Callable[[Sequence[Ink]], Array]  # framed images -> (N, 10) logits

SURE = 10.0  # evidence: a mark that shows as much and is no wider than WIDE is one digit
WIDE = 1.1  # times its height
SOLID = 0.3  # ink from here on is line; where a line is faint, more would break it
LEAST_HEIGHT = 0.45  # units, of a part
WIDEST = 1.6  # units
LEAST_INK = 0.3  # units of line

# what a part scores
PART = -2.0  # each
EVIDENCE, AMPLE = 0.19, 12.0  # for each of evidence, up to what is ample
SCANT_EVIDENCE, SCANT = -0.63, 6.0  # for each that it has less than this
CERTAINTY = 0.48  # for each of the logarithm of the likeliest digit's probability
LOW = -1.6  # for each of the logarithm of its height, where it is less than a unit
BROAD, BREADTH = -2.5, 0.9  # for each unit that it is wider than this
CROSSED = -0.1  # for each pen that its seams cross


def parting_seams(mark: Ink, unit: float, pen: float, judge: Judge) -> list[Columns]:
    """The seams of a mark that part its digits, from left to right; none where it is one.

    Parameters
    ----------
    mark : (H, W) array
        The mark alone, without a margin.
    unit, pen : float
        px, about the height of a digit, and the width of its lines.
    """
    height, width = mark.shape
    if height < LEAST_HEIGHT * unit or width < 2 * pen:
        return []
    whole = frame(even_pen(mark))
    is_narrow = width <= WIDE * height
    if whole is not None and is_narrow and evidence(judge([whole]))[0] >= SURE:
        return []
    found = seams(mark, unit, pen)
    edges = [np.zeros(height, np.intp), *(seam.columns for seam in found), np.full(height, width)]
    crossed = [0.0, *(seam.ink / pen for seam in found), 0.0]
    columns = np.arange(width)
    parts: list[tuple[int, int]] = []
    images, shapes = [], []
    for start in range(len(edges)):
        for stop in range(start + 1, len(edges)):
            within = (columns >= edges[start][:, None]) & (columns < edges[stop][:, None])
            part = np.where(within, mark, 0)
            high, wide = _extent(part)
            if high < LEAST_HEIGHT * unit or wide > WIDEST * unit or part.sum() < LEAST_INK * unit * pen:
                continue
            image = frame(even_pen(part))
            if image is not None:
                parts.append((start, stop))
                images.append(image)
                shapes.append((high / unit, wide / unit))
    if not parts:
        return []
    scores = _scores(judge(images), np.array(shapes))
    scores += CROSSED * np.array([crossed[start] + crossed[stop] for start, stop in parts])
    return [edges[number] for number in _best_way(parts, scores.tolist(), len(edges) - 1)]


def _scores(logits: Array, shapes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
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


def _best_way(parts: Sequence[tuple[int, int]], scores: Sequence[float], last: int) -> list[int]:
    """The edges between the first and the last by which parts of the highest sum go; none where none do."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for (start, stop), score in sorted(
        zip(parts, scores, strict=True)
    ):  # a part's start is settled before it
        if start in best:
            before, way = best[start]
            best[stop] = max(best.get(stop, (-np.inf, ())), (before + score, (*way, stop)))
    return list(best[last][1][:-1]) if last in best else []


def _extent(ink: Ink) -> tuple[int, int]:
    """Height and width of what is line."""
    sides = [np.flatnonzero((ink >= SOLID).any(axis=axis)) for axis in (1, 0)]
    high, wide = (int(side[-1] - side[0]) + 1 if len(side) else 0 for side in sides)
    return high, wide
