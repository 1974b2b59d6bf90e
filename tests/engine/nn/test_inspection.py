"""A look into a network: each layer, what a unit reads of the page, and the arithmetic of its number."""

import numpy as np
import pytest

from engine import build_network
from engine.errors import ShapeError
from engine.nn.architectures import ARCHITECTURES
from engine.nn.box import Box
from engine.nn.inspection import LayerFacts, arithmetic, layers_of, receptive_field
from engine.nn.layers import BatchNorm, Dense, Flatten, MaxPool2D
from engine.nn.network import Network


def random_network(name, rng):
    """Of the architecture, with nothing left at the ones and zeros that it begins with."""
    network = build_network(name, rng=rng)
    for array in network.arrays:
        if array.name.endswith(("bias", "mean")):
            array.value[...] = rng.normal(0, 0.1, array.value.shape)
        elif array.name.endswith(("gain", "variance")):
            array.value[...] = rng.uniform(0.5, 2, array.value.shape)
    return network


def random_units(network, kind, count, rng):
    """(layer, unit) of the layers of a kind, drawn at random."""
    names = [name for name, layer in network.layers.items() if type(layer).__name__ == kind]
    for name in rng.choice(names, count):
        yield str(name), tuple(int(rng.integers(size)) for size in network.shapes[str(name)])


def small_digits(network):
    """An image of something for the network, on mostly blank paper."""
    rng = np.random.default_rng(1)
    images = np.zeros((2, *network.input_shape), np.float32)
    images[..., 8:20, 10:18] = rng.random((2, network.input_shape[0], 12, 8))
    return images


def test_the_layers_are_listed_in_the_order_of_the_computation():
    network = build_network("lenet5", rng=np.random.default_rng(0))
    found = layers_of(network)
    assert [layer.name for layer in found] == list(network.layers)
    assert found[:2] == [
        LayerFacts("c1", "Conv2D", (6, 24, 24), 156),
        LayerFacts("s2", "MaxPool2D", (6, 12, 12), 0),
    ]
    assert sum(layer.parameter_count for layer in found) == network.parameter_count == 44_426


# **** what a unit reads ****


def test_the_receptive_field_is_folded_backwards_to_the_page():
    network = build_network("lenet5", rng=np.random.default_rng(0))
    # row 2 of s4: rows 4 and 5 of c3, 4 to 9 of s2, 8 to 19 of c1, 8 to 23 of the page
    found = receptive_field(network, "s4", (3, 2, 0))
    assert found.layers == {
        "c1": Box(8, 0, 20, 12),
        "s2": Box(4, 0, 10, 6),
        "relu2": Box(4, 0, 10, 6),
        "c3": Box(4, 0, 6, 2),
        "s4": Box(2, 0, 3, 1),
    }
    assert list(found.layers) == ["c1", "s2", "relu2", "c3", "s4"]
    assert found.page == Box(8, 0, 24, 16)


def test_an_output_sees_the_whole_page():
    network = build_network("lenet5", rng=np.random.default_rng(0))
    assert receptive_field(network, "output", (7,)).page == Box(0, 0, 28, 28)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_nothing_outside_of_its_receptive_field_changes_a_unit(name, rng):
    network = random_network(name, rng)
    image = rng.random((1, *network.input_shape), np.float32)
    for layer, shape in network.shapes.items():
        unit = tuple(int(rng.integers(size)) for size in shape)
        page = receptive_field(network, layer, unit).page
        changed = rng.random(image.shape, np.float32)
        inside = np.s_[..., page.top : page.bottom, page.left : page.right]
        changed[inside] = image[inside]
        before, after = (network.trace(x).outputs[layer][(0, *unit)] for x in (image, changed))
        assert before == pytest.approx(after, rel=1e-5, abs=1e-5)


# **** arithmetic ****

