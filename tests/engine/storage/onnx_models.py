"""Networks as ONNX models: what is tried on them, and what runs them."""

import numpy as np
import onnxruntime
from onnx import load_model_from_string

from engine import build_network
from engine.datasets.dataset import as_ink
from engine.reading.memory import Memory, Reference, TaughtNetwork
from engine.reading.rejection import Rejection
from tests.digit_templates import digit_images

REJECTION = Rejection(3.5, 0.01, 0.9, 0.99)


def run(content, images):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"ink": images})


def unlike_fresh(network, rng):
    """The network with arrays that are neither 0 nor 1, as a training leaves them."""
    for array in network.arrays:
        array.value += rng.uniform(-0.05, 0.05, array.value.shape).astype(np.float32)
    return network


def taught_network(rng, confidence, labels):
    """A network that was taught these labels of drawn digits, and drawings like the lessons or not."""
    network = unlike_fresh(build_network("lenet5", rng=rng), rng)
    drawn, known = as_ink(digit_images(len(labels), rng)[0]), as_ink(digit_images(150, rng)[0])
    reference = Reference.build(network, known, np.arange(150) % 11 - 1)
    memory = Memory(reference).taught(network, drawn, np.array(labels))
    noise = rng.uniform(0, 1, (10, len(drawn), 28, 28)) * np.linspace(0, 0.9, 10)[:, None, None, None]
    images = np.concatenate([*np.clip(drawn + noise, 0, 1), known]).astype(np.float32)
    return TaughtNetwork(network, memory, memory.confidence(confidence)), images


def as_of_another(content):
    """The model without what tells that this program wrote it."""
    model = load_model_from_string(content)
    model.producer_name = "another"
    return model.SerializeToString()
