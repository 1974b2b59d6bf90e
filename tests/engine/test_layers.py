"""Layers: right gradients in every configuration, right shapes, connection tables, and who may share them."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers import (
    Conv2D,
    Dense,
    Flatten,
    Layer,
    MaxPool2D,
    MeanPool2D,
    Parameter,
    ReLU,
    Shape,
    Sigmoid,
    Tanh,
)
from tests.engine.gradcheck import check_layer, spaced_values

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
}
every_layer = pytest.mark.parametrize("name", LAYERS)
LEARNING = ["conv", "conv-same", "conv-strided", "conv-table", "dense"]


# **** what holds for every layer ****


@every_layer
@pytest.mark.parametrize("batch_size", [1, 3])
def test_backward_agrees_with_central_differences(name, batch_size, rng):
    build, input_shape, _ = LAYERS[name]
    layer = build(rng)
    errors = check_layer(layer, spaced_values(rng, (*input_shape, batch_size)), rng=rng)
    assert list(errors) == (["x", "weight", "bias"] if name in LEARNING else ["x"])
    assert max(errors.values()) < 1e-7


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


# **** connection tables ****


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
