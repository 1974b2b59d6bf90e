"""The trainings of a sweep, an epoch at a time, wherever there is a process to learn it.

A piece of work is one epoch of one training: a checkpoint goes there, the next one comes back, and is written
before anything else is begun. So whoever dies costs an epoch at most, nothing is learnt twice that was
written, and what comes out does not depend on where it was learnt. Where a process of another machine has not
the data, they are sent there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from app.data.folder import data_folder
from app.data.selection import find_selection, parse_selection, with_samples
from engine import TrainingRun
from engine.datasets.dataset import Dataset
from engine.datasets.mixture import Drawings
from engine.errors import CheckpointError, DatasetError, TrainingError, WorkerError
from engine.learning.checkpoint import has_checkpoint, load_checkpoint, packed, save_checkpoint, unpacked
from engine.learning.sweep import SweepPlan, Trial, ranked
from engine.learning.training import EpochRecord, RunState, Trainable, kept_epoch
from engine.learning.training_config import TrainingConfig, config_of_plain
from engine.machine.processes import Processes
from engine.machine.threads import on_this_thread

TRIES = 3  # of a piece: the process that has it may die twice

Files = Mapping[str, Dataset | Drawings]  # what was read of a data set's files, by its name


class Pool(Protocol):
    """Processes that learn, here or elsewhere."""

    def submit(self, function: Any, *arguments: Any) -> Future[bytes]:
        """The coming result of a function that is known there as here."""

    @property
    def losses(self) -> tuple[type[BaseException], ...]:
        """How it shows that a process has died or a connection has dropped."""

    def renew(self) -> None:
        """Begin anew after that."""

    @property
    def send(self) -> Callable[[str, Callable[[], Any]], Any] | None:
        """From a key and what makes something to an argument that stands for it, made and sent once a key.

        None where the processes have the same files as this one.
        """


class LocalPool:
    """So many processes of this machine."""

    send = None

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
    trainings = [
        Progress(replace(trial, config=with_samples(trial.config)), folder / f"{trial.number:03}")
        for trial in plan.trials()
    ]
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
    running, work = list(trainings), _Work(pool, data)
    for rung in plan.rungs(max(training.trial.config.epochs for training in trainings)):
        yield from _learnt([each for each in running if not each.has_reached(rung)], rung, work)
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


@dataclass
class _Work:
    """Hands pieces to a pool, with the data once a process there has none."""

    pool: Pool
    data: Path | None
    sends: bool = False
    with_data: set[int] = field(default_factory=set)  # the trainings that it was sent for

    def has_to_send(self, training: Progress) -> bool:
        """Take note that there was none where this one was; whether it can be sent, and was not."""
        self.sends = self.pool.send is not None
        return self.sends and training.trial.number not in self.with_data

    def submitted(self, training: Progress) -> Future[bytes]:
        """The state that is to come after one epoch more."""
        config, state = training.trial.config, training.state
        content = None if state is None else packed(state)
        files = []
        try:
            if self.sends and self.pool.send is not None:
                files = [self.pool.send(config.dataset, partial(self._read, config))]
                self.with_data.add(training.trial.number)
            return self.pool.submit(learn_epoch, config.as_dict(), content, self.data, *files)
        except self.pool.losses as loss:  # of a piece that was submitted before
            lost: Future[bytes] = Future()
            lost.set_exception(loss)
            return lost

    def _read(self, config: TrainingConfig) -> Files:
        folder = data_folder(self.data)
        return find_selection(config.dataset, folder, config.samples).read_files(folder)


def _learnt(trainings: Sequence[Progress], rung: int, work: _Work) -> Iterator[Progress]:
    pool = work.pool
    coming = {work.submitted(training): training for training in trainings}
    while coming:
        done, _ = wait(coming, return_when=FIRST_COMPLETED)
        lost, lacking, cause = [], [], None
        for future in done:
            training = coming.pop(future)
            try:
                content = future.result()
            except DatasetError:
                if not work.has_to_send(training):
                    raise
                lacking.append(training)
                continue
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
                coming[work.submitted(training)] = training
        coming |= {work.submitted(training): training for training in lacking}
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
                coming[work.submitted(training)] = training


# **** in the process that learns ****


def learn_epoch(
    settings: Mapping[str, Any], content: bytes | None, data: Path | None, files: Files | None = None
) -> bytes:
    """The state after one epoch more, of the run with these settings that was in this state.

    The data lies in the folder `data`, or where this process finds it; DatasetError if it has none. Or it was
    sent: `files` are what was read of it.
    """
    config = config_of_plain(settings)
    examples = _examples.of(data_folder(data), config, files)
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
        self._files: Files | None = None  # those that were sent for it
        self._examples: Trainable | None = None
        self._open = ExitStack()

    def of(self, folder: Path, config: TrainingConfig, files: Files | None = None) -> Trainable:
        """Those that a configuration learns from."""
        asked = (
            folder,
            TrainingConfig(
                dataset=config.dataset,
                drawings=config.drawings,
                stroke_augmentation=config.stroke_augmentation,
                samples=config.samples,
            ),
        )
        if self._examples is None or self._asked != asked or self._files is not files:
            self._open.close()
            name = config.dataset
            here = files is None
            selection = find_selection(name, folder, config.samples) if here else parse_selection(name)
            self._examples = self._open.enter_context(
                selection.training_data(folder, config, workers=0, read=files or {})
            )
            self._asked, self._files = asked, files
        return self._examples


_examples = _Examples()  # of this process
