"""The checker itself: it accepts what is right and rejects each fault that networks were shipped with.

Every test plants one fault beside a right version of the same thing, so that what is rejected is the fault.
"""

from functools import partial
from typing import Any

import numpy as np
import pytest

from engine.nn import functional as F
from engine.nn.curvature import curvature
from engine.nn.functional import Array
from engine.nn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    MeanPool2D,
    Subsample2D,
    Tanh,
)
from engine.nn.losses import map_criterion, softmax_cross_entropy
from engine.nn.network import Network
from tests.engine.gradcheck import (
    GradientError,
    PurityError,
    check_curvature,
    check_gradients,
    check_layer,
    check_network,
    check_purity,
    compare_gradient,
    spaced_values,
)


def dense_arguments(rng: np.random.Generator) -> dict[str, Array]:
    """As many outputs as examples, so that no wrong axis shows by its shape."""
    return {
        "x": rng.standard_normal((5, 4)),
        "weight": rng.standard_normal((4, 5)),
        "bias": rng.standard_normal(4),
    }


# **** planted faults: pairs ****


def test_mean_pool_that_never_divides_is_rejected(rng):
    def backward(dy: Array, cache: Any, *, divisor: int) -> Array:
        return dy.repeat(2, axis=1).repeat(2, axis=2) / divisor

    forward = partial(F.mean_pool2d_forward, kernel_size=2, stride=2)
    arguments = {"x": rng.standard_normal((2, 4, 6, 3))}
    check_gradients(forward, partial(backward, divisor=4), arguments, rng=rng)
    with pytest.raises(GradientError, match=r"dx is wrong.*relative error 7.5e-01"):
        check_gradients(forward, partial(backward, divisor=1), arguments, rng=rng)


def test_dropout_that_scales_only_forward_is_rejected(rng):
    kept = rng.random((6, 5)) >= 0.2

    def forward(x: Array) -> tuple[Array, None]:
        return x * kept / 0.8, None

    arguments = {"x": rng.standard_normal((6, 5))}
    check_gradients(forward, lambda dy, cache: dy * kept / 0.8, arguments, rng=rng)
    with pytest.raises(GradientError, match=r"dx is wrong.*relative error 2.0e-01"):
        check_gradients(forward, lambda dy, cache: dy * kept, arguments, rng=rng)


def test_overlapping_max_pool_that_assigns_where_it_must_add_is_rejected(rng):
    def forward(x: Array) -> tuple[Array, Any]:
        y, _ = F.max_pool2d_forward(x, 3, stride=2)
        return y, (x, y)

    def backward(dy: Array, cache: Any, *, add: bool) -> Array:
        x, y = cache
        dx = np.zeros_like(x)
        for row in range(dy.shape[1]):
            for col in range(dy.shape[2]):
                here = np.s_[:, 2 * row : 2 * row + 3, 2 * col : 2 * col + 3]
                won = x[here] == y[:, row : row + 1, col : col + 1]
                gradient = won * dy[:, row : row + 1, col : col + 1]
                dx[here] = dx[here] + gradient if add else np.where(won, gradient, dx[here])
        return dx

    arguments = {"x": spaced_values(rng, (2, 7, 7, 3))}
    check_gradients(forward, partial(backward, add=True), arguments, rng=rng)
    with pytest.raises(GradientError, match="dx is wrong"):
        check_gradients(forward, partial(backward, add=False), arguments, rng=rng)


@pytest.mark.parametrize("position, name", [(0, "x"), (1, "weight"), (2, "bias")])
def test_factor_4_in_any_one_gradient_is_rejected(rng, position, name):
    def backward(dy: Array, cache: Any) -> list[Array]:
        gradients = list(F.dense_backward(dy, cache))
        gradients[position] = 4 * gradients[position]
        return gradients

    arguments = dense_arguments(rng)
    check_gradients(F.dense_forward, F.dense_backward, arguments, rng=rng)
    with pytest.raises(GradientError, match=f"d{name} is wrong"):
        check_gradients(F.dense_forward, backward, arguments, rng=rng)


