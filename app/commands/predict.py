"""Reading image files and stroke files."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from app.commands.output import fail
from engine import EngineError, Prediction, Recognizer
from engine.datasets.strokes import parse_drawings
from engine.rasterize import read_image


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
            status = fail(str(error))
        except UnicodeDecodeError:
            status = fail(f"{file} is no text in UTF-8, as a stroke file must be.")
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            status = fail(f"{file}: {error.strerror}.")
    return status


Label = int | str | None


def _read_file(file: str, recognizer: Recognizer) -> Iterator[tuple[int, Label, Prediction | EngineError]]:
    """(index, label, prediction or what is wrong) of each drawing; the index of line k is k - 1."""
    if file != "-" and Path(file).suffix.lower() != ".jsonl":
        yield 0, None, recognizer.recognize_image(read_image(file))
        return
    with nullcontext(sys.stdin) if file == "-" else open(file, encoding="utf-8") as lines:
        for number, drawing in parse_drawings(lines):
            if isinstance(drawing, EngineError):
                yield number - 1, None, drawing
                continue
            try:
                yield number - 1, drawing.label, recognizer.recognize(drawing.strokes)
            except EngineError as error:
                yield number - 1, None, error


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
    truth = f"  (label {label})" if label is not None else ""
    return f"{file}:{index}  {answer}{truth}"
