"""What was taught, as operators of an ONNX model: onnxruntime answers from it as `TaughtNetwork` does."""

import math
from dataclasses import replace

import numpy as np
import onnx
import pytest

from engine import Confidence, build_network
from engine.datasets.dataset import as_ink
from engine.reading.memory import REACH, SAME, UNSURE_REACH, Memory, Reference, TaughtNetwork, reaches
from engine.reading.rejection import Rejection, evidence
from engine.storage.network_facts import NetworkFacts
from engine.storage.onnx_export import to_onnx
from tests.digit_templates import digit_images
from tests.engine.storage.onnx_models import run, taught_network


@pytest.mark.parametrize(
    "confidence",
    [
        Confidence(temperature=1.7, rejection=Rejection(3.5, 0.01, 0.9, 0.99)),
        Confidence(temperature=0.3, rejection=Rejection(9.0, 0.01, 0.9, 0.99)),
        Confidence(temperature=0.8),
    ],
)
@pytest.mark.parametrize("labels", [[7, 3, -1, 0, 7, 9, -1, 2, 5, 4], [1, 8]])
def test_what_was_taught_answers_there_as_here(rng, confidence, labels):
    taught, images = taught_network(rng, confidence, labels)
    logits, from_memory = taught.answered(images)
    digits = logits.argmax(axis=1)
    assert 2 * len(labels) <= from_memory.sum() <= len(images) - 100
    facts = NetworkFacts.of(taught.network, taught.confidence)
    probabilities, shown = run(to_onnx(taught, facts), images[:, None])
    assert probabilities == pytest.approx(taught.confidence.probabilities(logits), abs=1e-5)
    assert shown == pytest.approx(evidence(logits), rel=1e-4, abs=1e-5)
    assert set(digits[from_memory & taught.confidence.accepts(logits)]) <= set(labels)


def test_an_answer_that_shows_little_is_made_as_clear_there_as_here(rng):
    """Of a network whose logits are all alike: it takes several times CLEARER to be called a digit."""
    confidence = Confidence(rejection=Rejection(12.0, 0.01, 0.9, 0.99))
    taught, images = taught_network(rng, confidence, [3])
    for array in taught.network.layers["output"].parameters:
        array.value *= 1e-3
    logits, from_memory = taught.answered(images)
    assert (evidence(logits[from_memory]) >= 12).all()
    assert (evidence(taught.network.logits(images)) < 2.5).all()
    probabilities, shown = run(to_onnx(taught, NetworkFacts.of(taught.network, confidence)), images[:, None])
    assert probabilities == pytest.approx(taught.confidence.probabilities(logits), abs=1e-5)
    assert shown == pytest.approx(evidence(logits), rel=1e-4, abs=1e-5)
    assert from_memory.any()


def test_a_lesson_reaches_as_far_there_whether_the_network_is_sure_or_not(rng):
    taught, images = taught_network(rng, Confidence(), [7, 3, 0, 9, 2, 5, 4])
    network, confidence = taught.network, Confidence(0.7, Rejection(0.3, 0.01, 0.9, 0.99))
    for _ in range(20):  # until it is sure of some images
        network.layers["output"].weight.value *= 1.5
        found = {*reaches(network.logits(images), confidence).tolist()}
        if found == {REACH, UNSURE_REACH}:
            break
    assert found == {REACH, UNSURE_REACH}
    taught = TaughtNetwork(network, taught.memory, confidence)
    logits, from_memory = taught.answered(images)
    assert from_memory.any()
    probabilities, _shown = run(to_onnx(taught, NetworkFacts.of(taught.network, confidence)), images[:, None])
    assert probabilities == pytest.approx(confidence.probabilities(logits), abs=1e-4)


def test_of_two_lessons_of_one_drawing_the_later_one_counts_there_too(rng):
    taught, images = taught_network(rng, Confidence(), [4])
    (place,), network = taught.memory.places, taught.network
    rounded = place + np.eye(1, len(place), dtype=np.float32)[0] * 0.5 * math.sqrt(SAME)
    memory = replace(taught.memory, places=np.stack([place, rounded]), labels=np.array([4, 6], np.int8))
    taught = TaughtNetwork(network, memory, Confidence())
    probabilities, _shown = run(to_onnx(taught, NetworkFacts.of(network)), images[:1, None])
    assert probabilities[0, 6] == pytest.approx(0.999, abs=1e-5)


def test_a_network_that_was_taught_nothing_is_the_network_itself(rng):
    network = build_network("lenet5", rng=rng)
    reference = Reference.build(network, as_ink(digit_images(20, rng)[0]), np.arange(20) % 10)
    taught = TaughtNetwork(network, Memory(reference), Confidence())
    nodes = [onnx.load_model_from_string(to_onnx(each, NetworkFacts.of(network))).graph.node
             for each in (taught, network)]  # fmt: skip
    assert nodes[0] == nodes[1]
