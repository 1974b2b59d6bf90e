"""First weights: spread as their formulas say, with the fan-in of what one output really sums."""

import numpy as np
import pytest

from engine.nn.architectures import ARCHITECTURES, build_network
from engine.nn.catalogue import SIGMOID_TABLE
from engine.nn.initializers import fan_in_uniform, glorot, he
from engine.nn.layers import Conv2D, Dense

FAN_IN, FAN_OUT = 150, 50
UNIFORM_LIMITS = {fan_in_uniform: 2.4 / FAN_IN, glorot: np.sqrt(6 / (FAN_IN + FAN_OUT))}

every_initializer = pytest.mark.parametrize("initializer", [fan_in_uniform, glorot, he])


class RecordingInitializer:
    """Notes what it is asked for: (shape, fan_in, fan_out)."""

    def __init__(self):
        self.calls = []

    def __call__(self, shape, fan_in, fan_out, rng):
        self.calls.append((shape, fan_in, fan_out))
        return np.zeros(shape, np.float32)


# **** formulas ****


@pytest.mark.parametrize("initializer", UNIFORM_LIMITS)
def test_uniform_weights_fill_their_limits(initializer, rng):
    weights = initializer((400, 500), FAN_IN, FAN_OUT, rng)
    limit = UNIFORM_LIMITS[initializer]
    assert limit * 0.999 < weights.max() <= limit * (1 + 1e-6)  # float32 rounds the limit itself
    assert -limit * 0.999 > weights.min() >= -limit * (1 + 1e-6)
    assert weights.var() == pytest.approx(limit**2 / 3, rel=0.01)
    assert abs(weights.mean()) < 0.01 * limit


def test_glorot_has_variance_2_by_fan_in_plus_fan_out(rng):
    assert glorot((400, 500), FAN_IN, FAN_OUT, rng).var() == pytest.approx(2 / 200, rel=0.01)


def test_he_is_normal_with_variance_2_by_fan_in(rng):
    weights = he((400, 500), FAN_IN, FAN_OUT, rng)
    assert weights.var() == pytest.approx(2 / FAN_IN, rel=0.02)
    assert abs(weights.mean()) < 0.01 * weights.std()
    within_one_sigma = (np.abs(weights) < np.sqrt(2 / FAN_IN)).mean()
    assert within_one_sigma == pytest.approx(0.6827, abs=0.005)


@every_initializer
def test_same_seed_gives_the_same_bytes(initializer):
    def weights(seed):
        return initializer((3, 4), 4, 3, np.random.default_rng(seed))

    assert weights(1).tobytes() == weights(1).tobytes()
    assert weights(1).tobytes() != weights(2).tobytes()
    assert weights(1).shape == (3, 4)
    assert weights(1).dtype == np.float32


# **** fan-in, as layers give it ****


def test_dense_sums_its_features(rng):
    recorder = RecordingInitializer()
    Dense(256, 120, rng=rng, initializer=recorder)
    assert recorder.calls == [((120, 256), 256, 120)]


@pytest.mark.parametrize("options", [{}, {"padding": 2}, {"stride": 2}])
def test_convolution_sums_the_channels_under_its_kernel(rng, options):
    recorder = RecordingInitializer()
    Conv2D(6, 16, 5, rng=rng, initializer=recorder, **options)
    assert recorder.calls == [((16, 6, 5, 5), 6 * 25, 16 * 25)]


def test_tabled_maps_sum_only_the_maps_that_they_read(rng, c3_table):
    recorder = RecordingInitializer()
    Conv2D(6, 16, 5, rng=rng, table=c3_table, initializer=recorder)
    fan_ins = [fan_in for _, fan_in, _ in recorder.calls]
    assert fan_ins == 6 * [3 * 25] + 9 * [4 * 25] + [6 * 25]
    assert [shape for shape, _, _ in recorder.calls] == (6 * [(3, 5, 5)] + 9 * [(4, 5, 5)] + [(6, 5, 5)])


def test_he_convolution_has_variance_2_by_fan_in(rng):
    weight = Conv2D(20, 100, 5, rng=rng).weight.value
    assert weight.var() == pytest.approx(2 / (20 * 25), rel=0.03)


