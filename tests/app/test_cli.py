"""The command line, end to end on small data: what it prints, where, and with which status."""

import io
import json
import math
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from app import cli, data_folder
from app.commands import augment, train
from engine import Dataset, build_network, load_network, save_network
from engine.checkpoint import claimed
from engine.datasets import as_ink, mixture, strokes
from engine.datasets.not_digits import UNSEEN
from engine.errors import WorkerError
from engine.rejection import Rejection
from engine.training import EpochRecord
from engine.training_config import MOST
from tests.digit_templates import digit_images, digit_strokes, write_mnist

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder, train=240, test=50, rng=np.random.default_rng(1))
    return folder


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """A network folder, trained from the command line until it reads the templates."""
    folder = tmp_path_factory.mktemp("networks") / "mine"
    status = cli.main(
        ["--mode", "train", "--path", str(folder), "--data", str(data), "--epochs", "8", "--batch-size", "16"]
    )
    assert status == 0
    return folder


@pytest.fixture
def run(capsys):
    """Run the program here: (status, stdout, stderr)."""

    def run(*arguments):
        capsys.readouterr()
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit:  # argparse
            status = exit.code
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


def one_line(text):
    return text.count("\n") == 1 and text.endswith("\n")


def stroke_line(digit, **extra):
    return json.dumps({"label": digit, "strokes": digit_strokes(digit), **extra}) + "\n"


# **** usage ****


def test_help_names_every_mode_and_option(run):
    status, out, _ = run("--help")
    assert status == 0
    for word in [
        "selftest",
        "train",
        "test",
        "viewtest",
        "predict",
        "DIGITS_DATA",
        "--overwrite",
        "examples",
    ]:
        assert word in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--mode", "dream"],
        ["--no-such-option"],
        ["--mode", "train", "--epochs", "many"],
        ["--mode", "train", "--optimizer", "magic"],
        ["--mode", "test", "--dataset", "letters"],
        ["--mode", "test", "--dataset", "mnist:often"],
        ["--mode", "predict"],
        ["--mode", "test", "--epochs", "3"],
        ["--mode", "test", "digit.png"],
        ["--mode", "test", "--views", "-1"],
        ["--mode", "test", "--views", "many"],
        ["--mode", "viewtest", "--views", "3"],
        ["--epochs", "3"],
        ["--mode", "viewtest", "--format", "json"],
        ["--mode", "report"],
        ["--mode", "report", "--save", "folder", "--format", "json"],
        ["--mode", "augment"],
        ["--mode", "augment", "--save", "a.png", "--epochs", "3"],
        ["--mode", "test", "--resume"],
        ["--mode", "predict", "digit.png", "--config", "a.toml"],
        ["--mode", "train", "--augmentation", "wobble=3"],
    ],
)
def test_wrong_usage_has_status_2_and_prints_nothing_on_stdout(run, arguments):
    status, out, err = run(*arguments)
    assert status == 2
    assert not out
    assert "usage:" in err


def test_an_option_that_the_mode_would_ignore_is_named(run):
    _, _, err = run("--mode", "test", "--learning-rate", "1")
    assert "--mode test takes no --learning-rate" in err


@pytest.mark.parametrize(
    ("views", "problem"),
    [
        ("-1", "--views must be in 0…1,000, got -1"),
        ("1001", "got 1001"),
        ("many", "invalid int value: 'many'"),
    ],
)
def test_a_number_of_views_that_makes_no_sense_is_told(run, views, problem):
    _, _, err = run("--mode", "test", "--views", views)
    assert problem in err


# **** data ****


def test_synthetic_digits_need_no_data(run, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "SYNTHETIC_TEST", 60)
    status, out, _ = run("--mode", "test", "--path", trained, "--dataset", "synthetic", "--data", tmp_path)
    assert status == 0
    assert "of 60 images" in out


def test_a_missing_data_set_is_told_in_one_line(run, trained, data):
    status, out, err = run(
        "--mode", "test", "--path", trained, "--dataset", "mnist,pendigits", "--data", data
    )
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "archive.ics.uci.edu" in err


