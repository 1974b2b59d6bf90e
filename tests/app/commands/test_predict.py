"""--mode predict: image files and stroke files are answered, and what cannot be read is told."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import Confidence, load_network, save_network
from engine.reading.rejection import Rejection
from tests.app.command_line import stroke_line
from tests.digit_templates import digit_images, digit_strokes
from tests.pictures import digit_mask

ROOT = Path(__file__).resolve().parents[3]


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


@pytest.mark.parametrize("name", ["drawing.json", "drawings.ndjson"])
def test_stroke_files_of_other_programs_are_answered_as_ours(run, trained, tmp_path, name):
    strokes = digit_strokes(7)
    ours = {"label": 7, "strokes": strokes}
    theirs = {"word": "7", "drawing": [[list(axis) for axis in zip(*s, strict=True)] for s in strokes]}
    (tmp_path / "ours.jsonl").write_text(json.dumps(ours))
    (tmp_path / name).write_text(json.dumps(theirs, indent=None if name.endswith("ndjson") else 1))
    answers = [
        run("--mode", "predict", "--path", trained, tmp_path / file, "--format", "json")[1]
        for file in ("ours.jsonl", name)
    ]
    first, second = map(json.loads, answers)
    assert second["label"] == 7
    assert first | {"file": ""} == second | {"file": ""}


def written(tmp_path, *drawings):
    path = tmp_path / "numbers.jsonl"
    path.write_text("".join(json.dumps({"strokes": strokes}) + "\n" for strokes in drawings))
    return path


def beside(*digits, below=0.0):
    """Digits from left to right, each in a square of its own."""
    return [
        [(1.3 * place + x, below + y) for x, y in stroke]
        for place, digit in enumerate(digits)
        for stroke in digit_strokes(digit)
    ]


def test_a_page_of_one_has_its_text_and_its_only_part(run, tmp_path):
    path = written(tmp_path, beside(3), [], [[(0, 0), (1, 0)]])
    _, out, _ = run("--mode", "predict", path, "--format", "json")
    three, empty, dash = (json.loads(line) for line in out.splitlines())
    assert (three["text"], three["digit"], three["is_digit"]) == ("3", 3, True)
    (part,) = three["parts"]
    (points,) = map(np.array, beside(3))
    assert part == {
        "text": "3", "digit": 3, "confidence": three["confidence"], "is_digit": True,
        "box": [*points.min(axis=0), *points.max(axis=0)], "strokes": [0],
    }  # fmt: skip
    assert (empty["text"], empty["parts"], empty["alternatives"]) == ("", [], [])
    assert (dash["text"], dash["is_digit"]) == ("?", False)
    assert dash["parts"][0]["text"] == "?"
    assert dash["parts"][0]["digit"] == dash["digit"]


def test_a_number_is_answered_with_its_parts_and_what_else_it_may_be(run, tmp_path):
    path = written(tmp_path, beside(4, 2), beside(1) + beside(2, 3, below=1.6))
    status, out, _ = run("--mode", "predict", path, "--format", "json")
    number, lines = (json.loads(line) for line in out.splitlines())
    assert status == 0
    assert (number["text"], number["digit"], number["is_digit"]) == ("42", None, False)
    assert 0.5 < number["confidence"] <= 1
    assert number["probabilities"] == [0.1] * 10
    four, two = number["parts"]
    assert (four["text"], four["digit"], two["text"]) == ("4", 4, "2")
    assert sorted(four["strokes"] + two["strokes"]) == list(range(len(beside(4, 2))))
    assert four["box"][2] < two["box"][0]
    assert lines["text"] == "1\n23"
    for record in (number, lines):
        assert all(set(other) == {"text", "probability"} for other in record["alternatives"])
        chances = [other["probability"] for other in record["alternatives"]]
        assert chances == sorted(chances, reverse=True)


def test_numbers_are_told_in_words(run, tmp_path):
    plus = [[(1.3, 0.5), (1.9, 0.5)], [(1.6, 0.2), (1.6, 0.8)]]
    other = [[(x + 2.4, y) for x, y in stroke] for stroke in beside(2)]
    path = written(tmp_path, beside(4, 2), beside(1) + beside(2, 3, below=1.6), [*beside(2), *plus, *other])
    _, out, _ = run("--mode", "predict", path)
    number, lines, sum_ = out.splitlines()
    assert re.search(r":0  42  \d+\.\d %$", number)
    assert re.search(r":1  1 / 23  \d+\.\d %$", lines)
    assert re.search(r":2  not a number: 2\?2  \d+\.\d %$", sum_)


@pytest.mark.parametrize("scale", [1, 2, 13])
def test_a_picture_has_a_part_without_strokes_in_its_own_pixels(run, tmp_path, scale):
    picture = np.full((100, 200), 255, np.uint8)
    picture[20:80, 120:130] = 0
    Image.fromarray(np.kron(picture, np.ones((scale, scale), np.uint8))).save(tmp_path / "one.png")
    _, out, _ = run("--mode", "predict", tmp_path / "one.png", "--format", "json")
    record = json.loads(out)
    assert record["text"] == "1"
    box = np.array(record["parts"][0]["box"]) / scale
    assert box == pytest.approx([120, 20, 130, 80], abs=2.5)
    assert "strokes" not in record["parts"][0]


def test_a_picture_of_a_number_has_parts_in_its_own_pixels(run, tmp_path):
    digits = [1 - digit_mask(digit, side=300, height=0.7) for digit in (4, 2)]
    Image.fromarray((255 * np.hstack(digits)).astype(np.uint8)).save(tmp_path / "42.png")
    _, out, _ = run("--mode", "predict", tmp_path / "42.png", "--format", "json")
    record = json.loads(out)
    assert (record["text"], record["digit"], record["is_digit"]) == ("42", None, False)
    first, second = (part["box"] for part in record["parts"])
    assert 0 < first[0] < first[2] < 300 < second[0] < second[2] < 600
    assert first[3] - first[1] == pytest.approx(210, abs=12)
    assert all("strokes" not in part for part in record["parts"])


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
    output = network.layers["output"]
    for parameter in output.parameters:
        parameter.value *= 1e-4  # every digit as likely as the next
    save_network(network, tmp_path / "wavering")
    strict = Confidence(rejection=Rejection(1e6, 0, 1, 1))  # more evidence than there ever is
    save_network(network, tmp_path / "strict", confidence=strict)
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


def test_several_networks_answer_as_one(run, trained, drawings, tmp_path):
    """The mean of the logits at each one's temperature, told as one network's answers are."""
    other = tmp_path / "other"
    network = load_network(trained)
    for parameter in network.parameters:
        parameter.value *= 0.9
    save_network(network, other, confidence=Confidence(0.5))

    def told(*paths):
        arguments = [word for path in paths for word in ("--path", path)]
        status, out, err = run("--mode", "predict", *arguments, drawings, "--format", "json")
        assert (status, err) == (0, "")
        return np.array([json.loads(line)["probabilities"] for line in out.splitlines()])

    first, second, both = told(trained), told(other), told(trained, other)
    expected = np.sqrt(first * second)
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(both, expected, atol=2e-3)
    assert np.abs(first - second).max() > 0.01


def test_a_mode_that_asks_one_network_says_so(run, trained):
    status, _, err = run("--mode", "film", "--path", trained, "--path", trained, "drawing.jsonl")
    assert status == 2
    assert "--mode film takes one --path" in err
