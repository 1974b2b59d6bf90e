"""A network out of an ONNX model: a chain of known layers, from images to ten numbers, as this engine has it.

A model that this program wrote is known again by `onnx_own`. The graph of any other is walked from its input
to its first output. What is constant is kept as it is; what depends on the images must be one chain, each of
whose operators is a layer, or moves numbers without changing them. Nothing is run, and nothing but the bytes
of the model is read: weights that lie elsewhere are refused.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import (
    AttributeProto,
    GraphProto,
    NodeProto,
    TensorProto,
    helper,
    load_model_from_string,
    numpy_helper,
)

from engine.errors import EngineError, Remedy, SavedNetworkError
from engine.nn.box import Shape
from engine.nn.functional import Array
from engine.nn.layer_plans import MOST_NUMBERS, LayerPlan, check_size, planned_network
from engine.nn.layers import BatchNorm
from engine.nn.network import Network
from engine.nn.scaling import LARGEST, SMALLEST, InputScaling
from engine.quoting import quoted, reason, shown
from engine.reading.confidence import Confidence
from engine.storage.lenet_file import SUFFIX as LENET
from engine.storage.onnx_export import LESSONS, MEMBERS, metadata_of, rejection_of
from engine.storage.onnx_own import own_network

Numbers = npt.NDArray[Any]

BATCH = (
    10_007  # stands for "so many images" in the arithmetic of shapes: a prime, which no size of a layer is
)
MOST_NODES = 2000
MOST_SHAPE = 64  # numbers of a shape that is computed
MOST_TURNED = 2**18  # numbers of an image whose order is followed
LONGEST_REASON = 400  # characters: all operators that are known
DIGITS = 10
FLOATS = (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16)


class _Refused(Exception):
    """A node that cannot be read here, and why."""


def read_onnx(path: Path, content: bytes) -> tuple[Network, Confidence, bool]:
    """The network of a model, how its numbers are to be read, and whether the model scales its input itself.

    Raises
    ------
    SavedNetworkError
        If it is no ONNX model, keeps its weights elsewhere, or has a node that is no known layer, by name.
    """
    name = shown(str(path))
    try:
        model = load_model_from_string(content)
    except Exception as error:  # protobuf's own, of many kinds
        raise SavedNetworkError(
            "{path} is no ONNX model: {reason}.", remedy=Remedy.COPY, path=name, reason=reason(error)
        ) from error
    graph = model.graph
    if not graph.node or not graph.input or not graph.output:
        raise SavedNetworkError("{path} is no ONNX model: it has no graph.", remedy=Remedy.COPY, path=name)
    _check_contents(name, graph)
    if (ours := own_network(model)) is not None:
        return *ours, True
    if {LESSONS, MEMBERS} & metadata_of(model).keys():
        raise SavedNetworkError(
            "{path} holds several networks, or what one was taught, for other programs to run. Open what it "
            "was made of, or have that exported as a {lenet} file, which opens here as it was.",
            path=name,
            lenet=LENET,
        )
    try:
        chain = _Chain(graph)
    except (_Refused, ValueError) as error:
        raise _no_network(name, error) from error
    for node in _towards(graph):
        try:
            chain.take(node)
        except (_Refused, EngineError, ValueError, LookupError, TypeError, ArithmeticError) as error:
            raise SavedNetworkError(
                "{path} has the node {node}, {kind}, which cannot be read here: {reason}.",
                path=name,
                node=quoted(node.name or node.output[0]),
                kind=quoted(node.op_type),
                reason=reason(error, LONGEST_REASON),
            ) from error
    try:
        network, confidence = chain.network()
        rejection = rejection_of(model)
    except (_Refused, EngineError, ValueError) as error:
        raise _no_network(name, error) from error
    return network, replace(confidence, rejection=rejection), chain.scales


def _no_network(name: str, error: Exception) -> SavedNetworkError:
    return SavedNetworkError(
        "{path} is no network that reads digits: {reason}.", path=name, reason=reason(error)
    )


def _check_contents(name: str, graph: GraphProto) -> None:
    for tensor in graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
            raise SavedNetworkError(
                "{path} keeps its weights in another file, which is not read. Save the model as one file: in "
                "PyTorch with external_data=False.",
                path=name,
            )
    if graph.sparse_initializer or len(graph.node) > MOST_NODES:
        raise SavedNetworkError(
            "{path} has sparse weights, or more than {most:,} nodes; such models are not read.",
            path=name,
            most=MOST_NODES,
        )


def _towards(graph: GraphProto) -> Sequence[NodeProto]:
    """The nodes that the first output of numbers depends on, in their order; a class is no such output."""
    outputs = [each.name for each in graph.output if each.type.tensor_type.elem_type in (0, *FLOATS)]
    needed = {outputs[0] if outputs else graph.output[0].name}
    found = []
    for node in reversed(graph.node):
        if needed & set(node.output):
            found.append(node)
            needed |= set(node.input)
    return found[::-1]


class _Chain:
    """The layers so far, and what flows out of them."""

    def __init__(self, graph: GraphProto) -> None:
        self.constants: dict[str, Numbers] = {}
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        inputs = [value for value in graph.input if value.name not in self._tensors]
        if not inputs:
            raise _Refused("it has no input")
        source = inputs[0]
        self._flow = source.name
        sizes = [each.dim_value for each in source.type.tensor_type.shape.dim]
        self._fixed = sizes[0] if sizes else 0  # the number of images, where the model is for so many alone
        self.shape: Shape = (BATCH, *sizes[1:])  # as the graph has it
        # Of an image's numbers as they lie in the graph, which of the layers' each is; None: they lie alike.
        self._order: Numbers | None = None
        self._shapes = {source.name: self.shape}  # of all that has flowed by
        self.input_shape = self.own = _image_shape(sizes)  # as the layers have it
        self.plans: list[LayerPlan] = []
        self.arrays: dict[str, Numbers] = {}
        self.scales = False
        self._factor: Numbers = np.ones(())  # what the input has been multiplied by, then what was added
        self._summand: Numbers = np.zeros(())
        self._temperature = 1.0
        self._is_over = False

    # **** a node ****

    def take(self, node: NodeProto) -> None:
        if node.domain not in ("", "ai.onnx"):
            raise _Refused(f"it is an operator of {quoted(node.domain)}, of which nothing is known here")
        attributes = {each.name: _attribute(each) for each in node.attribute}
        flowing = [name for name in node.input if not self.is_constant(name)]
        if not flowing:
            self.constants[node.output[0]] = self._folded(node, attributes)
        elif node.op_type == "Shape" and flowing[0] in self._shapes:
            self.constants[node.output[0]] = np.array([self._fixed or BATCH, *self._shapes[flowing[0]][1:]])
        elif flowing != [self._flow]:
            raise _Refused("the network is no chain: it reads more than the layer before it")
        elif node.op_type not in OPERATORS:
            raise _Refused(f"known are {', '.join(sorted(OPERATORS))}")
        elif self._is_over and node.op_type not in PASSING:
            raise _Refused("it stands behind the probabilities")
        else:
            OPERATORS[node.op_type](self, node, attributes)
            self._flow = node.output[0]
            self._shapes[self._flow] = self.shape

    def is_constant(self, name: str) -> bool:
        return not name or name in self.constants or name in self._tensors

    def constant(self, name: str) -> Numbers:
        if name not in self.constants:
            self.constants[name] = _array(self._tensors[name])
        return self.constants[name]

    def weights(self, name: str) -> Array:
        """A constant as float32, finite."""
        given = self.constant(name)
        if given.dtype.kind in "bcOSU":
            raise _Refused(f"it computes with {given.dtype}")
        with np.errstate(over="ignore"):
            values = given.astype(np.float32)
        if not np.isfinite(values).all():
            raise _Refused("it has numbers that are not finite")
        return values

    def _folded(self, node: NodeProto, attributes: Mapping[str, Any]) -> Numbers:
        """What is made of constants alone: the constants themselves, and the arithmetic of shapes."""
        if node.op_type == "Constant":
            (value,) = attributes.values()
            return np.asarray(value)
        given = [self.constant(name) for name in node.input if name]
        if node.op_type == "Identity":
            return given[0]
        if node.op_type == "Transpose":
            return np.transpose(given[0], attributes.get("perm"))
        if node.op_type not in FOLDED or any(each.size > MOST_SHAPE for each in given):
            raise _Refused("it computes with constants what is not computed here")
        return FOLDED[node.op_type](given, attributes)

    # **** layers ****

    def add(self, kind: str, arrays: Mapping[str, Numbers] | None = None, **sizes: int) -> None:
        """Another layer, whose place in the chain is checked at once."""
        if self._temperature != 1:
            raise _Refused("logits were divided before it")
        if not self.plans:
            self._settle_input()
        self._append(kind, arrays or {}, sizes)

    def _append(self, kind: str, arrays: Mapping[str, Numbers], sizes: Mapping[str, int]) -> None:
        number = 1 + sum(plan.kind == kind for plan in self.plans)
        plan = LayerPlan(f"{NAMES[kind]}{number}", kind, sizes)
        check_size([*self.plans, plan])
        self.own = plan.built(rng=np.random.default_rng(0)).output_shape(self.own)
        self.plans.append(plan)
        self.arrays |= {f"{plan.name}.{name}": array for name, array in arrays.items()}

    def put(self, kind: str, arrays: Mapping[str, Numbers] | None = None, **sizes: int) -> None:
        """A layer that reads maps, or changes each number alone."""
        if self.shape[1:] != self.own:
            raise _Refused(f"it reads {self.shape[1:]}, where the layer before it gives {self.own}")
        self._check_order()
        self.add(kind, arrays, **sizes)
        self.shape = BATCH, *self.own

    def dense(self, weight: Array, bias: Array) -> None:
        """weight (out, in), bias (out,)."""
        if len(self.shape) != 2:
            raise _Refused(f"it reads {self.shape[1:]}, which is no list of features")
        self.flatten()
        features_out, features_in = weight.shape
        if self._order is not None and self._order.size == features_in:
            weight, self._order = weight[:, np.argsort(self._order, axis=None)], None
        self._check_order()
        self.add(
            "Dense", {"weight": weight, "bias": bias}, in_features=features_in, out_features=features_out
        )
        self.shape = BATCH, *self.own

    def flatten(self) -> None:
        if len(self.own) == 3 and len(self.shape) == 2:
            self.add("Flatten")

    def elementwise(self, kind: str) -> None:
        """It commutes with every change of the shape, so the layer stands where the maps are."""
        self.add(kind)

    # **** what is done to numbers one by one, with constants ****

    def affine(self, factor: Numbers, summand: Numbers) -> None:
        """x * factor + summand: scaling of the input, a bias, or the temperature of the logits."""
        if not self.plans:
            factor, summand = self._per_channel(factor), self._per_channel(summand)
            self._factor = factor * self._factor
            self._summand = factor * self._summand + summand
            self.scales = True
        elif (factor == 1).all():
            self._add_bias(summand)
        elif len(self.own) == 1 and factor.size == 1 and not summand.any() and float(factor.flat[0]) > 0:
            self._temperature /= float(factor.flat[0])
        else:
            raise _Refused("numbers are scaled in the middle of the network")

    def _add_bias(self, summand: Numbers) -> None:
        last = self.plans[-1]
        name = f"{last.name}.bias"
        if last.kind not in ("Conv2D", "Dense") or self.shape[1:] != self.own or self._temperature != 1:
            raise _Refused("numbers are added behind a layer that has no bias")
        self._check_order()
        ones = (1,) * (len(self.own) - 1)
        bias = np.broadcast_to(summand, (1, self.own[0], *ones)).reshape(self.own[0])
        if last.kind == "Conv2D" and not last.sizes["bias"]:
            self.plans[-1] = replace(last, sizes={**last.sizes, "bias": 1})
            self.arrays[name] = bias.astype(np.float32)
        else:
            self.arrays[name] = (self.arrays[name] + bias).astype(np.float32)

    def _settle_input(self) -> None:
        """Where scaling differs by channel, or turns ink over, a normalisation takes its place."""
        if self.scaling() is None:
            both = (self._factor, self._summand)
            gain, bias = (np.broadcast_to(each, self.own[:1]).astype(np.float32) for each in both)
            unit = np.full(self.own[0], 1 - BatchNorm.EPSILON, np.float32)  # so that it divides by 1
            arrays = {"gain": gain, "bias": bias, "mean": np.zeros_like(unit), "variance": unit}
            self._append("BatchNorm", arrays, {"channels": self.own[0]})

    def scaling(self) -> InputScaling | None:
        """That of the input, if one number each tells it."""
        a, b = np.unique(self._factor), np.unique(self._summand)
        if a.size != 1 or b.size != 1 or not 1 / LARGEST <= float(a[0]) <= 1 / SMALLEST:
            return None
        mean = -float(b[0] / a[0])
        return InputScaling(mean=mean + 0.0, deviation=1 / float(a[0])) if abs(mean) <= LARGEST else None

    def _per_channel(self, values: Numbers) -> Numbers:
        """(C,) or one number, of what broadcasts over (N, C, H, W)."""
        if values.size == 1:
            return values.reshape(())
        self._check_order()
        if values.shape not in ((self.own[0], 1, 1), (1, self.own[0], 1, 1)):
            raise _Refused(f"the input is scaled by an array of shape {values.shape}")
        return values.reshape(-1)

    # **** the shape ****

    def reshape(self, target: Sequence[int]) -> None:
        """Only how the numbers of an image are laid out changes, not their order."""
        sizes = [self.shape[place] if size == 0 else int(size) for place, size in enumerate(target)]
        if sizes and sizes[0] == self._fixed:
            sizes[0] = BATCH
        total = BATCH * math.prod(self.own)
        if sizes.count(-1) == 1:
            rest = math.prod(size for size in sizes if size != -1)
            sizes[sizes.index(-1)] = total // rest if rest else 0
        if not sizes or sizes[0] != BATCH or math.prod(sizes) != total or min(sizes) < 1:
            raise _Refused(f"it makes the shape {tuple(target)} of {self.shape[1:]} for each image")
        self.shape = tuple(sizes)
        if self._order is not None:
            self._order = self._order.reshape(sizes[1:])

    def transpose(self, axes: Sequence[int]) -> None:
        """As TensorFlow's maps, whose channels come last, are turned; dense layers may read them so."""
        if sorted(axes) != list(range(len(self.shape))) or axes[0] != 0:
            raise _Refused(f"it puts the axes in the order {tuple(axes)}")
        if math.prod(self.own) > MOST_TURNED:
            raise _Refused(f"it turns maps as large as {self.own}")
        own = np.arange(math.prod(self.own))
        order = own.reshape(self.shape[1:]) if self._order is None else self._order
        order = order.transpose([axis - 1 for axis in axes[1:]])
        self._order = None if (order.reshape(-1) == own).all() else order
        self.shape = BATCH, *order.shape

    def _check_order(self) -> None:
        if self._order is not None:
            raise _Refused("its input was transposed, and not back")

    # **** the end ****

    def end(self) -> None:
        """The probabilities: what they are made of are the logits."""
        self.flatten()
        self._check_order()
        if len(self.own) != 1:
            raise _Refused(f"its input is {self.own}, which is no list of logits")
        self._is_over = True

    def network(self) -> tuple[Network, Confidence]:
        if self.plans and self.plans[-1].kind == "Sigmoid" and not self._is_over:
            self.plans.pop()  # it says of each digit alone what the softmax of the same logits says of all
        self.flatten()
        self._check_order()
        if not self.plans or self.own != (DIGITS,):
            raise _Refused(f"it gives {self.own} for an image, not ten numbers, one for each digit")
        network = planned_network(self.plans, self.input_shape)
        network.scaling = self.scaling() or InputScaling()
        network.load_state(self.arrays)
        return network, Confidence(temperature=self._temperature)


