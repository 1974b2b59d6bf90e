"""A network out of the ONNX model that this program made of it: the very network, whatever its layers are.

What a model's metadata says of itself is not believed but tried: the network that it names gets the arrays
of the model and is exported again. Where that gives the same graph, it is what the model computes.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, load_model_from_string, numpy_helper

from engine.nn.layers import Conv2D, Subsample2D
from engine.nn.network import Network
from engine.plain_values import from_plain
from engine.reading.confidence import Confidence
from engine.storage.network_facts import InputFacts, NetworkFacts
from engine.storage.onnx_export import ARCHITECTURE, PRODUCER, TOLD_INPUT, metadata_of, rejection_of, to_onnx


def own_network(model: ModelProto) -> tuple[Network, Confidence] | None:
    """The network, and how its logits are to be read; None if the model is no network of this program."""
    told = metadata_of(model)
    if model.producer_name != PRODUCER or any(name not in told for name in (ARCHITECTURE, TOLD_INPUT)):
        return None
    try:
        read = from_plain(InputFacts, json.loads(told[TOLD_INPUT]))
        facts = NetworkFacts(told[ARCHITECTURE], 0, read)
        network = facts.built()
        arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        network.load_state(_state(network, arrays))
        confidence = Confidence(float(arrays["temperature"]), rejection_of(model))
        again = load_model_from_string(to_onnx(network, NetworkFacts.of(network, confidence)))
    except Exception:  # whatever is wrong with it, it is read as any other model, which says what
        return None
    return (network, confidence) if again.graph == model.graph else None


def _state(network: Network, arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[np.float32]]:
    """The network's own arrays, of those that `onnx_graph` made of them."""
    state = {}
    for name in network.state():
        layer = network.layers[name.rpartition(".")[0]]
        array = arrays[name]
        if isinstance(layer, Conv2D) and name.endswith(".weight"):
            array = layer.own_weight(array)
        elif isinstance(layer, Subsample2D) and name.endswith(".gain"):
            array = array[:, 0, 0, 0]
        if not np.isfinite(array).all():
            raise ValueError(f"{name} has numbers that are not finite")
        state[name] = array
    return state
