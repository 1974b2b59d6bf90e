"""The film of a training: the network as it was after so many steps, kept beside what came of it."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import SavedNetworkError
from engine.files.array_files import archive_of, arrays_of
from engine.ink.rasterize import Ink
from engine.machine.threads import one_blas_thread
from engine.nn.functional import Array
from engine.nn.network import Network
from engine.quoting import reason
from engine.reading.confidence import Confidence

FILM_FILE = "film.npz"  # in a network's folder
MOST = 64  # snapshots


@dataclass(frozen=True)
class Filmed:
    """What a network read in one image at each of S snapshots."""

    image: Ink
    probabilities: npt.NDArray[np.float32]  # (S, classes)
    is_digit: npt.NDArray[np.bool_]  # (S,)


@dataclass(frozen=True)
class Film:
    """Snapshots of one run, the first of the random network, the last of the last step."""

    steps: npt.NDArray[np.int64]  # (S,) ascending
    epochs: npt.NDArray[np.int64]  # (S,) in which epoch each step was; 0 before the first
    weights: npt.NDArray[np.float16]  # (S, numbers) of all arrays of the network, in their order

    @classmethod
    def of_run(
        cls, steps: npt.NDArray[np.int64], weights: npt.NDArray[np.float16], *, steps_per_epoch: int
    ) -> "Film":
        """Of what a run has kept."""
        return cls(steps, -(-steps // steps_per_epoch), weights)

    def __len__(self) -> int:
        return len(self.steps)

    def thinned(self, most: int) -> "Film":
        """At most so many of its pictures, two or more, taken evenly, the first and the last among them."""
        chosen = np.unique(np.linspace(0, len(self) - 1, most).round().astype(int))
        return Film(self.steps[chosen], self.epochs[chosen], self.weights[chosen])

    def show(self, index: int, network: Network) -> None:
        """Make a network of the same architecture what it was then."""
        values, start = self.weights[index].astype(np.float32), 0
        for array in network.arrays:
            stop = start + array.value.size
            array.value[...] = values[start:stop].reshape(array.value.shape)
            start = stop

    def logits(self, network: Network, images: Array) -> Iterator[Array]:
        """(N, classes) of the images, by each snapshot in turn; `network` itself stays as it is."""
        shown = deepcopy(network)
        for index in range(len(self)):
            self.show(index, shown)
            with one_blas_thread():
                logits = shown.logits(images)
            yield logits

    def read(self, network: Network, confidence: Confidence, image: Ink) -> Filmed:
        """What each snapshot makes of an image by the confidence of the network that came of it."""
        logits = np.concatenate(list(self.logits(network, image[None])))
        return Filmed(image, confidence.probabilities(logits), confidence.accepts(logits))

    def to_bytes(self) -> bytes:
        """The contents of FILM_FILE."""
        return archive_of({"steps": self.steps, "epochs": self.epochs, "weights": self.weights})

    @classmethod
    def from_bytes(cls, content: bytes, network: Network) -> "Film":
        """What `to_bytes` was called on; SavedNetworkError if it is damaged, or another network's."""
        try:
            arrays = arrays_of(content)
            found = {name: (array.shape, array.dtype.type) for name, array in arrays.items()}
            S, numbers = len(arrays["steps"]), sum(array.value.size for array in network.arrays)
            expected = {
                "steps": ((S,), np.int64),
                "epochs": ((S,), np.int64),
                "weights": ((S, numbers), np.float16),
            }
            if found != expected:
                raise ValueError(f"it holds {found}, not {expected}")
            if not 1 <= S <= MOST:
                raise ValueError(f"it has {S} pictures")
            if arrays["steps"][0] < 0 or (np.diff(arrays["steps"]) <= 0).any():
                raise ValueError("its steps go back")
            if arrays["epochs"][0] < 0 or (np.diff(arrays["epochs"]) < 0).any():
                raise ValueError("its epochs go back")
            if not np.isfinite(arrays["weights"]).all():
                raise ValueError("it holds numbers that are not finite")
        except Exception as error:  # whatever zip and array say of damage
            raise SavedNetworkError(
                "{name} is no film of this network: {reason}.", name=FILM_FILE, reason=reason(error)
            ) from error
        return cls(arrays["steps"], arrays["epochs"], arrays["weights"])
