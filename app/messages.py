"""What an error says to the person: the engine tells what is wrong, and each face how to mend it there."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from engine.errors import EngineError, Remedy

COMMAND_LINE: Mapping[Remedy, str] = {
    Remedy.TRAIN: "Train one with --mode train --path {subject}.",
    Remedy.REPLACE: "Choose another folder, or add --overwrite.",
    Remedy.NAME_DATA_FOLDER: "Name its folder with --data DIR or the environment variable DIGITS_DATA.",
    Remedy.NAME_DATA_FOLDER_OR_DOWNLOAD: (
        "Name the folder of MNIST's four files with --data DIR or the environment variable DIGITS_DATA, or "
        "fetch them with --download."
    ),
    Remedy.NAME_DATA_FOLDER_OR_DRAW: (
        "Name its folder with --data DIR or the environment variable DIGITS_DATA. Or take "
        "--dataset synthetic, which needs no file."
    ),
}
WINDOW: Mapping[Remedy, str] = {
    Remedy.TRAIN: "Choose another one, or train one with Network > Retrain.",
    Remedy.REPLACE: "Choose another folder.",
    Remedy.NAME_DATA_FOLDER: "Choose the folder that holds it.",
    Remedy.NAME_DATA_FOLDER_OR_DOWNLOAD: "Download MNIST, or choose the folder that holds its four files.",
    Remedy.NAME_DATA_FOLDER_OR_DRAW: "Choose the folder that holds it, or other digits.",
}


def for_command_line(error: EngineError) -> str:
    """The error in one line, with what to type."""
    return _worded(error, COMMAND_LINE)


def for_window(error: Exception) -> str:
    """An expected error, without Python's or the system's numbers, with what to choose."""
    if isinstance(error, EngineError):
        return _worded(error, WINDOW)
    if isinstance(error, OSError) and error.strerror:
        name = Path(error.filename).name if error.filename else "The file"
        return f"{name}: {error.strerror}."
    return str(error)


def counted(number: int, noun: str) -> str:
    """As in: 1 epoch; 1,200 epochs."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _worded(error: EngineError, words: Mapping[Remedy, str]) -> str:
    if error.remedy is None:
        return str(error)
    return f"{error.problem} {words[error.remedy].format(subject=shlex.quote(error.subject))}"
