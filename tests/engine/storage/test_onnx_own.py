"""A model that this program wrote is the very network again, where nothing but numbers was changed."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

from engine import Confidence, build_network
from engine.errors import SavedNetworkError
from engine.nn.architectures import ARCHITECTURES
from engine.reading.rejection import Rejection
from engine.storage.network_facts import NetworkFacts
from engine.storage.onnx_export import to_onnx
from engine.storage.onnx_import import read_onnx
from engine.storage.onnx_own import own_network
from tests.engine.storage.onnx_models import unlike_fresh

CONFIDENCE = Confidence(temperature=1.25, rejection=Rejection(3.5, 0.01, 0.9, 0.99))


def model_of(name, rng, **facts):
    network = unlike_fresh(build_network(name, rng=rng), rng)
    content = to_onnx(network, NetworkFacts.of(network, CONFIDENCE))
    return network, onnx.load_model_from_string(content)


def array_of(model, name):
    (tensor,) = (each for each in model.graph.initializer if each.name == name)
    return tensor, numpy_helper.to_array(tensor).copy()


def change(model, name, value):
    tensor, _ = array_of(model, name)
    tensor.CopyFrom(numpy_helper.from_array(value, name))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_comes_back_as_it_was(name, rng):
    network, model = model_of(name, rng)
    read, confidence, scales = read_onnx(Path("my.onnx"), model.SerializeToString())
    assert (read.architecture, read.scaling, confidence, scales) == (name, network.scaling, CONFIDENCE, True)
    state, again = network.state(), read.state()
    assert state.keys() == again.keys()
    assert all(np.array_equal(state[each], again[each]) for each in state)
    images = rng.uniform(0, 1, (3, *network.input_shape)).astype(np.float32)
    assert np.array_equal(read.logits(images), network.logits(images))


def test_other_numbers_are_another_network_of_the_same_layers(rng):
    """As where someone went on training it elsewhere."""
    network, model = model_of("lenet5-1998", rng)
    _, weight = array_of(model, "c5.weight")
    change(model, "c5.weight", 2 * weight)
    read, _ = own_network(model)
    assert np.array_equal(read.state()["c5.weight"], 2 * network.state()["c5.weight"])
    images = rng.uniform(0, 1, (3, 1, 28, 28)).astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (theirs, _evidence) = session.run(None, {"ink": images})
    assert CONFIDENCE.probabilities(read.logits(images)) == pytest.approx(theirs, abs=1e-5)


def test_what_no_such_network_computes_is_not_taken_for_one(rng):
    """A connection that the paper's table has not, a gain that differs within a window, a node more …"""
    for name, place in (("c3.weight", (0, 5, 2, 2)), ("s2.gain", (1, 0, 1, 1)), ("pad.value", ())):
        _, model = model_of("lenet5-1998", rng)
        _, array = array_of(model, name)
        array[place] += 1
        change(model, name, array)
        assert own_network(model) is None
        with pytest.raises(SavedNetworkError, match=r"my.onnx has the node 'pad'"):
            read_onnx(Path("my.onnx"), model.SerializeToString())
    _, model = model_of("lenet5", rng)
    model.graph.node.append(helper.make_node("Identity", ["evidence"], ["more"]))
    assert own_network(model) is None


@pytest.mark.parametrize(
    "told",
    [
        {"architecture": "lenet5-tanh"},
        {"architecture": "none"},
        {"architecture": "imported"},
        {"input": "{"},
        {"input": "[]"},
        {"input": json.dumps({"shape": [1, 28, 28], "scaling": {"threshold": 0, "mean": 9, "deviation": 1}})},
    ],
)
def test_metadata_is_not_believed(rng, told):
    network, model = model_of("lenet5", rng)
    for each in model.metadata_props:
        each.value = told.get(each.key, each.value)
    assert own_network(model) is None
    read, _, _ = read_onnx(Path("my.onnx"), model.SerializeToString())  # as any other chain of layers
    assert read.architecture == "imported"
    images = rng.uniform(0, 1, (3, 1, 28, 28)).astype(np.float32)
    assert read.logits(images) == pytest.approx(network.logits(images), rel=1e-4, abs=1e-4)


def test_numbers_that_are_not_finite_are_refused(rng):
    network, model = model_of("lenet5", rng)
    change(model, "c1.bias", np.full_like(network.state()["c1.bias"], np.nan))
    with pytest.raises(SavedNetworkError, match="not finite"):
        read_onnx(Path("my.onnx"), model.SerializeToString())


@pytest.mark.parametrize("key", ["members", "lessons"])
def test_a_model_of_several_networks_or_of_a_memory_is_told_as_that(rng, key):
    _, model = model_of("lenet5", rng)
    model.graph.node[0].name = "other"
    helper.set_model_props(model, {key: "2"})
    with pytest.raises(SavedNetworkError, match=r"Open what it was made of, or have .* a \.lenet file"):
        read_onnx(Path("my.onnx"), model.SerializeToString())
