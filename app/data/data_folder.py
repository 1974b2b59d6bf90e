"""Which data sets there are, where they lie, and MNIST's way into that folder.

Data is looked for in `--data DIR`, else in the environment variable DIGITS_DATA, else in the user's cache
folder. It is downloaded only when asked for.
"""

import gzip
import hashlib
import logging
import math
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from engine.datasets.cifar10 import has_cifar10, read_cifar10
from engine.datasets.dataset import Dataset
from engine.datasets.mixture import Drawings, Mixture
from engine.datasets.mnist import SHA256, has_mnist, read_mnist
from engine.datasets.not_digits import TAUGHT, UNSEEN, NotDigits
from engine.datasets.pendigits import has_pendigits, read_pendigits
from engine.datasets.strokes import StrokeDataset
from engine.datasets.synthetic import SyntheticDigits
from engine.errors import ConfigurationError, DatasetError
from engine.files.bounded_files import read_at_most
from engine.learning.training_config import TrainingConfig
from engine.machine.processes import Processes
from engine.quoting import quoted

VARIABLE = "DIGITS_DATA"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://yann.lecun.com/exdb/mnist/",
)
MOST_WEIGHT = 1_000  # times that an example is seen in an epoch
MOST_UNPACKED = 2**26  # bytes: more than the largest of MNIST's files has
TIMEOUT = 30  # seconds without an answer, after which the next mirror is tried


def data_folder(option: Path | None) -> Path:
    """The folder of the data sets: the option, else DIGITS_DATA, else the user's cache."""
    if option is not None:
        return option
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    import platformdirs

    return platformdirs.user_cache_path("LeNet Canvas", appauthor=False)


@dataclass(frozen=True)
class Source:
    """A data set by the name that people know, and how it is found and read in a data folder."""

    title: str
    is_in: Callable[[Path], bool]
    load: Callable[[Path, str], Dataset | Drawings] | None = None  # (folder, "train" or "test")
    draw: Callable[[str, int], Drawings] | None = None  # so many drawings, where there is no file to load

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
SOURCES = {
    "mnist": Source("MNIST", has_mnist, read_mnist),
    "pendigits": Source("pen digits", has_pendigits, read_pendigits),
    "synthetic": Source("synthetic digits", _always, draw=_synthetic),
    NOT_DIGITS: Source("drawings of no digit", _always, draw=_not_digits),
    "cifar10": Source("CIFAR-10", has_cifar10, read_cifar10),
}


@dataclass(frozen=True)
class Choice:
    """One data set or several, as --dataset names them."""

    weights: Mapping[str, float]  # name of a source -> how often an example is seen in an epoch

    @property
    def title(self) -> str:
        """As in: MNIST + pen digits (3 times) + synthetic digits (0.5 times)."""
        return " + ".join(
            SOURCES[name].title + ("" if weight == 1 else f" ({weight:g} times)")
            for name, weight in self.weights.items()
        )

    @property
    def digits(self) -> list[str]:
        """The sources of digits."""
        return [name for name in self.weights if name != NOT_DIGITS]

    @contextmanager
    def training_data(
        self, folder: Path, config: TrainingConfig, *, workers: int = 1
    ) -> Iterator[Dataset | Mixture]:
        """What to train on, while it is entered; DatasetError says what is wrong with the files.

        So many `workers` render drawings meanwhile, and end here.
        """
        parts = {name: SOURCES[name].train_part(folder, config.drawings) for name in self.weights}
        (name, only), *others = parts.items()
        if not others and isinstance(only, Dataset) and self.weights[name] == 1:
            yield only
            return
        with Processes(workers) as processes:
            yield Mixture(
                parts,
                weights=self.weights,
                augmentation=config.stroke_augmentation,
                processes=processes,
            )

    def test_parts(self, folder: Path) -> dict[str, Dataset]:
        """Each source's test images of digits; DatasetError says what is wrong with the files."""
        return {name: SOURCES[name].test_images(folder) for name in self.digits}


