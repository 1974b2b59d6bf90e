"""Checkpoints: the state of a run on the disk, so that a run that was killed goes on where it was.

A folder holds two of them, the last and the one before it. A file of theirs is one line, with the format and
the SHA-256 of the rest, and an .npz archive: the arrays by name, and the other facts as JSON.
"""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from engine.array_files import NPY_ERRORS
from engine.errors import CheckpointError, EngineError
from engine.functional import Array
from engine.training import EpochRecord, Record, RunState, TrainingRun
from engine.training_config import TrainingConfig, settings_of

FORMAT = b"LeNet Canvas checkpoint 1"
LAST, PREVIOUS = "last.checkpoint", "previous.checkpoint"
PART = ".part"  # while it is written
FACTS = "facts"


def checkpointed(run: TrainingRun, folder: Path, *, every: float = 60.0) -> Iterator[Record]:
    """The records of a run, its state saved at the end of each epoch, and within it `every` so many seconds.

    A state is saved before its record is handed on.
    """
    saved = time.monotonic()
    for record in run:
        if isinstance(record, EpochRecord) or time.monotonic() - saved >= every:
            save_checkpoint(run.state(), folder)
            saved = time.monotonic()
        yield record


def save_checkpoint(state: RunState, folder: Path) -> None:
    """Write a state into the folder; the last one becomes the previous one.

    It is written beside them and moved into place, so that at every moment one of the two is whole.
    CheckpointError if it cannot be written; what was there is then unchanged.
    """
    last, part = folder / LAST, folder / (LAST + PART)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            file.write(_packed(state))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            os.replace(last, folder / PREVIOUS)
        os.replace(part, last)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise CheckpointError(
            f"The checkpoint could not be written in {folder}: {error.strerror or error}. "
            f"{'The one before is still there.' if has_checkpoint(folder) else 'There is none before it.'}"
        ) from error


def load_checkpoint(folder: Path) -> tuple[RunState, str]:
    """The last state of the folder, and "".

    If the last file is damaged: the state before it, which takes its place, and what the damage is.

    Raises
    ------
    CheckpointError
        If there is none, or none that is whole.
    """
    last, previous = folder / LAST, folder / PREVIOUS
    if not has_checkpoint(folder):
        raise CheckpointError(f"There is no checkpoint in {folder}. Begin a training there first.")
    if not last.exists():  # killed when the old one had made room and the new one had not come
        return _unpacked(previous), ""
    try:
        return _unpacked(last), ""
    except CheckpointError as damage:
        try:
            state = _unpacked(previous)
        except CheckpointError as error:
            raise CheckpointError(f"{damage} {error} Begin anew.") from error
        os.replace(previous, last)
        return state, str(damage)


def has_checkpoint(folder: Path) -> bool:
    """Whether there is something in the folder to go on from."""
    return (folder / LAST).exists() or (folder / PREVIOUS).exists()


def remove_checkpoint(folder: Path) -> None:
    """Remove what `save_checkpoint` wrote, and the folder, if nothing else is in it."""
    for name in (LAST, PREVIOUS, LAST + PART):
        (folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _packed(state: RunState) -> bytes:
    facts = {
        "config": state.config.as_dict(),
        "data": state.data,
        "step": state.step,
        "seconds": state.seconds,
        "history": [asdict(record) for record in state.history],
    }
    members: dict[str, Any] = {FACTS: np.frombuffer(json.dumps(facts).encode(), np.uint8)}
    for part, arrays in state.arrays.items():
        members |= {f"{part}/{name}": array for name, array in arrays.items()}
    content = BytesIO()
    np.savez(content, **members)
    archive = content.getvalue()
    return b"%s %s\n%s" % (FORMAT, hashlib.sha256(archive).hexdigest().encode(), archive)


def _unpacked(path: Path) -> RunState:
    try:
        line, _, archive = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror or error}.") from error
    head, _, sha256 = line.rpartition(b" ")
    if hashlib.sha256(archive).hexdigest().encode() != sha256:
        raise CheckpointError(f"{path} is damaged: it is not the file that was written.")
    if head != FORMAT:
        raise CheckpointError(f"{path} is of another version of LeNet Canvas.")
    try:
        with np.load(BytesIO(archive), allow_pickle=False) as content:
            facts = json.loads(content[FACTS].tobytes())
            return _state(facts, {name: content[name] for name in content.files if name != FACTS})
    except (*NPY_ERRORS, BadZipFile, LookupError, TypeError, EngineError) as error:
        raise CheckpointError(f"{path} holds no state of a run: {error}.") from error


def _state(facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> RunState:
    parts: dict[str, dict[str, Array]] = {"network": {}, "average": {}, "chosen": {}, "optimizer": {}}
    for name, array in arrays.items():
        part, _, rest = name.partition("/")
        parts[part][rest] = array
    return RunState(
        TrainingConfig(**settings_of(facts["config"])),
        facts["data"],
        facts["step"],
        facts["seconds"],
        [EpochRecord(**record) for record in facts["history"]],
        parts,
    )
