"""What an error says to the person: the engine tells what is wrong, and each face how to mend it there.

The command line speaks English; the window, the person's language.
"""

from __future__ import annotations

import errno
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from app.language import N_, _
from engine.errors import EngineError, Remedy, Word

COMMAND_LINE: Mapping[Remedy, str] = {
    Remedy.TRAIN: "Train one with --mode train --path {subject}.",
    Remedy.REPLACE: "Choose another folder, or add --overwrite.",
    Remedy.WITHOUT_MEMORY: "Save it as .lenet or .onnx, or add --without-memory.",
    Remedy.TURN_DIGITS: "Turn them with --dataset emnist.",
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
    Remedy.TRAIN: N_("Choose another one, or train one with Network > Retrain."),
    Remedy.REPLACE: N_("Choose another folder."),
    Remedy.RESTORE: N_("Restore it, or train again."),
    Remedy.COPY: N_("Copy it again."),
    Remedy.COPY_FOLDER: N_("Copy the whole folder again."),
    Remedy.WITHOUT_MEMORY: N_("Save it as .lenet or .onnx."),
    Remedy.TURN_DIGITS: N_("Choose MNIST's own files."),
    Remedy.NAME_DATA_FOLDER: N_("Choose the folder that holds it."),
    Remedy.NAME_DATA_FOLDER_OR_DOWNLOAD: N_(
        "Download MNIST, or choose the folder that holds its four files."
    ),
    Remedy.NAME_DATA_FOLDER_OR_DRAW: N_("Choose the folder that holds it, or other digits."),
}

# What the system says of files, in the person's language; it says anything else in its own words.
SYSTEM: Mapping[int, str] = {
    errno.ENOENT: N_("There is no {name}."),
    errno.EACCES: N_("The system does not allow access to {name}."),
    errno.EPERM: N_("The system does not allow access to {name}."),
    errno.EISDIR: N_("{name} is a folder."),
    errno.ENOTDIR: N_("{name} lies in what is no folder."),
    errno.EEXIST: N_("{name} is there already."),
    errno.EROFS: N_("{name} lies where nothing can be written."),
    errno.ENOSPC: N_("The disk is full: there is no room for {name}."),
    errno.ENAMETOOLONG: N_("The name {name} is too long for this disk."),
}


class Tell(Protocol):
    """Shows the person a sentence."""

    def __call__(self, text: str, *, is_error: bool = False) -> None: ...


@contextmanager
def errors_told(tell: Tell) -> Iterator[None]:
    """Tell an expected error of what is done in here, which ends there, in place of raising it."""
    try:
        yield
    except (EngineError, OSError) as error:
        tell(for_window(error), is_error=True)


def for_command_line(error: EngineError) -> str:
    """The error in one line, with what to type."""
    if error.remedy is None or error.remedy not in COMMAND_LINE:  # what is to be done is the same everywhere
        return str(error)
    return f"{error.problem} {COMMAND_LINE[error.remedy].format(subject=shlex.quote(error.subject))}"


def for_window(error: Exception) -> str:
    """An expected error, without Python's or the system's numbers, with what to choose."""
    if isinstance(error, EngineError):
        problem = _translated(error)
        return problem if error.remedy is None else f"{problem} {_(WINDOW[error.remedy])}"
    if isinstance(error, OSError) and error.strerror:
        name = Path(error.filename).name if error.filename else _("the file")
        known = SYSTEM.get(error.errno or 0)
        if known:
            return _(known).format(name=name)
        return f"{name}: {error.strerror}." if error.filename else f"{error.strerror}."
    return str(error)


def _translated(error: EngineError) -> str:
    """What is wrong; an error or a word that stands within the error is translated, too."""
    if not error.values:
        return _(error.template)
    return _(error.template).format(**{name: _told(value) for name, value in error.values.items()})


def _told(value: object) -> object:
    if isinstance(value, EngineError):
        return _translated(value)
    return _(value) if isinstance(value, Word) else value
