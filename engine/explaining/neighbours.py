"""Neighbours: digits that the network finds most like a drawing, and those most like its second answer.

Two drawings are near where the last features, what the output layer judges by, point in nearly the same
direction. The features of some thousand digits are kept beside the network in 32 numbers of a byte each, with
the digits as pictures.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.errors import SavedNetworkError
from engine.files.array_files import archive_of, arrays_of
from engine.ink.preprocessing import FRAME
from engine.ink.rasterize import Ink
from engine.machine.threads import one_blas_thread
from engine.nn.functional import Array
from engine.nn.network import Network
from engine.quoting import reason

INDEX_FILE = "neighbours.npz"  # in a network's folder
AXES = 32  # principal components that are kept: the nearest stay the nearest
EACH = 3  # neighbours of the answer, and of the runner-up
AT_ONCE = 256  # images whose layers are held in memory together
NAMES = "names"  # of the sources, in the file

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Prototypes:
    """Digits to compare with."""

    images: Bytes  # (P, 28, 28)
    labels: Bytes  # (P,)
    sources: Bytes  # (P,) indices into the names
    names: tuple[str, ...]  # of the data sets that they come from

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Neighbour:
    """A digit that the network finds like a drawing."""

    digit: int
    source: str  # the name of its data set
    distance: float  # between the features, each of length 1: 0 for the same, 2 at most
    image: Ink  # (28, 28)


@dataclass(frozen=True)
class DigitIndex:
    """The prototypes, and where they stand for one network."""

    prototypes: Prototypes
    mean: Floats  # (F,) of their features
    axes: Floats  # (A, F) the principal components, of length 1
    scale: float  # what one step of a place is worth
    places: npt.NDArray[np.int8]  # (P, A)

    @classmethod
    def build(cls, network: Network, prototypes: Prototypes) -> "DigitIndex":
        """Show the prototypes to the network, and keep where they stand."""
        with one_blas_thread():
            features = last_features(network, prototypes.images.astype(np.float32) / np.float32(255))
            mean = features.mean(axis=0)
            centred = (features - mean).astype(np.float64)
            _, vectors = np.linalg.eigh(centred.T @ centred)
        axes = vectors[:, ::-1][:, :AXES].T.astype(np.float32)
        exact = (features - mean) @ axes.T
        scale = float(np.abs(exact).max()) / 127 or 1.0
        return cls(prototypes, mean, axes, scale, np.rint(exact / scale).astype(np.int8))

    def place(self, network: Network, images: Array) -> Floats:
        """(N, A) where images stand among the prototypes."""
        found = (last_features(network, images) - self.mean) @ self.axes.T
        return found.astype(np.float32, copy=False)

    def nearest(
        self, network: Network, image: Ink, digits: Sequence[int], *, each: int = EACH
    ) -> list[Neighbour]:
        """The nearest prototypes of each of these digits, the first digit's first, near before far.

        Parameters
        ----------
        image : (28, 28) array
            What the network sees.
        digits : sequence of int
            The answer and the runner-up, say.
        """
        distances = self.distances(network, image)
        found = []
        for digit in digits:
            own = np.flatnonzero(self.prototypes.labels == digit)
            order = own[np.argsort(distances[own], kind="stable")[:each]]
            found += [self._neighbour(int(index), float(distances[index])) for index in order]
        return found

    def distances(self, network: Network, image: Ink) -> Floats:
        """(P,) of an image, (28, 28), to each prototype, in the order of these."""
        (place,) = self.place(network, image[None])
        differences = self._exact_places - place
        distances: Floats = np.sqrt(np.einsum("pa,pa->p", differences, differences))
        return distances

    def closest(self, network: Network, image: Ink, count: int) -> npt.NDArray[np.intp]:
        """The numbers of the prototypes that are nearest to an image, (28, 28), in no order."""
        (place,) = self.place(network, image[None])
        # half of the squared distance but for what all have in common: |p - x|² = |p|² - 2 px + |x|²
        away = self._half_squares - self._exact_places @ place
        return np.argpartition(away, count - 1)[:count]

    @cached_property
    def _half_squares(self) -> Floats:
        """(P,) half of the squared length of each place."""
        squares: Floats = np.einsum("pa,pa->p", self._exact_places, self._exact_places) / 2
        return squares

    @cached_property
    def _exact_places(self) -> Floats:
        """(P, A) once for all: a drawing that moves asks at every motion."""
        return self.places * np.float32(self.scale)

    @property
    def sha256(self) -> bytes:
        """What tells it from any other index."""
        return hashlib.sha256(self.to_bytes()).digest()

    def to_bytes(self) -> bytes:
        """The contents of INDEX_FILE."""
        return archive_of(
            {
                "images": self.prototypes.images,
                "labels": self.prototypes.labels,
                "sources": self.prototypes.sources,
                NAMES: np.frombuffer("\n".join(self.prototypes.names).encode(), np.uint8),
                "mean": self.mean,
                "axes": self.axes,
                "places": self.places,
                "scale": np.float64(self.scale),
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes, network: Network) -> "DigitIndex":
        """What `to_bytes` was called on; SavedNetworkError if it is damaged, or another network's."""
        try:
            return cls._of(arrays_of(content), network)
        except Exception as error:  # whatever zip, array and text say of damage
            raise SavedNetworkError(
                "{name} is no index of digits for this network: {reason}.",
                name=INDEX_FILE,
                reason=reason(error),
            ) from error

    @classmethod
    def _of(cls, arrays: dict[str, Array], network: Network) -> "DigitIndex":
        names = tuple(arrays.pop(NAMES).tobytes().decode().split("\n"))
        P, A = arrays["places"].shape
        F = feature_count(network)
        expected = {
            "images": ((P, FRAME, FRAME), np.uint8),
            "labels": ((P,), np.uint8),
            "sources": ((P,), np.uint8),
            "mean": ((F,), np.float32),
            "axes": ((A, F), np.float32),
            "places": ((P, A), np.int8),
            "scale": ((), np.float64),
        }
        found = {name: (array.shape, array.dtype.type) for name, array in arrays.items()}
        if found != expected:
            raise ValueError(f"it holds {found}, not {expected}")
        if not all(np.isfinite(arrays[name]).all() for name in ("mean", "axes", "scale")):
            raise ValueError("it holds numbers that are not finite")
        if P and arrays["sources"].max() >= len(names):
            raise ValueError("a digit comes from nowhere")
        prototypes = Prototypes(arrays["images"], arrays["labels"], arrays["sources"], names)
        return cls(prototypes, arrays["mean"], arrays["axes"], float(arrays["scale"]), arrays["places"])

    def _neighbour(self, index: int, distance: float) -> Neighbour:
        prototypes = self.prototypes
        image = prototypes.images[index].astype(np.float32) / np.float32(255)
        source = prototypes.names[prototypes.sources[index]]
        return Neighbour(int(prototypes.labels[index]), source, distance, image)


def last_features(network: Network, images: Array) -> Floats:
    """(N, F) what the output layer reads, each row scaled to length 1; 0 where all features are."""
    parts = [network.features(images[start : start + AT_ONCE]) for start in range(0, len(images), AT_ONCE)]
    features = np.concatenate(parts).astype(np.float32).reshape(-1, feature_count(network))
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    features /= np.where(lengths > 0, lengths, 1)
    return features


def feature_count(network: Network) -> int:
    """How many numbers the output layer reads."""
    shapes = [network.input_shape, *network.shapes.values()]
    return int(np.prod(shapes[-2]))
