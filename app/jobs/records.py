"""What the window's jobs tell of their work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.jobs.protocol import Record
from engine.nn.losses import Labels
from engine.reading.evaluation import PairedTally, Tally


@dataclass(frozen=True)
class Progress(Record):
    """How much of a measurement or a download is done, in 0…1."""

    share: float


@dataclass(frozen=True)
class Measured(Record):
    """The end of a measurement: the test images, and every field of the Evaluation.

    The images, too: to read or to draw them again takes seconds.
    """

    images: npt.NDArray[Any]
    labels: Labels
    probabilities: npt.NDArray[np.float32]
    loss: float
    rejected: npt.NDArray[np.bool_] | None


@dataclass(frozen=True)
class FilmScores(Record):
    """What was read of test digits after each snapshot of a film, and by the network as it is."""

    source: str  # its name among app.data.sources.SOURCES
    images: npt.NDArray[Any]  # (N, 28, 28) bytes
    labels: npt.NDArray[np.uint8]  # (N,)
    answers: npt.NDArray[np.uint8]  # (S, N)


@dataclass(frozen=True)
class Begin(Record):
    """A training begins, of so many steps; one that goes on has taken some of them."""

    steps: int
    steps_per_epoch: int
    step: int


@dataclass(frozen=True)
class Preparing(Record):
    """The first digits are read or drawn, before the first step."""

    seconds_left: float  # to the end of all, as far as it can be guessed
    seconds: float = 0.0  # of them, to the first step


@dataclass(frozen=True)
class Step(Record):
    """Several times a second."""

    step: int
    epoch: int
    seconds_left: float  # to the end of all, with what comes after the last step


@dataclass(frozen=True)
class Glimpse(Record):
    """What the network was after so many steps lies in the training's folder; it read these digits so."""

    step: int
    right: int
    count: int


@dataclass(frozen=True)
class Epoch(Record):
    """The values of an EpochRecord."""

    epoch: int
    step: int
    learning_rate: float
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


@dataclass(frozen=True)
class Measuring(Record):
    """The network has learnt; of measuring it and the present one so much is done, in 0…1."""

    share: float
    seconds_left: float


@dataclass(frozen=True)
class SetResult:
    """What the new network gets right of a test set: digits that it reads, or non-digits that it rejects."""

    source: str  # its name among app.data.sources.SOURCES
    new: Tally
    pair: PairedTally | None  # the present network first; None if that is gone


@dataclass(frozen=True)
class Comparison:
    """The new network and the present one on every test set at hand."""

    sets: tuple[SetResult, ...]


@dataclass(frozen=True)
class End(Record):
    """The new network is saved; both were put to the same test images."""

    folder: str
    comparison: Comparison
