"""Training: a run that yields a record for every step and every epoch.

The engine yields facts; somebody else prints, plots or shows them:

    run = TrainingRun(dataset, TrainingConfig(epochs=3))
    for record in run:
        print(record)
    save_network(run.network, folder, training=run.facts(), test=evaluate(run.network, test).facts())

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
from contextlib import closing
from dataclasses import dataclass, field, fields
from functools import cached_property
from io import StringIO
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset, as_ink, minibatches
from engine.errors import CheckpointError, ConfigurationError, InferenceError, TrainingError
from engine.learning.backprop import Backprop, LocalBackprop, augmented, backprop_for, network_of
from engine.learning.optimizers import OPTIMIZERS, LevenbergMarquardt, Optimizer
from engine.learning.schedules import schedule
from engine.learning.snapshots import Snapshots
from engine.learning.streams import Purpose, stream
from engine.learning.training_config import TrainingConfig
from engine.learning.weight_average import WeightAverage
from engine.machine.threads import computing, one_ahead
from engine.nn.architectures import build_network
from engine.nn.curvature import check_has_curvature, curvatures
from engine.nn.flat import FlatNetwork
from engine.nn.functional import Array
from engine.nn.losses import Labels
from engine.nn.network import Network
from engine.plain_values import OPTIONAL
from engine.reading.evaluation import Classifier, evaluate


class Trainable(Protocol):
    """What a run can learn from: a Dataset, or something that makes another one for each epoch.

    Both are functions of their arguments alone: a run that goes on in another process gets the same images.
    """

    def __len__(self) -> int:
        """Examples in each epoch."""

    def split(self, fraction: float, *, rng: np.random.Generator) -> "tuple[Trainable, Dataset]":
        """(what is trained on, a random `fraction` that is not, to validate with)."""

    def of_epoch(self, epoch: int, *, seed: int, is_last: bool = False) -> Dataset:
        """The examples of an epoch, from 1; non-digits are labelled -1. The first is asked for twice.

        After one that is the last of the run none needs to be prepared.
        """


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
State = Mapping[str, Array]  # of a network: what `Network.state` gives


@dataclass(frozen=True, kw_only=True)
class TrainingFacts:
    """What a network folder tells of a run."""

    dataset: str = field(default="", metadata=OPTIONAL)  # for people; whoever trains knows
    config: TrainingConfig
    train_count: int  # examples in an epoch
    validation_count: int
    seconds: float
    chosen: EpochRecord  # the epoch that is kept
    command: str = field(default="", metadata=OPTIONAL)  # what somebody types to train it again
    ended_after: int | None = field(default=None, metadata=OPTIONAL)  # so many steps, where a person ended it


@dataclass(frozen=True)
class RunState:
    """A run between two records: all it takes to go on as if nothing had happened."""

    config: TrainingConfig
    data: str  # SHA-256 of the data set
    step: int  # how many were taken
    seconds: float
    history: Sequence[EpochRecord]
    arrays: Mapping[str, State]  # of the network, its average, the chosen one, the optimizer, the film …

    @property
    def has_ended(self) -> bool:
        """Whether nothing is left to learn: the chosen weights are the run's result."""
        return _has_ended(self.history, self.config)


# A cross-entropy is ln K where a network knows nothing, and some hundreds where it is sure of what is wrong.
ASTRAY = 1e6  # nats