# **** train ****


def test_training_prints_epochs_and_the_test_and_saves_a_network(run, data, tmp_path):
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


# **** train: interrupted, and gone on with ****

SETTINGS = ["--architecture", "mlp-tanh", "--epochs", "3", "--batch-size", "16"]  # 14 steps an epoch


@pytest.fixture
def interrupted(run, data, tmp_path, monkeypatch):
    """(the arguments of a training that Ctrl-C has ended in its second epoch, the line it said)."""
    original = train.checkpointed

    def pressing_ctrl_c(*arguments):
        for record in original(*arguments):
            yield record
            if getattr(record, "step", 0) == 19:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(train, "checkpointed", pressing_ctrl_c)
    arguments = ["--mode", "train", "--path", tmp_path / "net", "--data", data]
    status, _, err = run(*arguments, *SETTINGS)
    monkeypatch.undo()
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
    assert json.loads((tmp_path / "net" / "training.json").read_text())["workers"] == 0


def test_ctrl_c_before_the_first_step_tells_of_a_checkpoint_where_there_is_one(
    run, data, tmp_path, interrupted, monkeypatch
):
    def pressing_ctrl_c(*arguments, **options):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(data_folder.Choice, "training_data", pressing_ctrl_c)
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

    monkeypatch.setattr(train, "remove_checkpoint", kill)
    with pytest.raises(Killed):
        run(*arguments, *SETTINGS)
    monkeypatch.undo()
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

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    status, _, err = run("--mode", "train", "--path", tmp_path / "net", "--data", data, *SETTINGS)
    assert status == 1
    assert one_line(err)
    assert "No space left on device. The one before is still there. When that is mended, go on with:" in err
    monkeypatch.undo()
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
    monkeypatch.setattr("engine.network.Network.loss_and_gradients", lambda *a, **k: next(losses))
    status, _, err = run("--mode", "train", "--path", tmp_path / "net", "--data", data, *SETTINGS)
    assert status == 1
    assert one_line(err)
    assert "The loss is nan at step 21 of epoch 2" in err
    assert f"The state before stays in {tmp_path / 'net'}.checkpoint; --overwrite begins anew." in err
    assert (tmp_path / "net.checkpoint" / "last.checkpoint").exists()


# **** augment ****


def test_a_picture_of_variants_is_saved_and_repeats(run, data, tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)

    def picture(name, *more):
        arguments = ["--mode", "augment", "--data", data, "--save", tmp_path / f"{name}.png", *more]
        assert run(*arguments) == (0, f"saved {tmp_path / name}.png\n", "")
        with Image.open(tmp_path / f"{name}.png") as image:
            assert image.width > 800
            return image.tobytes()

    (tmp_path / "strong.toml").write_text("[augmentation]\nrotation = 40\n")
    plain = picture("plain")
    assert picture("again") == plain
    others = [
        picture("seed", "--seed", 1),
        picture("typed", "--augmentation", "elastic=1@0.5"),
        picture("file", "--config", tmp_path / "strong.toml"),
        picture("recipe", "--architecture", "best"),
    ]
    assert len({plain, *others}) == 5


def test_drawings_are_shown_without_rendering_an_epoch_of_them(run, data, tmp_path, monkeypatch):
    rendered = []
    original = mixture.render

    def counted(drawings, **options):
        rendered.extend(drawings)
        return original(drawings, **options)

    monkeypatch.setattr(strokes, "render", counted)
    monkeypatch.setattr(mixture, "render", counted)
    monkeypatch.setattr(augment, "ENOUGH", 40)
    arguments = ["--mode", "augment", "--data", data, "--dataset", "mnist,synthetic,not-digits:0.001"]
    assert run(*arguments, "--save", tmp_path / "a.png")[0] == 0
    assert len(rendered) == 80


