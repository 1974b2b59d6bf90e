"""Digits as people write them and MNIST does not, drawn for the tests of the network that ships.

They are no product of the generator that it learnt from: each was written down as points, on a page of 10 by
10 with y downward. A stroke that begins with ~ runs smoothly through its points.
"""

import numpy as np
from scipy.interpolate import CubicSpline

WAYS = {
    "0 slashed": (0, "~5,0 2,1.5 1.5,5 2.5,9 5,10 8,8.5 8.5,5 7.5,1.2 5,0 / 8.5,0.5 1.5,9.5"),
    "0 slashed inside": (0, "~5,0 2.2,2 2,5.5 3,9 5.2,10 7.6,8.4 8,5 7.2,1.4 4.9,0.1 / 6.8,3 3.4,7.2"),
    "0 dotted": (0, "~5,0 2,2 1.8,6 3.4,9.6 6,9.8 8.2,7 8.2,3 6.4,0.4 4.8,0.1 / ~4.8,4.8 5.2,5 5,5.3"),
    "1 with flag": (1, "2.6,3.2 5.4,0 / 5.4,0 5.4,10"),
    "1 with flag and foot": (1, "3,2.6 5.4,0 5.4,10 / 2.8,10 8,10"),
    "1 with long upstroke": (1, "1.2,6 5.6,0 5.6,10"),
    "1 with very long upstroke": (1, "1.6,7.6 6,0 6,10"),
    "2 with loop": (2, "~2,2.4 4,0.2 7,0.8 7.4,3.4 5,7 2.6,9.4 1.8,8.6 3.4,8 5.6,9 8.4,9.8"),
    "2 without loop": (2, "~2,2.6 3.6,0.4 6.6,0.3 7.8,2.6 6,5.8 2,9.8 / 2,9.8 8.4,9.8"),
    "3 with curled foot": (3,
        "~2.6,1 5.4,0 7.2,1.8 6.4,4 4.4,4.8 6.8,5.4 7.8,7.6 6,9.8 3.2,9.8 2.2,8.6 "
        "3,8 3.8,8.6"),
    "3 flat": (3, "2.4,0.2 7.6,0.2 4.6,4 / ~4.6,4 7.4,5.2 7.4,8.6 5,10 2.2,9"),
    "4 open": (4, "3,0 2.4,5.8 8.2,5.8 / 6.6,2.4 6.4,10"),
    "4 closed": (4, "6.4,0 1.6,6.6 8.6,6.6 / 6.4,0 6.4,10"),
    "5 in one stroke": (5, "7.6,0.2 3,0.2 2.6,4.4 / ~2.6,4.4 5.4,3.8 7.8,5.8 7,8.8 4.2,10 2,8.8"),
    "5 in two strokes": (5, "3.2,0.6 2.8,4.6 / ~2.8,4.6 5.6,4 7.8,6 7,9 4.4,10 2.2,9.2 / 3.4,0.2 8,0"),
    "6 with straight tail": (6, "6.6,0 2.6,6 / ~2.6,6 2.2,8.4 4,10 6.6,9.4 7,7 5,5.6 2.8,6.8"),
    "6 with curved tail": (6, "~7,0.6 4.4,1.4 2.4,4.8 2.2,8 4.2,10 6.8,9 7,6.6 5,5.4 2.6,7"),
    "7 crossed": (7, "2,0.4 8,0.4 4,10 / 3.2,5 7.4,5"),
    "7 crossed, with a hook": (7, "1.8,1.8 2,0.2 8.2,0.2 4.2,10 / 3.4,5.2 7.6,4.8"),
    "7 crossed, looped head": (7,
        "~1.6,1.2 2.6,0.2 3.4,1.2 2.6,1.8 2.6,0.6 5,0.9 8.2,0.2 / ~8.2,0.2 6,4.6 "
        "4.6,10 / 3.8,5.4 7.6,5"),
    "8 of two circles": (8,
        "~5,0 3,1 3,3.6 5,4.6 7,3.6 7,1 5,0 / ~5,4.6 2.6,5.8 2.6,8.8 5,10 7.4,8.8 "
        "7.4,5.8 5,4.6"),
    "9 with straight tail": (9, "~7,2 5,0 2.8,1.4 2.8,4 5,5 7,3.4 7,1.6 / 7,1.6 6.4,10"),
    "9 with curved tail": (9, "~7.2,2.2 5.2,0 2.8,1.2 2.8,3.8 5,4.8 7,3 7.2,1.8 7.2,6 6,9.2 3.4,9.8"),
    "9 open": (9, "~6.6,1 4.6,0.2 2.8,2 3.2,4.4 5.6,4.6 7,2.8 7.2,1.2 6.8,6 5.8,10"),
}  # fmt: skip


NO_DIGITS = {
    "star": "2,10 5,0 8,10 0.4,3.8 9.6,3.8 2,10",
    "heart": "~5,3 3.4,0.8 1,1.6 1,4.4 5,9.8 9,4.4 9,1.6 6.6,0.8 5,3",
    "triangle": "5,0.6 9.6,9.4 0.4,9.4 5,0.6",
    "spiral": "~5,5 5.8,4.6 5.6,6 4.2,6 3.8,4.4 5.2,3.2 7,4 7.2,6.4 5,7.8 2.8,6.6 2.6,3.8 "
    "4.6,1.8 7.6,2.4 8.8,5",
    "E": "7.6,0.4 2.4,0.4 2.4,9.6 7.6,9.6 / 2.4,5 6.8,5",
    "W": "0.4,0.6 2.8,9.4 5,3 7.2,9.4 9.6,0.6",
    "twelve": "1.4,0.6 1.4,9.4 / ~4.4,2.4 6.4,0.6 8.6,1.6 8.4,4.2 4.4,9.2 9.4,9.2",
    "scribble": "~0.6,5 2,2 3,8 4,1.6 5,8.4 6,1.8 7,8.2 8,2.2 9.4,6 6,4 2,6.4 5,3 8.6,5",
}


def write(way, *, rng):
    """The strokes of one of WAYS, by another hand each time."""
    return by_hand(WAYS[way][1], rng=rng)


def by_hand(template, *, rng):
    """The strokes of a template, slanted, stretched and unsteady."""
    slant, width = rng.uniform(-0.05, 0.2), rng.uniform(0.8, 1.15)
    strokes = []
    for text in template.split("/"):
        points = np.array([list(map(float, point.split(","))) for point in text.replace("~", "").split()])
        points += rng.normal(0, 0.15, points.shape)
        place = np.linspace(0, len(points) - 1, 12 * len(points))
        if "~" in text:
            curve = CubicSpline(np.arange(len(points)), points)(place)
        else:
            axes = (np.interp(place, np.arange(len(points)), points[:, axis]) for axis in (0, 1))
            curve = np.column_stack(list(axes))
        x, y = curve.T
        strokes.append([(float(a), float(b)) for a, b in zip(width * x + slant * (10 - y), y, strict=True)])
    return strokes
