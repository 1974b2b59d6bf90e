"""--mode train: what it prints and saves, and how a training that was interrupted goes on."""

import json
import math
import os
import shlex
import shutil
import signal

import numpy as np
import pytest

from app.commands import train
from app.data.selection import Selection
from app.jobs.teaching import Teaching
from engine import Recognizer, SavedNetwork
from engine.datasets.samples import Sample
from engine.errors import WorkerError
from engine.learning import backprop
from engine.learning.checkpoint import claimed
from engine.learning.training import EpochRecord
from engine.learning.training_config import MOST
from engine.nn.losses import NO_CLASS
from engine.storage.saved_network import load_attachment, load_facts
from tests.app.command_line import ctrl_c_pressed, one_line
from tests.digit_templates import digit_strokes, write_mnist


def test_training_prints_epochs_and_the_test_and_saves_a_network(run, data, tmp_path, real_curves):
    folder = tmp_path / "new"
    status, out, _ = run("--mode", "train", "--path", folder, "--data", data, "--epochs", "2", "--seed", "3")
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("epoch   1/2  train loss")
    assert lines[1].startswith("epoch   2/2  train loss")
    assert all(line.endswith(" digits/s") for line in lines[:3])
    assert lines[2].startswith("trained in ")
    assert lines[3].startswith("epoch 2 was chosen by its validation accuracy: ")
    assert lines[4].startswith("test accuracy")
    assert lines[5] == f"saved in {folder}"
    facts = json.loads((folder / "network.json").read_text())
    assert facts["training"]["config"]["seed"] == 3
    assert facts["training"]["train_count"] + facts["training"]["validation_count"] == 240
    assert facts["test"]["count"] == 50
    assert len((folder / "history.csv").read_text().splitlines()) == 3
    assert (folder / "training.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new"]  # no checkpoint is left
    assert str(tmp_path) not in (folder / "network.json").read_text() + (folder / "README.md").read_text()


@pytest.mark.parametrize("cores", [1, 2])
def test_that_one_process_learns_where_several_were_to_is_said_once(run, data, tmp_path, monkeypatch, cores):
    monkeypatch.setattr(backprop, "cores", lambda: cores)
    options = ["--data", data, "--epochs", "2", "--architecture", "cnn-2", "--processes", "2"]
    status, _, err = run("--mode", "train", "--path", tmp_path / "new", *options)
    assert status == 0
    assert err.count("This process learns alone, not 2 together: there is one core") == (cores == 1)
    facts = json.loads((tmp_path / "new" / "network.json").read_text())["training"]
    assert facts["config"]["processes"] == 2
    assert "--processes 2" in facts["command"]


def test_the_command_on_the_card_repeats_the_run(run, data, trained, tmp_path, monkeypatch):
    command = json.loads((trained / "network.json").read_text())["training"]["command"].split()
    assert command[:2] == ["python", "main.py"]
    monkeypatch.chdir(tmp_path)
    assert run(*command[2:], "--data", data)[0] == 0
    for path in trained.glob("*.npy"):
        assert (tmp_path / trained.name / path.name).read_bytes() == path.read_bytes()


def test_the_configuration_beside_a_network_repeats_the_run(run, data, trained, tmp_path):
    arguments = ["--mode", "train", "--data", data, "--path", tmp_path / "again"]
    assert run(*arguments, "--config", trained / "training.json")[0] == 0
    for path in trained.glob("*.npy"):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_a_configuration_that_cannot_be_used_is_one_line_with_file_and_setting(run, data, tmp_path):
    (tmp_path / "mine.toml").write_text("epochs = 'many'")
    arguments = ["--mode", "train", "--data", data, "--path", tmp_path / "n"]
    status, out, err = run(*arguments, "--config", tmp_path / "mine.toml")
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "mine.toml: epochs must be a whole number, got 'many'" in err


