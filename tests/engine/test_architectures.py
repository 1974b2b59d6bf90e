"""Architectures: each network has the parameters that its source counts."""

import numpy as np
import pytest

from engine.architectures import ARCHITECTURES, build_network
from engine.errors import ConfigurationError

PARAMETER_COUNTS = {"lenet5": 44_426}


def test_every_architecture_has_its_figure_here():
    assert set(ARCHITECTURES) == set(PARAMETER_COUNTS)


@pytest.mark.parametrize("name", PARAMETER_COUNTS)
def test_parameter_count_is_the_figure_of_the_source(name, rng):
    network = build_network(name, rng=rng)
    assert network.parameter_count == PARAMETER_COUNTS[name]
    assert network.architecture == name


@pytest.mark.parametrize("name", PARAMETER_COUNTS)
def test_every_architecture_answers_its_images(name, rng):
    network = build_network(name, rng=rng)
    logits = network.logits(rng.random((3, *network.input_shape), np.float32))
    assert logits.shape == (3, 10)
    assert np.isfinite(logits).all()


@pytest.mark.parametrize("name", PARAMETER_COUNTS)
def test_every_architecture_names_its_source(name):
    assert f"{PARAMETER_COUNTS[name]:,} parameters" in ARCHITECTURES[name].__doc__
    assert "et al." in ARCHITECTURES[name].__doc__


def test_lenet5_has_156_2416_30840_10164_and_850_parameters(rng):
    network = build_network("lenet5", rng=rng)
    counts = {
        name: sum(parameter.value.size for parameter in layer.parameters)
        for name, layer in network.layers.items()
        if layer.parameters
    }
    assert counts == {
        "c1": 6 * (25 + 1),
        "c3": 16 * (6 * 25 + 1),
        "c5": 120 * (16 * 16 + 1),
        "f6": 84 * (120 + 1),
        "output": 10 * (84 + 1),
    }
    assert list(counts.values()) == [156, 2_416, 30_840, 10_164, 850]
    assert sum(counts.values()) == 44_426


def test_lenet5_rectifies_after_each_pool_and_each_hidden_layer(rng):
    layers = build_network("lenet5", rng=rng).layers.items()
    assert [(name, type(layer).__name__) for name, layer in layers] == [
        *[("c1", "Conv2D"), ("s2", "MaxPool2D"), ("relu2", "ReLU")],
        *[("c3", "Conv2D"), ("s4", "MaxPool2D"), ("relu4", "ReLU")],
        ("flatten", "Flatten"),
        *[("c5", "Dense"), ("relu5", "ReLU")],
        *[("f6", "Dense"), ("relu6", "ReLU")],
        ("output", "Dense"),
    ]


def test_lenet5_is_the_default(rng):
    assert build_network(rng=rng).architecture == "lenet5"


def test_weights_are_drawn_from_the_generator_that_is_given():
    def weights(seed):
        network = build_network("lenet5", rng=np.random.default_rng(seed))
        return [value.tobytes() for value in network.state().values()]

    assert weights(5) == weights(5)
    assert weights(5) != weights(6)


def test_unknown_name_is_refused_with_the_names_there_are(rng):
    known = ", ".join(ARCHITECTURES)
    with pytest.raises(
        ConfigurationError,
        match=rf"There is no architecture 'lenet6'\. Choose one of: {known}\.",
    ):
        build_network("lenet6", rng=rng)
