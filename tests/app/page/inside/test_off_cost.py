"""app/page/inside/off_cost.py: what it costs to switch maps off, in slices."""

import numpy as np
import pytest

from app.page.inside.off_cost import AT_ONCE, OffCosts
from engine import Network
from engine.explaining.neighbours import Prototypes
from engine.nn.layers import Dense, Flatten
from engine.nn.silencing import silenced


@pytest.fixture
def first_row(rng):
    """A network whose answer is the brightest of the first ten pixels."""
    dense = Dense(784, 10, rng=rng)
    dense.weight.value[...] = np.eye(10, 784)
    return Network([("flatten", Flatten()), ("output", dense)], input_shape=(1, 28, 28), architecture="row")


@pytest.fixture
def digits():
    labels = np.arange(2000) % 10
    images = np.zeros((2000, 28, 28), np.uint8)
    images[np.arange(2000), 0, labels] = 255
    return Prototypes(images, labels.astype(np.uint8), np.zeros(2000, np.uint8), ("mnist",))


def test_of_a_thousand_digits_those_are_lost_that_need_the_map(first_row, digits):
    costs = OffCosts(lambda: digits)
    *before, cost = costs.measured(first_row, silenced(first_row, {"output": [3]}))
    assert before == [None] * (2 * 1000 // AT_ONCE)
    assert (cost.count, cost.whole) == (1000, 1000)
    counted = digits.labels[np.linspace(0, 1999, 1000).astype(int)]
    assert cost.without == 1000 - (counted == 3).sum()


def test_what_the_whole_network_reads_is_measured_once_and_so_are_the_digits_loaded(first_row, digits):
    asked = []
    costs = OffCosts(lambda: asked.append(1) or digits)
    list(costs.measured(first_row, silenced(first_row, {"output": [3]})))
    *before, cost = costs.measured(first_row, silenced(first_row, {"output": [3, 4]}))
    assert len(before) == 1000 // AT_ONCE
    assert (cost.whole, asked) == (1000, [1])
