"""Halving: the best way to read a drawing as two digits, where a person says that it is two.

Its strokes are dealt out to a left and a right digit, one of them cut at most: where a joint may be, else
anywhere along it. Of these ways the one is best whose two halves are most like digits, as `splitting` scores
parts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.ink.polyline import travelled
from engine.ink.rasterize import Curve, Strokes, as_curve
from engine.nn.functional import Array
from engine.reading.joints import Joint, joints
from engine.reading.layout import unit_of
from engine.reading.splitting import part_scores

STEP = 0.1  # units; between the places of a stroke that are tried

Drawn = list[Curve]


@dataclass(frozen=True)
class Halves:
    """How a drawing is two digits."""

    left: tuple[int, ...]  # the numbers of its strokes that are of the left one alone
    right: tuple[int, ...]
    stroke: int | None = None  # the one that is cut, if one is
    joint: Joint | None = None  # the way along it that is of neither
    left_comes_first: bool = True  # what is before the joint is of the left digit


def best_halves(strokes: Strokes, judge: Callable[[Sequence[Drawn]], Array]) -> Halves | None:
    """The best of all ways to halve a drawing, whose strokes have a point each; None where there is none."""
    curves = [as_curve(stroke) for stroke in strokes]
    low, high = (np.array([side(curve, axis=0) for curve in curves]) for side in (np.min, np.max))
    unit = unit_of(low, high)
    ways = [*_between_strokes(curves), *_within_strokes(curves, unit)]
    if not ways:
        return None
    drawn = [half for _, *halves in ways for half in halves]
    extents = [np.ptp(np.concatenate(half), axis=0)[::-1] / unit for half in drawn]
    scores = part_scores(judge(drawn), np.array(extents)).reshape(-1, 2).sum(axis=1)
    return ways[int(scores.argmax())][0]


def _between_strokes(curves: Drawn) -> Iterator[tuple[Halves, Drawn, Drawn]]:
    order = np.argsort([_middle(curve) for curve in curves], kind="stable").tolist()
    for count in range(1, len(order)):
        left, right = tuple(sorted(order[:count])), tuple(sorted(order[count:]))
        yield Halves(left, right), [curves[n] for n in left], [curves[n] for n in right]


def _within_strokes(curves: Drawn, unit: float) -> Iterator[tuple[Halves, Drawn, Drawn]]:
    for number, curve in enumerate(curves):
        others = [other for other in range(len(curves)) if other != number]
        for joint in joints(curve, unit) or _anywhere(curve, unit):
            ends = curve[: joint.last + 1], curve[joint.first :]
            comes_first = _middle(ends[0]) <= _middle(ends[1])
            one, two = ends if comes_first else ends[::-1]
            border = (_middle(one) + _middle(two)) / 2
            left = tuple(other for other in others if _middle(curves[other]) < border)
            right = tuple(other for other in others if other not in left)
            halves = Halves(left, right, number, joint, comes_first)
            yield halves, [one, *(curves[n] for n in left)], [two, *(curves[n] for n in right)]


def _anywhere(curve: Curve, unit: float) -> list[Joint]:
    """Places along a stroke, about STEP apart, where it may be cut between two points."""
    along = travelled(curve)
    places = np.arange(STEP * unit, along[-1], STEP * unit)
    before = np.unique(np.searchsorted(along, places, side="right") - 1)
    return [Joint(last, last + 1) for last in before.tolist() if last + 1 < len(curve)]


def _middle(curve: Curve) -> float:
    return float(curve[:, 0].min() + curve[:, 0].max()) / 2
