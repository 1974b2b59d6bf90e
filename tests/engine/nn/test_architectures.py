"""Architectures: each network has the parameters that its source counts, names it, and learns."""

import re

import numpy as np
import pytest

from engine.errors import ConfigurationError
from engine.learning.optimizers import Adam
from engine.nn.architectures import ARCHITECTURES, C3_TABLE, build_network
from engine.nn.layers import (
    BatchNorm,
    Conv2D,
    Dropout,
    MaxPool2D,
    MeanPool2D,
    RadialBasis,
    Subsample2D,
    Training,
)
from engine.nn.losses import LOSSES, softmax_cross_entropy

LAYER_COUNTS = {  # maps * (connections * area + bias), units * (inputs + bias): worked out by hand
    "lenet5": {
        "c1": 6 * (25 + 1),
        "c3": 16 * (6 * 25 + 1),
        "c5": 120 * (16 * 16 + 1),
        "f6": 84 * (120 + 1),
        "output": 10 * (84 + 1),
    },
    "lenet5-1998": {
        "c1": 6 * (25 + 1),
        "s2": 6 * 2,
        "c3": 60 * 25 + 16,  # 60 connections
        "s4": 16 * 2,
        "c5": 120 * (16 * 25 + 1),
        "f6": 84 * (120 + 1),
    },
    "lenet5-sigmoid": {
        "c1": 6 * 25,
        "c3": 16 * 25,  # one kernel a map
        "c5": 120 * (256 + 1),
        "f6": 84 * (120 + 1),
        "output": 10 * (84 + 1),
    },
    "lenet5-tanh": {
        "c1": 6 * 25 + 6 * 28 * 28,  # a bias per position
        "c3": 16 * 6 * 25 + 16 * 10 * 10,
        "c5": 120 * 16 * 25 + 120,
        "f6": 84 * (120 + 1),
        "output": 10 * (84 + 1),
    },
    "cnn-3x3": {
        "c1": 16 * 9 + 16 * 28 * 28,
        "c2": 32 * 16 * 9 + 32 * 14 * 14,
        "c3": 64 * 32 * 9 + 64 * 7 * 7,
        "f4": 100 * (64 * 4 * 4 + 1),
        "output": 10 * (100 + 1),
    },
    "mlp-tanh": {"f1": 128 * (784 + 1), "output": 10 * (128 + 1)},
    "mlp-relu": {"f1": 128 * (784 + 1), "f2": 50 * (128 + 1), "output": 10 * (50 + 1)},
    "cnn-2": {"c1": 8 * (9 + 1), "c2": 16 * (8 * 9 + 1), "output": 10 * (16 * 7 * 7 + 1)},
    "cnn-3": {
        "c1": 16 * (9 + 1),
        "c2": 32 * (16 * 9 + 1),
        "c3": 48 * (32 * 9 + 1),
        "output": 10 * (48 * 3 * 3 + 1),
    },
    "cnn-4": {
        "c1": 16 * (9 + 1),
        "c2": 32 * (16 * 9 + 1),
        "c3": 48 * (32 * 9 + 1),
        "c4": 64 * (48 * 9 + 1),
        "output": 10 * (64 * 3 * 3 + 1),
    },
    "cifar10": {
        "c1": 16 * (3 * 9 + 1),
        "c2": 32 * (16 * 9 + 1),
        "c3": 64 * (32 * 9 + 1),
        "c4": 128 * (64 * 9 + 1),
        "output": 10 * (128 * 8 * 8 + 1),
    },
    "best": {
        "c1": 24 * 9,  # the normalisation behind it has the bias, and a gain
        "n1": 2 * 24,
        "c2": 24 * 24 * 9,
        "n2": 2 * 24,
        "c3": 48 * 24 * 9,
        "n3": 2 * 48,
        "c4": 48 * 48 * 9,
        "n4": 2 * 48,
        "c5": 96 * 48 * 9,
        "n5": 2 * 96,
        "output": 10 * (96 * 2 * 2 + 1),
    },
}
PARAMETER_COUNTS = {name: sum(counts.values()) for name, counts in LAYER_COUNTS.items()}
OWN_LOSS = {"lenet5-1998": LOSSES["map"]}

every_architecture = pytest.mark.parametrize("name", ARCHITECTURES)


