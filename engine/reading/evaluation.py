"""Evaluation: how well a network reads a data set whose labels are known, and how well it knows that.

Digits and non-digits are measured apart: of the first an Evaluation tells what is read right, of the second
Rejections tell what is called no digit.
"""

import math
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset, Images, as_ink
from engine.errors import ConfigurationError, DatasetError
from engine.ink.augmentation import Augmentation
from engine.machine.threads import computing
from engine.nn.box import Shape
from engine.nn.functional import Array
from engine.nn.losses import Labels, softmax, softmax_cross_entropy
from engine.plain_values import OPTIONAL
from engine.quoting import quoted
from engine.reading.confidence import Confidence

MOST_MISREAD = 5  # pairs of label and prediction that the facts tell
BLOCK = 1000  # images turned to float32 at a time
# What a view differs from its image by: six tenths of what `best` learns from. Of 0.35, 0.6 and 1 of it, and
# of 8 and 16 views, 16 such views left the fewest wrong when nine networks read 48,000 validation images in
# all: 188, where a single look left 200.
VIEW = Augmentation(shift=0.9, rotation=6.0, zoom=0.072, shear=0.09, elastic=0.3, thickness=0.18)
VIEW_SEED = 7
MOST_VIEWS = 1_000
ROUNDING = 1e-9  # by which an interval may end beyond 1
BINS = 10  # of confidence, each a tenth wide: people can name them

Key = TypeVar("Key", bound=Hashable)


class Classifier(Protocol):
    """Whatever images can be put to: a network, or several that are asked together."""

    @property
    def input_shape(self) -> Shape:
        """(C, H, W) of one image."""

    @property
    def classes(self) -> int:
        """How many logits an image gets."""

    def logits(self, images: Array) -> Array:
        """(N, C, H, W) or (N, H, W) images to (N, classes) logits."""


