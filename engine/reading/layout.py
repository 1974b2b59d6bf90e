"""Layout: where the pieces of a page lie to each other, and which of them may be one digit.

A page is put together from pieces, of strokes (`stroke_pieces`) or of a picture's ink (`ink_pieces`); groups
of them are candidates for a digit. Lengths are measured in the page's own unit, about the height of a digit,
so that it makes no difference how large it is written.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Curve

Group = tuple[int, ...]  # the numbers of its pieces, ascending
Box = tuple[float, float, float, float]  # left, top, right, bottom

MOST_PIECES = 48  # of a page; what has more is no number, and is read as one
MOST_IN_DIGIT = 3  # pieces; of 8,000 digits of pen strokes none has more strokes
MOST_GROUPS = 160  # where strokes lie so densely that there are more, they are grouped less

# in units; what is further apart, wider or higher than any digit by thirty people with a pen
REACH = 0.35  # between the nearest points of a digit's strokes
GAP = 0.25  # between their extents in x
WIDEST, HIGHEST = 1.7, 1.8

TOUCHING = 0.06  # units; about half a line's width

Drawing = TypeVar("Drawing", covariant=True)  # of a group, for the network


@dataclass(frozen=True)
class Pairs:
    """What is known of each two pieces, (P, P) each."""

    distances: npt.NDArray[np.float64]  # in units, between the nearest points of their lines
    near: npt.NDArray[np.bool_]  # whether they are near enough to be of one digit
    inner: npt.NDArray[np.float64]  # how far inside of both lines these are, 0 at an end to 1
    follow: npt.NDArray[np.bool_]  # whether one was written next after the other
    joined: npt.NDArray[np.bool_]  # whether they were one before they were cut


class Pieces(Protocol[Drawing]):
    """The pieces of a page, numbered."""

    low: Curve  # (P, 2), left upper corners of the extents of their lines
    high: Curve  # right lower ones

    def drawing(self, group: Group) -> Drawing:
        """A group alone."""

    def strokes(self, group: Group) -> tuple[int, ...]:
        """The numbers of the strokes that a group has all or a part of; none where that is unknown."""

    def is_none(self, group: Group) -> bool:
        """Whether a group is no digit, whatever it looks like."""

    def pairs(self, unit: float) -> Pairs:
        """What is known of each two of them."""


def unit_of(low: Curve, high: Curve) -> float:
    """The upper quartile of the pieces' heights: digits are about as high, their bars and hats are not."""
    sizes = high - low
    reach = np.maximum(sizes[:, 1], sizes[:, 0] / 2)
    least = (high.max(axis=0) - low.min(axis=0)).max() / MOST_PIECES  # where there are nothing but dots
    quartile = np.sort(reach)[math.ceil(0.75 * (len(reach) - 1))]
    return float(max(quartile, least, np.finfo(float).tiny))


class Layout(Generic[Drawing]):
    """The pieces of a page as numbers that tell which belong together."""

    def __init__(self, pieces: Pieces[Drawing]) -> None:
        self.pieces = pieces
        self.low, self.high = pieces.low, pieces.high
        self.unit = unit_of(self.low, self.high)

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

    def groups(self) -> list[Group]:
        """The candidates: pieces near each other that are no larger than a digit, and the page as one.

        The page alone where it has more pieces than any number.
        """
        whole = tuple(range(len(self.low)))
        if len(whole) == 1 or len(whole) > MOST_PIECES:
            return [whole]
        found: set[Group] = {whole}
        for most in range(MOST_IN_DIGIT, 0, -1):
            found = {whole, *self._near_each_other(most)}
            if len(found) <= MOST_GROUPS:
                break
        return sorted(found)

    def _near_each_other(self, most: int) -> set[Group]:
        near = self._known.near & (self._overlap[..., 0] > -GAP)
        neighbours = [np.flatnonzero(row).tolist() for row in near]
        grown: set[Group] = {(index,) for index in range(len(self.low))}
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
        members = self._members(groups)
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
                (sizes == len(self.low)) & (sizes > 1),
            ]
        )
        pairs = np.einsum("gi,ijf,gj->gf", members, self._pairs, members, optimize=True)
        features: npt.NDArray[np.float64] = np.hstack([own, pairs / sizes[:, None]])
        return features

    def cuts(self, groups: Sequence[Group]) -> npt.NDArray[np.float64]:
        """(G,) in how many places a group was cut off from what is not of it."""
        members = self._members(groups)
        cuts: npt.NDArray[np.float64] = np.einsum("gi,ij,gj->g", members, self._known.joined, 1 - members)
        return cuts

    def _members(self, groups: Sequence[Group]) -> npt.NDArray[np.float64]:
        """(G, P) 1 where a group has a piece, else 0."""
        members = np.zeros((len(groups), len(self.low)))
        for row, group in zip(members, groups, strict=True):
            row[list(group)] = 1
        return members

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
    def _known(self) -> Pairs:
        return self.pieces.pairs(self.unit)

    @cached_property
    def _pairs(self) -> npt.NDArray[np.float64]:
        """(P, P, len(PAIR_FEATURES)); 0 of a piece with itself."""
        known = self._known
        overlap, gap = self._overlap.clip(0), (-self._overlap).clip(0, 2)
        size = (self.high - self.low) / self.unit
        share = overlap / (np.minimum(size[:, None], size) + 0.1)
        touching = known.distances < TOUCHING
        count = len(self.low)
        pairs = np.stack(
            [
                np.ones((count, count)),
                share[..., 0],
                gap[..., 0],
                np.minimum(known.distances, 1),
                touching,
                share[..., 1],
                gap[..., 1],
                np.minimum(size[:, None, 1], size[:, 1]),
                known.follow,
                touching * known.inner,
                share[..., 0] * share[..., 1],
                touching * share[..., 0],
                known.joined,
            ],
            axis=-1,
        )
        pairs[np.arange(count), np.arange(count)] = 0
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
    "joined",  # cut apart
)
FEATURES = GROUP_FEATURES + PAIR_FEATURES


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
    """Whether the middles of two lie as near in y as those of digits as high that overlap by 0.4 of it."""
    middles = one[1] / 2 + one[3] / 2, other[1] / 2 + other[3] / 2
    return abs(middles[0] - middles[1]) <= 0.6 * max(one[3] - one[1], other[3] - other[1])
