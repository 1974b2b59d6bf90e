"""Layers: the operations of `functional`, with their parameters.

A layer is immutable between optimizer steps: `forward` hands its cache to the caller, `backward` gives its
gradients back, and the network puts them where they belong. So one layer can serve several threads at once.
Training and answering differ in what they keep, not in what they compute.
"""

import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine import functional as F
from engine.errors import ShapeError
from engine.functional import Array, Cache
from engine.initializers import Initializer, he

Shape = tuple[int, ...]  # of one example: (C, H, W) or (F,)


class Parameter:
    """One array that training changes: its name ("c1.weight"), value, and gradient of equal shape."""

    def __init__(self, name: str, value: npt.NDArray[Any]) -> None:
        self.name = name
        self.value = value
        self.grad = np.zeros_like(value)

    def __repr__(self) -> str:
        return f"Parameter({self.name}, {self.value.shape}, {self.value.dtype})"


class Layer(Protocol):
    """What a network asks of a layer. Arrays hold the batch in their last axis."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """The layer's own, in the order in which `backward` returns their gradients."""

    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of one example's output; ShapeError if such an input does not fit."""

    def forward(self, x: Array) -> tuple[Array, Cache]:
        """The output, and what `backward` will need."""

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        """Gradients with respect to the input (None if not needed) and to each parameter."""


def _image_shape(layer: str, input_shape: Shape) -> tuple[int, int, int]:
    if len(input_shape) != 3:
        raise ShapeError(f"{layer} expects images (channels, height, width), got shape {input_shape}.")
    C, H, W = input_shape
    return C, H, W


def _check_window(kernel_size: int, stride: int, padding: int) -> None:
    if kernel_size < 1 or stride < 1 or not 0 <= padding < kernel_size:
        raise ShapeError(
            "A window needs kernel_size >= 1, stride >= 1 and 0 <= padding < kernel_size, got "
            f"{kernel_size}, {stride} and {padding}."
        )


def _window_positions(
    layer: str, H: int, W: int, kernel_size: int, stride: int, padding: int
) -> tuple[int, int]:
    Ho = F.output_size(H, kernel_size, stride, padding)
    Wo = F.output_size(W, kernel_size, stride, padding)
    if Ho < 1 or Wo < 1:
        raise ShapeError(f"{layer}'s {kernel_size}x{kernel_size} window does not fit a {H}x{W} input.")
    return Ho, Wo


