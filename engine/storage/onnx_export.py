"""A saved network as an ONNX model, which other programs run: a drawing in, probabilities and evidence out.

    ink            (N, C, H, W) float32, ink 1.0 on paper 0.0, framed as MNIST is
    probabilities  (N, classes), of sum 1: input scaling and temperature are inside
    evidence       (N,), of any digit at all: below `least_evidence` of the model's metadata it is none

Operators of opset 13 in IR version 8, which every runtime of these years reads. The engine's home of onnx,
beside `onnx_import`; onnx is loaded only when a model is written or read.
"""

import json
from collections.abc import Sequence
from functools import singledispatchmethod
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from engine.nn.functional import TANH_GAIN, TANH_SLOPE
from engine.nn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
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
from engine.nn.network import Network
from engine.nn.scaling import InputScaling
from engine.plain_values import to_plain
from engine.reading.confidence import Confidence
from engine.storage.network_facts import NetworkFacts

OPSET, IR_VERSION = 13, 8
INPUT, PROBABILITIES, EVIDENCE = "ink", "probabilities", "evidence"
LEAST_EVIDENCE, REJECTION = "least_evidence", "rejection"  # of the metadata, where it tells a non-digit


def to_onnx(network: Network, facts: NetworkFacts) -> bytes:
    """The contents of an .onnx file."""
    graph = _Graph()
    x = graph.scaled(INPUT, network.scaling)
    for name, layer in network.layers.items():
        x = graph.layer(layer, x, name)
    graph.read(x, facts.confidence)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            network.architecture,
            [_value(INPUT, "N", *network.input_shape)],
            [_value(PROBABILITIES, "N", network.classes), _value(EVIDENCE, "N")],
            graph.arrays,
        ),
        producer_name="LeNet Canvas",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(model, _metadata(facts))
    checker.check_model(model, full_check=True)
    return _bytes(model)


def _bytes(model: ModelProto) -> bytes:
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _value(name: str, *shape: int | str) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _metadata(facts: NetworkFacts) -> dict[str, str]:
    """What a program needs beside the graph, or a person likes to know; all of it texts, as ONNX asks."""
    told = {"architecture": facts.architecture, "input": json.dumps(to_plain(facts.input))}
    if facts.test is not None:
        told["test"] = json.dumps(to_plain(facts.test))
    if (rejection := facts.confidence.rejection) is not None:
        told[LEAST_EVIDENCE] = repr(rejection.least_evidence)
        told[REJECTION] = json.dumps(to_plain(rejection))
    return told


