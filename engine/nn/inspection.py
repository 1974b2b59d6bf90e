"""A look into a network: its layers, what a unit reads of the page, and how its number came about.

The numbers are those of a `Trace`, of the very forward that answered; the arithmetic of a unit does its
layer's work again for this one number, in float64, so that every step of it can be shown.
"""

from dataclasses import dataclass, replace
from functools import singledispatch

import numpy as np
import numpy.typing as npt

from engine.errors import ShapeError
from engine.nn.box import Box, Shape
from engine.nn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    MeanPool2D,
    Pad2D,
    RadialBasis,
    ReLU,
    ScaledTanh,
    Sigmoid,
    Subsample2D,
    Tanh,
)
from engine.nn.network import Network, Trace
from engine.nn.silencing import Silenced

Unit = tuple[int, ...]  # (channel, row, column) or (feature,)
Numbers = npt.NDArray[np.float64]

EMPTY = Box(0, 0, 0, 0)


@dataclass(frozen=True)
class LayerFacts:
    """One layer of a network, as a table of them shows it."""

    name: str
    kind: str
    output_shape: Shape
    parameter_count: int


def layers_of(network: Network) -> list[LayerFacts]:
    """The layers in the order of the computation."""
    return [
        LayerFacts(
            name,
            _kind(layer),
            network.shapes[name],
            sum(parameter.value.size for parameter in layer.parameters),
        )
        for name, layer in network.layers.items()
    ]


def _kind(layer: object) -> str:
    return type(layer.layer if isinstance(layer, Silenced) else layer).__name__


# **** what a unit reads ****


@dataclass(frozen=True)
class ReceptiveField:
    """What a unit depends on, on the page and on each layer on the way to it."""

    page: Box
    layers: dict[str, Box]  # layer name -> box of its output, from the first layer to the unit's own


def receptive_field(network: Network, layer: str, unit: Unit) -> ReceptiveField:
    """Fold the box of a unit backwards through the layers; ShapeError if there is no such unit."""
    _check_unit(network, layer, unit)
    names = list(network.layers)
    boxes, box = {}, Box.of_unit(unit)
    for place in range(names.index(layer), -1, -1):
        name = names[place]
        boxes[name] = box
        before = network.shapes[names[place - 1]] if place else network.input_shape
        box = network.layers[name].reach(box, before)
    return ReceptiveField(box, dict(reversed(boxes.items())))


# **** how a number came about ****


@dataclass(frozen=True)
class Normalisation:
    """(input - mean) / deviation * gain + bias, of one map."""

    mean: float
    deviation: float
    gain: float
    bias: float


@dataclass(frozen=True)
class Arithmetic:
    """How one number of a layer came about, step by step, in float64.

    Of a weighted sum, the value is that of the products, plus the bias; of a max-pool the winner; else as
    the layer's kind says, of the one input.
    """

    inputs: Numbers  # (C, kh, kw) under a kernel, (kh, kw) under a pool's window, (F,), or (1,)
    value: float
    weights: Numbers | None = None  # as the inputs; of RadialBasis the code
    products: Numbers | None = None  # as the inputs; of RadialBasis minus the squared differences
    bias: float = 0.0
    normalisation: Normalisation | None = None
    winner: Unit | None = None  # where among the inputs the largest stands, the first in reading order
    is_off: bool = False  # switched off: the value is 0, whatever the rest says
    kind: str = ""  # the layer's class
    reads: Box = EMPTY  # of the layer before, padding left out


def arithmetic(network: Network, trace: Trace, layer: str, unit: Unit, *, image: int = 0) -> Arithmetic:
    """How the number of a unit came about.

    Parameters
    ----------
    trace : Trace
        Of this network.
    layer : str
    unit : (channel, row, column) or (feature,)
        In the layer's output.
    image : int
        Which of the trace's images.

    Returns
    -------
    arithmetic : Arithmetic
        Its value is that of the trace, but for the rounding of float32 there.
    """
    _check_unit(network, layer, unit)
    x = trace.read_by(layer)[image].astype(np.float64)
    chosen = network.layers[layer]
    reads = chosen.reach(Box.of_unit(unit), x.shape)
    return replace(_arithmetic(chosen, x, unit), kind=_kind(chosen), reads=reads)


def _check_unit(network: Network, layer: str, unit: Unit) -> None:
    if layer not in network.layers:
        raise ShapeError(f"{network.architecture} has no layer {layer}, but {', '.join(network.layers)}.")
    shape = network.shapes[layer]
    if len(unit) != len(shape) or not all(0 <= i < size for i, size in zip(unit, shape, strict=True)):
        raise ShapeError(f"Layer {layer} has units in {shape}, not {unit}.")


