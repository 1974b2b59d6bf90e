"""Segmentation: the strokes of a page, or the ink of a picture, become digits.

A partition puts each piece of ink into exactly one group, and each group is either a digit or, where the
network shows too little evidence, none. A partition's score is the sum of its groups', a group's the weighted
sum of what the network says of it and of how its pieces lie (`layout`); probabilities are the softmax of the
scores. So a partition is worth what all of it is worth: strokes that overlap may still be two digits, and
the bar that is written last still belongs to its seven.

The weights are those under which numbers made of digits by fifteen writers, digits alone, and drawings that
are none are most probable (`segmentation_fit`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

import numpy as np
import numpy.typing as npt

from engine.nn.functional import Array
from engine.reading.confidence import Confidence
from engine.reading.layout import Drawing, Group, Layout, Pieces, in_lines
from engine.reading.prediction import NO_DIGIT
from engine.reading.rejection import evidence

# How often people write a digit with two strokes or more; rounded, so that what the writers of the pen digits
# never do is seldom, and not impossible.
HABIT = (0.03, 0.05, 0.01, 0.01, 0.65, 0.8, 0.02, 0.9, 0.06, 0.05)
AMPLE, SCANT = 12.0, 6.0  # evidence beyond which more says nothing, and below which less says more
KEPT = 8  # partitions, the best of each set of pieces that are left
LEAST_PROBABLE = 1e-3  # as often as the best; what is less is not told

# Added to the score of what is none: a number that is made up is worse than one that is not told. Of 708
# drawings that are none, and of 200 numbers joined here and there, it refuses 97.9 % and reads 90.5 %; with
# 0.0 that is 97.3 and 92.0 %, with 1.0 98.4 and 89.5 %.
CAUTION = 0.5

# The same of pictures: of 1,180 drawings that are none 97.1 % are refused, of 910 numbers that touch 76.8 %
# are read; with 1.0 it is 96.2 and 79.1 %. (By the seams of then; by those of today more are read.)
PICTURE_CAUTION = 2.0

Table = dict[str, tuple[float, float]]  # of each feature the weight for a digit and for what is none

# of strokes: `python -m benchmarks.numbers --fit` finds them. Those of cuts stay 0: with what it finds for
# these, too, a little more is read where the pen joins digits, and coils, a kind never shown, become 0000.
WEIGHTS: Table = {
    # of how the pieces lie: see `layout`
    "group": (-1.88, 0.23),
    "high": (0.05, -0.70),
    "low": (-5.11, -0.81),
    "wide": (-2.25, -0.29),
    "alone": (3.22, 5.04),
    "pair": (0.67, 0.98),
    "beside": (2.34, 3.46),
    "gap": (-0.77, 1.91),
    "distance": (-2.47, -2.05),
    "touching": (-0.59, 1.17),
    "above": (-1.23, -2.45),
    "vertical gap": (-2.61, -2.56),
    "both high": (0.43, 2.14),
    "follows": (0.43, -3.67),
    "crossing": (0.32, 0.84),
    "inside": (2.27, 2.84),
    "touching above": (1.00, 0.07),
    "joined": (0.56, 3.12),
    # of what the network says
    "evidence": (1.14, 1.18),
    "scant evidence": (-0.38, -2.16),
    "certainty": (-0.43, -2.17),
    "habit": (0.50, -0.11),
    # for each cut at its sides, by the digit that it looks like
    "cut 0": (0.00, 0.00),
    "cut 1": (0.00, 0.00),
    "cut 2": (0.00, 0.00),
    "cut 3": (0.00, 0.00),
    "cut 4": (0.00, 0.00),
    "cut 5": (0.00, 0.00),
    "cut 6": (0.00, 0.00),
    "cut 7": (0.00, 0.00),
    "cut 8": (0.00, 0.00),
    "cut 9": (0.00, 0.00),
}

# of pictures, of which some features tell nothing: the same with --pictures
PICTURE_WEIGHTS: Table = {
    "group": (-0.27, -0.61),
    "high": (-1.20, 0.26),
    "low": (-2.94, -0.45),
    "wide": (-3.18, -1.57),
    "alone": (1.43, 4.67),
    "pair": (0.58, 0.30),
    "beside": (1.41, 1.14),
    "gap": (-0.68, 1.62),
    "distance": (0.46, 0.95),
    "touching": (0.74, 1.09),
    "above": (-1.32, -2.90),
    "vertical gap": (1.13, -2.13),
    "both high": (-1.38, -0.23),
    "follows": (0.00, 0.00),
    "crossing": (2.75, 7.38),
    "inside": (0.04, 1.82),
    "touching above": (0.19, 1.80),
    "joined": (0.74, 1.09),
    "evidence": (0.71, -0.80),
    "scant evidence": (0.27, -2.66),
    "certainty": (3.06, -3.23),
    "habit": (0.00, 0.00),
    # bars and rings are part of what is none, too
    "cut 0": (-1.12, -0.23),
    "cut 1": (-1.22, -0.05),
    "cut 2": (0.59, -0.22),
    "cut 3": (1.04, -0.79),
    "cut 4": (0.15, -0.70),
    "cut 5": (-0.30, -0.10),
    "cut 6": (-0.10, -0.20),
    "cut 7": (-0.48, 0.00),
    "cut 8": (0.89, -0.02),
    "cut 9": (0.60, -0.04),
}

Judge = Callable[[Sequence[Drawing]], Array]  # drawings -> (N, 10) logits
Weights = npt.NDArray[np.float64]  # (2 * len(WEIGHTS),): first all of a digit, then all of what is none


@dataclass(frozen=True)
class Partition:
    """One way to read a page: its groups, in no order, and how probable it is among those that were kept."""

    groups: tuple[int, ...]  # their numbers among the candidates
    probability: float


class Candidates(Generic[Drawing]):
    """The groups of a page that may be digits, and what the network says of each."""

    def __init__(self, pieces: Pieces[Drawing], judge: Judge[Drawing], confidence: Confidence) -> None:
        """Those of a page that has a piece."""
        self.pieces = pieces
        self.layout = Layout(pieces)
        self.groups = self.layout.groups()
        self.drawings = [pieces.drawing(group) for group in self.groups]
        self.logits = judge(self.drawings)
        self.probabilities = confidence.probabilities(self.logits)
        are_none = np.array([pieces.is_none(group) for group in self.groups])
        self.are_digits = confidence.accepts(self.logits) & ~are_none

    def features(self) -> npt.NDArray[np.float64]:
        """(G, 2 * len(WEIGHTS)): those of a digit and 0, or 0 and those of what is none."""
        shown = evidence(self.logits)
        several = np.array([len(self.pieces.strokes(group)) > 1 for group in self.groups])
        digits = self.probabilities.argmax(axis=1)
        features = np.column_stack(
            [
                self.layout.features(self.groups),
                np.minimum(shown, AMPLE) / 3,
                (SCANT - shown).clip(0),
                np.log(self.probabilities.max(axis=1).clip(1e-9)),
                np.where(several, np.log(HABIT)[digits], 0),
                np.eye(10)[digits] * self.layout.cuts(self.groups)[:, None],
            ]
        )
        return np.hstack([features * self.are_digits[:, None], features * ~self.are_digits[:, None]])

    def text(self, groups: Sequence[int]) -> str:
        """What some of the groups, by their numbers, say together."""
        digits = self.probabilities.argmax(axis=1)
        return "\n".join(
            "".join(str(digits[group]) if self.are_digits[group] else NO_DIGIT for group in line)
            for line in self.in_lines(groups)
        )

    def in_lines(self, groups: Sequence[int]) -> list[list[int]]:
        """Some of the groups, by their numbers, as they are read."""
        boxes = [self.layout.box(self.groups[group]) for group in groups]
        return [[groups[index] for index in line] for line in in_lines(boxes)]


def best_partitions(
    found: Candidates[Drawing], weights: Table = WEIGHTS, caution: float = CAUTION
) -> list[Partition]:
    """The most probable partitions of a page, the best first; KEPT at most, and mostly one or two."""
    if len(found.groups) == 1:
        return [Partition((0,), 1.0)]
    scores = found.features() @ np.array(list(weights.values())).T.ravel() + caution * ~found.are_digits
    best = search(found.groups, scores.tolist(), found.layout.order())
    highest, _ = best[0]
    odds = {groups: math.exp(score - highest) for score, groups in best}
    told = {groups: share for groups, share in odds.items() if share >= LEAST_PROBABLE}
    return [Partition(groups, share / sum(told.values())) for groups, share in told.items()]


def search(
    groups: Sequence[Group], scores: Sequence[float], order: Sequence[int], *, kept: int = KEPT
) -> list[tuple[float, tuple[int, ...]]]:
    """The partitions of highest score, and the numbers of their groups: dynamic programming.

    The first piece in order that is in no group yet goes into each group that holds it and nothing that is
    taken; what is left is the same question again, and is answered once, however it came to be left.

    Parameters
    ----------
    groups : each piece must be in one of its own, at least
    scores : of each group
    order : every piece once
    """
    rank = {piece: place for place, piece in enumerate(order)}
    masks = [sum(1 << rank[piece] for piece in group) for group in groups]
    beginning: list[list[tuple[int, int, float]]] = [[] for _ in order]
    for number, (mask, score) in enumerate(zip(masks, scores, strict=True)):
        beginning[(mask & -mask).bit_length() - 1].append((number, mask, score))
    full = (1 << len(order)) - 1
    answers: dict[int, list[tuple[float, tuple[int, ...]]]] = {full: [(0.0, ())]}

    def best(taken: int) -> list[tuple[float, tuple[int, ...]]]:
        if taken not in answers:
            free = ~taken & (taken + 1)  # the lowest bit that is not set
            answers[taken] = sorted(
                (
                    (score + rest, (number, *others))
                    for number, mask, score in beginning[free.bit_length() - 1]
                    if not mask & taken
                    for rest, others in best(taken | mask)
                ),
                key=lambda answer: -answer[0],
            )[:kept]
        return answers[taken]

    return best(0)