def test_a_class_without_an_example_is_left_out_of_the_picture(run, tmp_path, monkeypatch, rng):
    images, labels = digit_images(60, rng)
    few = Dataset(images[labels % 3 == 0], labels[labels % 3 == 0])
    monkeypatch.setitem(
        data_folder.SOURCES, "mnist", data_folder.Source("MNIST", lambda folder: True, lambda *a: few)
    )
    shown = []
    monkeypatch.setattr("app.figures.variants_page", lambda images, *more: shown.append(images) or Figure())
    assert run("--mode", "augment", "--data", tmp_path, "--save", tmp_path / "a.png")[0] == 0
    (images,) = shown
    of = {image.tobytes(): label for image, label in zip(as_ink(few.images), few.labels, strict=True)}
    assert [of[image.tobytes()] for image in images] == [0] * 4 + [3] * 4 + [6] * 4 + [9] * 4


def test_no_augmentation_cannot_be_shown(run, data, tmp_path):
    arguments = ["--mode", "augment", "--data", data, "--save", tmp_path / "a.png"]
    status, _, err = run(*arguments, "--augmentation", "none")
    assert status == 1
    assert one_line(err)
    assert "There is nothing to show" in err
    status, _, err = run(*arguments, "--augmentation", "flip=0.5,shift=2")
    assert status == 1
    assert "FlipAndShift is not made for MNIST's images" in err


# **** test ****


def test_testing_in_json_has_the_promised_keys(run, data, trained):
    status, out, err = run("--mode", "test", "--path", trained, "--data", data, "--format", "json")
    assert (status, err) == (0, "")
    assert one_line(out)
    facts = json.loads(out)
    assert {"accuracy", "accuracy_first_half", "accuracy_second_half", "loss", "confusion", "count"} <= set(
        facts
    )
    assert facts["count"] == 50
    assert np.sum(facts["confusion"]) == 50
    assert np.trace(facts["confusion"]) == round(facts["accuracy"] * 50)
    card = json.loads((trained / "network.json").read_text())["test"]
    assert {name: card[name] for name in facts if name in card} == {n: facts[n] for n in facts if n in card}


def test_testing_in_text_shows_accuracy_interval_and_confusion(run, data, trained):
    _, out, _ = run("--mode", "test", "--path", trained, "--data", data)
    assert "of 50 images (95 % interval" in out
    assert "confusion" in out
    lines = out.splitlines()
    assert len(lines) == 20
    assert lines[-2].split().count("%") == 10
    assert lines[-1].startswith("calibration error ")


def test_testing_with_views_says_so_and_measures_the_averaged_answers(run, data, trained):
    arguments = ["--mode", "test", "--path", trained, "--data", data]
    _, out, _ = run(*arguments, "--views", "3")
    assert "\neach image read 4 times, once as it is, and the answers averaged\n" in out
    once, several, again = (
        json.loads(run(*arguments, "--format", "json", *more)[1])
        for more in ([], ["--views", "3"], ["--views", "3"])
    )
    assert (once["views"], several["views"]) == (0, 3)
    assert several["loss"] != once["loss"]
    assert several == again


def test_digits_that_are_always_read_right_keep_to_their_column(run, data):
    _, out, _ = run("--mode", "test", "--path", ROOT / "saved_network", "--data", data)
    rows = [line.split() for line in out.splitlines()[5:15]]
    assert all(len(row) == 13 and row[-2:] == ["100.00", "%"] for row in rows)


def test_testing_gives_precision_recall_and_f1_of_each_digit(run, data, trained):
    _, out, _ = run("--mode", "test", "--path", trained, "--data", data, "--format", "json")
    facts = json.loads(out)
    confusion = np.array(facts["confusion"])
    for digit, shares in enumerate(facts["classes"]):
        right = confusion[digit, digit]
        assert shares["recall"] == pytest.approx(right / confusion[digit].sum())
        assert shares["precision"] == pytest.approx(right / confusion[:, digit].sum())
    assert 0 <= facts["calibration_error"] <= 1
    mistakes = 50 - np.trace(confusion)
    assert sum(pair["count"] for pair in facts["misread"]) == min(mistakes, sum(confusion[confusion > 0]))


