"""Each pair: forward and backward equal the naive loops and SciPy, and every pair is pure.

Three kinds of judge: `naive` (loops that one can read), SciPy (written by others), central differences.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
import scipy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.nn import functional as F
from engine.nn.functional import Array
from tests.engine import naive
from tests.engine.gradcheck import check_gradients, check_purity, spaced_values

# Of windows that leave something over there are few among the sizes that are drawn.
many = settings(max_examples=150)


def assert_equal(actual: Array, expected: Array) -> None:
    """Equal to the rounding of float64."""
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-12)


# **** what holds for every pair ****


@dataclass(frozen=True)
class Pair:
    """A forward with its settings, its backward, and what makes its arguments."""

    name: str
    forward: Callable[..., tuple[Array, Any]]
    backward: Callable[[Array, Any], Any]
    arguments: Callable[[np.random.Generator], dict[str, Array]]


def convolution(
    name: str, x: tuple[int, ...], weight: tuple[int, ...], bias: tuple[int, ...], **options: int
) -> Pair:
    def arguments(rng: np.random.Generator) -> dict[str, Array]:
        shapes = {"x": x, "weight": weight, "bias": bias}
        return {key: rng.standard_normal(shape) for key, shape in shapes.items()}

    return Pair(name, partial(F.conv2d_forward, **options), F.conv2d_backward, arguments)


def one_input(name: str, forward: Callable[..., Any], backward: Callable[..., Any], *shape: int) -> Pair:
    return Pair(name, forward, backward, lambda rng: {"x": spaced_values(rng, shape)})


def dense_arguments(rng: np.random.Generator) -> dict[str, Array]:
    return {
        "x": rng.standard_normal((5, 3)),
        "weight": rng.standard_normal((4, 5)),
        "bias": rng.standard_normal(4),
    }


def shaped(**shapes: Any) -> Callable[[np.random.Generator], dict[str, Array]]:
    """Arguments by name: normal random arrays of these shapes."""
    return lambda rng: {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def batch_norm_forward(x: Array, gain: Array, bias: Array) -> tuple[Array, Any]:
    y, _, _, cache = F.batch_norm_forward(x, gain, bias, 1e-5)
    return y, cache


def batch_norm_inference(x: Array, gain: Array, bias: Array) -> tuple[Array, Any]:
    mean, variance = np.linspace(-1, 1, len(gain)), np.linspace(0.5, 2, len(gain))
    return F.batch_norm_inference(x, mean.astype(x.dtype), variance.astype(x.dtype), gain, bias, 1e-5)


def dropout_forward(x: Array) -> tuple[Array, Any]:
    return F.dropout_forward(x, 0.3, np.random.default_rng(4))


CODES = np.where(np.random.default_rng(9).random((4, 6)) < 0.5, -1.0, 1.0)

max_pool, mean_pool = F.max_pool2d_forward, F.mean_pool2d_forward
PAIRS = [
    convolution("conv", (2, 6, 5, 3), (4, 2, 3, 3), (4,)),
    convolution("conv-one-image", (1, 5, 5, 1), (2, 1, 5, 5), (2,)),
    convolution("conv-even-kernel", (2, 5, 6, 2), (3, 2, 2, 4), (3,)),
    convolution("conv-same", (2, 4, 5, 2), (3, 2, 3, 3), (3,), padding=1),
    convolution("conv-strided", (2, 8, 7, 2), (3, 2, 3, 3), (3,), stride=2, padding=1),
    convolution("conv-bias-per-position", (2, 5, 5, 3), (4, 2, 3, 3), (4, 3, 3)),
    Pair(
        "conv-without-bias",
        lambda x, weight: F.conv2d_forward(x, weight, None),
        lambda dy, cache: F.conv2d_backward(dy, cache)[:2],
        lambda rng: {
            "x": rng.standard_normal((2, 5, 5, 3)),
            "weight": rng.standard_normal((4, 2, 3, 3)),
        },
    ),
    one_input("max-pool", partial(max_pool, kernel_size=2, stride=2), F.max_pool2d_backward, 2, 4, 6, 3),
    one_input(
        "max-pool-overlapping",
        partial(max_pool, kernel_size=3, stride=2, padding=1),
        F.max_pool2d_backward,
        *(2, 7, 6, 3),
    ),
    one_input("mean-pool", partial(mean_pool, kernel_size=2, stride=2), F.mean_pool2d_backward, 2, 4, 6, 3),
    one_input(
        "mean-pool-overlapping",
        partial(mean_pool, kernel_size=3, stride=2),
        F.mean_pool2d_backward,
        *(2, 7, 5, 3),
    ),
    Pair("dense", F.dense_forward, F.dense_backward, dense_arguments),
    one_input("relu", F.relu_forward, F.relu_backward, 4, 5, 3),
    one_input("tanh", F.tanh_forward, F.tanh_backward, 4, 5, 3),
    one_input("sigmoid", F.sigmoid_forward, F.sigmoid_backward, 4, 5, 3),
    one_input("scaled-tanh", F.scaled_tanh_forward, F.scaled_tanh_backward, 4, 5, 3),
    one_input(
        "max-pool-padded-3-by-2",  # that of cnn-3x3
        partial(max_pool, kernel_size=3, stride=2, padding=1),
        F.max_pool2d_backward,
        *(2, 8, 8, 2),
    ),
    one_input(
        "pad",
        lambda x: (F.pad2d(x, 2, -0.1), None),
        lambda dy, _: F.unpad2d(dy, 2),
        *(2, 3, 4, 2),
    ),
    one_input("unpad", lambda x: (F.unpad2d(x, 1).copy(), None), lambda dy, _: F.pad2d(dy, 1), *(2, 4, 5, 2)),
    Pair(
        "subsample",
        partial(F.subsample2d_forward, kernel_size=2),
        F.subsample2d_backward,
        shaped(x=(3, 4, 6, 2), gain=3, bias=3),
    ),
    Pair(
        "radial-basis",
        lambda x: F.radial_basis_forward(x, CODES.astype(x.dtype)),
        F.radial_basis_backward,
        shaped(x=(6, 5)),
    ),
    Pair("dropout", dropout_forward, F.dropout_backward, shaped(x=(4, 5, 3))),
    Pair(
        "batch-norm-images",
        batch_norm_forward,
        F.batch_norm_backward,
        shaped(x=(3, 4, 2, 5), gain=3, bias=3),
    ),
    Pair(
        "batch-norm-features",
        batch_norm_forward,
        F.batch_norm_backward,
        shaped(x=(4, 7), gain=4, bias=4),
    ),
    Pair(
        "batch-norm-answer-images",
        batch_norm_inference,
        F.batch_norm_inference_backward,
        shaped(x=(3, 4, 2, 5), gain=3, bias=3),
    ),
    Pair(
        "batch-norm-answer-features",
        batch_norm_inference,
        F.batch_norm_inference_backward,
        shaped(x=(4, 7), gain=4, bias=4),
    ),
]
MIXING = {"batch-norm-images", "batch-norm-features", "dropout"}  # x[n] has a say in y[m], or its place has
every_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)


@every_pair
def test_backward_agrees_with_central_differences(pair, rng):
    arguments = pair.arguments(rng)
    errors = check_gradients(pair.forward, pair.backward, arguments, rng=rng)
    assert list(errors) == list(arguments)
    assert max(errors.values()) < 1e-7


@every_pair
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arguments_and_cache_are_unchanged(pair, rng, dtype):
    arguments = {key: array.astype(dtype) for key, array in pair.arguments(rng).items()}
    watched = check_purity(pair.forward, pair.backward, arguments, rng=rng)
    assert watched == [*arguments, "y", "dy"]


@every_pair
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_preserved(pair, rng, dtype):
    arguments = [array.astype(dtype) for array in pair.arguments(rng).values()]
    y, cache = pair.forward(*arguments)
    gradients = pair.backward(np.ones_like(y), cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert y.dtype == dtype
    assert [gradient.dtype for gradient in gradients] == [dtype] * len(arguments)


@every_pair
def test_float32_agrees_with_float64(pair, rng):
    arguments = list(pair.arguments(rng).values())
    exact, _ = pair.forward(*arguments)
    single, _ = pair.forward(*[array.astype(np.float32) for array in arguments])
    np.testing.assert_allclose(single, exact, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if pair.name not in MIXING], ids=lambda pair: pair.name
)
def test_examples_of_a_batch_do_not_mix(pair, rng):
    x, *parameters = pair.arguments(rng).values()
    y, _ = pair.forward(x, *parameters)
    first, _ = pair.forward(x[..., :1], *parameters)
    assert_equal(first, y[..., :1])


@every_pair
def test_input_need_not_be_contiguous(pair, rng):
    x, *parameters = pair.arguments(rng).values()
    y, cache = pair.forward(x, *parameters)
    scattered = np.zeros((*x.shape[:-1], 2 * x.shape[-1]))[..., ::2]
    scattered[...] = x
    scattered_y, scattered_cache = pair.forward(scattered, *parameters)
    assert_equal(scattered_y, y)
    dy = rng.standard_normal(y.shape)
    scattered_dy = np.asfortranarray(dy)
    expected, actual = pair.backward(dy, cache), pair.backward(scattered_dy, scattered_cache)
    expected = expected if isinstance(expected, tuple) else (expected,)
    actual = actual if isinstance(actual, tuple) else (actual,)
    for a, b in zip(actual, expected, strict=True):
        assert_equal(a, b)


# **** windows ****


@pytest.mark.parametrize(
    "size, kernel_size, stride, padding, expected",
    [
        (28, 5, 1, 0, 24),  # LeNet-5's C1
        (28, 5, 1, 2, 28),  # "same"
        (24, 2, 2, 0, 12),  # side by side
        (7, 2, 2, 0, 3),  # the last column is left over
        (7, 3, 2, 1, 4),  # overlapping
        (5, 5, 1, 0, 1),  # just fits
        (4, 5, 1, 0, 0),  # does not fit
    ],
)
def test_output_size_counts_the_places_of_a_kernel(size, kernel_size, stride, padding, expected):
    assert F.output_size(size, kernel_size, stride, padding) == expected


# **** convolution ****


@dataclass(frozen=True)
class Convolution:
    x: Array
    weight: Array
    bias: Array
    stride: int
    padding: int


@st.composite
def convolutions(draw: st.DrawFn) -> Convolution:
    """Any convolution whose kernel fits: odd and even kernels, not square, larger than the image too."""
    C, K, N = (draw(st.integers(1, 3)) for _ in range(3))
    H, W = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    kh = draw(st.integers(1, min(5, H + 2 * padding)))
    kw = draw(st.integers(1, min(5, W + 2 * padding)))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    return Convolution(
        rng.standard_normal((C, H, W, N)),
        rng.standard_normal((K, C, kh, kw)),
        rng.standard_normal(K),
        stride,
        padding,
    )


@many
@given(convolutions())
def test_convolution_equals_the_loops(case):
    y, cache = F.conv2d_forward(case.x, case.weight, case.bias, stride=case.stride, padding=case.padding)
    assert_equal(y, naive.conv2d(case.x, case.weight, case.bias, case.stride, case.padding))

    dy = np.random.default_rng(1).standard_normal(y.shape)
    gradients = F.conv2d_backward(dy, cache)
    expected = naive.conv2d_backward(dy, case.x, case.weight, case.stride, case.padding)
    for actual, wanted in zip(gradients, expected, strict=True):
        assert_equal(actual, wanted)


@given(convolutions())
def test_convolution_equals_scipy(case):
    y, _ = F.conv2d_forward(case.x, case.weight, case.bias, stride=case.stride, padding=case.padding)
    K, C, _, _ = case.weight.shape
    padded = naive.pad(case.x, case.padding)
    for k in range(K):
        for n in range(case.x.shape[-1]):
            maps = [
                scipy.signal.correlate2d(padded[c, ..., n], case.weight[k, c], mode="valid") for c in range(C)
            ]
            strided = sum(maps)[:: case.stride, :: case.stride]
            assert_equal(y[k, ..., n], strided + case.bias[k])


def test_convolution_backward_equals_scipy(rng):
    x, weight = rng.standard_normal((2, 9, 8, 1)), rng.standard_normal((3, 2, 3, 4))
    y, cache = F.conv2d_forward(x, weight, None)
    dy = rng.standard_normal(y.shape)
    dx, dweight, _ = F.conv2d_backward(dy, cache)
    for c in range(2):
        # what a kernel gathers on the way there, it scatters, flipped, on the way back
        scattered = [scipy.signal.convolve2d(dy[k, ..., 0], weight[k, c], mode="full") for k in range(3)]
        assert_equal(dx[c, ..., 0], sum(scattered))
        for k in range(3):
            assert_equal(dweight[k, c], scipy.signal.correlate2d(x[c, ..., 0], dy[k, ..., 0], mode="valid"))


@pytest.mark.parametrize(
    ("C", "K", "side", "N", "padding"),
    [
        (24, 32, 9, 32, 1),  # in pieces that divide it
        (23, 31, 9, 37, 0),  # primes: no piece does
        (1, 13, 40, 128, 0),  # few numbers in a kernel, many positions
        (128, 128, 4, 16, 1),  # kernels that are too large for any product
    ],
)
def test_convolution_is_the_same_where_its_products_are_cut(C, K, side, N, padding, rng):
    x, weight = rng.standard_normal((C, side, side, N)), rng.standard_normal((K, C, 3, 3))
    y, cache = F.conv2d_forward(x, weight, None, padding=padding)
    windows = np.lib.stride_tricks.sliding_window_view(naive.pad(x, padding), (3, 3), axis=(1, 2))
    assert_equal(y, np.einsum("chwnij,kcij->khwn", windows, weight, optimize=True))

    dy = rng.standard_normal(y.shape)
    dx, dweight, _ = F.conv2d_backward(dy, cache)
    assert_equal(dweight, np.einsum("chwnij,khwn->kcij", windows, dy, optimize=True))
    gathered = np.lib.stride_tricks.sliding_window_view(naive.pad(dy, 2 - padding), (3, 3), axis=(1, 2))
    assert_equal(dx, np.einsum("khwnij,kcij->chwn", gathered, weight[:, :, ::-1, ::-1], optimize=True))


def test_convolution_does_not_flip_its_kernel():
    x = np.arange(12.0).reshape(1, 3, 4, 1)
    picks_upper_right = np.array([[[[0.0, 1.0], [0.0, 0.0]]]])
    y, _ = F.conv2d_forward(x, picks_upper_right, None)
    assert_equal(y[0, ..., 0], np.array([[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]]))


def test_convolution_pads_with_zeros():
    ones = np.ones((1, 3, 3, 1))
    y, _ = F.conv2d_forward(ones, np.ones((1, 1, 3, 3)), None, padding=1)
    assert_equal(y[0, ..., 0], np.array([[4.0, 6.0, 4.0], [6.0, 9.0, 6.0], [4.0, 6.0, 4.0]]))


def test_bias_per_position_is_added_where_it_stands(rng):
    x, weight = rng.standard_normal((2, 5, 4, 3)), rng.standard_normal((3, 2, 2, 2))
    bias = rng.standard_normal((3, 4, 3))
    without, _ = F.conv2d_forward(x, weight, None)
    y, cache = F.conv2d_forward(x, weight, bias)
    assert_equal(y, without + bias[..., np.newaxis])
    _, _, dbias = F.conv2d_backward(np.ones_like(y), cache)
    assert_equal(dbias, np.full((3, 4, 3), 3.0))  # 3 examples


def test_convolution_without_bias_has_no_dbias(rng):
    y, cache = F.conv2d_forward(rng.standard_normal((1, 4, 4, 2)), rng.standard_normal((2, 1, 3, 3)), None)
    assert F.conv2d_backward(np.ones_like(y), cache)[2] is None


@pytest.mark.parametrize("name", ["conv", "conv-strided", "dense"])
def test_first_layer_may_leave_out_dx(name, rng):
    (pair,) = [pair for pair in PAIRS if pair.name == name]
    y, cache = pair.forward(*pair.arguments(rng).values())
    dy = rng.standard_normal(y.shape)
    _, dweight, dbias = pair.backward(dy, cache)
    without = pair.backward(dy, cache, needs_dx=False)
    assert without[0] is None
    assert_equal(without[1], dweight)
    assert_equal(without[2], dbias)


# **** pooling ****


@dataclass(frozen=True)
class Pooling:
    x: Array
    kernel_size: int
    stride: int
    padding: int


@st.composite
def poolings(draw: st.DrawFn, *, max_padding: int = 0) -> Pooling:
    """Any pooling whose window fits. Its whole numbers are few, so that many windows hold ties."""
    kernel_size, stride = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    padding = draw(st.integers(0, min(max_padding, kernel_size - 1)))
    C, N = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    H, W = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    assume(min(H, W) + 2 * padding >= kernel_size)
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    return Pooling(rng.integers(-2, 3, (C, H, W, N)).astype(float), kernel_size, stride, padding)


@many
@given(poolings(max_padding=2))
def test_max_pool_equals_the_loops(case):
    y, cache = F.max_pool2d_forward(case.x, case.kernel_size, stride=case.stride, padding=case.padding)
    assert_equal(y, naive.max_pool2d(case.x, case.kernel_size, case.stride, case.padding))

    dy = np.random.default_rng(1).standard_normal(y.shape)
    expected = naive.max_pool2d_backward(dy, case.x, case.kernel_size, case.stride, case.padding)
    assert_equal(F.max_pool2d_backward(dy, cache), expected)


@many
@given(poolings())
def test_mean_pool_equals_the_loops(case):
    y, cache = F.mean_pool2d_forward(case.x, case.kernel_size, stride=case.stride)
    assert_equal(y, naive.mean_pool2d(case.x, case.kernel_size, case.stride))

    dy = np.random.default_rng(1).standard_normal(y.shape)
    expected = naive.mean_pool2d_backward(dy, case.x, case.kernel_size, case.stride)
    assert_equal(F.mean_pool2d_backward(dy, cache), expected)


@given(poolings())
def test_pooling_equals_scipy(case):
    k, stride = case.kernel_size, case.stride

    def at_windows(filtered: Array) -> Array:
        """SciPy centres its window: that which starts at pixel p is answered at pixel p + k // 2."""
        _, H, W, _ = case.x.shape
        rows, cols = range(0, H - k + 1, stride), range(0, W - k + 1, stride)
        return filtered[:, [row + k // 2 for row in rows]][:, :, [col + k // 2 for col in cols]]

    window = (1, k, k, 1)
    largest, _ = F.max_pool2d_forward(case.x, k, stride=stride)
    assert_equal(largest, at_windows(scipy.ndimage.maximum_filter(case.x, window)))
    mean, _ = F.mean_pool2d_forward(case.x, k, stride=stride)
    assert_equal(mean, at_windows(scipy.ndimage.uniform_filter(case.x, window)))


@st.composite
def tilings(draw: st.DrawFn) -> tuple[tuple[int, int, int, int], int]:
    """A shape that windows of size k, side by side, cover exactly; and k."""
    k = draw(st.integers(1, 4))
    down, across = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return (draw(st.integers(1, 3)), k * down, k * across, draw(st.integers(1, 4))), k


@given(tilings(), st.sampled_from(["max", "mean"]), st.integers(0, 1000))
def test_pooling_backward_conserves_the_sum_where_windows_tile(tiling, kind, seed):
    shape, k = tiling
    rng = np.random.default_rng(seed)
    forward, backward = {
        "max": (F.max_pool2d_forward, F.max_pool2d_backward),
        "mean": (F.mean_pool2d_forward, F.mean_pool2d_backward),
    }[kind]
    y, cache = forward(rng.integers(-2, 3, shape).astype(float), k, stride=k)
    dy = rng.standard_normal(y.shape)
    # image by image and map by map
    assert_equal(backward(dy, cache).sum(axis=(1, 2)), dy.sum(axis=(1, 2)))


@given(tilings(), st.sampled_from([-1.0, 0.0, 1.0]))
def test_blank_paper_gives_each_window_exactly_one_winner(tiling, value):
    shape, k = tiling
    y, cache = F.max_pool2d_forward(np.full(shape, value), k, stride=k)
    dx = F.max_pool2d_backward(np.ones_like(y), cache)
    assert dx.sum() == y.size
    winners, _ = F.mean_pool2d_forward(dx, k, stride=k)
    assert_equal(winners * k * k, np.ones_like(y))


def test_first_of_equally_large_inputs_wins():
    x = np.array([[0.0, 5.0], [5.0, 5.0]]).reshape(1, 2, 2, 1)
    _, cache = F.max_pool2d_forward(x, 2, stride=2)
    dx = F.max_pool2d_backward(np.full((1, 1, 1, 1), 3.0), cache)
    assert_equal(dx[0, ..., 0], np.array([[0.0, 3.0], [0.0, 0.0]]))


def test_input_that_wins_in_several_windows_collects_from_all():
    x = np.zeros((1, 5, 5, 1))
    x[0, 2, 2] = 1  # the corner of all four 3x3 windows with stride 2
    _, cache = F.max_pool2d_forward(x, 3, stride=2)
    dx = F.max_pool2d_backward(np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1), cache)
    assert dx[0, 2, 2, 0] == 10
    assert dx.sum() == 10


def test_padding_never_wins_a_max_pool():
    x = np.full((1, 2, 2, 1), -7.0)
    y, cache = F.max_pool2d_forward(x, 2, stride=2, padding=1)
    assert_equal(y, np.full((1, 2, 2, 1), -7.0))
    assert_equal(F.max_pool2d_backward(np.ones_like(y), cache), np.ones_like(x))


def test_pixels_that_no_window_sees_get_no_gradient():
    x = np.ones((1, 5, 5, 1))  # the last row and column are left over
    for forward, backward in [
        (F.max_pool2d_forward, F.max_pool2d_backward),
        (F.mean_pool2d_forward, F.mean_pool2d_backward),
    ]:
        y, cache = forward(x, 2, stride=2)
        dx = backward(np.ones_like(y), cache)
        assert dx.shape == x.shape
        assert not dx[:, 4].any()
        assert not dx[:, :, 4].any()


# **** padding ****


@given(*[st.integers(1, 4)] * 4, st.integers(0, 3), st.sampled_from([0.0, -0.1, 2.5]))
def test_padding_is_a_frame_and_unpadding_takes_it_away(C, H, W, N, padding, value):
    x = np.random.default_rng(0).standard_normal((C, H, W, N))
    padded = F.pad2d(x, padding, value)
    assert_equal(padded, naive.pad(x, padding, value))
    assert F.unpad2d(padded, padding).tobytes() == x.tobytes()


# **** subsampling ****


@given(tilings(), st.integers(0, 1000))
def test_subsampling_equals_the_loops(tiling, seed):
    shape, k = tiling
    rng = np.random.default_rng(seed)
    x, gain, bias = (rng.standard_normal(part) for part in (shape, shape[0], shape[0]))
    y, cache = F.subsample2d_forward(x, gain, bias, k)
    assert_equal(y, naive.subsample2d(x, gain, bias, k))
    dy = rng.standard_normal(y.shape)
    expected = naive.subsample2d_backward(dy, x, gain, k)
    for actual, wanted in zip(F.subsample2d_backward(dy, cache), expected, strict=True):
        assert_equal(actual, wanted)


def test_subsampling_by_hand():
    x = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
    y, cache = F.subsample2d_forward(x, np.array([0.5]), np.array([-1.0]), 2)
    assert y.item() == 0.5 * (1 + 2 + 3 + 4) - 1
    dx, dgain, dbias = F.subsample2d_backward(np.full((1, 1, 1, 1), 3.0), cache)
    assert_equal(dx, np.full((1, 2, 2, 1), 1.5))  # 0.5 * 3 to each, undivided
    assert_equal(dgain, np.array([30.0]))  # 10 * 3
    assert_equal(dbias, np.array([3.0]))


def test_subsampling_with_a_gain_of_a_quarter_is_the_mean(rng):
    x = rng.standard_normal((3, 6, 4, 2))
    y, _ = F.subsample2d_forward(x, np.full(3, 0.25), np.zeros(3), 2)
    assert_equal(y, F.mean_pool2d_forward(x, 2, stride=2)[0])


# **** distances to codes ****


def test_radial_basis_is_minus_scipys_squared_distance(rng):
    x = rng.standard_normal((6, 5))
    y, _ = F.radial_basis_forward(x, CODES)
    assert_equal(y, -scipy.spatial.distance.cdist(CODES, x.T, "sqeuclidean"))


def test_radial_basis_is_0_at_its_own_code_and_negative_elsewhere():
    y, _ = F.radial_basis_forward(CODES.T, CODES)
    assert_equal(np.diag(y), np.zeros(4))
    # two codes of ±1 are 2 apart wherever they differ
    assert_equal(y, -4.0 * (CODES[:, None] != CODES).sum(axis=2))


# **** dropout ****


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_dropout_zeroes_its_share_and_keeps_the_mean(rate, rng):
    x = np.ones((200, 500))
    y, _ = F.dropout_forward(x, rate, rng)
    assert (y == 0).mean() == pytest.approx(rate, abs=0.005)
    assert set(np.unique(y).tolist()) <= {0.0, 1 / (1 - rate)}
    assert y.mean() == pytest.approx(1, rel=0.02)


def test_dropout_passes_the_gradient_where_it_passed_the_input_and_as_much_of_it(rng):
    x = rng.uniform(1, 2, (30, 40))
    y, cache = F.dropout_forward(x, 0.4, rng)
    assert_equal(F.dropout_backward(x, cache), y)


def test_dropout_sets_the_same_inputs_to_0_in_both_precisions(rng):
    x = rng.uniform(1, 2, (30, 40))
    exact, _ = F.dropout_forward(x, 0.4, np.random.default_rng(1))
    single, _ = F.dropout_forward(x.astype(np.float32), 0.4, np.random.default_rng(1))
    assert ((exact == 0) == (single == 0)).all()


# **** batch normalisation ****


@st.composite
def batches(draw: st.DrawFn) -> tuple[Array, Array, Array]:
    """(x, gain, bias) of images or features, off centre and of any size; one number a map too."""
    size = st.integers(1, 5)
    shape = (
        (draw(size), draw(size), draw(size), draw(size)) if draw(st.booleans()) else (draw(size), draw(size))
    )
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    x = draw(st.sampled_from([0.1, 1.0, 100.0])) * (rng.standard_normal(shape) + draw(st.integers(-3, 3)))
    return x, rng.standard_normal(shape[0]), rng.standard_normal(shape[0])


@given(batches())
def test_batch_norm_equals_its_restatement(batch):
    x, gain, bias = batch
    y, mean, variance, cache = F.batch_norm_forward(x, gain, bias, 1e-5)
    np.testing.assert_allclose(y, naive.batch_norm(x, gain, bias, 1e-5), rtol=1e-8, atol=1e-8)
    others = tuple(range(1, x.ndim))
    np.testing.assert_allclose(mean, x.mean(axis=others), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(variance, x.var(axis=others), rtol=1e-9, atol=1e-12)

    dy = np.random.default_rng(1).standard_normal(y.shape)
    expected = naive.batch_norm_backward(dy, x, gain, 1e-5)
    for actual, wanted in zip(F.batch_norm_backward(dy, cache), expected, strict=True):
        np.testing.assert_allclose(actual, wanted, rtol=1e-7, atol=1e-8)


@given(batches())
def test_batch_norm_with_the_batchs_own_statistics_answers_as_it_trains(batch):
    x, gain, bias = batch
    y, mean, variance, _ = F.batch_norm_forward(x, gain, bias, 1e-5)
    answer, _ = F.batch_norm_inference(x, mean, variance, gain, bias, 1e-5)
    np.testing.assert_allclose(answer, y, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("shape", [(3, 4, 2, 5), (4, 7)])
def test_gradient_behind_batch_norm_neither_shifts_nor_stretches_a_map(shape, rng):
    """Moving or scaling all of a map changes no output, so dx has no part along either."""
    x, gain = rng.standard_normal(shape), rng.standard_normal(shape[0])
    _, _, _, cache = F.batch_norm_forward(x, gain, gain, 1e-14)
    dx, _, _ = F.batch_norm_backward(rng.standard_normal(shape), cache)
    others = tuple(range(1, len(shape)))
    np.testing.assert_allclose(dx.sum(axis=others), 0, atol=1e-12)
    np.testing.assert_allclose((dx * x).sum(axis=others), 0, atol=1e-11)


def test_batch_norm_by_hand():
    # of 1 and 3 the mean is 2 and the variance 1; with epsilon 3 the root is 2
    y, mean, variance, cache = F.batch_norm_forward(
        np.array([[1.0, 3.0]]), np.array([4.0]), np.array([10.0]), 3.0
    )
    assert_equal(mean, np.array([2.0]))
    assert_equal(variance, np.array([1.0]))
    assert_equal(y, np.array([[8.0, 12.0]]))  # 4 * ∓1/2 + 10
    # dy = (1, 0): its mean is 1/2, that of dy * normal is (-1/2)/2 = -1/4
    # dx = 4/2 * (dy - 1/2 - normal * -1/4) = 2 * (1/2 - 1/8, -1/2 + 1/8)
    dx, dgain, dbias = F.batch_norm_backward(np.array([[1.0, 0.0]]), cache)
    assert_equal(dx, np.array([[0.75, -0.75]]))
    assert_equal(dgain, np.array([-0.5]))
    assert_equal(dbias, np.array([1.0]))


# **** second derivatives: Gauss-Newton's diagonal ****


def test_dense_curvature_by_hand(rng):
    """d²E/dW[k, f]² is the sum of x[f]² d²E/dy[k]², d²E/dx[f]² that of W[k, f]² d²E/dy[k]²."""
    x, weight, bias = (rng.standard_normal(shape) for shape in [(4, 5), (3, 4), 3])
    y, cache = F.dense_forward(x, weight, bias)
    d2y = rng.random(y.shape)
    d2x, d2weight, d2bias = F.dense_curvature(d2y, cache)
    assert_equal(d2weight, np.einsum("kn,fn->kf", d2y, x**2))
    assert_equal(d2x, np.einsum("kn,kf->fn", d2y, weight**2))
    assert_equal(d2bias, d2y.sum(axis=1))


def test_convolution_curvature_is_the_loops_backward_with_all_factors_squared(rng):
    x, weight = rng.standard_normal((2, 6, 5, 3)), rng.standard_normal((4, 2, 3, 3))
    y, cache = F.conv2d_forward(x, weight, np.zeros(4), stride=2, padding=1)
    d2y = rng.random(y.shape)
    expected = naive.conv2d_backward(d2y, x**2, weight**2, 2, 1)
    for actual, wanted in zip(F.conv2d_curvature(d2y, cache), expected, strict=True):
        assert_equal(actual, wanted)


def test_subsampling_curvature_squares_the_sums_and_the_gain(rng):
    x, gain = rng.standard_normal((2, 4, 4, 3)), np.array([2.0, -3.0])
    y, cache = F.subsample2d_forward(x, gain, np.zeros(2), 2)
    d2y = rng.random(y.shape)
    d2x, d2gain, d2bias = F.subsample2d_curvature(d2y, cache)
    sums = 4 * F.mean_pool2d_forward(x, 2, stride=2)[0]
    assert_equal(d2gain, (sums**2 * d2y).sum(axis=(1, 2, 3)))
    assert_equal(d2bias, d2y.sum(axis=(1, 2, 3)))
    assert_equal(d2x[0], 4 * d2y[0].repeat(2, axis=0).repeat(2, axis=1))
    assert_equal(d2x[1], 9 * d2y[1].repeat(2, axis=0).repeat(2, axis=1))


def test_curvature_leaves_the_cache_as_the_backward_needs_it(rng):
    x, weight, bias = (rng.standard_normal(shape) for shape in [(2, 5, 5, 3), (4, 2, 3, 3), 4])
    y, cache = F.conv2d_forward(x, weight, bias)
    before = [part.tobytes() for part in F.conv2d_backward(y, cache)]
    F.conv2d_curvature(np.abs(y), cache)
    assert [part.tobytes() for part in F.conv2d_backward(y, cache)] == before


# **** dense ****


@given(*[st.integers(1, 5)] * 3, st.integers(0, 1000))
def test_dense_equals_the_loops(F_in, K, N, seed):
    rng = np.random.default_rng(seed)
    x, weight, bias = (rng.standard_normal(shape) for shape in [(F_in, N), (K, F_in), K])
    y, cache = F.dense_forward(x, weight, bias)
    assert_equal(y, naive.dense(x, weight, bias))

    dy = rng.standard_normal(y.shape)
    for actual, expected in zip(
        F.dense_backward(dy, cache), naive.dense_backward(dy, x, weight), strict=True
    ):
        assert_equal(actual, expected)


def test_dense_by_hand():
    x = np.array([[1.0], [2.0]])
    weight, bias = np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([0.5, -0.5])
    y, cache = F.dense_forward(x, weight, bias)
    assert_equal(y, np.array([[11.5], [16.5]]))  # 3*1 + 4*2 + 0.5, 5*1 + 6*2 - 0.5

    dx, dweight, dbias = F.dense_backward(np.array([[1.0], [10.0]]), cache)
    assert_equal(dx, np.array([[53.0], [64.0]]))  # 3*1 + 5*10, 4*1 + 6*10
    assert_equal(dweight, np.array([[1.0, 2.0], [10.0, 20.0]]))
    assert_equal(dbias, np.array([1.0, 10.0]))


# **** activations ****


def test_relu_passes_only_what_is_above_zero():
    y, cache = F.relu_forward(np.array([-2.0, -0.0, 0.0, 3.0]))
    assert_equal(y, np.array([0.0, 0.0, 0.0, 3.0]))
    assert_equal(F.relu_backward(np.full(4, 7.0), cache), np.array([0.0, 0.0, 0.0, 7.0]))


def test_tanh_by_hand():
    # tanh(ln 2) = (2 - 1/2) / (2 + 1/2) = 3/5, and 1 - (3/5)² = 16/25
    y, cache = F.tanh_forward(np.array([0.0, np.log(2)]))
    assert_equal(y, np.array([0.0, 0.6]))
    assert_equal(F.tanh_backward(np.ones(2), cache), np.array([1.0, 0.64]))


def test_sigmoid_by_hand():
    # sigmoid(ln 3) = 1 / (1 + 1/3) = 3/4, and 3/4 * 1/4 = 3/16
    y, cache = F.sigmoid_forward(np.array([0.0, np.log(3)]))
    assert_equal(y, np.array([0.5, 0.75]))
    assert_equal(F.sigmoid_backward(np.ones(2), cache), np.array([0.25, 0.1875]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_equals_scipy_and_cannot_overflow(dtype):
    x = np.array([-1e4, -100, -10, -1, 0, 1, 10, 100, 1e4], dtype)
    y, cache = F.sigmoid_forward(x)
    np.testing.assert_allclose(y, scipy.special.expit(x), rtol=0, atol=np.finfo(dtype).eps)
    assert np.isfinite(F.sigmoid_backward(np.ones_like(x), cache)).all()


def test_scaled_tanh_by_hand():
    # LeCun et al. (1998), appendix A: f(a) = 1.7159 tanh(2a/3), with f(±1) = ±1 to 5 digits;
    # where 2a/3 = ln 2 it is 1.7159 * 3/5, and its slope 1.7159 * 2/3 * 16/25
    y, cache = F.scaled_tanh_forward(np.array([0.0, 1.0, -1.0, 1.5 * np.log(2)]))
    np.testing.assert_allclose(y, [0, 1, -1, 1.02954], atol=1e-5)
    slopes = F.scaled_tanh_backward(np.ones(4), cache)
    np.testing.assert_allclose(slopes[[0, 3]], [1.7159 * 2 / 3, 1.7159 * 2 / 3 * 0.64], rtol=1e-12)


def test_scaled_tanh_is_bent_most_at_1():
    """Appendix A again: the second derivative is largest where the targets ±1 lie."""
    x = np.linspace(0.2, 3, 2801)
    _, cache = F.scaled_tanh_forward(x)
    slopes = F.scaled_tanh_backward(np.ones_like(x), cache)
    assert x[np.gradient(slopes, x).argmin()] == pytest.approx(1, abs=0.02)
