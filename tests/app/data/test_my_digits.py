"""What was taught is a data set: a part to train on, another to test with, and none of what is no digit."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app import user_folders
from app.data.my_digits import samples_of
from app.data.selection import parse_selection
from app.data.sources import SOURCES, my_digits
from app.store.profiles import Profiles
from engine.datasets.samples import Sample, append_samples, read_samples, rewrite_samples
from engine.errors import DatasetError
from engine.nn.losses import NO_CLASS
from engine.storage.saved_network import load_facts
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


def test_a_training_remembers_whose_digits_it_was_begun_with_and_how_many(file, tmp_path):
    teach(file, 20)
    samples = samples_of()
    assert (samples.author, samples.count) == ("", 20)
    ada = Profiles(tmp_path).create("Ada")
    Profiles(tmp_path).choose(ada)
    teach(ada.samples, 10)
    teach(file, 5)  # meanwhile
    source = my_digits(samples)
    assert source.is_in(tmp_path)
    assert source.test_part(tmp_path).labels.tolist() == [4, 9, 4, 9]
    assert len(source.train_part(tmp_path, 0)) == 16
    assert (samples_of().author, samples_of().count) == (ada.author, 10)
    assert samples_of("") == replace(samples, count=25, sha256=samples_of("").sha256)


@pytest.mark.parametrize("author", ["0123456789abcdef", "../..", "a/b"])
def test_who_is_gone_and_what_is_no_name_has_no_digits(file, tmp_path, author):
    teach(file, 20)
    samples = replace(samples_of(), author=author, sha256="ab")
    with pytest.raises(DatasetError, match="not hold the 20 digits any more"):
        my_digits(samples).train_part(tmp_path, 0)


def test_digits_that_were_deleted_or_relabelled_are_missed(file, tmp_path):
    teach(file, 20)
    samples, (first, *others) = samples_of(), read_samples(file).samples
    rewrite_samples(file, (first, *others), (replace(first, label=9), *others))
    with pytest.raises(DatasetError, match=r"have another label\. Undo that, or begin anew"):
        my_digits(samples).train_part(tmp_path, 0)
    rewrite_samples(file, read_samples(file).samples, (first, *others))
    assert len(my_digits(samples).train_part(tmp_path, 0)) == 16


def test_a_training_that_goes_on_after_another_one_draws_learns_of_the_same_digits(
    file, run, tmp_path, monkeypatch
):
    teach(file, 20)
    arguments = ("--mode", "train", "--path", tmp_path / "n", "--data", tmp_path)
    begin = ("--architecture", "mlp-tanh", "--epochs", 1, "--dataset", "my-digits")
    with monkeypatch.context() as cut:
        cut.setattr("app.commands.train.save_trained", interrupt)
        assert run(*arguments, *begin)[0] != 0
    ada = Profiles(tmp_path).create("Ada")
    Profiles(tmp_path).choose(ada)
    teach(ada.samples, 30)
    assert run(*arguments, "--resume")[0] == 0
    config = load_facts(tmp_path / "n").training.config
    assert config.samples == samples_of("")
    told = (tmp_path / "n" / "README.md").read_text()
    assert f"| samples | author , count 20, sha256 {config.samples.sha256} |" in told
    # and again by its configuration, whoever draws
    again = ("--mode", "train", "--path", tmp_path / "m", "--data", tmp_path)
    assert run(*again, "--config", tmp_path / "n" / "training.json")[0] == 0
    assert (tmp_path / "m" / "output.weight.npy").read_bytes() == (
        tmp_path / "n" / "output.weight.npy"
    ).read_bytes()


def interrupt(*args, **kwargs):
    raise KeyboardInterrupt