def test_dbias_summed_over_the_wrong_axis_is_rejected(rng):
    def backward(dy: Array, cache: Any) -> tuple[Array, ...]:
        dx, dweight, _ = F.dense_backward(dy, cache)
        return dx, dweight, dy.sum(axis=0)

    with pytest.raises(GradientError, match="dbias is wrong"):
        check_gradients(F.dense_forward, backward, dense_arguments(rng), rng=rng)


def test_dbias_not_summed_over_the_positions_is_rejected(rng):
    def backward(dy: Array, cache: Any) -> tuple[Array, ...]:
        dx, dweight, _ = F.conv2d_backward(dy, cache)
        return dx, dweight, dy.sum(axis=3)

    arguments = {
        "x": rng.standard_normal((2, 5, 5, 3)),
        "weight": rng.standard_normal((4, 2, 3, 3)),
        "bias": rng.standard_normal(4),
    }
    check_gradients(F.conv2d_forward, F.conv2d_backward, arguments, rng=rng)
    with pytest.raises(GradientError, match=r"dbias has shape \(4, 3, 3\), bias has \(4,\)"):
        check_gradients(F.conv2d_forward, backward, arguments, rng=rng)


def test_flipped_kernel_in_the_backward_is_rejected(rng):
    def backward(dy: Array, cache: Any) -> tuple[Array, ...]:
        dx, dweight, dbias = F.conv2d_backward(dy, cache)
        return dx, dweight[:, :, ::-1, ::-1], dbias

    arguments = {
        "x": rng.standard_normal((2, 5, 5, 3)),
        "weight": rng.standard_normal((4, 2, 3, 3)),
        "bias": rng.standard_normal(4),
    }
    with pytest.raises(GradientError, match="dweight is wrong"):
        check_gradients(F.conv2d_forward, backward, arguments, rng=rng)


def test_one_wrong_entry_of_many_is_rejected(rng):
    x = rng.standard_normal(100)
    gradient = 2 * x
    compare_gradient(lambda: float((x**2).sum()), x, gradient, name="x", rng=rng)
    gradient[37] += 1e-4
    with pytest.raises(GradientError, match=r"dx is wrong at \(.*37.*,\)"):
        compare_gradient(lambda: float((x**2).sum()), x, gradient, name="x", rng=rng)


def test_gradient_that_is_not_a_number_is_rejected(rng):
    with pytest.raises(GradientError, match="nan"):
        check_gradients(lambda x: (2 * x, None), lambda dy, _: dy * np.nan, {"x": rng.random(3)}, rng=rng)


def test_float32_is_refused_because_its_differences_are_rounding(rng):
    with pytest.raises(ValueError, match="x is float32: central differences need float64"):
        check_gradients(F.tanh_forward, F.tanh_backward, {"x": np.ones(3, np.float32)}, rng=rng)


def test_checked_arrays_are_put_back(rng):
    arguments = dense_arguments(rng)
    copies = {name: array.copy() for name, array in arguments.items()}
    check_gradients(F.dense_forward, F.dense_backward, arguments, rng=rng)
    assert all((arguments[name] == copies[name]).all() for name in copies)


# **** planted faults: layers and networks ****


class MeanPoolThatNeverDivides(MeanPool2D):
    def backward(self, dy, cache, *, needs_dx=True):
        dx, _ = super().backward(dy, cache)
        return dx * self.kernel_size**2, ()


class DenseWithForgottenBias(Dense):
    def backward(self, dy, cache, *, needs_dx=True):
        dx, (dweight, dbias) = super().backward(dy, cache, needs_dx=needs_dx)
        return dx, (dweight, np.zeros_like(dbias))


def test_layer_with_a_wrong_input_gradient_is_rejected(rng):
    x = rng.standard_normal((2, 4, 4, 3))
    check_layer(MeanPool2D(2), x, rng=rng)
    with pytest.raises(GradientError, match="dx is wrong"):
        check_layer(MeanPoolThatNeverDivides(2), x, rng=rng)


def test_layer_with_a_wrong_parameter_gradient_is_rejected(rng):
    x = rng.standard_normal((3, 4))
    check_layer(Dense(3, 5, rng=rng), x, rng=rng)
    with pytest.raises(GradientError, match="dbias is wrong"):
        check_layer(DenseWithForgottenBias(3, 5, rng=rng), x, rng=rng)


