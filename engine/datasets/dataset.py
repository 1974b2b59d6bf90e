"""Datasets: images with their labels, split, shuffled and cut into minibatches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError, DatasetError
from engine.nn.losses import Labels

Images = npt.NDArray[Any]  # (N, H, W) or (N, C, H, W): uint8 in 0…255, or float32 in 0…1


@dataclass(frozen=True)
class Dataset:
    """Images with their labels.

    Images may stay uint8, as the files hold them, which is a quarter of the memory; whoever computes
    with them takes them through `as_ink`.
    """

    images: Images
    labels: Labels

    def __post_init__(self) -> None:
        if len(self.images) != len(self.labels):
            raise DatasetError(
                "{images} images, but {labels} labels.", images=len(self.images), labels=len(self.labels)
            )

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: npt.NDArray[np.integer] | slice) -> "Dataset":
        """The examples at these indices, in that order."""
        return Dataset(self.images[indices], self.labels[indices])

    def split(self, fraction: float, *, rng: np.random.Generator) -> "tuple[Dataset, Dataset]":
        """(the rest, a random `fraction`): each example in exactly one of the two, neither empty."""
        count = round(len(self) * fraction)
        if not 0 < count < len(self):
            raise ConfigurationError(
                f"A fraction of {fraction} of {len(self)} examples leaves one side of the split empty."
            )
        order = rng.permutation(len(self))
        return self.take(np.sort(order[count:])), self.take(np.sort(order[:count]))

    def of_epoch(self, epoch: int, *, seed: int, is_last: bool = False) -> "Dataset":
        """Itself: every epoch has the same examples."""
        return self


def as_ink(images: Images) -> npt.NDArray[np.float32]:
    """float32 images, ink 1.0 on paper 0.0, of uint8 or float32 ones."""
    if images.dtype == np.uint8:
        return images.astype(np.float32) / np.float32(255)
    return images.astype(np.float32, copy=False)


def minibatches(
    dataset: Dataset, batch_size: int, *, rng: np.random.Generator | None = None
) -> Iterator[tuple[npt.NDArray[np.float32], Labels]]:
    """Each example exactly once, shuffled if an `rng` is given; the last batch may be smaller."""
    order = np.arange(len(dataset)) if rng is None else rng.permutation(len(dataset))
    for start in range(0, len(dataset), batch_size):
        batch = order[start : start + batch_size]
        yield as_ink(dataset.images[batch]), dataset.labels[batch]