def test_each_data_set_of_several_is_told(run, data, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "SYNTHETIC_TEST", 60)
    network = load_network(trained)
    network.rejection = Rejection(1e6, 0, 1, 1)  # more evidence than there ever is
    save_network(network, tmp_path / "strict")
    alone = run("--mode", "test", "--path", trained, "--data", data)[1]
    several = ["--mode", "test", "--data", data, "--dataset", "mnist,synthetic,not-digits", "--path"]
    _, out, _ = run(*several, trained)
    assert out.startswith(alone)
    further, none = out[len(alone) :].splitlines()
    assert re.fullmatch(r"synthetic digits, test part: .* % of 60 \(95 % interval .* % to .* %\)", further)
    assert none == "drawings of no digit: 0.00 % of 60 called no digit"
    _, out, _ = run(*several, tmp_path / "strict")
    assert out.splitlines()[-3:] == [
        "MNIST: 100.00 % of 50 called no digit",
        "synthetic digits: 100.00 % of 60 called no digit",
        "drawings of no digit: 100.00 % of 60 called no digit",
    ]
    facts = json.loads(run(*several, tmp_path / "strict", "--format", "json")[1])
    assert facts["count"] == np.sum(facts["confusion"]) == 50
    assert [(part["name"], part["count"]) for part in facts["drawings"]] == [
        ("synthetic digits, test part", 60)
    ]
    assert facts["rejected"]["mnist"] == {"rejected": 50, "count": 50}
    assert list(facts["rejected"]) == ["mnist", "synthetic", "not-digits"]


def test_data_is_found_through_the_environment(run, data, trained, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(data))
    assert run("--mode", "test", "--path", trained)[0] == 0


@pytest.mark.parametrize("mode", ["test", "viewtest", "predict", "selftest"])
def test_a_missing_network_is_one_line_on_stderr(run, data, tmp_path, mode):
    more = {"test": ["--data", data], "viewtest": ["--data", data], "predict": ["x.png"]}.get(mode, [])
    status, out, err = run("--mode", mode, "--path", tmp_path / "nowhere", *more)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "There is no network folder" in err


# **** viewtest ****


@pytest.mark.parametrize("more", [[], ["--mistakes"]])
def test_a_page_of_test_images_is_saved_as_a_picture(run, data, trained, tmp_path, more, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    page = tmp_path / "page.png"
    status, _, err = run("--mode", "viewtest", "--path", trained, "--data", data, "--save", page, *more)
    assert (status, err) == (0, "")
    with Image.open(page) as image:
        assert image.width > 600


@pytest.mark.parametrize("more", [[], ["--mistakes"]])
def test_the_page_shows_the_first_of_several_data_sets_and_says_so(
    run, data, trained, tmp_path, more, monkeypatch
):
    shown = []
    monkeypatch.setattr("app.figures.save_figure", lambda *arguments: None)
    monkeypatch.setattr("app.figures.digit_page", lambda *arguments: shown.append(arguments))
    run("--mode", "viewtest", "--path", trained, "--data", data, "--save", tmp_path / "page.png",
        "--dataset", "mnist,synthetic", *more)  # fmt: skip
    ((images, _, _, title),) = shown
    assert len(images) == 50
    assert title.startswith("MNIST")
    assert "synthetic" not in title


def test_a_picture_of_no_known_kind_is_refused(run, data, trained, tmp_path):
    status, _, err = run(
        "--mode", "viewtest", "--path", trained, "--data", data, "--save", tmp_path / "page.docx"
    )  # fmt: skip
    assert status == 1
    assert "ends in one of" in err


# **** report ****


@pytest.fixture
def drawings(tmp_path):
    path = tmp_path / "drawings.jsonl"
    path.write_text("".join(stroke_line(digit) for digit in range(10)))
    return path


@pytest.fixture
def quick(monkeypatch):
    """Two amounts of one distortion, where the real ones take a second."""
    from engine import robustness

    shift = robustness.DISTORTIONS["shift"]
    monkeypatch.setattr(robustness, "DISTORTIONS", {"shift": replace(shift, amounts=(0, 2))})


def test_a_report_is_a_page_and_its_figures(run, data, trained, tmp_path, quick, drawings):
    folder = tmp_path / "new" / "report"
    status, out, err = run("--mode", "report", "--path", trained, "--data", data, "--save", folder, drawings)
    assert (status, err) == (0, "")
    assert out == f"saved {folder / 'report.html'}\n"
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.json"]
    facts = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    _, tested, _ = run("--mode", "test", "--path", trained, "--data", data, "--format", "json")
    tested = json.loads(tested)
    images, strokes = facts["measured"]
    assert images["name"] == "MNIST's test set"
    for name in ("count", "accuracy", "interval", "confusion"):
        assert images[name] == tested[name]
    assert [(record["distortion"], record["amount"]) for record in images["robustness"]] == [
        ("shift", 0), ("shift", 2)
    ]  # fmt: skip
    assert (strokes["name"], strokes["count"]) == ("Drawings in drawings.jsonl", 10)
    assert len(facts["network"]["history"]) == 8
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert f"{100 * tested['accuracy']:.1f} %" in page
    assert str(tmp_path) not in page


def test_a_report_keeps_other_files_and_replaces_an_older_one(run, data, trained, tmp_path, quick):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "report.json").write_text("old")
    assert run("--mode", "report", "--path", trained, "--data", data, "--save", tmp_path)[0] == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert json.loads((tmp_path / "report.json").read_text())["measured"]


