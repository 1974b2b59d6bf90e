"""Layout: where the strokes of a page lie to each other, and which of them may be one digit.

A stroke that may hold two digits, joined on the way from one to the next, is cut into pieces; every other
stroke is one piece. Groups of pieces are candidates for a digit. Lengths are measured in the page's own unit,
about the height of a digit, so that it makes no difference how large it is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Strokes

Curve = npt.NDArray[np.float64]  # (P, 2)
Group = tuple[int, ...]  # the numbers of its pieces, ascending
Box = tuple[float, float, float, float]  # left, top, right, bottom

SAMPLES = 16  # points of a piece by which distances are measured
MOST_PIECES = 48  # of a page; what has more is no number, and is read as one
MOST_IN_DIGIT = 3  # pieces; of 8,000 digits of pen strokes none has more strokes
MOST_GROUPS = 160  # where strokes lie so densely that there are more, they are grouped less

# in units; what is further apart, wider or higher than any digit by thirty people with a pen
REACH = 0.35  # between the nearest points of a digit's strokes
GAP = 0.25  # between their extents in x
WIDEST, HIGHEST = 1.7, 1.8

TOUCHING = 0.06  # units; about half a line's width

# where a stroke may be cut
STEP = 0.05  # units; from point to point of the path that is looked at
ONWARD = 0.2  # of the way that goes to the right, at least, from one digit to the next
SHORTEST_JOINT = 0.1  # units, to the right
OVERLAP = 0.1  # units, by which what is written before a cut may exceed in x what comes after
LEAST_HEIGHT = 0.45  # units, of what is on either side


@dataclass(frozen=True)
class Piece:
    """A stroke, or a part of one."""

    stroke: int
    points: Curve


def cut(strokes: Strokes) -> list[Piece]:
    """The pieces of a page, in the order in which they were written; strokes without a point have none."""
    curves = {index: np.asarray(stroke, np.float64) for index, stroke in enumerate(strokes) if len(stroke)}
    if not curves:
        return []
    low, high = (np.stack([of(curve, axis=0) for curve in curves.values()]) for of in (np.min, np.max))
    unit = _unit(low, high)
    return [Piece(index, part) for index, curve in curves.items() for part in _parts(curve, unit)]


def _unit(low: Curve, high: Curve) -> float:
    """The upper quartile of the strokes' heights: digits are about as high, their bars and hats are not."""
    sizes = high - low
    reach = np.maximum(sizes[:, 1], sizes[:, 0] / 2)
    least = (high.max(axis=0) - low.min(axis=0)).max() / MOST_PIECES  # where there are nothing but dots
    return float(max(np.quantile(reach, 0.75, method="higher"), least, np.finfo(float).tiny))


def _parts(curve: Curve, unit: float) -> list[Curve]:
    """A stroke, cut in the middle of each way to the right that may lead from one digit to the next."""
    if np.ptp(curve[:, 0]) < SHORTEST_JOINT * unit or np.ptp(curve[:, 1]) < LEAST_HEIGHT * unit:
        return [curve]
    path, origin = _in_steps(curve, STEP * unit)
    x, y = path.T
    overlap = np.maximum.accumulate(x) - np.minimum.accumulate(x[::-1])[::-1]
    before = np.maximum.accumulate(y) - np.minimum.accumulate(y)
    after = (np.maximum.accumulate(y[::-1]) - np.minimum.accumulate(y[::-1]))[::-1]
    onward = np.diff(x) > ONWARD * np.hypot(*np.diff(path, axis=0).T)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], onward, [False]]).astype(np.int8)))
    parts, start = [], 0
    rest = curve
    for first, last in edges.reshape(-1, 2):
        middle = (first + last) // 2
        if (
            x[last] - x[first] < SHORTEST_JOINT * unit
            or overlap[middle] > OVERLAP * unit
            or min(before[first], after[last]) < LEAST_HEIGHT * unit
        ):
            continue
        until = int(origin[middle]) + 1  # of the stroke's own points, those before the cut
        parts.append(np.concatenate([rest[: until - start], path[middle : middle + 1]]))
        rest, start = np.concatenate([path[middle : middle + 1], curve[until:]]), until - 1
    return [*parts, rest]


