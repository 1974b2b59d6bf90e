"""Curvature: how the loss bends along each parameter, which Levenberg-Marquardt takes its steps by.

LeCun et al. (1998), appendix C: the diagonal of the second derivatives, after Gauss and Newton. It goes
backward through the layers as a gradient does, with the square of each first derivative in its place.
"""

from collections.abc import Sequence
from functools import singledispatch

import numpy as np

from engine.errors import ConfigurationError
from engine.nn import functional as F
from engine.nn.functional import Array, Cache
from engine.nn.layers import (
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
from engine.nn.losses import softmax
from engine.nn.network import Network

Curvature = tuple[Array, Sequence[Array]]


def curvatures(network: Network, images: Array) -> list[Array]:
    """An estimate of the loss's second derivative for each number of each parameter, in their order.

    The loss is the cross-entropy, its mean over the images (N, C, H, W) or (N, H, W); no estimate is below 0.
    """
    x, caches = network.forward_with_caches(images)
    probabilities = softmax(x)
    d2y = probabilities * (1 - probabilities) / len(images)  # of the cross-entropy
    found: list[Array] = []
    for layer, cache in zip(reversed(network.layers.values()), reversed(caches), strict=True):
        d2y, own = curvature(layer, d2y, cache)
        found[:0] = own
    return found


def check_has_curvature(network: Network) -> None:
    """ConfigurationError where the network has a layer that no curvature goes through."""
    for name, layer in network.layers.items():
        if layer.needs_whole_batch:
            raise ConfigurationError(
                "Levenberg-Marquardt cannot train a network with batch normalisation, in which each output "
                f"depends on all images of a batch: {network.architecture} has it in {name}. "
                "Choose another optimizer."
            )


@singledispatch
def curvature(layer: object, d2y: Array, cache: Cache) -> Curvature:
    """Second derivatives with respect to a layer's input, and to each of its parameters.

    As `Layer.backward`, from those with respect to its output and from what its forward left. Batch
    normalisation has none: with it each output depends on all images of a batch.
    """
    raise NotImplementedError(f"no second derivatives of a layer {type(layer).__name__}")


@curvature.register
def _(layer: Conv2D, d2y: Array, cache: Cache) -> Curvature:
    d2x, d2weight, d2bias = F.conv2d_curvature(d2y, cache)
    return _with_input(d2x, layer.own_gradients(d2weight, d2bias))


@curvature.register
def _(layer: Dense, d2y: Array, cache: Cache) -> Curvature:
    d2x, d2weight, d2bias = F.dense_curvature(d2y, cache)
    return _with_input(d2x, (d2weight, d2bias))


@curvature.register
def _(layer: Subsample2D, d2y: Array, cache: Cache) -> Curvature:
    d2x, d2gain, d2bias = F.subsample2d_curvature(d2y, cache)
    return d2x, (d2gain, d2bias)


@curvature.register(MaxPool2D)
@curvature.register(Pad2D)
@curvature.register(Flatten)
def _moved(layer: MaxPool2D | Pad2D | Flatten, d2y: Array, cache: Cache) -> Curvature:
    return _with_input(*layer.backward(d2y, cache))  # each derivative is 1 or 0, and so is its square


@curvature.register
def _(layer: MeanPool2D, d2y: Array, cache: Cache) -> Curvature:
    return _with_input(*layer.backward(d2y / layer.kernel_size**2, cache))  # 1/k² each, squared


@curvature.register(ReLU)
@curvature.register(Tanh)
@curvature.register(Sigmoid)
@curvature.register(ScaledTanh)
@curvature.register(Dropout)
def _elementwise(layer: ReLU | Tanh | Sigmoid | ScaledTanh | Dropout, d2y: Array, cache: Cache) -> Curvature:
    # the backward multiplies by the first derivative; twice, by its square
    once, _ = _with_input(*layer.backward(d2y, cache))
    return _with_input(*layer.backward(once, cache))


@curvature.register
def _(layer: RadialBasis, d2y: Array, cache: Cache) -> Curvature:
    # The loss is close to the squared distance to the right code: its second derivative is 2 per
    # feature. That one is no product of first derivatives, so d2y plays no part in it.
    return np.full_like(d2y, 2, shape=(layer.codes.shape[1], d2y.shape[1])) / d2y.shape[1], ()


def _with_input(d2x: Array | None, own: Sequence[Array]) -> Curvature:
    """What a backward returns; it was asked for the gradient of its input."""
    assert d2x is not None
    return d2x, own
