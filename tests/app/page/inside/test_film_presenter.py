"""app/page/inside/film_presenter.py: the network as it was after each step, read by and played."""

from dataclasses import replace

import numpy as np
import pytest

from app.page.half_trained import HalfTrained
from app.page.inside.film_presenter import FilmPresenter
from app.page.inside.subject import Subject
from app.page.reading import Reading
from engine.explaining.film import Film
from tests.app.fakes import FakeReader, FakeView

STEPS = np.array([0, 1, 40, 1200])


@pytest.fixture
def reader():
    return FakeReader()


@pytest.fixture
def film(reader):
    """Four pictures; every number of each is its own."""
    numbers = sum(array.value.size for array in reader.network.arrays)
    weights = np.array([0.5, 1.5, 2.5, 3.5], np.float16)[:, None] * np.ones(numbers, np.float16)
    return Film(STEPS, np.array([0, 1, 1, 3]), weights)


@pytest.fixture
def view():
    view = FakeView()
    view.due = []
    view.next_picture = view.due.append
    return view


@pytest.fixture
def presenter(view, film, reader):
    presenter = FilmPresenter(view, lambda reader: film)
    presenter.show(Subject(reader, Reading()))
    return presenter


def place(view):
    number, told, is_playing = view.last("show_place")
    return number, told, is_playing


def weight(view):
    network = view.last("read_by")
    return None if network is None else float(network.layers["c1"].weight.value[0, 0, 0, 0])


def test_it_begins_with_the_network_as_it_is(presenter, view):
    assert view.last("show_length") == 5
    assert place(view) == (4, "As it was saved", False)


def test_a_place_is_the_network_as_it_was_then_and_the_open_one_stays_as_it_is(presenter, view, reader):
    before = reader.network.layers["c1"].weight.value.copy()
    presenter.go_to(2)
    assert weight(view) == 2.5
    assert place(view) == (2, "Step 40, epoch 1", False)
    presenter.go_to(0)
    assert weight(view) == 0.5
    assert np.array_equal(reader.network.layers["c1"].weight.value, before)
    presenter.go_to(99)
    assert weight(view) is None


def test_it_plays_from_the_beginning_to_the_network_as_it_is(presenter, view):
    presenter.play()
    seen = [place(view)]
    while view.due:
        view.due.pop()()
        seen.append(place(view))
    assert [number for number, _told, _is_playing in seen] == [0, 1, 2, 3, 4]
    assert [is_playing for _number, _told, is_playing in seen] == [True] * 4 + [False]
    assert weight(view) is None


def test_it_stops_where_it_is_and_goes_on_from_there(presenter, view):
    presenter.play()
    view.due.pop()()
    presenter.play()
    assert place(view) == (1, "Step 1, epoch 1", False)
    view.due.pop()()  # what was due does nothing any more
    assert not view.due and place(view)[0] == 1
    presenter.play()
    view.due.pop()()
    assert place(view)[0] == 2
    presenter.go_to(3)
    view.due.pop()()
    assert place(view) == (3, "Step 1,200, epoch 3", False)


def test_what_is_read_by_an_earlier_network_changes_nothing_and_another_network_has_its_own_film(
    presenter, view, reader
):
    presenter.go_to(1)
    presenter.show(replace(Subject(reader.with_network(reader.network), Reading()), is_whole=False))
    assert place(view)[0] == 1
    presenter.show(Subject(FakeReader(), Reading()))
    assert place(view)[0] == 4


def test_while_a_network_learns_there_is_no_film_to_go_through(presenter, view, reader):
    presenter.play()
    half = HalfTrained(reader.network, 12, 1, 2)
    learning = replace(Subject(reader.with_network(reader.network), Reading()), is_whole=False, half=half)
    presenter.show(learning)
    presenter.show(learning)
    assert view.last("show_length") == 0
    reads = view.times("read_by")
    while view.due:
        view.due.pop()()
    presenter.go_to(1)
    assert view.times("read_by") == reads
    presenter.show(Subject(reader, Reading()))
    assert view.last("show_length") == 5
    assert place(view) == (4, "As it was saved", False)


def test_without_a_film_there_is_nothing_to_play(view, reader):
    presenter = FilmPresenter(view, lambda reader: None)
    presenter.show(Subject(reader, Reading()))
    assert view.last("show_length") == 0
    presenter.play()
    presenter.go_to(1)
    assert view.last("read_by") is None and not view.due
