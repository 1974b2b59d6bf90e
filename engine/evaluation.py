"""Evaluation: how well a network reads a data set whose labels are known, and how well it knows that."""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from engine.augmentation import Augmentation
from engine.datasets import Dataset, Images, as_ink
from engine.errors import ConfigurationError, DatasetError
from engine.functional import Array
from engine.losses import softmax, softmax_cross_entropy
from engine.network import Network
from engine.threads import one_blas_thread

MOST_MISREAD = 5  # pairs of label and answer that the facts tell
BLOCK = 1000  # images turned to float32 at a time
# What a view differs from its image by: six tenths of what `best` learns from. Of 0.35, 0.6 and 1 of it, and
# of 8 and 16 views, 16 such views left the fewest wrong when nine networks read 48,000 validation images in
# all: 188, where a single look left 200.
VIEW = Augmentation(shift=0.9, rotation=6.0, zoom=0.072, shear=0.09, elastic=0.3, thickness=0.18)
VIEW_SEED = 7
BINS = 10  # of confidence, each a tenth wide: people can name them

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Tally:
    """So many right answers of so many, at least one."""

    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """The share of right answers, in 0…1."""
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy."""
        return wilson_interval(self.right, self.count)


@dataclass(frozen=True)
class ClassScore:
    """How one class fares. A share is None where there is nothing that it could be a share of."""

    count: int  # images of the class
    answers: int  # images that were read as it
    right: int  # those that are both

    @property
    def precision(self) -> float | None:
        """Of the images that were read as this class, the share that is of it."""
        return self.right / self.answers if self.answers else None

    @property
    def recall(self) -> float | None:
        """Of the images of this class, the share that was read as it."""
        return self.right / self.count if self.count else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall: 2PR / (P + R) = 2 right / (count + answers)."""
        return 2 * self.right / (self.count + self.answers) if self.count + self.answers else None


@dataclass(frozen=True)
class ReliabilityBin:
    """The answers whose confidence lies above `low` and at most at `high`; at least one."""

    low: float
    high: float
    confidence: float  # their mean
    tally: Tally


