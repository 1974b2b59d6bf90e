"""Layers: the operations of `functional`, with their parameters.

A layer is immutable between optimizer steps: `forward` hands its cache to the caller, `backward` gives its
gradients back, and the network puts them where they belong. So one layer can serve several threads at once.

There are two modes: in training `forward` gets a `Training`, in inference it gets None.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.errors import ShapeError
from engine.nn import functional as F
from engine.nn.box import Box, Shape
from engine.nn.functional import Array, Cache
from engine.nn.initializers import Initializer, he


@dataclass(frozen=True)
class Training:
    """Training mode, and what a layer needs in it.

    These images may be a part of a batch that several processes learn. What they sum over their parts is then
    made the sum over the batch by `total`, which all of them call at the same places.
    """

    rng: np.random.Generator  # for layers that draw
    total: Callable[[Array], Array] = F.unchanged  # (K,) sums over these images to sums over the batch
    batch_size: int | None = None  # of the batch; None: these images are all of it


class Parameter:
    """One array that training changes: its name ("c1.weight"), value, and gradient of equal shape.

    The value changes in place, so it may be a view into a larger array.
    """

    def __init__(self, name: str, value: npt.NDArray[Any]) -> None:
        self.name = name
        self.value = value
        self.grad = np.zeros_like(value)

    def __repr__(self) -> str:
        return f"Parameter({self.name}, {self.value.shape}, {self.value.dtype})"


class Buffer:
    """One array that belongs to a layer, but that no optimizer changes: a running mean, say."""

    def __init__(self, name: str, value: npt.NDArray[Any]) -> None:
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        return f"Buffer({self.name}, {self.value.shape}, {self.value.dtype})"


class Layer(Protocol):
    """What a network asks of a layer. Arrays hold the batch in their last axis."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """The layer's own, in the order in which `backward` returns their gradients."""

    @property
    def buffers(self) -> Sequence[Buffer]:
        """What else is saved with the layer; `update_buffers` changes it."""

    @property
    def draws(self) -> bool:
        """Whether it draws random numbers in training mode."""

    @property
    def needs_whole_batch(self) -> bool:
        """Whether each output depends on all examples of a batch in training mode."""

    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of one example's output; ShapeError if such an input does not fit."""

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        """The output, and what `backward` will need; in inference mode where `training` is None."""

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        """Gradients with respect to the input (None if not needed) and to each parameter."""

    def update_buffers(self, cache: Cache) -> None:
        """Learn from the cache that a forward in training mode has left."""

    def reach(self, box: Box, input_shape: Shape) -> Box:
        """What the outputs in a box depend on, in inference mode: a box of one example's input."""


class _Layer:
    """What most layers have in common: nothing to learn, nothing to keep, no mode of their own."""

    draws = False
    needs_whole_batch = False

    @property
    def parameters(self) -> Sequence[Parameter]:
        return ()

    @property
    def buffers(self) -> Sequence[Buffer]:
        return ()

    def update_buffers(self, cache: Cache) -> None:
        pass

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return box  # each number of its own input alone


def connection_table(*rows: str, in_channels: int = 6) -> npt.NDArray[np.bool_]:
    """(out, in) booleans for Conv2D, from the digits of the input maps that each output map reads."""
    return np.array([[str(column) in row for column in range(in_channels)] for row in rows])


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


