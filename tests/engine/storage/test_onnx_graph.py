"""Layers and scaling as operators of ONNX: onnxruntime, which knows nothing of them, computes the same."""

import numpy as np
import pytest

from engine import Confidence, build_network
from engine.nn.architectures import ARCHITECTURES
from engine.nn.layers import _Layer
from engine.nn.network import Network
from engine.nn.scaling import InputScaling
from engine.reading.rejection import evidence
from engine.storage.network_facts import NetworkFacts
from engine.storage.onnx_export import to_onnx
from tests.engine.storage.onnx_models import REJECTION, run, unlike_fresh


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
