"""--mode report: the page and its figures, of images, drawings and non-digits."""

import json

import numpy as np
import pytest

from app import language
from app.commands import report
from app.data import sources
from engine import build_network, save_network
from engine.datasets.not_digits import UNSEEN
from tests.app.command_line import one_line, stroke_line
from tests.app.reports.marked import marked


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
    assert {each["method"] for each in facts["explanations"]} == {"integrated gradients", "occlusion"}
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert f"{100 * tested['accuracy']:.1f}\u00a0%" in page
    assert str(tmp_path) not in page


def test_a_report_keeps_other_files_and_replaces_an_older_one(run, data, trained, tmp_path, bare):
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


def test_drawings_of_two_files_are_told_apart_even_by_equal_names(run, data, trained, tmp_path, bare):
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


def test_what_is_no_digit_has_its_own_chapter(run, data, trained, tmp_path, bare, drawings, monkeypatch):
    """Labels in words beside digits, and the kinds of drawings that no training is shown."""
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 200)
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text(stroke_line(3) + stroke_line(4, label="star"))
    command = ["--mode", "report", "--path", trained, "--data", data, "--save", tmp_path / "report"]
    status, _, err = run(*command, "--dataset", "mnist,not-digits", mixed, drawings)
    assert (status, err) == (0, "")
    facts = json.loads((tmp_path / "report" / "report.json").read_text())
    assert facts["measured"][1]["count"] == 1 + 10
    assert facts["not_digits"]["count"] == 200 + 1
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


def test_the_page_is_in_the_systems_language_or_the_one_that_is_asked_for(
    run, data, trained, tmp_path, bare, monkeypatch
):
    def written(*more):
        command = ("--mode", "report", "--path", trained, "--data", data, "--save", tmp_path)
        status, out, err = run(*command, *more)
        assert (status, out, err) == (0, f"saved {tmp_path / 'report.html'}\n", "")
        assert language.spoken() == "en"
        (measured,) = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["measured"]
        assert measured["name"] == "MNIST's test set"
        return (tmp_path / "report.html").read_text(encoding="utf-8")

    assert '<html lang="en">' in written()
    assert '<html lang="it">' in written("--language", "it")
    monkeypatch.setenv("LANGUAGE", "it")
    assert '<html lang="it">' in written()
    assert '<html lang="en">' in written("--language", "en")


def test_a_language_that_there_is_not_is_refused_with_those_that_there_are(run, tmp_path):
    status, out, err = run("--mode", "report", "--save", tmp_path / "new", "--language", "tlh")
    assert (status, out) == (2, "")
    assert "--language" in err
    for known in ("tlh", "en", "it"):
        assert f"'{known}'" in err
    assert not (tmp_path / "new").exists()


def test_the_names_of_sets_are_translated_whole():
    with marked():
        assert report._test_set("MNIST") == "««MNIST»'s test set»"
    assert report._test_part("pen digits") == "Pen digits, test part"
