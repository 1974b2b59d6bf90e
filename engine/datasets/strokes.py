"""Digits as pen strokes: one drawing, a data set of drawings, and stroke files, one drawing a line.

    {"label": 3, "writer": "w0", "strokes": [[[x, y], [x, y], …], …]}

x grows to the right and y downward, in any unit. What follows x and y in a point (pressure, time) and other
keys are passed over; "label" and "writer" may be missing. A label in words, such as "star", says that the
drawing is no digit. The name ends in .jsonl.
"""

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.errors import ConfigurationError, DatasetError, StrokesError
from engine.files.bounded_files import is_text, open_text, read_lines
from engine.ink.preprocessing import FRAME, frame
from engine.ink.rasterize import PEN, Point, Strokes, stroke_ink
from engine.nn.losses import NO_CLASS, Labels
from engine.quoting import quoted, reason

CLASSES = 10

# characters. A digit has some hundred points, a few thousand characters; a line beyond this is no drawing of
# one, and would take seconds and gigabytes.
LONGEST_LINE = 2**22
MOST_CHARACTERS = 2**28  # of a data set's file, all of which is kept in memory
LONGEST_LABEL = 18  # digits


@dataclass(frozen=True)
class StrokeDrawing:
    """One drawing: its strokes, and what its source says of it."""

    strokes: Strokes
    label: int | str | None = None
    writer: str | None = None
    style: str | None = None  # which way of writing the digit it is, where that is known


@dataclass(frozen=True)
class StrokeDataset:
    """Drawings whose labels are known: digits, or NO_CLASS."""

    drawings: Sequence[StrokeDrawing]

    def __post_init__(self) -> None:
        for index, drawing in enumerate(self.drawings):
            if problem := _problem(drawing, least=NO_CLASS):
                raise DatasetError(f"Drawing {index} {problem}.")

    def __len__(self) -> int:
        return len(self.drawings)

    @property
    def labels(self) -> Labels:
        """(N,) the digits, or NO_CLASS."""
        return np.array([drawing.label for drawing in self.drawings], np.int64)

    @property
    def writers(self) -> list[str | None]:
        """Everyone who wrote, each once, in the order of the drawings."""
        return list(Counter(drawing.writer for drawing in self.drawings))

    def take(self, indices: npt.NDArray[np.integer]) -> "StrokeDataset":
        """The drawings at these indices, in that order."""
        return StrokeDataset([self.drawings[index] for index in indices])

    def drawn(self, *, rng: np.random.Generator) -> "StrokeDataset":
        """Itself: these were drawn once and for all."""
        return self

    def of_writers(self, writers: Collection[str | None]) -> "StrokeDataset":
        """What these people wrote."""
        return StrokeDataset([drawing for drawing in self.drawings if drawing.writer in writers])

    def split(self, fraction: float, *, rng: np.random.Generator) -> tuple["StrokeDataset", "StrokeDataset"]:
        """(the rest, what a random `fraction` of the writers wrote): nobody is on both sides.

        At least one writer is on each. How well a network reads people that it has not seen, only they tell.
        """
        writers = self.writers
        if len(writers) < 2 or not 0 < fraction < 1:
            raise ConfigurationError(
                f"A fraction of {fraction} of {len(writers)} writers cannot be set aside. It takes two "
                "writers or more, and a fraction between 0 and 1."
            )
        count = min(max(round(fraction * len(writers)), 1), len(writers) - 1)
        aside = {writers[index] for index in rng.permutation(len(writers))[:count]}
        return self.of_writers([writer for writer in writers if writer not in aside]), self.of_writers(aside)

    def rendered(self, *, pen: float = PEN) -> Dataset:
        """The drawings as a network sees them, (N, 28, 28) uint8."""
        return Dataset(render([drawing.strokes for drawing in self.drawings], pen=pen), self.labels)


def _problem(drawing: StrokeDrawing, *, least: int) -> str | None:
    """What is wrong with a drawing that should have a label of `least` or more."""
    if not (isinstance(drawing.label, int) and least <= drawing.label < CLASSES):
        return f"has the label {quoted(drawing.label)}; digits are 0 to 9"
    if not any(len(stroke) for stroke in drawing.strokes):
        return "has no point"
    return None


def render(
    drawings: Sequence[Strokes], *, pen: float | npt.NDArray[np.float64] = PEN
) -> npt.NDArray[np.uint8]:
    """(N, 28, 28) images of drawings, each taken the way of one in the window.

    `pen` is a share of the digit's longest side, for all drawings or (N,) for each.
    """
    images = np.empty((len(drawings), FRAME, FRAME), np.float32)
    for image, strokes, width in zip(images, drawings, np.broadcast_to(pen, len(drawings)), strict=True):
        image[:] = frame(stroke_ink(strokes, pen=float(width)))
    return np.rint(images * 255).astype(np.uint8)