def test_a_report_in_place_of_a_file_is_refused(run, data, trained, drawings):
    before = drawings.read_bytes()
    status, out, err = run("--mode", "report", "--path", trained, "--data", data, "--save", drawings)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "is a file, but a report is a folder" in err
    assert drawings.read_bytes() == before


def test_drawings_of_two_files_are_told_apart_even_by_equal_names(run, data, trained, tmp_path, quick):
    files = [tmp_path / name / "same.jsonl" for name in ("a", "b")]
    for file, writer in zip(files, ("ann", "bob"), strict=True):
        file.parent.mkdir()
        file.write_text("".join(stroke_line(digit, writer=writer) for digit in range(3)))
    assert run("--mode", "report", "--path", trained, "--data", data, "--save", tmp_path, *files)[0] == 0
    _, drawn = json.loads((tmp_path / "report.json").read_text())["measured"]
    assert [(group["source"], group["count"]) for group in drawn["groups"]["source"]] == [
        (str(file), 3) for file in files
    ]
    assert [(group["writer"], group["count"]) for group in drawn["groups"]["writer"]] == [
        ("ann", 3), ("bob", 3)
    ]  # fmt: skip


def test_what_is_no_digit_has_its_own_chapter(run, data, trained, tmp_path, quick, drawings):
    """Labels in words beside digits, and the kinds of drawings that no training is shown."""
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text(stroke_line(3) + stroke_line(4, label="star"))
    command = ["--mode", "report", "--path", trained, "--data", data, "--save", tmp_path / "report"]
    status, _, err = run(*command, "--dataset", "mnist,not-digits", mixed, drawings)
    assert (status, err) == (0, "")
    facts = json.loads((tmp_path / "report" / "report.json").read_text())
    assert facts["measured"][1]["count"] == 1 + 10
    assert facts["not_digits"]["count"] == 2_000 + 1
    kinds = {group["kind"] for group in facts["not_digits"]["groups"]["kind"]}
    assert kinds == {*UNSEEN, "star"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no drawing"),
        ('{"strokes": [[[0, 0], [1, 1]]], "label": 12}\n', "line 1 has the label 12"),
        ("nonsense\n", "line 1 is no JSON"),
    ],
)
def test_drawings_that_cannot_be_measured_are_an_error(run, data, trained, tmp_path, content, message):
    file = tmp_path / "bad.jsonl"
    file.write_text(content)
    status, out, err = run(
        "--mode", "report", "--path", trained, "--data", data, "--save", tmp_path / "new", file
    )
    assert (status, out) == (1, "")
    assert one_line(err)
    assert message in err
    assert not (tmp_path / "new").exists()