class TrainingRun:
    """One run over a data set: iterate it, to the end or as far as you like; iterated again it goes on.

    Nothing is read, drawn or split before it is iterated, or asked for its parts.

    Parameters
    ----------
    dataset : Trainable
    config : TrainingConfig
    start : state of a network, optional
        The weights to go on from, of the same architecture; else random ones. They are also the teacher
        where the configuration distils and has no other.
    teacher : Classifier, optional
        What is distilled: the configuration's teachers as one.

    Attributes
    ----------
    network : Network
        The network that learns. At the end of the iteration it holds the chosen epoch's weights.
    step : int
        How many steps were taken.
    history : list of EpochRecord
    snapshots : Snapshots
        What the network was after some of the steps.

    Raises
    ------
    ConfigurationError
        If the network cannot be trained so, if `start` or `teacher` is missing where the configuration names
        one, or if the teacher reads other images or tells other classes.
    ShapeError
        If `start` is not of this architecture.
    """

    CURVATURE_IMAGES = 500  # LeCun et al. (1998), section III-B, re-estimate on as many at each epoch

    def __init__(
        self,
        dataset: Trainable,
        config: TrainingConfig,
        *,
        start: State | None = None,
        teacher: Classifier | None = None,
    ) -> None:
        self.config = config
        self._dataset = dataset
        self.network: Network = build_network(config.architecture, rng=stream(config.seed, Purpose.WEIGHTS))
        if start is not None:
            self.network.load_state(start)
        elif config.start:
            raise ConfigurationError(
                f"This training goes on from the network {config.start}. Give its weights as start."
            )
        self._former = network_of(config, start) if config.distil and start and not config.teachers else None
        self._teacher = _fitting(teacher, self.network, config) if config.teachers else self._former
        self._flat = FlatNetwork(self.network)
        has_curvatures = config.optimizer == "levenberg-marquardt"  # which are each parameter's own
        self._optimizer: Optimizer = OPTIMIZERS[config.optimizer](
            self.network.parameters if has_curvatures else self._flat.parameters,
            config.learning_rate,
            weight_decay=config.weight_decay,
        )
        if isinstance(self._optimizer, LevenbergMarquardt):
            check_has_curvature(self.network)
        self._average = WeightAverage(self.network, config.weight_average) if config.weight_average else None
        self._chosen_state = self.network.state()
        self.history: list[EpochRecord] = []
        self.step = 0
        self._ended_after: int | None = None
        self._backprop: Backprop = LocalBackprop(self._flat, config, self._teacher)
        self._start = time.perf_counter()
        if isinstance(dataset, Dataset):  # what does not fit is told at once where nothing has to be drawn
            self._check_fits(dataset)

    @property
    def train(self) -> Trainable:
        """What is learnt from."""
        return self._split[0]

    @property
    def validation(self) -> Dataset:
        """What was set aside."""
        return self._split[1]

    @cached_property
    @computing()
    def _split(self) -> tuple[Trainable, Dataset]:
        return self._dataset.split(
            self.config.validation_fraction, rng=stream(self.config.seed, Purpose.SPLIT)
        )

    @cached_property
    @computing()
    def _first_epoch(self) -> Dataset:
        """Its examples, which fit the network and the augmentation."""
        first = self._of_epoch(1)
        self._check_fits(first)
        return first

    def _of_epoch(self, epoch: int) -> Dataset:
        return self.train.of_epoch(epoch, seed=self.config.seed, is_last=epoch == self.config.epochs)

    def _check_fits(self, dataset: Dataset) -> None:
        self.network.logits(as_ink(dataset.images[:1]))  # ShapeError says what is expected
        augmentation = self.config.augmentation
        if augmentation is not None and augmentation.ndim != dataset.images.ndim:
            raise ConfigurationError(
                f"{type(augmentation).__name__} is not made for images of shape "
                f"{dataset.images.shape[1:]}. Leave augmentation to the architecture, or set none."
            )

    @cached_property
    def _data(self) -> str:
        return _sha256(self._first_epoch, self.validation)

    @cached_property
    def _probe(self) -> Dataset:
        """As many digits that are learnt as there are to validate with."""
        return _evenly(self._first_epoch, len(self.validation))

    @classmethod
    def resume(
        cls, dataset: Trainable, state: RunState, *, teacher: Classifier | None = None
    ) -> "TrainingRun":
        """The run that was in this state, on the same data set; it ends as one that never stopped.

        `teacher` is what it was begun with.

        CheckpointError if the data set is another one.
        """
        arrays = state.arrays
        start = arrays.get("teacher") or arrays["network"]
        run = cls(dataset, state.config, start=start, teacher=teacher)
        if run._data != state.data:
            raise CheckpointError(
                "The training was begun with another data set: its images or labels differ from these. Name "
                "the folder of the data that it was begun with, or begin anew."
            )
        run.network.load_state(arrays["network"])
        if run._average is not None:
            run._average.network.load_state(arrays["average"])
        run._optimizer.load_state(state.step, list(arrays["optimizer"].values()))
        run._chosen_state = dict(arrays["chosen"])
        run.snapshots.load_state(arrays.get("film", {}))
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
            "film": self.snapshots.state(),
            "teacher": {} if self._former is None else self._former.state(),
        }
        if self._average is not None:
            arrays["average"] = self._average.network.state()
        return RunState(self.config, self._data, self.step, self._seconds, tuple(self.history), arrays)

    @property
    def best(self) -> EpochRecord | None:
        """The epoch that is kept so far, as the configuration has it."""
        return kept_epoch(self.history, self.config.keep)

    def facts(self) -> TrainingFacts:
        """What the run was and what came of it, for network.json; TrainingError before an epoch is over."""
        if self.best is None:
            raise TrainingError("There is nothing to tell of a run that has finished no epoch.")
        return TrainingFacts(
            config=self.config,
            train_count=len(self.train),
            validation_count=len(self.validation),
            seconds=self.history[-1].seconds,
            chosen=self.best,
            ended_after=self._ended_after,
        )

    def finish(self) -> EpochRecord | None:
        """End the run where it is, as if its epochs were over; called between two records.

        The network then holds the chosen weights. The record is that of the epoch that was begun; None where
        none was. TrainingError before the first step.
        """
        if not self.step:
            raise TrainingError("There is nothing to keep of a run that has taken no step.")
        is_amid_an_epoch = self.step > (self.history[-1].step if self.history else 0)
        record = self._finish_epoch(len(self.history) + 1) if is_amid_an_epoch else None
        self._ended_after = self.step
        self._end()
        return record

    @property
    def learns_alone(self) -> bool:
        """Whether other processes were to help and do not; known once it has taken a step.

        There is one core, then, or no memory to share.
        """
        return self.config.processes > 1 and isinstance(self._backprop, LocalBackprop)

    @property
    def steps_per_epoch(self) -> int:
        """Minibatches in an epoch, the last one perhaps smaller."""
        return math.ceil(len(self.train) / self.config.batch_size)

    def __iter__(self) -> Iterator[Record]:
        image_shape = self._first_epoch.images.shape[1:]  # what does not fit is told here
        if not _has_ended(self.history, self.config):
            helped = backprop_for(self._flat, self.config, image_shape, self._teacher)
            with closing(helped) as self._backprop:
                yield from self._epochs()
        self._end()

    def _end(self) -> None:
        """The last picture of the film, and the network that was chosen: iterated again, there is no more."""
        self.snapshots.take(self.step, self.kept, is_last=True)
        self.network.load_state(self._chosen_state)

    def _epochs(self) -> Iterator[Record]:
        while self._ended_after is None and not _has_ended(self.history, self.config):
            epoch = len(self.history) + 1
            data = self._of_epoch(epoch)
            self.snapshots.take(self.step, self.kept)  # that of the random network; else there is one
            for images, labels in self._minibatches(data, epoch):
                yield self._learn(images, labels, epoch, data)
            yield self._finish_epoch(epoch)

    # what computes is held by `computing` itself, not by the iteration: between two records the process is
    # its caller's

    @computing()
    def _learn(
        self, images: npt.NDArray[np.float32], labels: Labels, epoch: int, data: Dataset
    ) -> StepRecord:
        """Take one step."""
        optimizer = self._optimizer
        if isinstance(optimizer, LevenbergMarquardt) and self._curvature_is_due():
            optimizer.curvatures = curvatures(self.network, as_ink(data.images[: self.CURVATURE_IMAGES]))
        optimizer.learning_rate = self._learning_rate(self.step)
        loss = self._backprop.loss_and_gradients(images, labels, self.step)
        self._check(loss, epoch, self.step + 1)
        optimizer.step()
        self.step += 1
        if self._average is not None:
            self._average.update(self._flat, self.step)
        self.snapshots.take(self.step, self.kept)
        return StepRecord(epoch, self.step, optimizer.learning_rate, loss, len(labels))

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

    def _minibatches(self, data: Dataset, epoch: int) -> Iterator[tuple[npt.NDArray[np.float32], Labels]]:
        """What is left to learn of an epoch; augmented ahead, unless each process augments its part."""
        done = self.step - (epoch - 1) * self.steps_per_epoch
        order = stream(self.config.seed, Purpose.ORDER, epoch)
        batches = islice(minibatches(data, self.config.batch_size, rng=order), done, None)
        return one_ahead(self._augmented(batches)) if self.config.processes == 1 else batches

    def _augmented(
        self, batches: Iterator[tuple[npt.NDArray[np.float32], Labels]]
    ) -> Iterator[tuple[npt.NDArray[np.float32], Labels]]:
        for step, (images, labels) in enumerate(batches, start=self.step):
            with computing():
                images = augmented(images, self.config, step)
            yield images, labels

    def _check(self, loss: float, epoch: int, step: int) -> None:
        """TrainingError if a loss is beyond all sense; the network then holds the last good weights."""
        if not loss < ASTRAY:  # nor is what is no number
            self.network.load_state(self._chosen_state)
            raise TrainingError(
                "The loss is {loss:.3g} at step {step} of epoch {epoch}, at a learning rate of "
                "{learning_rate:.3g}. Lower the learning rate and train again.",
                loss=loss,
                step=step,
                epoch=epoch,
                learning_rate=self._optimizer.learning_rate,
            )

    @cached_property
    def snapshots(self) -> Snapshots:
        """What the network was after some of the steps."""
        return Snapshots(self.network, self.steps_per_epoch * self.config.epochs)

    @property
    def kept(self) -> Network:
        """What is measured and kept: the network itself, or the running average of its weights."""
        return self.network if self._average is None else self._average.network

    @computing()
    def _finish_epoch(self, epoch: int) -> EpochRecord:
        try:
            train, validation = evaluate(self.kept, self._probe), evaluate(self.kept, self.validation)
        except InferenceError:
            self._check(math.nan, epoch, self.step)
            raise
        for loss in (train.loss, validation.loss):  # the last step's own loss was that before it
            self._check(loss, epoch, self.step)
        record = EpochRecord(
            epoch,
            self.step,
            self._learning_rate(self.step - 1),
            train.loss,
            train.accuracy,
            validation.loss,
            validation.accuracy,
            round(self._seconds, 2),
        )
        self.history.append(record)
        if self.best is record:
            self._chosen_state = self.kept.state()
        return record

    @property
    def _seconds(self) -> float:
        """Since it began."""
        return time.perf_counter() - self._start