def layer_counts(network):
    """The parameters of each layer that has any."""
    return {
        name: sum(parameter.value.size for parameter in layer.parameters)
        for name, layer in network.layers.items()
        if layer.parameters
    }


def kinds(network, *wanted):
    """The names of the layers of these kinds."""
    return [name for name, layer in network.layers.items() if isinstance(layer, wanted)]


def test_every_architecture_has_its_figure_here():
    assert set(ARCHITECTURES) == set(PARAMETER_COUNTS)


@every_architecture
def test_parameter_counts_are_those_of_the_source_layer_by_layer(name, rng):
    network = build_network(name, rng=rng)
    assert layer_counts(network) == LAYER_COUNTS[name]
    assert network.parameter_count == PARAMETER_COUNTS[name]
    assert network.architecture == name


def test_totals_worked_out_here_are_the_published_ones():
    assert PARAMETER_COUNTS == {
        "lenet5": 44_426,
        "lenet5-1998": 60_000,  # "345,308 connections, but only 60,000 trainable free parameters"
        "lenet5-sigmoid": 42_404,
        "lenet5-tanh": 67_988,
        "cnn-3x3": 148_646,
        "mlp-tanh": 101_770,
        "mlp-relu": 107_440,
        "cnn-2": 9_098,
        "cnn-3": 23_002,
        "cnn-4": 52_154,
        "cifar10": 179_370,
        "best": 82_306,
    }


@every_architecture
def test_every_architecture_answers_its_images(name, rng):
    network = build_network(name, rng=rng)
    logits = network.logits(rng.random((3, *network.input_shape), np.float32))
    assert logits.shape == (3, 10)
    assert np.isfinite(logits).all()


@every_architecture
def test_every_architecture_names_its_source(name):
    docstring = ARCHITECTURES[name].__doc__
    assert re.search(r"\(\d{4}\)|github\.com/|checkpoint|Made for this project", docstring)


@every_architecture
def test_count_that_a_docstring_states_is_the_real_one(name):
    stated = re.findall(r"([\d,]+)(?: trainable)? parameters", ARCHITECTURES[name].__doc__)
    assert all(int(count.replace(",", "")) == PARAMETER_COUNTS[name] for count in stated)


@every_architecture
def test_every_architecture_learns_10_images_in_20_steps(name, rng):
    network = build_network(name, rng=rng)
    loss = OWN_LOSS.get(name, softmax_cross_entropy)
    images, labels = rng.random((10, *network.input_shape), np.float32), np.arange(10)
    optimizer = Adam(network.parameters, 0.002)
    before = network.state()
    losses = []
    for step in range(21):
        losses.append(network.loss_and_gradients(images, labels, loss=loss, training=Training(rng)))
        optimizer.step()
        if step == 0:
            unmoved = [p.name for p in network.parameters if (p.value == before[p.name]).all()]
    assert unmoved == []
    assert np.mean(losses[-3:]) < losses[0]
    assert {value.dtype for value in network.state().values()} == {np.dtype(np.float32)}


# **** what makes each of them what it is ****


def test_lenet5_1998_has_the_figures_of_the_paper(rng):
    """LeCun et al. (1998), section II-B: what the paper says of each layer, in its words' order."""
    network = build_network("lenet5-1998", rng=rng)
    assert layer_counts(network) == {"c1": 156, "s2": 12, "c3": 1_516, "s4": 32, "c5": 48_120, "f6": 10_164}
    shapes = {name: network.shapes[name] for name in ("pad", "c1", "s2", "c3", "s4", "c5", "f6", "output")}
    assert shapes == {
        "pad": (1, 32, 32),
        "c1": (6, 28, 28),
        "s2": (6, 14, 14),
        "c3": (16, 10, 10),
        "s4": (16, 5, 5),
        "c5": (120, 1, 1),
        "f6": (84,),
        "output": (10,),
    }
    assert kinds(network, Subsample2D) == ["s2", "s4"]
    assert kinds(network, RadialBasis) == ["output"]


def test_lenet5_1998_connects_s2_to_c3_by_the_papers_table(rng, c3_table):
    np.testing.assert_array_equal(C3_TABLE, c3_table)
    assert C3_TABLE.sum() == 60
    np.testing.assert_array_equal(build_network("lenet5-1998", rng=rng).layers["c3"].table, c3_table)


