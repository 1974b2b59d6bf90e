"""Memory: what a person has taught a network answers for drawings like it, at once, and for nothing else.

Two drawings are near where the features of the network's last pooled map, scaled to length 1, are. A taught
drawing answers for another one that is clearly nearer to it than to any drawing of the reference that is
something else: digits, and drawings that are none, as the network has met them. Where the network itself is
unsure which digit it is, nearer is enough. So what was taught decides only where nothing else is known. It is
the nearest neighbour rule, Cover and Hart (1967), with the network's own answer in the place of all classes
but what was taught.

    memory = Memory(reference).taught(network, images, labels)
    taught = TaughtNetwork(network, memory, memory.confidence(confidence))
    logits = taught.logits(others)

Places are the features' AXES principal components over the reference, which keeps its own in a byte each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Images, as_ink
from engine.errors import SavedNetworkError
from engine.files.array_files import archive_of, arrays_of
from engine.machine.threads import one_blas_thread
from engine.nn.box import Shape
from engine.nn.functional import Array
from engine.nn.layers import BatchNorm, MaxPool2D, MeanPool2D, ReLU, ScaledTanh, Sigmoid, Subsample2D, Tanh
from engine.nn.losses import NO_CLASS, Labels
from engine.nn.network import Network, Trace
from engine.quoting import reason
from engine.reading.confidence import Confidence
from engine.reading.evaluation import Classifier
from engine.reading.rejection import Rejection, evidence

REFERENCE_FILE, MEMORY_FILE = "reference.npz", "memory.npz"  # in a network's folder
AXES = 128  # principal components that are kept: more change no answer
# How far a lesson answers: a share of the distance to the nearest drawing of the reference that is something
# else. At 1 others lose four times as much (`python -m benchmarks.teaching`).
REACH = 0.85
# The same of what the network takes for a digit, of which it is less than so sure: of what 24 writers of pen
# digits had not taught, 53 errors of 219 were left by fifty samples, not 79, to a network without pen digits.
UNSURE, UNSURE_REACH = 0.9, 1.0
# What stands nearer together than this is one drawing: squared, of features of length 1, some ten times what
# rounding adds to it.
SAME = 1e-5
AT_ONCE = 256  # images whose layers are held in memory together
CLASSES = 10

# How sure an answer from memory is: 1 / (1 + EDGE * r**SHARPNESS), where r is the share of its reach that it
# needs. At r = 1 that is four of five; of the hands of benchmarks.teaching 22 of 24 answers were right in the
# outermost tenth, and all 1,044 further in.
EDGE = 0.25
SHARPNESS = 6.0
SUREST = 0.999
CLEARER = 1.25  # what an answer's logits grow by until they show evidence of a digit
FLAT = 1e-3  # what is left of a network's logits for what was taught to be no digit

# A lesson is doubtful where the NEIGHBOURS nearest digits are all of one other class, and the nearest of its
# own label lies more than DOUBTFUL times as far away as the first of them. That asks about a tenth of what is
# misread and rightly taught, and about 81 % of slips of the key.
NEIGHBOURS = 5
DOUBTFUL = 1.6

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]

POOLS = (MaxPool2D, MeanPool2D, Subsample2D)
GATES = (ReLU, Tanh, ScaledTanh, Sigmoid)


def feature_layer(network: Network) -> str:
    """The name of the last pooled map, after its normalisation and activation where these follow it.

    A network without a pool is asked for what its output layer reads.
    """
    names = list(network.layers)
    pools = [place for place, name in enumerate(names) if isinstance(network.layers[name], POOLS)]
    if not pools:
        return names[-2]
    place = pools[-1]
    while place + 1 < len(names) and isinstance(network.layers[names[place + 1]], (BatchNorm, *GATES)):
        place += 1
    return names[place]


def features_of(trace: Trace, layer: str) -> Floats:
    """(N, F) the features of traced images, each row scaled to length 1; 0 where all features are."""
    output = trace.outputs[layer]
    features = output.reshape(len(output), math.prod(output.shape[1:])).astype(np.float32, copy=False)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    scaled: Floats = np.divide(features, lengths, out=np.zeros_like(features), where=lengths > 0)
    return scaled


def _shown(network: Network, images: Images) -> Floats:
    """(N, F) the features of images (N, 28, 28)."""
    layer = feature_layer(network)
    with one_blas_thread():
        traces = (network.trace(as_ink(block)) for block in _blocks(images))
        return np.concatenate([features_of(trace, layer) for trace in traces])


def _blocks(images: Images) -> list[Images]:
    """Images in pieces that are held in memory together; one, where there are none."""
    return [images[start : start + AT_ONCE] for start in range(0, len(images), AT_ONCE)] or [images]


@dataclass(frozen=True)
class Reference:
    """Digits, and drawings that are none, as a network has met them: where they stand for it."""

    labels: Bytes  # (P,) digits, or NO_CLASS
    places: Bytes  # (P, A)
    mean: Floats  # (F,) of the features
    axes: Floats  # (A, F) the principal components, of length 1
    scale: float  # what one step of a place is worth

    @classmethod
    def build(cls, network: Network, images: Images, labels: Labels) -> Reference:
        """Show the network images, (P, 28, 28), and keep where they stand."""
        features = _shown(network, images)
        with one_blas_thread():
            mean: Floats = features.mean(axis=0)
            centred = (features - mean).astype(np.float64)
            _, vectors = np.linalg.eigh(centred.T @ centred)
            axes = vectors[:, ::-1][:, :AXES].T.astype(np.float16).astype(np.float32)  # as the file has them
            exact = (features - mean) @ axes.T
        scale = float(np.abs(exact).max()) / 127 or 1.0
        return cls(labels.astype(np.int8), np.rint(exact / scale).astype(np.int8), mean, axes, scale)

    def __len__(self) -> int:
        return len(self.labels)

    def place(self, features: Floats) -> Floats:
        """(N, A) where features (N, F) stand."""
        placed = (features - self.mean) @ self.axes.T
        return placed.astype(np.float32, copy=False)

    @cached_property
    def points(self) -> Points:
        """What is here, to measure distances from."""
        return Points(self.places.astype(np.float32) * np.float32(self.scale))

    def distances_to_others(self, places: Floats, labels: Bytes) -> Floats:
        """(N,) squared distances of (N, A) to the nearest drawing that is not of the label, one of (N,)."""
        is_same = self.labels == labels[:, None]
        nearest: Floats = np.where(is_same, np.float32(np.inf), self.points.distances(places)).min(axis=1)
        return nearest

    def to_bytes(self) -> bytes:
        """The contents of REFERENCE_FILE."""
        return archive_of(
            {
                "labels": self.labels,
                "places": self.places,
                "mean": self.mean,
                "axes": self.axes.astype(np.float16),
                "scale": np.float64(self.scale),
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes, network: Network) -> Reference:
        """What `to_bytes` was called on; SavedNetworkError if it is damaged, or another network's."""
        F = math.prod(network.shapes[feature_layer(network)])
        try:
            arrays = arrays_of(content)
            P, A = arrays["places"].shape
            expected = {
                "labels": ((P,), np.int8),
                "places": ((P, A), np.int8),
                "mean": ((F,), np.float32),
                "axes": ((A, F), np.float16),
                "scale": ((), np.float64),
            }
            _check(arrays, expected)
            if not (P and arrays["scale"] > 0):
                raise ValueError("it holds nothing to measure by")
        except Exception as error:  # whatever zip and array say of damage
            raise _damaged(REFERENCE_FILE, error) from error
        return cls(
            arrays["labels"],
            arrays["places"],
            arrays["mean"],
            arrays["axes"].astype(np.float32),
            float(arrays["scale"]),
        )


