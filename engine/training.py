"""Training: a configuration, and a run that yields a record for every step and every epoch.

The engine yields facts; somebody else prints, plots or shows them:

    run = TrainingRun(dataset, TrainingConfig(epochs=3))
    for record in run:
        print(record)
    save_network(run.network, folder, ...)

The epoch that is kept is chosen on a validation split of the training images. No test set is seen here.
"""

import csv
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from io import StringIO
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.architectures import ARCHITECTURES, build_network
from engine.augmentation import Augmentation
from engine.datasets import Dataset, Labels, minibatches, split
from engine.errors import ConfigurationError, TrainingError
from engine.evaluation import evaluate
from engine.network import Network
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.threads import one_ahead, one_blas_thread


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides how a run goes, checked when it is made."""

    architecture: str = "lenet5"
    epochs: int = 20
    batch_size: int = 64
    learning_rate: float = 0.003  # at the schedule's peak
    optimizer: str = "adam"
    schedule: str = "one-cycle"
    augmentation: Augmentation | None = field(default_factory=Augmentation)
    validation_fraction: float = 1 / 12  # 5,000 of MNIST's 60,000
    seed: int = 0

    def __post_init__(self) -> None:
        for name, known in (
            ("architecture", ARCHITECTURES),
            ("optimizer", OPTIMIZERS),
            ("schedule", SCHEDULES),
        ):
            if getattr(self, name) not in known:
                raise ConfigurationError(
                    f"There is no {name} {getattr(self, name)!r}. Choose one of: {', '.join(known)}."
                )
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ConfigurationError(f"{name} must be 1 or more, got {getattr(self, name)}.")
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ConfigurationError(f"learning_rate must be above 0, got {self.learning_rate}.")
        if not 0 < self.validation_fraction < 1:
            raise ConfigurationError(
                f"validation_fraction must lie between 0 and 1, got {self.validation_fraction}."
            )
        if self.seed < 0:
            raise ConfigurationError(f"seed must be 0 or more, got {self.seed}.")

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as they are written to network.json."""
        return asdict(self)


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


class TrainingRun:
    """One run over a data set: iterate it once, to the end or as far as you like.

    Attributes
    ----------
    network : Network
        The network that learns. At the end of the iteration it holds the chosen epoch's weights.
    history : list of EpochRecord
    best : EpochRecord or None
        The epoch of the highest validation accuracy so far, of equals the one of the lowest loss.
    """

    def __init__(self, dataset: Dataset, config: TrainingConfig) -> None:
        self.config = config
        # one stream of random numbers each, so that changing one choice leaves the others as they were
        streams = np.random.default_rng(config.seed).spawn(4)
        split_rng, weights_rng, self._order_rng, self._augmentation_rng = streams
        self.train, self.validation = split(dataset, config.validation_fraction, rng=split_rng)
        self._probe = self.train.take(slice(len(self.validation)))
        self.network: Network = build_network(config.architecture, rng=weights_rng)
        self.history: list[EpochRecord] = []
        self.best: EpochRecord | None = None
        self._best_state = self.network.state()

    @property
    def steps_per_epoch(self) -> int:
        """Minibatches in an epoch, the last one perhaps smaller."""
        return math.ceil(len(self.train) / self.config.batch_size)

    def __iter__(self) -> Iterator[StepRecord | EpochRecord]:
        with one_blas_thread():
            yield from self._records()

    def _records(self) -> Iterator[StepRecord | EpochRecord]:
        config, network = self.config, self.network
        optimizer = OPTIMIZERS[config.optimizer](network.parameters, config.learning_rate)
        schedule = SCHEDULES[config.schedule]
        total_steps = self.steps_per_epoch * config.epochs
        step = 0
        start = time.perf_counter()
        for epoch in range(1, config.epochs + 1):
            for images, labels in one_ahead(self._augmented_minibatches()):
                optimizer.learning_rate = config.learning_rate * schedule(step, total_steps)
                loss = network.loss_and_gradients(images, labels)
                step += 1
                if not math.isfinite(loss):
                    network.load_state(self._best_state)
                    raise TrainingError(
                        f"The loss is {loss} at step {step} of epoch {epoch}, at a learning rate of "
                        f"{optimizer.learning_rate:.3g}. Lower the learning rate and train again."
                    )
                optimizer.step()
                yield StepRecord(epoch, step, optimizer.learning_rate, loss, len(labels))
            yield self._finish_epoch(epoch, step, optimizer.learning_rate, start)
        network.load_state(self._best_state)

    def _augmented_minibatches(self) -> Iterator[tuple[npt.NDArray[np.float32], Labels]]:
        augmentation = self.config.augmentation
        for images, labels in minibatches(self.train, self.config.batch_size, rng=self._order_rng):
            if augmentation is not None:
                images = augmentation(images, rng=self._augmentation_rng)
            yield images, labels

    def _finish_epoch(self, epoch: int, step: int, learning_rate: float, start: float) -> EpochRecord:
        train = evaluate(self.network, self._probe)
        validation = evaluate(self.network, self.validation)
        record = EpochRecord(
            epoch,
            step,
            learning_rate,
            train.loss,
            train.accuracy,
            validation.loss,
            validation.accuracy,
            round(time.perf_counter() - start, 2),
        )
        self.history.append(record)
        if self.best is None or _rank(record) > _rank(self.best):
            self.best = record
            self._best_state = self.network.state()
        return record


def _rank(record: EpochRecord) -> tuple[float, float]:
    return record.validation_accuracy, -record.validation_loss


def history_csv(history: list[EpochRecord]) -> str:
    """One line an epoch, with named columns."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in fields(EpochRecord)])
    for record in history:
        writer.writerow([f"{value:.6g}" for value in vars(record).values()])
    return text.getvalue()