@pytest.mark.parametrize("entries", [None, 5])
def test_network_with_one_wrong_layer_is_rejected_where_the_fault_arrives(rng, entries):
    def network(pool: MeanPool2D) -> Network:
        return Network(
            [
                ("c1", Conv2D(1, 2, 3, rng=rng)),
                ("tanh1", Tanh()),
                ("s2", pool),
                ("flatten", Flatten()),
                ("output", Dense(8, 10, rng=rng)),
            ],
            input_shape=(1, 6, 6),
            architecture="tiny",
        ).astype(np.float64)

    images, labels = rng.random((2, 6, 6)), np.array([3, 8])
    check_network(network(MeanPool2D(2)), images, labels, rng=rng, entries=entries)
    with pytest.raises(GradientError, match=r"dc1\.weight is wrong"):  # in front of the pool
        check_network(network(MeanPoolThatNeverDivides(2)), images, labels, rng=rng, entries=entries)


class DropoutThatScalesOnlyForward(Dropout):
    def backward(self, dy, cache, *, needs_dx=True):
        return dy * (cache > 0), ()


class BatchNormThatHoldsItsStatisticsFixed(BatchNorm):
    """Its backward forgets that the mean and the variance depend on every x."""

    def backward(self, dy, cache, *, needs_dx=True):
        _, gradients = super().backward(dy, cache)
        _, slope, *_ = cache[1]
        return dy * slope.reshape(-1, *(1,) * (dy.ndim - 1)), gradients


class SubsampleThatShares(Subsample2D):
    """Divides among the inputs of a window, as a mean does; each input of a sum gets all."""

    def backward(self, dy, cache, *, needs_dx=True):
        dx, gradients = super().backward(dy, cache)
        return dx / self.kernel_size**2, gradients


class MaxPoolThatAssigns(MaxPool2D):
    """Of overlapping windows, the last one overwrites what those before it gave."""

    def backward(self, dy, cache, *, needs_dx=True):
        padded, _, y, k, stride, p = cache
        dx = np.zeros_like(padded)
        for row in range(dy.shape[1]):
            for col in range(dy.shape[2]):
                here = np.s_[:, stride * row : stride * row + k, stride * col : stride * col + k]
                won = padded[here] == y[:, row : row + 1, col : col + 1]
                dx[here] = np.where(won, dy[:, row : row + 1, col : col + 1], dx[here])
        return F.unpad2d(dx, p), ()


class ConvWithOneBiasForAllPositions(Conv2D):
    def backward(self, dy, cache, *, needs_dx=True):
        dx, (dweight, dbias) = super().backward(dy, cache, needs_dx=needs_dx)
        return dx, (dweight, np.broadcast_to(dbias.sum(axis=(1, 2), keepdims=True), dbias.shape))


class SharedConvThatLearnsFromOneMap(Conv2D):
    """Takes the gradient of one of the connections of its shared kernel for that of all."""

    def backward(self, dy, cache, *, needs_dx=True):
        dx, dweight, dbias = F.conv2d_backward(dy, cache)
        return dx, (dweight[:, 0], dbias)


