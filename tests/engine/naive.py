"""The specification of `engine.nn.functional`, as loops that one can read: the oracles of its tests.

Arrays are as there: images (C, H, W, N), features (F, N), the batch last. Everything is slow and float64.
"""

from collections.abc import Iterator

import numpy as np

from engine.nn.functional import Array


def windows(x: Array, kh: int, kw: int, stride: int) -> Iterator[tuple[int, int, Array]]:
    """Each place that a kh x kw kernel takes on x: output row, output column, and the view it sees."""
    _, H, W, _ = x.shape
    for row, top in enumerate(range(0, H - kh + 1, stride)):
        for col, left in enumerate(range(0, W - kw + 1, stride)):
            yield row, col, x[:, top : top + kh, left : left + kw]  # (C, kh, kw, N)


def pad(x: Array, padding: int, value: float = 0.0) -> Array:
    """x in the middle of a frame, `padding` wide, of one value."""
    C, H, W, N = x.shape
    padded = np.full((C, H + 2 * padding, W + 2 * padding, N), value)
    crop(padded, padding)[...] = x
    return padded


def crop(padded: Array, padding: int) -> Array:
    """The view inside the frame."""
    _, H, W, _ = padded.shape
    return padded[:, padding : H - padding, padding : W - padding]


def output_shape(padded: Array, kh: int, kw: int, stride: int) -> tuple[int, int]:
    """How many places the kernel takes, down and across."""
    _, H, W, _ = padded.shape
    return len(range(0, H - kh + 1, stride)), len(range(0, W - kw + 1, stride))


# **** convolution ****


def conv2d(x: Array, weight: Array, bias: Array, stride: int, padding: int) -> Array:
    """y[k] at each place is the sum of window * weight[k], plus bias[k]."""
    K, _, kh, kw = weight.shape
    N = x.shape[-1]
    padded = pad(x, padding)
    y = np.zeros((K, *output_shape(padded, kh, kw, stride), N))
    for row, col, window in windows(padded, kh, kw, stride):
        for k in range(K):
            for n in range(N):
                y[k, row, col, n] = (window[..., n] * weight[k]).sum() + bias[k]
    return y


def conv2d_backward(
    dy: Array, x: Array, weight: Array, stride: int, padding: int
) -> tuple[Array, Array, Array]:
    """Each product window * weight[k] hands dy to both of its factors; bias[k] stands in each y[k]."""
    K, _, kh, kw = weight.shape
    N = x.shape[-1]
    padded = pad(x, padding)
    dpadded, dweight, dbias = np.zeros(padded.shape), np.zeros(weight.shape), np.zeros(K)
    for row, col, dwindow in windows(dpadded, kh, kw, stride):
        window = padded[:, row * stride : row * stride + kh, col * stride : col * stride + kw]
        for k in range(K):
            for n in range(N):
                dweight[k] += dy[k, row, col, n] * window[..., n]
                dwindow[..., n] += dy[k, row, col, n] * weight[k]
                dbias[k] += dy[k, row, col, n]
    return crop(dpadded, padding), dweight, dbias


# **** pooling ****


def max_pool2d(x: Array, k: int, stride: int, padding: int) -> Array:
    """The largest value of each window; padding is smaller than anything."""
    C, _, _, N = x.shape
    padded = pad(x, padding, -np.inf)
    y = np.zeros((C, *output_shape(padded, k, k, stride), N))
    for row, col, window in windows(padded, k, k, stride):
        y[:, row, col] = window.max(axis=(1, 2))
    return y


def max_pool2d_backward(dy: Array, x: Array, k: int, stride: int, padding: int) -> Array:
    """All of dy to the largest of its window; of several, to the first in reading order."""
    C, _, _, N = x.shape
    padded = pad(x, padding, -np.inf)
    dpadded = np.zeros(padded.shape)
    for row, col, dwindow in windows(dpadded, k, k, stride):
        window = padded[:, row * stride : row * stride + k, col * stride : col * stride + k]
        for c in range(C):
            for n in range(N):
                i, j = divmod(int(window[c, ..., n].argmax()), k)  # argmax finds the first
                dwindow[c, i, j, n] += dy[c, row, col, n]
    return crop(dpadded, padding)


