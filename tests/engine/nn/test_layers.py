"""Layers: right gradients in every configuration that a network uses, right shapes, and what each keeps.

Beside the gradients stand the second derivatives, and what training has that answering has not.
"""

from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.nn.architectures import ARCHITECTURES, C3_TABLE, build_network
from engine.nn.box import Box, Shape
from engine.nn.catalogue import SIGMOID_TABLE
from engine.nn.digit_codes import digit_codes
from engine.nn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    MeanPool2D,
    Pad2D,
    Parameter,
    RadialBasis,
    ReLU,
    ScaledTanh,
    Sigmoid,
    Subsample2D,
    Tanh,
    Training,
)
from tests.engine.gradcheck import check_layer, randomize, spaced_values

HALF_CONNECTED = np.array([[True, False], [True, True], [False, True]])  # 3 maps of 2

LAYERS: dict[str, tuple[Callable[[np.random.Generator], Layer], Shape, Shape]] = {
    # name: how to build it, the shape of one input, the shape of one output
    "conv": (lambda rng: Conv2D(2, 3, 3, rng=rng), (2, 6, 5), (3, 4, 3)),
    "conv-same": (lambda rng: Conv2D(2, 3, 3, rng=rng, padding=1), (2, 4, 5), (3, 4, 5)),
    "conv-strided": (lambda rng: Conv2D(1, 2, 4, rng=rng, stride=2, padding=1), (1, 7, 6), (2, 3, 3)),
    "conv-table": (lambda rng: Conv2D(2, 3, 2, rng=rng, table=HALF_CONNECTED), (2, 4, 4), (3, 3, 3)),
    "dense": (lambda rng: Dense(5, 4, rng=rng), (5,), (4,)),
    "max-pool": (lambda rng: MaxPool2D(2), (2, 6, 4), (2, 3, 2)),
    "max-pool-overlapping": (lambda rng: MaxPool2D(3, stride=2), (2, 7, 5), (2, 3, 2)),
    "mean-pool": (lambda rng: MeanPool2D(2), (2, 6, 4), (2, 3, 2)),
    "mean-pool-overlapping": (lambda rng: MeanPool2D(3, stride=2), (2, 7, 5), (2, 3, 2)),
    "flatten": (lambda rng: Flatten(), (2, 3, 4), (24,)),
    "relu": (lambda rng: ReLU(), (2, 3, 4), (2, 3, 4)),
    "tanh": (lambda rng: Tanh(), (7,), (7,)),
    "sigmoid": (lambda rng: Sigmoid(), (7,), (7,)),
    "conv-without-bias": (lambda rng: Conv2D(2, 3, 3, rng=rng, bias=False), (2, 5, 4), (3, 3, 2)),
    "conv-positions": (lambda rng: Conv2D(2, 3, 3, rng=rng, positions=(3, 2)), (2, 5, 4), (3, 3, 2)),
    "conv-same-positions": (
        lambda rng: Conv2D(2, 3, 3, rng=rng, padding=1, positions=(4, 3)),
        (2, 4, 3),
        (3, 4, 3),
    ),
    "conv-one-position": (lambda rng: Conv2D(2, 3, 4, rng=rng, positions=(1, 1)), (2, 4, 4), (3, 1, 1)),
    "conv-shared": (lambda rng: Conv2D(2, 3, 2, rng=rng, shared=True, bias=False), (2, 4, 4), (3, 3, 3)),
    "conv-shared-table": (
        lambda rng: Conv2D(2, 3, 2, rng=rng, shared=True, bias=False, table=HALF_CONNECTED),
        (2, 4, 4),
        (3, 3, 3),
    ),
    "conv-shared-bias": (
        lambda rng: Conv2D(2, 3, 3, rng=rng, shared=True, stride=2, padding=1),
        (2, 5, 5),
        (3, 3, 3),
    ),
    "max-pool-padded": (lambda rng: MaxPool2D(3, stride=2, padding=1), (2, 7, 6), (2, 4, 3)),
    "subsample": (lambda rng: Subsample2D(3), (3, 4, 6), (3, 2, 3)),
    "pad": (lambda rng: Pad2D(2, -0.1), (2, 3, 4), (2, 7, 8)),
    "batch-norm-images": (lambda rng: BatchNorm(3), (3, 4, 2), (3, 4, 2)),
    "batch-norm-features": (lambda rng: BatchNorm(4), (4,), (4,)),
    "dropout": (lambda rng: Dropout(0.3), (3, 4, 5), (3, 4, 5)),
    "radial-basis": (lambda rng: RadialBasis(digit_codes()), (84,), (10,)),
    "scaled-tanh": (lambda rng: ScaledTanh(), (7,), (7,)),
}
every_layer = pytest.mark.parametrize("name", LAYERS)
LEARNING = [name for name in LAYERS if name.startswith("conv") or name == "dense"]  # with a weight
WITHOUT_BIAS = {"conv-without-bias", "conv-shared", "conv-shared-table"}
NAMES = {name: ["weight"] if name in WITHOUT_BIAS else ["weight", "bias"] for name in LEARNING}
NAMES |= {name: ["gain", "bias"] for name in ("subsample", "batch-norm-images", "batch-norm-features")}
TRAINING = ["dropout", "batch-norm-images", "batch-norm-features"]  # what they do depends on the rng


