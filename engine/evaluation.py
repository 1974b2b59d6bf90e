"""Evaluation: how well a network reads a data set whose labels are known."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.datasets import Dataset, as_ink
from engine.errors import DatasetError
from engine.losses import softmax, softmax_cross_entropy
from engine.network import Network
from engine.threads import one_blas_thread

BLOCK = 1000  # images turned to float32 at a time


@dataclass(frozen=True)
class Evaluation:
    """Every answer of a network to a data set, and what follows from them."""

    probabilities: npt.NDArray[np.float32]  # (N, K)
    labels: npt.NDArray[np.int64]  # (N,)
    loss: float  # mean cross-entropy in nats

    @property
    def answers(self) -> npt.NDArray[np.int64]:
        """(N,) the most probable class of each image."""
        answers: npt.NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return answers

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """(N,) whether the answer is the label."""
        correct: npt.NDArray[np.bool_] = self.answers == self.labels
        return correct

    @property
    def accuracy(self) -> float:
        """The share of right answers, in 0…1."""
        return float(self.correct.mean())

    @property
    def accuracy_halves(self) -> tuple[float, float]:
        """On the first and on the second half; MNIST's test set has its harder writers in the second."""
        middle = len(self.labels) // 2
        if middle == 0:
            return self.accuracy, self.accuracy
        return float(self.correct[:middle].mean()), float(self.correct[middle:].mean())

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy."""
        return wilson_interval(int(self.correct.sum()), len(self.labels))

    @property
    def confusion(self) -> npt.NDArray[np.int64]:
        """(K, K) counts: rows the true class, columns the answer."""
        K = self.probabilities.shape[1]
        pairs = self.labels * K + self.answers
        return np.bincount(pairs, minlength=K * K).reshape(K, K)

    @property
    def mistakes(self) -> npt.NDArray[np.int64]:
        """Indices of the wrong answers, the most confident first."""
        wrong = np.flatnonzero(~self.correct)
        confidence = self.probabilities.max(axis=1)[wrong]
        return wrong[np.argsort(-confidence, kind="stable")]


def evaluate(network: Network, dataset: Dataset) -> Evaluation:
    """Put every image of the data set to the network once."""
    if len(dataset) == 0:
        raise DatasetError("There is nothing to evaluate: the data set is empty.")
    with one_blas_thread():
        blocks = [
            network.logits(as_ink(dataset.images[i : i + BLOCK])) for i in range(0, len(dataset), BLOCK)
        ]
    logits = np.concatenate(blocks).T  # (K, N)
    loss, _ = softmax_cross_entropy(logits, dataset.labels)
    return Evaluation(softmax(logits).T, dataset.labels, loss)


def wilson_interval(successes: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Where the true share lies with 95 % confidence (z = 1.96): Wilson (1927).

    Unlike the textbook p ± z·sqrt(p(1-p)/n) it stays inside 0…1 and is right for shares near 1.
    """
    share = successes / count
    centre = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return (centre - half) / scale, (centre + half) / scale
