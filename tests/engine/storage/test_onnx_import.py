"""ONNX models of others: what is read computes what onnxruntime computes, and the rest is refused by name."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from engine import Confidence, build_network
from engine.errors import SavedNetworkError
from engine.nn.architectures import ARCHITECTURES
from engine.nn.scaling import InputScaling
from engine.storage.network_facts import NetworkFacts
from engine.storage.onnx_export import to_onnx
from engine.storage.onnx_import import read_onnx
from tests.engine.storage.onnx_models import REJECTION, as_of_another, unlike_fresh


class Model:
    """A small model: nodes by (kind, inputs, output, attributes), arrays by name."""

    def __init__(self, rng, shape=("N", 1, 8, 8), opset=17):
        self.rng, self.shape, self.opset = rng, shape, opset
        self.nodes, self.arrays, self.domains = [], {}, [helper.make_opsetid("", opset)]

    def random(self, name, *shape, least=-0.15):
        self.arrays[name] = self.rng.uniform(least, least + 0.3, shape).astype(np.float32)
        return name

    def array(self, name, values, dtype=np.int64):
        self.arrays[name] = np.asarray(values, dtype)
        return name

    def node(self, kind, *inputs, out, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [out], name=f"the_{out}", **attributes))
        return self

    def dense(self, into, features, out="z"):
        self.random(f"{out}w", 10, features)
        self.random(f"{out}b", 10)
        return self.node("Gemm", into, f"{out}w", f"{out}b", out=out, transB=1)

    def proto(self, output="p"):
        graph = helper.make_graph(
            self.nodes,
            "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
            [numpy_helper.from_array(array, name) for name, array in self.arrays.items()],
        )
        return helper.make_model(graph, opset_imports=self.domains, ir_version=8)

    def bytes(self, output="p"):
        return self.proto(output).SerializeToString()


def agrees(model, rng, images=5, is_log=False):
    """The network of a model gives what onnxruntime gives; returns it."""
    content = model.bytes() if isinstance(model, Model) else model
    network, confidence, scales = read_onnx_of(content)
    x = rng.uniform(0, 1, (images, *network.input_shape)).astype(np.float32)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    shape = [images, *session.get_inputs()[0].shape[1:]]
    given = x.reshape(shape)
    if isinstance(session.get_inputs()[0].shape[0], int):  # for one image alone
        theirs = np.concatenate([session.run(None, {"x": each[None]})[0] for each in given])
    else:
        theirs = session.run(None, {session.get_inputs()[0].name: given})[0]
    theirs = np.exp(theirs) if is_log else theirs
    assert confidence.probabilities(network.logits(x)) == pytest.approx(theirs, abs=1e-5)
    assert np.ptp(theirs, axis=0).max() > 1e-4
    return network, confidence, scales


def read_onnx_of(content):
    return read_onnx(Path("my.onnx"), content)


def refused(model, output="p"):
    with pytest.raises(SavedNetworkError) as caught:
        read_onnx_of(model.bytes(output) if isinstance(model, Model) else model)
    assert str(caught.value).startswith("my.onnx ")
    return str(caught.value)


def test_what_pytorchs_mnist_example_exports(rng):
    m = Model(rng, ("N", 1, 28, 28))
    window = {"strides": [1, 1], "pads": [0] * 4, "dilations": [1, 1], "group": 1, "kernel_shape": [3, 3]}
    m.node("Conv", "x", m.random("w1", 4, 1, 3, 3), m.random("b1", 4), out="c1", **window)
    m.node("Relu", "c1", out="r1")
    m.node("Conv", "r1", m.random("w2", 5, 4, 3, 3), m.random("b2", 5), out="c2", **window)
    m.node("Relu", "c2", out="r2")
    m.node("MaxPool", "r2", out="s2", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=0, storage_order=0)
    m.node("Dropout", "s2", out="d2")
    m.node("Flatten", "d2", out="f")
    m.node("Gemm", "f", m.random("w3", 7, 720, least=-0.1), m.random("b3", 7), out="h", transB=1, alpha=1.0)
    m.node("Relu", "h", out="r3").dense("r3", 7)
    m.node("LogSoftmax", "z", out="p", axis=1)
    network, confidence, scales = agrees(m, rng, is_log=True)
    assert list(network.layers) == [
        "conv1",
        "relu1",
        "conv2",
        "relu2",
        "pool1",
        "flatten1",
        "dense1",
        "relu3",
        "dense2",
    ]
    assert (confidence, scales) == (Confidence(), False)


@pytest.mark.parametrize(
    "name", ["lenet5", "best", "cnn-2", "cnn-3", "cnn-4", "mlp-relu", "mlp-tanh", "cifar10"]
)
def test_what_is_exported_here_is_a_chain_that_can_be_read(name, rng):
    network = unlike_fresh(build_network(name, rng=rng), rng)
    confidence = Confidence(temperature=1.7, rejection=REJECTION)
    content = to_onnx(network, NetworkFacts.of(network, confidence))
    read, found, _ = read_onnx_of(as_of_another(content))
    images = rng.uniform(0, 1, (3, *network.input_shape)).astype(np.float32)
    assert read.logits(images) == pytest.approx(network.logits(images), rel=1e-4, abs=1e-4)
    assert read.parameter_count == network.parameter_count
    assert (read.scaling.mean, read.scaling.deviation) == pytest.approx(
        (network.scaling.mean, network.scaling.deviation)
    )
    assert found.temperature == pytest.approx(1.7)
    assert found.rejection == REJECTION


@pytest.mark.parametrize("name", ["lenet5-1998", "lenet5-sigmoid", "lenet5-tanh", "cnn-3x3"])
def test_of_another_program_a_layer_of_its_own_kind_is_refused_by_its_name(name, rng):
    assert name in ARCHITECTURES
    network = build_network(name, rng=rng)
    node = {"lenet5-1998": "pad", "lenet5-sigmoid": "is_faint", "lenet5-tanh": "c1", "cnn-3x3": "c1"}[name]
    assert f"the node '{node}'" in refused(as_of_another(to_onnx(network, NetworkFacts.of(network))))


def conv_model(rng, weight, **attributes):
    m = Model(rng, ("N", 2, 8, 8))
    m.node("Conv", "x", m.random("w", *weight), out="c", **attributes)
    return m


@pytest.mark.parametrize(
    ("attributes", "side"),
    [
        ({"pads": [1, 1, 1, 1]}, 8),
        ({"strides": [2, 2]}, 3),
        ({"auto_pad": "SAME_UPPER"}, 8),
        ({"auto_pad": "VALID"}, 6),
    ],
)
def test_convolutions_with_padding_and_stride(rng, attributes, side):
    m = conv_model(rng, (3, 2, 3, 3), **attributes)
    m.node("Tanh", "c", out="t").node("Flatten", "t", out="f").dense("f", 3 * side * side)
    agrees(m.node("Softmax", "z", out="p"), rng)


def test_a_convolution_by_groups(rng):
    m = conv_model(rng, (4, 1, 3, 3), group=2)
    m.node("Sigmoid", "c", out="t").node("Flatten", "t", out="f").dense("f", 144)
    network, *_ = agrees(m.node("Softmax", "z", out="p"), rng)
    assert network.state()["conv1.weight"].shape == (4, 2, 3, 3)
    assert not network.state()["conv1.weight"][:2, 1].any()


def test_batch_normalisation_with_an_epsilon_of_its_own(rng):
    m = conv_model(rng, (3, 2, 3, 3))
    m.random("g", 3), m.random("b", 3), m.random("m", 3), m.random("v", 3, least=0.001)
    m.node("BatchNormalization", "c", "g", "b", "m", "v", out="n", epsilon=0.03)
    m.node("Flatten", "n", out="f").dense("f", 108)
    agrees(m.node("Softmax", "z", out="p"), rng)


def test_means_and_a_global_mean(rng):
    m = conv_model(rng, (10, 2, 3, 3))
    m.node("AveragePool", "c", out="a", kernel_shape=[2, 2], strides=[1, 1])
    m.node("GlobalAveragePool", "a", out="g")
    m.node("Squeeze", "g", m.array("axes", [2, 3]), out="z")
    network, *_ = agrees(m.node("Softmax", "z", out="p"), rng)
    assert list(network.layers) == ["conv1", "mean1", "mean2", "flatten1"]


def test_products_and_sums_are_a_dense_layer_and_a_convolutions_bias(rng):
    m = conv_model(rng, (3, 2, 3, 3))
    m.node("Add", "c", m.random("cb", 1, 3, 1, 1), out="cc").node("Relu", "cc", out="r")
    m.node("Reshape", "r", m.array("flat", [-1, 108]), out="f")
    m.node("MatMul", "f", m.random("w2", 108, 10), out="y").node("Add", "y", m.random("b2", 10), out="z")
    network, *_ = agrees(m.node("Softmax", "z", out="p"), rng)
    assert list(network.layers) == ["conv1", "relu1", "flatten1", "dense1"]


def test_a_gemm_that_is_not_turned_and_scales(rng):
    m = Model(rng).node("Flatten", "x", out="f")
    m.node("Gemm", "f", m.random("w", 64, 10), m.random("b", 1, 10), out="z", alpha=0.5, beta=2.0)
    agrees(m.node("Softmax", "z", out="p"), rng)


def test_a_shape_that_is_computed(rng):
    """As PyTorch writes x.view(x.size(0), -1) where the number of images is open."""
    m = conv_model(rng, (3, 2, 3, 3))
    m.node("Shape", "c", out="shape").node("Gather", "shape", m.array("0", 0), out="n", axis=0)
    m.node("Unsqueeze", "n", m.array("axis", [0]), out="n1")
    m.nodes.append(helper.make_node("Constant", [], ["rest"], value=numpy_helper.from_array(np.array([-1]))))
    m.node("Concat", "n1", "rest", out="target", axis=0).node("Reshape", "c", "target", out="f")
    agrees(m.dense("f", 108).node("Softmax", "z", out="p"), rng)


def test_a_model_for_one_image_alone(rng):
    m = Model(rng, (1, 1, 8, 8))
    m.node("Reshape", "x", m.array("flat", [1, 64]), out="f").dense("f", 64)
    agrees(m.node("Softmax", "z", out="p"), rng)


@pytest.mark.parametrize("shape", [("N", 64), ("N", 8, 8)])
def test_images_without_channels(rng, shape):
    m = Model(rng, shape)
    m.node("Reshape", "x", m.array("to", [-1, 1, 8, 8]), out="i")
    m.node("Conv", "i", m.random("w", 2, 1, 3, 3), out="c").node("Flatten", "c", out="f").dense("f", 72)
    network, *_ = agrees(m.node("Softmax", "z", out="p"), rng)
    assert network.input_shape == (1, 8, 8)


def test_what_tensorflow_exports_reads_maps_whose_channels_come_last(rng):
    """As tf2onnx writes a chain of Keras: images and features lie as they do there, maps as ONNX has them."""
    m = Model(rng, ("N", 8, 8, 1))
    m.node("Transpose", "x", out="i", perm=[0, 3, 1, 2])
    m.node("Conv", "i", m.random("w", 3, 1, 3, 3), m.random("b", 3), out="c").node("Relu", "c", out="r")
    m.node("MaxPool", "r", out="s", kernel_shape=[2, 2], strides=[2, 2])
    m.node("Transpose", "s", out="t", perm=[0, 2, 3, 1]).node("Tanh", "t", out="a")
    m.node("Reshape", "a", m.array("flat", [-1, 27]), out="f")
    m.node("MatMul", "f", m.random("w2", 27, 10), out="y").node("Add", "y", m.random("b2", 10), out="z")
    network, *_ = agrees(m.node("Softmax", "z", out="p"), rng)
    assert network.input_shape == (1, 8, 8)
    assert list(network.layers) == ["conv1", "relu1", "pool1", "tanh1", "flatten1", "dense1"]


def test_maps_that_are_turned_there_and_back_are_as_they_were(rng):
    m = conv_model(rng, (3, 2, 3, 3)).node("Transpose", "c", out="t", perm=[0, 2, 3, 1])
    m.node("Transpose", "t", out="r", perm=[0, 3, 1, 2])
    m.node("MaxPool", "r", out="s", kernel_shape=[2, 2], strides=[2, 2]).node("Flatten", "s", out="f")
    agrees(m.dense("f", 27).node("Softmax", "z", out="p"), rng)


def test_maps_that_are_turned_are_no_layers_input(rng):
    """A square of 8 maps of 8x8 looks alike either way."""
    for kind, more in (
        ("MaxPool", {"kernel_shape": [2, 2]}),
        ("Conv", {"kernel_shape": [3, 3]}),
        ("Add", {}),
    ):
        m = Model(rng, ("N", 2, 8, 8)).node("Conv", "x", "w", out="c", pads=[1] * 4)
        m.arrays |= {"w": np.ones((8, 2, 3, 3), np.float32), "k": np.ones((8, 8, 3, 3), np.float32)}
        m.node("Transpose", "c", out="t", perm=[0, 2, 3, 1])
        inputs = {"Conv": ["k"], "Add": [m.random("a", 8, 1, 1)]}.get(kind, [])
        assert "'the_p'" in (told := refused(m.node(kind, "t", *inputs, out="p", **more)))
        assert "transposed" in told
    m = simple(rng).node("Transpose", "z", out="p", perm=[1, 0])
    assert "it puts the axes in the order (1, 0)" in refused(m)


def test_the_output_that_is_read_is_the_one_of_numbers(rng):
    """As scikit-learn's models are exported: the class first, which is no number of a network."""
    m = Model(rng, ("N", 64)).dense("x", 64).node("Softmax", "z", out="p").node("ArgMax", "p", out="label")
    proto = m.proto()
    proto.graph.output.insert(0, helper.make_tensor_value_info("label", TensorProto.INT64, None))
    network, *_ = read_onnx_of(proto.SerializeToString())
    assert list(network.layers) == ["flatten1", "dense1"]