def test_he_rows_of_a_table_differ_in_variance(rng):
    table = np.zeros((2, 200), bool)
    table[0, :50] = table[1] = True  # 50 and 200 connections
    weight = Conv2D(200, 2, 5, rng=rng, table=table).weight.value
    assert weight[:50].var() == pytest.approx(2 / (50 * 25), rel=0.1)
    assert weight[50:].var() == pytest.approx(2 / (200 * 25), rel=0.1)


def test_he_keeps_the_size_of_a_signal_through_layers_of_relu(rng):
    """What the formula is for: given the image's area as fan-in, the signal would die out."""
    x = rng.standard_normal((32, 8, 8, 10))
    before = (x**2).mean()
    for _ in range(5):
        around = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="wrap")  # no zeros come in
        y, _ = Conv2D(32, 32, 3, rng=rng).forward(around)
        x = np.maximum(y, 0)
    assert 0.5 < (x**2).mean() / before < 2


def test_shared_kernels_sum_all_the_maps_that_they_are_applied_to(rng):
    recorder = RecordingInitializer()
    Conv2D(6, 16, 5, rng=rng, table=SIGMOID_TABLE, shared=True, bias=False, initializer=recorder)
    assert [fan_in for _, fan_in, _ in recorder.calls] == 6 * [3 * 25] + 9 * [4 * 25] + [6 * 25]
    assert {shape for shape, _, _ in recorder.calls} == {(1, 5, 5)}


def test_an_input_of_a_table_reaches_the_maps_of_its_column(rng, c3_table):
    recorder = RecordingInitializer()
    Conv2D(6, 16, 5, rng=rng, table=c3_table, initializer=recorder)
    assert {fan_out for _, _, fan_out in recorder.calls} == {10 * 25}


# **** the first weights of every network ****

FORMULAS = {  # standard deviation, from what one output sums and how many outputs one input reaches
    he: lambda fan_in, fan_out: np.sqrt(2 / fan_in),
    glorot: lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
    fan_in_uniform: lambda fan_in, fan_out: 2.4 / fan_in / np.sqrt(3),
}
GLOROT_NETWORKS = {"lenet5-sigmoid", "lenet5-tanh", "mlp-tanh"}


def relative_spread(layer, initializer):
    """The deviation of the layer's weights over that of the formula, by its own connections."""
    weight = layer.weight.value
    if isinstance(layer, Dense):
        expected = FORMULAS[initializer](layer.in_features, layer.out_features)
        return weight.std() / expected
    area = layer.kernel_size**2
    maps = layer.table.sum(axis=1)  # that each output reads
    fan_out = layer.table.sum() / layer.in_channels * area
    count = maps if weight.ndim == 3 and not layer.shared else np.ones_like(maps)
    expected = np.concatenate(
        [np.full(c, FORMULAS[initializer](m * area, fan_out)) for m, c in zip(maps, count, strict=True)]
    )
    flat = weight.reshape(len(weight), -1)
    return (flat / expected[:, None]).std()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_layer_of_every_network_begins_with_the_spread_of_its_formula(name, rng):
    network = build_network(name, rng=rng)
    initializer = he
    if name in GLOROT_NETWORKS:
        initializer = glorot
    if name == "lenet5-1998":
        initializer = fan_in_uniform
    spreads = {
        key: relative_spread(layer, initializer)
        for key, layer in network.layers.items()
        if isinstance(layer, Conv2D | Dense)
    }
    for key, spread in spreads.items():
        size = network.layers[key].weight.value.size
        assert abs(spread - 1) < 4 / np.sqrt(2 * size), f"{key} is {spread} times as wide as it should be"


def test_the_images_area_as_fan_in_is_rejected_by_its_spread(rng):
    """5.6 times too small, as a network of the field had it: sqrt(784 / 25)."""

    def he_of_the_area(shape, fan_in, fan_out, rng):
        return he(shape, 28 * 28, fan_out, rng)

    assert relative_spread(Conv2D(1, 60, 5, rng=rng), he) == pytest.approx(1, abs=0.1)
    faulty = Conv2D(1, 60, 5, rng=rng, initializer=he_of_the_area)
    assert 1 / relative_spread(faulty, he) == pytest.approx(5.6, rel=0.1)