@dataclass(frozen=True)
class Points:
    """Points to measure distances from."""

    places: Floats  # (P, A)

    @cached_property
    def _squares(self) -> Floats:
        squares: Floats = np.square(self.places).sum(axis=1)
        return squares

    def distances(self, places: Floats) -> Floats:
        """(N, P) squared distances to points of (N, A)."""
        own = np.square(places).sum(axis=1, keepdims=True)
        squared: Floats = own + self._squares - 2 * (places @ self.places.T)
        return squared.clip(0)


class Doubt(Enum):
    """Why a lesson should be asked about before it is taken."""

    CONTRADICTS = "contradicts"  # an earlier lesson says otherwise of nearly the same drawing
    AMID_OTHERS = "amid others"  # the digits most like it are all of one other class


@dataclass(frozen=True)
class Verdict:
    """What speaks against a lesson."""

    doubt: Doubt
    other: int  # the class of what does


@dataclass(frozen=True)
class Recall:
    """What the memory says of drawings."""

    labels: Labels  # (N,) of the nearest lesson
    answers: npt.NDArray[np.bool_]  # (N,) whether it is near enough to answer
    sureness: npt.NDArray[np.float64]  # (N,) of an answer, in 0…1


@dataclass(frozen=True)
class Memory:
    """Lessons beside the reference that they answer before; a new one is made for each change."""

    reference: Reference
    places: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))  # (E, A)
    labels: Bytes = field(default_factory=lambda: np.zeros(0, np.int8))  # (E,)

    def __len__(self) -> int:
        return len(self.labels)

    def taught(self, network: Network, images: Images, labels: Labels) -> Memory:
        """The memory with these lessons, (N, 28, 28) and (N,), as its last."""
        return self.added(self.placed(network, images), labels)

    def added(self, places: Floats, labels: Labels) -> Memory:
        """The memory with lessons that stand at (N, A) as its last."""
        return replace(
            self,
            places=np.concatenate([self.places.reshape(-1, places.shape[1]), places]),
            labels=np.concatenate([self.labels, labels.astype(np.int8)]),
        )

    def without(self, lesson: int) -> Memory:
        """The memory without the lesson of this number."""
        return replace(
            self, places=np.delete(self.places, lesson, axis=0), labels=np.delete(self.labels, lesson)
        )

    def confidence(self, own: Confidence) -> Confidence:
        """How the taught network's logits are read, `own` being the network's way.

        Where it was taught what is no digit and could not tell before, it refuses that, and nothing else.
        """
        if own.rejection is not None or NO_CLASS not in self.labels:
            return own
        nothing = math.log(CLASSES) + 1e-3  # the evidence of equal logits, about
        return replace(own, rejection=Rejection(nothing, 0.0, 0.0, 0.5))

    def placed(self, network: Network, images: Images) -> Floats:
        """(N, A) where images (N, 28, 28) stand."""
        return self.reference.place(_shown(network, images))

    def recall(self, places: Floats, reach: npt.ArrayLike = REACH) -> Recall:
        """What the lessons, at least one, say of drawings that stand at (N, A), each with its reach."""
        distances = self._points.distances(places)
        least = distances.min(axis=1)
        # of two lessons of one drawing the later one counts
        alike = np.maximum(distances, least[:, None] + np.float32(SAME))
        labels = self.labels[len(self) - 1 - alike[:, ::-1].argmin(axis=1)]
        own = np.sqrt(least.astype(np.float64))
        others = self.reference.distances_to_others(places, labels)
        known = np.asarray(reach) * np.sqrt(others.astype(np.float64))
        reached = np.divide(own, known, out=np.ones(len(own)), where=own < known)
        sureness = 1 / (1 + EDGE * reached**SHARPNESS)
        return Recall(labels.astype(np.int64), own < known, sureness)

    def verdict(self, place: Floats, label: int) -> Verdict | None:
        """What speaks against the lesson that what stands at (A,) is of this label, if anything does."""
        if len(self):
            recall = self.recall(place[None])
            if recall.answers[0] and recall.labels[0] != label:
                return Verdict(Doubt.CONTRADICTS, int(recall.labels[0]))
        distances = np.sqrt(self.reference.points.distances(place[None])[0])
        nearest = np.argsort(distances, kind="stable")[:NEIGHBOURS]
        others = set(self.reference.labels[nearest].tolist())
        if len(others) != 1 or (other := others.pop()) == label:
            return None
        own = np.concatenate(
            [distances[self.reference.labels == label], self._distances_of_label(place, label)]
        )
        if len(own) and own.min() <= DOUBTFUL * distances[nearest[0]]:
            return None
        return Verdict(Doubt.AMID_OTHERS, int(other))

    def to_bytes(self) -> bytes:
        """The contents of MEMORY_FILE; the reference has a file of its own."""
        return archive_of({"places": self.places, "labels": self.labels})

    @classmethod
    def from_bytes(cls, content: bytes, reference: Reference) -> Memory:
        """What `to_bytes` was called on; SavedNetworkError if it is damaged, or of another reference."""
        try:
            arrays = arrays_of(content)
            (E,) = arrays["labels"].shape
            axes = len(reference.axes)
            expected = {
                "places": ((E, axes), np.float32),
                "labels": ((E,), np.int8),
            }
            _check(arrays, expected)
            if E == 0:
                raise ValueError("it holds no lesson")
        except Exception as error:  # whatever zip and array say of damage
            raise _damaged(MEMORY_FILE, error) from error
        return cls(reference, arrays["places"], arrays["labels"])

    @cached_property
    def _points(self) -> Points:
        return Points(self.places)

    def _distances_of_label(self, place: Floats, label: int) -> Floats:
        if not len(self):
            return np.zeros(0, np.float32)
        distances: Floats = np.sqrt(self._points.distances(place[None])[0])
        own: Floats = distances[self.labels == label]
        return own