# **** what holds for every layer ****


@every_layer
@pytest.mark.parametrize("batch_size", [1, 3])
def test_backward_agrees_with_central_differences(name, batch_size, rng):
    build, input_shape, _ = LAYERS[name]
    layer = build(rng)
    errors = check_layer(layer, spaced_values(rng, (*input_shape, batch_size)), rng=rng)
    assert list(errors) == ["x", *NAMES.get(name, [])]
    assert max(errors.values()) < 1e-7


@pytest.mark.parametrize("name", TRAINING)
@pytest.mark.parametrize("batch_size", [2, 5])
def test_backward_in_training_agrees_with_central_differences(name, batch_size, rng):
    build, input_shape, _ = LAYERS[name]
    layer = build(rng)
    x = 0.5 + spaced_values(rng, (*input_shape, batch_size))
    errors = check_layer(layer, x, rng=rng, training_seed=3)
    assert list(errors) == ["x", *NAMES.get(name, [])]
    assert max(errors.values()) < 1e-7


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in TRAINING])
def test_most_layers_do_in_training_what_they_do_when_they_answer(name, rng):
    build, input_shape, _ = LAYERS[name]
    layer = build(rng)
    x = rng.random((*input_shape, 3), np.float32)
    assert layer.forward(x)[0].tobytes() == layer.forward(x, Training(rng))[0].tobytes()


def test_every_kind_of_layer_that_an_architecture_uses_is_checked_here(rng):
    used = {type(layer) for name in ARCHITECTURES for layer in build_network(name, rng=rng).layers.values()}
    assert used <= {type(build(rng)) for build, _, _ in LAYERS.values()}


@every_layer
def test_output_shape_is_that_of_forward(name, rng):
    build, input_shape, expected = LAYERS[name]
    layer = build(rng)
    y, _ = layer.forward(rng.random((*input_shape, 3), np.float32))
    assert layer.output_shape(input_shape) == expected
    assert y.shape == (*expected, 3)
    assert y.dtype == np.float32


@every_layer
def test_gradients_come_in_the_order_and_shapes_of_the_parameters(name, rng):
    build, input_shape, expected = LAYERS[name]
    layer = build(rng)
    _, cache = layer.forward(rng.random((*input_shape, 3), np.float32))
    dx, gradients = layer.backward(np.ones((*expected, 3), np.float32), cache)
    assert dx.shape == (*input_shape, 3)
    assert [g.shape for g in gradients] == [p.value.shape for p in layer.parameters]
    assert {g.dtype for g in gradients} <= {np.dtype(np.float32)}


@every_layer
def test_backward_belongs_to_the_forward_whose_cache_it_gets(name, rng):
    """So two threads, or two halves of a batch, can use one layer at once."""
    build, input_shape, expected = LAYERS[name]
    layer = build(rng)
    x = spaced_values(rng, (*input_shape, 2))
    dy = rng.standard_normal((*expected, 2))
    _, cache = layer.forward(x)
    alone, _ = layer.backward(dy, cache)

    _, cache = layer.forward(x)
    layer.forward(-x)
    interleaved, _ = layer.backward(dy, cache)
    assert interleaved.tobytes() == alone.tobytes()


