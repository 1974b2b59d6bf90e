"""The operations of a network, each a forward and its backward, side by side.

A forward returns its output and a cache; the backward takes the gradient `dy` of the loss with respect
to that output, and the cache, and returns the gradients with respect to the inputs. Nothing here
keeps state, draws random numbers or changes its arguments, and every function preserves the dtype
it is given: float32 to train, float64 to check gradients.

Images are (C, H, W, N), features (F, N): the batch N is the LAST axis. A slice that shifts an image by a
kernel offset is then contiguous over the batch, so convolution becomes a few plain copies and one
matrix product, and pooling a few maxima, with no loop over images or pixels.

"Convolution" is cross-correlation, as in all of this field: the kernel is not flipped.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]  # float32 or float64, see above
Cache = Any  # whatever a forward leaves for its own backward, and nobody else reads


# **** windows: the one place that knows how a kernel slides ****


def output_size(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """Positions that a kernel takes along an axis of `size`; 0 or less where it does not fit."""
    return (size + 2 * padding - kernel_size) // stride + 1


def _pad(x: Array, padding: int, value: float = 0.0) -> Array:
    if padding == 0:
        return x
    frame = (padding, padding)
    return np.pad(x, ((0, 0), frame, frame, (0, 0)), constant_values=value)


def _unpad(x: Array, padding: int) -> Array:
    return x if padding == 0 else x[:, padding:-padding, padding:-padding]


def _shifted(x: Array, i: int, j: int, height: int, width: int, stride: int) -> Array:
    """The view of x that kernel offset (i, j) sees at each of the height * width positions."""
    return x[:, i : i + stride * height : stride, j : j + stride * width : stride]


# **** convolution ****


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
    C, H, W, N = x.shape
    K, _, kh, kw = weight.shape
    Ho, Wo = output_size(H, kh, stride, padding), output_size(W, kw, stride, padding)
    padded = _pad(x, padding)
    # one copy per kernel offset lays out, column by column, what each output position looks at
    columns = np.empty((C, kh, kw, Ho, Wo, N), x.dtype)
    for i in range(kh):
        for j in range(kw):
            columns[:, i, j] = _shifted(padded, i, j, Ho, Wo, stride)
    flat = columns.reshape(C * kh * kw, Ho * Wo * N)
    y = (weight.reshape(K, -1) @ flat).reshape(K, Ho, Wo, N)
    if bias is not None:
        y += bias[..., None] if bias.ndim == 3 else bias[:, None, None, None]
    return y, (x.shape, flat, weight, bias, stride, padding)


def conv2d_backward(
    dy: Array, cache: Cache, *, needs_dx: bool = True
) -> tuple[Array | None, Array, Array | None]:
    """Gradients of `conv2d_forward`: (dx, dweight, dbias).

    Notes
    -----
    y = weight @ columns + bias, so dweight = dy @ columns.T and dcolumns = weight.T @ dy. An input pixel
    stands in several columns; its gradient is the sum over them. The first layer needs no dx.
    """
    (C, H, W, N), columns, weight, bias, stride, padding = cache
    K, _, kh, kw = weight.shape
    _, Ho, Wo, _ = dy.shape
    dy2 = dy.reshape(K, -1)  # (K, Ho*Wo*N)
    dweight = (dy2 @ columns.T).reshape(weight.shape)
    dbias = None
    if bias is not None:
        dbias = dy.sum(axis=3) if bias.ndim == 3 else dy2.sum(axis=1)
    if not needs_dx:
        return None, dweight, dbias
    dcolumns = (weight.reshape(K, -1).T @ dy2).reshape(C, kh, kw, Ho, Wo, N)
    dpadded = np.zeros((C, H + 2 * padding, W + 2 * padding, N), dy.dtype)
    for i in range(kh):
        for j in range(kw):
            _shifted(dpadded, i, j, Ho, Wo, stride)[...] += dcolumns[:, i, j]
    return _unpad(dpadded, padding), dweight, dbias


# **** pooling ****


def max_pool2d_forward(x: Array, kernel_size: int, *, stride: int, padding: int = 0) -> tuple[Array, Cache]:
    """Keep the largest value of each window: (C, H, W, N) to (C, Ho, Wo, N).

    Padding never wins: it counts as minus infinity.
    """
    _, H, W, _ = x.shape
    Ho = output_size(H, kernel_size, stride, padding)
    Wo = output_size(W, kernel_size, stride, padding)
    padded = _pad(x, padding, -np.inf)
    y = _shifted(padded, 0, 0, Ho, Wo, stride).copy()
    for i in range(kernel_size):
        for j in range(kernel_size):
            np.maximum(y, _shifted(padded, i, j, Ho, Wo, stride), out=y)
    return y, (padded, y, kernel_size, stride, padding)


def max_pool2d_backward(dy: Array, cache: Cache) -> Array:
    """Give each output's gradient to the one input that won.

    Where several inputs of a window are equally large, as on blank paper, the first in reading order takes
    it all: to give it to each would multiply the gradient by their number.
    """
    padded, y, kernel_size, stride, padding = cache
    _, Ho, Wo, _ = dy.shape
    dpadded = np.zeros_like(padded, dtype=dy.dtype)
    waiting = np.ones(y.shape, bool)  # outputs whose winner has not been met yet
    for i in range(kernel_size):
        for j in range(kernel_size):
            won = (_shifted(padded, i, j, Ho, Wo, stride) == y) & waiting
            waiting ^= won
            _shifted(dpadded, i, j, Ho, Wo, stride)[...] += dy * won
    return _unpad(dpadded, padding)


def mean_pool2d_forward(x: Array, kernel_size: int, *, stride: int) -> tuple[Array, Cache]:
    """Average each window: (C, H, W, N) to (C, Ho, Wo, N)."""
    _, H, W, _ = x.shape
    Ho, Wo = output_size(H, kernel_size, stride, 0), output_size(W, kernel_size, stride, 0)
    y = np.zeros((x.shape[0], Ho, Wo, x.shape[3]), x.dtype)
    for i in range(kernel_size):
        for j in range(kernel_size):
            y += _shifted(x, i, j, Ho, Wo, stride)
    y /= kernel_size**2
    return y, (x.shape, kernel_size, stride)


def mean_pool2d_backward(dy: Array, cache: Cache) -> Array:
    """Share each output's gradient among the kernel_size**2 inputs that it averaged.

    y is the mean of k*k inputs, so dy/dx = 1/k**2 for each of them.
    """
    shape, kernel_size, stride = cache
    _, Ho, Wo, _ = dy.shape
    dx = np.zeros(shape, dy.dtype)
    share = dy / kernel_size**2
    for i in range(kernel_size):
        for j in range(kernel_size):
            _shifted(dx, i, j, Ho, Wo, stride)[...] += share
    return dx


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
