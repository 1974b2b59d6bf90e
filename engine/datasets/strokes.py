"""Digits as pen strokes: one drawing, a data set of drawings, and stroke files, one drawing a line.

    {"label": 3, "writer": "w0", "strokes": [[[x, y], [x, y], …], …]}

x grows to the right and y downward, in any unit. What follows x and y in a point (pressure, time) and other
keys are passed over; "label" and "writer" may be missing. A label in words, such as "star", says that the
drawing is no digit. The name ends in .jsonl, .ndjson or .json.

What other programs write is read as well: the strokes alone; one drawing, or a list of them, over several
lines; points as {"x": x, "y": y}; and `"drawing": [[[x, …], [y, …]], …]` with a `"word"`, as of Quick, Draw!
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.datasets.stroke_layout import POINTS, Layout, layouts, likely, points_of
from engine.errors import ConfigurationError, DatasetError, StrokesError
from engine.files.bounded_files import is_text, open_text, read_lines
from engine.ink.preprocessing import FRAME, frame
from engine.ink.rasterize import PEN, Strokes, stroke_ink
from engine.nn.losses import NO_CLASS, Labels
from engine.quoting import quoted, reason

CLASSES = 10
SUFFIXES = (".jsonl", ".ndjson", ".json")  # of stroke files' names

# characters. A digit has some hundred points, a few thousand characters; a line beyond this is no drawing of
# one, and would take seconds and gigabytes.
LONGEST_LINE = 2**22
MOST_CHARACTERS = 2**28  # of a data set's file, all of which is kept in memory
LONGEST_LABEL = 18  # digits
MOST_WAITING = 100  # drawings that may lie in the file in two ways, until one tells which
BYTE_ORDER_MARK = "\ufeff"  # which editors on Windows put before a text
OPENING = BYTE_ORDER_MARK + " \t\r\n"
DEPTH = 3  # lists within each other: strokes of points of numbers


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
                raise DatasetError("Drawing {index} {problem}.", index=index, problem=problem)

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


def _problem(drawing: StrokeDrawing, *, least: int) -> StrokesError | None:
    """What is wrong with a drawing that should have a label of `least` or more."""
    if not (isinstance(drawing.label, int) and least <= drawing.label < CLASSES):
        return StrokesError("has the label {label}; digits are 0 to 9", label=quoted(drawing.label))
    if not any(len(stroke) for stroke in drawing.strokes):
        return StrokesError("has no point")
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
                    raise DatasetError(
                        "{path}, line {number} {drawing}.", path=path, number=number, drawing=drawing
                    ) from drawing
                word = drawing.label if isinstance(drawing.label, str) else None
                if word:
                    drawing = replace(drawing, label=NO_CLASS, style=word)
                if problem := _problem(drawing, least=NO_CLASS if word else 0):
                    raise DatasetError(
                        "{path}, line {number} {problem}.", path=path, number=number, problem=problem
                    )
                drawings.append(drawing)
    except OSError as error:
        raise DatasetError("{path} cannot be read: {reason}.", path=path, reason=reason(error)) from error
    return StrokeDataset(drawings)


def _of_all(lines: Iterable[str], path: Path) -> Iterator[str]:
    """The lines themselves; DatasetError when they are too many."""
    count = 0
    for line in lines:
        count += len(line)
        if count > MOST_CHARACTERS:
            raise DatasetError(
                "{path} has more than the {most:,} characters that are read. Cut it.",
                path=path,
                most=MOST_CHARACTERS,
            )
        yield line


def parse_drawings(lines: Iterable[str]) -> Iterator[tuple[int, StrokeDrawing | StrokesError]]:
    """(number from 1, the drawing or what is wrong with it), in their order.

    The number is that of the line, blank ones counted; where the text is one JSON value over several lines,
    or a list of drawings, that of the drawing. A bad line does not hide the good ones after it: its error is
    handed over, not raised. Lines come from `read_lines(…, LONGEST_LINE)`, where they may be of any length.

    A drawing that may lie there in two ways waits for one that tells which, if there is none before it.
    """
    known: set[Layout] = set()  # of the drawings that tell
    waiting: list[tuple[int, _Record | StrokesError]] = []
    for number, record in _records(lines):
        waiting.append((number, record))
        if isinstance(record, _Record) and len(record.layouts) == 1:
            known |= record.layouts
        first = waiting[0][1]
        may_wait = isinstance(first, _Record) and len(first.layouts) > 1 and not known
        if not may_wait or len(waiting) == MOST_WAITING:
            yield from ((number, _drawing(record, known)) for number, record in waiting)
            waiting.clear()
    yield from ((number, _drawing(record, known)) for number, record in waiting)


def parse_drawing(line: str) -> StrokeDrawing:
    """The drawing of one line; StrokesError says what is wrong with it."""
    for _, drawing in parse_drawings([line]):
        if isinstance(drawing, StrokesError):
            raise drawing
        return drawing
    raise StrokesError("is empty")


@dataclass(frozen=True)
class _Record:
    """A drawing as the file has it."""

    strokes: list[list[Any]]
    layouts: set[Layout]  # the ways in which it may lie there
    label: Any = None
    writer: Any = None


def _records(lines: Iterable[str]) -> Iterator[tuple[int, _Record | StrokesError]]:
    """What each line holds, or the whole text if it is one value over several lines."""
    numbered = (
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.removeprefix(BYTE_ORDER_MARK).strip()
    )
    begun = list(islice(numbered, 1))
    if (
        begun
        and isinstance(_value(begun[0][1]), StrokesError)
        and begun[0][1].lstrip(OPENING)[:1] in ("{", "[")
    ):
        length = len(begun[0][1])
        for number, line in numbered:
            begun.append((number, line))
            length += len(line)
            if length > LONGEST_LINE:
                break
        whole = _value("".join(line for _, line in begun))
        if not isinstance(whole, StrokesError):
            yield from enumerate(_listed(whole), start=1)
            return
    for number, line in chain(begun, numbered):
        yield from enumerate(_listed(_value(line)), start=number)


def _value(text: str) -> Any:
    """What a text says in JSON, or the StrokesError that tells why it does not."""
    if len(text) > LONGEST_LINE:
        return StrokesError(
            "is longer than {most:,} characters, which no drawing of a digit is",
            most=LONGEST_LINE,
        )
    if not is_text(text):
        return StrokesError("is no text in UTF-8, as a stroke file must be")
    try:
        return json.loads(text.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError, MemoryError) as error:
        return StrokesError("is no JSON: {reason}", reason=reason(error))


def _listed(value: Any) -> list[_Record | StrokesError]:
    """The drawings of a value: of a list of drawings each, else the one that it is."""
    is_list_of_drawings = isinstance(value, list) and (
        _depth(value) == DEPTH + 1 or (len(value) > 0 and all(isinstance(each, dict) for each in value))
    )
    return [_record(each) for each in (value if is_list_of_drawings else [value])]


def _depth(value: Any) -> int:
    """How many lists, or points written as {"x", "y"}, lie within each other; counted to DEPTH + 1."""
    depth = 0
    while depth <= DEPTH and isinstance(value, list | dict):
        depth += 1
        filled = value if isinstance(value, list) else []
        value = next((each for each in filled if each != []), None)
    return depth


def _record(value: Any) -> _Record | StrokesError:
    if isinstance(value, StrokesError):
        return value
    if isinstance(value, list) and _depth(value) == DEPTH:
        value = {"strokes": value}
    key = next((key for key in ("strokes", "drawing") if isinstance(value, dict) and key in value), None)
    if key is None:
        return StrokesError('is no object with "strokes": [[[x, y], …], …]')
    strokes = value[key]
    if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
        return StrokesError('"{key}" must be a list of strokes, each a list of [x, y] points', key=key)
    possible = layouts(strokes)
    if key == "drawing" and possible - {POINTS}:  # it is Quick, Draw!'s word, which has columns
        possible -= {POINTS}
    return _Record(
        strokes, possible, value.get("label", value.get("word")), value.get("writer", value.get("author"))
    )


def _drawing(record: _Record | StrokesError, known: set[Layout]) -> StrokeDrawing | StrokesError:
    """The drawing of a record; `known` are the ways in which other drawings of its file lie there."""
    if isinstance(record, StrokesError):
        return record
    try:
        possible = record.layouts & known or record.layouts or {POINTS}
        layout = possible.pop() if len(possible) == 1 else likely(record.strokes)
        if layout is None:
            raise StrokesError(
                "may be points [x, y, …] or columns [x, …], [y, …], and no other drawing tells which; "
                'write points as {"x": …, "y": …}, or columns as "drawing"'
            )
        writer = None if record.writer is None else str(record.writer)
        return StrokeDrawing(points_of(record.strokes, layout), _label(record.label), writer)
    except StrokesError as error:
        return error
    except RecursionError as error:  # a value, quoted, needs one level more than to be read
        return StrokesError("is no drawing: {reason}", reason=reason(error))


def _label(value: Any) -> int | str | None:
    """Digits as numbers, whether the file wrote 3 or "3"; other labels stay words."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[: LONGEST_LABEL + 1])
    if isinstance(value, int) and abs(value) >= 10**LONGEST_LABEL:
        raise StrokesError("has a label of more than {most} digits", most=LONGEST_LABEL)
    return value if isinstance(value, int | str) else None
