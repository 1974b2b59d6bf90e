"""UNIPEN: pen strokes as text, in the dialect of the UCI archive's pen digits.

    .COMMENT 8 12  224        a digit begins: what it is, who wrote it
    .PEN_DOWN                 a stroke begins
     267  333                 x to the right, y UPWARD
    .PEN_UP

Other keywords are passed over. Guyon et al. (1994) define the format.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from engine.datasets.strokes import CLASSES, StrokeDataset, StrokeDrawing
from engine.errors import DatasetError
from engine.files.bounded_files import read_bytes
from engine.quoting import quoted, reason

MOST_BYTES = 2**26  # of a file: fifteen times that of the pen digits
LONGEST_NUMBER = 15  # digits and a sign: beyond any tablet, and exact as a float


def read_unipen(path: Path) -> StrokeDataset:
    """All digits of a file, y turned downward; the writer is the number in the file.

    Raises
    ------
    DatasetError
        Names the file, the line, and what is wrong with it.
    """
    try:
        lines = read_bytes(path, MOST_BYTES).decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            "{path} cannot be read as text: {reason}. Unpack it again.", path=path, reason=reason(error)
        ) from error
    drawings = _parse(lines, path)
    try:
        return StrokeDataset(drawings)
    except DatasetError as error:
        raise DatasetError("{path}: {error} Unpack it again.", path=path, error=error) from error


def _parse(lines: Iterable[str], path: Path) -> list[StrokeDrawing]:
    """The drawings in their order."""
    drawings: list[tuple[int, str, list[list[tuple[float, float]]]]] = []
    is_down = False
    number = 0
    for number, line in enumerate(lines, start=1):
        match line.split():
            case []:
                pass
            case [".COMMENT", label, writer, *_] if label.isdigit() and writer.isdigit():
                if len(label) > LONGEST_NUMBER or int(label) >= CLASSES:
                    raise DatasetError(
                        "{path}, line {number}, has the label {label}; digits are 0 to {last}. Unpack it "
                        "again.",
                        path=path,
                        number=number,
                        label=label[:40],
                        last=CLASSES - 1,
                    )
                if is_down:
                    raise DatasetError(
                        "{path}, line {number}: a digit's .COMMENT comes before .PEN_UP. Unpack it again.",
                        path=path,
                        number=number,
                    )
                drawings.append((int(label), writer, []))
            case [".PEN_DOWN"]:
                if is_down or not drawings:
                    raise DatasetError(
                        "{path}, line {number}: .PEN_DOWN comes before .PEN_UP or before any .COMMENT. "
                        "Unpack it again.",
                        path=path,
                        number=number,
                    )
                drawings[-1][-1].append([])
                is_down = True
            case [".PEN_UP"]:
                is_down = False
            case [keyword, *_] if keyword.startswith("."):
                pass
            case words if is_down:
                drawings[-1][-1][-1].append(_point(words, path, number))
            case _:
                raise DatasetError(
                    "{path}, line {number}: {line} stands outside of a stroke. Unpack it again.",
                    path=path,
                    number=number,
                    line=quoted(line.strip()[:40]),
                )
    if is_down:
        raise DatasetError(
            "{path} ends within a stroke, at line {number}. Unpack it again.", path=path, number=number
        )
    if not drawings:
        raise DatasetError(
            "{path} holds no digit: no line has the form `.COMMENT digit writer`. Unpack it again.", path=path
        )
    return [
        StrokeDrawing([np.array(stroke) for stroke in strokes if stroke], label, writer)
        for label, writer, strokes in drawings
    ]


def _point(words: list[str], path: Path, number: int) -> tuple[float, float]:
    try:
        x, y = map(_coordinate, words)
    except ValueError:
        raise DatasetError(
            "{path}, line {number}: {line} is no point of two numbers. Unpack it again.",
            path=path,
            number=number,
            line=quoted(" ".join(words)[:40]),
        ) from None
    return float(x), float(-y)


def _coordinate(word: str) -> int:
    if len(word) > LONGEST_NUMBER:
        raise ValueError
    return int(word)
