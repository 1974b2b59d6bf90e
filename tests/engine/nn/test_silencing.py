"""A network with maps switched off: nothing comes through them, and the network itself stays as it is."""

import numpy as np
import pytest

from engine import build_network
from engine.errors import ShapeError
from engine.nn.inspection import arithmetic, layers_of
from engine.nn.silencing import silenced


@pytest.fixture
def network(rng):
    return build_network("lenet5", rng=rng).astype(np.float64)


@pytest.fixture
def images(rng):
    return rng.random((3, 28, 28))


def test_a_map_that_is_off_is_zero_and_all_after_it_are_computed_from_that(network, images):
    other = silenced(network, {"c3": [2, 5]})
    trace, before = other.trace(images), network.trace(images)
    assert not trace.outputs["c3"][:, [2, 5]].any()
    kept = [place for place in range(16) if place not in (2, 5)]
    assert np.array_equal(trace.outputs["c3"][:, kept], before.outputs["c3"][:, kept])
    # the same as zeros in the weights of the layer that reads them, for no bias has a say behind c3
    weight = network.layers["c5"].weight.value
    weight.reshape(120, 16, 16)[:, [2, 5]] = 0
    assert np.allclose(trace.logits, network.logits(images))


def test_the_network_itself_reads_as_before(network, images):
    before = network.logits(images)
    other = silenced(network, {"c1": [0], "f6": range(84)})
    assert np.abs(other.logits(images) - before).max() > 1e-3
    assert np.array_equal(network.logits(images), before)
    assert np.array_equal(silenced(network, {}).logits(images), before)
    assert other.parameters == network.parameters


def test_no_gradient_comes_back_through_a_map_that_is_off(network, images):
    other = silenced(network, {"c1": [3]})
    labels = np.array([1, 2, 3])
    other.loss_and_gradients(images, labels)
    gradient = other.layers["c1"].parameters[0].grad
    assert not gradient[3].any()
    assert gradient[2].any()
    dlogits = np.eye(10)[labels]
    eps, step = 1e-6, np.zeros_like(images)
    step[:, 13, 14] = eps
    slope = ((other.logits(images + step) - other.logits(images - step)) * dlogits).sum() / (2 * eps)
    assert other.input_gradient(images, dlogits)[:, 13, 14].sum() == pytest.approx(slope, rel=1e-5)


def test_the_arithmetic_of_a_unit_says_that_it_is_off(network, images):
    other = silenced(network, {"c1": [3]})
    trace = other.trace(images)
    off, on = (arithmetic(other, trace, "c1", (place, 5, 6)) for place in (3, 2))
    assert (off.is_off, off.value, off.kind) == (True, 0, "Conv2D")
    assert (on.is_off, on.value) == (False, pytest.approx(trace.outputs["c1"][0, 2, 5, 6]))
    assert layers_of(other) == layers_of(network)


def test_what_the_network_has_not_cannot_be_switched_off(network):
    with pytest.raises(ShapeError, match="no layer c9"):
        silenced(network, {"c9": [0]})
    with pytest.raises(ShapeError, match="maps 0 to 5"):
        silenced(network, {"c1": [6]})
