"""What a network was taught goes with it into one file, in the place of what it was taught before."""

import hashlib

import numpy as np
import pytest

from engine import Confidence, SavedNetwork, save_network
from engine.reading.memory import Memory
from engine.storage.export import export_network
from engine.storage.lessons import Lessons, taught_files
from engine.storage.network_facts import TaughtFacts
from engine.storage.saved_network import load_attachment, load_files
from tests.engine.storage.onnx_models import run, taught_network


@pytest.fixture
def taught(rng):
    """(the taught network, images of which it remembers some)."""
    return taught_network(rng, Confidence(temperature=1.5), [7, 3])


@pytest.fixture
def folder(taught, tmp_path):
    """Of the network alone."""
    attachments = {"history.csv": b"epoch\n1\n", "reference.npz": taught[0].memory.reference.to_bytes()}
    save_network(taught[0].network, tmp_path / "network", confidence=Confidence(1.5), attachments=attachments)
    return tmp_path / "network"


@pytest.fixture
def lessons(taught):
    return Lessons(taught[0].memory, b"a line\nanother\n", 2)


def test_a_lenet_file_with_lessons_answers_by_them(taught, folder, lessons, tmp_path):
    network, images = taught
    export_network([folder], tmp_path / "mine.lenet", lessons=lessons)
    saved = SavedNetwork.load(tmp_path / "mine.lenet")
    logits, from_memory = network.answered(images)
    assert from_memory.any()
    assert np.array_equal(saved.classifier.logits(images), logits)
    assert load_attachment(tmp_path / "mine.lenet", "samples.jsonl") == lessons.samples
    assert load_attachment(tmp_path / "mine.lenet", "history.csv") == b"epoch\n1\n"
    assert SavedNetwork.load(folder).memory is None  # the network itself is as it was


def test_an_onnx_file_with_lessons_answers_by_them(taught, folder, lessons, tmp_path):
    network, images = taught
    export_network([folder], tmp_path / "mine.onnx", lessons=lessons)
    probabilities, _ = run((tmp_path / "mine.onnx").read_bytes(), images[:, None])
    assert probabilities == pytest.approx(network.confidence.probabilities(network.logits(images)), abs=1e-5)


def test_parent_and_samples_are_named_and_the_same_ones_give_the_same_bytes(folder, lessons):
    files = taught_files(folder, lessons)
    assert files == taught_files(folder, lessons)
    assert load_files(folder).keys() | {"memory.npz", "samples.jsonl"} == files.keys()
    parent = SavedNetwork.load(folder).facts
    told = TaughtFacts(parent.identity, hashlib.sha256(b"a line\nanother\n").hexdigest(), 2)
    assert lessons.facts(parent) == told


def test_lessons_take_the_place_of_earlier_ones(taught, folder, lessons, tmp_path):
    export_network([folder], tmp_path / "mine.lenet", lessons=lessons)
    memory = lessons.memory
    fewer = Lessons(Memory(memory.reference, memory.places[:1], memory.labels[:1]), b"a line\n", 1)
    export_network([tmp_path / "mine.lenet"], tmp_path / "fewer.lenet", lessons=fewer)
    saved = SavedNetwork.load(tmp_path / "fewer.lenet")
    assert (len(saved.memory), saved.facts.taught.count) == (1, 1)
    assert saved.facts.taught.parent == SavedNetwork.load(tmp_path / "mine.lenet").facts.identity
