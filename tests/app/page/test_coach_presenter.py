"""app/page/coach_presenter.py: what it asks for, and what becomes of what is written."""

import pytest

from app.page import coach_presenter
from app.page.coach_presenter import CoachPresenter
from engine.datasets.samples import Sample
from engine.errors import SavedNetworkError
from tests.app.fakes import FakeView
from tests.app.page.test_teacher import CROSSES, kept, network, reader, teacher  # noqa: F401
from tests.app.reports.marked import marked, unmarked_words
from tests.digit_templates import digit_strokes


@pytest.fixture
def view():
    return FakeView()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def coach(view, teacher, kept, reader, heard, monkeypatch):  # noqa: F811
    monkeypatch.setattr(coach_presenter, "ROUND", 3)
    return CoachPresenter(
        view,
        teacher,
        kept,
        reader=lambda: reader,
        can_teach=lambda: True,
        on_change=lambda: heard.append("change"),
    )


def write(coach, digit, turn=0.0):
    write_strokes(
        coach, [[(0.2 + 0.6 * x + turn * y, 0.2 + 0.6 * y) for x, y in s] for s in digit_strokes(digit)]
    )


def write_strokes(coach, strokes):
    for points in strokes:
        coach.pen_down(points[0])
        for point in points[1:]:
            coach.pen_move(point)
        coach.pen_up()


def test_it_asks_for_the_digits_with_the_fewest_samples(coach, view, kept):  # noqa: F811
    for digit in range(10):
        for _ in range(1 if digit in (4, 8) else 2):
            kept.add(Sample(digit, digit_strokes(digit)))
    coach.begin()
    first = view.last("ask_for")
    assert first in (4, 8)
    assert view.last("show_progress") == ([2, 2, 2, 2, 1, 2, 2, 2, 1, 2], 0, 3)
    write(coach, first, 0.05)
    coach.next()
    assert view.last("ask_for") == 12 - first


def test_of_as_many_it_asks_for_what_is_told_apart_by_least(coach, view, kept, monkeypatch):  # noqa: F811
    margins = {digit: 0.1 * digit if digit != 6 else -0.5 for digit in range(10)}
    monkeypatch.setattr(coach_presenter, "_margin", lambda _reader, _strokes, digit: margins[digit])
    for digit in range(10):
        kept.add(Sample(digit, digit_strokes(digit)))
    coach.begin()
    assert view.last("ask_for") == 6
    coach.skip()
    assert view.last("ask_for") == 0
    coach.skip()
    assert view.last("ask_for") == 1


def test_the_margin_is_that_of_the_network_without_what_it_was_taught(coach, reader, teacher):  # noqa: F811
    strokes = digit_strokes(3)
    before = coach_presenter._margin(reader, strokes, 3)
    prediction = reader.recognize(strokes).probabilities
    assert before == pytest.approx(prediction[3] - max(p for d, p in enumerate(prediction) if d != 3))
    coach.begin()
    write(coach, 3)  # as a 0
    coach.next()
    coach.next()  # also where that is asked about
    assert reader.recognize(strokes).digit == 0
    assert coach_presenter._margin(reader, strokes, 3) == before


def test_what_is_written_is_a_sample_of_what_was_asked_for(coach, view, kept, heard):  # noqa: F811
    coach.begin()
    coach.next()
    assert view.last("say") == "Write a 0 first."
    write(coach, 0)
    coach.next()
    (sample,) = kept.samples
    assert (sample.label, len(sample.strokes)) == (0, len(digit_strokes(0)))
    assert view.last("say") == "Remembered as 0 (sample 1)."
    assert view.last("show_strokes") == []
    assert view.last("ask_for") == 1
    assert view.last("show_progress")[1:] == (1, 3)
    assert heard == ["change"]


def test_undo_takes_strokes_back_and_then_what_was_written(coach, view, kept, heard):  # noqa: F811
    coach.begin()
    assert view.last("enable") == (True, False)
    write(coach, 0)
    coach.next()
    coach.pen_down((0.5, 0.5))
    coach.pen_move((0.6, 0.6))
    coach.pen_up()
    coach.undo()
    assert view.last("show_strokes") == []
    assert len(kept.samples) == 1
    coach.undo()
    assert kept.samples == ()
    assert view.last("ask_for") == 0
    assert view.last("show_progress") == ([0] * 10, 0, 3)
    coach.undo()  # there is nothing
    assert heard == ["change", "change"]


def test_a_round_ends_and_another_begins(coach, view, kept):  # noqa: F811
    coach.begin()
    for digit in (0, 1, 2):
        assert view.last("ask_for") == digit
        write(coach, digit)
        coach.next()
        coach.next() if len(kept.samples) == digit else None  # where it was asked about
    assert view.last("ask_for") is None
    assert view.last("enable")[0] is False
    coach.pen_down((0.5, 0.5))
    assert not coach.has_strokes
    coach.next()
    assert view.last("ask_for") == 3
    assert view.last("show_progress")[1] == 0


def test_a_lesson_that_others_speak_against_is_taken_the_second_time(coach, view, kept):  # noqa: F811
    coach.begin()
    write_strokes(coach, CROSSES)
    coach.next()
    write_strokes(coach, [[(x + 0.02 * y, y) for x, y in stroke] for stroke in CROSSES])
    coach.next()  # much the same drawing as a 1
    assert view.last("ask_for") == 1
    assert view.last("say").endswith("To teach it as 1, choose Next again.")
    coach.next()
    assert [sample.label for sample in kept.samples] == [0, 1]


def test_what_cannot_be_kept_stays_on_the_page(coach, view, kept, monkeypatch):  # noqa: F811
    coach.begin()
    write(coach, 0)

    def failing(sample):
        raise SavedNetworkError("The disk is full.")

    monkeypatch.setattr(kept, "add", failing)
    coach.next()
    assert view.last("say") == ("The disk is full.", True)
    assert coach.has_strokes
    assert view.last("ask_for") == 0


def test_every_word_can_be_translated(coach, view):
    with marked():
        coach.begin()
        coach.next()
        write(coach, 0)
        coach.next()
        coach.undo()
        coach.keyboard_pen_taken()
        told = [values[0] for name, values, _keys in view.calls if name == "say"]
    assert unmarked_words(*told) == []
