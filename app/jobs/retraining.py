"""Retraining from the window: what can be chosen, in plain words, and the training itself as a job.

The words are translated where they are shown.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from app.data.selection import find_selection, parse_selection, with_samples
from app.data.sources import NOT_DIGITS, SOURCES, SYNTHETIC_TEST
from app.jobs.comparing import SetsAtHand, compared, facts_of_digits
from app.jobs.finishing import TAUGHT_SETS, fit_confidence, save_trained
from app.jobs.forecast import probed
from app.jobs.going_on import Start, carried_lessons, confidence_before, going_on, keep_network
from app.jobs.protocol import Record, Wish
from app.jobs.prototypes import compares_digits, drawn_at_hand
from app.jobs.records import Begin, End, Epoch
from app.jobs.references import NONE
from app.jobs.training_work import TrainingWork
from app.language import N_
from app.store.networks import free_folder, rename_network
from app.store.trainings import TrainingPlan, finish_training, write_plan
from engine import Dataset, Network, SavedNetwork, build_network
from engine.datasets.mixture import JoinedDataset
from engine.errors import EngineError
from engine.ink.augmentation import Augmentation
from engine.learning.checkpoint import claimed, has_checkpoint, load_checkpoint
from engine.learning.training import TrainingRun
from engine.learning.training_config import RECIPES, SamplesFacts, TrainingConfig

PROBE = 40  # drawings by which the pace of drawing is known
LEAST = 0.1  # seconds; what took less was drawn before
# What it takes to draw a test set, in those of digits: 1.6 and 2.8 s of one core.
DRAWING = {"synthetic": 1.0, NOT_DIGITS: 1.75}
CURVES = 0.6  # as much takes the chart of the curves, with what it loads
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
    "quick": Preset(N_("Quick look"), N_("about 3 minutes"), "lenet5", 8, "gentle"),
    "good": Preset(N_("Good"), N_("about 12 minutes"), "lenet5", 40, "gentle"),
    "best": Preset(
        N_("Best"),
        N_("about 40 minutes, a larger and slower network"),
        "best",
        RECIPES["best"]["epochs"],
        "strong",
    ),
}

VARIATIONS: dict[str, tuple[str, Augmentation | None]] = {
    "none": (N_("Every digit is shown as it was written."), None),
    "gentle": (N_("Each time, a digit is shown moved, turned and slanted a little."), Augmentation()),
    "strong": (
        N_("Digits are bent as well, and their lines made thicker or thinner. For long trainings; slower."),
        RECIPES["best"]["augmentation"],
    ),
}

# What is worth training here; --architecture has more.
ARCHITECTURES = {
    "lenet5": N_("LeNet-5 as it is built today. Small, quick and good: start with this one."),
    "best": N_("Five layers of small kernels. The most accurate here, and ten times as slow to train."),
    "lenet5-1998": N_(
        "LeNet-5 exactly as its authors described it in 1998. A piece of history; slow to train."
    ),
    "cnn-3": N_("Three layers of small kernels."),
    "cnn-4": N_("Four layers of small kernels, some of them off at random while it learns."),
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
    name: str,
    present: str,
    place: str,
    checkpoint: str,
    start: str = "",
    author: str | None = None,
    drawings: int = TrainingConfig.drawings,
    seed: int = 0,
) -> Generator[Record | None, Wish | None, None]:
    """Train a network, save it, and measure it beside the present one; a job for app.jobs.

    Cancelled, it leaves its state, from which it goes on when it is called so again. Told to finish, it
    takes what it has learnt so far for the end.

    Parameters
    ----------
    source, folder : str
        The data set and the data folder that it lies in.
    architecture, epochs, variations
        Out of ARCHITECTURES, a number of 1 or more, out of VARIATIONS.
    name : str
        What the network is to be called.
    present : str
        The folder of the network to compare with.
    place : str
        Where the person's networks are.
    checkpoint : str
        The folder of the training's state, which is gone when the network is saved.
    start : str
        The folder of the network to go on from; empty to begin anew.
    author : str, optional
        Whose digits `my-digits` are, as `user_folders.who_draws` names them; else those of whoever draws now.
        One that goes on remembers it.
    drawings : int
        Made for an epoch by each data set that draws its own.
    """
    Path(place).mkdir(parents=True, exist_ok=True)  # a place that cannot be written to is told at once
    plan = TrainingPlan(source, folder, architecture, epochs, variations, name, start)
    kept = Path(checkpoint)
    with claimed(kept):
        state = load_checkpoint(kept)[0] if has_checkpoint(kept) else None
        config, known = _begun(plan, drawings, seed, author) if state is None else (state.config, None)
        if state is None:
            keep_network(known, kept)
        selection = find_selection(source, Path(folder), config.samples)
        with selection.training_data(Path(folder), config) as data:
            run = (
                TrainingRun(data, config, start=None if known is None else known.weights)
                if state is None
                else TrainingRun.resume(data, state)
            )
            before = time.perf_counter()
            validation = run.validation  # drawn now, unless the run goes on
            splitting = time.perf_counter() - before
            beside = _opened(present)
            sets = SetsAtHand(Path(folder), config.samples, None if beside is None else _learnt_by(beside))
            work = TrainingWork(
                run,
                iter(sets),
                drawing={name: DRAWING.get(name, 0.0) for name in sets.names},
                fit=lambda sets: fit_confidence(
                    run, selection, Path(folder), unseen=sets[NOT_DIGITS], before=confidence_before(kept)
                ),
                lessons=lambda: carried_lessons(run.network, kept, Path(folder)),
                drawing_seconds=_drawing_seconds(validation, splitting) or _probed(Path(folder)),
                preparing_seconds=splitting / config.validation_fraction,
                fitting=TAUGHT_SETS * DRAWING[NOT_DIGITS] if NOT_DIGITS in selection.weights else 0.0,
                saving=_saving(run.network, Path(folder)),
                present=beside,
                busy=0.0 if state is None else state.seconds,
            )
            begin = Begin(run.steps_per_epoch * config.epochs, run.steps_per_epoch, run.step)
            write_plan(plan, kept)
            yield begin
            for record in run.history:
                yield Epoch(**asdict(record))
            yield work.preparing()
            yield from work.learn(kept)
        yield from work.measure()
        target = free_folder(Path(place), name)
        save_trained(
            run,
            target,
            data=Path(folder),
            confidence=work.confidence,
            lessons=work.lessons,
            dataset=selection.title,
            test=facts_of_digits(work.new),
            seconds=work.busy,
        )
        rename_network(target, name)
        finish_training(kept)
    yield End(str(target), compared(work.new, work.old))


def _begun(
    plan: TrainingPlan, drawings: int, seed: int, author: str | None
) -> tuple[TrainingConfig, Start | None]:
    """(the configuration of a training that begins now, what it goes on from, if anything)."""
    config = with_samples(_config(plan, drawings, seed), author)
    return going_on(config, Path(plan.start)) if plan.start else (config, None)


def _config(plan: TrainingPlan, drawings: int, seed: int) -> TrainingConfig:
    # the paper's criterion has no target for non-digits
    loss = {"loss": "cross-entropy"} if NOT_DIGITS in parse_selection(plan.source).weights else {}
    return TrainingConfig.for_architecture(
        plan.architecture,
        dataset=plan.source,
        epochs=plan.epochs,
        augmentation=VARIATIONS[plan.variations][1],
        drawings=drawings,
        weight_average=WEIGHT_AVERAGE,
        seed=seed,
        **loss,
    )


def _drawing_seconds(validation: Dataset, seconds: float) -> float:
    """What drawing a test set of digits takes, by what was drawn to validate with; 0 if that was little."""
    parts = validation.parts if isinstance(validation, JoinedDataset) else {}
    drawn = sum(DRAWING.get(name, 0.0) * len(part) for name, part in parts.items())
    return seconds / drawn * SYNTHETIC_TEST if drawn > PROBE and seconds > LEAST else 0.0


def _probed(folder: Path) -> float:
    """The same by a few drawings."""
    drawings = SOURCES[NOT_DIGITS].train_part(folder, PROBE)
    assert not isinstance(drawings, Dataset)
    seconds = probed(lambda: drawings.drawn(rng=np.random.default_rng(0)).rendered())
    return seconds / (DRAWING[NOT_DIGITS] * PROBE) * SYNTHETIC_TEST


def _saving(network: Network, folder: Path) -> float:
    """How long it takes to save the network with what explains it, in test sets of digits."""
    if not compares_digits(network):
        return CURVES
    drawn = DRAWING[NOT_DIGITS] * NONE + DRAWING["synthetic"] * drawn_at_hand(folder)
    return CURVES + drawn / SYNTHETIC_TEST


def _learnt_by(saved: SavedNetwork) -> SamplesFacts | None:
    """What a network has learnt of a person's digits in its training."""
    training = saved.facts.training
    return None if training is None else training.config.samples


def _opened(folder: str) -> SavedNetwork | None:
    """The network of a folder; None if it is gone."""
    try:
        return SavedNetwork.load(folder)
    except EngineError:
        return None
