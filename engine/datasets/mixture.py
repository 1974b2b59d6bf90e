"""Several data sets learnt as one: images as they are, and drawings that are rendered anew for each epoch.

    with Processes(1) as processes:
        mixture = Mixture({"mnist": read_mnist(…), "synthetic": SyntheticDigits(10_000)}, processes=processes)
        rest, validation = mixture.split(1 / 12, rng=rng)
        for epoch in range(1, 21):
            dataset = rest.of_epoch(epoch, seed=0)

The images of an epoch are a function of seed and epoch, whoever renders them and in whatever order.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.datasets.strokes import StrokeDataset, render
from engine.errors import ConfigurationError, WorkerError
from engine.ink.stroke_augmentation import StrokeAugmentation
from engine.machine.processes import Processes

CHUNK = 250  # drawings that are rendered in one go
STREAM = 1_000  # of random numbers, apart from those of a run: `engine.learning.training.Purpose`
FEW = 2_000  # drawings an epoch, which are rendered sooner than a process has started


class Drawings(Protocol):
    """What drawings can be had from: a StrokeDataset, or something that draws them."""

    def __len__(self) -> int: ...

    def take(self, indices: npt.NDArray[np.integer]) -> "Drawings":
        """Those at these indices, small enough to be sent to another process."""

    def drawn(self, *, rng: np.random.Generator) -> StrokeDataset:
        """All of them."""

    def split(self, fraction: float, *, rng: np.random.Generator) -> "tuple[Drawings, StrokeDataset]":
        """(what is trained on, a random `fraction` that is not)."""


@dataclass(frozen=True)
class JoinedDataset(Dataset):
    """Data sets one after the other, which can be told apart again."""

    counts: Mapping[str, int]  # name of a part -> how many of the examples

    @property
    def parts(self) -> dict[str, Dataset]:
        """Each part by its name; its images are views."""
        ends = np.cumsum([0, *self.counts.values()])
        return {
            name: self.take(slice(start, end))
            for name, (start, end) in zip(self.counts, pairwise(ends), strict=True)
        }


def join(parts: Mapping[str, Dataset]) -> JoinedDataset:
    """One data set of several; ConfigurationError if their images are of different kinds."""
    kinds = {name: f"{part.images.dtype} of {part.images.shape[1:]}" for name, part in parts.items()}
    if len(set(kinds.values())) > 1:
        raise ConfigurationError(
            f"Images of different kinds cannot be mixed: {', '.join(map(': '.join, kinds.items()))}. "
            "Leave one of them out."
        )
    return JoinedDataset(
        np.concatenate([part.images for part in parts.values()]),
        np.concatenate([part.labels for part in parts.values()]),
        {name: len(part) for name, part in parts.items()},
    )


class Mixture:
    """Data sets to train on together.

    Parameters
    ----------
    parts : mapping of str to Dataset or Drawings
    weights : mapping of str to float
        How often an example is seen in an epoch; 1 where nothing is said. Of a fraction it is random which.
        A drawing that is seen twice is rendered twice.
    augmentation : StrokeAugmentation or None
        Of drawings that are trained on; those to validate with stay as they are.
    processes : Processes, optional
        What renders the next epoch meanwhile; they stay their owner's to close. Without them an epoch is
        rendered when it is asked for, and so is one of FEW drawings.
    """

    def __init__(
        self,
        parts: Mapping[str, Dataset | Drawings],
        *,
        weights: Mapping[str, float] | None = None,
        augmentation: StrokeAugmentation | None = StrokeAugmentation(),  # noqa: B008, which is frozen
        processes: Processes | None = None,
    ) -> None:
        self.parts = dict(parts)
        if unknown := sorted(set(weights or {}) - set(parts)):
            raise ConfigurationError(
                f"There is a weight for {', '.join(unknown)}, but no such part. The parts are: "
                f"{', '.join(parts)}."
            )
        self.weights = dict.fromkeys(parts, 1.0) | dict(weights or {})
        self.augmentation = augmentation
        for name in parts:
            if not self._count(name):
                raise ConfigurationError(
                    f"Of {name}, {len(parts[name])} examples with a weight of {self.weights[name]}, nothing "
                    "is ever seen. Leave it out, or give it more weight."
                )
        drawings = sum(self._count(name) for name, part in parts.items() if not isinstance(part, Dataset))
        self._processes = processes if processes is not None and drawings > FEW else Processes(0)
        self._coming: dict[tuple[int, int], dict[str, list[Future[Dataset]]]] = {}

    def __len__(self) -> int:
        """Examples in each epoch."""
        return sum(self._count(name) for name in self.parts)

    def split(self, fraction: float, *, rng: np.random.Generator) -> "tuple[Mixture, JoinedDataset]":
        """(what is trained on, a `fraction` of each part that is not).

        Of images a random share is set aside, of drawings all of some writers, and what is drawn on demand
        is drawn for it.
        """
        rests: dict[str, Dataset | Drawings] = {}
        validation = {}
        for (name, part), part_rng in zip(self.parts.items(), rng.spawn(len(self.parts)), strict=True):
            rests[name], aside = part.split(fraction, rng=part_rng)
            validation[name] = aside if isinstance(aside, Dataset) else aside.rendered()
        rest = Mixture(rests, weights=self.weights, augmentation=self.augmentation, processes=self._processes)
        return rest, join(validation)

    def of_epoch(self, epoch: int, *, seed: int, is_last: bool = False) -> JoinedDataset:
        """The examples of an epoch, part by part; those of the next one, if any, begin to be rendered.

        WorkerError if a process that renders has ended.
        """
        try:
            ahead = 0 if is_last or not self._processes.count else 1
            self._foresee([(seed, epoch + i) for i in range(ahead + 1)])
            coming = {
                name: [future.result() for future in chunks]
                for name, chunks in self._coming[seed, epoch].items()
            }
        except BrokenProcessPool as error:
            raise WorkerError(
                "A process that renders drawings was ended from outside, perhaps for want of memory. Close "
                "other programs, or let fewer workers render."
            ) from error
        parts = {}
        for name, part in self.parts.items():
            if isinstance(part, Dataset):
                parts[name] = part.take(self._seen(name, seed, epoch))
                continue
            images, labels = zip(*((chunk.images, chunk.labels) for chunk in coming[name]), strict=True)
            parts[name] = Dataset(np.concatenate(images), np.concatenate(labels))
        return join(parts)

    def _foresee(self, wanted: list[tuple[int, int]]) -> None:
        """Let these epochs come, by (seed, epoch), and no others."""
        for key in self._coming.keys() - wanted:
            for chunks in self._coming.pop(key).values():
                for future in chunks:
                    future.cancel()
        for key in wanted:
            if key not in self._coming:
                self._coming[key] = self._begin(*key)

    def _begin(self, seed: int, epoch: int) -> dict[str, list["Future[Dataset]"]]:
        """The coming images of all drawings of an epoch."""
        return {
            name: [
                self._processes.submit(
                    _rendered, part.take(chunk), self.augmentation, [seed, STREAM, epoch, number, i]
                )
                for i, chunk in enumerate(_chunks(self._seen(name, seed, epoch)), start=1)
            ]
            for number, (name, part) in enumerate(self.parts.items())
            if not isinstance(part, Dataset)
        }

    def _count(self, name: str) -> int:
        return round(self.weights[name] * len(self.parts[name]))

    def _seen(self, name: str, seed: int, epoch: int) -> npt.NDArray[np.integer]:
        """The indices of the examples that an epoch shows."""
        count = len(self.parts[name])
        times, more = divmod(self._count(name), count)
        rng = np.random.default_rng([seed, STREAM, epoch, list(self.parts).index(name)])
        some = rng.permutation(count)[:more]
        return np.concatenate((np.tile(np.arange(count), times), np.sort(some)))


def _chunks(indices: npt.NDArray[np.integer]) -> Iterator[npt.NDArray[np.integer]]:
    return (indices[start : start + CHUNK] for start in range(0, len(indices), CHUNK))


def _rendered(drawings: Drawings, augmentation: StrokeAugmentation | None, seed: list[int]) -> Dataset:
    """Drawings as images, varied; runs in any process."""
    rng = np.random.default_rng(seed)
    drawn = drawings.drawn(rng=rng)
    if augmentation is None:
        return drawn.rendered()
    variants = augmentation([drawing.strokes for drawing in drawn.drawings], rng=rng)
    return Dataset(render(variants, pen=augmentation.pens(len(drawn), rng=rng)), drawn.labels)