def reaches(logits: Array, confidence: Confidence) -> Array:
    """(N,) how far a lesson answers, by what the network makes of the drawings itself: logits (N, K)."""
    is_unsure = confidence.probabilities(logits).max(axis=1) < UNSURE
    return np.where(is_unsure & confidence.accepts(logits), UNSURE_REACH, REACH)


class TaughtNetwork:
    """A network whose memory answers before it: images in, logits out, as of any network.

    Where the memory knows better and answers with a digit, that digit's logit is set so that its probability
    is what the memory is sure of, and the others keep their proportions; for what was taught to be no digit
    the logits are nearly equal, which shows no evidence of any.

    Parameters
    ----------
    confidence : Confidence
        What the logits are to be read by: the network's own, as `memory.confidence` gives it.
    answering : Classifier, optional
        What answers where the memory does not, if not the network: the committee of which it is one, say. The
        network alone tells where drawings stand.
    """

    def __init__(
        self,
        network: Network,
        memory: Memory,
        confidence: Confidence,
        answering: Classifier | None = None,
    ) -> None:
        self.network = network
        self._answering = network if answering is None else answering
        self.memory = memory
        self.confidence = confidence
        self._layer = feature_layer(network)

    @property
    def input_shape(self) -> Shape:
        return self.network.input_shape

    @property
    def classes(self) -> int:
        return self.network.classes

    def logits(self, images: Array) -> Array:
        """(N, C, H, W) or (N, H, W) images to (N, classes) logits."""
        return np.concatenate([self.answered(block)[0] for block in _blocks(images)])

    def remembers(self, images: Array) -> npt.NDArray[np.bool_]:
        """(N,) for which images the memory answers."""
        return np.concatenate([self.answered(block)[1] for block in _blocks(images)])

    def answered(self, images: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
        """((N, classes) logits, (N,) for which the memory answers) of a few images, taken at once."""
        trace = self.network.trace(images)
        logits = trace.logits if self._answering is self.network else self._answering.logits(images)
        if not len(self.memory) or not np.isfinite(logits).all():  # which is told where they are read
            return logits, np.zeros(len(images), bool)
        places = self.memory.reference.place(features_of(trace, self._layer))
        recall = self.memory.recall(places, reaches(logits, self.confidence))
        own = np.where(self.confidence.accepts(logits), logits.argmax(axis=1), NO_CLASS)
        answers = recall.answers & (recall.labels != own)  # what it reads right by itself stays as it is
        logits = logits.copy()
        for row in np.flatnonzero(answers):
            logits[row] = self._told(logits[row], int(recall.labels[row]), float(recall.sureness[row]))
        return logits, answers

    def _told(self, logits: Array, label: int, sureness: float) -> Array:
        """(K,) the logits that say what the memory does of one drawing."""
        if label == NO_CLASS:
            flat: Array = (logits - logits.mean()) * FLAT
            return flat
        temperature, rejection = self.confidence.temperature, self.confidence.rejection
        scaled = (logits / temperature).astype(np.float64)
        others = np.delete(scaled, label)
        highest = others.max()
        together = highest + math.log(np.exp(others - highest).sum())
        sureness = min(sureness, SUREST)
        scaled[label] = together + math.log(sureness / (1 - sureness))
        told = temperature * scaled
        # where the network saw little all logits lie close; further apart they say the same more clearly
        while rejection is not None and evidence(told[None])[0] < rejection.least_evidence:
            told = told * CLEARER
        return told.astype(logits.dtype)


def _check(arrays: dict[str, Array], expected: Mapping[str, tuple[tuple[int, ...], type]]) -> None:
    """ValueError if arrays are not of these shapes and types, or not finite, or a label is none."""
    found = {name: (array.shape, array.dtype.type) for name, array in arrays.items()}
    if found != expected:
        raise ValueError(f"it holds {found}, not {expected}")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("it holds numbers that are not finite")
    if not ((arrays["labels"] >= NO_CLASS) & (arrays["labels"] < CLASSES)).all():
        raise ValueError("it holds a label that is none")


def _damaged(name: str, error: Exception) -> SavedNetworkError:
    return SavedNetworkError(
        "{name} does not belong to this network, or is damaged: {reason}.", name=name, reason=reason(error)
    )