def test_training_in_json_prints_one_object_a_line_and_nothing_else(run, data, tmp_path):
    _, out, _ = run(
        "--mode", "train", "--path", tmp_path / "n", "--data", data, "--epochs", "2", "--format", "json"
    )  # fmt: skip
    records = [json.loads(line) for line in out.splitlines()]
    kinds = [record["record"] for record in records]
    steps = 7  # 220 images in batches of 32
    assert kinds == [*["step"] * steps, "epoch"] * 2 + ["end"]
    assert [record["step"] for record in records if record["record"] == "step"] == list(range(1, 15))
    assert [record["epoch"] for record in records if record["record"] == "epoch"] == [1, 2]
    assert 0 <= records[-1]["test"]["accuracy"] <= 1


def test_training_refuses_to_write_over_a_network_before_it_begins(run, data, trained):
    before = (trained / "network.json").read_bytes()
    status, out, err = run("--mode", "train", "--path", trained, "--data", data, "--epochs", "1")
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "--overwrite" in err
    assert (trained / "network.json").read_bytes() == before


def test_training_without_data_says_how_to_get_it(run, tmp_path):
    status, _, err = run("--mode", "train", "--path", tmp_path / "n", "--data", tmp_path)
    assert status == 1
    assert one_line(err)
    assert "--download" in err
    assert not (tmp_path / "n").exists()


def test_a_setting_that_cannot_work_is_an_error(run, data, tmp_path):
    status, _, err = run("--mode", "train", "--path", tmp_path / "n", "--data", data, "--epochs", "0")
    assert status == 1
    assert "epochs must be 1 or more, got 0" in err


# **** train: interrupted, and resumed ****

SETTINGS = ["--architecture", "mlp-tanh", "--epochs", "3", "--batch-size", "16"]  # 14 steps an epoch


@pytest.fixture
def interrupted(run, data, tmp_path):
    """(the arguments of a training that Ctrl-C has ended in its second epoch, the line it said)."""
    arguments = ["--mode", "train", "--path", tmp_path / "net", "--data", data]
    with ctrl_c_pressed(after=19):
        status, _, err = run(*arguments, *SETTINGS)
    assert status == 130
    return arguments, err


def test_ctrl_c_is_answered_at_once_and_says_how_to_go_on_and_that_ends_with_the_same_bytes(
    run, data, tmp_path, interrupted
):
    _, err = interrupted
    pressed, err = err.splitlines()
    assert pressed.endswith(
        "ending after this step, with all that was learnt; press Ctrl-C again to stop at once"
    )
    assert not (tmp_path / "net").exists()
    command = shlex.split(err.partition("go on with: ")[2])
    assert command[:2] == ["python", "main.py"]
    status, out, err = run(*command[2:])
    assert (status, err) == (0, "lenet-canvas: going on after step 20 of 42\n")
    assert out.startswith("epoch   2/3  ")
    assert not (tmp_path / "net.checkpoint").exists()
    assert run("--mode", "train", "--path", tmp_path / "other", "--data", data, *SETTINGS)[0] == 0
    for path in (tmp_path / "other").glob("*.npy"):
        assert (tmp_path / "net" / path.name).read_bytes() == path.read_bytes()
    epochs = [line.split(",")[:6] for line in (tmp_path / "net/history.csv").read_text().splitlines()]
    assert len(epochs) == 4
    others = (tmp_path / "other/history.csv").read_text().splitlines()
    assert epochs == [line.split(",")[:6] for line in others]


def test_an_interrupted_training_is_not_lost_unasked(run, tmp_path, interrupted):
    arguments, _ = interrupted
    status, out, err = run(*arguments, *SETTINGS)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "holds a training that was interrupted. Go on with it by --resume, or" in err
    assert (tmp_path / "net.checkpoint" / "last.checkpoint").exists()


def test_overwrite_begins_an_interrupted_training_anew(run, tmp_path, interrupted):
    arguments, _ = interrupted
    status, out, err = run(*arguments, *SETTINGS, "--overwrite")
    assert (status, err) == (0, "")
    assert out.startswith("epoch   1/3")


def test_going_on_takes_the_settings_it_was_begun_with_and_no_others(run, interrupted):
    arguments, _ = interrupted
    status, out, err = run(*arguments, "--resume", "--epochs", "3", "--batch-size", "32")
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "goes on with batch_size 16, as the training was begun, not with 32. Name no other" in err
    assert run(*arguments, *SETTINGS, "--resume")[0] == 0  # the same ones may be named