@pytest.mark.parametrize("axes", [[2, 3], [-1, -2]])
def test_a_mean_over_whole_maps_is_a_pool(rng, axes):
    m = conv_model(rng, (10, 2, 3, 3))
    m.domains = [helper.make_opsetid("", 18)]
    m.node("ReduceMean", "c", m.array("axes", axes), out="z", keepdims=0)
    network, *_ = agrees(m.node("Softmax", "z", out="p"), rng)
    assert list(network.layers) == ["conv1", "mean1", "flatten1"]


def scaled(rng, steps, shape=("N", 1, 8, 8)):
    m = Model(rng, shape)
    last = "x"
    for number, (kind, values) in enumerate(steps):
        array = m.array(f"a{number}", values, np.float32)
        inputs = (array, last) if kind.startswith("from ") else (last, array)
        last = f"s{number}"
        m.node(kind.removeprefix("from "), *inputs, out=last)
    m.node("Conv", last, m.random("w", 2, shape[1], 3, 3), out="c", pads=[1, 1, 1, 1])
    return m.node("Flatten", "c", out="f").dense("f", 128).node("Softmax", "z", out="p")


def test_input_scaling_by_sub_and_div_is_the_networks(rng):
    network, _, scales = agrees(scaled(rng, [("Sub", 0.25), ("Div", [[[[0.5]]]])]), rng)
    assert (scales, network.scaling) == (True, InputScaling(mean=0.25, deviation=0.5))
    network, *_ = agrees(scaled(rng, [("Mul", 4), ("Add", -1)]), rng)
    assert network.scaling == InputScaling(mean=0.25, deviation=0.25)


