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
from engine import EngineError, Prediction, Recognizer
from engine.datasets.strokes import LONGEST_LINE, SUFFIXES, parse_drawings
from engine.files.bounded_files import open_text, read_lines
from engine.ink.picture import read_image
from engine.quoting import reason, shown

LONGEST_LABEL_SHOWN = 80  # characters


def predict(options: argparse.Namespace) -> int:
    recognizer = Recognizer.load(options.path)
    status = 0
    for file in options.files:
        try:
            for index, label, prediction in _read_file(file, recognizer):
                if isinstance(prediction, EngineError):
                    status = fail(f"{file}, line {index + 1}: {prediction}")
                elif options.format == "json":
                    print(_json_line(file, index, label, prediction))
                else:
                    print(_text_line(file, index, label, prediction))
        except EngineError as error:  # an image's, which names the file
            status = fail(for_command_line(error))
        except OSError as error:  # of reading: what cannot be written is no OSError here
            status = fail(f"{file}: {reason(error)}.")
    return status


Label = int | str | None


def _read_file(file: str, recognizer: Recognizer) -> Iterator[tuple[int, Label, Prediction | EngineError]]:
    """(index, label, prediction or what is wrong) of each drawing; the index of line k is k - 1."""
    if file != "-" and Path(file).suffix.lower() not in SUFFIXES:
        yield 0, None, recognizer.recognize_image(read_image(file))
        return
    with nullcontext(_standard_input()) if file == "-" else open_text(file) as text:
        for number, drawing in parse_drawings(read_lines(text, LONGEST_LINE)):
            if isinstance(drawing, EngineError):
                yield number - 1, None, drawing
                continue
            try:
                yield number - 1, drawing.label, recognizer.recognize(drawing.strokes)
            except EngineError as error:
                yield number - 1, None, error


def _standard_input() -> TextIO:
    """Standard input as `open_text` opens a file; OSError if it is closed."""
    if sys.stdin is None:
        raise OSError("standard input is closed")
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.errors != "surrogateescape":
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    return sys.stdin


def _json_line(file: str, index: int, label: Label, prediction: Prediction) -> str:
    record: dict[str, Any] = {
        "file": file,
        "index": index,
        "digit": prediction.digit,
        "confidence": round(prediction.confidence, 6),
        "is_digit": prediction.is_digit,
        "probabilities": [round(float(p), 6) for p in prediction.probabilities],
    }
    if label is not None:
        record["label"] = label
    return json.dumps(record)


def _text_line(file: str, index: int, label: Label, prediction: Prediction) -> str:
    if prediction.digit is None:
        answer = "nothing drawn"
    else:
        answer = f"{prediction.digit}  {100 * prediction.confidence:.1f} %"
        if not prediction.is_digit:
            answer = f"not a digit (nearest: {answer})"
        elif prediction.runner_up is not None:
            answer += f", or {prediction.runner_up}"
    truth = f"  (label {shown(str(label), LONGEST_LABEL_SHOWN)})" if label is not None else ""
    return f"{shown(file)}:{index}  {answer}{truth}"
