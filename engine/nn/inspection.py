"""A look into a network: of which layers it is made."""

from dataclasses import dataclass

from engine.nn.box import Shape
from engine.nn.network import Network


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
            type(layer).__name__,
            network.shapes[name],
            sum(parameter.value.size for parameter in layer.parameters),
        )
        for name, layer in network.layers.items()
    ]
