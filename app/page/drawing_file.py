"""Reads and writes one drawing as a line of a stroke file (`.jsonl`).

engine.datasets.strokes defines such a file. The program writes page units, and puts what lies on the page
already back to where it was drawn.
"""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path

from app.page.drawing import Stroke, fitted
from engine.datasets.strokes import LONGEST_LINE, parse_drawing
from engine.errors import StrokesError
from engine.files.bounded_files import open_file
from engine.files.whole_file import write_text
from engine.ink.rasterize import Point

SUFFIX = ".jsonl"


def read_drawing(path: Path) -> tuple[Stroke, ...]:
    """Return the strokes of the first drawing in a file, placed on the page.

    Raises
    ------
    StrokesError
        If the file's first line is no drawing.
    OSError
        If the file cannot be read.
    """
    return drawing_of(_first_line(path), path.name)


def drawing_of(line: str, name: str) -> tuple[Stroke, ...]:
    """Return the strokes that a line describes, placed on the page; StrokesError names where it stood."""
    strokes = tuple(Stroke(points) for points in _parse(line, name))
    points = [point for stroke in strokes for point in stroke.points]
    on_page = all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points)
    return strokes if on_page else fitted(strokes)


def write_drawing(path: Path, strokes: Sequence[Stroke]) -> None:
    """Write the strokes as a file of one line; OSError leaves an older file as it was."""
    # A hundred-thousandth of the page is finer than any screen.
    rounded = [[[round(x, 5), round(y, 5)] for x, y in stroke.points] for stroke in strokes]
    write_text(path, json.dumps({"strokes": rounded}, separators=(",", ":")) + "\n")


def _first_line(path: Path) -> str:
    with open_file(path) as file:
        line = b"\n"
        while line and not line.removeprefix(BOM_UTF8).strip():
            line = file.readline(LONGEST_LINE + 1)
    if not line:
        raise StrokesError(f"{path.name} is empty. A stroke file has one drawing a line.")
    if len(line) > LONGEST_LINE:
        raise StrokesError(f"{path.name} begins with a line that is too long for a drawing.")
    return line.decode(errors="replace")  # what is no UTF-8 is no JSON then, except within a word


def _parse(line: str, name: str) -> list[tuple[Point, ...]]:
    try:
        drawing = parse_drawing(line)
    except StrokesError as error:
        raise StrokesError(
            f"{name} is no stroke file, or it is damaged. Its first drawing {error}."
        ) from error
    strokes = [tuple((x, y) for x, y in stroke) for stroke in drawing.strokes if len(stroke)]
    if not strokes:
        raise StrokesError(f"{name} holds a drawing without strokes. Choose another file.")
    # Twice the largest coordinate must be finite too, for the size of the drawing.
    if not all(math.isfinite(2 * c) for stroke in strokes for point in stroke for c in point):
        raise StrokesError(f"{name} holds a point whose coordinates are too large.")
    return strokes
