"""Training: a run that yields a record for every step and every epoch.

The engine yields facts; somebody else prints, plots or shows them:

    run = TrainingRun(dataset, TrainingConfig(epochs=3))
    for record in run:
        print(record)
    save_network(run.network, folder, ...)

The epoch that is kept is chosen on a validation split of the training images. No test set is seen here.

Every random number of a run is a function of the seed, of what it is for, and of the epoch or the step. So
between two records a run is no more than its `RunState`, from which another process goes on to the same
bytes.
"""

import csv
import hashlib
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import IntEnum
from functools import partial
from io import StringIO
from itertools import islice
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.architectures import build_network
from engine.datasets import Dataset, Labels, as_ink, minibatches
from engine.errors import CheckpointError, ConfigurationError, TrainingError
from engine.evaluation import evaluate
from engine.functional import Array
from engine.losses import LOSSES, Loss, softmax_cross_entropy
from engine.network import Network
from engine.optimizers import OPTIMIZERS, LevenbergMarquardt, Optimizer
from engine.schedules import schedule
from engine.threads import one_ahead, one_blas_thread
from engine.training_config import TrainingConfig


class Trainable(Protocol):
    """What a run can learn from: a Dataset, or something that makes another one for each epoch.

    Both are functions of their arguments alone: a run that goes on in another process gets the same images.
    """

    def __len__(self) -> int:
        """Examples in each epoch."""

    def split(self, fraction: float, *, rng: np.random.Generator) -> "tuple[Trainable, Dataset]":
        """(what is trained on, a random `fraction` that is not, to validate with)."""

    def of_epoch(self, epoch: int, *, seed: int) -> Dataset:
        """The examples of an epoch, from 1; what is no digit is labelled -1. The first is asked for twice."""


@dataclass(frozen=True)
class StepRecord:
    """One minibatch was learnt."""

    epoch: int  # from 1
    step: int  # from 1, over the whole run
    learning_rate: float
    loss: float  # of this minibatch, before the step
    examples: int  # in this minibatch


@dataclass(frozen=True)
class EpochRecord:
    """Every training example was learnt once more.

    Both losses and accuracies are measured after the epoch, on images as they are: train on as many
    training images as there are validation images, so that the two can be compared.
    """

    epoch: int  # from 1
    step: int
    learning_rate: float  # of the epoch's last step
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float  # since the run began


Record = StepRecord | EpochRecord


@dataclass(frozen=True)
class RunState:
    """A run between two records: all it takes to go on as if nothing had happened."""

    config: TrainingConfig
    data: str  # SHA-256 of the data set
    step: int  # how many were taken
    seconds: float
    history: Sequence[EpochRecord]
    arrays: Mapping[str, Mapping[str, Array]]  # of the network, its average, the chosen one, the optimizer


class Purpose(IntEnum):
    """What random numbers are for, a stream each: to change one choice leaves the others as they were."""

    SPLIT = 1
    WEIGHTS = 2
    ORDER = 3  # of an epoch
    AUGMENTATION = 4  # of a step
    LAYERS = 5  # of a step: dropout


