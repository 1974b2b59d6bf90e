"""A network in which some maps are switched off: what would it read without them?

Nothing is changed or copied: the network that comes out shares its layers with the one that came.
"""

from collections.abc import Collection, Mapping, Sequence

from engine.errors import ShapeError
from engine.nn.box import Box, Shape
from engine.nn.functional import Array, Cache
from engine.nn.layers import Buffer, Layer, Parameter, Training
from engine.nn.network import Network

Off = Mapping[str, Collection[int]]  # layer name -> the maps, or features, of its output that are off


class Silenced:
    """A layer some of whose maps give 0 everywhere, whatever it reads."""

    def __init__(self, layer: Layer, maps: Collection[int]) -> None:
        self.layer = layer
        self.maps = sorted(maps)
        self.draws, self.needs_whole_batch = layer.draws, layer.needs_whole_batch

    @property
    def parameters(self) -> Sequence[Parameter]:
        return self.layer.parameters

    @property
    def buffers(self) -> Sequence[Buffer]:
        return self.layer.buffers

    def output_shape(self, input_shape: Shape) -> Shape:
        shape = self.layer.output_shape(input_shape)
        if self.maps and not 0 <= self.maps[0] <= self.maps[-1] < shape[0]:
            raise ShapeError(f"There are maps 0 to {shape[0] - 1}, not all of {self.maps}.")
        return shape

    def forward(self, x: Array, training: Training | None = None) -> tuple[Array, Cache]:
        y, cache = self.layer.forward(x, training)
        return self._without(y), cache

    def backward(
        self, dy: Array, cache: Cache, *, needs_dx: bool = True
    ) -> tuple[Array | None, Sequence[Array]]:
        return self.layer.backward(self._without(dy), cache, needs_dx=needs_dx)

    def update_buffers(self, cache: Cache) -> None:
        self.layer.update_buffers(cache)

    def reach(self, box: Box, input_shape: Shape) -> Box:
        return self.layer.reach(box, input_shape)

    def _without(self, maps: Array) -> Array:
        kept = maps.copy()  # it may be a view of what another layer gave
        kept[self.maps] = 0
        return kept


def silenced(network: Network, off: Off) -> Network:
    """The network without some of its maps; ShapeError if it has no such layer or map."""
    for name in off:
        if name not in network.layers:
            raise ShapeError(f"{network.architecture} has no layer {name}, but {', '.join(network.layers)}.")
    return Network(
        [
            (name, Silenced(layer, off[name]) if off.get(name) else layer)
            for name, layer in network.layers.items()
        ],
        input_shape=network.input_shape,
        architecture=network.architecture,
        scaling=network.scaling,
    )
