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
from functools import partial
from io import StringIO
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.architectures import ARCHITECTURES, build_network
from engine.augmentation import Augmentation, FlipAndShift
from engine.datasets import Dataset, Labels, as_ink, minibatches, split
from engine.errors import ConfigurationError, TrainingError
from engine.evaluation import evaluate
from engine.losses import LOSSES, Loss, softmax_cross_entropy
from engine.network import Network
from engine.optimizers import OPTIMIZERS, LevenbergMarquardt
from engine.schedules import schedule
from engine.threads import one_ahead, one_blas_thread


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides how a run goes, checked when it is made."""

    architecture: str = "lenet5"
    epochs: int = 20
    batch_size: int = 64
    learning_rate: float = 0.003  # at the schedule's peak
    optimizer: str = "adam"
    schedule: str = "one-cycle"  # see engine.schedules
    loss: str = "cross-entropy"
    label_smoothing: float = 0.0  # of the target, spread over all classes; cross-entropy only
    weight_decay: float = 0.0  # of a weight, times the learning rate, at each step
    weight_average: float = 0.0  # decay of a running average of the weights, which is then kept; 0: none
    augmentation: Augmentation | FlipAndShift | None = field(default_factory=Augmentation)
    validation_fraction: float = 1 / 12  # 5,000 of MNIST's 60,000
    patience: int = 0  # epochs without a better validation loss after which the run ends; 0: all epochs
    least_improvement: float = 0.0  # of the validation loss, as a share of it, that counts as better
    seed: int = 0

    def __post_init__(self) -> None:
        for name, known in (
            ("architecture", ARCHITECTURES),
            ("optimizer", OPTIMIZERS),
            ("loss", LOSSES),
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
        schedule(self.schedule)
        if not 0 < self.validation_fraction < 1:
            raise ConfigurationError(
                f"validation_fraction must lie between 0 and 1, got {self.validation_fraction}."
            )
        for name in ("label_smoothing", "weight_average", "least_improvement"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigurationError(f"{name} must be in 0…1, 1 excluded; got {getattr(self, name)}.")
        if self.label_smoothing and self.loss != "cross-entropy":
            raise ConfigurationError(f"label_smoothing goes with cross-entropy, not with {self.loss}.")
        for name in ("weight_decay", "patience", "seed"):
            if not getattr(self, name) >= 0:
                raise ConfigurationError(f"{name} must be 0 or more, got {getattr(self, name)}.")

    @classmethod
    def for_architecture(cls, architecture: str, **changes: Any) -> "TrainingConfig":
        """The settings that suit a network, with these changes."""
        return cls(**{"architecture": architecture, **RECIPES.get(architecture, {}), **changes})

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as they are written to network.json."""
        return asdict(self)