def _image_shape(sizes: Sequence[int]) -> Shape:
    """(C, H, W) of the input's sizes, the number of images first."""
    match sizes:
        case [_, height, width, 1] if min(height, width) > 1:  # as TensorFlow has it
            shape: Shape = 1, height, width
        case [_, channels, height, width] if min(channels, height, width) > 0:
            shape = channels, height, width
        case [_, height, width] if min(height, width) > 0:
            shape = 1, height, width
        case [_, pixels] if pixels > 0 and math.isqrt(pixels) ** 2 == pixels:
            shape = 1, math.isqrt(pixels), math.isqrt(pixels)
        case _:
            raise _Refused(f"its input has the shape {tuple(sizes)}; (N, 1, 28, 28) is expected")
    if math.prod(shape) > MOST_NUMBERS:
        raise _Refused(f"its input is as large as {shape}")
    return shape


def _array(tensor: TensorProto) -> Numbers:
    return numpy_helper.to_array(tensor)


def _attribute(attribute: AttributeProto) -> Any:
    if attribute.type == AttributeProto.TENSOR:
        if attribute.t.data_location == TensorProto.EXTERNAL or attribute.t.external_data:
            raise _Refused("it keeps its numbers in another file")
        return _array(attribute.t)
    if attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS):
        raise _Refused("it has a graph of its own")
    value = helper.get_attribute_value(attribute)
    return value.decode() if isinstance(value, bytes) else value