class Conv2D:
    """Convolution with an optional connection table.

    Parameters
    ----------
    table : (out_channels, in_channels) booleans, optional
        Which input maps each output map reads, as C3's table in LeCun et al. (1998), table I. Only the
        kernels of connected pairs exist: `weight` is then (connections, kernel_size, kernel_size), in
        the table's row-major order, else (out_channels, in_channels, kernel_size, kernel_size).
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        rng: np.random.Generator,
        stride: int = 1,
        padding: int = 0,
        table: npt.NDArray[np.bool_] | None = None,
        initializer: Initializer = he,
    ) -> None:
        dense_shape = (out_channels, in_channels, kernel_size, kernel_size)
        _check_window(kernel_size, stride, padding)
        if table is not None:
            table = np.asarray(table, bool)
            if table.shape != dense_shape[:2] or not table.any(axis=1).all():
                raise ShapeError(
                    f"A connection table for {in_channels} to {out_channels} channels must be "
                    f"{dense_shape[:2]} (out, in) with a connection in each row, got {table.shape}."
                )
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.table = table
        area = kernel_size**2
        if table is None:
            weight = initializer(dense_shape, in_channels * area, out_channels * area, rng)
        else:
            # each map sums as many inputs as its own row of the table connects; an input reaches
            # as many maps as its column does, on average
            fan_out = round(table.sum() / in_channels) * area
            weight = np.concatenate(
                [
                    initializer((count, kernel_size, kernel_size), count * area, fan_out, rng)
                    for count in table.sum(axis=1).tolist()
                ]
            )
        self.weight = Parameter("weight", weight)
        self.bias = Parameter("bias", np.zeros(out_channels, np.float32))

    @property
    def parameters(self) -> Sequence[Parameter]:
        return self.weight, self.bias

    def output_shape(self, input_shape: Shape) -> Shape:
        C, H, W = _image_shape("Conv2D", input_shape)
        if self.in_channels != C:
            raise ShapeError(
                f"Conv2D expects {self.in_channels} input channels, got {C} (input shape {input_shape})."
            )
        return (
            self.out_channels,
            *_window_positions("Conv2D", H, W, self.kernel_size, self.stride, self.padding),
        )

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return F.conv2d_forward(
            x, self._dense_weight(), self.bias.value, stride=self.stride, padding=self.padding
        )

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        dx, dweight, dbias = F.conv2d_backward(dy, cache, needs_dx=needs_dx)
        assert dbias is not None  # this layer always has a bias
        return dx, (dweight if self.table is None else dweight[self.table], dbias)

    def _dense_weight(self) -> Array:
        """(out, in, kh, kw), with zeros where the table connects nothing."""
        if self.table is None:
            return self.weight.value
        k = self.kernel_size
        dense = np.zeros((self.out_channels, self.in_channels, k, k), self.weight.value.dtype)
        dense[self.table] = self.weight.value
        return dense


class Dense:
    """Every output is a weighted sum of every input, plus a bias; weight is (out, in)."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        initializer: Initializer = he,
    ) -> None:
        self.in_features, self.out_features = in_features, out_features
        weight = initializer((out_features, in_features), in_features, out_features, rng)
        self.weight = Parameter("weight", weight)
        self.bias = Parameter("bias", np.zeros(out_features, np.float32))

    @property
    def parameters(self) -> Sequence[Parameter]:
        return self.weight, self.bias

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape != (self.in_features,):
            raise ShapeError(
                f"Dense expects ({self.in_features},) features, got {input_shape}. "
                "Images need a Flatten before it."
            )
        return (self.out_features,)

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return F.dense_forward(x, self.weight.value, self.bias.value)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        dx, dweight, dbias = F.dense_backward(dy, cache, needs_dx=needs_dx)
        return dx, (dweight, dbias)


class _Stateless:
    """What layers without parameters share."""

    parameters: Sequence[Parameter] = ()


class _Pool2D(_Stateless):
    def __init__(self, kernel_size: int, *, stride: int | None = None) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        _check_window(self.kernel_size, self.stride, 0)

    def output_shape(self, input_shape: Shape) -> Shape:
        C, H, W = _image_shape(type(self).__name__, input_shape)
        name = type(self).__name__
        return C, *_window_positions(name, H, W, self.kernel_size, self.stride, 0)


class MaxPool2D(_Pool2D):
    """The largest of each kernel_size x kernel_size window, by default side by side."""

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return F.max_pool2d_forward(x, self.kernel_size, stride=self.stride)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.max_pool2d_backward(dy, cache), ()


class MeanPool2D(_Pool2D):
    """The mean of each kernel_size x kernel_size window, by default side by side."""

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return F.mean_pool2d_forward(x, self.kernel_size, stride=self.stride)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.mean_pool2d_backward(dy, cache), ()


class Flatten(_Stateless):
    """(C, H, W) to (C*H*W,): map, row, column. With the batch last it moves no data."""

    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return x.reshape(math.prod(x.shape[:-1]), x.shape[-1]), x.shape

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return dy.reshape(cache), ()


class _Activation(_Stateless):
    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape


class ReLU(_Activation):
    """max(x, 0)."""

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return F.relu_forward(x)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.relu_backward(dy, cache), ()


class Tanh(_Activation):
    """The hyperbolic tangent."""

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return F.tanh_forward(x)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.tanh_backward(dy, cache), ()


class Sigmoid(_Activation):
    """The logistic function."""

    def forward(self, x: Array) -> tuple[Array, Cache]:
        return F.sigmoid_forward(x)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.sigmoid_backward(dy, cache), ()
