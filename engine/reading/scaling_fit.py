"""What a network of others was shown in training, where its file does not tell: found by trying.

Frameworks scale pixels outside of the network, in the program that reads the data. So a file of weights
does not say whether paper was 0, -1 or -0.42; but shown it in another way, the network misreads or doubts.
The way in which it takes digits that are drawn here for what they are, with the least loss, is the one.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.datasets.dataset import Dataset, as_ink
from engine.datasets.synthetic import synthetic_digits
from engine.machine.threads import one_blas_thread
from engine.nn.losses import softmax_cross_entropy
from engine.nn.network import Network
from engine.nn.scaling import InputScaling

DIGITS = 100
SEED = 30_000
USUAL = (
    InputScaling(),  # 0 to 1
    InputScaling(mean=0.1307, deviation=0.3081),  # the mean and the deviation of MNIST's pixels
    InputScaling(mean=0.5, deviation=0.5),  # -1 to 1
    InputScaling(mean=0.5),  # -0.5 to 0.5
)
# 0 to 255, as files have it. It makes any network surer, so it is tried only where the others are misread.
RAW = InputScaling(deviation=1 / 255)
READS = 0.8  # of the drawn digits: networks for MNIST read more of them, chance a tenth


@dataclass(frozen=True)
class Found:
    """A scaling, and how well a network reads drawn digits with it."""

    scaling: InputScaling
    loss: float
    accuracy: float

    @property
    def reads(self) -> bool:
        return self.accuracy >= READS


def likely_scaling(network: Network) -> Found:
    """The usual scaling with which a network has the least loss on drawn digits.

    The network is for 28x28 images, with logits for ten digits; it is left as it was.
    """
    before = network.scaling
    try:
        best = min((_tried(network, scaling) for scaling in USUAL), key=lambda found: found.loss)
        return best if best.reads else min(best, _tried(network, RAW), key=lambda found: found.loss)
    finally:
        network.scaling = before


def _tried(network: Network, scaling: InputScaling) -> Found:
    digits = _digits()
    network.scaling = scaling
    # shown in a wrong way, its numbers may be of any size; so few images are too little for several threads
    with np.errstate(all="ignore"), one_blas_thread():
        logits = network.logits(digits.images)
        loss, _ = softmax_cross_entropy(logits.T, digits.labels)
    accuracy = float((logits.argmax(axis=1) == digits.labels).mean())
    return Found(scaling, float(loss) if np.isfinite(loss) else np.inf, accuracy)


@cache
def _digits() -> Dataset:
    drawn = synthetic_digits(DIGITS, rng=np.random.default_rng(SEED)).rendered()
    return Dataset(as_ink(drawn.images), drawn.labels)
