"""The trainings of a sweep, an epoch at a time, wherever there is a process to learn it.

A piece of work is one epoch of one training: a checkpoint goes there, the next one comes back, and is written
before anything else is begun. So whoever dies costs an epoch at most, nothing is learnt twice that was
written, and what comes out does not depend on where it was learnt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from app.data.folder import data_folder
from app.data.selection import find_selection
from engine import TrainingRun
from engine.errors import CheckpointError, TrainingError, WorkerError
from engine.learning.checkpoint import has_checkpoint, load_checkpoint, packed, save_checkpoint, unpacked
from engine.learning.sweep import SweepPlan, Trial, ranked
from engine.learning.training import EpochRecord, RunState, Trainable, kept_epoch
from engine.learning.training_config import TrainingConfig, config_of_plain
from engine.machine.processes import Processes
from engine.machine.threads import on_this_thread

TRIES = 3  # of a piece: the process that has it may die twice


class Pool(Protocol):
    """Processes that learn, here or elsewhere."""

    def submit(self, function: Any, *arguments: Any) -> Future[bytes]:
        """The coming result of a function that is known there as here."""

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """How it shows that a process has died or a connection has dropped."""

    def renew(self) -> None:
        """Begin anew after that."""


class LocalPool:
    """So many processes of this machine."""

    def __init__(self, count: int) -> None:
        self._processes = Processes(count)

    def submit(self, function: Any, *arguments: Any) -> Future[bytes]:
        return self._processes.submit(function, *arguments)

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        return (BrokenProcessPool,)

    def renew(self) -> None:
        self.close()  # the next piece starts others

    def close(self) -> None:
        """End them."""
        self._processes.close()


@dataclass
class Progress:
    """How far one training of a sweep is.

    Attributes
    ----------
    state : RunState or None
        None before its first epoch is over.
    failure : str
        Why it cannot go on: its loss went astray, say.
    is_out : bool
        Whether others read better when they were compared.
    """

    trial: Trial
    folder: Path
    state: RunState | None = None
    failure: str = ""
    is_out: bool = False
    tries: int = field(default=0, repr=False)

    @property
    def epoch(self) -> int:
        """How many epochs are over."""
        return 0 if self.state is None else len(self.state.history)

    def best(self, until: int | None = None) -> EpochRecord | None:
        """The epoch that would be kept, had it ended there."""
        history = () if self.state is None else self.state.history[:until]
        return kept_epoch(history, self.trial.config.keep)

    def has_reached(self, epoch: int) -> bool:
        """Whether it has nothing to do before that epoch's end."""
        return bool(self.failure) or self.epoch >= epoch or (self.state is not None and self.state.has_ended)


def begun(plan: SweepPlan, folder: Path) -> list[Progress]:
    """All trainings of a plan, as far as the checkpoints in the folder are.

    CheckpointError if one is of another training, or damaged with the one before it.
    """
    trainings = [Progress(trial, folder / f"{trial.number:03}") for trial in plan.trials()]
    for training in trainings:
        if has_checkpoint(training.folder):
            training.state, _ = load_checkpoint(training.folder)
            if training.state.config != training.trial.config:
                raise CheckpointError(
                    "{folder} holds a training with other settings than number {number} of this sweep. Sweep "
                    "into another folder.",
                    folder=training.folder,
                    number=training.trial.number,
                )
    return trainings


def swept(
    plan: SweepPlan, trainings: Sequence[Progress], pool: Pool, *, data: Path | None
) -> Iterator[Progress]:
    """Learn all that is left, rung by rung; yields a training whenever it has come an epoch further.

    Raises
    ------
    WorkerError
        If the processes that learn die again and again.
    EngineError
        Whatever else is wrong with the data or the settings.
    """
    running = list(trainings)
    for rung in plan.rungs(max(training.trial.config.epochs for training in trainings)):
        yield from _learnt([each for each in running if not each.has_reached(rung)], rung, pool, data)
        scores = {each.trial.number: score(each, rung) for each in running if not each.failure}
        if rung < running[0].trial.config.epochs:
            going_on = plan.survivors(scores)
            for each in running:
                each.is_out = each.trial.number not in going_on
            running = [each for each in running if not each.is_out]
        if not running:
            return