KINDS = [
    (name, kind)
    for name in ARCHITECTURES
    for kind in dict.fromkeys(
        facts.kind for facts in layers_of(build_network(name, rng=np.random.default_rng(0)))
    )
]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_the_arithmetic_of_any_unit_ends_in_the_number_of_the_trace(name, kind, rng):
    network = random_network(name, rng).astype(np.float64)
    trace = network.trace(small_digits(network))
    for layer, unit in random_units(network, kind, 80, rng):
        found = arithmetic(network, trace, layer, unit, image=1)
        assert found.value == pytest.approx(trace.outputs[layer][(1, *unit)], rel=1e-6, abs=1e-12)
        assert found.kind == kind


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_it_does_so_in_float32_too_to_the_rounding_of_its_terms(name, kind, rng):
    network = random_network(name, rng)
    trace = network.trace(small_digits(network))
    for layer, unit in random_units(network, kind, 80, rng):
        found = arithmetic(network, trace, layer, unit)
        terms = np.abs(found.products if found.products is not None else found.value).sum()
        if found.normalisation is not None:
            norm = found.normalisation
            terms += (abs(found.inputs[0]) + abs(norm.mean)) / norm.deviation * abs(norm.gain)
        terms += abs(found.bias)
        assert abs(found.value - trace.outputs[layer][(0, *unit)]) <= 1e-6 * max(terms, 1)


@pytest.mark.parametrize("kind", ["Conv2D", "Dense", "MeanPool2D", "Subsample2D", "RadialBasis"])
def test_a_weighted_sum_is_that_of_its_products_and_its_bias(kind, rng):
    name = next(name for name, having in KINDS if having == kind)
    network = random_network(name, rng)
    trace = network.trace(small_digits(network))
    for layer, unit in random_units(network, kind, 20, rng):
        found = arithmetic(network, trace, layer, unit)
        assert found.value == pytest.approx(found.products.sum() + found.bias, rel=1e-9, abs=1e-12)
        assert found.products.shape == found.inputs.shape == found.weights.shape
        if kind != "RadialBasis":
            np.testing.assert_allclose(found.products, found.inputs * found.weights)


def pooled(x):
    return Network(
        [("pool", MaxPool2D(2)), ("flatten", Flatten())], input_shape=x.shape[1:], architecture="p"
    )


def test_a_max_pool_tells_which_input_won():
    image = np.array([[[[1, 5, 0, 0], [2, 3, 0, 9], [0, 0, 4, 4], [0, 0, 4, 4]]]], np.float32)
    network = pooled(image)
    trace = network.trace(image)
    assert arithmetic(network, trace, "pool", (0, 0, 0)).winner == (0, 1)
    assert arithmetic(network, trace, "pool", (0, 0, 1)).winner == (1, 1)
    tied = arithmetic(network, trace, "pool", (0, 1, 1))
    assert (tied.winner, tied.value, tied.reads) == ((0, 0), 4, Box(2, 2, 4, 4))


def test_a_normalisation_is_told_by_its_four_numbers(rng):
    layer = BatchNorm(2)
    layer.mean.value[:], layer.variance.value[:] = [1, 3], [4, 16]
    layer.gain.value[:], layer.bias.value[:] = [1, 2], [0, 5]
    layers = [("norm", layer), ("flatten", Flatten()), ("out", Dense(2, 3, rng=rng))]
    network = Network(layers, input_shape=(2, 1, 1), architecture="norm")
    trace = network.trace(np.full((1, 2, 1, 1), 11, np.float32))
    found = arithmetic(network, trace, "norm", (1, 0, 0))
    assert found.value == pytest.approx((11 - 3) / 4 * 2 + 5, rel=1e-5)
    assert (found.normalisation.mean, found.normalisation.gain, found.normalisation.bias) == (3, 2, 5)
    assert found.normalisation.deviation == pytest.approx(4, rel=1e-5)


def test_a_unit_that_is_not_there_is_told():
    network = build_network("lenet5", rng=np.random.default_rng(0))
    with pytest.raises(ShapeError, match=r"Layer c1 has units in \(6, 24, 24\), not \(6, 0, 0\)"):
        receptive_field(network, "c1", (6, 0, 0))
    with pytest.raises(ShapeError, match=r"lenet5 has no layer c9, but c1, s2"):
        receptive_field(network, "c9", (0, 0, 0))
