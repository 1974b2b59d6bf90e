"""From typed options and files to a configuration, and back to a command."""

import argparse
import json
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import _parser
from app.options import (
    CHOICES,
    TRAINING_OPTIONS,
    config_of,
    given_settings,
    read_config_file,
    repeat_command,
    typed_augmentation,
)
from engine import Augmentation, TrainingConfig
from engine.errors import ConfigurationError
from engine.ink.augmentation import FlipAndShift
from engine.nn.architectures import ARCHITECTURES

STILL = {"shift": 0.0, "rotation": 0.0, "zoom": 0.0, "shear": 0.0}


def typed(*words):
    """The configuration that these words on the command line stand for."""
    return config_of(given_settings(_parser().parse_args(["--mode", "train", *map(str, words)])))


def test_every_setting_is_an_option():
    assert {"dataset", *TRAINING_OPTIONS} == set(TrainingConfig().as_dict())
    assert set(CHOICES) < set(TRAINING_OPTIONS)


def test_what_is_no_digit_needs_a_loss_that_can_learn_of_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("architecture = 'lenet5-1998'\ndataset = 'mnist,not-digits:0.5'")
    with pytest.raises(ConfigurationError, match=r"loss map.* Add --loss cross-entropy, or leave"):
        typed("--config", path)
    assert typed("--config", path, "--loss", "cross-entropy").loss == "cross-entropy"
    assert typed("--config", path, "--dataset", "mnist").loss == "map"


# **** augmentation, typed ****


@pytest.mark.parametrize(
    ("text", "augmentation"),
    [
        ("none", None),
        ("shift=1.5", Augmentation(**{**STILL, "shift": 1.5})),
        (
            "rotation=12,elastic=0.8@0.5,thickness=1@0",
            Augmentation(
                **{**STILL, "rotation": 12.0},
                elastic=0.8,
                thickness=1.0,
                probability={"elastic": 0.5, "thickness": 0.0},
            ),
        ),
        ("flip=0.25,shift=2", FlipAndShift(shift=2, flip=0.25)),
    ],
)
def test_augmentation_is_typed_with_amounts_and_shares(text, augmentation):
    assert typed_augmentation(text) == augmentation


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("wobble=3", "no setting 'wobble'. Choose among: shift, rotation, zoom, shear, elastic, thickness"),
        ("shift", "'shift': '' is no number"),
        ("shift=far", "'shift=far': 'far' is no number"),
        ("shift=1@", "'shift=1@': '' is no number"),
        ("shift=1@often", "'often' is no number"),
        ("shift=1@2", "probability of shift must be in 0…1, got 2"),
        ("shift=-1", "shift must be 0 or more"),
        ("shear=1e300", r"shear must be at most 2\.0, got 1e\+300"),
        ("shift=1" + "0" * 400, "shift must be a number, but 1000.* is too large"),
        ("shift=1@1" + "0" * 400, "shift must be a number, but 1000.* is too large"),
        ("flip=0.5,shift=1" + "0" * 400, "shift must be in 0…32, got 1000"),
        ("", "'' is no number"),
        ("probability=1", "probability must name kinds"),
    ],
)
def test_an_augmentation_that_cannot_be_is_refused(text, problem):
    with pytest.raises(argparse.ArgumentTypeError, match=problem):
        typed_augmentation(text)


# **** files ****


def test_a_toml_file_gives_settings_and_options_override_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'architecture = "best"\nepochs = 3\n[augmentation]\nelastic = 0.6\nprobability = {elastic = 0.5}\n'
    )
    assert typed("--config", path, "--epochs", 7) == TrainingConfig.for_architecture(
        "best",
        epochs=7,
        augmentation=Augmentation(**STILL, elastic=0.6, probability={"elastic": 0.5}),
    )