def test_scaling_that_turns_ink_over_or_differs_by_channel_is_a_normalisation(rng):
    network, *_ = agrees(scaled(rng, [("from Sub", 1.0)]), rng)
    assert (next(iter(network.layers)), network.scaling) == ("norm1", InputScaling())
    steps = [
        ("Sub", np.reshape([0.1, 0.2, 0.3], (1, 3, 1, 1))),
        ("Div", np.reshape([0.5, 0.6, 0.7], (3, 1, 1))),
    ]
    network, *_ = agrees(scaled(rng, steps, ("N", 3, 8, 8)), rng)
    assert next(iter(network.layers)) == "norm1"


def test_a_sigmoid_for_each_digit_is_left_out(rng):
    m = Model(rng).node("Flatten", "x", out="f").dense("f", 64).node("Sigmoid", "z", out="p")
    network, *_ = read_onnx_of(m.bytes())
    assert list(network.layers) == ["flatten1", "dense1"]


# **** what is refused ****


def simple(rng):
    return Model(rng).node("Flatten", "x", out="f").dense("f", 64)


def test_an_unknown_operator_is_refused_by_its_name_with_those_that_are_known(rng):
    told = refused(simple(rng).node("Gelu", "z", out="q").node("Softmax", "q", out="p"))
    assert "the node 'the_q', 'Gelu'" in told
    assert "Conv" in told


