"""Whether maps of evidence are true of their network: two tests that a method must pass.

A map that looks the same when the weights are drawn anew tells of the drawing, not of the network: Adebayo
and others (2018). And what speaks most for a digit must be what it can least do without: erased first, it
takes the evidence with it sooner than any other part would, as Samek and others (2017) measure it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.explaining.attribution import Map, Question, contributions, occlusion
from engine.ink.rasterize import Ink
from engine.machine.threads import one_blas_thread
from engine.nn.architectures import build_network
from engine.nn.layer_plans import IMPORTED, planned_network, plans_of
from engine.nn.network import Network

Method = Callable[[Network, Ink, Question], Map]
METHODS: Mapping[str, Method] = {
    "integrated gradients": lambda network, image, question: contributions(network, image, question).pixels,
    "occlusion": occlusion,
}
MOST_ALIKE = 0.3  # rank correlation with the maps of random weights
ERASED = tuple(np.linspace(0, 1, 21).tolist())  # shares of the ink's pixels, in steps of a twentieth


@dataclass(frozen=True)
class Faithfulness:
    """What one method's maps are worth, on average over some images."""

    method: str
    alike: float  # absolute rank correlation of a map with that of random weights, 0…1
    supporting_first: Sequence[float]  # the evidence that is left at each share of ERASED, of 1 at first
    random_order: Sequence[float]
    opposing_first: Sequence[float]

    @property
    def passes(self) -> bool:
        """Whether both tests say that the maps are of this network."""
        first, any_order, last = map(np.mean, (self.supporting_first, self.random_order, self.opposing_first))
        return self.alike <= MOST_ALIKE and bool(first < any_order < last)


def faithfulness(
    network: Network,
    images: Sequence[Ink],
    *,
    rng: np.random.Generator,
    methods: Mapping[str, Method] = METHODS,
) -> list[Faithfulness]:
    """Put each method to both tests, on why the network's answer is not its second one.

    Parameters
    ----------
    images : sequence of (28, 28) arrays
        One at least, none of them blank.
    rng : numpy.random.Generator
        For the weights and orders that maps are compared with.
    """
    with one_blas_thread():
        ranked = np.argsort(-network.logits(np.stack(images)), axis=1, kind="stable")
        asked = [
            (image, Question(int(first), int(second)))
            for image, (first, second) in zip(images, ranked[:, :2], strict=True)
        ]
        others = [_with_random_weights(network, rng) for _ in asked]
        orders = [rng.permutation(np.flatnonzero(image)) for image in images]
        return [_tested(name, method, network, asked, others, orders) for name, method in methods.items()]


def _tested(
    name: str,
    method: Method,
    network: Network,
    asked: Sequence[tuple[Ink, Question]],
    others: Sequence[Network],
    orders: Sequence[npt.NDArray[np.intp]],
) -> Faithfulness:
    alike, curves = [], []
    for (image, question), other, order in zip(asked, others, orders, strict=True):
        own = method(network, image, question)
        alike.append(rank_correlation(own, method(other, image, question)))
        inked = np.flatnonzero(image)
        supporting = inked[np.argsort(-own.ravel()[inked], kind="stable")]
        curves.append(
            [_evidence_left(network, image, question, o) for o in (supporting, order, supporting[::-1])]
        )
    first, any_order, last = np.mean(curves, axis=0).tolist()
    return Faithfulness(name, float(np.mean(alike)), first, any_order, last)


def _with_random_weights(network: Network, rng: np.random.Generator) -> Network:
    if network.architecture == IMPORTED:
        other = planned_network(plans_of(network), network.input_shape, rng=rng)
    else:
        other = build_network(network.architecture, rng=rng)
    other.scaling = network.scaling
    return other


def rank_correlation(one: Map, other: Map) -> float:
    """The absolute rank correlation of two maps where either has something: that paper adds nothing is the
    same for all. 0 where one of them is even.
    """
    inked = (one != 0) | (other != 0)
    a, b = (_ranks(each[inked]) - (inked.sum() + 1) / 2 for each in (one, other))
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return abs(float(a @ b)) / lengths if lengths else 0.0


def _ranks(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """(N,) ranks from 1 on, those that are equal sharing the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: npt.NDArray[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return ranks


def _evidence_left(
    network: Network, image: Ink, question: Question, order: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """(E,) the evidence while pixels are erased in this order, as shares of that of the whole image."""
    erased = np.repeat(image.reshape(1, -1), len(ERASED), axis=0)
    for share, copy in zip(ERASED, erased, strict=True):
        copy[order[: round(share * len(order))]] = 0
    evidence = question.evidence(network.logits(erased.reshape(-1, *image.shape)))
    left: npt.NDArray[np.float64] = evidence / (evidence[0] or 1.0)
    return left
