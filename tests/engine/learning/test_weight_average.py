"""The running average of weights: after each step a share of the way to the latest ones, by hand."""

import numpy as np

from engine.learning.weight_average import WeightAverage
from engine.nn.flat import FlatNetwork
from engine.nn.layers import BatchNorm, Dense, Flatten
from engine.nn.network import Network


def two_numbers(weight, mean):
    """A network whose arrays all hold one number each."""
    rng = np.random.default_rng(0)
    layers = [("flatten", Flatten()), ("n", BatchNorm(1)), ("f", Dense(1, 1, rng=rng))]
    network = Network(layers, input_shape=(1, 1, 1), architecture="two")
    state = {name: np.full_like(value, 1) for name, value in network.state().items()}
    state["f.weight"][...], state["n.mean"][...] = weight, mean
    network.load_state(state)
    return network


def test_an_average_goes_a_share_of_the_way_in_parameters_and_buffers():
    average = WeightAverage(two_numbers(2.0, 10.0), 0.75)
    latest = two_numbers(6.0, 30.0)
    average.update(FlatNetwork(latest), 1000)  # 1000/1010 is more than 0.75, so a quarter of the way
    state = average.network.state()
    assert state["f.weight"] == 3.0  # 2 + (6 - 2) / 4
    assert state["n.mean"] == 15.0  # 10 + (30 - 10) / 4
    assert state["f.weight"].dtype == np.float32
    assert latest.state()["f.weight"] == 6.0


def test_the_random_start_is_soon_forgotten():
    average = WeightAverage(two_numbers(0.0, 0.0), 0.999)
    average.update(FlatNetwork(two_numbers(11.0, 0.0)), 1)  # of the first step's share 1/11 stays: 11 * 10/11
    np.testing.assert_allclose(average.network.state()["f.weight"], 10.0, rtol=1e-6)
    average.update(FlatNetwork(two_numbers(16.0, 0.0)), 10)  # 10/20 stays: 5 + 8
    np.testing.assert_allclose(average.network.state()["f.weight"], 13.0, rtol=1e-6)


def test_the_average_is_a_network_of_its_own():
    network = two_numbers(1.0, 1.0)
    average = WeightAverage(network, 0.5)
    network.parameters[-1].value[...] = 5.0
    assert average.network.state()["f.bias"] == 1.0