class TrainingRun:
    """One run over a data set: iterate it, to the end or as far as you like; iterated again it goes on.

    Attributes
    ----------
    network : Network
        The network that learns. At the end of the iteration it holds the chosen epoch's weights.
    train : Trainable
    validation : Dataset
    step : int
        How many steps were taken.
    history : list of EpochRecord
    """

    CURVATURE_IMAGES = 500  # LeCun et al. (1998), section III-B, re-estimate on as many at each epoch

    def __init__(self, dataset: Trainable, config: TrainingConfig) -> None:
        self.config = config
        self.train, self.validation = dataset.split(config.validation_fraction, rng=self._rng(Purpose.SPLIT))
        first = self.train.of_epoch(1, seed=config.seed)
        self._data = _sha256(first, self.validation)
        self._probe = _evenly(first, len(self.validation))
        self.network: Network = build_network(config.architecture, rng=self._rng(Purpose.WEIGHTS))
        self.network.logits(as_ink(first.images[:1]))  # a data set of another shape is told at once
        if config.augmentation is not None and config.augmentation.ndim != first.images.ndim:
            raise ConfigurationError(
                f"{type(config.augmentation).__name__} is not made for images of shape "
                f"{first.images.shape[1:]}. Leave augmentation to the architecture, or set none."
            )
        self._optimizer: Optimizer = OPTIMIZERS[config.optimizer](
            self.network.parameters, config.learning_rate, weight_decay=config.weight_decay
        )
        # what is measured and kept: the network itself, or the running average of its weights
        self._kept = self.network
        if config.weight_average:
            self._kept = build_network(config.architecture, rng=np.random.default_rng(0))
            self._kept.load_state(self.network.state())
        self._chosen_state = self.network.state()
        self.history: list[EpochRecord] = []
        self.step = 0
        self._start = time.perf_counter()

    @classmethod
    def resume(cls, dataset: Trainable, state: RunState) -> "TrainingRun":
        """The run that was in this state, on the same data set; it ends as one that never stopped.

        CheckpointError if the data set is another one.
        """
        run = cls(dataset, state.config)
        if run._data != state.data:
            raise CheckpointError(
                "The training was begun with another data set: its images or labels differ from these. Name "
                "the folder of the data that it was begun with, or begin anew."
            )
        run.network.load_state(state.arrays["network"])
        if run._kept is not run.network:
            run._kept.load_state(state.arrays["average"])
        run._optimizer.load_state(state.step, list(state.arrays["optimizer"].values()))
        run._chosen_state = dict(state.arrays["chosen"])
        run.history = list(state.history)
        run.step = state.step
        run._start = time.perf_counter() - state.seconds
        return run

    def state(self) -> RunState:
        """Where the run is; asked for between two records. The arrays are copies."""
        remembered = {str(index): array.copy() for index, array in enumerate(self._optimizer.state())}
        arrays = {
            "network": self.network.state(),
            "chosen": self._chosen_state,
            "optimizer": remembered,
        }
        if self._kept is not self.network:
            arrays["average"] = self._kept.state()
        return RunState(
            self.config, self._data, self.step, time.perf_counter() - self._start, tuple(self.history), arrays
        )

    @property
    def best(self) -> EpochRecord | None:
        """The epoch that is kept so far, as the configuration has it.

        The last, or that of the highest validation accuracy, of equals the one of the lowest loss.
        """
        if not self.history:
            return None
        return self.history[-1] if self.config.keep == "last" else max(self.history, key=_rank)

    def facts(self) -> dict[str, Any]:
        """What the run was and what came of it, as plain values, for network.json."""
        if self.best is None:
            raise TrainingError("There is nothing to tell of a run that has finished no epoch.")
        return {
            "config": self.config.as_dict(),
            "train_count": len(self.train),
            "validation_count": len(self.validation),
            "seconds": self.history[-1].seconds,
            "chosen": asdict(self.best),
        }

    @property
    def steps_per_epoch(self) -> int:
        """Minibatches in an epoch, the last one perhaps smaller."""
        return math.ceil(len(self.train) / self.config.batch_size)

    def __iter__(self) -> Iterator[Record]:
        with one_blas_thread():
            yield from self._records()

    def _records(self) -> Iterator[Record]:
        while len(self.history) < self.config.epochs and not self._is_stuck():
            epoch = len(self.history) + 1
            data = self.train.of_epoch(epoch, seed=self.config.seed)
            for images, labels in one_ahead(self._augmented_minibatches(data, epoch)):
                yield self._learn(images, labels, epoch, data)
            yield self._finish_epoch(epoch)
        self.network.load_state(self._chosen_state)

    def _learn(
        self, images: npt.NDArray[np.float32], labels: Labels, epoch: int, data: Dataset
    ) -> StepRecord:
        """Take one step."""
        network, optimizer = self.network, self._optimizer
        if isinstance(optimizer, LevenbergMarquardt) and self._curvature_is_due():
            optimizer.curvatures = network.curvatures(as_ink(data.images[: self.CURVATURE_IMAGES]))
        optimizer.learning_rate = self._learning_rate(self.step)
        rng = self._rng(Purpose.LAYERS, self.step)
        loss = network.loss_and_gradients(images, labels, loss=self._loss, rng=rng)
        self._check(loss, f"at step {self.step + 1} of epoch {epoch}")
        optimizer.step()
        self.step += 1
        self._average()
        return StepRecord(epoch, self.step, optimizer.learning_rate, loss, len(labels))

    def _rng(self, purpose: Purpose, count: int = 0) -> np.random.Generator:
        return np.random.default_rng((self.config.seed, purpose, count))

    def _learning_rate(self, step: int) -> float:
        """Of a step, from 0."""
        total = self.steps_per_epoch * self.config.epochs
        factor = schedule(self.config.schedule)(step, total, self.steps_per_epoch)
        return self.config.learning_rate * factor

    def _curvature_is_due(self) -> bool:
        """Before each epoch, as the paper has it, and whenever the first steps have doubled.

        The random network is so flat that steps by its curvature alone would be far too long.
        """
        is_power_of_two = self.step & (self.step - 1) == 0
        return self.step % self.steps_per_epoch == 0 or (is_power_of_two and self.step < self.steps_per_epoch)

    @property
    def _loss(self) -> Loss:
        if self.config.label_smoothing:
            return partial(softmax_cross_entropy, label_smoothing=self.config.label_smoothing)
        return LOSSES[self.config.loss]

    def _augmented_minibatches(
        self, data: Dataset, epoch: int
    ) -> Iterator[tuple[npt.NDArray[np.float32], Labels]]:
        """What is left to learn of an epoch."""
        done = self.step - (epoch - 1) * self.steps_per_epoch
        batches = minibatches(data, self.config.batch_size, rng=self._rng(Purpose.ORDER, epoch))
        for step, (images, labels) in enumerate(islice(batches, done, None), start=self.step):
            if self.config.augmentation is not None:
                images = self.config.augmentation(images, rng=self._rng(Purpose.AUGMENTATION, step))
            yield images, labels

    def _average(self) -> None:
        """Move the averaged weights towards today's; early on faster, to forget the random start."""
        if self._kept is not self.network:
            decay = min(self.config.weight_average, self.step / (self.step + 10))
            self._kept.move_towards(self.network, 1 - decay)

    def _check(self, loss: float, when: str) -> None:
        """TrainingError if a loss is not finite; the network then holds the last good weights."""
        if not math.isfinite(loss):
            self.network.load_state(self._chosen_state)
            raise TrainingError(
                f"The loss is {loss} {when}, at a learning rate of {self._optimizer.learning_rate:.3g}. "
                "Lower the learning rate and train again."
            )

    def _finish_epoch(self, epoch: int) -> EpochRecord:
        train = evaluate(self._kept, self._probe)
        validation = evaluate(self._kept, self.validation)
        for loss in (train.loss, validation.loss):  # the last step's own loss was that before it
            self._check(loss, f"after epoch {epoch}")
        record = EpochRecord(
            epoch,
            self.step,
            self._learning_rate(self.step - 1),
            train.loss,
            train.accuracy,
            validation.loss,
            validation.accuracy,
            round(time.perf_counter() - self._start, 2),
        )
        self.history.append(record)
        if self.best is record:
            self._chosen_state = self._kept.state()
        return record

    def _is_stuck(self) -> bool:
        """Whether the last `patience` epochs brought no better validation loss than those before."""
        patience = self.config.patience
        if not patience or len(self.history) <= patience:
            return False
        losses = [record.validation_loss for record in self.history]
        return min(losses[-patience:]) >= (1 - self.config.least_improvement) * min(losses[:-patience])


def _rank(record: EpochRecord) -> tuple[float, float]:
    return record.validation_accuracy, -record.validation_loss


def _evenly(dataset: Dataset, count: int) -> Dataset:
    """Digits from all over the data set, at most so many."""
    digits = np.flatnonzero(dataset.labels >= 0)
    return dataset.take(digits[:: max(1, len(digits) // count)][:count])


def _sha256(*datasets: Dataset) -> str:
    digest = hashlib.sha256()
    for dataset in datasets:
        for array in (dataset.images, dataset.labels):
            digest.update(f"{array.shape} {array.dtype}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def history_csv(history: Sequence[EpochRecord]) -> str:
    """One line an epoch, with named columns."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in fields(EpochRecord)])
    for record in history:
        values = vars(record).values()
        writer.writerow([f"{value:.6g}" if isinstance(value, float) else value for value in values])
    return text.getvalue()
