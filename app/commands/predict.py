"""Reading image files and stroke files."""

import argparse
import io
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TextIO

from app.commands.output import fail
from app.messages import for_command_line
from engine import EngineError, PagePrediction, Placed, Recognizer
from engine.datasets.strokes import LONGEST_LINE, SUFFIXES, parse_drawings
from engine.files.bounded_files import open_text, read_lines
from engine.ink.picture import find_ink
from engine.ink.rasterize import image_size, read_pixels
from engine.quoting import reason, shown

LONGEST_LABEL_SHOWN = 80  # characters


def predict(options: argparse.Namespace) -> int:
    recognizer = Recognizer.load(options.path)
    status = 0
    for file in options.files:
        try:
            for index, label, page in _read_file(file, recognizer):
                if isinstance(page, EngineError):
                    status = fail(f"{file}, line {index + 1}: {page}")
                elif options.format == "json":
                    print(_json_line(file, index, label, page))
                else:
                    print(_text_line(file, index, label, page))
        except EngineError as error:  # an image's, which names the file
            status = fail(for_command_line(error))
        except OSError as error:  # of reading: what cannot be written is no OSError here
            status = fail(f"{file}: {reason(error)}.")
    return status


Label = int | str | None


def _read_file(
    file: str, recognizer: Recognizer
) -> Iterator[tuple[int, Label, PagePrediction | EngineError]]:
    """(index, label, page or what is wrong) of each drawing; the index of line k is k - 1."""
    if file != "-" and Path(file).suffix.lower() not in SUFFIXES:
        yield 0, None, _read_picture(file, recognizer)
        return
    with nullcontext(_standard_input()) if file == "-" else open_text(file) as text:
        for number, drawing in parse_drawings(read_lines(text, LONGEST_LINE)):
            if isinstance(drawing, EngineError):
                yield number - 1, None, drawing
                continue
            try:
                yield number - 1, drawing.label, recognizer.recognize_page(drawing.strokes)
            except EngineError as error:
                yield number - 1, None, error


def _read_picture(file: str, recognizer: Recognizer) -> PagePrediction:
    """A picture's page, in its own pixels, whatever was left out and however it was reduced to be read."""
    found = find_ink(read_pixels(file))
    width, height = image_size(file)
    left, top, right, bottom = found.box
    box = left * width, top * height, right * width, bottom * height
    return recognizer.recognize_image_page(found.ink, box=box)


def _standard_input() -> TextIO:
    """Standard input as `open_text` opens a file; OSError if it is closed."""
    if sys.stdin is None:
        raise OSError("standard input is closed")
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.errors != "surrogateescape":
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    return sys.stdin


def _json_line(file: str, index: int, label: Label, page: PagePrediction) -> str:
    only = page.parts[0].prediction if len(page.parts) == 1 else None  # of several, none is the digit
    record: dict[str, Any] = {
        "file": file,
        "index": index,
        "digit": only.digit if only else None,
        "confidence": round(page.confidence, 6),
        "is_digit": only is not None and only.is_digit,
        "probabilities": [round(float(p), 6) for p in only.probabilities] if only else [0.1] * 10,
        "text": page.text,
        "parts": [_part(part) for part in page.parts],
        "alternatives": [
            {"text": other.text, "probability": round(other.probability, 6)} for other in page.alternatives
        ],
    }
    if label is not None:
        record["label"] = label
    return json.dumps(record)


def _part(part: Placed) -> dict[str, Any]:
    record: dict[str, Any] = {
        "text": part.text,
        "digit": part.prediction.digit,
        "confidence": round(part.prediction.confidence, 6),
        "is_digit": part.prediction.is_digit,
        "box": list(part.box),
    }
    if part.strokes:  # of drawings alone
        record["strokes"] = list(part.strokes)
    return record


def _text_line(file: str, index: int, label: Label, page: PagePrediction) -> str:
    truth = f"  (label {shown(str(label), LONGEST_LABEL_SHOWN)})" if label is not None else ""
    return f"{shown(file)}:{index}  {_answer(page)}{truth}"


def _answer(page: PagePrediction) -> str:
    if not page.parts:
        return "nothing drawn"
    if len(page.parts) > 1:
        answer = f"{' / '.join(page.text.splitlines())}  {100 * page.confidence:.1f} %"
        return answer if page.is_number else f"not a number: {answer}"
    only = page.parts[0].prediction
    answer = f"{only.digit}  {100 * only.confidence:.1f} %"
    if not only.is_digit:
        return f"not a digit (nearest: {answer})"
    return answer if only.runner_up is None else f"{answer}, or {only.runner_up}"
