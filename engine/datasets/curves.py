"""Curves through given points, as a pen makes them: both kinds of drawings are made of these."""

from functools import cache

import numpy as np
import numpy.typing as npt

Curve = npt.NDArray[np.float64]  # (points, 2), x to the right and y downward

UNIFORM, CENTRIPETAL = 0.0, 0.5  # powers of the distance between two knots that the pen's time grows by


def catmull_rom(knots: Curve, *, steps: int, power: float, is_closed: bool = False) -> Curve:
    """A Catmull-Rom spline: through all knots, without a corner.

    With CENTRIPETAL time it makes no loops of its own, however unevenly the knots lie: Yuksel, Schaefer and
    Keyser (2011). The tangent at a knot is the mean of the speeds before and after it, each weighted by the
    other's time; at an open end it is the speed beside it.

    Parameters
    ----------
    knots : (K, 2) array
        Two or more.
    steps : int
        Points from one knot up to the next.
    is_closed : bool
        The ends lie near each other and meet round: the tangent of each takes in the other's neighbour.
    """
    way = np.diff(knots, axis=0)
    time = np.hypot(way[:, :1], way[:, 1:]) ** power  # from knot to knot
    if power:
        time += 1e-9  # two knots in one place
    speed = way / time
    inner = (speed[:-1] * time[1:] + speed[1:] * time[:-1]) / (time[:-1] + time[1:])
    first, last = speed[:1], speed[-1:]
    if is_closed:
        first = last = (knots[1:2] - knots[-2:-1]) / 2
    tangent = np.concatenate((first, inner, last))
    spans = np.stack((knots[:-1], knots[1:], time * tangent[:-1], time * tangent[1:]), axis=1)  # (K-1, 4, 2)
    return np.concatenate(((_hermite(steps) @ spans).reshape(-1, 2), knots[-1:]))


@cache
def _hermite(steps: int) -> npt.NDArray[np.float64]:
    """(steps, 4): points of a cubic between two knots, from the knots and the tangents there."""
    t = np.linspace(0, 1, steps, endpoint=False)
    return np.column_stack((2 * t**3 - 3 * t**2 + 1, 3 * t**2 - 2 * t**3, t**3 - 2 * t**2 + t, t**3 - t**2))
