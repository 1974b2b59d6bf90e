"""--mode export."""

import numpy as np
import onnxruntime
import pytest

from engine import Confidence, SavedNetwork, build_network, save_network
from engine.datasets.dataset import as_ink
from tests.app.command_line import one_line
from tests.digit_templates import digit_images


def test_a_network_is_exported_and_its_file_read_by_path(run, trained, tmp_path):
    path = tmp_path / "my.lenet"
    status, out, err = run("--mode", "export", "--path", trained, "--save", path)
    assert (status, out, err) == (0, f"saved the network of {trained} as {path}\n", "")
    assert SavedNetwork.load(path).facts == SavedNetwork.load(trained).facts
    assert (
        run("--mode", "predict", "--path", path, "assets/example_7.png")[:2]
        == run("--mode", "predict", "--path", trained, "assets/example_7.png")[:2]
    )


def test_a_file_that_is_there_is_replaced_only_when_asked(run, trained, tmp_path):
    path = tmp_path / "my.npz"
    path.write_text("mine")
    status, out, err = run("--mode", "export", "--path", trained, "--save", path)
    assert (status, out, path.read_text()) == (1, "", "mine")
    assert one_line(err)
    assert "--overwrite" in err
    assert run("--mode", "export", "--path", trained, "--save", path, "--overwrite")[0] == 0
    assert path.read_bytes()[:2] == b"PK"


def test_what_is_missing_is_said(run, trained, tmp_path):
    status, _out, err = run("--mode", "export", "--path", trained)
    assert status == 2
    assert "needs --save FILE" in err
    status, _out, err = run("--mode", "export", "--path", trained, "--save", tmp_path / "my.pt")
    assert status == 1
    assert ".onnx, .safetensors, .npz, .lenet" in err


def test_several_networks_are_one_model_that_answers_by_their_mean(run, trained, tmp_path):
    other = tmp_path / "other"
    save_network(build_network("lenet5", rng=np.random.default_rng(5)), other, confidence=Confidence(0.6))
    several = ("--path", trained, "--path", other)
    status, out, err = run("--mode", "export", *several, "--save", tmp_path / "both.onnx")
    assert (status, err) == (0, "")
    assert out == f"saved the network of {trained} and {other} as {tmp_path / 'both.onnx'}\n"
    image = as_ink(digit_images(1, np.random.default_rng(1))[0])
    session = onnxruntime.InferenceSession(tmp_path / "both.onnx", providers=["CPUExecutionProvider"])
    saved = SavedNetwork.load_all([trained, other])
    expected = saved.confidence.probabilities(saved.classifier.logits(image))
    assert session.run(["probabilities"], {"ink": image[:, None]})[0] == pytest.approx(expected, abs=1e-5)
    told = session.get_modelmeta().custom_metadata_map
    assert told["architecture"] == "lenet5 + lenet5"
    assert "test" not in told


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_several_networks_go_into_no_other_file(run, trained, tmp_path, ending):
    path = tmp_path / f"both{ending}"
    status, out, err = run("--mode", "export", "--path", trained, "--path", trained, "--save", path)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert f"go into one .onnx or .lenet file, not into a {ending} file" in err
    assert not path.exists()