def test_lenet5_1998_pads_with_the_papers_paper(rng):
    """Ink becomes 1.175 on paper at -0.1; the frame must be paper too, not 0."""
    network = build_network("lenet5-1998", rng=rng)
    blank = network.scaling(np.zeros((1, 28, 28, 1), np.float32))
    padded, _ = network.layers["pad"].forward(blank)
    np.testing.assert_allclose(padded, -0.1, rtol=1e-6)
    assert network.scaling(np.ones(1, np.float32)).item() == pytest.approx(1.175)


def test_lenet5_sigmoid_has_one_kernel_a_map_and_no_biases_in_its_convolutions(rng):
    network = build_network("lenet5-sigmoid", rng=rng)
    assert [network.layers[name].weight.value.shape for name in ("c1", "c3")] == [(6, 5, 5), (16, 5, 5)]
    assert kinds(network, MeanPool2D) == ["s2", "s4"]
    assert "c1.bias" not in network.state()
    assert network.scaling.threshold == 0.1


def test_lenet5_tanh_standardises_before_it_pads(rng):
    network = build_network("lenet5-tanh", rng=rng)
    assert network.scaling.mean == 0.1306604762738429
    assert network.scaling.deviation == 0.30810780385646264
    c1 = network.layers["c1"]
    assert (c1.padding, c1.positions) == (2, (28, 28))
    # a blank image seen by a kernel of ones: at the corner 3x3 standardised pixels, and zeros around
    c1.weight.value = np.ones_like(c1.weight.value)
    blank = network.scaling(np.zeros((1, 28, 28, 1), np.float32))
    y, _ = c1.forward(blank)
    paper = -0.1306604762738429 / 0.30810780385646264
    assert y[0, 0, 0, 0] == pytest.approx(9 * paper, rel=1e-5)
    assert y[0, 14, 14, 0] == pytest.approx(25 * paper, rel=1e-5)


def test_cnn_3x3_has_overlapping_pools_with_padding(rng):
    network = build_network("cnn-3x3", rng=rng)
    pools = [network.layers[name] for name in kinds(network, MaxPool2D)]
    assert [(pool.kernel_size, pool.stride, pool.padding) for pool in pools] == 3 * [(3, 2, 1)]
    assert [network.shapes[name] for name in ("s1", "s2", "s3")] == [(16, 14, 14), (32, 7, 7), (64, 4, 4)]
    assert [network.layers[f"c{n}"].positions for n in (1, 2, 3)] == [(28, 28), (14, 14), (7, 7)]


@pytest.mark.parametrize(
    "name, maps, dropouts",
    [
        ("cnn-2", [8, 16], 2),
        ("cnn-3", [16, 32, 48], 3),
        ("cnn-4", [16, 32, 48, 64], 4),
        ("mlp-relu", [], 2),
    ],
)
def test_networks_of_the_checkpoints_have_their_maps_and_a_dropout_of_a_fifth(name, maps, dropouts, rng):
    network = build_network(name, rng=rng)
    convolutions = [network.layers[key] for key in kinds(network, Conv2D)]
    assert [layer.out_channels for layer in convolutions] == maps
    assert {(layer.kernel_size, layer.padding) for layer in convolutions} <= {(3, 1)}
    assert [network.layers[key].rate for key in kinds(network, Dropout)] == dropouts * [0.2]


def test_cifar10_reads_colour_images_of_32x32(rng):
    network = build_network("cifar10", rng=rng)
    assert network.input_shape == (3, 32, 32)
    assert network.shapes["s2"] == (32, 16, 16)
    assert network.shapes["s4"] == (128, 8, 8)


def test_best_normalises_each_hidden_layer_and_saves_the_statistics(rng):
    network = build_network("best", rng=rng)
    assert kinds(network, BatchNorm) == ["n1", "n2", "n3", "n4", "n5"]
    arrays = set(network.state()) - {parameter.name for parameter in network.parameters}
    assert arrays == {f"n{n}.{kind}" for n in range(1, 6) for kind in ("mean", "variance")}


def test_lenet5_has_156_2416_30840_10164_and_850_parameters(rng):
    network = build_network("lenet5", rng=rng)
    counts = layer_counts(network)
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


@every_architecture
def test_weights_are_drawn_from_the_generator_that_is_given(name):
    def weights(seed):
        network = build_network(name, rng=np.random.default_rng(seed))
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
