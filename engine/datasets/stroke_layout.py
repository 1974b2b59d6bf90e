"""How the strokes of a drawing lie in a file: point by point, or all x before all y.

    [[x, y], [x, y], …]     points, which pressure and time may follow; or as {"x": x, "y": y}
    [[x, x, …], [y, y, …]]  columns, as those of Quick, Draw!, which a third and a fourth may follow

Which it is, the shape tells, except where a stroke has as few points as a point has numbers. Then the file's
other drawings tell.
"""

import json
import math
from itertools import chain
from typing import Any

from engine.errors import StrokesError
from engine.ink.rasterize import Point
from engine.quoting import quoted

Layout = int  # how many columns there are; POINTS where there are points instead
POINTS: Layout = 0
MOST_OF_A_POINT = 6  # numbers: x, y, pressure, time, and a pen's tilt both ways
COLUMNS = (2, 3, 4)  # x, y, and what may follow: time, pressure


def layouts(strokes: list[list[Any]]) -> set[Layout]:
    """In which ways strokes can lie there; none where they have no point, or are no strokes."""
    filled = [stroke for stroke in strokes if stroke]
    if not filled:
        return set()
    possible = {POINTS} if all(map(_is_point, chain.from_iterable(filled))) else set()
    counts = {len(stroke) for stroke in filled}
    if len(counts) == 1 and counts <= set(COLUMNS) and all(map(_are_columns, filled)):
        possible |= counts
    return possible


def likely(strokes: list[list[Any]]) -> Layout | None:
    """Of strokes that can lie in two ways, with no other drawing to tell which; None where both are likely.

    Pairs are points, and so is what a pressure from 0 to 1 follows.
    """
    more = [point[2:] for stroke in strokes for point in stroke]
    if not any(more) or all(0 <= pressure <= 1 for pressure, *_ in more):
        return POINTS
    return None


def points_of(strokes: list[list[Any]], layout: Layout) -> list[list[Point]]:
    """The points of each stroke; StrokesError quotes what is no point."""
    if layout == POINTS:
        return [[_point(value) for value in stroke] for stroke in strokes]
    return [
        [_point(list(point)) for point in zip(stroke[0], stroke[1], strict=True)] if stroke else []
        for stroke in strokes
    ]


def _is_point(value: Any) -> bool:
    if isinstance(value, dict):
        return {"x", "y"} <= value.keys()
    return isinstance(value, list) and 2 <= len(value) <= MOST_OF_A_POINT and all(map(_is_number, value))


def _are_columns(stroke: list[Any]) -> bool:
    """Whether these are equally many numbers for x, for y and for what follows."""
    if not all(isinstance(column, list) and column for column in stroke):
        return False
    return len({len(column) for column in stroke}) == 1 and all(map(_is_number, chain.from_iterable(stroke)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _point(value: Any) -> Point:
    try:
        x, y = (value["x"], value["y"]) if isinstance(value, dict) else value[:2]
        if _is_number(x) and _is_number(y) and math.isfinite(x) and math.isfinite(y):
            return float(x), float(y)
    except (TypeError, ValueError, KeyError, OverflowError):  # no list, too short, beyond any float
        pass
    raise StrokesError("{value} is no point [x, y] of two finite numbers", value=_json(value))


def _json(value: Any) -> str:
    """The beginning of a value as the file has it."""
    try:
        return json.dumps(value)[:60]
    except ValueError:  # a number of thousands of digits
        return quoted(value)
