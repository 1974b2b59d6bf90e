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
    return Turns().corners(curve, tolerance)


class Turns:
    """The `corners` of a curve that grows, asked for again and again.

    Where it is only longer than it was, no line is looked at that was before: those that end at its last
    point are new, and hardly another.
    """

    def __init__(self) -> None:
        self._curve: Curve = np.zeros((0, 2))
        # by the ends of a line: how far the point that is furthest off strays from it, and its number
        self._furthest: dict[tuple[int, int], tuple[float, int]] = {}

    def corners(self, curve: Curve, tolerance: float) -> npt.NDArray[np.intp]:
        """Those of a curve as it is now, by any tolerance."""
        known = self._furthest if np.array_equal(curve[: len(self._curve)], self._curve) else {}
        self._curve, self._furthest = curve, {}
        found = {0, len(curve) - 1}
        open_ways = [(0, len(curve) - 1)]
        while open_ways:
            start, stop = way = open_ways.pop()
            if stop - start < 2:
                continue
            off, furthest = self._furthest[way] = known.get(way) or _furthest(curve[start : stop + 1], start)
            if off > tolerance:
                found.add(furthest)
                open_ways += [(start, furthest), (furthest, stop)]
        return np.array(sorted(found), np.intp)


def _furthest(curve: Curve, first: int) -> tuple[float, int]:
    """How far the point that is furthest off strays from the line between the ends, and its number."""
    along, between = curve[-1] - curve[0], curve[1:-1] - curve[0]
    squared = along @ along
    share = (between @ along / squared).clip(0, 1) if squared > 0 else np.zeros(len(between))
    off = np.hypot(*(between - share[:, None] * along).T)
    furthest = int(off.argmax())
    return float(off[furthest]), first + 1 + furthest