@dataclass(frozen=True)
class Tally:
    """So many right predictions of so many, at least one."""

    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """The share that is right, in 0…1."""
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy."""
        return wilson_interval(self.right, self.count)


@dataclass(frozen=True)
class PairedTally:
    """How two networks do on the same examples, at least one: how many are right for both, and for one."""

    count: int
    both: int
    only_first: int
    only_second: int

    @classmethod
    def of(cls, first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> "PairedTally":
        """Of (N,) what is right for each network, example by example."""
        both = int((first & second).sum())
        return cls(len(first), both, int(first.sum()) - both, int(second.sum()) - both)

    @property
    def first(self) -> Tally:
        return Tally(self.both + self.only_first, self.count)

    @property
    def second(self) -> Tally:
        return Tally(self.both + self.only_second, self.count)

    @property
    def difference(self) -> float:
        """By how much the second is more accurate, in -1…1."""
        return (self.only_second - self.only_first) / self.count

    @property
    def p_value(self) -> float:
        """How probable so large a difference is by chance."""
        return mcnemar_p_value(self.only_first, self.only_second)


@dataclass(frozen=True)
class ClassScore:
    """How one class fares. A share is None where there is nothing that it could be a share of."""

    count: int  # images of the class
    predicted: int  # images that were read as it
    right: int  # those that are both

    @property
    def precision(self) -> float | None:
        """Of the images that were read as this class, the share that is of it."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Of the images of this class, the share that was read as it."""
        return self.right / self.count if self.count else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall: 2PR / (P + R) = 2 right / (count + predicted)."""
        both = self.count + self.predicted
        return 2 * self.right / both if both else None


@dataclass(frozen=True)
class ReliabilityBin:
    """The predictions whose confidence lies above `low` and at most at `high`; at least one."""

    low: float
    high: float
    confidence: float  # their mean
    tally: Tally


@dataclass(frozen=True)
class Misread:
    """One class that is taken for another."""

    label: int
    predicted: int = field(metadata={"plain": "answer"})
    count: int


@dataclass(frozen=True, kw_only=True)
class TestFacts:
    """What a network folder tells of an evaluation on test images."""

    __test__ = False  # no test, whatever its name begins with

    dataset: str = field(default="", metadata=OPTIONAL)  # for people; whoever evaluates knows
    source: str = field(default="", metadata=OPTIONAL)  # for programs: what --dataset calls it
    count: int
    accuracy: float
    interval: tuple[float, float]  # of the accuracy, 95 %
    accuracy_first_half: float
    accuracy_second_half: float
    loss: float  # in nats
    calibration_error: float | None = field(default=None, metadata=OPTIONAL)
    misread: tuple[Misread, ...] = ()  # the most frequent ones
    drawings: tuple["SetFacts", ...] = field(default=(), metadata=OPTIONAL)  # further test sets

    def __post_init__(self) -> None:
        _check_shares(accuracy=(self.accuracy, self.accuracy_first_half, self.accuracy_second_half))
        _check_shares(interval=self.interval)


@dataclass(frozen=True)
class SetFacts:
    """The accuracy on a further test set."""

    name: str
    count: int
    accuracy: float
    interval: tuple[float, float]
    source: str = field(default="", metadata=OPTIONAL)  # as that of TestFacts

    def __post_init__(self) -> None:
        _check_shares(accuracy=(self.accuracy,), interval=self.interval)


def _check_shares(**values: tuple[float, ...]) -> None:
    for name, shares in values.items():
        if not all(0 <= share <= 1 + ROUNDING for share in shares):
            raise ConfigurationError(f"{name} must be a share, 0 to 1, got {shares}.")


@dataclass(frozen=True)
class _Predicted:
    """What a network makes of images, whatever they are."""

    probabilities: npt.NDArray[np.float32]  # (N, K)

    @property
    def predictions(self) -> npt.NDArray[np.int64]:
        """(N,) the most probable class of each image."""
        predictions: npt.NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return predictions

    @property
    def confidences(self) -> npt.NDArray[np.float32]:
        """(N,) the probability of each prediction."""
        confidences: npt.NDArray[np.float32] = self.probabilities.max(axis=1)
        return confidences


@dataclass(frozen=True)
class Evaluation(_Predicted):
    """Every prediction of a network on a data set of the classes, and what follows from them."""

    labels: Labels  # (N,)
    loss: float  # mean cross-entropy in nats
    rejected: npt.NDArray[np.bool_] | None = None  # (N,) taken for no digit, where the network can tell

    def __post_init__(self) -> None:
        if len(self.labels) and self.labels.min() < 0:
            raise DatasetError(
                "An evaluation is of examples of the classes; one has the label {smallest}. Measure "
                "non-digits apart, as rejections.",
                smallest=self.labels.min(),
            )

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """(N,) whether the prediction is the label."""
        correct: npt.NDArray[np.bool_] = self.predictions == self.labels
        return correct

    @property
    def tally(self) -> Tally:
        """How many predictions are right."""
        return Tally(int(self.correct.sum()), len(self.labels))

    @property
    def accuracy(self) -> float:
        """The share of right predictions, in 0…1."""
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
        """(K, K) counts: rows the true class, columns the predicted one."""
        K = self.probabilities.shape[1]
        pairs = self.labels * K + self.predictions
        return np.bincount(pairs, minlength=K * K).reshape(K, K)

    @property
    def classes(self) -> list[ClassScore]:
        """K scores, one a class."""
        confusion = self.confusion
        columns = confusion.sum(axis=1), confusion.sum(axis=0), confusion.diagonal()
        return [ClassScore(*map(int, row)) for row in zip(*columns, strict=True)]

    @property
    def reliability(self) -> list[ReliabilityBin]:
        """The predictions by their confidence, in bins of equal width; those without any are left out.

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
        """Indices of the wrong predictions, the most confident first."""
        wrong = np.flatnonzero(~self.correct)
        return wrong[np.argsort(-self.confidences[wrong], kind="stable")]

    @property
    def misread(self) -> list[Misread]:
        """What is taken for something else, the most frequent first."""
        wrong = self.confusion
        np.fill_diagonal(wrong, 0)
        label, predicted = np.nonzero(wrong)
        counts = wrong[label, predicted]
        order = np.argsort(-counts, kind="stable")
        return [Misread(int(label[i]), int(predicted[i]), int(counts[i])) for i in order]

    def facts(self) -> TestFacts:
        """What network.json and the model card tell of it."""
        first, second = self.accuracy_halves
        return TestFacts(
            count=len(self.labels),
            accuracy=self.accuracy,
            interval=self.interval,
            accuracy_first_half=first,
            accuracy_second_half=second,
            loss=round(self.loss, 6),
            calibration_error=round(self.calibration_error, 6),
            misread=tuple(self.misread[:MOST_MISREAD]),
        )


