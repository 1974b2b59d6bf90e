"""Stroke files: one drawing a line, as JSON.

    {"label": 3, "writer": "w0", "strokes": [[[x, y], [x, y], …], …]}

x grows to the right and y downward, in any unit. Other keys may follow and are ignored; "label" may be
missing. The name ends in .jsonl.
"""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.errors import StrokesError
from engine.rasterize import Point


@dataclass(frozen=True)
class StrokeDrawing:
    """One drawing: its strokes, and its label where the file has one."""

    strokes: list[list[Point]]
    label: int | str | None = None


def parse_drawings(lines: Iterable[str]) -> Iterator[tuple[int, StrokeDrawing | StrokesError]]:
    """(line number from 1, its drawing or what is wrong with it), blank lines left out.

    A bad line does not hide the good ones after it: its error is handed over, not raised.
    """
    for number, line in enumerate(lines, start=1):
        line = line.removeprefix("\ufeff")  # the mark that editors on Windows put before a text
        if not line.strip():
            continue
        try:
            yield number, parse_drawing(line)
        except StrokesError as error:
            yield number, error


def parse_drawing(line: str) -> StrokeDrawing:
    """The drawing of one line; StrokesError says what is wrong with it."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise StrokesError(f"is no JSON: {error}") from error
    if not isinstance(record, dict) or "strokes" not in record:
        raise StrokesError('is no object with "strokes": [[[x, y], …], …]')
    strokes = record["strokes"]
    if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
        raise StrokesError('"strokes" must be a list of strokes, each a list of [x, y] points')
    points = [[_point(value) for value in stroke] for stroke in strokes]
    return StrokeDrawing(points, _label(record.get("label")))


def _point(value: Any) -> Point:
    if (
        not isinstance(value, list)
        or len(value) < 2  # pressure or time may follow x and y
        or not all(type(part) in (int, float) and math.isfinite(part) for part in value[:2])
    ):
        raise StrokesError(f"{json.dumps(value)[:60]} is no point [x, y] of two finite numbers")
    return float(value[0]), float(value[1])


def _label(value: Any) -> int | str | None:
    """Digits as numbers, whether the file wrote 3 or "3"; other labels stay words."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int | str) else None
