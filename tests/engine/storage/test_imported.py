"""Files of networks that others wrote: opened by their path, kept as folders, and told by their names."""

import json

import numpy as np
import pytest

from engine import Confidence, Recognizer, SavedNetwork, build_network, save_network
from engine.errors import SavedNetworkError
from engine.nn.layer_plans import IMPORTED
from engine.nn.scaling import InputScaling
from engine.reading.rejection import Rejection
from engine.storage.export import export_network
from engine.storage.saved_network import load_attachment, load_facts, load_files
from engine.storage.tensor_files import read_arrays, to_npz
from tests.digit_templates import digit_strokes
from tests.engine.reading.test_scaling_fit import shown_as
from tests.engine.storage.onnx_models import as_of_another
from tests.engine.storage.test_onnx_import import Model

CONFIDENCE = Confidence(temperature=1.25, rejection=Rejection(3.5, 0.01, 0.9, 0.99))
MNIST = InputScaling(mean=0.1307, deviation=0.3081)


@pytest.fixture
def folder(tmp_path, rng):
    save_network(build_network("lenet5-1998", rng=rng), tmp_path / "network", confidence=CONFIDENCE)
    return tmp_path / "network"


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_arrays_that_were_exported_here_come_back_with_all_that_is_known(folder, tmp_path, ending):
    path = tmp_path / f"my{ending}"
    export_network([folder], path)
    here, there = SavedNetwork.load(folder), SavedNetwork.load(path)
    assert there.facts.architecture == "lenet5-1998"
    assert there.network.scaling == here.network.scaling
    assert there.confidence == CONFIDENCE
    images = np.random.default_rng(0).uniform(0, 1, (2, 1, 28, 28)).astype(np.float32)
    assert np.array_equal(there.network.logits(images), here.network.logits(images))


def test_arrays_beside_facts_that_do_not_fit_them_are_refused(folder, tmp_path):
    path = tmp_path / "my.npz"
    export_network([folder], path)
    arrays, texts = read_arrays(path, path.read_bytes())
    path.write_bytes(to_npz({**arrays, "c1.bias": np.zeros(7, np.float32)}, texts))
    with pytest.raises(SavedNetworkError, match=r"my.npz is no network of this program"):
        SavedNetwork.load(path)
    path.write_bytes(to_npz(arrays, {"network.json": "{}"}))
    with pytest.raises(SavedNetworkError, match=r"my.npz is no network of this program"):
        SavedNetwork.load(path)


def test_a_model_that_expects_scaled_pixels_reads_drawings_and_is_kept_as_a_folder(tmp_path, rng):
    """As PyTorch's example for MNIST: pixels are normalised outside of it."""
    save_network(shown_as(MNIST), tmp_path / "theirs")
    export_network([tmp_path / "theirs"], tmp_path / "my.onnx")
    (tmp_path / "my.onnx").write_bytes(as_of_another((tmp_path / "my.onnx").read_bytes()))
    read = Recognizer.load(tmp_path / "my.onnx")
    assert (read.facts.architecture, read.network.scaling) == (IMPORTED, MNIST)
    for digit in (3, 7):
        assert read.recognize(digit_strokes(digit, rng)).digit == digit
    save_network(read.network, tmp_path / "mine", confidence=read.confidence)
    kept = SavedNetwork.load(tmp_path / "mine")
    assert (kept.facts.layers, kept.network.scaling) == (read.facts.layers, MNIST)
    images = rng.uniform(0, 1, (2, 1, 28, 28)).astype(np.float32)
    assert np.array_equal(kept.network.logits(images), read.network.logits(images))
    assert load_attachment(tmp_path / "my.onnx", "prototypes.npz") is None
    assert load_facts(tmp_path / "my.onnx") == read.facts
    assert load_files(tmp_path / "my.onnx").keys() == load_files(tmp_path / "mine").keys()


def test_a_model_that_scales_its_input_itself_is_taken_at_its_word(tmp_path, rng):
    m = Model(rng, ("N", 1, 28, 28))
    m.node("Mul", "x", m.array("two", 2, np.float32), out="s").node("Flatten", "s", out="f").dense("f", 784)
    (tmp_path / "my.onnx").write_bytes(m.node("Softmax", "z", out="p").bytes())
    assert SavedNetwork.load(tmp_path / "my.onnx").network.scaling == InputScaling(deviation=0.5)


@pytest.mark.parametrize("name", ["no.onnx", "no.npz", "no.safetensors", "no.lenet"])
def test_a_file_that_is_missing_is_told(tmp_path, name):
    with pytest.raises(SavedNetworkError, match=f"{name} is missing"):
        SavedNetwork.load(tmp_path / name)


def test_a_folder_of_such_a_name_is_a_folder(folder):
    named = folder.rename(folder.with_name("my.onnx"))
    assert SavedNetwork.load(named).facts.architecture == "lenet5-1998"


@pytest.mark.parametrize("name", ["my.pt", "my.pth"])
def test_a_pickle_of_pytorch_is_refused_unread(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(SavedNetworkError, match=r"is a pickle.*ONNX"):
        SavedNetwork.load(tmp_path / name)


def test_layers_in_network_json_that_fit_nothing_are_refused(tmp_path):
    save_network(shown_as(MNIST), tmp_path / "theirs")
    export_network([tmp_path / "theirs"], tmp_path / "my.onnx")
    (tmp_path / "my.onnx").write_bytes(as_of_another((tmp_path / "my.onnx").read_bytes()))
    save_network(SavedNetwork.load(tmp_path / "my.onnx").network, tmp_path / "mine")
    told = json.loads((tmp_path / "mine" / "network.json").read_text())
    del told["sha256"]
    told["layers"][0]["sizes"]["out_channels"] = 2**23
    (tmp_path / "mine" / "network.json").write_text(json.dumps(told))
    with pytest.raises(SavedNetworkError, match=r"network.json"):
        SavedNetwork.load(tmp_path / "mine")
    told["layers"] = []
    (tmp_path / "mine" / "network.json").write_text(json.dumps(told))
    with pytest.raises(SavedNetworkError, match=r"network.json: layers: 1 to 200 are read, got 0"):
        SavedNetwork.load(tmp_path / "mine")
