"""Networks as ONNX models: onnxruntime, which knows nothing of this engine, computes the same."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from engine import Confidence, SavedNetwork, build_network
from engine.datasets.dataset import as_ink
from engine.datasets.mnist import read_mnist
from engine.nn.architectures import ARCHITECTURES
from engine.nn.layers import _Layer
from engine.nn.network import Network
from engine.nn.scaling import InputScaling
from engine.reading.rejection import Rejection, evidence
from engine.storage.network_facts import NetworkFacts
from engine.storage.onnx_export import to_onnx
from tests.digit_templates import digit_images

ROOT = Path(__file__).resolve().parents[3]
REJECTION = Rejection(3.5, 0.01, 0.9, 0.99)


def run(content, images):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"ink": images})


def unlike_fresh(network, rng):
    """The network with arrays that are neither 0 nor 1, as a training leaves them."""
    for array in network.arrays:
        array.value += rng.uniform(-0.05, 0.05, array.value.shape).astype(np.float32)
    return network


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_computes_the_same_in_onnxruntime(name, rng):
    network = unlike_fresh(build_network(name, rng=rng), rng)
    images = rng.uniform(0, 1, (40, *network.input_shape)).astype(np.float32)
    confidence = Confidence(temperature=1.7, rejection=REJECTION)
    probabilities, shown = run(to_onnx(network, NetworkFacts.of(network, confidence)), images)
    logits = network.logits(images)
    assert probabilities == pytest.approx(confidence.probabilities(logits), abs=1e-5)
    assert shown == pytest.approx(evidence(logits), rel=1e-5, abs=1e-5)
    assert np.ptp(probabilities, axis=0).max() > 2e-5  # it looks at the image


def test_probabilities_and_evidence_worked_by_hand(rng):
    """Logits 4 0 ... 0 of a network that gives its bias alone."""
    network = build_network("mlp-tanh", rng=rng)
    for array in network.arrays:
        array.value[...] = 0
    network.layers["output"].bias.value[0] = 4
    confidence = Confidence(temperature=2.0)
    probabilities, shown = run(
        to_onnx(network, NetworkFacts.of(network, confidence)), np.zeros((1, 1, 28, 28), np.float32)
    )
    e2 = 7.389056  # exp(4 / 2)
    assert probabilities[0] == pytest.approx([e2 / (e2 + 9), *[1 / (e2 + 9)] * 9], abs=1e-6)
    assert shown[0] == pytest.approx(np.log(54.59815 + 9) - 0.4, abs=1e-5)  # log(exp 4 + 9) - 4 / 10


def test_the_model_says_what_it_takes_and_gives_and_from_which_evidence_on_it_is_a_digit(rng):
    network = build_network("lenet5", rng=rng)
    model = onnx.load_model_from_string(
        to_onnx(network, NetworkFacts.of(network, Confidence(rejection=REJECTION)))
    )
    onnx.checker.check_model(model, full_check=True)
    assert (model.ir_version, model.opset_import[0].version) == (8, 13)
    shapes = {
        value.name: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
        for value in [*model.graph.input, *model.graph.output]
    }
    assert shapes == {"ink": ["N", 1, 28, 28], "probabilities": ["N", 10], "evidence": ["N"]}
    told = {each.key: each.value for each in model.metadata_props}
    assert told["architecture"] == "lenet5"
    assert float(told["least_evidence"]) == 3.5
    assert json.loads(told["input"])["framing"] == {"ink": "1.0 on paper 0.0", "box": 20, "centre": 14}
    assert "test" not in told


def test_scaling_is_inside_with_what_is_too_faint(rng):
    network = build_network("mlp-tanh", rng=rng)
    network.scaling = InputScaling(threshold=0.5, mean=0.2, deviation=0.7)
    images = np.full((1, 1, 28, 28), 0.4, np.float32)
    content = to_onnx(network, NetworkFacts.of(network))
    assert run(content, images)[0] == pytest.approx(run(content, 0 * images)[0])
    assert run(content, images + 0.2)[0] != pytest.approx(run(content, 0 * images)[0])


def test_a_layer_without_an_operator_is_an_error_of_the_programs_own(rng):
    class Strange(_Layer):
        def output_shape(self, input_shape):
            return input_shape

    layers = [("strange", Strange()), *build_network("mlp-tanh", rng=rng).layers.items()]
    network = Network(layers, input_shape=(1, 28, 28), architecture="mlp-tanh")
    with pytest.raises(NotImplementedError, match="Strange"):
        to_onnx(network, NetworkFacts.of(network))


@pytest.mark.parametrize("folder", ["saved_network", "saved_network/lenet5"])
def test_the_shipped_networks_read_mnist_there_as_here(folder, mnist_folder):
    images = as_ink(read_mnist(mnist_folder, "test").images[:1000])
    saved = SavedNetwork.load(ROOT / folder)
    probabilities, shown = run(to_onnx(saved.network, saved.facts), images[:, None])
    logits = saved.network.logits(images)
    assert np.abs(probabilities - saved.confidence.probabilities(logits)).max() < 1e-5
    assert (shown >= saved.confidence.rejection.least_evidence).tolist() == saved.confidence.accepts(
        logits
    ).tolist()


def test_drawn_digits_are_read(rng):
    saved = SavedNetwork.load(ROOT / "saved_network")
    images, labels = digit_images(10, rng)
    probabilities, _evidence = run(to_onnx(saved.network, saved.facts), as_ink(images)[:, None])
    assert probabilities.argmax(axis=1).tolist() == labels.tolist()