def test_going_on_takes_another_number_of_workers(run, tmp_path, interrupted):
    arguments, _ = interrupted
    assert run(*arguments, "--resume", "--workers", "0")[0] == 0
    assert "workers" not in json.loads((tmp_path / "net" / "training.json").read_text())  # it decides nothing


def test_ctrl_c_before_the_first_step_tells_of_a_checkpoint_where_there_is_one(
    run, data, tmp_path, interrupted, monkeypatch
):
    def pressing_ctrl_c(*arguments, **options):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Selection, "training_data", pressing_ctrl_c)
    arguments, before = interrupted
    status, _, err = run(*arguments, "--resume")
    assert (status, err) == (130, before.splitlines(keepends=True)[-1])
    status, _, err = run("--mode", "train", "--path", tmp_path / "new", "--data", data)
    assert (status, one_line(err), "--resume" in err) == (130, True, False)


def test_ctrl_c_twice_ends_at_once_and_offers_no_checkpoint_that_is_not_there(
    run, data, tmp_path, monkeypatch
):
    def pressing_ctrl_c_twice(*arguments):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        yield from ()

    monkeypatch.setattr(train, "checkpointed", pressing_ctrl_c_twice)
    status, _, err = run("--mode", "train", "--path", tmp_path / "net", "--data", data, *SETTINGS)
    assert status == 130
    pressed, ended = err.splitlines()
    assert "press Ctrl-C again" in pressed
    assert ended == "lenet-canvas: Interrupted. Nothing was learnt that could be kept."


def test_a_process_that_has_ended_says_how_to_go_on(run, data, tmp_path, monkeypatch):
    original = train.checkpointed

    def ended(*arguments):
        for record in original(*arguments):
            yield record
            if isinstance(record, EpochRecord):
                raise WorkerError("A process was ended.")

    monkeypatch.setattr(train, "checkpointed", ended)
    status, _, err = run("--mode", "train", "--path", tmp_path / "net", "--data", data, *SETTINGS)
    assert status == 1
    assert one_line(err)
    assert "A process was ended. When that is mended, go on with: python main.py" in err
    assert shlex.split(err)[-3:] == ["--resume", "--data", str(data)]


