"""app/page/inside/learnt_presenter.py: what was read after each step, and which digits were learnt when."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.jobs.records import FilmScores, Progress
from app.page.half_trained import HalfTrained
from app.page.inside.learnt_presenter import FIRST, FORGOTTEN, LAST, LearntPresenter
from app.page.inside.subject import Subject
from app.page.reading import Reading
from engine.explaining.film import Film
from tests.app.fakes import FakeReader, FakeView
from tests.app.reports.marked import marked, unmarked_words

FILM = Film(np.array([0, 1, 1200]), np.array([0, 1, 3]), np.zeros((3, 4), np.float16))
LABELS = np.array([7, 1, 2, 5], np.uint8)
ANSWERS = np.array([[0, 0, 0, 0], [7, 0, 0, 5], [7, 1, 0, 5], [7, 1, 2, 3]], np.uint8)
IMAGES = (np.arange(4)[:, None, None] * np.ones((4, 28, 28)) * 60).astype(np.uint8)
SCORES = FilmScores("mnist", IMAGES, LABELS, ANSWERS)


@pytest.fixture
def reader():
    return FakeReader()


@pytest.fixture
def view():
    return FakeView()


@pytest.fixture
def presenter(view, reader):
    presenter = LearntPresenter(view, lambda reader: FILM, find=lambda: None, on_open=pytest.fail)
    presenter.show(Subject(reader, Reading()))
    return presenter


def shown(view, kind):
    return next(
        args[1:] for name, args, _ in reversed(view.calls) if name == "show_digits" and args[0] == kind
    )


def test_the_scores_are_found_once_for_a_network(presenter, view, reader):
    assert view.times("begin") == 1
    assert view.last("show_told") == "Test digits are read by each picture of the film, once: 0 %."
    presenter.hear(Progress(0.42))
    assert view.last("show_told").endswith("once: 42 %.")
    presenter.show(Subject(reader, Reading()))
    presenter.show(replace(Subject(reader.with_network(reader.network), Reading()), is_whole=False))
    assert view.times("begin") == 1
    presenter.show(Subject(FakeReader(), Reading()))
    assert view.times("begin") == 2


def test_the_curve_and_what_is_read_where_the_film_stands(presenter, view):
    presenter.hear(SCORES)
    assert view.last("show_curve") == ([0, 0.5, 0.75, 0.75], ("step 0", "as saved"))
    assert view.last("show_place") == 3
    assert view.last("show_told") == "As it was saved, it reads 75.0 % of 4 test digits: MNIST."
    presenter.go_to(2)
    assert view.last("show_place") == 2
    assert view.last("show_told") == "After step 1,200 it read 75.0 % of 4 test digits: MNIST."
    curves = view.times("show_curve")
    presenter.go_to(0)
    assert view.last("show_told") == "After step 0 it read 0.0 % of 4 test digits: MNIST."
    assert view.times("show_curve") == curves  # only the mark moves


def test_a_place_that_the_film_stood_at_before_the_scores_came_is_marked(presenter, view):
    presenter.go_to(1)
    assert not view.times("show_place")
    presenter.hear(SCORES)
    assert view.last("show_place") == 1


def test_digits_are_shown_by_when_they_were_learnt_and_forgotten(presenter, view):
    presenter.hear(SCORES)
    heading, tiles = shown(view, FIRST)
    assert heading == "Learnt first, for good:"
    assert [tile.caption for tile in tiles] == ["7\nfrom step 1", "1\nfrom step 1,200", "2\nin the end"]
    assert [tile.pixels for tile in tiles] == [IMAGES[place].tobytes() for place in (0, 1, 2)]
    assert [tile.caption[0] for tile in shown(view, LAST)[1]] == ["2", "1", "7"]
    heading, (tile,) = shown(view, FORGOTTEN)
    assert heading.startswith("Forgotten:")
    assert (tile.caption, tile.is_right) == ("5 until step 1,200,\nnow read as 3", False)


def test_where_there_is_none_it_says_so(presenter, view):
    presenter.hear(replace(SCORES, answers=np.zeros((4, 4), np.uint8)))
    assert shown(view, FIRST) == ("None was learnt.", [])
    assert shown(view, FORGOTTEN) == ("None was forgotten.", [])


def test_a_digit_is_put_on_the_page(presenter, view):
    presenter.choose(LAST, 0)
    assert not view.times("put_on_page")
    presenter.hear(SCORES)
    presenter.choose(LAST, 1)
    ink, message = view.last("put_on_page")
    assert np.allclose(ink, 60 / 255)
    assert message == "1 from step 1,200"
    presenter.choose(LAST, 9)
    assert view.times("put_on_page") == 1


def test_scores_of_another_film_are_not_taken(presenter, view):
    presenter.hear(replace(SCORES, answers=ANSWERS[:2]))
    assert view.last("show_curve") == ((), ("", ""))


def test_what_is_missing_is_told(presenter, view, reader):
    presenter.ended("The disk is full.")
    assert view.last("show_told") == "The disk is full."
    presenter.ended("")
    assert view.last("show_told").startswith("There are no test digits at hand")
    presenter.hear(SCORES)
    presenter.ended("")
    assert view.last("show_told").startswith("As it was saved")
    other = LearntPresenter(view, lambda reader: None, find=lambda: None, on_open=pytest.fail)
    other.show(Subject(reader, Reading()))
    assert view.last("show_told").startswith("This network keeps no film")
    other.hear(SCORES)
    other.ended("The disk is full.")
    assert view.last("show_told").startswith("This network keeps no film")


def test_where_there_is_no_film_another_network_is_offered_that_has_one(view, reader):
    films, opened = [None, FILM], []
    presenter = LearntPresenter(
        view, lambda reader: films.pop(0), find=lambda: ("LeNet-5", Path("lenet5")), on_open=opened.append
    )
    presenter.open_offered()
    presenter.show(Subject(reader, Reading()))
    assert view.last("show_told") == (
        "This network keeps no film of its training, but LeNet-5 does: open that to see how it learnt."
    )
    assert view.last("offer") == "LeNet-5"
    assert opened == []
    presenter.open_offered()
    assert opened == [Path("lenet5")]
    presenter.show(Subject(FakeReader(), Reading()))
    assert view.last("offer") == ""
    assert view.last("show_told").startswith("Test digits are read")
    presenter.open_offered()
    assert len(opened) == 1


def test_a_half_trained_network_has_no_film_and_the_open_one_has_its_own_again(presenter, view, reader):
    presenter.hear(SCORES)
    half = HalfTrained(reader.network, 12, 1, 2)
    presenter.show(replace(Subject(reader, Reading()), is_whole=False, half=half))
    assert view.last("show_told").startswith("A half-trained network has no film yet")
    assert view.last("show_curve") == ((), ("", ""))
    assert shown(view, FORGOTTEN) == ("", ())
    presenter.go_to(1)
    presenter.show(Subject(reader, Reading()))
    assert view.times("begin") == 2


def test_all_of_its_words_are_translated(reader):
    with marked():
        view = FakeView()
        presenter = LearntPresenter(view, lambda reader: FILM, find=lambda: None, on_open=pytest.fail)
        presenter.show(Subject(reader, Reading()))
        presenter.hear(SCORES)
        presenter.go_to(1)
        for other in (None, ("", Path())):
            alone = LearntPresenter(
                view, lambda reader: None, find=lambda other=other: other, on_open=pytest.fail
            )
            alone.show(Subject(reader, Reading()))
        told = [args[0] for name, args, _ in view.calls if name == "show_told"]
        captions = [tile.caption for kind in range(3) for tile in shown(view, kind)[1]]
        assert not unmarked_words(*told, *captions, *(shown(view, kind)[0] for kind in range(3)))
