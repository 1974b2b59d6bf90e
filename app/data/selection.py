"""One data set or several, as --dataset and the window name them, to train on and to test with."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from app.data.my_digits import samples_of
from app.data.sources import MY_DIGITS, NOT_DIGITS, SOURCES, Source, my_digits
from engine.datasets.dataset import Dataset
from engine.datasets.mixture import Drawings, Mixture
from engine.errors import ConfigurationError
from engine.learning.training_config import SamplesFacts, TrainingConfig
from engine.machine.processes import Processes
from engine.quoting import quoted

MOST_WEIGHT = 1_000  # times that an example is seen in an epoch


@dataclass(frozen=True)
class Selection:
    """One data set or several, as --dataset names them."""

    weights: Mapping[str, float]  # name of a source -> how often an example is seen in an epoch
    samples: SamplesFacts | None = None  # that MY_DIGITS stands for; None: those of whoever draws now

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

    def source(self, name: str) -> Source:
        """What is behind one of the names."""
        return my_digits(self.samples) if name == MY_DIGITS and self.samples is not None else SOURCES[name]

    @contextmanager
    def training_data(
        self,
        folder: Path,
        config: TrainingConfig,
        *,
        workers: int = 1,
        read: Mapping[str, Dataset | Drawings] = MappingProxyType({}),
    ) -> Iterator[Dataset | Mixture]:
        """What to train on, while it is entered; DatasetError says what is wrong with the files.

        So many `workers` render drawings meanwhile, and end here. `read` is what `read_files` gave elsewhere.
        """
        parts = {
            name: read[name] if name in read else self.source(name).train_part(folder, config.drawings)
            for name in self.weights
        }
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

    def read_files(self, folder: Path) -> dict[str, Dataset | Drawings]:
        """The training parts of what comes in files, by name; DatasetError says what is wrong with them."""
        return {
            name: self.source(name).train_part(folder, 0)
            for name in self.weights
            if SOURCES[name].load is not None
        }

    def test_parts(self, folder: Path) -> dict[str, Dataset]:
        """Each source's test images of digits; DatasetError says what is wrong with the files."""
        return {name: self.source(name).test_images(folder) for name in self.digits}


def parse_selection(text: str) -> Selection:
    """The selection written as mnist,pendigits:3,synthetic:0.5; ConfigurationError says what is wrong."""
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
    return Selection(weights)


def find_selection(name: str, folder: Path, samples: SamplesFacts | None = None) -> Selection:
    """The data sets of this name, or of these as parse_selection reads them.

    DatasetError, with what to do, if a file of theirs is not in the folder.
    """
    selection = replace(parse_selection(name), samples=samples)
    for source in map(selection.source, selection.weights):
        if not source.is_in(folder):
            for part in ("train", "test"):
                assert source.load is not None
                source.load(folder, part)  # raises: nobody knows better what is missing
    return selection


def with_samples(config: TrainingConfig, author: str | None = None) -> TrainingConfig:
    """The configuration with whose digits are learnt, where it has MY_DIGITS and does not tell it yet.

    By default those of whoever draws now. DatasetError if these are too few.
    """
    if MY_DIGITS not in parse_selection(config.dataset).weights:
        return replace(config, samples=None)
    return config if config.samples is not None else replace(config, samples=samples_of(author))