def parse_choice(text: str) -> Choice:
    """The choice written as mnist,pendigits:3,synthetic:0.5; ConfigurationError says what is wrong."""
    weights: dict[str, float] = {}
    for word in text.split(","):
        name, colon, written = word.strip().partition(":")
        if name not in SOURCES:
            raise ConfigurationError(
                f"There is no data set {quoted(name)}. Choose among {', '.join(SOURCES)}; or several, with "
                "how often an example is seen, as in mnist,pendigits:3,synthetic:0.5."
            )
        if name in weights:
            raise ConfigurationError(
                f"The data set {name} is named twice. {name}:2 shows its examples twice."
            )
        try:
            weights[name] = float(written) if colon else 1.0
        except ValueError:
            weights[name] = math.nan
        if not 0 < weights[name] <= MOST_WEIGHT:
            raise ConfigurationError(
                f"How often {name}'s examples are seen must be a number above 0 and at most {MOST_WEIGHT:,}, "
                f"got {quoted(written)}."
            )
    if list(weights) == [NOT_DIGITS]:
        raise ConfigurationError(f"{NOT_DIGITS} goes with digits, as in mnist,{NOT_DIGITS}:0.5.")
    return Choice(weights)


def find_source(name: str, folder: Path) -> Choice:
    """The data sets of this name, or of these as parse_choice reads them.

    DatasetError, with what to do, if a file of theirs is not in the folder.
    """
    choice = parse_choice(name)
    for source in map(SOURCES.__getitem__, choice.weights):
        if not source.is_in(folder):
            for part in ("train", "test"):
                assert source.load is not None
                source.load(folder, part)  # raises: nobody knows better what is missing
    return choice


def download_mnist(folder: Path, *, mirrors: Sequence[str] = MIRRORS) -> None:
    """Fetch what is missing of MNIST's four files into `folder`/mnist, with a progress bar.

    A file is put in place only after its uncompressed contents have the SHA-256 of MNIST's.

    Raises
    ------
    DatasetError
        If no mirror gave the right file; says what went wrong with each.
    """
    if has_mnist(folder):
        return
    for name, sha256 in SHA256.items():
        target = folder / "mnist" / f"{name}.gz"
        if not target.exists():
            _download(name, sha256, target, mirrors)


def _download(name: str, sha256: str, target: Path, mirrors: Sequence[str]) -> None:
    import pooch  # here: it takes a third of a second, and only a download needs it
    import requests

    pooch.get_logger().setLevel(logging.WARNING)
    failures = []
    for mirror in mirrors:
        partial = target.with_name(f".{target.name}.part")
        partial.unlink(missing_ok=True)
        try:
            pooch.retrieve(
                f"{mirror}{name}.gz",
                known_hash=None,  # the mirrors packed it differently: what is inside counts
                fname=partial.name,
                path=target.parent,
                downloader=pooch.HTTPDownloader(progressbar=True, timeout=TIMEOUT),
            )
            with gzip.open(partial) as content:
                found = hashlib.sha256(read_at_most(content, MOST_UNPACKED)).hexdigest()
            if found == sha256:
                os.replace(partial, target)
                return
            failures.append(f"{_host(mirror)} served something else (its SHA-256 is {found[:12]}…)")
        except requests.HTTPError:
            failures.append(f"{_host(mirror)} does not have it")
        except requests.RequestException:
            failures.append(f"{_host(mirror)} could not be reached")
        except (OSError, EOFError, zlib.error):
            failures.append(f"{_host(mirror)} sent a file that is no gzip, or only a part of it")
        finally:
            partial.unlink(missing_ok=True)
    raise DatasetError(
        f"{name}.gz could not be downloaded: {'; '.join(failures)}. Is there a connection to the internet? "
        "You can also put MNIST's four files into a folder and name it with --data DIR."
    )


def _host(mirror: str) -> str:
    return urlsplit(mirror).netloc