def score(training: Progress, until: int | None = None) -> tuple[float, float]:
    """(validation accuracy, loss) of the epoch that would be kept, had it ended there."""
    best = training.best(until)
    assert best is not None  # it has learnt an epoch, or has failed
    return best.validation_accuracy, best.validation_loss


def best_of(trainings: Sequence[Progress]) -> Progress | None:
    """The best of those that have run to their end."""
    scores = {
        each.trial.number: score(each)
        for each in trainings
        if not each.failure and each.state is not None and each.state.has_ended
    }
    return trainings[ranked(scores)[0] - 1] if scores else None


def _learnt(trainings: Sequence[Progress], rung: int, pool: Pool, data: Path | None) -> Iterator[Progress]:
    coming = {_submitted(training, pool, data): training for training in trainings}
    while coming:
        done, _ = wait(coming, return_when=FIRST_COMPLETED)
        lost, cause = [], None
        for future in done:
            training = coming.pop(future)
            try:
                content = future.result()
            except TrainingError as error:  # the loss went astray: the others have nothing to do with it
                training.failure = str(error)
            except pool.losses as loss:
                lost.append(training)
                cause = loss
                continue
            else:
                training.state = unpacked(content, training.folder)
                training.tries = 0
                save_checkpoint(training.state, training.folder)
            yield training
            if not training.has_reached(rung):
                coming[_submitted(training, pool, data)] = training
        if lost:
            lost += coming.values()  # they are on their way to nowhere
            coming.clear()
            pool.renew()
            for training in lost:
                training.tries += 1
                if training.tries >= TRIES:
                    raise WorkerError(
                        "The process that learns training {number} was ended from outside {tries} times, "
                        "perhaps for want of memory. Let fewer learn at a time, then go on with the sweep.",
                        number=training.trial.number,
                        tries=TRIES,
                    ) from cause
                coming[_submitted(training, pool, data)] = training


def _submitted(training: Progress, pool: Pool, data: Path | None) -> Future[bytes]:
    content = None if training.state is None else packed(training.state)
    try:
        return pool.submit(learn_epoch, training.trial.config.as_dict(), content, data)
    except pool.losses as loss:  # of a piece that was submitted before
        lost: Future[bytes] = Future()
        lost.set_exception(loss)
        return lost


# **** in the process that learns ****


def learn_epoch(settings: Mapping[str, Any], content: bytes | None, data: Path | None) -> bytes:
    """The state after one epoch more, of the run with these settings that was in this state.

    The data lies in the folder `data`, or where this process finds it.
    """
    config = config_of_plain(settings)
    examples = _examples.of(data_folder(data), config)
    if content is None:
        run = TrainingRun(examples, config)
    else:
        run = TrainingRun.resume(examples, unpacked(content, Path("what was sent")))
    with on_this_thread():
        for record in run:
            if isinstance(record, EpochRecord):
                break
    return packed(run.state())


class _Examples:
    """What to train on, kept while it is asked for: most trainings of a sweep learn from the same."""

    def __init__(self) -> None:
        self._asked: tuple[Path, TrainingConfig] | None = None
        self._examples: Trainable | None = None
        self._open = ExitStack()

    def of(self, folder: Path, config: TrainingConfig) -> Trainable:
        """Those that a configuration learns from."""
        asked = (
            folder,
            TrainingConfig(
                dataset=config.dataset,
                drawings=config.drawings,
                stroke_augmentation=config.stroke_augmentation,
            ),
        )
        if self._examples is None or self._asked != asked:
            self._open.close()
            selection = find_selection(config.dataset, folder)
            self._examples = self._open.enter_context(selection.training_data(folder, config, workers=0))
            self._asked = asked
        return self._examples


_examples = _Examples()  # of this process