@pytest.mark.parametrize("name", LEARNING)
def test_forward_and_backward_leave_the_parameters_alone(name, rng):
    build, input_shape, expected = LAYERS[name]
    layer = build(rng)
    before = [(p.value.tobytes(), p.grad.tobytes()) for p in layer.parameters]
    _, cache = layer.forward(rng.random((*input_shape, 3), np.float32))
    layer.backward(np.ones((*expected, 3), np.float32), cache)
    assert [(p.value.tobytes(), p.grad.tobytes()) for p in layer.parameters] == before


@pytest.mark.parametrize("name", LEARNING)
def test_parameter_gradients_are_the_same_without_dx(name, rng):
    build, input_shape, expected = LAYERS[name]
    layer = build(rng)
    _, cache = layer.forward(rng.standard_normal((*input_shape, 3)))
    dy = rng.standard_normal((*expected, 3))
    _, gradients = layer.backward(dy, cache)
    dx, without = layer.backward(dy, cache, needs_dx=False)
    assert dx is None
    assert [g.tobytes() for g in without] == [g.tobytes() for g in gradients]


# **** parameters ****


def test_parameter_starts_with_a_zero_gradient_of_its_shape_and_dtype():
    parameter = Parameter("c1.weight", np.ones((2, 3), np.float32))
    assert parameter.grad.shape == (2, 3)
    assert parameter.grad.dtype == np.float32
    assert not parameter.grad.any()
    assert repr(parameter) == "Parameter(c1.weight, (2, 3), float32)"


def test_weights_are_out_by_in_and_biases_start_at_zero(rng):
    convolution, dense = Conv2D(2, 6, 5, rng=rng), Dense(7, 3, rng=rng)
    assert convolution.weight.value.shape == (6, 2, 5, 5)
    assert dense.weight.value.shape == (3, 7)
    assert convolution.weight.value.all()
    assert dense.weight.value.all()
    assert not convolution.bias.value.any()
    assert not dense.bias.value.any()
    assert {p.value.dtype for p in (*convolution.parameters, *dense.parameters)} == {np.dtype(np.float32)}


# **** shared kernels, and biases for positions ****


@pytest.mark.parametrize("in_channels, out_channels, table", [(6, 16, SIGMOID_TABLE), (2, 3, None)])
def test_shared_kernel_equals_the_dense_convolution_that_repeats_it(in_channels, out_channels, table, rng):
    shared = Conv2D(in_channels, out_channels, 5, rng=rng, shared=True, table=table)
    dense = Conv2D(in_channels, out_channels, 5, rng=rng)
    for layer in (shared, dense):
        randomize(layer, rng)
    reads = np.ones((out_channels, in_channels), bool) if table is None else table
    dense.bias.value = shared.bias.value
    dense.weight.value = np.zeros((out_channels, in_channels, 5, 5))
    for out_map, in_map in np.argwhere(reads):
        dense.weight.value[out_map, in_map] = shared.weight.value[out_map]
    np.testing.assert_array_equal(shared.dense_weight(), dense.weight.value)

    x = rng.standard_normal((in_channels, 8, 7, 3))
    y, cache = shared.forward(x)
    dense_y, dense_cache = dense.forward(x)
    np.testing.assert_array_equal(y, dense_y)
    dy = rng.standard_normal(y.shape)
    dx, (dweight, dbias) = shared.backward(dy, cache)
    dense_dx, (dense_dweight, dense_dbias) = dense.backward(dy, dense_cache)
    np.testing.assert_array_equal(dx, dense_dx)
    np.testing.assert_array_equal(dbias, dense_dbias)
    for out_map in range(out_channels):
        expected = dense_dweight[out_map][reads[out_map]].sum(axis=0)
        np.testing.assert_allclose(dweight[out_map], expected, rtol=1e-12, atol=1e-12)


