"""A network told as a list of its layers, each by its kind and its sizes, without any of its numbers.

That is how a network is kept that no name in `architectures` stands for: one that came from elsewhere.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.errors import ConfigurationError
from engine.nn.box import Shape
from engine.nn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Flatten,
    Layer,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Sigmoid,
    Tanh,
)
from engine.nn.network import Network
from engine.quoting import quoted

IMPORTED = "imported"  # the architecture of such a network
MOST_LAYERS = 200
MOST_NUMBERS = (
    2**24
)  # of a layer's weight, or of its output for one image: a plan is not to ask for terabytes

Sizes = Mapping[str, int]


@dataclass(frozen=True)
class LayerPlan:
    """A layer's name, its class and what that is made with, as the class itself calls it."""

    name: str
    kind: str
    sizes: Sizes = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ConfigurationError(
                f"layers: {quoted(self.kind)} is no layer that is known here. Known are: {', '.join(KINDS)}."
            )
        expected = KINDS[self.kind].sizes
        if set(self.sizes) != set(expected):
            raise ConfigurationError(
                f"layers: {self.kind} is made with {', '.join(expected) or 'no sizes'}, "
                f"got {quoted(dict(self.sizes))}."
            )
        if not all(0 <= size <= MOST_NUMBERS for size in self.sizes.values()):
            raise ConfigurationError(f"layers: {self.kind} of {quoted(dict(self.sizes))} is too large.")

    @property
    def weights(self) -> int:
        """How many numbers its weight has."""
        factors = ("in_channels", "out_channels", "in_features", "out_features", "kernel_size", "kernel_size")
        return math.prod(self.sizes[factor] for factor in factors if factor in self.sizes)

    def built(self, *, rng: np.random.Generator) -> Layer:
        """The layer, with fresh random weights; ShapeError if its sizes make no sense."""
        return KINDS[self.kind].build(self.sizes, rng)


@dataclass(frozen=True)
class _Kind:
    layer: type
    sizes: tuple[str, ...]
    build: Callable[[Sizes, np.random.Generator], Layer]


def _conv(sizes: Sizes, rng: np.random.Generator) -> Layer:
    return Conv2D(
        sizes["in_channels"],
        sizes["out_channels"],
        sizes["kernel_size"],
        rng=rng,
        stride=sizes["stride"],
        padding=sizes["padding"],
        bias=bool(sizes["bias"]),
    )


def _dense(sizes: Sizes, rng: np.random.Generator) -> Layer:
    return Dense(sizes["in_features"], sizes["out_features"], rng=rng)


KINDS = {
    kind.layer.__name__: kind
    for kind in (
        _Kind(Conv2D, ("in_channels", "out_channels", "kernel_size", "stride", "padding", "bias"), _conv),
        _Kind(Dense, ("in_features", "out_features"), _dense),
        _Kind(BatchNorm, ("channels",), lambda sizes, rng: BatchNorm(**sizes)),
        _Kind(MaxPool2D, ("kernel_size", "stride", "padding"), lambda sizes, rng: MaxPool2D(**sizes)),
        _Kind(MeanPool2D, ("kernel_size", "stride"), lambda sizes, rng: MeanPool2D(**sizes)),
        _Kind(Flatten, (), lambda sizes, rng: Flatten()),
        _Kind(ReLU, (), lambda sizes, rng: ReLU()),
        _Kind(Tanh, (), lambda sizes, rng: Tanh()),
        _Kind(Sigmoid, (), lambda sizes, rng: Sigmoid()),
    )
}


def check_size(plans: Sequence[LayerPlan]) -> None:
    """ConfigurationError if their weights are too large, before any of them is made."""
    if (count := sum(plan.weights for plan in plans)) > MOST_NUMBERS:
        raise ConfigurationError(
            f"layers: {count:,} weights are more than the {MOST_NUMBERS:,} that are read."
        )


def plans_of(network: Network) -> tuple[LayerPlan, ...]:
    """The plans of a network that `planned_network` has made."""
    return tuple(
        LayerPlan(name, type(layer).__name__, _sizes(layer)) for name, layer in network.layers.items()
    )


def _sizes(layer: Layer) -> Sizes:
    names = KINDS[type(layer).__name__].sizes
    values = {name: getattr(layer, name) for name in names}
    return {name: int(value is not None) if name == "bias" else value for name, value in values.items()}


def planned_network(
    plans: Sequence[LayerPlan], input_shape: Shape, *, rng: np.random.Generator | None = None
) -> Network:
    """A network of these layers, with fresh random weights; ShapeError if they do not fit each other.

    Without an `rng` the weights are to be replaced.
    """
    if not 0 < len(plans) <= MOST_LAYERS:
        raise ConfigurationError(f"layers: 1 to {MOST_LAYERS} are read, got {len(plans):,}.")
    check_size(plans)
    rng = np.random.default_rng(0) if rng is None else rng
    layers = [(plan.name, plan.built(rng=rng)) for plan in plans]
    network = Network(layers, input_shape=input_shape, architecture=IMPORTED)
    for name, shape in network.shapes.items():
        if math.prod(shape) > MOST_NUMBERS:
            raise ConfigurationError(f"layers: the output of {quoted(name)}, {shape}, is too large.")
    return network
