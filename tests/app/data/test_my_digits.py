"""What was taught is a data set: a part to train on, another to test with, and none of what is no digit."""

import json

import numpy as np
import pytest

from app import user_folders
from app.data.selection import parse_selection
from app.data.sources import SOURCES
from engine.datasets.samples import Sample, append_samples
from engine.errors import DatasetError
from engine.nn.losses import NO_CLASS
from tests.digit_templates import digit_strokes


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(user_folders, "networks_folder", lambda: tmp_path / "networks")
    return user_folders.samples_file()


def teach(file, count):
    append_samples(file, [Sample(number % 10, digit_strokes(number % 10)) for number in range(count)])
    picture = np.zeros((28, 28), np.uint8)
    append_samples(file, [Sample(NO_CLASS, digit_strokes(4)), Sample(3, None, picture)])


def test_every_fifth_digit_is_kept_to_test_with(file, tmp_path):
    teach(file, 20)
    source = SOURCES["my-digits"]
    train, test = source.train_part(tmp_path, 0), source.test_part(tmp_path)
    assert sorted([*train.labels.tolist(), *test.labels.tolist()]) == sorted([*range(10)] * 2)
    assert test.labels.tolist() == [4, 9, 4, 9]
    rest, aside = train.split(0.25, rng=np.random.default_rng(0))
    assert (len(rest), len(aside)) == (12, 4)


def test_too_few_are_told(file, tmp_path):
    source = SOURCES["my-digits"]
    assert not source.is_in(tmp_path)
    with pytest.raises(DatasetError, match="holds 0 digits that you have drawn"):
        source.train_part(tmp_path, 0)
    teach(file, 9)
    assert not source.is_in(tmp_path)
    with pytest.raises(DatasetError, match="holds 9 digits that you have drawn"):
        source.train_part(tmp_path, 0)
    teach(file, 1)
    assert source.is_in(tmp_path)


def test_they_are_chosen_like_any_other():
    selection = parse_selection("synthetic,my-digits:20")
    assert selection.title == "synthetic digits + digits of your own (20 times)"
    assert selection.digits == ["synthetic", "my-digits"]


def test_a_network_is_trained_with_them(file, run, tmp_path):
    teach(file, 30)
    arguments = ("--mode", "train", "--path", tmp_path / "n", "--architecture", "mlp-tanh", "--epochs", 1)
    status, out, _ = run(
        *arguments,
        "--dataset",
        "synthetic,my-digits:2",
        "--drawings",
        60,
        "--data",
        tmp_path,
        "--format",
        "json",
    )
    assert status == 0
    end = json.loads(out.splitlines()[-1])
    assert [part["name"] for part in end["test"]["drawings"]] == ["digits of your own, test part"]