# What differs from TrainingConfig's own defaults for a network that needs something else.
RECIPES: dict[str, dict[str, Any]] = {
    # LeCun et al. (1998), section III-B and appendix C
    "lenet5-1998": {
        "batch_size": 8,
        "learning_rate": 0.001,
        "optimizer": "levenberg-marquardt",
        "schedule": "cosine",
        "loss": "map",
        "augmentation": None,
    },
    "cifar10": {"epochs": 40, "augmentation": FlipAndShift(), "learning_rate": 0.002},
    "best": {
        "epochs": 24,
        "learning_rate": 0.004,
        "label_smoothing": 0.05,
        "weight_average": 0.999,
        "augmentation": Augmentation(rotation=10, shear=0.15, elastic=0.6, thickness=0.3),
    },
}


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

    CURVATURE_IMAGES = 500  # LeCun et al. (1998), section III-B, re-estimate on as many at each epoch

    def __init__(self, dataset: Dataset, config: TrainingConfig) -> None:
        self.config = config
        # one stream of random numbers each, so that changing one choice leaves the others as they were
        streams = np.random.default_rng(config.seed).spawn(5)
        split_rng, weights_rng, self._order_rng, self._augmentation_rng, self._layers_rng = streams
        self.train, self.validation = split(dataset, config.validation_fraction, rng=split_rng)
        self._probe = self.train.take(slice(len(self.validation)))
        self.network: Network = build_network(config.architecture, rng=weights_rng)
        self.network.logits(as_ink(dataset.images[:1]))  # a data set of another shape is told at once
        if config.augmentation is not None and config.augmentation.ndim != dataset.images.ndim:
            raise ConfigurationError(
                f"{type(config.augmentation).__name__} is not made for images of shape "
                f"{dataset.images.shape[1:]}. Leave augmentation to the architecture, or set none."
            )
        # what is measured and kept: the network itself, or the running average of its weights
        self._kept = self.network
        if config.weight_average:
            self._kept = build_network(config.architecture, rng=np.random.default_rng(0))
            self._kept.load_state(self.network.state())
        self.history: list[EpochRecord] = []
        self.best: EpochRecord | None = None
        self._best_state = self.network.state()

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

    def __iter__(self) -> Iterator[StepRecord | EpochRecord]:
        with one_blas_thread():
            yield from self._records()

    def _records(self) -> Iterator[StepRecord | EpochRecord]:
        config, network = self.config, self.network
        optimizer = OPTIMIZERS[config.optimizer](
            network.parameters, config.learning_rate, weight_decay=config.weight_decay
        )
        factor = schedule(config.schedule)
        total_steps = self.steps_per_epoch * config.epochs
        step = 0
        start = time.perf_counter()
        for epoch in range(1, config.epochs + 1):
            for images, labels in one_ahead(self._augmented_minibatches()):
                if isinstance(optimizer, LevenbergMarquardt) and self._curvature_is_due(step):
                    sample = as_ink(self.train.images[: self.CURVATURE_IMAGES])
                    optimizer.curvatures = network.curvatures(sample)
                optimizer.learning_rate = config.learning_rate * factor(
                    step, total_steps, self.steps_per_epoch
                )
                loss = network.loss_and_gradients(images, labels, loss=self._loss, rng=self._layers_rng)
                step += 1
                if not math.isfinite(loss):
                    network.load_state(self._best_state)
                    raise TrainingError(
                        f"The loss is {loss} at step {step} of epoch {epoch}, at a learning rate of "
                        f"{optimizer.learning_rate:.3g}. Lower the learning rate and train again."
                    )
                optimizer.step()
                self._average(step)
                yield StepRecord(epoch, step, optimizer.learning_rate, loss, len(labels))
            yield self._finish_epoch(epoch, step, optimizer.learning_rate, start)
            if self._is_stuck():
                break
        network.load_state(self._best_state)

    def _curvature_is_due(self, step: int) -> bool:
        """Before each epoch, as the paper has it, and whenever the first steps have doubled.

        The random network is so flat that steps by its curvature alone would be far too long.
        """
        is_power_of_two = step & (step - 1) == 0
        return step % self.steps_per_epoch == 0 or (is_power_of_two and step < self.steps_per_epoch)

    @property
    def _loss(self) -> Loss:
        if self.config.label_smoothing:
            return partial(softmax_cross_entropy, label_smoothing=self.config.label_smoothing)
        return LOSSES[self.config.loss]

    def _augmented_minibatches(self) -> Iterator[tuple[npt.NDArray[np.float32], Labels]]:
        augmentation = self.config.augmentation
        for images, labels in minibatches(self.train, self.config.batch_size, rng=self._order_rng):
            if augmentation is not None:
                images = augmentation(images, rng=self._augmentation_rng)
            yield images, labels

    def _average(self, step: int) -> None:
        """Move the averaged weights towards today's; early on faster, to forget the random start."""
        if self._kept is not self.network:
            self._kept.move_towards(self.network, 1 - min(self.config.weight_average, step / (step + 10)))

    def _finish_epoch(self, epoch: int, step: int, learning_rate: float, start: float) -> EpochRecord:
        train = evaluate(self._kept, self._probe)
        validation = evaluate(self._kept, self.validation)
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
            self._best_state = self._kept.state()
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


def history_csv(history: list[EpochRecord]) -> str:
    """One line an epoch, with named columns."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in fields(EpochRecord)])
    for record in history:
        writer.writerow([f"{value:.6g}" for value in vars(record).values()])
    return text.getvalue()