class _Graph:
    """Nodes and arrays, as they come to be; each method takes the name of its input and returns another."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.arrays: list[TensorProto] = []

    def array(self, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        self.arrays.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def scaled(self, x: str, scaling: InputScaling) -> str:
        """As `InputScaling` does it, without what it leaves out."""
        if scaling.threshold > 0:
            threshold, paper = self.array("threshold", scaling.threshold), self.array("paper", 0)
            is_faint = self.node("Less", [x, threshold], "is_faint")
            x = self.node("Where", [is_faint, paper, x], "ink_above_threshold")
        if (scaling.mean, scaling.deviation) != (0, 1):
            x = self.node("Sub", [x, self.array("mean", scaling.mean)], "centred")
            x = self.node("Div", [x, self.array("deviation", scaling.deviation)], "scaled")
        return x

    def read(self, logits: str, confidence: Confidence) -> None:
        """From logits to the two outputs, as `Confidence.probabilities` and `rejection.evidence` do it."""
        tempered = self.node("Div", [logits, self.array("temperature", confidence.temperature)], "tempered")
        self.node("Softmax", [tempered], PROBABILITIES, axis=1)
        largest = self.node("ReduceMax", [logits], "largest", axes=[1], keepdims=1)
        below = self.node("Sub", [logits, largest], "below_largest")
        exponentials = self.node("Exp", [below], "exponentials")
        classes = self.array("classes", [1], np.int64)
        sums = self.node("ReduceSum", [exponentials, classes], "sum_of_exponentials", keepdims=0)
        mean = self.node("ReduceMean", [below], "mean_below_largest", axes=[1], keepdims=0)
        self.node("Sub", [self.node("Log", [sums], "log_of_sum"), mean], EVIDENCE)

    # **** a layer in inference mode; `name` is the layer's, of its output and of its arrays ****

    @singledispatchmethod
    def layer(self, layer: Layer, x: str, name: str) -> str:
        raise NotImplementedError(f"no operator for a layer {type(layer).__name__}")

    @layer.register
    def _(self, layer: Conv2D, x: str, name: str) -> str:
        inputs = [x, self.array(f"{name}.weight", layer.dense_weight())]
        bias = layer.bias
        if bias is not None and layer.positions is None:
            inputs.append(self.array(f"{name}.bias", bias.value))
        window = {"strides": [layer.stride] * 2, "pads": [layer.padding] * 4}
        if bias is None or layer.positions is None:
            return self.node("Conv", inputs, name, **window)
        sums = self.node("Conv", inputs, f"{name}.sums", **window)
        return self.node("Add", [sums, self.array(f"{name}.bias", bias.value)], name)

    @layer.register
    def _(self, layer: Dense, x: str, name: str) -> str:
        weight = self.array(f"{name}.weight", layer.weight.value)
        return self.node("Gemm", [x, weight, self.array(f"{name}.bias", layer.bias.value)], name, transB=1)

    @layer.register
    def _(self, layer: MaxPool2D, x: str, name: str) -> str:
        return self.node(
            "MaxPool",
            [x],
            name,
            kernel_shape=[layer.kernel_size] * 2,
            strides=[layer.stride] * 2,
            pads=[layer.padding] * 4,
        )

    @layer.register
    def _(self, layer: MeanPool2D, x: str, name: str) -> str:
        kernel = [layer.kernel_size] * 2
        return self.node("AveragePool", [x], name, kernel_shape=kernel, strides=[layer.stride] * 2)

    @layer.register
    def _(self, layer: Subsample2D, x: str, name: str) -> str:
        k, C = layer.kernel_size, layer.channels  # a convolution of each map by itself, all weights its gain
        weight = self.array(
            f"{name}.gain", np.broadcast_to(layer.gain.value[:, None, None, None], (C, 1, k, k))
        )
        inputs = [x, weight, self.array(f"{name}.bias", layer.bias.value)]
        return self.node("Conv", inputs, name, group=C, strides=[k, k])

    @layer.register
    def _(self, layer: Pad2D, x: str, name: str) -> str:
        p = layer.padding
        pads = self.array(f"{name}.pads", [0, 0, p, p, 0, 0, p, p], np.int64)
        return self.node("Pad", [x, pads, self.array(f"{name}.value", layer.value)], name)

    @layer.register
    def _(self, layer: BatchNorm, x: str, name: str) -> str:
        kept = (layer.gain, layer.bias, layer.mean, layer.variance)
        arrays = [self.array(each.name, each.value) for each in kept]
        return self.node("BatchNormalization", [x, *arrays], name, epsilon=layer.EPSILON)

    @layer.register
    def _(self, layer: Dropout, x: str, name: str) -> str:
        return x

    @layer.register
    def _(self, layer: RadialBasis, x: str, name: str) -> str:
        place = self.array(f"{name}.place", [1], np.int64)
        across = self.node("Unsqueeze", [x, place], f"{name}.across")  # (N, 1, F) beside (classes, F)
        away = self.node("Sub", [across, self.array(f"{name}.codes", layer.codes)], f"{name}.away")
        square = self.node("Mul", [away, away], f"{name}.square")
        features = self.array(f"{name}.features", [2], np.int64)
        distance = self.node("ReduceSum", [square, features], f"{name}.distance", keepdims=0)
        return self.node("Neg", [distance], name)

    @layer.register
    def _(self, layer: Flatten, x: str, name: str) -> str:
        return self.node("Flatten", [x], name, axis=1)

    @layer.register
    def _(self, layer: ReLU, x: str, name: str) -> str:
        return self.node("Relu", [x], name)

    @layer.register
    def _(self, layer: Tanh, x: str, name: str) -> str:
        return self.node("Tanh", [x], name)

    @layer.register
    def _(self, layer: Sigmoid, x: str, name: str) -> str:
        return self.node("Sigmoid", [x], name)

    @layer.register
    def _(self, layer: ScaledTanh, x: str, name: str) -> str:
        inner = self.node("Mul", [x, self.array(f"{name}.slope", TANH_SLOPE)], f"{name}.inner")
        tanh = self.node("Tanh", [inner], f"{name}.tanh")
        return self.node("Mul", [tanh, self.array(f"{name}.gain", TANH_GAIN)], name)
