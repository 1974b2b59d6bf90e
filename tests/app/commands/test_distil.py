"""--mode distil: a network learns from others, of whatever kinds, and its folder tells from which."""

import json
import shlex
import shutil

import numpy as np
import pytest

from engine import SavedNetwork, build_network, save_network
from engine.storage.saved_network import load_facts
from tests.app.command_line import ctrl_c_pressed, one_line

FEW = ["--epochs", 1, "--batch-size", 16, "--architecture", "mlp-tanh"]


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Another network, of another architecture."""
    folder = tmp_path_factory.mktemp("networks") / "second"
    save_network(build_network("cnn-2", rng=np.random.default_rng(3)), folder)
    return folder


@pytest.fixture
def distil(run, data):
    return lambda *arguments: run("--mode", "distil", "--data", data, *arguments)


def arrays(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.npy")}


def test_a_network_is_taught_by_several_and_the_command_on_its_card_repeats_it(
    run, distil, data, trained, second, tmp_path, monkeypatch
):
    told = ["--path", trained, "--path", second, "--to", tmp_path / "new", *FEW, "--distil", 0.9]
    status, out, err = distil(*told)
    assert (status, err) == (0, "")
    assert out.endswith(f"saved in {tmp_path / 'new'}\n")
    config = json.loads((tmp_path / "new/training.json").read_text())
    assert config["teachers"] == [
        {"name": folder.name, "sha256": load_facts(folder).identity} for folder in (trained, second)
    ]
    card = (tmp_path / "new/README.md").read_text()
    assert str(tmp_path) not in card
    assert str(trained.parent) not in card
    command = SavedNetwork.load(tmp_path / "new").facts.training.command
    assert command.startswith(
        "python main.py --mode distil --path mine --path second --to new --architecture"
    )

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for folder in (trained, second):
        shutil.copytree(folder, folder.name)
    assert run(*shlex.split(command)[2:], "--data", data)[0] == 0
    assert arrays(tmp_path / "elsewhere/new") == arrays(tmp_path / "new")
    again = ["--config", tmp_path / "new/training.json", "--to", tmp_path / "again"]
    assert distil("--path", trained, "--path", second, *again)[0] == 0
    assert arrays(tmp_path / "again") == arrays(tmp_path / "new")

    # each teacher counts: by one of them it becomes another network
    alone = ["--path", trained, "--to", tmp_path / "alone", *FEW, "--distil", 0.9]
    assert distil(*alone)[0] == 0
    assert arrays(tmp_path / "alone") != arrays(tmp_path / "new")


def test_a_committees_folder_teaches_as_its_members_do(run, distil, trained, second, tmp_path):
    told = ["--mode", "committee", "--path", trained, "--path", second, "--to", tmp_path / "both"]
    assert run(*told)[0] == 0
    assert distil("--path", tmp_path / "both", "--to", tmp_path / "one", *FEW)[0] == 0
    assert distil("--path", trained, "--path", second, "--to", tmp_path / "two", *FEW)[0] == 0
    assert arrays(tmp_path / "one") == arrays(tmp_path / "two")
    (teacher,) = SavedNetwork.load(tmp_path / "one").facts.training.config.teachers
    assert (teacher.name, teacher.sha256) == ("both", load_facts(tmp_path / "both").identity)


def test_who_is_taught_may_go_on_from_a_network_of_its_own(distil, trained, second, tmp_path):
    told = ["--path", second, "--start", trained, "--to", tmp_path / "new", "--epochs", 1]
    assert distil(*told, "--learning-rate", 1e-9)[0] == 0
    config = SavedNetwork.load(tmp_path / "new").facts.training.config
    assert (config.architecture, config.start, config.distil) == ("lenet5", "mine", 0.5)
    assert [each.name for each in config.teachers] == ["second"]
    before, after = (SavedNetwork.load(folder).network.state() for folder in (trained, tmp_path / "new"))
    for name, array in before.items():
        np.testing.assert_allclose(after[name], array, atol=1e-6)


def test_a_teaching_that_was_interrupted_goes_on_to_the_same_bytes_with_the_same_teacher_alone(
    run, distil, data, trained, second, tmp_path
):
    told = ["--path", trained, *FEW, "--distil", 0.7]
    assert distil(*told, "--to", tmp_path / "whole")[0] == 0
    with ctrl_c_pressed(after=5):
        status, _, err = distil(*told, "--to", tmp_path / "net")
    assert status == 130
    go_on = f"python main.py --mode distil --path {trained} --to {tmp_path / 'net'} --resume --data {data}"
    assert err.endswith(f"Interrupted; go on with: {go_on}\n")
    status, _, err = distil("--path", second, "--to", tmp_path / "net", "--resume")
    assert (status, one_line(err)) == (1, True)
    assert f"--resume goes on with teachers mine (SHA-256 {load_facts(trained).identity})" in err
    status, _, err = run("--mode", "train", "--path", tmp_path / "net", "--resume", "--data", data)
    assert (status, one_line(err)) == (1, True)
    assert f"Name that after --path, with --mode distil and --to {tmp_path / 'net'}." in err

    assert run(*shlex.split(go_on)[2:])[0] == 0
    assert arrays(tmp_path / "net") == arrays(tmp_path / "whole")


def test_a_network_of_another_program_teaches_by_the_name_that_it_would_be_saved_under(
    run, distil, trained, tmp_path
):
    assert run("--mode", "export", "--path", trained, "--save", tmp_path / "its.safetensors")[0] == 0
    assert run("--mode", "convert", "--path", tmp_path / "its.safetensors", "--to", tmp_path / "its")[0] == 0
    assert distil("--path", tmp_path / "its.safetensors", "--to", tmp_path / "new", *FEW)[0] == 0
    (teacher,) = SavedNetwork.load(tmp_path / "new").facts.training.config.teachers
    assert teacher.name == "its.safetensors"
    assert teacher.sha256 == load_facts(tmp_path / "its").identity


def test_what_cannot_teach_is_told_before_anything_is_learnt(distil, trained, second, tmp_path):
    save_network(build_network("cifar10", rng=np.random.default_rng(0)), tmp_path / "colours")
    shutil.copytree(second, tmp_path / "damaged")
    (tmp_path / "damaged/output.weight.npy").write_bytes(b"nothing")
    own = {"name": "mine", "sha256": "0" * 64}
    (tmp_path / "other.json").write_text(json.dumps({"distil": 0.5, "teachers": [own]}))
    before = sorted(tmp_path.iterdir())
    for arguments, problem in (
        (
            ["--path", tmp_path / "colours"],
            "colours tells 10 classes of images of shape (3, 32, 32); lenet5,",
        ),
        (
            ["--path", trained, "--path", tmp_path / "colours"],
            "Member 2 of the committee tells 10 classes of",
        ),
        (["--path", tmp_path / "damaged"], "output.weight.npy"),
        (["--path", tmp_path / "none"], "There is no network folder"),
        (["--path", trained, "--distil", 0], "has a share to distil, above 0"),
        (["--path", trained, "--loss", "map"], "distil goes with cross-entropy, not with map"),
        (
            ["--path", trained, "--config", tmp_path / "other.json"],
            f"by mine (SHA-256 {'0' * 64}), not by mine",
        ),
    ):
        status, out, err = distil(*arguments, "--to", tmp_path / "new")
        assert (status, out, one_line(err)) == (1, "", True), arguments
        assert problem in err
        assert sorted(tmp_path.iterdir()) == before


def test_a_training_without_teachers_is_not_begun_by_the_settings_of_one_with_them(run, data, tmp_path):
    settings = {"epochs": 1, "distil": 0.5, "teachers": [{"name": "mine", "sha256": "ab"}]}
    (tmp_path / "its.json").write_text(json.dumps(settings))
    arguments = ["--data", data, "--config", tmp_path / "its.json", "--path", tmp_path / "new"]
    status, out, err = run("--mode", "train", *arguments)
    assert (status, out, one_line(err)) == (1, "", True)
    assert "This training is taught by mine (SHA-256 ab). Name that after --path, with --mode distil" in err


def test_where_the_new_network_is_to_lie_has_to_be_said(run, trained):
    status, _, err = run("--mode", "distil", "--path", trained)
    assert status == 2
    assert "--mode distil needs --to FOLDER" in err