@dataclass(frozen=True)
class Evaluation:
    """Every answer of a network to a data set, and what follows from them."""

    probabilities: npt.NDArray[np.float32]  # (N, K)
    labels: npt.NDArray[np.int64]  # (N,)
    loss: float  # mean cross-entropy in nats
    rejected: npt.NDArray[np.bool_] | None = None  # (N,) taken for no digit, where the network can tell

    @property
    def answers(self) -> npt.NDArray[np.int64]:
        """(N,) the most probable class of each image."""
        answers: npt.NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return answers

    @property
    def confidences(self) -> npt.NDArray[np.float32]:
        """(N,) the probability of each answer."""
        confidences: npt.NDArray[np.float32] = self.probabilities.max(axis=1)
        return confidences

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """(N,) whether the answer is the label."""
        correct: npt.NDArray[np.bool_] = self.answers == self.labels
        return correct

    @property
    def tally(self) -> Tally:
        """How many answers are right."""
        return Tally(int(self.correct.sum()), len(self.labels))

    @property
    def accuracy(self) -> float:
        """The share of right answers, in 0…1."""
        return float(self.correct.mean())

    @property
    def halves(self) -> tuple[Tally, Tally]:
        """The first and the second half; MNIST's test set has its harder writers in the first.

        Of a single image both are the whole.
        """
        middle = len(self.labels) // 2
        if middle == 0:
            return self.tally, self.tally
        first = int(self.correct[:middle].sum())
        return Tally(first, middle), Tally(self.tally.right - first, len(self.labels) - middle)

    @property
    def accuracy_halves(self) -> tuple[float, float]:
        """On the first and on the second half."""
        first, second = self.halves
        return first.accuracy, second.accuracy

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy."""
        return self.tally.interval

    @property
    def confusion(self) -> npt.NDArray[np.int64]:
        """(K, K) counts: rows the true class, columns the answer."""
        K = self.probabilities.shape[1]
        pairs = self.labels * K + self.answers
        return np.bincount(pairs, minlength=K * K).reshape(K, K)

    @property
    def classes(self) -> list[ClassScore]:
        """K scores, one a class."""
        confusion = self.confusion
        columns = confusion.sum(axis=1), confusion.sum(axis=0), confusion.diagonal()
        return [ClassScore(*map(int, row)) for row in zip(*columns, strict=True)]

    @property
    def reliability(self) -> list[ReliabilityBin]:
        """The answers by their confidence, in bins of equal width; those without an answer are left out.

        Where the network knows how sure it may be, confidence and accuracy of a bin agree.
        Guo et al. (2017), "On Calibration of Modern Neural Networks", section 2.
        """
        edges = np.arange(BINS + 1) / BINS
        # the count of inner edges below a confidence: a bin holds its upper edge, not its lower one
        places = np.searchsorted(edges[1:-1], self.confidences)
        bins = []
        for place in np.unique(places):
            inside = places == place
            confidence = float(self.confidences[inside].mean(dtype=np.float64))
            tally = Tally(int(self.correct[inside].sum()), int(inside.sum()))
            bins.append(ReliabilityBin(float(edges[place]), float(edges[place + 1]), confidence, tally))
        return bins

    @property
    def calibration_error(self) -> float:
        """The expected calibration error, in 0…1: how far confidence and accuracy lie apart, on average.

        Guo et al. (2017), equation 3: over the bins of `reliability`, each weighted by its count.
        """
        gaps = [part.tally.count * abs(part.tally.accuracy - part.confidence) for part in self.reliability]
        return math.fsum(gaps) / len(self.labels)

    @property
    def mistakes(self) -> npt.NDArray[np.int64]:
        """Indices of the wrong answers, the most confident first."""
        wrong = np.flatnonzero(~self.correct)
        return wrong[np.argsort(-self.confidences[wrong], kind="stable")]

    @property
    def misread(self) -> list[tuple[int, int, int]]:
        """(label, answer, how often) of what is taken for something else, the most frequent first."""
        wrong = self.confusion
        np.fill_diagonal(wrong, 0)
        label, answer = np.nonzero(wrong)
        order = np.argsort(-wrong[label, answer], kind="stable")
        return [(int(label[i]), int(answer[i]), int(wrong[label[i], answer[i]])) for i in order]

    def facts(self) -> dict[str, Any]:
        """What network.json and the model card tell of it, as plain values."""
        first, second = self.accuracy_halves
        return {
            "count": len(self.labels),
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "accuracy_first_half": first,
            "accuracy_second_half": second,
            "loss": round(self.loss, 6),
            "calibration_error": round(self.calibration_error, 6),
            "misread": [
                {"label": label, "answer": answer, "count": count}
                for label, answer, count in self.misread[:MOST_MISREAD]
            ],
        }


def evaluate(network: Network, dataset: Dataset, *, views: int = 0) -> Evaluation:
    """Put every image of the data set to the network, and so many `views` of each."""
    logits = logits_of(network, dataset.images, views=views)
    rejected = None if network.rejection is None else ~network.rejection.accepts(logits)
    scaled = logits.T / network.temperature  # (K, N)
    loss, _ = softmax_cross_entropy(scaled, dataset.labels)
    return Evaluation(softmax(scaled).T, dataset.labels, loss, rejected)


def logits_of(network: Network, images: Images, *, views: int = 0) -> npt.NDArray[np.float32]:
    """(N, K) logits of the images of a data set, uint8 or float32, however many they are.

    With `views` they are the mean over the image and so many variants of it, moved and bent a little, the
    same ones each time: what the network makes of an image by accident averages out. Krizhevsky et al.
    (2012), section 4.1, average so over ten patches of a photograph.

    Raises
    ------
    DatasetError
        If there are no images.
    ConfigurationError
        If there are to be fewer than no views, or views of photographs.
    """
    if len(images) == 0:
        raise DatasetError("There is nothing to evaluate: the data set is empty.")
    if views < 0:
        raise ConfigurationError(f"views must be 0 or more, got {views}.")
    if views and images.ndim != VIEW.ndim:
        raise ConfigurationError(
            f"Views are made of digits, not of images of shape {images.shape[1:]}. Read these once."
        )
    with one_blas_thread():
        blocks = [
            _mean_logits(network, as_ink(images[start : start + BLOCK]), views, start)
            for start in range(0, len(images), BLOCK)
        ]
    return np.concatenate(blocks)


def _mean_logits(network: Network, images: npt.NDArray[np.float32], views: int, start: int) -> Array:
    """Of a block that begins with the image `start`; float32, as its images are."""
    logits = network.logits(images)
    for view in range(views):
        logits = logits + network.logits(VIEW(images, rng=np.random.default_rng((VIEW_SEED, start, view))))
    return logits / np.float32(1 + views)


def accuracy_by_group(correct: npt.NDArray[np.bool_], keys: Iterable[Key]) -> dict[Key, Tally]:
    """A tally for each group, in the order in which the groups first appear.

    Parameters
    ----------
    correct : (N,) array
        Whether each answer is right, as `Evaluation.correct`.
    keys : N values
        The group of each example: its writer, its source, its label …
    """
    members: dict[Key, list[bool]] = {}
    for key, right in zip(keys, correct.tolist(), strict=True):
        members.setdefault(key, []).append(right)
    return {key: Tally(sum(answers), len(answers)) for key, answers in members.items()}


def wilson_interval(successes: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Where the true share lies with 95 % confidence (z = 1.96): Wilson (1927).

    Unlike the textbook p ± z·sqrt(p(1-p)/n) it stays inside 0…1 and is right for shares near 1.
    """
    share = successes / count
    centre = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return (centre - half) / scale, (centre + half) / scale
