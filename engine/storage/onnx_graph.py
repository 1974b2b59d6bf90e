"""A graph of ONNX's operators as it comes to be: what this engine's layers are made of there.

Each method of `Graph` takes the names of its inputs and returns that of its output.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import singledispatchmethod
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, helper, numpy_helper

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
from engine.nn.scaling import InputScaling
from engine.reading.confidence import Confidence


class Graph:
    """Nodes and arrays; what has no name of its own gets a number."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.arrays: list[TensorProto] = []
        self._prefix = ""

    @contextmanager
    def named(self, prefix: str) -> Iterator[None]:
        """All names of what comes in here begin with it."""
        before = self._prefix
        self._prefix += prefix
        yield
        self._prefix = before

    def array(self, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        name = self._prefix + name
        self.arrays.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def constant(self, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        return self.array(f"constant{len(self.arrays)}", value, dtype)

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        output = self._prefix + output
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def step(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """A node that no one asks for by its name."""
        return self.node(kind, inputs, f"{kind}{len(self.nodes)}", **attributes)

    def as_float(self, x: str) -> str:
        return self.step("Cast", x, to=TensorProto.FLOAT)

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

    def tempered(self, logits: str, confidence: Confidence) -> str:
        """Logits whose softmax are the probabilities."""
        return self.node("Div", [logits, self.array("temperature", confidence.temperature)], "tempered")

    def evidence(self, logits: str, *, axis: int = 1, keepdims: int = 0) -> str:
        """As `rejection.evidence` has it, of logits that lie along an axis."""
        below = self.step("Sub", logits, self.step("ReduceMax", logits, axes=[axis]))
        classes = self.constant([axis], np.int64)
        sums = self.step("ReduceSum", self.step("Exp", below), classes, keepdims=keepdims)
        mean = self.step("ReduceMean", below, axes=[axis], keepdims=keepdims)
        return self.step("Sub", self.step("Log", sums), mean)

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