def test_shared_kernel_is_applied_to_the_sum_of_the_maps_that_it_reads(rng):
    layer = Conv2D(6, 16, 5, rng=rng, shared=True, bias=False, table=SIGMOID_TABLE)
    single = Conv2D(1, 16, 5, rng=rng, bias=False)
    single.weight.value = layer.weight.value[:, None]
    x = rng.standard_normal((6, 8, 8, 2))
    y, _ = layer.forward(x)
    for out_map, row in enumerate(SIGMOID_TABLE):
        alone, _ = single.forward(x[row].sum(axis=0, keepdims=True))
        np.testing.assert_allclose(y[out_map], alone[out_map], rtol=1e-6, atol=1e-9)


def test_shared_kernels_are_one_for_each_map(rng):
    layer = Conv2D(6, 16, 5, rng=rng, shared=True, bias=False, table=SIGMOID_TABLE)
    assert layer.weight.value.shape == (16, 5, 5)
    assert [parameter.name for parameter in layer.parameters] == ["weight"]
    assert layer.bias is None


def test_bias_per_position_moves_its_own_output_alone(rng):
    layer = Conv2D(1, 2, 3, rng=rng, positions=(4, 5))
    x = rng.random((1, 6, 7, 3), np.float32)
    before, _ = layer.forward(x)
    layer.bias.value[1, 2, 3] += 5
    moved, _ = layer.forward(x)
    change = moved - before
    np.testing.assert_allclose(change[1, 2, 3], 5, rtol=1e-5)
    change[1, 2, 3] = 0
    assert not change.any()
    assert layer.bias.value.shape == (2, 4, 5)


def test_positions_that_the_kernel_does_not_take_are_refused(rng):
    layer = Conv2D(1, 2, 3, rng=rng, positions=(4, 5))
    with pytest.raises(ShapeError, match=r"biases for \(4, 5\) positions, but takes \(5, 4\)"):
        layer.output_shape((1, 7, 6))


# **** subsampling, padding, distances ****


def test_subsampling_begins_as_a_mean(rng):
    x = rng.random((3, 4, 6, 2), np.float32)
    np.testing.assert_allclose(Subsample2D(3).forward(x)[0], MeanPool2D(2).forward(x)[0], rtol=1e-6)


def test_padding_frames_each_image_with_its_value(rng):
    x = rng.random((1, 28, 28, 2), np.float32)
    y, _ = Pad2D(2, -0.1).forward(x)
    assert y.shape == (1, 32, 32, 2)
    np.testing.assert_array_equal(y[:, 2:-2, 2:-2], x)
    assert (y[:, :2] == np.float32(-0.1)).all()
    assert (y[..., -2:, :] == np.float32(-0.1)).all()


def test_code_itself_is_answered_with_its_digit():
    codes = digit_codes()
    logits, _ = RadialBasis(codes).forward(codes.T)
    assert logits.argmax(axis=0).tolist() == list(range(10))
    assert (np.diag(logits) == 0).all()


# **** dropout ****


def test_dropout_lets_answers_through_untouched(rng):
    x = rng.random((4, 3), np.float32)
    y, cache = Dropout(0.5).forward(x)
    assert y is x
    assert Dropout(0.5).backward(x, cache)[0] is x


def test_dropout_is_repeatable_by_seed(rng):
    x = rng.random((40, 30), np.float32)

    def dropped(seed):
        return Dropout(0.5).forward(x, Training(np.random.default_rng(seed)))[0].tobytes()

    assert dropped(1) == dropped(1) != dropped(2)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 1.5, float("nan")])
def test_dropout_of_everything_or_less_than_nothing_is_refused(rate):
    with pytest.raises(ShapeError, match=rf"rate must be in 0…1.*got {rate}"):
        Dropout(rate)


# **** batch normalisation ****


