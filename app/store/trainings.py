"""Trainings that are under way or were interrupted: a checkpoint each, and beside it what was begun.

They lie in a hidden folder of the place where the person's networks are, for each is to become one of them.
Whoever trains has claimed its folder, so what nobody has claimed was interrupted.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.language import _
from app.messages import for_window
from app.user_folders import folder_of
from engine.errors import CheckpointError, ConfigurationError
from engine.files.bounded_files import read_bytes
from engine.files.whole_file import write_text
from engine.learning.checkpoint import (
    LAST,
    PREVIOUS,
    claimed,
    has_checkpoint,
    load_checkpoint,
    remove_checkpoint,
)
from engine.learning.training_config import SamplesFacts
from engine.plain_values import from_plain, to_plain
from engine.storage.lenet_file import SUFFIX as LENET

PLACE = ".trainings"
PLAN = "plan.json"
GLIMPSE = "glimpse.npz"  # of the network as it learns, while somebody watches
BEFORE = f"before{LENET}"  # the network that it goes on from
ASIDE = "damaged-"  # before the name of a folder that could not be read
MOST_BYTES = 2**16  # of a plan; the program writes some hundred


@dataclass(frozen=True)
class TrainingPlan:
    """What a training was begun with, as the person chose it."""

    source: str  # as --dataset names it
    folder: str  # the data folder
    architecture: str
    epochs: int
    variations: str
    name: str  # of the network to come
    start: str = ""  # the folder of the network that it goes on from; empty where it begins anew


@dataclass(frozen=True)
class InterruptedTraining:
    """A training that can be gone on with; `epoch` is the one that it was in, from 1."""

    folder: Path
    plan: TrainingPlan
    epoch: int
    when: datetime


def new_training(place: Path) -> Path:
    """A folder for the state of a new training; its name says when it was begun, and by which window."""
    return place / PLACE / f"{datetime.now():%Y%m%d-%H%M%S-%f}-{os.getpid()}"


def write_plan(plan: TrainingPlan, folder: Path) -> None:
    """Write it beside the checkpoint; OSError if that fails."""
    write_text(folder / PLAN, json.dumps(to_plain(plan), indent=2) + "\n")


def find_interrupted(place: Path, author: str = "") -> tuple[InterruptedTraining | None, str]:
    """The training that was begun last of those that were interrupted, and "".

    One that learns of somebody's digits is found for that one alone, as `user_folders.who_draws` names them,
    and removed where that profile is deleted. One that cannot be read is set aside, and the text says so.
    What a killed one has left that had no checkpoint yet is removed.
    """
    told = ""
    try:
        folders = sorted((entry for entry in (place / PLACE).iterdir() if entry.is_dir()), reverse=True)
    except OSError:  # there is none, or they are closed to us
        return None, ""
    for folder in folders:
        if folder.name.startswith(ASIDE):
            continue
        with ExitStack() as claim:
            try:
                claim.enter_context(claimed(folder))
            except CheckpointError:  # it is under way in another window
                continue
            if not has_checkpoint(folder):
                _remove(folder)
                continue
            try:
                found, samples = _interrupted(folder)
            except CheckpointError as error:
                problem = for_window(error)
            else:
                if samples is None or samples.author == author:
                    return found, told
                if samples.author and not folder_of(place.parent, samples.author).is_dir():
                    _remove(folder)
                continue
        told = _set_aside(folder, problem)
    return None, told


def discard_training(folder: Path) -> None:
    """Remove its state. CheckpointError if it is under way in another process, OSError if it cannot be."""
    with claimed(folder):
        _remove(folder)


def finish_training(folder: Path) -> None:
    """Remove the state of a training by the one that has claimed it: the network is saved."""
    _remove(folder)


def _remove(folder: Path) -> None:
    remove_checkpoint(folder)
    for name in (PLAN, GLIMPSE, BEFORE):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # something else is in it
        folder.rmdir()


def _interrupted(folder: Path) -> tuple[InterruptedTraining, SamplesFacts | None]:
    """(the training, whose digits it learns of)."""
    state, _damage = load_checkpoint(folder)
    path = folder / PLAN
    try:
        plan = from_plain(TrainingPlan, json.loads(read_bytes(path, MOST_BYTES)), name=PLAN)
        written = folder / LAST if (folder / LAST).exists() else folder / PREVIOUS
        when = datetime.fromtimestamp(written.stat().st_mtime)
    except (OSError, OverflowError) as error:
        raise CheckpointError(for_window(error)) from error
    except (ValueError, RecursionError, ConfigurationError) as error:
        raise CheckpointError("{path} holds no plan of a training.", path=path) from error
    found = InterruptedTraining(folder, plan, min(len(state.history) + 1, plan.epochs), when)
    return found, state.config.samples


def _set_aside(folder: Path, problem: str) -> str:
    aside = folder.with_name(ASIDE + folder.name)
    try:
        folder.rename(aside)
    except OSError:
        aside = folder
    return _(
        "A training that was interrupted cannot be gone on with. {problem} Its files are kept in {folder}."
    ).format(problem=problem, folder=aside)
