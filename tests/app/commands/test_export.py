"""--mode export."""

from engine import SavedNetwork
from tests.app.command_line import one_line


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


def test_several_networks_are_refused(run, trained, tmp_path):
    several = ("--path", trained, "--path", trained)
    status, out, err = run("--mode", "export", *several, "--save", tmp_path / "my.onnx")
    assert (status, out) == (2, "")
    assert "--mode export takes one --path" in err
    assert not (tmp_path / "my.onnx").exists()