def test_a_network_is_trained_in_the_folder_that_one_is_in(run, data, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("--mode", "train", "--path", ".", "--data", data, *SETTINGS)[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    facts = json.loads((tmp_path / "here" / "network.json").read_text())
    assert "--path here" in facts["training"]["command"]


def test_going_on_with_other_data_is_an_error(run, tmp_path, interrupted):
    arguments, _ = interrupted
    write_mnist(tmp_path / "others", train=240, test=50, rng=np.random.default_rng(2))
    status, _, err = run(*arguments, "--data", tmp_path / "others", "--resume")
    assert status == 1
    assert one_line(err)
    assert "was begun with another data set" in err
    assert (tmp_path / "net.checkpoint" / "last.checkpoint").exists()


def test_nothing_to_go_on_with_is_an_error(run, data, tmp_path):
    status, _, err = run("--mode", "train", "--path", tmp_path / "n", "--data", data, "--resume")
    assert status == 1
    assert one_line(err)
    assert "There is no checkpoint in" in err


def test_a_damaged_checkpoint_is_told_and_the_one_before_used(run, tmp_path, interrupted):
    arguments, _ = interrupted
    last = tmp_path / "net.checkpoint" / "last.checkpoint"
    last.write_bytes(last.read_bytes()[:1000])
    status, _, err = run(*arguments, "--resume")
    assert status == 0
    damage, going_on = err.splitlines()
    assert "last.checkpoint is damaged" in damage
    assert damage.endswith("The one before it takes its place.")
    assert going_on.endswith("going on after step 14 of 42")


def test_two_damaged_checkpoints_are_an_error(run, tmp_path, interrupted):
    arguments, _ = interrupted
    for path in (tmp_path / "net.checkpoint").iterdir():
        path.write_bytes(b"")
    status, _, err = run(*arguments, "--resume")
    assert status == 1
    assert one_line(err)
    assert "last.checkpoint is damaged" in err
    assert "previous.checkpoint is damaged" in err


def test_a_full_disk_ends_training_with_the_last_good_checkpoint_and_how_to_go_on(
    run, data, tmp_path, monkeypatch
):
    synced = []
    original = os.fsync

    def full_at_the_second(descriptor):
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")
        original(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_at_the_second)
        status, _, err = run("--mode", "train", "--path", tmp_path / "net", "--data", data, *SETTINGS)
    assert status == 1
    assert one_line(err)
    assert "No space left on device. The one before is still there. When that is mended, go on with:" in err
    command = shlex.split(err.partition("go on with: ")[2])
    assert "going on after step 14 of 42" in run(*command[2:])[2]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_loss_that_explodes_says_what_to_do_and_what_is_kept(run, data, tmp_path, monkeypatch):
    monkeypatch.setitem(MOST, "learning_rate", math.inf)
    arguments = ["--mode", "train", "--path", tmp_path / "net", "--data", data, *SETTINGS]
    explosive = ["--optimizer", "sgd", "--learning-rate", "1e30", "--schedule", "constant"]
    with np.errstate(all="ignore"):
        status, _, err = run(*arguments, *explosive, "--loss", "squared-error")
    assert status == 1
    assert one_line(err)
    assert "of epoch 1, at a learning rate of 1e+30. Lower the learning rate and train again." in err
    assert not (tmp_path / "net").exists()


def test_a_loss_that_explodes_later_leaves_the_last_checkpoint_and_says_so(run, data, tmp_path, monkeypatch):
    losses = iter([*[1.0] * 20, float("nan")])
    monkeypatch.setattr("engine.nn.network.Network.loss_and_gradients", lambda *a, **k: next(losses))
    status, _, err = run("--mode", "train", "--path", tmp_path / "net", "--data", data, *SETTINGS)
    assert status == 1
    assert one_line(err)
    assert "The loss is nan at step 21 of epoch 2" in err
    assert f"The state before stays in {tmp_path / 'net'}.checkpoint; --overwrite begins anew." in err
    assert (tmp_path / "net.checkpoint" / "last.checkpoint").exists()


@pytest.mark.parametrize(
    ("way", "more"), [("net", []), ("link", ["--overwrite"]), ("inner/../net", ["--resume"])]
)
def test_two_trainings_into_one_folder_are_told_at_the_start(run, tmp_path, interrupted, way, more):
    arguments, _ = interrupted
    arguments[3] = tmp_path / way
    (tmp_path / "inner").mkdir()
    (tmp_path / "link").symlink_to("net", target_is_directory=True)
    before = (tmp_path / "net.checkpoint" / "last.checkpoint").read_bytes()
    with claimed(tmp_path / "net.checkpoint"):
        status, out, err = run(*arguments, *SETTINGS, *more)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "Another training is under way that keeps its state in" in err
    assert (tmp_path / "net.checkpoint" / "last.checkpoint").read_bytes() == before
    assert run(*arguments, "--resume")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inner", "link", "net"]


class Killed(BaseException):
    """As by SIGKILL: nothing of the command answers it."""


@pytest.fixture
def killed_at_the_end(run, data, tmp_path, monkeypatch):
    """The arguments of a training that was killed with its network saved and its checkpoint still there."""
    arguments = ["--mode", "train", "--path", tmp_path / "net", "--data", data]

    def kill(folder):
        if (tmp_path / "net").exists():
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(train, "remove_checkpoint", kill)
        run(*arguments, *SETTINGS)
    assert (tmp_path / "net.checkpoint" / "last.checkpoint").exists()
    return arguments


@pytest.mark.parametrize("more", [[], ["--overwrite"], ["--workers", "0"], ["--format", "json"]])
def test_going_on_with_a_training_whose_network_is_saved_says_that_it_is_finished(
    run, tmp_path, killed_at_the_end, more
):
    files = {path.name: path.read_bytes() for path in (tmp_path / "net").iterdir()}
    status, out, err = run(*killed_at_the_end, "--resume", *more)
    assert (status, out) == (0, "")
    assert err == f"lenet-canvas: This training is finished: its network is in {tmp_path / 'net'}.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["net"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "net").iterdir()} == files


def test_a_network_that_another_training_has_saved_is_not_taken_for_the_finished_one(
    run, data, tmp_path, killed_at_the_end
):
    """One of the same settings with other weights, and one of the same weights with other settings."""
    write_mnist(tmp_path / "others", train=240, test=50, rng=np.random.default_rng(2))
    for digits, settings in ((tmp_path / "others", []), (data, ["--patience", "7"])):
        other = tmp_path / "other"
        assert run("--mode", "train", "--path", other, "--data", digits, *SETTINGS, *settings)[0] == 0
        shutil.rmtree(tmp_path / "net")
        other.rename(tmp_path / "net")
        status, out, err = run(*killed_at_the_end, "--resume")
        assert (status, out) == (1, "")
        assert "holds a network already" in err
    status, out, err = run(*killed_at_the_end, "--resume", "--overwrite")
    assert (status, err) == (0, "lenet-canvas: going on after step 42 of 42\n")
    assert f"saved in {tmp_path / 'net'}" in out
    assert not (tmp_path / "net.checkpoint").exists()


def test_a_training_that_ended_without_its_network_saved_saves_it(run, tmp_path, killed_at_the_end):
    shutil.rmtree(tmp_path / "net")
    assert run(*killed_at_the_end, "--resume")[0] == 0
    assert (tmp_path / "net" / "network.json").exists()


# **** going on from a network ****


def test_training_goes_on_from_a_network_and_records_which(run, data, trained, tmp_path):
    further = ["--mode", "train", "--data", data, "--epochs", 1, "--start", trained, "--distil", 0.5]
    assert run(*further, "--path", tmp_path / "one")[0] == 0
    facts = json.loads((tmp_path / "one/network.json").read_text())
    config = json.loads((tmp_path / "one/training.json").read_text())
    assert (config["start"], config["parent"]) == ("mine", load_facts(trained).identity)
    assert (config["distil"], config["architecture"]) == (0.5, "lenet5")
    assert f"--start mine --parent {config['parent']} --distil 0.5" in facts["training"]["command"]
    assert str(tmp_path) not in (tmp_path / "one/README.md").read_text()
    # its own settings repeat it, where the network is at hand
    again = [
        "--mode",
        "train",
        "--data",
        data,
        "--config",
        tmp_path / "one/training.json",
        "--start",
        trained,
    ]
    assert run(*again, "--path", tmp_path / "two")[0] == 0
    for path in (tmp_path / "one").glob("*.npy"):
        assert (tmp_path / "two" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            ["--architecture", "cnn-2"],
            "is a network of the architecture lenet5, with which no cnn-2 can begin",
        ),
        (["--parent", "0" * 64], "is another network than the training began with: its SHA-256 is "),
        (["--loss", "map", "--distil", 0.5], "distil goes with cross-entropy, not with map."),
    ],
)
def test_what_cannot_go_on_from_a_network_is_told_before_anything_is_learnt(
    run, data, trained, tmp_path, more, problem
):
    arguments = ["--mode", "train", "--data", data, "--path", tmp_path / "new", "--start", trained, *more]
    status, out, err = run(*arguments)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert problem in err
    assert list(tmp_path.iterdir()) == []