def test_batch_norm_brings_each_map_to_its_bias_and_gain(rng):
    layer = BatchNorm(3)
    layer.gain.value, layer.bias.value = np.array([1.0, 2.0, 0.5]), np.array([0.0, -1.0, 4.0])
    y, _ = layer.forward(5 + 3 * rng.standard_normal((3, 6, 6, 20)), Training(rng))
    np.testing.assert_allclose(y.mean(axis=(1, 2, 3)), [0, -1, 4], atol=1e-10)
    np.testing.assert_allclose(y.std(axis=(1, 2, 3)), [1, 2, 0.5], rtol=1e-5)


def test_batch_norm_learns_its_statistics_by_hand():
    layer = BatchNorm(1)
    assert (layer.mean.value.item(), layer.variance.value.item()) == (0, 1)
    _, cache = layer.forward(np.array([[1.0, 2.0, 6.0]]), Training(np.random.default_rng(0)))
    layer.update_buffers(cache)
    # mean 3, squared distances 4 + 1 + 9 = 14, over 3 - 1 for the unbiased variance: 7
    assert layer.mean.value.item() == pytest.approx(0 + 0.1 * 3)
    assert layer.variance.value.item() == pytest.approx(1 + 0.1 * (7 - 1))


def test_forward_alone_moves_no_statistics(rng):
    layer = BatchNorm(3)
    layer.forward(rng.standard_normal((3, 50)), Training(rng))
    assert not layer.mean.value.any()
    assert (layer.variance.value == 1).all()


def test_running_statistics_come_to_those_of_the_data(rng):
    layer = BatchNorm(2)
    for _ in range(200):
        x = np.array([[3.0], [-1.0]]) + np.array([[2.0], [0.5]]) * rng.standard_normal((2, 400))
        layer.update_buffers(layer.forward(x, Training(rng))[1])
    np.testing.assert_allclose(layer.mean.value, [3, -1], atol=0.1)
    np.testing.assert_allclose(layer.variance.value, [4, 0.25], rtol=0.1)


def test_answers_of_batch_norm_do_not_depend_on_the_batch(rng):
    layer = BatchNorm(3)
    randomize(layer, rng)
    x = rng.standard_normal((3, 4, 4, 6))
    y, _ = layer.forward(x)
    np.testing.assert_allclose(layer.forward(x[..., :1])[0], y[..., :1], rtol=1e-12)
    expected = (x[1] - layer.mean.value[1]) / np.sqrt(layer.variance.value[1] + 1e-5)
    np.testing.assert_allclose(y[1], layer.gain.value[1] * expected + layer.bias.value[1], rtol=1e-9)


def test_batch_norm_of_a_single_number_is_its_bias(rng):
    """A last batch of one image must not divide by nothing."""
    layer = BatchNorm(4)
    layer.bias.value = np.arange(4, dtype=np.float32)
    y, cache = layer.forward(rng.random((4, 1), np.float32), Training(rng))
    layer.update_buffers(cache)
    assert y.ravel().tolist() == [0, 1, 2, 3]
    assert np.isfinite(layer.variance.value).all()


def test_statistics_keep_their_dtype(rng):
    layer = BatchNorm(3)
    layer.update_buffers(layer.forward(rng.random((3, 8), np.float32), Training(rng))[1])
    assert {array.value.dtype for array in layer.buffers} == {np.dtype(np.float32)}
    assert [array.name for array in layer.buffers] == ["mean", "variance"]


# **** connection tables ****


def test_tables_of_the_architectures_are_those_of_their_sources(c3_table):
    np.testing.assert_array_equal(C3_TABLE, c3_table)
    # the folder with one kernel a map lists 450 for 045, 3450 for 0345, and so on: the same connections
    np.testing.assert_array_equal(SIGMOID_TABLE, c3_table)
    assert C3_TABLE.sum(axis=1).tolist() == 6 * [3] + 9 * [4] + [6]
    assert C3_TABLE.sum(axis=0).tolist() == 6 * [10]  # each map of S2 is read by ten of C3