@dataclass(frozen=True)
class Rejections(_Predicted):
    """What a network takes non-digits for; its predictions are the nearest digits."""

    rejected: npt.NDArray[np.bool_]  # (N,) called no digit, as all of them should be
    can_tell: bool  # whether the network has learnt to; else it rejects nothing

    @property
    def tally(self) -> Tally:
        """How many are rejected."""
        return Tally(int(self.rejected.sum()), len(self.rejected))

    @property
    def accepted(self) -> npt.NDArray[np.int64]:
        """Indices of those that are taken for a digit, the most confident first."""
        accepted = np.flatnonzero(~self.rejected)
        return accepted[np.argsort(-self.confidences[accepted], kind="stable")]


NO_CONFIDENCE = Confidence()  # logits as they come


def evaluate(
    network: Classifier, dataset: Dataset, *, confidence: Confidence = NO_CONFIDENCE, views: int = 0
) -> Evaluation:
    """Put every image of the data set to the network, and so many `views` of each.

    Raises
    ------
    DatasetError
        If there are no images, or some are of no class: those `measure_rejections` takes.
    InferenceError
        If a logit is not finite.
    """
    logits = logits_of(network, dataset.images, views=views)
    rejected = None if confidence.rejection is None else ~confidence.accepts(logits)
    scaled = confidence.scaled(logits).T  # (K, N)
    loss, _ = softmax_cross_entropy(scaled, dataset.labels)
    return Evaluation(softmax(scaled).T, dataset.labels, loss, rejected)


def measure_rejections(
    network: Classifier, images: Images, *, confidence: Confidence, views: int = 0
) -> Rejections:
    """Put images that are no digits to the network; the errors are those of `evaluate`."""
    logits = logits_of(network, images, views=views)
    return Rejections(
        confidence.probabilities(logits), ~confidence.accepts(logits), confidence.rejection is not None
    )


def logits_of(network: Classifier, images: Images, *, views: int = 0) -> npt.NDArray[np.float32]:
    """(N, K) logits of the images of a data set, uint8 or float32, however many they are.

    With `views` they are the mean over the image and so many variants of it, moved and bent a little, the
    same ones each time: what the network makes of an image by accident averages out. Krizhevsky et al.
    (2012), section 4.1, average so over ten patches of a photograph.

    Raises
    ------
    DatasetError
        If there are no images.
    ConfigurationError
        If there are to be fewer than no views or more than MOST_VIEWS, or views of photographs.
    """
    if len(images) == 0:
        raise DatasetError("There is nothing to evaluate: the data set is empty.")
    if not 0 <= views <= MOST_VIEWS:
        raise ConfigurationError(f"views must be in 0…{MOST_VIEWS:,}, got {quoted(views)}.")
    if views and images.ndim != VIEW.ndim:
        raise ConfigurationError(
            f"Views are made of digits, not of images of shape {images.shape[1:]}. Read these once."
        )
    with computing():
        blocks = [
            _mean_logits(network, as_ink(images[start : start + BLOCK]), views, start)
            for start in range(0, len(images), BLOCK)
        ]
    return np.concatenate(blocks)


def _mean_logits(network: Classifier, images: npt.NDArray[np.float32], views: int, start: int) -> Array:
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
        Whether each prediction is right, as `Evaluation.correct`.
    keys : N values
        The group of each example: its writer, its source, its label …
    """
    members: dict[Key, list[bool]] = {}
    for key, right in zip(keys, correct.tolist(), strict=True):
        members.setdefault(key, []).append(right)
    return {key: Tally(sum(each), len(each)) for key, each in members.items()}


def wilson_interval(successes: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Where the true share lies with 95 % confidence (z = 1.96): Wilson (1927).

    Unlike the textbook p ± z·sqrt(p(1-p)/n) it stays inside 0…1 and is right for shares near 1.
    """
    share = successes / count
    centre = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return (centre - half) / scale, (centre + half) / scale


def mcnemar_p_value(only_first: int, only_second: int) -> float:
    """How probable a split so uneven is if two networks are equally good: McNemar (1947).

    What both read right, or both wrong, tells nothing of which is better. Of the images that only one reads
    right, each network then has half, as heads and tails fall: the exact test, two-sided, by the binomial.
    """
    count = only_first + only_second
    tail = sum(_binomials(count, min(only_first, only_second)))
    return min(1.0, 2 * tail / (1 << count))


def _binomials(count: int, most: int) -> Iterator[int]:
    """The ways to choose 0 … most of so many, each from the one before; whole numbers do not overflow."""
    ways = 1
    for chosen in range(most + 1):
        yield ways
        ways = ways * (count - chosen) // (chosen + 1)