@pytest.mark.parametrize(
    "right, wrong, shape, seed, fault",
    [
        (lambda rng: Dropout(0.2), lambda rng: DropoutThatScalesOnlyForward(0.2), (5, 6), 1, "dx"),
        (lambda rng: BatchNorm(3), lambda rng: BatchNormThatHoldsItsStatisticsFixed(3), (3, 8), 1, "dx"),
        (
            lambda rng: BatchNorm(2),
            lambda rng: BatchNormThatHoldsItsStatisticsFixed(2),
            (2, 3, 3, 4),
            1,
            "dx",
        ),
        (lambda rng: Subsample2D(2), lambda rng: SubsampleThatShares(2), (2, 4, 4, 3), None, "dx"),
        (
            lambda rng: MaxPool2D(3, stride=2, padding=1),
            lambda rng: MaxPoolThatAssigns(3, stride=2, padding=1),
            *((2, 8, 8, 2), None, "dx"),
        ),
        (
            lambda rng: Conv2D(1, 2, 3, rng=rng, positions=(2, 3)),
            lambda rng: ConvWithOneBiasForAllPositions(1, 2, 3, rng=rng, positions=(2, 3)),
            *((1, 4, 5, 2), None, "dbias"),
        ),
        (
            lambda rng: Conv2D(2, 3, 3, rng=rng, shared=True),
            lambda rng: SharedConvThatLearnsFromOneMap(2, 3, 3, rng=rng, shared=True),
            *((2, 4, 5, 2), None, "dweight"),
        ),
    ],
    ids=["dropout", "features", "images", "subsample", "max-pool", "positions", "shared"],
)
def test_layer_with_a_planted_fault_is_rejected(right, wrong, shape, seed, fault, rng):
    x = spaced_values(rng, shape)
    check_layer(right(rng), x, rng=rng, training_seed=seed)
    with pytest.raises(GradientError, match=f"{fault} is wrong"):
        check_layer(wrong(rng), x, rng=rng, training_seed=seed)


def hidden_behind(middle: Any, rng: np.random.Generator) -> Network:
    return Network(
        [
            ("flatten", Flatten()),
            ("f1", Dense(9, 6, rng=rng)),
            ("middle", middle),
            ("output", Dense(6, 10, rng=rng)),
        ],
        input_shape=(1, 3, 3),
        architecture="hidden",
    ).astype(np.float64)


@pytest.mark.parametrize(
    "right, wrong",
    [
        (Dropout(0.5), DropoutThatScalesOnlyForward(0.5)),
        (BatchNorm(6), BatchNormThatHoldsItsStatisticsFixed(6)),
    ],
    ids=["dropout", "batch-norm"],
)
def test_fault_that_only_training_shows_is_rejected_in_a_whole_network(right, wrong, rng):
    images, labels = rng.random((5, 3, 3)), np.array([3, 8, 0, 1, 1])
    check_network(hidden_behind(right, rng), images, labels, rng=rng, training_seed=2)
    faulty = hidden_behind(wrong, rng)
    with pytest.raises(GradientError, match=r"df1\.weight is wrong"):
        check_network(faulty, images, labels, rng=rng, training_seed=2)


def test_check_in_training_leaves_the_running_statistics_where_they_were(rng):
    network = hidden_behind(BatchNorm(6), rng)
    before = network.state()
    check_network(network, rng.random((5, 3, 3)), np.arange(5), rng=rng, training_seed=2)
    after = network.state()
    assert list(after)[-2:] == ["middle.mean", "middle.variance"]
    assert all(after[name].tobytes() == before[name].tobytes() for name in before)


def test_dropout_that_draws_anew_at_each_evaluation_cannot_be_checked(rng):
    """Why the generator is made again for each: differences between two masks are no derivatives."""
    drawn_on = np.random.default_rng(1)

    def forward(x: Array) -> tuple[Array, Any]:
        return F.dropout_forward(x, 0.5, drawn_on)

    with pytest.raises(GradientError, match="dx is wrong"):
        check_gradients(forward, F.dropout_backward, {"x": rng.standard_normal((6, 5))}, rng=rng)


# **** planted faults: losses ****


@pytest.mark.parametrize(
    "right, gradient",
    [
        # equation 9 without its exp(-j): a cross-entropy's gradient
        (map_criterion, lambda logits, labels: softmax_cross_entropy(logits, labels)[1]),
        # smoothing in the value alone
        (
            partial(softmax_cross_entropy, label_smoothing=0.1),
            lambda logits, labels: softmax_cross_entropy(logits, labels)[1],
        ),
        # a sum over the batch where the loss is a mean
        (softmax_cross_entropy, lambda logits, labels: 3 * softmax_cross_entropy(logits, labels)[1]),
    ],
    ids=["map", "smoothing", "sum"],
)
def test_loss_with_anothers_gradient_is_rejected(right, gradient, rng):
    logits, labels = rng.standard_normal((4, 3)), np.array([0, 3, 3])
    settings = {"name": "logits", "rng": rng}
    compare_gradient(lambda: right(logits, labels)[0], logits, right(logits, labels)[1], **settings)
    with pytest.raises(GradientError, match="dlogits is wrong"):
        compare_gradient(lambda: right(logits, labels)[0], logits, gradient(logits, labels), **settings)


