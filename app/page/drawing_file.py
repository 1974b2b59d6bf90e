"""Reads the first drawing of a stroke file, and writes one as a line of such a file (`.jsonl`).

engine.datasets.strokes defines such files. The program writes page units, and puts what lies on the page
already back to where it was drawn.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.page.drawing import Stroke, fitted
from engine.datasets.strokes import LONGEST_LINE, parse_drawings
from engine.errors import StrokesError
from engine.files.bounded_files import open_text, read_lines
from engine.files.whole_file import write_text
from engine.ink.rasterize import Point

SUFFIX = ".jsonl"  # of those that are written


def read_drawing(path: Path) -> tuple[Stroke, ...]:
    """Return the strokes of the first drawing in a file, placed on the page.

    Raises
    ------
    StrokesError
        If the file's first line is no drawing.
    OSError
        If the file cannot be read.
    """
    with open_text(path) as file:
        return _on_page(_first_drawing(read_lines(file, LONGEST_LINE), path.name))


def drawing_of(text: str, name: str) -> tuple[Stroke, ...]:
    """Return the strokes that a text describes, placed on the page; StrokesError names where it stood."""
    return _on_page(_first_drawing(text.splitlines(keepends=True), name))


def _on_page(lines: list[tuple[Point, ...]]) -> tuple[Stroke, ...]:
    strokes = tuple(map(Stroke, lines))
    points = [point for stroke in strokes for point in stroke.points]
    on_page = all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points)
    return strokes if on_page else fitted(strokes)


def write_drawing(path: Path, strokes: Sequence[Stroke]) -> None:
    """Write the strokes as a file of one line; OSError leaves an older file as it was."""
    # A hundred-thousandth of the page is finer than any screen.
    rounded = [[[round(x, 5), round(y, 5)] for x, y in stroke.points] for stroke in strokes]
    write_text(path, json.dumps({"strokes": rounded}, separators=(",", ":")) + "\n")


def _first_drawing(lines: Iterable[str], name: str) -> list[tuple[Point, ...]]:
    _, drawing = next(parse_drawings(lines), (0, None))
    if drawing is None:
        raise StrokesError("{name} is empty. A stroke file has one drawing a line.", name=name)
    if isinstance(drawing, StrokesError):
        raise StrokesError(
            "{name} is no stroke file, or it is damaged. Its first drawing {drawing}.",
            name=name,
            drawing=drawing,
        ) from drawing
    strokes = [tuple((x, y) for x, y in stroke) for stroke in drawing.strokes if len(stroke)]
    if not strokes:
        raise StrokesError("{name} holds a drawing without strokes. Choose another file.", name=name)
    # Twice the largest coordinate must be finite too, for the size of the drawing.
    if not all(math.isfinite(2 * c) for stroke in strokes for point in stroke for c in point):
        raise StrokesError("{name} holds a point whose coordinates are too large.", name=name)
    return strokes
