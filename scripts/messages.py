"""Brings the files of languages up to date with the sentences of the code.

    python scripts/messages.py           # rewrites app/locale/*.po: new sentences come in, not yet translated
    python scripts/messages.py --check   # says what is missing or wrong in them, and ends with status 1

To add a language, copy a file to its code (`app/locale/fr.po`), say in its header what it is called, and run
this.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "app" / "locale"
WIDTH = 110
# What Babel adds to a header, and would change each time.
NOISE = re.compile(
    rb'^"(Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By): .*\n', re.M
)

# What marks a sentence, and how many of its first arguments are texts.
MARKS = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}
# The first argument of these is a sentence that the window shows, or a word that stands in one.
ERRORS = (
    "DatasetError ImageError StrokesError SavedNetworkError TrainingError InferenceError WorkerError "
    "CheckpointError CommitteeError Word"
)
# How app/reports/page.py reads its template, so that the same messages are found here.
TEMPLATES = dict.fromkeys(("trimmed", "newstyle_gettext", "trim_blocks", "lstrip_blocks"), "true") | {
    "silent": "false"
}


def template() -> Catalog:
    """All sentences of the code."""
    catalogue = Catalog(charset="utf-8")
    for house in ("app", "engine"):
        for path in sorted((ROOT / house).glob("**/*.py")):
            for mark, texts in sentences(path):
                context, message = (
                    texts if mark == "pgettext" else (None, texts if len(texts) > 1 else texts[0])
                )
                catalogue.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
        for path in sorted((ROOT / house).glob("**/*.html")):
            found = extract_from_file("jinja2.ext:babel_extract", path, options=TEMPLATES)
            for _line, message, _comments, context in found:
                catalogue.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalogue


def sentences(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every marked sentence of a module: by which mark, and its texts. An f-string cannot be translated."""
    marks = _marks(path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            given = node.args[: marks.get(name, 0)]
            texts = tuple(each.value for each in given if isinstance(each, ast.Constant))
            if given and len(texts) == len(given):
                yield name, texts
            elif any(isinstance(each, ast.JoinedStr) for each in given):
                raise SystemExit(f"{path}, line {node.lineno}: an f-string cannot be translated.")


def _marks(path: Path) -> dict[str, int]:
    """What marks a sentence in a module; what commands raise, only the command line tells, in English."""
    return MARKS if path.parent == ROOT / "app" / "commands" else MARKS | dict.fromkeys(ERRORS.split(), 1)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def update(path: Path, wanted: Catalog) -> None:
    """Rewrite a file: new sentences come in empty, those that the code has no more go."""
    catalogue = read(path)
    catalogue.update(wanted, no_fuzzy_matching=True)
    text = io.BytesIO()
    write_po(text, catalogue, width=WIDTH, ignore_obsolete=True, include_lineno=False, sort_output=True)
    part = path.with_suffix(".part")
    part.write_bytes(NOISE.sub(b"", text.getvalue()))
    part.replace(path)


def complaints(path: Path, wanted: Catalog) -> Iterator[str]:
    """What is missing in a file, and what does not fit its sentence."""
    catalogue = read(path)
    for message in wanted:
        if not message.id:
            continue
        translated = catalogue.get(_key(message), message.context)
        if translated is None:
            yield f"{path.name} lacks {_key(message)!r}."
        elif translated.fuzzy or not all(_strings(translated)):
            yield f"{path.name} does not translate {_key(message)!r}."
        elif gaps := [string for string in _strings(translated) if _gaps(string) - _gaps(*_ids(message))]:
            yield f"{path.name} has gaps in {gaps[0]!r} that {_key(message)!r} has not."
        elif not isinstance(message.id, tuple) and _gaps(*_strings(translated)) != _gaps(message.id):
            yield f"{path.name} leaves gaps of {_key(message)!r} out."
        elif _is_of_a_template(message) and (
            lone := [text for text in _strings(translated) if _has_lone_percent(text)]
        ):
            yield f"{path.name} has a % in {lone[0]!r} that a template takes for a gap: write %%."
    left = {(_key(message), message.context) for message in catalogue if message.id}
    for key, context in sorted(left - {(_key(message), message.context) for message in wanted}, key=str):
        yield f"{path.name} translates {key!r}, which the code has no more ({context or 'no context'})."


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def _ids(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _gaps(*texts: str) -> set[str]:
    """Names of gaps: {name} in the code, %(name)s in a template."""
    return {code or page for text in texts for code, page in re.findall(r"\{(\w+)|%\((\w+)\)s", text)}


def _is_of_a_template(message: Message) -> bool:
    return any(file.endswith(".html") for file, _line in message.locations)


def _has_lone_percent(text: str) -> bool:
    return "%" in re.sub(r"%%|%\(\w+\)s", "", text)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say what is missing")
    options = parser.parse_args(arguments)
    wanted, status = template(), 0
    for path in sorted(LOCALE.glob("*.po")):
        if not options.check:
            update(path, wanted)
        for complaint in complaints(path, wanted):
            print(complaint)  # noqa: T201
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
