"""Reading image files and stroke files."""

import argparse
import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from app.commands.given import Given, Label, Problem, answered, given_in
from app.commands.output import fail, read_as
from app.commands.side_by_side import side_by_side
from engine import PagePrediction, Placed, Recognizer, SavedNetwork
from engine.machine.threads import cores
from engine.quoting import shown

LONGEST_LABEL_SHOWN = 80  # characters


def predict(options: argparse.Namespace) -> int:
    answer = partial(_answer_line, options.paths, options.format == "json")
    _recognizer.cache_clear()  # another network may lie there by now
    _recognizer(options.paths)  # what is wrong with the network is told before all else
    workers = cores() if options.workers is None else options.workers
    if "-" in options.files:  # who writes there may wait for each answer
        workers = 1
    status = 0
    for outcome in side_by_side(answer, given_in(options.files), workers=workers):
        if isinstance(outcome, Problem):
            status = fail(outcome.text)
        else:
            print(outcome)
    return status


def _answer_line(paths: tuple[Path, ...], is_json: bool, given: Given | Problem) -> str | Problem:
    """In any process."""

    def line(given: Given) -> str:
        made = _json_line if is_json else _text_line
        return made(given.file, given.index, given.label, given.read(_recognizer(paths)))

    return answered(given, line)


@lru_cache(maxsize=1)
def _recognizer(paths: tuple[Path, ...]) -> Recognizer:
    return Recognizer(SavedNetwork.load_all(paths), folder=paths[0])


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
    if only and only.from_memory:
        record["memory"] = True
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
    if part.prediction.from_memory:
        record["memory"] = True
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
    answer = read_as(only.digit, only.confidence, is_digit=only.is_digit)
    other = f", or {only.runner_up}" if only.is_digit and only.runner_up is not None else ""
    return f"{answer}{other}{', from memory' if only.from_memory else ''}"
