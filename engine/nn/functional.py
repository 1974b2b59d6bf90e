"""The operations of a network, each a forward and its backward, side by side.

A forward returns its output and a cache; the backward takes the gradient `dy` of the loss with respect
to that output, and the cache, and returns the gradients with respect to the inputs. Nothing here
keeps state, draws random numbers or changes its arguments, and every function preserves the dtype
it is given: float32 to train, float64 to check gradients.

Images are (C, H, W, N), features (F, N): the batch N is the LAST axis. A slice that shifts an image by a
kernel offset is then contiguous over the batch, so convolution becomes a few plain copies and matrix
products, and pooling a few maxima, with no loop over images or pixels.

"Convolution" is cross-correlation, as in all of this field: the kernel is not flipped.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]  # float32 or float64, see above
Cache = Any  # whatever a forward leaves for its own backward, and nobody else reads


# **** windows: the one place that knows how a kernel slides ****


def output_size(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """Positions that a kernel takes along an axis of `size`; 0 or less where it does not fit."""
    return (size + 2 * padding - kernel_size) // stride + 1


def pad2d(x: Array, padding: int, value: float = 0.0) -> Array:
    """A frame of one value around each image; its backward is `unpad2d`."""
    if padding == 0:
        return x
    C, H, W, N = x.shape
    framed = np.full((C, H + 2 * padding, W + 2 * padding, N), value, x.dtype)
    unpad2d(framed, padding)[...] = x
    return framed


def unpad2d(x: Array, padding: int) -> Array:
    """Each image without its frame; its backward is `pad2d`."""
    return x if padding == 0 else x[:, padding:-padding, padding:-padding]


def _shifted(x: Array, axis: int, offset: int, positions: int, stride: int) -> Array:
    """The view of x that one offset of a kernel sees along an axis, at each of its positions."""
    along = slice(offset, offset + stride * positions, stride)
    return x[(slice(None),) * axis + (along,)]


def _rows_first(x: Array) -> Array:
    """(C, H, W, N) to (H, C, W, N), its own inverse. Moves nothing."""
    return x.transpose(1, 0, 2, 3)


# **** convolution ****
#
# What the kernel sees at one output row are kh neighbouring rows of the input. The forward therefore
# writes the input rows first, as (H, kw, C, Wo, N), once for each of the kw offsets along a row: any kh
# neighbouring rows of it are then, as they lie in memory, the (kh * kw * C, Wo * N) matrix that a matrix
# product wants. Against im2col, which copies kh * kw offsets, that is a fifth of the copies for a 5x5
# kernel, and products of a size that stays in the cache. Outputs lie rows first in memory too, under
# their usual shape. The gradient with respect to the input takes the rows of dy in the same way.


def _row_windows(rows: Array, kh: int, positions: int, stride: int) -> Array:
    """(H, …, N) contiguous to (positions, kh * …, N): kh neighbouring rows each, without a copy.

    The view is made by hand because as_strided takes longer than the product. Windows overlap: read only.
    """
    row, item, columns = rows.strides[0], rows.itemsize, rows.shape[-2] * rows.shape[-1]
    depth = kh * math.prod(rows.shape[1:-2])
    shape = positions, depth, columns
    return np.ndarray(shape, rows.dtype, rows, 0, (stride * row, columns * item, item))


# OpenBLAS copies what it multiplies into an order of its own, but not for products of up to a million
# multiplications, which are a fifth faster for it, and twice as fast with few maps; where the second matrix
# is given turned, only if the result is small, too (kernel/x86_64/sgemm_small_kernel_permit_skylakex.c).
SMALL, SMALL_RESULT = 10**6, 1200
COLUMNS = 64  # enough for a product, and so few that what it reads stays near the processor


@cache
def _piece(number: int, limit: int) -> int:
    """The largest divisor up to `limit`, at least 1; the number itself where that would be a sliver."""
    divisor = max(d for d in range(1, min(limit, number) + 1) if number % d == 0)
    return divisor if 4 * divisor >= min(limit, number) else number


def _matmul(a: Array, b: Array, out: Array, *, is_turned: bool = False) -> None:
    """out = a @ b for stacks of matrices (..., M, D) and (..., D, L), in products that are small.

    `is_turned` says that b lies in memory as (..., L, D).
    """
    (M, D), L = a.shape[-2:], b.shape[-1]
    most = min(SMALL // D, SMALL_RESULT if is_turned else SMALL)  # numbers in the result
    if most < M * L:
        c = _piece(L, COLUMNS)
        r = _piece(M, max(most // c, 1))
        a = a.reshape(*a.shape[:-2], M // r, 1, r, D)
        b = b.reshape(*b.shape[:-2], 1, D, L // c, c).swapaxes(-2, -3)
        out = out.reshape(*out.shape[:-2], M // r, r, L // c, c).swapaxes(-2, -3)
    np.matmul(a, b, out=out)


def conv2d_forward(
    x: Array, weight: Array, bias: Array | None, *, stride: int = 1, padding: int = 0
) -> tuple[Array, Cache]:
    """Correlate every image with K kernels.

    Parameters
    ----------
    x : (C, H, W, N) array
    weight : (K, C, kh, kw) array
    bias : (K,) array, one for each map; or (K, Ho, Wo), one for each position; or None

    Returns
    -------
    y : (K, Ho, Wo, N) array
    """
    K, C, kh, kw = weight.shape
    padded = pad2d(x, padding)
    _, H, W, N = padded.shape
    Ho, Wo = output_size(H, kh, stride, 0), output_size(W, kw, stride, 0)
    offsets = np.empty((H, kw, C, Wo, N), x.dtype)
    for j in range(kw):
        offsets[:, j] = _rows_first(_shifted(padded, 2, j, Wo, stride))
    windows = _row_windows(offsets, kh, Ho, stride)  # (Ho, kh*kw*C, Wo*N)
    y = np.empty((Ho, K, Wo, N), x.dtype)
    _matmul(_flat(weight), windows, out=y.reshape(Ho, K, Wo * N))
    if bias is not None:
        y += bias.transpose(1, 0, 2)[..., None] if bias.ndim == 3 else bias[:, None, None]
    return _rows_first(y), (padded.shape, windows, weight, bias, stride, padding)


def conv2d_backward(
    dy: Array, cache: Cache, *, needs_dx: bool = True
) -> tuple[Array | None, Array, Array | None]:
    """Gradients of `conv2d_forward`: (dx, dweight, dbias).

    Notes
    -----
    Row by row y = weight @ windows + bias, so dweight = sum of windows @ dyᵀ over the rows. An input row
    stands in the windows of the kh output rows before it, so its gradient, for each offset along the row,
    is the flipped kernel's product with those kh rows of dy; its sum over the offsets is dx. The first
    layer needs no dx.
    """
    (C, H, W, N), windows, weight, bias, stride, padding = cache
    K, _, kh, kw = weight.shape
    _, Ho, Wo, _ = dy.shape
    rows = np.ascontiguousarray(_rows_first(dy)).reshape(Ho, K, Wo * N)
    dflat = np.empty((Ho, kh * kw * C, K), dy.dtype)
    _matmul(windows, rows.swapaxes(1, 2), out=dflat, is_turned=True)
    dweight = dflat.sum(axis=0).reshape(kh, kw, C, K).transpose(3, 2, 0, 1)
    dbias = None
    if bias is not None:
        # a product with ones is a quicker sum
        dbias = dy.sum(axis=3) if bias.ndim == 3 else (rows @ np.ones(Wo * N, dy.dtype)).sum(axis=0)
    if not needs_dx:
        return None, dweight, dbias
    # rows of dy where the kernel stood, and zeros where it did not: between its strides and outside
    spread = np.zeros((H + kh - 1, K, Wo, N), dy.dtype)
    _shifted(spread, 0, kh - 1, Ho, stride)[...] = rows.reshape(Ho, K, Wo, N)
    flipped = weight[:, :, ::-1].transpose(3, 1, 2, 0).reshape(kw * C, kh * K)
    inside = slice(padding, H - padding)  # no gradient is wanted of what was padded
    doffsets = np.empty((H - 2 * padding, kw, C, Wo, N), dy.dtype)
    _matmul(flipped, _row_windows(spread, kh, H, 1)[inside], out=doffsets.reshape(-1, kw * C, Wo * N))
    drows = np.zeros((len(doffsets), C, W, N), dy.dtype)
    for j in range(kw):
        _shifted(drows, 2, j, Wo, stride)[...] += doffsets[:, j]
    return _rows_first(drows)[:, :, padding : W - padding], dweight, dbias


def conv2d_curvature(d2y: Array, cache: Cache) -> tuple[Array | None, Array, Array | None]:
    """Diagonal second derivatives, Gauss-Newton: `conv2d_backward` with every factor squared.

    LeCun et al. (1998), appendix C: y = sum of w x, so d²E/dx² = sum of w² d²E/dy², and d²E/dw² = sum of
    x² d²E/dy², the off-diagonal terms and those with second derivatives of y left out.
    """
    shape, windows, weight, *rest = cache
    return conv2d_backward(d2y, (shape, np.square(windows), np.square(weight), *rest))


def _flat(weight: Array) -> Array:
    """(K, C, kh, kw) to (K, kh * kw * C), the order of a window."""
    return weight.transpose(0, 2, 3, 1).reshape(len(weight), -1)


# **** pooling: along the columns of a window first, then along its rows ****


def max_pool2d_forward(x: Array, kernel_size: int, *, stride: int, padding: int = 0) -> tuple[Array, Cache]:
    """Keep the largest value of each window: (C, H, W, N) to (C, Ho, Wo, N).

    Padding never wins: it counts as minus infinity.
    """
    padded = pad2d(x, padding, -np.inf)
    cols = _max_along(padded, 2, kernel_size, stride)  # (C, H, Wo, N)
    y = _max_along(cols, 1, kernel_size, stride)
    return y, (padded, cols, y, kernel_size, stride, padding)


def max_pool2d_backward(dy: Array, cache: Cache) -> Array:
    """Give each output's gradient to the one input that won.

    Where several inputs of a window are equally large, as on blank paper, the first in reading order takes
    it all: to give it to each would multiply the gradient by their number.
    """
    padded, cols, y, kernel_size, stride, padding = cache
    dcols = _max_along_backward(dy, cols, y, 1, kernel_size, stride)
    return unpad2d(_max_along_backward(dcols, padded, cols, 2, kernel_size, stride), padding)


def _max_along(x: Array, axis: int, kernel_size: int, stride: int) -> Array:
    positions = output_size(x.shape[axis], kernel_size, stride, 0)
    y = _shifted(x, axis, 0, positions, stride)
    for i in range(1, kernel_size):
        y = np.maximum(y, _shifted(x, axis, i, positions, stride))
    return y


def _max_along_backward(dy: Array, x: Array, y: Array, axis: int, kernel_size: int, stride: int) -> Array:
    """Offer dy to each offset in turn; who has won keeps it, and nothing is left for those after."""
    positions = y.shape[axis]
    # where windows tile the input each of its numbers is written once, and nothing need be 0 before
    tiles = stride == kernel_size and x.shape[axis] == positions * stride
    dx = np.empty_like(x) if tiles else np.zeros_like(x)
    overlap = stride < kernel_size
    left = dy
    for i in range(kernel_size - 1):
        place = _shifted(dx, axis, i, positions, stride)
        won = np.multiply(left, _shifted(x, axis, i, positions, stride) == y, out=None if overlap else place)
        if overlap:
            place += won
        left = left - won
    _add_along(dx, left, axis, kernel_size - 1, kernel_size, stride)
    return dx


def _add_along(dx: Array, dy: Array, axis: int, offset: int, kernel_size: int, stride: int) -> None:
    """Add to the zeros of dx what one offset of a kernel gets; windows that overlap meet there."""
    place = _shifted(dx, axis, offset, dy.shape[axis], stride)
    if stride < kernel_size:
        place += dy
    else:  # each input has one window only: writing is quicker than adding
        place[...] = dy


def mean_pool2d_forward(x: Array, kernel_size: int, *, stride: int) -> tuple[Array, Cache]:
    """Average each window: (C, H, W, N) to (C, Ho, Wo, N)."""
    cols = _sum_along(x, 2, kernel_size, stride)
    y = _sum_along(cols, 1, kernel_size, stride) / kernel_size**2
    return y, (x.shape, kernel_size, stride)


def mean_pool2d_backward(dy: Array, cache: Cache) -> Array:
    """Share each output's gradient among the kernel_size**2 inputs that it averaged.

    y is the mean of k*k inputs, so dy/dx = 1/k**2 for each of them.
    """
    (C, H, W, N), kernel_size, stride = cache
    share = dy / kernel_size**2
    dcols = np.zeros((C, H, dy.shape[2], N), dy.dtype)
    dx = np.zeros((C, H, W, N), dy.dtype)
    for i in range(kernel_size):
        _add_along(dcols, share, 1, i, kernel_size, stride)
    for j in range(kernel_size):
        _add_along(dx, dcols, 2, j, kernel_size, stride)
    return dx


def _sum_along(x: Array, axis: int, kernel_size: int, stride: int) -> Array:
    positions = output_size(x.shape[axis], kernel_size, stride, 0)
    y = _shifted(x, axis, 0, positions, stride)
    for i in range(1, kernel_size):
        y = y + _shifted(x, axis, i, positions, stride)
    return y


# **** subsampling, LeCun et al. (1998), section II-B: a sum of each window, times a gain, plus a bias ****


def subsample2d_forward(x: Array, gain: Array, bias: Array, kernel_size: int) -> tuple[Array, Cache]:
    """y = gain * (sum of each window) + bias, one trainable pair for each map, windows side by side."""
    cols = _sum_along(x, 2, kernel_size, kernel_size)
    sums = _sum_along(cols, 1, kernel_size, kernel_size)
    return gain[:, None, None, None] * sums + bias[:, None, None, None], (x.shape, sums, gain, kernel_size)


def subsample2d_backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of `subsample2d_forward`: (dx, dgain, dbias)."""
    shape, sums, gain, kernel_size = cache
    dsums = gain[:, None, None, None] * dy
    # the mean's backward shares by k*k; each input of a sum gets all of it
    dx = mean_pool2d_backward(dsums * kernel_size**2, (shape, kernel_size, kernel_size))
    return dx, (dy * sums).sum(axis=(1, 2, 3)), dy.sum(axis=(1, 2, 3))