# **** operators ****

Attributes = Mapping[str, Any]


def _window(attributes: Attributes, kernel: Sequence[int]) -> dict[str, int]:
    """kernel_size, stride and padding; windows here are square and padded alike on all sides."""
    size = kernel[0]
    strides = attributes.get("strides", [1, 1])
    pads = attributes.get("pads", [0, 0, 0, 0])
    match attributes.get("auto_pad", "NOTSET"):
        case "SAME_UPPER" | "SAME_LOWER" if size % 2 and set(strides) == {1}:
            pads = [size // 2] * 4
        case "NOTSET" | "VALID":
            pass
        case other:
            raise _Refused(f"its padding is {other}")
    if len(kernel) != 2 or len({*kernel}) != 1 or len({*strides}) != 1 or len({*pads}) != 1:
        raise _Refused("its window is not square, or is not padded alike on all sides")
    if set(attributes.get("dilations", [1])) != {1}:
        raise _Refused("its window has gaps")
    return {"kernel_size": size, "stride": strides[0], "padding": pads[0]}


def _conv(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    weight = chain.weights(node.input[1])
    if weight.ndim != 4:
        raise _Refused(f"its weight has the shape {weight.shape}")
    if (group := attributes.get("group", 1)) != 1:
        weight = _ungrouped(weight, group)
    window = _window(attributes, attributes.get("kernel_shape", weight.shape[2:]))
    arrays = {"weight": weight}
    if len(node.input) > 2 and node.input[2]:
        arrays["bias"] = chain.weights(node.input[2])
    K, C = weight.shape[:2]
    chain.put("Conv2D", arrays, in_channels=C, out_channels=K, bias=int("bias" in arrays), **window)


def _ungrouped(weight: Array, groups: int) -> Array:
    """(K, C, kh, kw) with zeros between the groups, of (K, C / groups, kh, kw)."""
    K, each = weight.shape[:2]
    if groups < 1 or K % groups or weight.size * groups > MOST_NUMBERS:
        raise _Refused(f"it has {groups} groups")
    whole = np.zeros((K, each * groups, *weight.shape[2:]), np.float32)
    for group, rows in enumerate(np.split(np.arange(K), groups)):
        whole[rows, group * each : (group + 1) * each] = weight[rows]
    return whole


def _batch_norm(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if attributes.get("training_mode", 0):
        raise _Refused("it is in training mode")
    gain, bias, mean, variance = (chain.weights(name) for name in node.input[1:5])
    # another epsilon is part of the variance, to which it is added anyway
    variance = variance + (np.float64(attributes.get("epsilon", 1e-5)) - BatchNorm.EPSILON)
    if not (variance + BatchNorm.EPSILON > 0).all():
        raise _Refused("its variance is below zero")
    variance = variance.astype(np.float32)
    if len(chain.shape) == 2:
        chain.flatten()
    arrays = {"gain": gain, "bias": bias, "mean": mean, "variance": variance}
    chain.put("BatchNorm", arrays, channels=len(gain))


def _pool(kind: str) -> "Operator":
    def take(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
        window = _window(attributes, attributes["kernel_shape"])
        if kind == "MeanPool2D" and window.pop("padding"):
            raise _Refused("it averages over padding")
        if attributes.get("ceil_mode", 0):
            size, stride, padding = window["kernel_size"], window["stride"], window.get("padding", 0)
            if any((side + 2 * padding - size) % stride for side in chain.shape[2:]):
                raise _Refused("its last windows reach beyond the maps")
        if len(node.output) > 1 and node.output[1]:
            raise _Refused("it also tells where the largest are")
        chain.put(kind, {}, **window)

    return take


def _global_mean(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if len(chain.own) != 3 or chain.own[1] != chain.own[2]:
        raise _Refused(f"the maps that it averages, {chain.own}, are not square")
    chain.put("MeanPool2D", kernel_size=chain.own[1], stride=1)


def _mean(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if len(chain.shape) != 4 or sorted(_axes(chain, node, attributes, 4) or ()) != [2, 3]:
        raise _Refused("it averages over something else than whole maps")
    _global_mean(chain, node, attributes)
    if not attributes.get("keepdims", 1):
        chain.reshape([BATCH, -1])


def _gemm(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if attributes.get("transA", 0):
        raise _Refused("it turns its input")
    weight = chain.weights(node.input[1])
    weight = weight if attributes.get("transB", 0) else weight.T
    bias = chain.weights(node.input[2]) if len(node.input) > 2 and node.input[2] else np.zeros(1, np.float32)
    alpha, beta = np.float32(attributes.get("alpha", 1)), np.float32(attributes.get("beta", 1))
    chain.dense(alpha * weight, beta * np.broadcast_to(bias, (1, len(weight)))[0])


def _matmul(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    weight = chain.weights(node.input[1])
    if weight.ndim != 2:
        raise _Refused(f"its weight has the shape {weight.shape}")
    chain.dense(weight.T, np.zeros(weight.shape[1], np.float32))


def _arithmetic(kind: str) -> "Operator":
    def take(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
        constant_first = chain.is_constant(node.input[0])
        c = chain.weights(node.input[0 if constant_first else 1]).astype(np.float64)
        one, zero = np.ones(()), np.zeros(())
        match kind, constant_first:
            case "Add", _:
                chain.affine(one, c)
            case "Mul", _:
                chain.affine(c, zero)
            case "Sub", False:
                chain.affine(one, -c)
            case "Sub", True:
                chain.affine(-one, c)
            case "Div", False if c.all():
                chain.affine(1 / c, zero)
            case _:
                raise _Refused("it divides by the image, or by zero")

    return take


def _reshape(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if attributes.get("allowzero", 0) and not chain.constant(node.input[1]).all():
        raise _Refused("it makes an empty array")
    chain.reshape(chain.constant(node.input[1]).reshape(-1).tolist())


def _flatten(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if attributes.get("axis", 1) not in (1, 1 - len(chain.shape)):
        raise _Refused("it does not leave the images apart")
    chain.reshape([BATCH, -1])


def _squeeze(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    axes = _axes(chain, node, attributes, len(chain.shape))
    if axes is None or any(chain.shape[axis] != 1 for axis in axes):
        raise _Refused("it leaves out what is not named, or not single")
    chain.reshape([size for axis, size in enumerate(chain.shape) if axis not in axes])


def _unsqueeze(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    axes = _axes(chain, node, attributes, len(chain.shape) + 1) or ()
    sizes = list(chain.shape)
    for axis in sorted(axes):
        sizes.insert(axis, 1)
    chain.reshape(sizes)


def _axes(chain: _Chain, node: NodeProto, attributes: Attributes, rank: int) -> tuple[int, ...] | None:
    """From the attribute, where they were up to opset 12, or from the second input."""
    axes = attributes.get("axes")
    if len(node.input) > 1 and node.input[1]:
        axes = chain.constant(node.input[1]).reshape(-1).tolist()
    return None if axes is None else tuple(int(axis) % rank for axis in axes)


def _transpose(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    chain.transpose(attributes.get("perm", range(len(chain.shape))[::-1]))


def _softmax(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if attributes.get("axis", -1) not in (1, -1):
        raise _Refused("it does not go over the classes")
    chain.end()


def _same(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    """In inference it changes nothing."""


def _cast(chain: _Chain, node: NodeProto, attributes: Attributes) -> None:
    if attributes.get("to") not in FLOATS:
        raise _Refused("it makes whole numbers")


def _activation(kind: str) -> "Operator":
    return lambda chain, node, attributes: chain.elementwise(kind)


Operator = Callable[[_Chain, NodeProto, Attributes], None]

OPERATORS: Mapping[str, Operator] = {
    "Conv": _conv,
    "BatchNormalization": _batch_norm,
    "MaxPool": _pool("MaxPool2D"),
    "AveragePool": _pool("MeanPool2D"),
    "GlobalAveragePool": _global_mean,
    "ReduceMean": _mean,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Add": _arithmetic("Add"),
    "Sub": _arithmetic("Sub"),
    "Mul": _arithmetic("Mul"),
    "Div": _arithmetic("Div"),
    "Relu": _activation("ReLU"),
    "Tanh": _activation("Tanh"),
    "Sigmoid": _activation("Sigmoid"),
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Transpose": _transpose,
    "Softmax": _softmax,
    "LogSoftmax": _softmax,
    "Dropout": _same,
    "Identity": _same,
    "Cast": _cast,
}
PASSING = ("Identity", "Cast")
NAMES = {
    "Conv2D": "conv",
    "BatchNorm": "norm",
    "MaxPool2D": "pool",
    "MeanPool2D": "mean",
    "Dense": "dense",
    "Flatten": "flatten",
    "ReLU": "relu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
}


def _first_axes(given: Sequence[Numbers], attributes: Attributes) -> tuple[int, ...]:
    axes = given[1].reshape(-1).tolist() if len(given) > 1 else attributes.get("axes", [])
    return tuple(int(axis) for axis in axes)


Fold = Callable[[Sequence[Numbers], Attributes], Numbers]

FOLDED: Mapping[str, Fold] = {
    "Gather": lambda given, attributes: np.take(given[0], given[1], axis=attributes.get("axis", 0)),
    "Concat": lambda given, attributes: np.concatenate(given, axis=attributes["axis"]),
    "Unsqueeze": lambda given, attributes: np.expand_dims(given[0], _first_axes(given, attributes)),
    "Squeeze": lambda given, attributes: np.squeeze(given[0], _first_axes(given, attributes) or None),
    "Cast": lambda given, attributes: given[0],
    "Mul": lambda given, attributes: given[0] * given[1],
}