def test_an_operator_of_another_domain_is_refused(rng):
    m = simple(rng)
    m.nodes.append(helper.make_node("Relu", ["z"], ["p"], name="odd", domain="com.evil"))
    assert "'odd'" in refused(m)
    assert "com.evil" in refused(m)


def test_a_graph_within_a_node_is_refused(rng):
    m = simple(rng)
    body = helper.make_graph(
        [helper.make_node("Identity", ["z"], ["o"])], "b", [], [helper.make_tensor_value_info("o", 1, None)]
    )
    m.array("yes", True, np.bool_)
    m.nodes.append(helper.make_node("If", ["yes"], ["p"], name="choice", then_branch=body, else_branch=body))
    assert "'choice'" in refused(m)


def test_weights_in_another_file_are_refused_unread(rng, tmp_path):
    proto = simple(rng).node("Softmax", "z", out="p").proto()
    tensor = proto.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    told = refused(proto.SerializeToString())
    assert "another file" in told
    assert "external_data=False" in told
    m = simple(rng)
    m.nodes.append(helper.make_node("Constant", [], ["c"], name="there", value=tensor))
    assert "'there'" in refused(m.node("Add", "z", "c", out="p"))


def test_a_network_that_is_no_chain_is_refused(rng):
    m = Model(rng, ("N", 1, 8, 8))
    m.node("Conv", "x", m.random("w", 1, 1, 3, 3), out="c", pads=[1] * 4)
    m.node("Add", "c", "x", out="sum").node("Flatten", "sum", out="f").dense("f", 64)
    assert "'the_sum'" in refused(m, "z")