def test_a_network_for_photographs_has_a_report_without_framing_and_drawings(run, tmp_path, rng, drawings):
    network, photographs = tmp_path / "network", tmp_path / "data"
    save_network(build_network("cifar10", rng=rng), network)
    photographs.mkdir()
    for name in ("data_batch_1.bin", "test_batch.bin"):
        records = rng.integers(0, 256, (12, 3073), dtype=np.uint8)
        records[:, 0] = np.arange(12) % 10
        (photographs / name).write_bytes(records.tobytes())
    command = ["--mode", "report", "--path", network, "--data", photographs, "--save", tmp_path / "report"]
    status, _, err = run(*command)
    assert (status, err) == (0, "")
    (measured,) = json.loads((tmp_path / "report" / "report.json").read_text())["measured"]
    assert measured["classes"][3]["class"] == "cat"
    assert measured["robustness"] == []
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "framed" not in page
    assert "not recorded" in page  # how it was trained
    status, _, err = run(*command, drawings)
    assert status == 1
    assert "reads no drawings" in err


# **** predict ****


def test_stroke_files_are_answered_line_by_line(run, trained, drawings):
    status, out, err = run("--mode", "predict", "--path", trained, drawings, "--format", "json")
    assert (status, err) == (0, "")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["index"] for record in records] == list(range(10))
    assert [record["label"] for record in records] == list(range(10))
    assert sum(record["digit"] == record["label"] for record in records) >= 9
    for record in records:
        assert record["file"] == str(drawings)
        assert len(record["probabilities"]) == 10
        assert sum(record["probabilities"]) == pytest.approx(1, abs=1e-4)
        assert record["confidence"] == max(record["probabilities"])


def test_standard_input_is_read_as_a_stroke_file(run, trained, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(stroke_line(4)))
    _, out, _ = run("--mode", "predict", "--path", trained, "-", "--format", "json")
    record = json.loads(out)
    assert (record["file"], record["index"], record["label"]) == ("-", 0, 4)


def test_image_files_are_answered(run, trained, tmp_path):
    images, labels = digit_images(10, np.random.default_rng(2))
    paths = []
    for image, label in zip(images, labels, strict=True):
        paths.append(tmp_path / f"{label}.png")
        Image.fromarray(255 - image).resize((280, 280)).save(paths[-1])
    status, out, _ = run("--mode", "predict", "--path", trained, *paths, "--format", "json")
    assert status == 0
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["file"] for record in records] == [str(path) for path in paths]
    assert sum(r["digit"] == label for r, label in zip(records, labels, strict=True)) >= 9
    assert "label" not in records[0]


def test_bad_lines_and_files_are_told_and_the_others_still_answered(run, trained, tmp_path, drawings):
    broken = tmp_path / "broken.jsonl"
    broken.write_text(stroke_line(1) + "rubbish\n\n" + stroke_line(2) + '{"strokes": [[[1]]]}\n')
    (tmp_path / "no.png").write_text("no picture")
    (tmp_path / "latin.jsonl").write_bytes(b'{"strokes": "\xff"}\n')
    status, out, err = run(
        "--mode", "predict", "--path", trained, "--format", "json",
        broken, tmp_path / "no.png", tmp_path / "missing.jsonl", tmp_path / "latin.jsonl", tmp_path, drawings,
    )  # fmt: skip
    assert status == 1
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["index"] for record in records] == [0, 3, *range(10)]
    lines = err.splitlines()
    assert len(lines) == 6
    assert "broken.jsonl, line 2: is no JSON" in lines[0]
    assert "broken.jsonl, line 5:" in lines[1]
    assert "no.png is no image" in lines[2]
    assert "missing.jsonl: No such file" in lines[3]
    assert "latin.jsonl" in lines[4]


@pytest.mark.parametrize(
    ("points", "problem"),
    [("[1e308, 0], [-1e308, 5]", "Coordinates must be smaller"), ("[5e-324, 0], [0, 0]", "")],
)
def test_absurd_coordinates_do_not_end_the_reading(run, trained, tmp_path, points, problem):
    path = tmp_path / "absurd.jsonl"
    path.write_text(f'\ufeff{{"strokes": [[{points}]]}}\n{stroke_line(7)}', encoding="utf-8")
    status, out, err = run("--mode", "predict", "--path", trained, path, "--format", "json")
    assert json.loads(out.splitlines()[-1])["index"] == 1
    assert problem in err
    assert status == (1 if problem else 0)