class Conv2D(_Layer):
    """Convolution, with the variations that published networks make of it.

    Parameters
    ----------
    table : (out_channels, in_channels) booleans, optional
        Which input maps each output map reads, as C3's table in LeCun et al. (1998), table I. Only the
        kernels of connected pairs exist: `weight` is then (connections, kernel_size, kernel_size), in
        the table's row-major order, else (out_channels, in_channels, kernel_size, kernel_size).
    shared : bool
        One kernel for each output map, applied to the sum of the inputs that it reads: `weight` is
        (out_channels, kernel_size, kernel_size).
    bias : bool
    positions : (Ho, Wo), optional
        A bias for each position of each output map, not one for the whole map.
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
        shared: bool = False,
        bias: bool = True,
        positions: tuple[int, int] | None = None,
        initializer: Initializer = he,
    ) -> None:
        _check_window(kernel_size, stride, padding)
        maps = out_channels, in_channels
        table = np.ones(maps, bool) if table is None else np.asarray(table, bool)
        if table.shape != maps or not table.any(axis=1).all():
            raise ShapeError(
                f"A connection table for {in_channels} to {out_channels} channels must be "
                f"{maps} (out, in) with a connection in each row, got {table.shape}."
            )
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.table, self.shared, self.positions = table, shared, positions
        self._is_full = bool(table.all()) and not shared
        self.weight = Parameter("weight", self._first_weight(initializer, rng))
        self.bias = (
            Parameter("bias", np.zeros((out_channels, *(positions or ())), np.float32)) if bias else None
        )

    def _first_weight(self, initializer: Initializer, rng: np.random.Generator) -> npt.NDArray[np.float32]:
        kernel = self.kernel_size, self.kernel_size
        area = self.kernel_size**2
        # an input reaches as many maps as its column of the table connects, on average
        fan_out = round(self.table.sum() / self.in_channels) * area
        if self._is_full:
            shape = (self.out_channels, self.in_channels, *kernel)
            return initializer(shape, self.in_channels * area, fan_out, rng)
        # each map sums as many inputs as its own row connects
        return np.concatenate(
            [
                initializer((1 if self.shared else count, *kernel), count * area, fan_out, rng)
                for count in self.table.sum(axis=1).tolist()
            ]
        )

    @property
    def parameters(self) -> Sequence[Parameter]:
        return (self.weight,) if self.bias is None else (self.weight, self.bias)

    def output_shape(self, input_shape: Shape) -> Shape:
        C, H, W = _image_shape("Conv2D", input_shape)
        if self.in_channels != C:
            raise ShapeError(
                f"Conv2D expects {self.in_channels} input channels, got {C} (input shape {input_shape})."
            )
        positions = _window_positions("Conv2D", H, W, self.kernel_size, self.stride, self.padding)
        if self.positions not in (None, positions):
            raise ShapeError(f"Conv2D has biases for {self.positions} positions, but takes {positions}.")
        return self.out_channels, *positions

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        bias = None if self.bias is None else self.bias.value
        return F.conv2d_forward(x, self.dense_weight(), bias, stride=self.stride, padding=self.padding)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        dx, dweight, dbias = F.conv2d_backward(dy, cache, needs_dx=needs_dx)
        return dx, self.own_gradients(dweight, dbias)

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return box.under_windows(input_shape, self.kernel_size, self.stride, self.padding)

    def own_gradients(self, dweight: Array, dbias: Array | None) -> Sequence[Array]:
        """Of the gradient of the dense weight, what belongs to the weights that exist."""
        if self.shared:
            dweight = (dweight * self.table[..., None, None]).sum(axis=1)
        elif not self._is_full:
            dweight = dweight[self.table]
        return (dweight,) if dbias is None else (dweight, dbias)

    def dense_weight(self) -> Array:
        """(out, in, kh, kw), with zeros where the table connects nothing."""
        weight = self.weight.value
        if self._is_full:
            return weight
        if self.shared:
            return weight[:, None] * self.table[..., None, None]
        dense = np.zeros((self.out_channels, self.in_channels, *weight.shape[1:]), weight.dtype)
        dense[self.table] = weight
        return dense

    def own_weight(self, dense: Array) -> Array:
        """The weights that exist, of what `dense_weight` gives."""
        if self._is_full:
            return dense
        if self.shared:
            first: Array = dense[np.arange(self.out_channels), self.table.argmax(axis=1)]
            return first
        connected: Array = dense[self.table]
        return connected


class Dense(_Layer):
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

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return F.dense_forward(x, self.weight.value, self.bias.value)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        dx, dweight, dbias = F.dense_backward(dy, cache, needs_dx=needs_dx)
        return dx, (dweight, dbias)

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return Box.whole(input_shape)


class _Pool2D(_Layer):
    def __init__(self, kernel_size: int, *, stride: int | None = None, padding: int = 0) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        _check_window(self.kernel_size, self.stride, padding)

    def output_shape(self, input_shape: Shape) -> Shape:
        name = type(self).__name__
        C, H, W = _image_shape(name, input_shape)
        return C, *_window_positions(name, H, W, self.kernel_size, self.stride, self.padding)

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return box.under_windows(input_shape, self.kernel_size, self.stride, self.padding)


class MaxPool2D(_Pool2D):
    """The largest of each kernel_size x kernel_size window, by default side by side.

    With a stride below kernel_size the windows overlap, as in Krizhevsky et al. (2012), section 3.4.
    """

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return F.max_pool2d_forward(x, self.kernel_size, stride=self.stride, padding=self.padding)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.max_pool2d_backward(dy, cache), ()


class MeanPool2D(_Pool2D):
    """The mean of each kernel_size x kernel_size window, by default side by side."""

    def __init__(self, kernel_size: int, *, stride: int | None = None) -> None:
        super().__init__(kernel_size, stride=stride)

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return F.mean_pool2d_forward(x, self.kernel_size, stride=self.stride)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.mean_pool2d_backward(dy, cache), ()


class Subsample2D(_Layer):
    """S2 and S4 of LeCun et al. (1998): the sum of each window times a gain plus a bias, both learnt."""

    def __init__(self, channels: int, kernel_size: int = 2) -> None:
        self.channels, self.kernel_size = channels, kernel_size
        _check_window(kernel_size, kernel_size, 0)
        # a gain of 1/k² makes it a mean to begin with
        self.gain = Parameter("gain", np.full(channels, 1 / kernel_size**2, np.float32))
        self.bias = Parameter("bias", np.zeros(channels, np.float32))

    @property
    def parameters(self) -> Sequence[Parameter]:
        return self.gain, self.bias

    def output_shape(self, input_shape: Shape) -> Shape:
        C, H, W = _image_shape("Subsample2D", input_shape)
        if self.channels != C:
            raise ShapeError(f"Subsample2D expects {self.channels} channels, got {C}.")
        k = self.kernel_size
        return C, *_window_positions("Subsample2D", H, W, k, k, 0)

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return F.subsample2d_forward(x, self.gain.value, self.bias.value, self.kernel_size)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        dx, dgain, dbias = F.subsample2d_backward(dy, cache)
        return dx, (dgain, dbias)

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return box.under_windows(input_shape, self.kernel_size, self.kernel_size, 0)


class Pad2D(_Layer):
    """A frame of `padding` pixels of one value around each image."""

    def __init__(self, padding: int, value: float = 0.0) -> None:
        self.padding, self.value = padding, value

    def output_shape(self, input_shape: Shape) -> Shape:
        C, H, W = _image_shape("Pad2D", input_shape)
        return C, H + 2 * self.padding, W + 2 * self.padding

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return F.pad2d(x, self.padding, self.value), None

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.unpad2d(dy, self.padding), ()

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return box.under_windows(input_shape, 1, 1, self.padding)


class BatchNorm(_Layer):
    """Batch normalisation of maps (C, H, W) or features (F,): Ioffe and Szegedy (2015).

    In training mode each map is normalised by its mean and variance over the batch, in inference by running
    averages of them.
    """

    needs_whole_batch = True

    EPSILON = 1e-5
    MOMENTUM = 0.1  # how much of a running average each batch replaces

    def __init__(self, channels: int) -> None:
        self.channels = channels
        self.gain = Parameter("gain", np.ones(channels, np.float32))
        self.bias = Parameter("bias", np.zeros(channels, np.float32))
        self.mean = Buffer("mean", np.zeros(channels, np.float32))
        self.variance = Buffer("variance", np.ones(channels, np.float32))

    @property
    def parameters(self) -> Sequence[Parameter]:
        return self.gain, self.bias

    @property
    def buffers(self) -> Sequence[Buffer]:
        return self.mean, self.variance

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape[0] != self.channels:
            raise ShapeError(f"BatchNorm expects {self.channels} maps or features, got {input_shape}.")
        return input_shape

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        gain, bias = self.gain.value, self.bias.value
        if training is None:
            running = self.mean.value, self.variance.value
            y, cache = F.batch_norm_inference(x, *running, gain, bias, self.EPSILON)
            return y, (None, cache)
        N = x.shape[-1]
        count = x.size // (len(gain) * N) * (training.batch_size or N)
        y, mean, variance, cache = F.batch_norm_forward(
            x, gain, bias, self.EPSILON, count=count, total=training.total
        )
        return y, ((mean, variance, count), cache)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        found, inner = cache
        backward = F.batch_norm_inference_backward if found is None else F.batch_norm_backward
        dx, dgain, dbias = backward(dy, inner)
        return dx, (dgain, dbias)

    def update_buffers(self, cache: Cache) -> None:
        """Move the running averages towards the mean and the variance of one training batch."""
        (mean, variance, count), _ = cache
        unbiased = variance * (count / max(count - 1, 1))
        for running, found in ((self.mean, mean), (self.variance, unbiased)):
            running.value += self.MOMENTUM * (found - running.value)


class Dropout(_Layer):
    """In training mode a random share `rate` of the inputs is 0 and the rest grows by 1/(1 - rate)."""

    draws = True

    def __init__(self, rate: float) -> None:
        if not 0 <= rate < 1:
            raise ShapeError(f"Dropout's rate must be in 0…1, 1 excluded; got {rate}.")
        self.rate = rate

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return (x, None) if training is None else F.dropout_forward(x, self.rate, training.rng)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return (dy if cache is None else F.dropout_backward(dy, cache)), ()


class RadialBasis(_Layer):
    """The output of LeCun et al. (1998): minus the squared distance to each class's fixed code.

    Parameters
    ----------
    codes : (classes, features) array of ±1
    """

    def __init__(self, codes: npt.NDArray[Any]) -> None:
        self.codes = codes

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape != (self.codes.shape[1],):
            raise ShapeError(f"RadialBasis expects ({self.codes.shape[1]},) features, got {input_shape}.")
        return (len(self.codes),)

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return F.radial_basis_forward(x, self.codes.astype(x.dtype))

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return F.radial_basis_backward(dy, cache), ()

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return Box.whole(input_shape)


class Flatten(_Layer):
    """(C, H, W) to (C*H*W,): map, row, column. With the batch last it moves no data."""

    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return x.reshape(math.prod(x.shape[:-1]), x.shape[-1]), x.shape

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return dy.reshape(cache), ()

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return box.of_flattened(input_shape)


class _Activation(_Layer):
    """An elementwise pair of `functional`, which a subclass names."""

    _forward: Callable[[Array], tuple[Array, Cache]]
    _backward: Callable[[Array, Cache], Array]

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        return self._forward(x)

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return self._backward(dy, cache), ()


class ReLU(_Activation):
    """max(x, 0)."""

    _forward, _backward = staticmethod(F.relu_forward), staticmethod(F.relu_backward)


class Tanh(_Activation):
    """The hyperbolic tangent."""

    _forward, _backward = staticmethod(F.tanh_forward), staticmethod(F.tanh_backward)


class Sigmoid(_Activation):
    """The logistic function."""

    _forward, _backward = staticmethod(F.sigmoid_forward), staticmethod(F.sigmoid_backward)


class ScaledTanh(_Activation):
    """1.7159 tanh(2x/3), the squashing function of LeCun et al. (1998)."""

    _forward, _backward = staticmethod(F.scaled_tanh_forward), staticmethod(F.scaled_tanh_backward)