# **** planted faults: second derivatives ****


class DenseWhoseCurvatureIsItsGradient(Dense):
    pass


class MeanPoolThatDividesOnce(MeanPool2D):
    pass


@curvature.register(DenseWhoseCurvatureIsItsGradient)
@curvature.register(MeanPoolThatDividesOnce)
def _(layer, d2y, cache):
    return layer.backward(d2y, cache)


def test_curvature_without_its_squares_is_rejected(rng):
    x = rng.standard_normal((3, 4))
    assert check_curvature(Dense(3, 5, rng=rng), x, rng=rng) == ["x", "weight", "bias"]
    with pytest.raises(GradientError, match="d2x is wrong"):
        check_curvature(DenseWhoseCurvatureIsItsGradient(3, 5, rng=rng), x, rng=rng)


def test_curvature_of_a_mean_divided_once_is_rejected(rng):
    x = rng.standard_normal((2, 4, 4, 3))
    assert check_curvature(MeanPool2D(2), x, rng=rng) == ["x"]
    with pytest.raises(GradientError, match="d2x is wrong"):
        check_curvature(MeanPoolThatDividesOnce(2), x, rng=rng)


# **** rounding ****


def test_gradient_of_0_is_accepted_although_differences_are_rounding(rng):
    """A bias in front of batch normalisation moves nothing."""
    network = hidden_behind(BatchNorm(6), rng)
    errors = check_network(network, rng.random((5, 3, 3)), np.arange(5), rng=rng, training_seed=2)
    assert errors["f1.bias"] == 0
    assert np.abs(network.parameters[1].grad).max() < 1e-15


@pytest.mark.parametrize("size", [1.0, 1e-3, 1e-6])
def test_factor_4_in_a_small_gradient_is_still_rejected(size, rng):
    x = rng.uniform(1, 2, 5)
    compare_gradient(lambda: size * float((x**2).sum()), x, size * 2 * x, name="x", rng=rng)
    with pytest.raises(GradientError, match="dx is wrong"):
        compare_gradient(lambda: size * float((x**2).sum()), x, size * 8 * x, name="x", rng=rng)


# **** planted faults: purity ****


def test_relu_that_overwrites_its_callers_array_is_caught(rng):
    def forward(x: Array) -> tuple[Array, Array]:
        y = np.maximum(x, 0, out=x)
        return y, y

    arguments = {"x": rng.standard_normal((4, 3))}
    check_purity(F.relu_forward, F.relu_backward, arguments, rng=rng)
    with pytest.raises(PurityError, match="forward changed x"):
        check_purity(forward, F.relu_backward, arguments, rng=rng)


def test_backward_that_overwrites_dy_is_caught(rng):
    def backward(dy: Array, y: Array) -> Array:
        dy *= y > 0
        return dy

    with pytest.raises(PurityError, match="backward changed dy"):
        check_purity(F.relu_forward, backward, {"x": rng.standard_normal((4, 3))}, rng=rng)


def test_backward_that_uses_up_its_cache_is_caught(rng):
    def forward(x: Array) -> tuple[Array, Array]:
        return np.maximum(x, 0), (x > 0).astype(x.dtype)

    def backward(dy: Array, mask: Array) -> Array:
        mask *= dy
        return mask

    with pytest.raises(PurityError, match="backward changed its cache"):
        check_purity(forward, backward, {"x": rng.standard_normal((4, 3))}, rng=rng)


# **** the inputs it is given ****


@pytest.mark.parametrize("shape", [(7,), (2, 6, 6, 3), (3, 9, 9, 5)])
def test_spaced_values_are_distinct_and_away_from_zero(rng, shape):
    values = spaced_values(rng, shape)
    ordered = np.sort(values, axis=None)
    assert values.shape == shape
    assert np.diff(ordered).min() > 100 * 1e-6
    assert np.abs(ordered).min() > 100 * 1e-6
    assert -2 <= ordered[0] < 0 < ordered[-1] <= 2
