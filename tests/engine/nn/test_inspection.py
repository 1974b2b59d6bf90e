"""A look into a network: each layer by name, kind, shape and parameters."""

import numpy as np

from engine import build_network
from engine.nn.inspection import LayerFacts, layers_of


def test_the_layers_are_listed_in_the_order_of_the_computation():
    network = build_network("lenet5", rng=np.random.default_rng(0))
    found = layers_of(network)
    assert [layer.name for layer in found] == list(network.layers)
    assert found[:2] == [
        LayerFacts("c1", "Conv2D", (6, 24, 24), 156),
        LayerFacts("s2", "MaxPool2D", (6, 12, 12), 0),
    ]
    assert sum(layer.parameter_count for layer in found) == network.parameter_count == 44_426
