"""--mode test and --mode viewtest: how well a network reads the test images, in figures and in pictures."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.data import sources
from engine import Confidence, load_network, save_network
from engine.reading.rejection import Rejection
from tests.app.command_line import one_line
from tests.digit_templates import digit_images, write_idx

ROOT = Path(__file__).resolve().parents[3]


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


def test_testing_needs_no_training_files(run, data, trained, tmp_path):
    (tmp_path / "mnist").mkdir()
    for path in data.rglob("t10k*"):
        shutil.copy(path, tmp_path / "mnist")
    status, out, err = run("--mode", "test", "--path", trained, "--data", tmp_path)
    assert (status, err) == (0, "")
    assert "of 50 images" in out


def test_digits_on_their_side_are_told_and_turned(run, trained, tmp_path):
    images, labels = digit_images(20, np.random.default_rng(0))
    write_idx(tmp_path / "t10k-images.idx3-ubyte", 2051, images.transpose(0, 2, 1), compress=False)
    write_idx(tmp_path / "t10k-labels.idx1-ubyte", 2049, labels, compress=False)
    arguments = ["--mode", "test", "--path", trained, "--data", tmp_path]
    status, _, err = run(*arguments)
    assert status == 1
    assert one_line(err)
    assert "lie on their side, as EMNIST's do. Turn them with --dataset emnist." in err
    status, out, _ = run(*arguments, "--dataset", "emnist")
    assert status == 0
    assert "of 20 images" in out


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
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 60)
    network = load_network(trained)
    confidence = Confidence(1.0, Rejection(1e6, 0, 1, 1))  # more evidence than there ever is
    save_network(network, tmp_path / "strict", confidence=confidence)
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
    monkeypatch.setattr("app.reports.figures.save_figure", lambda *arguments: None)
    monkeypatch.setattr("app.reports.figures.digit_page", lambda *arguments: shown.append(arguments))
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
