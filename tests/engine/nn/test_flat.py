"""A network in vectors computes as before, and what moves the vectors moves the network."""

import numpy as np
import pytest

from engine import Adam, build_network
from engine.nn.flat import FlatNetwork
from engine.nn.layers import Training


@pytest.fixture(params=["lenet5", "best"])
def network(request, rng):
    return build_network(request.param, rng=rng)


def learn(network, rng):
    images = rng.random((6, 1, 28, 28), np.float32)
    return network.loss_and_gradients(images, np.arange(6), training=Training(np.random.default_rng(3)))


def test_a_network_keeps_its_values_and_its_order(network):
    before = network.state()
    FlatNetwork(network)
    after = network.state()
    assert list(before) == list(after)
    for name, value in before.items():
        np.testing.assert_array_equal(after[name], value)


def test_the_vectors_hold_every_number_once(network):
    flat = FlatNetwork(network)
    assert flat.values.size == network.parameter_count == sum(p.value.size for p in flat.parameters)
    assert flat.buffers.size == sum(buffer.value.size for buffer in network.buffers)
    flat.values[:], flat.buffers[:] = 2, 3
    assert all((parameter.value == 2).all() for parameter in network.parameters)
    assert all((buffer.value == 3).all() for buffer in network.buffers)


def test_weights_are_apart_from_what_does_not_decay(network):
    flat = FlatNetwork(network)
    flat.parameters[0].value[:], flat.parameters[1].value[:] = 1, 2
    for parameter in network.parameters:
        assert (parameter.value == (1 if parameter.name.endswith(".weight") else 2)).all()


def test_an_optimizer_moves_the_vectors_as_it_moves_the_arrays(network, rng):
    other = build_network(network.architecture, rng=rng)
    other.load_state(network.state())
    flat = FlatNetwork(network)
    at_once = Adam(flat.parameters, 0.01, weight_decay=0.1)
    one_by_one = Adam(other.parameters, 0.01, weight_decay=0.1)
    for seed in range(3):
        for each in (network, other):
            learn(each, np.random.default_rng(seed))
        flat.gather_gradients(flat.gradients)
        at_once.step()
        one_by_one.step()
    for mine, theirs in zip(network.parameters, other.parameters, strict=True):
        assert mine.value.tobytes() == theirs.value.tobytes()


def test_gathered_gradients_are_those_of_the_parameters(network, rng):
    flat = FlatNetwork(network)
    learn(network, rng)
    expected = {parameter.name: parameter.grad.copy() for parameter in network.parameters}
    flat.gather_gradients(flat.gradients)
    flat.show_gradients()
    for parameter in network.parameters:
        np.testing.assert_array_equal(parameter.grad, expected[parameter.name])
        assert np.shares_memory(parameter.grad, flat.gradients)


def test_a_network_lies_where_it_is_laid(network):
    flat = FlatNetwork(network)
    values, buffers = np.full_like(flat.values, 5), np.full_like(flat.buffers, 6)
    before = flat.values
    flat.lie_in(values, np.zeros_like(values), buffers)
    assert all((parameter.value == 5).all() for parameter in network.parameters)
    before[:] = 7
    assert all((parameter.value == 5).all() for parameter in network.parameters)
    values[:] = 8
    assert (flat.parameters[0].value == 8).all()