def test_tabled_convolution_equals_the_dense_one_with_zeros(rng, c3_table):
    tabled, dense = Conv2D(6, 16, 5, rng=rng, table=c3_table), Conv2D(6, 16, 5, rng=rng)
    tabled.bias.value = dense.bias.value = rng.standard_normal(16)
    dense.weight.value = np.zeros((16, 6, 5, 5), np.float32)
    kernels = iter(tabled.weight.value)
    for out_map, in_map in np.argwhere(c3_table):
        dense.weight.value[out_map, in_map] = next(kernels)

    x = rng.standard_normal((6, 8, 7, 3))
    y, cache = tabled.forward(x)
    dense_y, dense_cache = dense.forward(x)
    np.testing.assert_array_equal(y, dense_y)

    dy = rng.standard_normal(y.shape)
    dx, (dweight, dbias) = tabled.backward(dy, cache)
    dense_dx, (dense_dweight, dense_dbias) = dense.backward(dy, dense_cache)
    np.testing.assert_array_equal(dx, dense_dx)
    np.testing.assert_array_equal(dbias, dense_dbias)
    for gradient, (out_map, in_map) in zip(dweight, np.argwhere(c3_table), strict=True):
        np.testing.assert_array_equal(gradient, dense_dweight[out_map, in_map])


def test_unconnected_maps_do_not_reach_each_other(rng):
    layer = Conv2D(2, 3, 2, rng=rng, table=HALF_CONNECTED)
    x = rng.standard_normal((2, 4, 4, 1))
    y, _ = layer.forward(x)
    x[1] += 1  # output map 0 reads input map 0 alone
    changed, _ = layer.forward(x)
    assert (changed[0] == y[0]).all()
    assert (changed[1:] != y[1:]).all()


def test_tabled_convolution_has_one_kernel_for_each_connection(rng, c3_table):
    layer = Conv2D(6, 16, 5, rng=rng, table=c3_table)
    assert c3_table.sum() == 60
    assert layer.weight.value.shape == (60, 5, 5)
    # LeCun et al. (1998), section II-B: "Layer C3 has 1,516 trainable parameters"
    assert sum(parameter.value.size for parameter in layer.parameters) == 60 * 25 + 16 == 1516


def test_table_that_connects_everything_changes_nothing_but_the_layout(rng):
    tabled = Conv2D(2, 3, 3, rng=rng, table=np.ones((3, 2), bool))
    dense = Conv2D(2, 3, 3, rng=rng)
    dense.weight.value = tabled.weight.value.reshape(3, 2, 3, 3)
    x = rng.random((2, 5, 5, 2), np.float32)
    assert tabled.forward(x)[0].tobytes() == dense.forward(x)[0].tobytes()


def test_table_of_the_wrong_shape_is_refused(rng, c3_table):
    with pytest.raises(ShapeError, match=r"6 to 16 channels must be \(16, 6\) .*, got \(6, 16\)"):
        Conv2D(6, 16, 5, rng=rng, table=c3_table.T)


# **** inputs that do not fit ****


@pytest.mark.parametrize(
    "name, input_shape, message",
    [
        ("conv", (1, 6, 5), r"Conv2D expects 2 input channels, got 1 \(input shape \(1, 6, 5\)\)"),
        ("conv", (60,), r"Conv2D expects images \(channels, height, width\), got shape \(60,\)"),
        ("conv", (2, 6, 2), r"Conv2D's 3x3 window does not fit a 6x2 input"),
        ("dense", (2, 2), r"Dense expects \(5,\) features, got \(2, 2\).*Flatten before it"),
        ("dense", (6,), r"Dense expects \(5,\) features, got \(6,\)"),
        ("max-pool", (2, 1, 4), r"MaxPool2D's 2x2 window does not fit a 1x4 input"),
        ("max-pool", (8,), r"MaxPool2D expects images \(channels, height, width\), got shape \(8,\)"),
        ("mean-pool", (2, 4, 1), r"MeanPool2D's 2x2 window does not fit a 4x1 input"),
        ("mean-pool", (8,), r"MeanPool2D expects images"),
        ("max-pool-padded", (2, 0, 4), r"MaxPool2D's 3x3 window does not fit a 0x4 input"),
        ("subsample", (2, 4, 4), r"Subsample2D expects 3 channels, got 2"),
        ("subsample", (3, 1, 4), r"Subsample2D's 2x2 window does not fit a 1x4 input"),
        ("subsample", (48,), r"Subsample2D expects images"),
        ("pad", (48,), r"Pad2D expects images"),
        ("batch-norm-images", (4, 2, 2), r"BatchNorm expects 3 maps or features, got \(4, 2, 2\)"),
        ("batch-norm-features", (5,), r"BatchNorm expects 4 maps or features, got \(5,\)"),
        ("radial-basis", (83,), r"RadialBasis expects \(84,\) features, got \(83,\)"),
    ],
)
def test_misfit_is_told_with_what_was_expected_and_what_came(name, input_shape, message, rng):
    layer = LAYERS[name][0](rng)
    with pytest.raises(ShapeError, match=message):
        layer.output_shape(input_shape)