def _fitting(teacher: Classifier | None, student: Network, config: TrainingConfig) -> Classifier:
    """The teacher; ConfigurationError if there is none, or none that this student can learn from."""
    names = ", ".join(each.name for each in config.teachers)
    if teacher is None:
        raise ConfigurationError(f"This training is taught by {names}. Give what they are as teacher.")
    if (teacher.input_shape, teacher.classes) != (student.input_shape, student.classes):
        raise ConfigurationError(
            "{names} tells {classes} classes of images of shape {shape}; {architecture}, which is to learn "
            "from it, tells {own_classes} of {own_shape}. Name another teacher, or another architecture.",
            names=names,
            classes=teacher.classes,
            shape=teacher.input_shape,
            architecture=config.architecture,
            own_classes=student.classes,
            own_shape=student.input_shape,
        )
    return teacher


def _has_ended(history: Sequence[EpochRecord], config: TrainingConfig) -> bool:
    return len(history) >= config.epochs or _is_stuck(history, config)


def _is_stuck(history: Sequence[EpochRecord], config: TrainingConfig) -> bool:
    """Whether the last `patience` epochs brought no better validation loss than those before."""
    patience = config.patience
    if not patience or len(history) <= patience:
        return False
    losses = [record.validation_loss for record in history]
    return min(losses[-patience:]) >= (1 - config.least_improvement) * min(losses[:-patience])


def kept_epoch(history: Sequence[EpochRecord], keep: str) -> EpochRecord | None:
    """The last, or that of the highest validation accuracy, of equals the one of the lowest loss.

    None of no epochs.
    """
    if not history or keep == "last":
        return history[-1] if history else None
    return max(history, key=lambda record: (record.validation_accuracy, -record.validation_loss))


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
