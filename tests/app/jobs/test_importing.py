"""Networks of other programs, read as a job."""

import numpy as np
import pytest

from app.jobs.importing import import_network
from engine import Confidence, SavedNetwork, build_network, save_network
from engine.errors import SavedNetworkError
from engine.storage.export import export_network


def run(path, to):
    assert list(import_network(path=str(path), to=str(to))) == [None]


def test_what_is_read_is_kept_as_it_was_found(tmp_path, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "theirs", confidence=Confidence(1.5))
    export_network([tmp_path / "theirs"], tmp_path / "my.onnx")
    run(tmp_path / "my.onnx", tmp_path / "kept.lenet")
    theirs, kept = SavedNetwork.load(tmp_path / "my.onnx"), SavedNetwork.load(tmp_path / "kept.lenet")
    images = rng.uniform(0, 1, (2, 1, 28, 28)).astype(np.float32)
    assert np.array_equal(theirs.network.logits(images), kept.network.logits(images))
    assert kept.confidence == theirs.confidence


def test_what_is_no_network_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "my.npz").write_text("no arrays")
    with pytest.raises(SavedNetworkError, match=r"my.npz"):
        run(tmp_path / "my.npz", tmp_path / "kept.lenet")
    assert not (tmp_path / "kept.lenet").exists()