def test_an_empty_drawing_and_a_dot_have_defined_answers(run, trained, tmp_path):
    path = tmp_path / "odd.jsonl"
    path.write_text('{"strokes": []}\n{"strokes": [[[5, 5]]]}\n')
    status, out, _ = run("--mode", "predict", "--path", trained, path, "--format", "json")
    empty, dot = (json.loads(line) for line in out.splitlines())
    assert status == 0
    assert (empty["digit"], empty["confidence"], empty["is_digit"]) == (None, 0.0, False)
    assert not dot["is_digit"]
    _, out, _ = run("--mode", "predict", "--path", trained, path)
    assert "nothing drawn" in out
    assert "not a digit (nearest:" in out


def test_what_the_network_rejects_and_what_it_wavers_about_is_said(run, trained, tmp_path):
    network = load_network(trained)
    network.temperature = 1e4  # every digit as likely as the next
    save_network(network, tmp_path / "wavering")
    network.rejection = Rejection(1e6, 0, 1, 1)  # more evidence than there ever is
    save_network(network, tmp_path / "strict")
    path = tmp_path / "three.jsonl"
    path.write_text(stroke_line(3))
    _, out, _ = run("--mode", "predict", "--path", tmp_path / "wavering", path)
    assert re.search(r":0  \d  10\.0 %, or \d  \(label 3\)", out)
    _, out, _ = run("--mode", "predict", "--path", tmp_path / "strict", path)
    assert re.search(r":0  not a digit \(nearest: \d  10\.0 %\)  \(label 3\)", out)
    _, out, _ = run("--mode", "predict", "--path", tmp_path / "strict", path, "--format", "json")
    record = json.loads(out)
    assert record["is_digit"] is False
    assert record["digit"] in range(10)
    assert record["confidence"] == pytest.approx(0.1, abs=0.001)


def test_labels_and_names_move_no_cursor_and_forge_no_line(run, trained, tmp_path):
    if os.name == "nt":
        pytest.skip("no file has such a name there")
    path = tmp_path / "esc\x1b[2J.jsonl"
    labels = ["x\x1b]0;pwned\x07\nother.jsonl:0  9  100.0 %", "\u202egnitirw", "\ud800", "w" * 200]
    path.write_text("".join(stroke_line(3, label=label) for label in labels) + "rubbish\n")
    missing = tmp_path / "none\n\x1b[2J.jsonl"
    status, out, err = run("--mode", "predict", "--path", trained, path, missing)
    assert status == 1
    assert len(out.splitlines()) == 4
    assert len(err.splitlines()) == 2
    assert (out + err).replace("\n", "").isprintable()
    assert r"(label x\x1b]0;pwned\x07\nother.jsonl:0  9  100.0 %)" in out
    assert r"(label \u202egnitirw)" in out
    assert r"(label \ud800)" in out
    assert f"(label {'w' * 80}…)" in out
    status, out, _ = run("--mode", "predict", "--path", trained, path, "--format", "json")
    assert out.isascii()
    assert [json.loads(line)["label"] for line in out.splitlines()] == labels


def test_what_the_terminal_cannot_show_is_escaped(trained, tmp_path):
    path = tmp_path / "word.jsonl"
    path.write_text(stroke_line(3, label="\u0436"))
    done = subprocess.run(
        [sys.executable, "main.py", "--mode", "predict", "--path", str(trained), str(path)],
        cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert r"(label \u0436)" in done.stdout


def test_a_line_that_is_too_long_or_no_text_is_told_and_the_others_still_answered(
    run, trained, tmp_path, monkeypatch
):
    content = stroke_line(1).encode() + b"[" * 2**23 + b"\n\xff\n" + stroke_line(2).encode()
    (tmp_path / "long.jsonl").write_bytes(content)
    for file in (tmp_path / "long.jsonl", "-"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="latin-1"))
        status, out, err = run("--mode", "predict", "--path", trained, file, "--format", "json")
        assert status == 1
        assert [json.loads(line)["index"] for line in out.splitlines()] == [0, 3]
        long, bytes_ = err.splitlines()
        assert f"{file}, line 2: is longer than 4,194,304 characters" in long
        assert f"{file}, line 3: is no text in UTF-8" in bytes_