def _in_steps(curve: Curve, step: float) -> tuple[Curve, npt.NDArray[np.float64]]:
    """The same path in steps of `step` or less, and for each the last of the curve's points up to it."""
    steps = np.hypot(*np.diff(curve, axis=0).T)
    counts = np.minimum(np.ceil(steps / step), 100).astype(int).clip(1)
    whole = np.repeat(np.arange(len(steps)), counts)
    places = np.concatenate(
        [whole + (np.arange(len(whole)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[whole],
         [len(steps)]]
    )  # fmt: skip
    knots = np.arange(len(curve))
    return np.column_stack([np.interp(places, knots, axis) for axis in curve.T]), np.floor(places)


class Layout:
    """The pieces of a page as numbers that tell which belong together."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.low = np.array([piece.points.min(axis=0) for piece in pieces])  # (P, 2)
        self.high = np.array([piece.points.max(axis=0) for piece in pieces])
        self.unit = _unit(self.low, self.high)

    def box(self, group: Group) -> Box:
        """The extent of a group."""
        low, high = self._corners
        left, right = min(low[i][0] for i in group), max(high[i][0] for i in group)
        return left, min(low[i][1] for i in group), right, max(high[i][1] for i in group)

    def order(self) -> list[int]:
        """The pieces from left to right, or down where the page is higher: few are then open at a time."""
        middle = self.low / 2 + self.high / 2
        order: list[int] = np.argsort(middle[:, np.ptp(middle, axis=0).argmax()], kind="stable").tolist()
        return order

    def strokes(self, group: Group) -> list[Curve]:
        """What the pen drew of a group, pieces that follow each other put together again."""
        drawn: list[Curve] = []
        before = None
        for index in group:
            piece = self.pieces[index]
            if before == index - 1 and self.pieces[before].stroke == piece.stroke:
                # the end of one is the beginning of the next, and none of the stroke's own points
                drawn[-1] = np.concatenate([drawn[-1][:-1], piece.points[1:]])
            else:
                drawn.append(piece.points)
            before = index
        return drawn

    def groups(self) -> list[Group]:
        """The candidates: pieces near each other that are no larger than a digit, and the page as one.

        The page alone where it has more pieces than any number.
        """
        whole = tuple(range(len(self.pieces)))
        if len(whole) == 1 or len(whole) > MOST_PIECES:
            return [whole]
        found: set[Group] = {whole}
        for most in range(MOST_IN_DIGIT, 0, -1):
            found = {whole, *self._near_each_other(most)}
            if len(found) <= MOST_GROUPS:
                break
        return sorted(found)

    def _near_each_other(self, most: int) -> set[Group]:
        near = (self._distances < REACH) & (self._overlap[..., 0] > -GAP)
        neighbours = [np.flatnonzero(row).tolist() for row in near]
        grown: set[Group] = {(index,) for index in range(len(self.pieces))}
        found = set(grown)
        for _ in range(most - 1):
            larger = {
                tuple(sorted((*group, other)))
                for group in grown
                for member in group
                for other in neighbours[member]
                if other not in group
            }
            grown = {
                group
                for group in larger
                for left, top, right, bottom in [self.box(group)]
                if right - left <= WIDEST * self.unit and bottom - top <= HIGHEST * self.unit
            }
            found |= grown
            if len(found) > MOST_GROUPS:
                break
        return found

    def features(self, groups: Sequence[Group]) -> npt.NDArray[np.float64]:
        """(G, len(FEATURES)) of groups, each feature 0 where it says nothing.

        Those of pairs are summed over the pairs of a group and divided by half its size, so that each piece
        counts about once, however many there are.
        """
        members = np.zeros((len(groups), len(self.pieces)))
        for row, group in zip(members, groups, strict=True):
            row[list(group)] = 1
        sizes = members.sum(axis=1)
        inside = members[..., None] > 0
        extent = (
            np.where(inside, self.high, -np.inf).max(axis=1) - np.where(inside, self.low, np.inf).min(axis=1)
        ) / self.unit
        height = np.log(np.maximum(extent[:, 1], 0.05))
        own = np.column_stack(
            [
                np.ones(len(groups)),
                height.clip(0),
                (-height).clip(0),
                (extent[:, 0] - 0.9).clip(0),
                (sizes == len(self.pieces)) & (sizes > 1),
            ]
        )
        pairs = np.einsum("gi,ijf,gj->gf", members, self._pairs, members, optimize=True)
        features: npt.NDArray[np.float64] = np.hstack([own, pairs / sizes[:, None]])
        return features

    @cached_property
    def _corners(self) -> tuple[list[list[float]], list[list[float]]]:
        """Of each piece the left upper and the right lower one; plain, for what takes them one by one."""
        return self.low.tolist(), self.high.tolist()

    @cached_property
    def _overlap(self) -> npt.NDArray[np.float64]:
        """(P, P, 2) by which extents overlap in x and y; negative where there is a gap."""
        overlap: npt.NDArray[np.float64] = (
            np.minimum(self.high[:, None], self.high) - np.maximum(self.low[:, None], self.low)
        ) / self.unit
        return overlap

    @cached_property
    def _nearest(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(P, P) least distances, and how far inside both pieces the nearest points are, 0 at an end to 1."""
        count = len(self.pieces)
        points = np.stack([_samples(piece.points) for piece in self.pieces]).reshape(-1, 2)
        x, y = ((points - points[0]) / self.unit).T
        between = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
        between = between.reshape(count, SAMPLES, count, SAMPLES).swapaxes(1, 2).reshape(count, count, -1)
        nearest = between.argmin(axis=2)
        least = between.min(axis=2)
        places = np.stack(np.divmod(nearest, SAMPLES)) / (SAMPLES - 1)
        return np.sqrt(least), 2 * np.minimum(places, 1 - places).min(axis=0)

    @property
    def _distances(self) -> npt.NDArray[np.float64]:
        return self._nearest[0]

    @cached_property
    def _pairs(self) -> npt.NDArray[np.float64]:
        """(P, P, len(PAIR_FEATURES)); 0 of a piece with itself."""
        distances, inner = self._nearest
        overlap, gap = self._overlap.clip(0), (-self._overlap).clip(0, 2)
        size = (self.high - self.low) / self.unit
        share = overlap / (np.minimum(size[:, None], size) + 0.1)
        touching = distances < TOUCHING
        count = len(self.pieces)
        order = np.arange(count)
        follows = np.abs(order[:, None] - order) == 1
        stroke = np.array([piece.stroke for piece in self.pieces])
        pairs = np.stack(
            [
                np.ones((count, count)),
                share[..., 0],
                gap[..., 0],
                np.minimum(distances, 1),
                touching,
                share[..., 1],
                gap[..., 1],
                np.minimum(size[:, None, 1], size[:, 1]),
                follows,
                touching * inner,
                share[..., 0] * share[..., 1],
                touching * share[..., 0],
                follows & (stroke[:, None] == stroke),
            ],
            axis=-1,
        )
        pairs[order, order] = 0
        return pairs


GROUP_FEATURES = (
    "group",  # 1
    "high",  # logarithm of the height, in units
    "low",
    "wide",
    "alone",  # whether it is the whole page, and more than one piece
)
PAIR_FEATURES = (
    "pair",  # 1
    "beside",  # overlap in x, as a share of the narrower
    "gap",  # in x
    "distance",
    "touching",
    "above",  # overlap in y, as a share of the lower
    "vertical gap",
    "both high",  # the height of the lower
    "follows",  # in time
    "crossing",  # touching far from any end
    "inside",  # overlap in both
    "touching above",  # and overlapping in x
    "joined",  # pieces of one stroke
)
FEATURES = GROUP_FEATURES + PAIR_FEATURES


def _samples(curve: Curve) -> Curve:
    """(SAMPLES, 2) points at even distances along a curve."""
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    places = np.linspace(0, travelled[-1], SAMPLES)
    return np.column_stack([np.interp(places, travelled, axis) for axis in curve.T])


def in_lines(boxes: Sequence[Box]) -> list[list[int]]:
    """The numbers of boxes as they are read: lines from the top, each from left to right."""
    lines: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda index: boxes[index][1] / 2 + boxes[index][3] / 2):
        # a line that slopes is still one: who is level with any of it belongs to it
        if lines and any(_are_level(boxes[index], boxes[other]) for other in lines[-1]):
            lines[-1].append(index)
        else:
            lines.append([index])
    return [sorted(line, key=lambda index: boxes[index][0] / 2 + boxes[index][2] / 2) for line in lines]


def _are_level(one: Box, other: Box) -> bool:
    """Whether two overlap in y by 0.4 of the lower one; what has no height lies on its middle."""
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap >= 0.4 * min(one[3] - one[1], other[3] - other[1])
