"""Networks as ONNX models: onnxruntime, which knows nothing of this engine, computes the same."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine import Confidence, SavedNetwork, build_network
from engine.datasets.dataset import as_ink
from engine.datasets.mnist import read_mnist
from engine.nn.scaling import InputScaling
from engine.reading.committee import Committee
from engine.reading.rejection import evidence
from engine.storage.network_facts import NetworkFacts
from engine.storage.onnx_export import to_onnx
from tests.digit_templates import digit_images
from tests.engine.storage.onnx_models import REJECTION, run, taught_network, unlike_fresh

ROOT = Path(__file__).resolve().parents[3]


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


def test_a_committee_is_one_model_that_answers_by_the_mean_of_its_members(rng):
    taught, images = taught_network(rng, Confidence(temperature=0.7, rejection=REJECTION), [7, -1, 2])
    other = unlike_fresh(build_network("mlp-tanh", rng=rng), rng)
    other.scaling = InputScaling(mean=0.13, deviation=0.3)
    members = [(taught, taught.confidence), (other, Confidence(temperature=1.6, rejection=REJECTION))] * 2
    committee = Committee(members)
    content = to_onnx(committee, NetworkFacts.of(taught.network, committee.confidence))
    probabilities, shown = run(content, images[:, None])
    logits = committee.logits(images)
    assert probabilities == pytest.approx(committee.confidence.probabilities(logits), abs=1e-5)
    assert shown == pytest.approx(evidence(logits), rel=1e-4, abs=1e-5)
    told = {each.key: each.value for each in onnx.load_model_from_string(content).metadata_props}
    assert told["members"] == "4"
    assert float(told["least_evidence"]) == pytest.approx((3.5 / 0.7 + 3.5 / 1.6) / 2)