def test_a_closed_standard_input_is_told(run, trained, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    result = run("--mode", "predict", "--path", trained, "-")
    assert result == (1, "", "lenet-canvas: -: standard input is closed.\n")


# **** output that cannot be written ****


class Full(io.StringIO):
    """A disk without space."""

    def write(self, text):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("stream", "problem"), [(Full(), "No space left on device"), (None, "standard output is closed")]
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["--list-architectures"],
        ["--mode", "predict", "--path", "{trained}", "{drawings}"],
        ["--mode", "predict", "--path", "{trained}", "{drawings}", "--format", "json"],
        ["--mode", "test", "--path", "{trained}", "--data", "{data}"],
        ["--mode", "train", "--path", "{new}", "--data", "{data}", "--epochs", "1", "--format", "json"],
        ["--mode", "convert", "--path", "{trained}", "--to", "{new}"],
    ],
)
def test_output_that_cannot_be_written_is_no_fault_of_the_input(
    data, trained, drawings, tmp_path, monkeypatch, capsys, arguments, stream, problem
):
    places = {"data": data, "trained": trained, "drawings": drawings, "new": tmp_path / "new"}
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main([word.format(**places) for word in arguments]) == 1
    err = capsys.readouterr().err
    assert one_line(err)
    assert err == f"lenet-canvas: The output could not be written: {problem}.\n"


def test_a_full_disk_is_told_once_as_what_it_is(trained, drawings):
    if not Path("/dev/full").exists():
        pytest.skip("needs a device that is always full")
    command = [sys.executable, "main.py", "--mode", "predict", "--path", str(trained), str(drawings)]
    told = "lenet-canvas: The output could not be written: No space left on device.\n"
    for arguments in (command, [*command, "--format", "json"], [*command[:2], "--help"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(arguments, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr) == (1, told)
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    told = "lenet-canvas: The output could not be written: standard output is closed.\n"
    assert (done.returncode, done.stderr) == (1, told)


def test_an_error_is_told_also_where_output_cannot_be_written(run, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["--mode", "predict", "--path", str(tmp_path / "none"), "a.png"]) == 1
    assert "There is no network folder" in capsys.readouterr().err


def test_without_a_standard_error_the_status_still_tells(run, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    status, out, _ = run("--mode", "predict", "--path", tmp_path / "none", "a.png")
    assert (status, out) == (1, "")


# **** as a process ****


def test_a_closed_pipe_and_ctrl_c_end_without_a_traceback(trained, drawings):
    command = [sys.executable, "main.py", "--mode", "predict", "--path", str(trained), str(drawings)]
    # buffered, as it is outside of a terminal: the closed pipe is met at the very end
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert "Traceback" not in err


def test_ctrl_c_is_one_line_and_status_130(run, trained, monkeypatch):
    def interrupt(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.MODES["test"], "run", interrupt)
    assert run("--mode", "test", "--path", trained) == (130, "", "lenet-canvas: Interrupted.\n")


def test_without_a_screen_the_window_says_so_in_one_line(tmp_path, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "n")
    done = subprocess.run(
        [sys.executable, "main.py", "--path", str(tmp_path / "n")],
        cwd=ROOT,
        env={"PATH": "/usr/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert one_line(done.stderr)
    assert "no screen" in done.stderr


def test_without_tkinter_the_window_says_what_to_install(run, trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "tkinter", None)
    for module in ("app.screen", "app.window"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    status, _, err = run("--path", trained)
    assert status == 1
    assert one_line(err)
    assert "python3-tk" in err