def test_padding_makes_a_small_image_fit(rng):
    assert Conv2D(1, 2, 5, rng=rng, padding=2).output_shape((1, 3, 3)) == (2, 3, 3)


# **** pooling and flattening ****


@pytest.mark.parametrize("pool", [MaxPool2D, MeanPool2D])
def test_pools_stand_side_by_side_unless_told_otherwise(pool):
    assert pool(2).output_shape((6, 24, 24)) == (6, 12, 12)
    assert pool(3).output_shape((6, 24, 24)) == (6, 8, 8)
    assert pool(3, stride=1).output_shape((6, 24, 24)) == (6, 22, 22)


def test_flatten_runs_map_row_column():
    x = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    y, _ = Flatten().forward(x)
    assert y.shape == (24, 5)
    assert y[1 * 12 + 2 * 4 + 3, 4] == x[1, 2, 3, 4]


def test_a_table_of_numbers_is_read_as_one_of_booleans(c3_table, rng):
    layer = Conv2D(6, 16, 5, table=c3_table.astype(int), rng=rng)
    assert layer.weight.value.shape == (60, 5, 5)
    y, _ = layer.forward(np.ones((6, 14, 14, 2), np.float32))
    assert y.shape == (16, 10, 10, 2)


def test_a_map_that_reads_nothing_is_refused(c3_table, rng):
    c3_table[3] = False
    with pytest.raises(ShapeError, match="a connection in each row"):
        Conv2D(6, 16, 5, table=c3_table, rng=rng)


@pytest.mark.parametrize(
    "settings", [{"stride": 0}, {"padding": -1}, {"padding": 5}, {"kernel_size": 0}, {"stride": -2}]
)
def test_a_window_that_cannot_slide_is_refused(settings, rng):
    settings = {"kernel_size": 5, **settings}
    with pytest.raises(ShapeError, match="A window needs"):
        Conv2D(1, 2, **settings, rng=rng)


@pytest.mark.parametrize("pool", [MaxPool2D, MeanPool2D])
def test_a_pool_that_cannot_slide_is_refused(pool):
    for settings in ((0,), (-1,)):
        with pytest.raises(ShapeError, match="A window needs"):
            pool(*settings)
    with pytest.raises(ShapeError, match="A window needs"):
        pool(2, stride=0)


# **** what an output reads ****


@pytest.mark.parametrize("name", LAYERS)
def test_the_reach_of_a_unit_is_all_that_can_change_it(name, rng):
    """Outside of it nothing does; its rows and columns are no more than needed."""
    build, input_shape, output_shape = LAYERS[name]
    layer = build(rng)
    randomize(layer, rng)
    x = spaced_values(rng, (*input_shape, 1))
    for unit in np.ndindex(output_shape):
        box = layer.reach(Box.of_unit(unit), input_shape)
        changing = set()
        for place in np.ndindex(input_shape):
            changed = x.copy()
            changed[(*place, 0)] += 10.0
            before, after = (layer.forward(image)[0][(*unit, 0)] for image in (x, changed))
            if before != after:
                changing.add(place[1:] if len(place) == 3 else (place[0], 0))
        inside = {(r, c) for r in range(box.top, box.bottom) for c in range(box.left, box.right)}
        assert changing <= inside, unit
        if inside - changing:  # a ReLU that stays at 0, or a connection that the table lacks
            assert name in ("relu", "conv-table", "conv-shared"), (unit, inside - changing)
