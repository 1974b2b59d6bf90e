"""Why drawings and pictures are read as they are, and what would make them other digits."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.commands.given import Given, for_each_given
from app.commands.output import say
from app.data.folder import data_folder
from app.jobs.kept_beside import digit_index
from app.messages import for_command_line
from app.store.networks import SHIPPED
from engine import EngineError, Recognizer, SavedNetwork
from engine.errors import ConfigurationError
from engine.explaining.edits import Edit, Reader
from engine.explaining.explanation import Explanation, explain
from engine.ink.rasterize import Strokes
from engine.quoting import shown

SECOND = SHIPPED / "lenet5"  # must agree to every change, lest a whim of one network be told


def explain_files(options: argparse.Namespace) -> int:
    to = _digit(options.to)
    save = _pictures_in(options.save) if options.save is not None else None
    recognizer = Recognizer.load(options.path)
    if members := recognizer.facts.members:
        say(f"{options.path} is a committee of {len(members)}; told is why its first, {members[0]}, answers.")
    # what was taught has no reason but that it was: all is told of the network itself
    recognizer = recognizer.with_network(recognizer.network)
    reader = Reader(recognizer.network, recognizer.confidence)
    second = _second(options.path)
    index = digit_index(
        recognizer.network,
        options.path,
        data_folder(options.data),
        tell=lambda damage: say(for_command_line(damage)),
    )

    def is_read_as(strokes: Strokes, digit: int) -> bool:
        try:
            return recognizer.recognize_page(strokes).text == str(digit)
        except EngineError:  # it was drawn beyond all bounds
            return False

    def answer(given: Given) -> None:
        prediction = given.read_one(recognizer)
        found = None
        if prediction is not None:
            if prediction.digit == to:
                raise given.unfit(f"is read as {to} already: name another digit with --to")
            found = explain(
                reader,
                index,
                prediction.image,
                given.strokes,
                to=to,
                second=second,
                confirms=is_read_as,
            )
            if save is not None:
                save(given, found)
        print(_json_line(given, found) if options.format == "json" else _text_line(given, found, to))

    return for_each_given(options.files, answer)


def _digit(typed: Path | None) -> int | None:
    """What stands after --to; ConfigurationError if it is no digit."""
    if typed is None:
        return None
    if str(typed) not in set("0123456789"):
        raise ConfigurationError(f"--mode explain --to takes a digit from 0 to 9, not {shown(str(typed))}.")
    return int(str(typed))


def _second(path: Path) -> Reader:
    folder = SECOND if path.resolve() != SECOND else SHIPPED
    saved = SavedNetwork.load(folder)
    return Reader(saved.network, saved.confidence)


def _pictures_in(folder: Path) -> Callable[[Given, Explanation], None]:
    """Saves an explanation as a picture; of two files of one name both have theirs."""
    from app.reports.figures import save_figure
    from app.reports.inside_figures import explanation_figure

    folder.mkdir(parents=True, exist_ok=True)
    names: set[str] = set()

    def save(given: Given, found: Explanation) -> None:
        stem = "input" if given.file == "-" else Path(given.file).stem
        candidates = (f"{stem}-{given.index}{more}" for more in ("", *(f"-{n}" for n in range(2, 10_000))))
        name = next(each for each in candidates if each not in names)
        names.add(name)
        save_figure(explanation_figure(found, given.strokes), folder / f"{name}.png")

    return save


# **** what is printed ****


def _json_line(given: Given, found: Explanation | None) -> str:
    record: dict[str, Any] = {"file": given.file, "index": given.index}
    if found is None:
        numbers = dict.fromkeys(("digit", "versus", "margin", "blank", "contributions_sum"))
        record |= {**numbers, "strokes": [], "nearest": [], "change": None}
    else:
        ink = found.contributions
        record |= {
            "digit": found.digit,
            "versus": found.versus,
            "margin": round(ink.evidence, 6),
            "blank": round(ink.blank, 6),
            "contributions_sum": round(ink.blank + ink.total, 6),
            "strokes": [
                {"index": each.stroke, "digit": each.digit, "confidence": round(each.confidence, 6)}
                for each in found.strokes
            ],
            "nearest": [
                {"digit": each.digit, "source": each.source, "distance": round(each.distance, 6)}
                for each in found.nearest
            ],
            "change": found.change and _change(found.change),
        }
    return json.dumps(record)


def _change(edit: Edit) -> dict[str, Any]:
    return {
        "to": edit.digit,
        "kind": _kind(edit),
        "strokes": edit.strokes,
        "confidence": round(edit.confidence, 6),
    }


def _kind(edit: Edit) -> str:
    return edit.kind.value if edit.then is None else f"{edit.kind.value} and {edit.then.value}"


def _text_line(given: Given, found: Explanation | None, to: int | None) -> str:
    head = f"{shown(given.file)}:{given.index}"
    if found is None:
        return f"{head}  nothing drawn"
    ink = found.contributions
    lines = [
        f"{head}  {found.digit} and not {found.versus} by {ink.evidence:.2f}: "
        f"the ink adds {ink.total:.2f} to the {ink.blank:.2f} of blank paper"
    ]
    for each in found.strokes:
        rest = "nothing" if each.digit is None else f"{each.digit}  {100 * each.confidence:.1f} %"
        lines.append(f"  without stroke {each.stroke}: {rest}")
    near = ", ".join(f"{each.digit} ({each.source}, {each.distance:.2f})" for each in found.nearest)
    lines.append(f"  nearest: {near}")
    if found.change is not None:
        edit = found.change
        lines.append(f"  to become {edit.digit}, {100 * edit.confidence:.1f} %: {_kind(edit)}")
    elif given.strokes is not None:
        lines.append(f"  no small change makes it {'another digit' if to is None else to}")
    return "\n".join(lines)
