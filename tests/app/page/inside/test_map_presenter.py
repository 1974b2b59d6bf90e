"""app/page/inside/map_presenter.py: digits in a plane and the drawing among them, without a screen."""

from dataclasses import replace

import numpy as np
import pytest

from app.page.half_trained import HalfTrained
from app.page.inside.map_presenter import MapPresenter
from app.page.inside.subject import Subject
from app.page.reader import reading_of
from app.page.reading import Reading
from app.store.networks import SHIPPED
from engine import Recognizer
from engine.explaining.digit_map import DigitMap
from engine.explaining.neighbours import DigitIndex, Prototypes
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from tests.app.fakes import FakeView
from tests.digit_templates import digit_strokes

SIDE = 200
# of the ten digits: two rows of five
POINTS = np.array([[0.1 + 0.2 * (digit % 5), 0.3 + 0.4 * (digit // 5)] for digit in range(10)], np.float32)


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load(SHIPPED / "lenet5")


@pytest.fixture(scope="module")
def digit_map(recognizer):
    """Ten times each digit, all at its point."""
    images = np.stack([frame(stroke_ink(digit_strokes(digit))) for digit in range(10)]).repeat(10, axis=0)
    labels = np.repeat(np.arange(10, dtype=np.uint8), 10)
    prototypes = Prototypes(
        np.rint(images * 255).astype(np.uint8), labels, np.zeros(100, np.uint8), ("mnist",)
    )
    index = DigitIndex.build(recognizer.network, prototypes)
    return DigitMap(index, POINTS.repeat(10, axis=0), 0.987)


@pytest.fixture
def view():
    return FakeView()


@pytest.fixture
def presenter(view, digit_map):
    presenter = MapPresenter(view, lambda: digit_map)
    presenter.set_room(SIDE, 1.0)
    return presenter


def subject_of(reader, digit):
    strokes = digit_strokes(digit)
    return Subject(reader, reading_of(reader.recognize(strokes)), strokes, 0, 1)


def test_the_drawing_stands_among_digits_of_its_kind(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, 7))
    place, trail = view.last("show_place")
    assert place == pytest.approx(POINTS[7] * SIDE, abs=0.01)
    assert trail == [place]
    assert view.last("show_told") == (
        "Read: 7 · 100 %. On the map it lies among 7, 7, 7, 7, 7. "
        "The map keeps 98.7 % of the network's neighbourhoods."
    )


def test_it_leaves_a_trail_until_the_page_is_empty(presenter, view, recognizer):
    for digit in (1, 7, 4):
        presenter.show(subject_of(recognizer, digit))
    assert np.allclose(view.last("show_place")[1], POINTS[[1, 7, 4]] * SIDE, atol=0.01)
    presenter.show(Subject(recognizer, Reading()))
    assert view.last("show_place") == (None, [])
    assert view.last("show_told").startswith("The page is empty.")


def test_each_digit_is_seen_at_its_point_and_once_where_many_lie(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, 7))
    ink, side = view.last("show_map")
    seen = np.frombuffer(ink, np.uint8).reshape(side, side)
    assert side == SIDE
    for x, y in (POINTS * SIDE).astype(int):
        assert seen[y - 6 : y + 6, x - 6 : x + 6].max() > 150
    assert not seen[:40].any() and not seen[90:110].any()
    assert len(presenter._drawn) <= 20


def test_closer_the_place_that_is_pointed_at_stays_where_it_is(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, 7))
    place = view.last("show_place")[0]
    presenter.zoom(2.0, place)
    assert view.last("show_place")[0] == pytest.approx(place, abs=0.01)
    presenter.zoom(0.01)
    presenter.show(subject_of(recognizer, 0))
    assert view.last("show_place")[0] == pytest.approx(POINTS[0] * SIDE, abs=0.01)


def test_one_can_look_beside_but_not_beyond_the_edge(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, 7))
    presenter.zoom(2.0, (0, 0))
    before = view.last("show_place")[0]
    presenter.move(0.25, 0)
    assert view.last("show_place")[0] == pytest.approx((before[0] - SIDE / 4, before[1]), abs=0.01)
    presenter.move(-9, -9)
    assert view.last("show_place")[0] == pytest.approx(before, abs=0.01)


def test_a_digit_is_told_where_the_pointer_is_and_put_on_the_page_by_a_click(
    presenter, view, recognizer, digit_map
):
    presenter.show(subject_of(recognizer, 7))
    presenter.point_at(tuple(POINTS[3] * SIDE))
    assert view.last("show_told") == "3, MNIST"
    presenter.choose(tuple(POINTS[3] * SIDE + 2))
    ink, message = view.last("put_on_page")
    assert message == "3, MNIST"
    assert recognizer.recognize_image(ink).digit == 3
    count = view.times("put_on_page")
    presenter.choose((5.0, 5.0))  # nothing lies there
    assert view.times("put_on_page") == count


def test_keys_go_from_digit_to_digit(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, 0))
    for step, digit in (((1, 0), 1), ((1, 0), 2), ((0, 1), 7), ((-1, 0), 6), ((0, -1), 1)):
        presenter.mark_beside(*step)
        assert view.last("show_told") == f"{digit}, MNIST"
        assert view.last("show_mark") == pytest.approx(POINTS[digit] * SIDE, abs=0.01)
    presenter.choose()
    assert view.last("put_on_page")[1] == "1, MNIST"


def test_a_digit_that_is_marked_comes_into_sight(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, 0))
    presenter.zoom(4.0)
    for _step in range(4):
        presenter.mark_beside(1, 0)
    x, y = view.last("show_mark")
    assert 0 <= x <= SIDE and 0 <= y <= SIDE


def test_while_there_is_no_map_nothing_is_shown(view, recognizer):
    presenter = MapPresenter(view, lambda: None)
    presenter.show(subject_of(recognizer, 7))
    presenter.zoom(2)
    presenter.mark_beside(1, 0)
    presenter.point_at((3, 3))
    assert not view.times("show_map")


def test_by_a_network_that_is_changed_it_says_so(presenter, view, recognizer):
    presenter.show(replace(subject_of(recognizer, 7), is_whole=False))
    assert view.last("show_told") == "The map is of the network as it is saved, with all maps on."
    assert view.last("show_place") == (None, [])


def test_a_half_trained_network_has_no_map_and_says_so(presenter, view, recognizer):
    half = HalfTrained(recognizer.network, 12, 1, 2)
    learning = replace(subject_of(recognizer, 7), is_whole=False, half=half)
    presenter.show(learning)
    assert view.last("show_told").startswith("This is the map of the network that is open.")
    assert view.last("show_place") == (None, [])
    MapPresenter(view, lambda: None).show(learning)
    assert view.last("show_told") == "A half-trained network has no map yet."