@pytest.mark.parametrize(
    ("weight", "attributes"),
    [
        ((3, 2, 3, 5), {}),
        ((3, 2, 3, 3), {"strides": [1, 2]}),
        ((3, 2, 3, 3), {"pads": [0, 0, 1, 1]}),
        ((3, 2, 3, 3), {"dilations": [2, 2]}),
        ((3, 2, 3, 3), {"pads": [3, 3, 3, 3]}),
        ((3, 2, 3, 3), {"strides": [0, 0]}),
        ((3, 2, 9, 9), {}),
        ((3, 1, 3, 3), {}),
        ((3, 1, 3, 3), {"group": 7}),
    ],
)
def test_a_convolution_of_another_kind_is_refused(rng, weight, attributes):
    m = conv_model(rng, weight, **attributes)
    assert "'the_c'" in refused(m.node("Flatten", "c", out="f"), "f")


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("MaxPool", {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
        ("AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [1] * 4}),
        ("MaxPool", {}),
        ("Flatten", {"axis": 2}),
        ("Transpose", {"perm": [2, 0, 3, 1]}),
        ("ReduceMean", {"axes": [1]}),
        ("ReduceMean", {}),
        ("Softmax", {"axis": 1}),
        ("Mul", {}),
    ],
)
def test_what_would_compute_something_else_is_refused(rng, kind, attributes):
    m = conv_model(rng, (3, 2, 3, 3))
    inputs = ["c", m.array("two", 2, np.float32)] if kind == "Mul" else ["c"]
    assert "'the_p'" in refused(m.node(kind, *inputs, out="p", **attributes))


def test_what_stands_behind_the_probabilities_is_refused(rng):
    m = simple(rng).node("Softmax", "z", out="s")
    assert "'the_p'" in refused(m.node("Relu", "s", out="p"))


def test_a_network_of_other_classes_or_images_is_refused(rng):
    m = Model(rng).node("Flatten", "x", out="f")
    assert "ten numbers" in refused(m.node("Gemm", "f", m.random("w", 64, 7), out="p"))
    assert "its input has the shape" in refused(
        Model(rng, ("N", "C", "H", "W")).node("Flatten", "x", out="p")
    )


def test_numbers_that_are_not_finite_are_refused(rng):
    m = simple(rng)
    m.arrays["zw"][0, 0] = np.nan
    assert "not finite" in refused(m, "z")


def test_weights_that_grow_beyond_bounds_are_refused(rng):
    """A convolution of each map by itself takes little in a file, and the square of that as one matrix."""
    m = Model(rng, ("N", 3000, 8, 8))
    m.node("Conv", "x", m.random("w", 3000, 1, 3, 3), out="c", group=3000)
    assert "'the_c'" in refused(m, "c")


@pytest.mark.parametrize("shape", [[], [64, -1], [-1, 63], [-1, 128], [0, 0, 0], [-1, -8, -8]], ids=str)
def test_a_shape_that_does_not_hold_each_image_by_itself_is_refused(rng, shape):
    m = Model(rng, ("N", 1, 8, 8))
    m.node("Reshape", "x", m.array("to", np.array(shape, np.int64)), out="f").dense("f", 64)
    message = refused(m.node("Softmax", "z", out="p"))
    assert "makes the shape" in message
    assert "'the_f'" in message


def test_a_shape_that_grows_without_end_is_refused(rng):
    m = simple(rng)
    last = m.array("seed", [1, 1])
    for number in range(40):
        m.node("Concat", last, last, out=f"d{number}", axis=0)
        last = f"d{number}"
    assert "is not computed here" in refused(m.node("Reshape", "z", last, out="p"))


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"PK\x03\x04", b"{}"], ids=range(4))
def test_what_is_no_model_is_told(content):
    assert "no ONNX model" in refused(content)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_model_is_a_network_or_an_error(place, bits, cut):
    rng = np.random.default_rng(0)
    m = conv_model(rng, (2, 2, 3, 3), pads=[1] * 4).node("Relu", "c", out="r").node("Flatten", "r", out="f")
    content = bytearray(m.dense("f", 128).node("Softmax", "z", out="p").bytes())
    at = int(place * len(content))
    if cut:
        del content[at:]
    else:
        content[at] ^= bits
    try:
        network, *_ = read_onnx_of(bytes(content))
    except SavedNetworkError:
        return
    assert network.classes == 10
