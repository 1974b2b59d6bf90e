"""app/page/hints.py: what an empty page offers."""

import pytest

from app.page import hints
from app.page.hints import examples, hint
from engine import Recognizer
from tests.app.reports.marked import marked, unmarked_words


def test_the_first_hint_says_what_to_do_and_later_ones_go_round():
    assert hint(0) == "Draw a digit from 0 to 9"
    all_of_them = [hint(turn) for turn in range(100)]
    different = list(dict.fromkeys(all_of_them))
    assert len(different) >= 5
    assert all_of_them == [different[turn % len(different)] for turn in range(100)]


def test_the_examples_are_two_digits_and_something_that_is_none(shipped):
    read = [shipped.recognize([stroke.points for stroke in example.strokes]) for example in examples()]
    for example in examples():  # each in the page's middle
        xs = [x for stroke in example.strokes for x, _ in stroke.points]
        assert min(xs) + max(xs) == pytest.approx(1)
    assert [prediction.digit if prediction.is_digit else None for prediction in read] == [3, 7, None]


@pytest.fixture
def shipped():
    return Recognizer.load(hints.PLACE.parents[1] / "saved_network")


def test_an_example_that_is_missing_or_damaged_is_left_out(monkeypatch, tmp_path):
    (tmp_path / "three.jsonl").write_text("{")
    (tmp_path / "star.jsonl").write_text('{"strokes": [[[0.1, 0.1], [0.9, 0.9]]]}\n')
    monkeypatch.setattr(hints, "PLACE", tmp_path)
    assert [example.name for example in examples()] == ["star"]


def test_hints_speak_another_language():
    with marked():
        assert not unmarked_words(*map(hint, range(20)))
