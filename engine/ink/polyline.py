"""A curve as points that straight lines join: how far along it each lies, and where it turns."""

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import Curve


def travelled(curve: Curve) -> npt.NDArray[np.float64]:
    """(P,) how far along the curve, (P, 2), each of its points is."""
    return np.concatenate([[0.0], np.hypot(*np.diff(curve, axis=0).T).cumsum()])


def corners(curve: Curve, tolerance: float) -> npt.NDArray[np.intp]:
    """The numbers of the points, both ends among them, between which lines stray by `tolerance` at most.

    By D. Douglas and T. Peucker, "Algorithms for the reduction of the number of points required to represent
    a digitized line or its caricature", 1973: the point that is furthest off the line is one, and so on.
    """
    found = {0, len(curve) - 1}
    open_ways = [(0, len(curve) - 1)]
    while open_ways:
        start, stop = open_ways.pop()
        if stop - start < 2:
            continue
        along, between = curve[stop] - curve[start], curve[start + 1 : stop] - curve[start]
        squared = along @ along
        share = (between @ along / squared).clip(0, 1) if squared > 0 else np.zeros(len(between))
        off = np.hypot(*(between - share[:, None] * along).T)
        furthest = int(off.argmax())
        if off[furthest] > tolerance:
            middle = start + 1 + furthest
            found.add(middle)
            open_ways += [(start, middle), (middle, stop)]
    return np.array(sorted(found), np.intp)