def test_a_network_of_another_program_is_not_trained_further(run, data, trained, tmp_path):
    assert run("--mode", "export", "--path", trained, "--save", tmp_path / "its.onnx")[0] == 0
    arguments = ["--data", data, "--path", tmp_path / "new", "--start", tmp_path / "its.onnx"]
    status, _, err = run("--mode", "train", *arguments)
    assert status == 1
    assert one_line(err)
    assert "was made by another program, and cannot be trained any further." in err
    status, _, err = run(
        "--mode", "train", "--data", data, "--path", tmp_path / "new", "--start", tmp_path / "no"
    )
    assert status == 1
    assert one_line(err)


def test_distillation_that_was_interrupted_goes_on_without_the_network_it_began_with(
    run, data, trained, tmp_path
):
    start = tmp_path / "start"
    shutil.copytree(trained, start)
    arguments = ["--mode", "train", "--data", data, "--epochs", 1, "--start", start, "--distil", 0.5]
    assert run(*arguments, "--path", tmp_path / "whole")[0] == 0
    with ctrl_c_pressed(after=5):
        assert run(*arguments, "--path", tmp_path / "net")[0] == 130
    shutil.rmtree(start)
    status, _, err = run(
        "--mode", "train", "--data", data, "--path", tmp_path / "net", "--resume", "--start", trained
    )
    assert (status, "goes on with start start, as the training was begun, not with mine" in err) == (1, True)
    assert run("--mode", "train", "--data", data, "--path", tmp_path / "net", "--resume")[0] == 0
    for path in (tmp_path / "whole").glob("*.npy"):
        assert (tmp_path / "net" / path.name).read_bytes() == path.read_bytes()


