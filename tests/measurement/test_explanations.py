"""What explanations are worth, on the networks that ship and handwriting that they have not seen.

A map that looks the same when the weights are drawn anew tells of the drawing, not of the network: Adebayo et
al. (2018). And what speaks most for a digit must be what it cannot do without. A method that fails either
does not ship.
"""

import numpy as np
import pytest
from scipy.stats import spearmanr

from app.store.networks import SHIPPED
from engine import SavedNetwork, build_network
from engine.explaining.attribution import PATCH, Question, contributions, occlusion
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.machine.threads import one_blas_thread
from tests.handwriting import WAYS, write

MOST_ALIKE = 0.3  # rank correlation, on average over the drawings
METHODS = {
    "integrated gradients": lambda network, image, question: contributions(network, image, question).pixels,
    "occlusion": occlusion,
}


@pytest.fixture(params=["", "lenet5"], ids=["best", "lenet5"])
def network(request):
    with one_blas_thread():
        yield SavedNetwork.load(SHIPPED / request.param).network


@pytest.fixture
def drawings(network):
    """(image, why the digit and not the runner-up) of every third way of writing."""
    rng = np.random.default_rng(0)
    images = np.stack([frame(stroke_ink(write(way, rng=rng))) for way in list(WAYS)[::3]])
    first, second = np.argsort(-network.logits(images), axis=1)[:, :2].T
    return [(image, Question(int(a), int(b))) for image, a, b in zip(images, first, second, strict=True)]


@pytest.mark.parametrize("method", METHODS)
def test_maps_change_when_the_weights_are_drawn_anew(method, network, drawings):
    alike = []
    for seed, (image, question) in enumerate(drawings):
        random = build_network(network.architecture, rng=np.random.default_rng(seed))
        random.scaling = network.scaling
        own, other = (METHODS[method](which, image, question) for which in (network, random))
        # where there is ink alone: that paper adds nothing is the same for all
        inked = (own != 0) | (other != 0)
        alike.append(abs(spearmanr(own[inked], other[inked]).statistic))
    assert np.mean(alike) <= MOST_ALIKE


def evidence_left(network, image, question, order):
    """The evidence while pixels are erased in this order, as a share of the whole, averaged over the way."""
    erased = np.repeat(image[None], len(order) // PATCH, axis=0).reshape(-1, image.size)
    for count, copy in enumerate(erased, start=1):
        copy[order[: count * PATCH]] = 0
    evidence = question.evidence(network.logits(erased.reshape(-1, *image.shape)))
    (whole,) = question.evidence(network.logits(image[None]))
    return (evidence / whole).mean()


@pytest.mark.parametrize("method", METHODS)
def test_what_speaks_most_for_a_digit_is_what_it_cannot_do_without(method, network, drawings):
    """The deletion curve falls sooner than in random order, and in the opposite order later."""
    rng = np.random.default_rng(0)
    chosen, random, opposite = [], [], []
    for image, question in drawings:
        inked = np.flatnonzero(image)
        order = inked[np.argsort(-METHODS[method](network, image, question).ravel()[inked], kind="stable")]
        chosen.append(evidence_left(network, image, question, order))
        opposite.append(evidence_left(network, image, question, order[::-1]))
        random.append(evidence_left(network, image, question, rng.permutation(inked)))
    assert np.mean(chosen) < np.mean(random) < np.mean(opposite)
