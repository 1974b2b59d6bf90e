"""--mode explain: what a line says is true of what --mode predict reads, and bad input is told."""

import json

import numpy as np
import pytest
from PIL import Image

from app.commands import explain
from app.store.networks import SHIPPED
from engine.explaining import edits
from tests.app.command_line import one_line, stroke_line
from tests.digit_templates import digit_strokes
from tests.pictures import digit_mask


@pytest.fixture(autouse=True)
def one_change_at_a_time(monkeypatch):
    """A second change after a first takes seconds to look for; tests/engine/explaining is about that."""
    monkeypatch.setattr(edits, "GONE_ON_WITH", 0)


@pytest.fixture
def explained(run, trained, data):
    def explained(*arguments, path=trained):
        status, out, err = run(
            "--mode", "explain", "--path", path, "--data", data, "--format", "json", *arguments
        )
        return status, [json.loads(line) for line in out.splitlines()], err

    return explained


@pytest.fixture
def seven(tmp_path):
    path = tmp_path / "seven.jsonl"
    path.write_text(stroke_line(7))
    return path


def predicted(run, path, strokes, tmp_path):
    (tmp_path / "edited.jsonl").write_text(json.dumps({"strokes": strokes}))
    _, out, _ = run("--mode", "predict", "--path", path, tmp_path / "edited.jsonl", "--format", "json")
    return json.loads(out)


def test_a_line_has_the_sum_the_strokes_and_the_nearest(explained, run, trained, tmp_path, few_changes):
    digits = (4, 7, 0)
    drawings = tmp_path / "drawings.jsonl"
    drawings.write_text("".join(map(stroke_line, digits)))
    status, records, err = explained(drawings)
    assert (status, err) == (0, "")
    _, out, _ = run("--mode", "predict", "--path", trained, drawings, "--format", "json")
    for record, answer in zip(records, map(json.loads, out.splitlines()), strict=True):
        assert (record["file"], record["index"]) == (answer["file"], answer["index"])
        assert record["digit"] == answer["digit"]
        assert record["versus"] == np.argsort(answer["probabilities"])[-2]
        assert record["margin"] > 0
        assert record["contributions_sum"] == pytest.approx(record["margin"], rel=0.01)
        nearest = [each["digit"] for each in record["nearest"]]
        assert nearest == 3 * [record["digit"]] + 3 * [record["versus"]]
        assert {each["source"] for each in record["nearest"]} == {"mnist"}
        distances = [each["distance"] for each in record["nearest"]]
        assert distances[:3] == sorted(distances[:3])
        strokes = digit_strokes(digits[record["index"]])
        assert [each["index"] for each in record["strokes"]] == list(range(len(strokes)))
        for each in record["strokes"]:
            rest = strokes[: each["index"]] + strokes[each["index"] + 1 :]
            alone = predicted(run, trained, rest, tmp_path)
            if len(alone["parts"]) < 2:  # else the rest is read as a number, and here as one drawing
                assert each["digit"] == alone["digit"]
                assert each["confidence"] == pytest.approx(alone["confidence"], abs=2e-5)


def test_a_change_is_read_as_what_it_says(explained, run, seven, tmp_path):
    (record,) = explained(seven, path=SHIPPED)[1]
    change = record["change"]
    assert change["to"] != 7
    kinds = {"turned", "cut", "extended", "branch", "link", "rubbed", "left out", "bent"}
    assert set(change["kind"].split(" and ")) <= kinds
    for network in (SHIPPED, SHIPPED / "lenet5"):
        assert predicted(run, network, change["strokes"], tmp_path)["text"] == str(change["to"])
    answer = predicted(run, SHIPPED, change["strokes"], tmp_path)
    assert answer["confidence"] == pytest.approx(change["confidence"], abs=2e-5)
    assert change["confidence"] >= 0.9


def test_a_change_that_is_another_page_is_none(explained, seven, monkeypatch):
    monkeypatch.setattr(explain.Recognizer, "recognize_page", pages_of_many_parts_but_the_first())
    (record,) = explained(seven, path=SHIPPED)[1]
    assert record["change"] is None


