"""Which data sets there are, by the names that people know, and how each is found and read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.data.my_digits import has_my_digits, read_my_digits, read_samples_of
from app.language import N_
from engine.datasets.cifar10 import has_cifar10, read_cifar10
from engine.datasets.dataset import Dataset
from engine.datasets.mixture import Drawings
from engine.datasets.mnist import has_emnist, has_mnist, has_mnist_test, read_emnist, read_mnist
from engine.datasets.not_digits import TAUGHT, UNSEEN, NotDigits
from engine.datasets.pendigits import has_pendigits, read_pendigits
from engine.datasets.strokes import StrokeDataset
from engine.datasets.synthetic import SyntheticDigits
from engine.learning.training_config import SamplesFacts


@dataclass(frozen=True)
class Source:
    """A data set by the name that people know, and how it is found and read in a data folder.

    The title is English, as network folders record it; the window translates it where it is shown.
    """

    title: str
    is_in: Callable[[Path], bool]
    load: Callable[[Path, str], Dataset | Drawings] | None = None  # (folder, "train" or "test")
    draw: Callable[[str, int], Drawings] | None = None  # so many drawings, where there is no file to load
    has_test: Callable[[Path], bool] | None = None  # where the test part comes in files of its own

    def has_test_part(self, folder: Path) -> bool:
        """Whether a folder has what it takes to test, be it all or not."""
        return (self.has_test or self.is_in)(folder)

    def train_part(self, folder: Path, drawings: int) -> Dataset | Drawings:
        """What to train on; `drawings` where it draws its own."""
        return self._part(folder, "train", drawings)

    def test_part(self, folder: Path) -> Dataset | StrokeDataset:
        """What to test with: images, or strokes where there are any."""
        part = self._part(folder, "test", SYNTHETIC_TEST)
        return part if isinstance(part, Dataset) else part.drawn(rng=np.random.default_rng(TEST_SEED))

    def test_images(self, folder: Path) -> Dataset:
        """The test part, drawings as a network sees them."""
        part = self.test_part(folder)
        return part if isinstance(part, Dataset) else part.rendered()

    def _part(self, folder: Path, part: str, drawings: int) -> Dataset | Drawings:
        if self.draw is not None:
            return self.draw(part, drawings)
        assert self.load is not None
        return self.load(folder, part)


SYNTHETIC_TEST = 2_000  # drawings
TEST_SEED = 10_000  # of the drawings to test with, the same at every test


def _synthetic(part: str, count: int) -> SyntheticDigits:
    return SyntheticDigits(count)


def _not_digits(part: str, count: int) -> NotDigits:
    return NotDigits(count, TAUGHT if part == "train" else UNSEEN)


def _always(folder: Path) -> bool:
    return True


NOT_DIGITS = "not-digits"
MY_DIGITS = "my-digits"
SOURCES = {
    "mnist": Source(N_("MNIST"), has_mnist, read_mnist, has_test=has_mnist_test),
    "emnist": Source("EMNIST", has_emnist, read_emnist),
    "pendigits": Source(N_("pen digits"), has_pendigits, read_pendigits),
    "synthetic": Source(N_("synthetic digits"), _always, draw=_synthetic),
    NOT_DIGITS: Source(N_("drawings of no digit"), _always, draw=_not_digits),
    MY_DIGITS: Source(N_("digits of your own"), has_my_digits, read_my_digits),
    "cifar10": Source("CIFAR-10", has_cifar10, read_cifar10),
}


def my_digits(samples: SamplesFacts) -> Source:
    """Those of MY_DIGITS that a training was begun with."""
    return replace(
        SOURCES[MY_DIGITS], is_in=_always, load=lambda folder, part: read_samples_of(samples, part)
    )
