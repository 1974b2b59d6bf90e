"""--mode film: what a network read while it learnt, from the random one to what came of it."""

import json

import pytest
from PIL import Image

from app.store.networks import SHIPPED_LENET5
from engine import load_network, save_network
from engine.explaining.film import Film
from tests.app.command_line import one_line, stroke_line


@pytest.fixture
def two(tmp_path):
    path = tmp_path / "two.jsonl"
    path.write_text(stroke_line(3) + stroke_line(7))
    return path


def test_a_line_has_what_was_read_after_each_snapshot(run, trained, two):
    status, out, err = run("--mode", "film", "--path", trained, two, "--format", "json")
    assert (status, err) == (0, "")
    records = [json.loads(line) for line in out.splitlines()]
    by_drawing = [[each for each in records if each["index"] == index] for index in (0, 1)]
    _, out, _ = run("--mode", "predict", "--path", trained, two, "--format", "json")
    for found, answer in zip(by_drawing, map(json.loads, out.splitlines()), strict=True):
        assert 32 <= len(found) <= 64
        assert set(found[0]) == {"file", "index", "step", "epoch", "digit", "confidence", "is_digit"}
        assert (found[0]["step"], found[0]["epoch"]) == (0, 0)
        assert (found[-1]["step"], found[-1]["epoch"]) == (112, 8)  # 14 steps in each of 8 epochs
        assert [each["step"] for each in found] == sorted({each["step"] for each in found})
        assert found[-1]["digit"] == answer["digit"]
        assert found[-1]["is_digit"] == answer["is_digit"]
    assert any(each["confidence"] < 0.5 for each in records)


def test_in_words(run, trained, two):
    _, out, _ = run("--mode", "film", "--path", trained, two)
    assert f"{two}:0  step 112, epoch 8: 3  " in out


def test_what_the_network_would_have_called_no_digit_is_told_as_predict_tells_it(run, two):
    film = ("--mode", "film", "--path", SHIPPED_LENET5, two)
    _, out, _ = run(*film, "--format", "json")
    records = [json.loads(line) for line in out.splitlines()]
    _, out, _ = run(*film)
    assert not records[0]["is_digit"]  # it has learnt nothing yet
    assert records[-1]["is_digit"]
    for record, line in zip(records, out.splitlines(), strict=True):
        answer = f"{record['digit']}  {100 * record['confidence']:.1f} %"
        assert line.endswith(f": {answer}" if record["is_digit"] else f": not a digit (nearest: {answer})")


@pytest.fixture
def three_snapshots(monkeypatch):
    whole = Film.from_bytes
    monkeypatch.setattr(Film, "from_bytes", lambda *arguments: whole(*arguments).thinned(3))


def test_it_is_saved_as_a_moving_picture(run, trained, two, tmp_path, three_snapshots):
    status, out, _ = run("--mode", "film", "--path", trained, two, "--save", tmp_path / "film.gif")
    assert status == 0
    with Image.open(tmp_path / "film.gif") as picture:
        assert picture.n_frames == len(out.splitlines()) / 2 == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.gif", "two.jsonl"]


def test_what_cannot_be_shown_is_told(run, trained, two, tmp_path):
    (tmp_path / "empty.jsonl").write_text('{"strokes": []}\n')
    (tmp_path / "many.jsonl").write_text(stroke_line(3) * 9)
    film = ("--mode", "film", "--path", trained)
    for arguments, problem in [
        ((two, "--save", tmp_path / "film.png"), "must end in .gif"),
        ((tmp_path / "empty.jsonl", "--save", tmp_path / "film.gif"), "shows 1 to 8 drawings, not 0"),
        ((tmp_path / "many.jsonl", "--save", tmp_path / "film.gif"), "shows 1 to 8 drawings, not 9"),
        ((tmp_path / "none.jsonl",), "none.jsonl"),
    ]:
        status, _, err = run(*film, *arguments)
        assert status == 1
        assert one_line(err)
        assert problem in err
    assert not (tmp_path / "film.gif").exists()


def test_a_network_without_a_film_opens_and_says_so(run, trained, two, tmp_path):
    save_network(load_network(trained), tmp_path / "net")
    status, out, err = run("--mode", "film", "--path", tmp_path / "net", two)
    assert (status, out) == (1, "")
    assert "keeps no film of its training" in err
    assert f"{SHIPPED_LENET5}, or" in err
