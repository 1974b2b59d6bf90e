"""One file of a network: it holds the network, and what cannot be written leaves the old file."""

import json

import numpy as np
import onnx
import pytest

from engine import Confidence, SavedNetwork, build_network, save_network
from engine.errors import SavedNetworkError
from engine.files.plain_zip import pack_files
from engine.reading.rejection import Rejection
from engine.storage.export import ENDINGS, export_network
from engine.storage.saved_network import load_attachment, load_card, load_files
from engine.storage.tensor_files import read_arrays
from tests.engine.storage.test_foreign import random_arrays, write_npy_folder

CONFIDENCE = Confidence(temperature=1.25, rejection=Rejection(3.5, 0.01, 0.9, 0.99))


@pytest.fixture
def folder(tmp_path, rng):
    network = build_network("lenet5", rng=rng)
    save_network(
        network, tmp_path / "network", confidence=CONFIDENCE, attachments={"history.csv": b"epoch\n1\n"}
    )
    (tmp_path / "network" / "README.md").write_text("# Mine\n")
    return tmp_path / "network"


def equal(state, other):
    return state.keys() == other.keys() and all(np.array_equal(state[name], other[name]) for name in state)


def test_a_lenet_file_is_the_folder(folder, tmp_path):
    export_network([folder], tmp_path / "my.lenet")
    here, there = SavedNetwork.load(folder), SavedNetwork.load(tmp_path / "my.lenet")
    assert equal(here.network.state(), there.network.state())
    assert (there.confidence, there.facts) == (CONFIDENCE, here.facts)
    assert load_attachment(tmp_path / "my.lenet", "history.csv") == b"epoch\n1\n"
    assert load_attachment(tmp_path / "my.lenet", "future.csv") is None
    assert load_card(tmp_path / "my.lenet", 100) == b"# Mine\n"
    export_network([tmp_path / "my.lenet"], tmp_path / "again.lenet")
    assert (tmp_path / "again.lenet").read_bytes() == (tmp_path / "my.lenet").read_bytes()


def test_what_only_lies_in_the_folder_is_not_taken_along(folder, tmp_path):
    (folder / "letter.txt").write_text("private")
    export_network([folder], tmp_path / "my.lenet")
    assert b"letter.txt" not in (tmp_path / "my.lenet").read_bytes()


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_arrays_go_with_all_that_is_known(folder, tmp_path, ending):
    path = tmp_path / f"my{ending.upper()}"
    export_network([folder], path)
    arrays, texts = read_arrays(path, path.read_bytes())
    assert equal(arrays, SavedNetwork.load(folder).network.state())
    told = json.loads(texts["network.json"])
    assert (told["architecture"], told["confidence"]["temperature"]) == ("lenet5", 1.25)
    assert told["files"] == {}  # there are none


def test_an_onnx_file_is_a_model(folder, tmp_path):
    export_network([folder], tmp_path / "my.onnx")
    model = onnx.load(tmp_path / "my.onnx")
    assert [each.name for each in model.graph.output] == ["probabilities", "evidence"]


def test_a_network_of_another_project_goes_as_one_of_our_own(tmp_path, rng):
    folder = tmp_path / "theirs"
    folder.mkdir()
    write_npy_folder(folder, random_arrays(rng))
    export_network([folder], tmp_path / "my.lenet")
    there = SavedNetwork.load(tmp_path / "my.lenet")
    assert there.facts.architecture == "lenet5-sigmoid"
    assert equal(there.network.state(), SavedNetwork.load(folder).network.state())


def test_a_damaged_array_is_told_in_both_directions(folder, tmp_path):
    files = load_files(folder)
    (tmp_path / "my.lenet").write_bytes(pack_files({**files, "c1.weight.npy": files["c1.bias.npy"]}))
    with pytest.raises(SavedNetworkError, match=r"my.lenet.c1.weight.npy is not the file that was saved"):
        SavedNetwork.load(tmp_path / "my.lenet")
    del files["c1.weight.npy"]
    (tmp_path / "my.lenet").write_bytes(pack_files(files))
    with pytest.raises(SavedNetworkError, match=r"my.lenet.c1.weight.npy is missing"):
        SavedNetwork.load(tmp_path / "my.lenet")
    (folder / "c1.bias.npy").write_bytes(b"")
    with pytest.raises(SavedNetworkError, match=r"c1.bias.npy is not the file that was saved"):
        export_network([folder], tmp_path / "new.lenet")
    assert not (tmp_path / "new.lenet").exists()


def test_an_ending_that_is_none_is_told_with_those_that_are(folder, tmp_path):
    with pytest.raises(SavedNetworkError, match=r"Choose one of: .onnx, .safetensors, .npz, .lenet"):
        export_network([folder], tmp_path / "my.pt")
    assert ENDINGS == (".onnx", ".safetensors", ".npz", ".lenet")


def test_a_file_that_cannot_be_written_leaves_what_is_there(folder, tmp_path):
    (tmp_path / "my.npz").mkdir()
    with pytest.raises(SavedNetworkError, match="could not be written"):
        export_network([folder], tmp_path / "my.npz")
    with pytest.raises(SavedNetworkError, match="could not be written"):
        export_network([folder], tmp_path / "nowhere" / "my.npz")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["my.npz", "network"]
