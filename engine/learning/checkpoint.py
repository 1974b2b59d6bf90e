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
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import CheckpointError
from engine.files.array_files import archive_of, arrays_of
from engine.files.bounded_files import read_bytes
from engine.files.file_lock import HeldError, locked_folder
from engine.files.whole_file import beside, remove_parts, write_synced
from engine.learning.training import EpochRecord, Record, RunState, TrainingRun
from engine.learning.training_config import config_of_plain
from engine.nn.functional import Array
from engine.plain_values import typed, typed_values
from engine.quoting import reason

FORMAT = b"LeNet Canvas checkpoint 1"
LAST, PREVIOUS = "last.checkpoint", "previous.checkpoint"
LOCK = ".lock"
FACTS = "facts"
MOST_BYTES = 2**28  # of a file: five times the parameters of a network of thirteen millions


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Within, no other training can claim the folder; if it is empty at the end, it is removed.

    CheckpointError if another one, in any process, has claimed it, or if it cannot be made.
    """
    with contextlib.ExitStack() as claim:
        claim.callback(_remove_if_empty, folder)
        try:
            claim.enter_context(locked_folder(folder, LOCK))
        except HeldError as error:
            raise CheckpointError(
                "Another training is under way that keeps its state in {folder}. Wait for its end, or train "
                "into another folder.",
                folder=folder,
            ) from error
        except OSError as error:
            raise CheckpointError(
                "The folder {folder}, for the state of the training, cannot be made or written to: {reason}. "
                "Train into another folder.",
                folder=folder,
                reason=error.strerror or error,
            ) from error
        yield


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
    last = folder / LAST
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with beside(last) as part:
            write_synced(part, packed(state))
            with contextlib.suppress(FileNotFoundError):
                os.replace(last, folder / PREVIOUS)
            os.replace(part, last)
    except OSError as error:
        problem = error.strerror or error
        if has_checkpoint(folder):
            raise CheckpointError(
                "The checkpoint could not be written in {folder}: {reason}. The one before is still there.",
                folder=folder,
                reason=problem,
            ) from error
        raise CheckpointError(
            "The checkpoint could not be written in {folder}: {reason}. There is none before it.",
            folder=folder,
            reason=problem,
        ) from error


def load_checkpoint(folder: Path) -> tuple[RunState, str]:
    """The last state of the folder, and "". Only the one that writes there calls it.

    If the last file is damaged: the state before it, which takes its place, and what the damage is. What
    killed processes have left half-written is removed.

    Raises
    ------
    CheckpointError
        If there is none, or none that is whole.
    """
    last, previous = folder / LAST, folder / PREVIOUS
    remove_parts(folder)
    if not has_checkpoint(folder):
        raise CheckpointError(
            "There is no checkpoint in {folder}. Begin a training there first.", folder=folder
        )
    if not last.exists():  # killed when the old one had made room and the new one had not come
        return _unpacked(previous), ""
    try:
        return _unpacked(last), ""
    except CheckpointError as damage:
        try:
            state = _unpacked(previous)
        except CheckpointError as error:
            raise CheckpointError("{damage} {error} Begin anew.", damage=damage, error=error) from error
        os.replace(previous, last)
        return state, str(damage)


def has_checkpoint(folder: Path) -> bool:
    """Whether there is something in the folder to go on from."""
    return (folder / LAST).exists() or (folder / PREVIOUS).exists()


def remove_checkpoint(folder: Path) -> None:
    """Remove what `save_checkpoint` wrote, and the folder, if nothing else is in it."""
    for name in (PREVIOUS, LAST):  # a kill in between leaves the one that tells how the run ended
        (folder / name).unlink(missing_ok=True)
    remove_parts(folder)
    _remove_if_empty(folder)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def packed(state: RunState) -> bytes:
    """A state as the bytes of a checkpoint's file, to be written, or sent to another process."""
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
    archive = archive_of(members)
    return b"%s %s\n%s" % (FORMAT, hashlib.sha256(archive).hexdigest().encode(), archive)


def _unpacked(path: Path) -> RunState:
    try:
        content = read_bytes(path, MOST_BYTES)
    except OSError as error:
        raise CheckpointError("{path} cannot be read: {reason}.", path=path, reason=reason(error)) from error
    return unpacked(content, path)


def unpacked(content: bytes, path: Path) -> RunState:
    """The state that `packed` was given; CheckpointError, which names the path, if that is not what it is."""
    line, _, archive = content.partition(b"\n")
    head, _, sha256 = line.rpartition(b" ")
    if hashlib.sha256(archive).hexdigest().encode() != sha256:
        raise CheckpointError("{path} is damaged: it is not the file that was written.", path=path)
    if head != FORMAT:
        raise CheckpointError("{path} is of another version of LeNet Canvas.", path=path)
    try:
        arrays = arrays_of(archive)
        return _state(json.loads(arrays.pop(FACTS).tobytes()), arrays)
    except Exception as error:  # zip, array, JSON or a setting: whatever is wrong, it is no checkpoint
        raise CheckpointError(
            "{path} holds no state of a run: {reason}.", path=path, reason=reason(error)
        ) from error


def _state(facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> RunState:
    parts: dict[str, dict[str, Array]] = {
        "network": {},
        "average": {},
        "chosen": {},
        "optimizer": {},
        "film": {},
        "teacher": {},
    }
    for name, array in arrays.items():
        part, _, rest = name.partition("/")
        parts[part][rest] = array
    return RunState(
        config_of_plain(facts["config"]),
        typed("data", facts["data"], str),
        typed("step", facts["step"], int),
        typed("seconds", facts["seconds"], float),
        [EpochRecord(**typed_values(record, EpochRecord)) for record in facts["history"]],
        parts,
    )