def subsample2d_curvature(d2y: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Diagonal second derivatives, Gauss-Newton, as `conv2d_curvature`."""
    shape, sums, gain, kernel_size = cache
    return subsample2d_backward(d2y, (shape, np.square(sums), np.square(gain), kernel_size))


# **** dense ****


def dense_forward(x: Array, weight: Array, bias: Array) -> tuple[Array, Cache]:
    """y = weight @ x + bias, for x (F, N), weight (K, F), bias (K,); y is (K, N)."""
    return weight @ x + bias[:, None], (x, weight)


def dense_backward(dy: Array, cache: Cache, *, needs_dx: bool = True) -> tuple[Array | None, Array, Array]:
    """Gradients of `dense_forward`: (dx, dweight, dbias).

    y = W x + b, so dW = dy xᵀ, db = dy summed over the batch, dx = Wᵀ dy.
    """
    x, weight = cache
    dx = weight.T @ dy if needs_dx else None
    return dx, dy @ x.T, dy.sum(axis=1)


def dense_curvature(d2y: Array, cache: Cache) -> tuple[Array | None, Array, Array]:
    """Diagonal second derivatives, Gauss-Newton, as `conv2d_curvature`."""
    x, weight = cache
    return dense_backward(d2y, (np.square(x), np.square(weight)))


# **** activations: each derivative is a simple function of the output y ****


def relu_forward(x: Array) -> tuple[Array, Cache]:
    """max(x, 0)."""
    y = np.maximum(x, 0)
    return y, y


def relu_backward(dy: Array, y: Cache) -> Array:
    """The gradient passes where the input was above 0; at exactly 0 it does not."""
    dx: Array = dy * (y > 0)
    return dx


def tanh_forward(x: Array) -> tuple[Array, Cache]:
    """The hyperbolic tangent."""
    y = np.tanh(x)
    return y, y


def tanh_backward(dy: Array, y: Cache) -> Array:
    """d tanh(x)/dx = 1 - y²."""
    dx: Array = dy * (1 - y * y)
    return dx


def sigmoid_forward(x: Array) -> tuple[Array, Cache]:
    """1 / (1 + exp(-x)), as (1 + tanh(x/2)) / 2, which cannot overflow."""
    y = 0.5 * (1 + np.tanh(0.5 * x))
    return y, y


def sigmoid_backward(dy: Array, y: Cache) -> Array:
    """d sigmoid(x)/dx = y (1 - y)."""
    dx: Array = dy * (y * (1 - y))
    return dx


def scaled_tanh_forward(x: Array) -> tuple[Array, Cache]:
    """1.7159 tanh(2x/3): LeCun et al. (1998), appendix A; ±1 goes to ±1, the curve's bend."""
    y = TANH_GAIN * np.tanh(TANH_SLOPE * x)
    return y, y


def scaled_tanh_backward(dy: Array, y: Cache) -> Array:
    """d(A tanh(Sx))/dx = A S (1 - tanh²) = S (A - y²/A)."""
    dx: Array = dy * (TANH_SLOPE * (TANH_GAIN - y * y / TANH_GAIN))
    return dx


TANH_GAIN, TANH_SLOPE = 1.7159, 2 / 3


# **** distances to fixed codes ****


def radial_basis_forward(x: Array, codes: Array) -> tuple[Array, Cache]:
    """Minus the squared distance of each column of x to each code: (F, N) and (K, F) to (K, N).

    LeCun et al. (1998), equation 7, with the sign turned, so that the largest output is the prediction.
    """
    differences = x[None] - codes[:, :, None]  # (K, F, N)
    return -np.square(differences).sum(axis=1), differences


def radial_basis_backward(dy: Array, differences: Cache) -> Array:
    """y = -sum (x - code)², so dy/dx = -2 (x - code)."""
    dx: Array = -2 * np.einsum("kn,kfn->fn", dy, differences)
    return dx


# **** dropout and batch normalisation: what differs between training and inference ****


def dropout_forward(x: Array, rate: float, rng: np.random.Generator) -> tuple[Array, Cache]:
    """Set a random share of x to 0 and scale the rest by 1/(1 - rate), so that the mean stays.

    Srivastava et al. (2014), in the inverted form, which leaves nothing to do in inference.
    """
    kept = (rng.random(x.shape, np.float32) >= rate) / x.dtype.type(1 - rate)
    return x * kept, kept


def dropout_backward(dy: Array, kept: Cache) -> Array:
    """The same factors, 0 or 1/(1 - rate), that the forward applied."""
    dx: Array = dy * kept
    return dx


def unchanged(sums: Array) -> Array:
    """What sums over all images of a batch become."""
    return sums


def batch_norm_forward(
    x: Array,
    gain: Array,
    bias: Array,
    epsilon: float,
    *,
    count: int | None = None,
    total: Callable[[Array], Array] = unchanged,
) -> tuple[Array, Array, Array, Cache]:
    """Bring each map to mean 0 and variance 1 over the batch, then to `bias` and `gain`².

    Ioffe and Szegedy (2015), algorithm 1.

    Parameters
    ----------
    x : (C, H, W, N) or (F, N) array
    gain, bias : (C,) or (F,) arrays
    count : int, optional
        Of the values in a map of the batch, where x is a part of it.
    total : callable
        Sums (K,) over x to sums over the batch.

    Returns
    -------
    y : as x
    mean, variance : (C,) arrays
        Of the batch, for the running ones that inference uses later.
    cache
    """
    count = x.size // len(gain) if count is None else count
    mean = total(_sum_by_map(x)) / count
    normal = x - _by_map(mean, x)
    variance = total(_sum_by_map(normal, normal)) / count
    scale = 1 / np.sqrt(variance + variance.dtype.type(epsilon))
    normal *= _by_map(scale, x)
    y = normal * _by_map(gain, x)
    y += _by_map(bias, x)
    return y, mean, variance, (normal, gain * scale, count, total)


def batch_norm_backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of `batch_norm_forward`: (dx, dgain, dbias).

    The mean and the variance depend on every x, so from each dy the part that would only move them is
    taken away: dx = gain/std * (dy - mean(dy) - normal * mean(dy * normal)).
    """
    normal, slope, count, total = cache
    dbias, dgain = _sum_by_map(dy), _sum_by_map(dy, normal)
    batch_dbias, batch_dgain = np.split(total(np.concatenate((dbias, dgain))), 2)
    dx = normal * _by_map(-batch_dgain / count, dy)
    dx += dy
    dx -= _by_map(batch_dbias / count, dy)
    dx *= _by_map(slope, dy)
    return dx, dgain, dbias


def batch_norm_inference(
    x: Array, mean: Array, variance: Array, gain: Array, bias: Array, epsilon: float
) -> tuple[Array, Cache]:
    """The same normalisation by a mean and a variance that are given, and do not depend on x."""
    scale = 1 / np.sqrt(variance + variance.dtype.type(epsilon))
    y = x * _by_map(gain * scale, x)
    y += _by_map(bias - mean * gain * scale, x)
    return y, (x, mean, scale, gain)


def batch_norm_inference_backward(dy: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of `batch_norm_inference`: (dx, dgain, dbias)."""
    x, mean, scale, gain = cache
    dbias = _sum_by_map(dy)
    dgain = scale * (_sum_by_map(dy, x) - mean * dbias)
    return dy * _by_map(gain * scale, dy), dgain, dbias


def _by_map(values: Array, x: Array) -> Array:
    """(C,) values in the shape in which they meet x, (C, ...)."""
    return values.reshape(-1, *(1,) * (x.ndim - 1))


def _sum_by_map(*factors: Array) -> Array:
    """(C,) sums over all other axes, of one array or of the product of two, without making it."""
    term = "chwn" if factors[0].ndim == 4 else "cn"
    total: Array = np.einsum(",".join([term] * len(factors)) + "->c", *factors)
    return total
