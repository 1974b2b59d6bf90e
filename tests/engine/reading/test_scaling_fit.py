"""How a network of others was shown digits is found: by networks that were made for each way."""

from pathlib import Path

import numpy as np
import pytest

from engine import load_network
from engine.nn.scaling import InputScaling
from engine.reading.scaling_fit import RAW, USUAL, likely_scaling

ROOT = Path(__file__).resolve().parents[3]


def shown_as(scaling):
    """LeNet-5 that ships, made to expect what a scaling gives: c1 takes it back."""
    network = load_network(ROOT / "saved_network" / "lenet5")
    weight, bias = network.layers["c1"].weight.value, network.layers["c1"].bias.value
    bias += scaling.mean * weight.sum(axis=(1, 2, 3))
    weight *= scaling.deviation
    return network


@pytest.mark.parametrize("scaling", [*USUAL, RAW], ids=str)
def test_each_usual_scaling_is_found(scaling):
    network = shown_as(scaling)
    found = likely_scaling(network)
    assert found.scaling == scaling
    assert found.reads
    assert found.accuracy > 0.95
    assert network.scaling == InputScaling()  # it is left as it was


def test_a_network_that_reads_nothing_is_found_out(rng):
    network = shown_as(InputScaling())
    for array in network.arrays:
        array.value[...] = rng.normal(0, 1, array.value.shape)
    assert not likely_scaling(network).reads


def test_a_network_whose_numbers_overflow_is_found_out():
    network = shown_as(InputScaling())
    for array in network.arrays:
        array.value[...] = np.float32(1e30)
    found = likely_scaling(network)
    assert not found.reads
    assert found.loss == np.inf