# **** stroke files ****


def read_stroke_file(path: Path) -> StrokeDataset:
    """All drawings of a stroke file; those whose label is a word are of NO_CLASS, and it is their style.

    Raises
    ------
    DatasetError
        Names the first line that is damaged, or whose label is neither a digit nor a word.
    """
    drawings = []
    try:
        with open_text(path) as file:
            for number, drawing in parse_drawings(_of_all(read_lines(file, LONGEST_LINE), path)):
                if isinstance(drawing, StrokesError):
                    raise DatasetError(f"{path}, line {number} {drawing}.") from drawing
                word = drawing.label if isinstance(drawing.label, str) else None
                if word:
                    drawing = replace(drawing, label=NO_CLASS, style=word)
                if problem := _problem(drawing, least=NO_CLASS if word else 0):
                    raise DatasetError(f"{path}, line {number} {problem}.")
                drawings.append(drawing)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {reason(error)}.") from error
    return StrokeDataset(drawings)


def _of_all(lines: Iterable[str], path: Path) -> Iterator[str]:
    """The lines themselves; DatasetError when they are too many."""
    count = 0
    for line in lines:
        count += len(line)
        if count > MOST_CHARACTERS:
            raise DatasetError(
                f"{path} has more than the {MOST_CHARACTERS:,} characters that are read. Cut it."
            )
        yield line


def parse_drawings(lines: Iterable[str]) -> Iterator[tuple[int, StrokeDrawing | StrokesError]]:
    """(line number from 1, its drawing or what is wrong with it), blank lines left out.

    A bad line does not hide the good ones after it: its error is handed over, not raised. Lines come from
    `read_lines(…, LONGEST_LINE)`, where they may be of any length.
    """
    for number, line in enumerate(lines, start=1):
        if not line.removeprefix(BYTE_ORDER_MARK).strip():
            continue
        try:
            yield number, parse_drawing(line)
        except StrokesError as error:
            yield number, error


BYTE_ORDER_MARK = "\ufeff"  # which editors on Windows put before a text


def parse_drawing(line: str) -> StrokeDrawing:
    """The drawing of one line; StrokesError says what is wrong with it."""
    if len(line) > LONGEST_LINE:
        raise StrokesError(f"is longer than {LONGEST_LINE:,} characters, which no drawing of a digit is")
    if not is_text(line):
        raise StrokesError("is no text in UTF-8, as a stroke file must be")
    try:
        record = json.loads(line.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError, MemoryError) as error:
        raise StrokesError(f"is no JSON: {reason(error)}") from error
    try:
        return _drawing(record)
    except RecursionError as error:  # a value, quoted, needs one level more than to be read
        raise StrokesError(f"is no drawing: {reason(error)}") from error


def _drawing(record: Any) -> StrokeDrawing:
    if not isinstance(record, dict) or "strokes" not in record:
        raise StrokesError('is no object with "strokes": [[[x, y], …], …]')
    strokes = record["strokes"]
    if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
        raise StrokesError('"strokes" must be a list of strokes, each a list of [x, y] points')
    points = [[_point(value) for value in stroke] for stroke in strokes]
    writer = record.get("writer")
    return StrokeDrawing(points, _label(record.get("label")), None if writer is None else str(writer))


def _point(value: Any) -> Point:
    try:
        x, y, *_ = value  # pressure or time may follow
        if {type(value), type(x), type(y)} <= {list, int, float} and math.isfinite(x) and math.isfinite(y):
            return float(x), float(y)
    except (TypeError, ValueError, OverflowError):  # no list, too short, beyond any float
        pass
    raise StrokesError(f"{_json(value)} is no point [x, y] of two finite numbers")


def _label(value: Any) -> int | str | None:
    """Digits as numbers, whether the file wrote 3 or "3"; other labels stay words."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[: LONGEST_LABEL + 1])
    if isinstance(value, int) and abs(value) >= 10**LONGEST_LABEL:
        raise StrokesError(f"has a label of more than {LONGEST_LABEL} digits")
    return value if isinstance(value, int | str) else None


def _json(value: Any) -> str:
    """The beginning of a value as the file has it."""
    try:
        return json.dumps(value)[:60]
    except ValueError:  # a number of thousands of digits
        return quoted(value)