@singledispatch
def _arithmetic(layer: object, x: Numbers, unit: Unit) -> Arithmetic:
    """How a layer makes the number of a unit of one example x, (C, H, W) or (F,)."""
    raise NotImplementedError(f"no arithmetic of a layer {type(layer).__name__}")


@_arithmetic.register
def _(layer: Conv2D, x: Numbers, unit: Unit) -> Arithmetic:
    bias = 0.0
    if layer.bias is not None:
        bias = float(layer.bias.value[unit if layer.bias.value.ndim == 3 else unit[0]])
    window = _window(x, unit, layer.kernel_size, layer.stride, layer.padding)
    return _sum(window, layer.dense_weight()[unit[0]].astype(np.float64), bias)


@_arithmetic.register
def _(layer: Dense, x: Numbers, unit: Unit) -> Arithmetic:
    weights = layer.weight.value[unit[0]].astype(np.float64)
    return _sum(x, weights, float(layer.bias.value[unit[0]]))


@_arithmetic.register
def _(layer: MeanPool2D, x: Numbers, unit: Unit) -> Arithmetic:
    window = _window(x, unit, layer.kernel_size, layer.stride, layer.padding)[unit[0]]
    return _sum(window, np.full(window.shape, 1 / layer.kernel_size**2), 0.0)


@_arithmetic.register
def _(layer: Subsample2D, x: Numbers, unit: Unit) -> Arithmetic:
    window = _window(x, unit, layer.kernel_size, layer.kernel_size, 0)[unit[0]]
    weights = np.full(window.shape, layer.gain.value[unit[0]], np.float64)
    return _sum(window, weights, float(layer.bias.value[unit[0]]))


@_arithmetic.register
def _(layer: MaxPool2D, x: Numbers, unit: Unit) -> Arithmetic:
    window = _window(x, unit, layer.kernel_size, layer.stride, layer.padding, outside=-np.inf)[unit[0]]
    row, column = divmod(int(window.argmax()), layer.kernel_size)
    return Arithmetic(window, float(window[row, column]), winner=(row, column))


@_arithmetic.register
def _(layer: BatchNorm, x: Numbers, unit: Unit) -> Arithmetic:
    place = unit[0]
    mean, gain, bias = (float(array.value[place]) for array in (layer.mean, layer.gain, layer.bias))
    deviation = float(np.sqrt(float(layer.variance.value[place]) + layer.EPSILON))
    value = (float(x[unit]) - mean) / deviation * gain + bias
    return Arithmetic(x[unit].reshape(1), value, normalisation=Normalisation(mean, deviation, gain, bias))


@_arithmetic.register
def _(layer: RadialBasis, x: Numbers, unit: Unit) -> Arithmetic:
    code = layer.codes[unit[0]].astype(np.float64)
    products = -np.square(x - code)
    return Arithmetic(x, float(products.sum()), code, products)


@_arithmetic.register
def _(layer: Flatten, x: Numbers, unit: Unit) -> Arithmetic:
    return Arithmetic(x.reshape(-1)[list(unit)], float(x.reshape(-1)[unit[0]]))


@_arithmetic.register
def _(layer: Pad2D, x: Numbers, unit: Unit) -> Arithmetic:
    value = _window(x, unit, 1, 1, layer.padding, outside=layer.value)[unit[0]]
    return Arithmetic(value.reshape(1), float(value[0, 0]))


@_arithmetic.register
def _(layer: Silenced, x: Numbers, unit: Unit) -> Arithmetic:
    found = _arithmetic(layer.layer, x, unit)
    return replace(found, value=0.0, is_off=True) if unit[0] in layer.maps else found


@_arithmetic.register(ReLU)
@_arithmetic.register(Tanh)
@_arithmetic.register(Sigmoid)
@_arithmetic.register(ScaledTanh)
@_arithmetic.register(Dropout)
def _of_one(layer: ReLU | Tanh | Sigmoid | ScaledTanh | Dropout, x: Numbers, unit: Unit) -> Arithmetic:
    alone = x[unit].reshape(1)
    return Arithmetic(alone, float(layer.forward(alone[:, None])[0][0, 0]))


def _sum(inputs: Numbers, weights: Numbers, bias: float) -> Arithmetic:
    products = inputs * weights
    return Arithmetic(inputs, float(products.sum()) + bias, weights, products, bias)


def _window(
    x: Numbers, unit: Unit, kernel_size: int, stride: int, padding: int, *, outside: float = 0.0
) -> Numbers:
    """What the window of a unit sees of (C, H, W) maps, with what the padding counts as outside of them."""
    around = (padding, padding)
    padded = np.pad(x, ((0, 0), around, around), constant_values=outside)
    top, left = unit[1] * stride, unit[2] * stride
    return padded[:, top : top + kernel_size, left : left + kernel_size]
