"""Which lines of a change are dotted on the page: what is new in it, else all that stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.explaining.edits import Edit
from engine.ink.rasterize import Point, Strokes

ASIDE = 0.02  # of the drawing's longest side: an edited drawing has fewer points than the person drew

Line = npt.NDArray[np.float64]  # (P, 2)


def lines_of_change(edit: Edit, strokes: Strokes) -> list[list[Point]]:
    """The lines that an edit draws; of one that only takes ink away, the drawing that is left.

    Of two edits the second may have changed what the first drew: what is new is told by the drawing before.
    """
    if edit.then is None:
        return [edit.drawn] if edit.drawn else edit.strokes
    return _new_lines(edit.strokes, strokes) or edit.strokes


def _new_lines(after: Strokes, before: Strokes) -> list[list[Point]]:
    """The pieces of the lines that lie beside all lines that were there, each with the points it hangs by."""
    old = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in before if len(stroke)]
    extent = np.ptp(np.concatenate(old), axis=0).max()
    lines: list[list[Point]] = []
    for stroke in after:
        line = np.asarray(stroke, np.float64).reshape(-1, 2)
        middles = (line[1:] + line[:-1]) / 2  # a link of two points begins and ends on what was there
        is_new = _away(middles, old) > ASIDE * extent
        edges = np.flatnonzero(np.diff(np.concatenate(([False], is_new, [False])).astype(int)))
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            lines.append([(float(x), float(y)) for x, y in line[start : stop + 1]])
    return lines


def _away(points: Line, lines: Sequence[Line]) -> npt.NDArray[np.float64]:
    """(P,) how far each point is from the nearest of the lines."""
    nearest = np.full(len(points), np.inf)
    for line in lines:
        starts, ends = (line[:-1], line[1:]) if len(line) > 1 else (line, line)
        along = ends - starts
        squared = np.maximum(np.square(along).sum(axis=1), 1e-12)
        offsets = points[:, None] - starts  # (P, S, 2)
        shares = np.clip((offsets * along).sum(axis=2) / squared, 0, 1)
        away = np.linalg.norm(offsets - shares[..., None] * along, axis=2)
        nearest = np.minimum(nearest, away.min(axis=1, initial=np.inf))
    return nearest