def pages_of_many_parts_but_the_first():
    whole = explain.Recognizer.recognize_page
    asked = []

    def page(self, strokes):
        asked.append(strokes)
        if len(asked) == 1:
            return whole(self, strokes)
        return whole(self, [*strokes, *[[(x + 40, y) for x, y in stroke] for stroke in strokes]])

    return page


def test_a_digit_can_be_asked_for(explained, seven, run, tmp_path, few_changes):
    (record,) = explained(seven, "--to", "2", path=SHIPPED)[1]
    assert (record["digit"], record["versus"]) == (7, 2)
    assert record["change"] is None or record["change"]["to"] == 2
    assert {each["digit"] for each in record["nearest"]} == {7, 2}


def test_the_answer_itself_or_no_digit_cannot_be_asked_for(explained, seven, tmp_path, few_changes):
    both = tmp_path / "both.jsonl"
    both.write_text(stroke_line(7) + stroke_line(1))
    status, records, err = explained(both, "--to", "7", path=SHIPPED)
    assert (status, len(records)) == (1, 1)
    assert one_line(err)
    assert "line 1: is read as 7 already: name another digit with --to" in err
    for typed in ("12", "x", "-", "٣"):
        status, records, err = explained(seven, "--to", typed)
        assert (status, records) == (1, [])
        assert f"--to takes a digit from 0 to 9, not {typed}." in err


def test_a_picture_has_no_strokes_and_no_change(explained, run, data, tmp_path):
    picture = 255 * (1 - digit_mask(4, side=200, height=0.7))
    Image.fromarray(picture.astype(np.uint8)).save(tmp_path / "four.png")
    status, (record,), _ = explained(tmp_path / "four.png", path=SHIPPED)
    assert status == 0
    assert (record["digit"], record["strokes"], record["change"]) == (4, [], None)
    assert record["contributions_sum"] == pytest.approx(record["margin"], rel=0.01)
    _, out, _ = run("--mode", "explain", tmp_path / "four.png", "--data", data)
    assert "4 and not" in out
    assert "become" not in out


def test_several_digits_and_bad_lines_are_told_and_the_others_explained(explained, tmp_path, few_changes):
    both = [[(x + 14 * place, y) for x, y in s] for place, d in enumerate((4, 2)) for s in digit_strokes(d)]
    lines = [json.dumps({"strokes": both}), "rubbish", '{"strokes": []}', stroke_line(3)]
    (tmp_path / "all.jsonl").write_text("\n".join(lines))
    status, records, err = explained(tmp_path / "all.jsonl", tmp_path / "none.png", path=SHIPPED)
    assert status == 1
    several, rubbish, missing = err.splitlines()
    assert "line 1: is read as 42, and one digit at a time is looked into" in several
    assert "line 2: is no JSON" in rubbish
    assert "none.png" in missing
    empty, three = records
    assert (empty["index"], empty["digit"], empty["nearest"], empty["change"]) == (2, None, [], None)
    assert (three["index"], three["digit"]) == (3, 3)


def test_each_has_its_picture(explained, seven, tmp_path, few_changes):
    other = tmp_path / "other" / "seven.jsonl"
    other.parent.mkdir()
    other.write_text('{"strokes": []}\n' + stroke_line(1))
    status, _, err = explained(seven, seven, other, "--save", tmp_path / "pictures", path=SHIPPED / "lenet5")
    assert (status, err) == (0, "")
    names = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert names == ["seven-0-2.png", "seven-0.png", "seven-1.png"]
    for name in names:
        with Image.open(tmp_path / "pictures" / name) as picture:
            assert min(picture.size) > 300


def test_in_words(run, seven, data, few_changes):
    status, out, _ = run("--mode", "explain", seven, "--to", "1", "--data", data)
    first, *strokes, nearest, change = out.splitlines()
    assert status == 0
    assert f"{seven}:0  7 and not 1 by " in first
    assert len(strokes) == len(digit_strokes(7))
    assert nearest.startswith("  nearest: 7 (mnist, ")
    assert change.startswith(("  to become 1", "  no small change makes it 1"))