def test_toml_says_none_for_no_augmentation(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('augmentation = "none"')
    assert typed("--config", path).augmentation is None


@pytest.mark.parametrize("architecture", ["lenet5", "cifar10", "lenet5-1998"])
def test_a_configuration_that_was_saved_is_read_again(architecture, tmp_path):
    config = TrainingConfig.for_architecture(architecture, seed=4, epochs=1)
    path = tmp_path / "training.json"
    path.write_text(json.dumps(config.as_dict()))
    assert typed("--config", path) == config


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.yaml", "epochs: 3", "a configuration's name ends in .toml or .json"),
        ("a.toml", "epochs 3", "cannot be read as TOML"),
        ("a.json", "{", "cannot be read as JSON"),
        ("a.json", "[" * 100_000, "cannot be read as JSON"),
        ("a.json", "\udcff", "cannot be read as JSON"),
        ("a.json", "[3]", "holds no settings by name"),
        ("a.toml", "epoch = 3", "There is no setting 'epoch'. Choose among"),
        ("a.toml", "epochs = 3.5", "epochs must be a whole number, got 3.5"),
        ("a.toml", "epochs = 0", "epochs must be 1 or more, got 0"),
        ("a.json", '{"architecture": "resnet"}', "There is no architecture 'resnet'"),
        ("a.json", '{"dataset": "faces"}', "There is no data set .faces.. Choose among mnist"),
        ("a.json", '{"augmentation": {"zoom": 5}}', r"zoom must be at most 0\.9"),
        ("a.json", '{"learning_rate": 1' + "0" * 400 + "}", "learning_rate must be a number, but 1000"),
        ("a.json", '{"seed": ' + "9" * 5000 + "}", "cannot be read as JSON|seed must be at most"),
        ("a.json", '{"epochs": ' + "[" * 900 + "]" * 900 + "}", "epochs must be a whole number, got "),
        ("a.json", '{"epochs\\u001b\\n": 1}', r"There is no setting 'epochs\\x1b\\n'"),
        ("a.toml", ".".join("a" * 20_000) + " = 1", "cannot be read as TOML: it has a line with 19,999 dots"),
        ("a.toml", "a = " + "[" * 100_000, "cannot be read as TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_setting(name, content, problem, tmp_path):
    (tmp_path / name).write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(ConfigurationError, match=rf"{name}.*{problem}"):
        read_config_file(tmp_path / name)


def test_a_missing_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(OSError, match=r"a\.toml"):
        read_config_file(tmp_path / "a.toml")


def test_a_file_of_more_than_is_read_is_an_error_that_names_it(tmp_path):
    (tmp_path / "a.json").write_text(" " * 2**20 + "{}")
    with pytest.raises(OSError, match=r"it is larger than the 1,048,576 bytes that are read.*a\.json"):
        read_config_file(tmp_path / "a.json")


# **** and back ****


@given(
    architecture=st.sampled_from(list(ARCHITECTURES)),
    dataset=st.sampled_from(["mnist", "cifar10"]),
    keep=st.sampled_from(["best", "last"]),
    learning_rate=st.floats(1e-5, 1),
    seed=st.integers(0, 99),
    drawings=st.integers(1, 10_000),
    augmentation=st.sampled_from(
        [
            None,
            Augmentation(),
            Augmentation(**STILL),
            FlipAndShift(shift=1, flip=0.25),
            Augmentation(**STILL, elastic=0.25, probability={"elastic": 0.5, "shift": 0.0}),
        ]
    ),
)
def test_the_command_that_repeats_a_training_gives_its_configuration(architecture, **changes):
    config = TrainingConfig.for_architecture(architecture, **changes)
    words = shlex.split(repeat_command(Path("somewhere/my network"), config))
    assert words[:6] == ["python", "main.py", "--mode", "train", "--path", "my network"]
    assert typed(*words[4:]) == config


def test_the_command_names_the_folder_that_a_dot_stands_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = shlex.split(repeat_command(Path("."), TrainingConfig()))
    assert words[4:6] == ["--path", tmp_path.name]