def mean_pool2d(x: Array, k: int, stride: int) -> Array:
    """The mean of each window."""
    C, _, _, N = x.shape
    y = np.zeros((C, *output_shape(x, k, k, stride), N))
    for row, col, window in windows(x, k, k, stride):
        y[:, row, col] = window.mean(axis=(1, 2))
    return y


def mean_pool2d_backward(dy: Array, x: Array, k: int, stride: int) -> Array:
    """An equal share of dy to each of the k * k inputs of its window."""
    dx = np.zeros(x.shape)
    for row, col, dwindow in windows(dx, k, k, stride):
        for i in range(k):
            for j in range(k):
                dwindow[:, i, j] += dy[:, row, col] / (k * k)
    return dx


# **** subsampling ****


def subsample2d(x: Array, gain: Array, bias: Array, k: int) -> Array:
    """gain[c] * (the sum of each window of map c) + bias[c], windows side by side."""
    C, _, _, N = x.shape
    y = np.zeros((C, *output_shape(x, k, k, k), N))
    for row, col, window in windows(x, k, k, k):
        for c in range(C):
            for n in range(N):
                y[c, row, col, n] = gain[c] * window[c, ..., n].sum() + bias[c]
    return y


def subsample2d_backward(dy: Array, x: Array, gain: Array, k: int) -> tuple[Array, Array, Array]:
    """Each input of a window stands in its sum once, and the sum is multiplied by gain[c]."""
    C, _, _, N = x.shape
    dx, dgain, dbias = np.zeros(x.shape), np.zeros(C), np.zeros(C)
    for row, col, dwindow in windows(dx, k, k, k):
        window = x[:, row * k : row * k + k, col * k : col * k + k]
        for c in range(C):
            for n in range(N):
                dwindow[c, ..., n] += gain[c] * dy[c, row, col, n]
                dgain[c] += window[c, ..., n].sum() * dy[c, row, col, n]
                dbias[c] += dy[c, row, col, n]
    return dx, dgain, dbias


# **** batch normalisation ****


def batch_norm(x: Array, gain: Array, bias: Array, epsilon: float) -> Array:
    """Ioffe and Szegedy (2015), algorithm 1, map by map."""
    y = np.zeros(x.shape)
    for c in range(len(x)):
        normal = (x[c] - x[c].mean()) / np.sqrt(x[c].var() + epsilon)
        y[c] = gain[c] * normal + bias[c]
    return y


def batch_norm_backward(dy: Array, x: Array, gain: Array, epsilon: float) -> tuple[Array, Array, Array]:
    """Their section 3, the chain rule step by step: through normal, variance and mean."""
    dx, dgain, dbias = np.zeros(x.shape), np.zeros(len(x)), np.zeros(len(x))
    for c in range(len(x)):
        m, centred = x[c].size, x[c] - x[c].mean()
        root = np.sqrt(x[c].var() + epsilon)
        dnormal = dy[c] * gain[c]
        dvariance = (dnormal * centred).sum() * -0.5 / root**3
        dmean = -dnormal.sum() / root - 2 * dvariance * centred.mean()
        dx[c] = dnormal / root + dvariance * 2 * centred / m + dmean / m
        dgain[c] = (dy[c] * centred / root).sum()
        dbias[c] = dy[c].sum()
    return dx, dgain, dbias


# **** dense ****


def dense(x: Array, weight: Array, bias: Array) -> Array:
    """y[k] is the sum over f of weight[k, f] * x[f], plus bias[k]."""
    K, F = weight.shape
    N = x.shape[-1]
    y = np.zeros((K, N))
    for k in range(K):
        for n in range(N):
            y[k, n] = sum(weight[k, f] * x[f, n] for f in range(F)) + bias[k]
    return y


def dense_backward(dy: Array, x: Array, weight: Array) -> tuple[Array, Array, Array]:
    """Each product weight[k, f] * x[f] hands dy[k] to both of its factors."""
    K, F = weight.shape
    N = x.shape[-1]
    dx, dweight, dbias = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(K)
    for k in range(K):
        for n in range(N):
            dbias[k] += dy[k, n]
            for f in range(F):
                dx[f, n] += dy[k, n] * weight[k, f]
                dweight[k, f] += dy[k, n] * x[f, n]
    return dx, dweight, dbias
