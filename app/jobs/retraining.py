"""Retraining from the window: what can be chosen, in plain words, and the training itself as a job."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from app.data.selection import find_selection
from app.data.sources import NOT_DIGITS
from app.jobs.comparing import compared, facts_of_digits, measured_on, sets_at_hand
from app.jobs.finishing import fit_confidence, save_trained
from app.jobs.protocol import Record
from app.jobs.records import Begin, Comparing, End, Epoch, Step
from app.store.networks import free_folder, rename_network
from engine import SavedNetwork, build_network
from engine.errors import EngineError
from engine.ink.augmentation import Augmentation
from engine.learning.training import EpochRecord, TrainingRun
from engine.learning.training_config import RECIPES, TrainingConfig

TELL_EVERY = 0.2  # seconds between two records of the steps
WEIGHT_AVERAGE = 0.999  # over about the last thousand steps


@dataclass(frozen=True)
class Preset:
    """A choice for those who do not care about the details.

    Times are those of two cores, on MNIST and drawings: of MNIST alone an epoch takes half as long.
    """

    title: str
    about: str
    architecture: str
    epochs: int
    variations: str


PRESETS = {
    "quick": Preset("Quick look", "about 3 minutes", "lenet5", 8, "gentle"),
    "good": Preset("Good", "about 12 minutes", "lenet5", 40, "gentle"),
    "best": Preset(
        "Best", "about 40 minutes, a larger and slower network", "best", RECIPES["best"]["epochs"], "strong"
    ),
}

VARIATIONS: dict[str, tuple[str, Augmentation | None]] = {
    "none": ("Every digit is shown as it was written.", None),
    "gentle": ("Each time, a digit is shown moved, turned and slanted a little.", Augmentation()),
    "strong": (
        "Digits are bent as well, and their lines made thicker or thinner. For long trainings; slower.",
        RECIPES["best"]["augmentation"],
    ),
}

# What is worth training here; --architecture has more.
ARCHITECTURES = {
    "lenet5": "LeNet-5 as it is built today. Small, quick and good: start with this one.",
    "best": "Five layers of small kernels. The most accurate here, and ten times as slow to train.",
    "lenet5-1998": "LeNet-5 exactly as its authors described it in 1998. A piece of history; slow to train.",
    "cnn-3": "Three layers of small kernels.",
    "cnn-4": "Four layers of small kernels, some of them off at random while it learns.",
}


@cache
def parameter_count(architecture: str) -> int:
    """How many numbers a network of ARCHITECTURES learns."""
    return build_network(architecture, rng=np.random.default_rng(0)).parameter_count


def retrain(
    *,
    source: str,
    folder: str,
    architecture: str,
    epochs: int,
    variations: str,
    present: str,
    place: str,
    name: str,
    drawings: int = TrainingConfig.drawings,
    seed: int = 0,
) -> Generator[Record | None, None, None]:
    """Train a network, save it, and measure it beside the present one; a job for app.jobs.

    Parameters
    ----------
    source, folder : str
        The data set and the data folder that it lies in.
    architecture, epochs, variations
        Out of ARCHITECTURES, a number of 1 or more, out of VARIATIONS.
    present : str
        The folder of the network to compare with.
    place, name : str
        Where the person's networks are, and what this one is to be called.
    drawings : int
        Made for an epoch by each data set that draws its own.
    """
    Path(place).mkdir(parents=True, exist_ok=True)  # a place that cannot be written to is told at once
    selection = find_selection(source, Path(folder))
    # the paper's criterion has no target for non-digits
    loss = {"loss": "cross-entropy"} if NOT_DIGITS in selection.weights else {}
    config = TrainingConfig.for_architecture(
        architecture,
        dataset=source,
        epochs=epochs,
        augmentation=VARIATIONS[variations][1],
        drawings=drawings,
        weight_average=WEIGHT_AVERAGE,
        seed=seed,
        **loss,
    )
    with selection.training_data(Path(folder), config) as data:
        run = TrainingRun(data, config)
        busy = yield from _learnt(run)
    yield Comparing()
    confidence = fit_confidence(run, selection, Path(folder))
    sets = sets_at_hand(Path(folder))
    after = yield from measured_on(sets, run.network, confidence)
    try:
        old = SavedNetwork.load(present)
        before = yield from measured_on(sets, old.network, old.confidence)
    except EngineError:
        before = None
    target = free_folder(Path(place), name)
    save_trained(
        run,
        target,
        confidence=confidence,
        dataset=selection.title,
        test=facts_of_digits(after),
        seconds=busy,
    )
    rename_network(target, name)
    yield End(str(target), compared(after, before))


def _learnt(run: TrainingRun) -> Generator[Record | None, None, float]:
    """Run to the end; returns the seconds of work: a pause is none."""
    steps = run.steps_per_epoch * run.config.epochs
    yield Begin(steps, run.steps_per_epoch)
    told = busy = 0.0
    losses = []
    start = time.perf_counter()
    for record in run:
        busy += time.perf_counter() - start
        if isinstance(record, EpochRecord):
            yield Epoch(**asdict(record))
        else:
            losses.append(record.loss)
            if busy - told < TELL_EVERY:
                yield None
            else:
                yield Step(
                    step=record.step,
                    epoch=record.epoch,
                    loss=float(sum(losses) / len(losses)),
                    seconds_left=busy / record.step * (steps - record.step),
                )
                told = busy
                losses.clear()
        start = time.perf_counter()
    return busy
