"""Samples at the command line: listed, and written as others read them."""

import json

import numpy as np
import pytest

from app.data import sources
from app.data.sources import SOURCES
from engine.datasets.idx import read_labels
from engine.datasets.mnist import read_mnist
from engine.datasets.samples import Sample, append_samples, read_samples
from engine.nn.losses import NO_CLASS
from tests.digit_templates import digit_strokes

LABEL = 4


@pytest.fixture
def file(tmp_path):
    sample = Sample(LABEL, digit_strokes(LABEL), when="2026-01-02T03:04:05Z", author="Ada")
    append_samples(tmp_path / "mine.jsonl", [sample])
    return tmp_path / "mine.jsonl"


def test_samples_are_listed_and_duplicates_told(run, file):
    append_samples(file, [Sample(NO_CLASS, None, np.zeros((28, 28), np.uint8), read_as=4)])
    status, out, _ = run("--mode", "samples", file, file)
    first, second, last = out.splitlines()
    assert status == 0
    assert first == f"{LABEL}  2026-01-02T03:04:05Z  Ada"
    assert second == "not a digit  read as 4  a picture"
    assert last == "2 samples, 2 duplicates left out"
    _, out, _ = run("--mode", "samples", file, "--format", "json")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["label"] for record in records] == [str(LABEL), "not a digit"]
    assert records[0]["author"] == "Ada"
    assert records[1]["read_as"] == "4"


def test_samples_are_exported(run, file, tmp_path):
    status, out, _ = run("--mode", "samples", file, "--export", tmp_path / "out", "--as", "idx,csv")
    assert status == 0
    assert out.splitlines()[-1] == f"wrote 3 files into {tmp_path / 'out'}"
    assert read_labels(tmp_path / "out" / "samples-labels-idx1-ubyte").tolist() == [LABEL]
    status, _, err = run("--mode", "samples", file, "--export", tmp_path / "out")
    assert status == 1
    assert "holds something already" in err
    status, _, err = run("--mode", "samples", file, "--export", tmp_path / "gif", "--as", "gif")
    assert status == 1
    assert "Choose among idx, png, csv, npz" in err
    assert len(read_samples(file).samples) == 1


def test_the_test_part_of_a_data_set_is_exported_and_read_as_mnist(run, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 60)
    asked = ("--mode", "samples", "--dataset", "synthetic", "--export")
    status, out, err = run(*asked, tmp_path / "out", "--as", "npz")
    assert (status, out, err) == (0, f"wrote 1 file into {tmp_path / 'out'}\n", "")
    digits, expected = read_mnist(tmp_path / "out", "test"), SOURCES["synthetic"].test_images(tmp_path)
    assert np.array_equal(digits.images, expected.images)
    assert np.array_equal(digits.labels, expected.labels)


def test_a_data_set_goes_alone_and_somewhere(run, file, tmp_path):
    asked = ("--mode", "samples", "--dataset")
    assert "needs --export DIR" in run(*asked, "synthetic")[2]
    status, _, err = run(*asked, "synthetic", file, "--export", tmp_path / "out")
    assert status == 2
    assert "takes no FILE" in err
    status, _, err = run(*asked, "mnist,synthetic", "--export", tmp_path / "out")
    assert status == 1
    assert "One data set at a time" in err
    status, _, err = run(*asked, "mnist", "--data", tmp_path, "--export", tmp_path / "out")
    assert status == 1
    assert "t10k-images-idx3-ubyte" in err
    assert not (tmp_path / "out").exists()