CROSSES = [[(0, 0), (1, 3)], [(1, 0), (0, 3)], [(0, 1), (1, 1)]]


@pytest.fixture
def taught(trained, data, tmp_path):
    """The trained network, which has also been taught that crosses are a 6, and a 1 is no digit."""
    samples = [Sample(6, CROSSES), Sample(NO_CLASS, digit_strokes(1))]
    Teaching(trained, samples, data=data, keeps_doubtful=True).save(tmp_path / "taught", overwrite=False)
    return tmp_path / "taught"


def test_what_a_network_was_taught_goes_along_when_training_goes_on(run, data, taught, trained, tmp_path):
    lines, before = load_attachment(taught, "samples.jsonl"), SavedNetwork.load(taught)
    arguments = ["--mode", "train", "--data", data, "--epochs", 1, "--path", tmp_path / "net"]
    with ctrl_c_pressed(after=5):
        assert run(*arguments, "--start", taught)[0] == 130
    shutil.rmtree(taught)  # by then it is needed no more
    status, out, _ = run("--mode", "train", "--data", data, "--path", tmp_path / "net", "--resume")
    assert (status, "it remembers 2 samples, as the network did" in out) == (0, True)
    assert not (tmp_path / "net.checkpoint").exists()
    assert load_attachment(tmp_path / "net", "samples.jsonl") == lines
    saved = SavedNetwork.load(tmp_path / "net")
    assert saved.memory.labels.tolist() == [6, NO_CLASS]
    assert not np.array_equal(saved.memory.places, before.memory.places)  # where the new network sees them
    assert (saved.facts.taught.count, saved.facts.taught.samples) == (2, before.facts.taught.samples)
    assert saved.facts.taught.parent != before.facts.taught.parent
    reader = Recognizer.load(tmp_path / "net")
    assert (reader.recognize(CROSSES).digit, reader.recognize(digit_strokes(1)).is_digit) == (6, False)


def test_what_was_taught_to_one_does_not_get_to_another_that_is_trained_in_its_place(
    run, data, taught, trained, tmp_path
):
    arguments = ["--mode", "train", "--data", data, "--epochs", 1, "--path", tmp_path / "net"]
    with ctrl_c_pressed(after=5):
        assert run(*arguments, "--start", taught)[0] == 130
    status, out, _ = run(*arguments, "--start", trained, "--overwrite")
    assert (status, "it remembers" in out) == (0, False)
    assert SavedNetwork.load(tmp_path / "net").memory is None
    assert load_attachment(tmp_path / "net", "samples.jsonl") is None


def test_a_training_that_ends_before_its_first_step_leaves_no_samples(
    run, data, taught, tmp_path, monkeypatch
):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "_learn", interrupt)
    arguments = ["--mode", "train", "--data", data, "--path", tmp_path / "net", "--start", taught]
    assert run(*arguments)[0] == 130
    assert not (tmp_path / "net.checkpoint").exists()
