"""app/page/tour.py: five steps, each noticed when it is done, without a window."""

from dataclasses import replace

import pytest

from app.page.tour import LAYERS, MAP, STEPS, WHY, Sight, TourPresenter
from tests.app.fakes import FakeView
from tests.app.reports.marked import marked, unmarked_words

SEVEN = Sight(digit=7, ink=b"7", strokes=2)
INSIDE = replace(SEVEN, tab=WHY)
ON_MAP = replace(SEVEN, tab=MAP)


@pytest.fixture
def view():
    return FakeView()


@pytest.fixture
def presenter(view):
    presenter = TourPresenter(view)
    presenter.begin()
    return presenter


def at(presenter, step):
    for _ in range(step - 1):
        presenter.go_on()


def test_it_begins_with_a_drawing_and_goes_on_and_back(presenter, view):
    page = view.last("show_page")
    assert page.title == "Tour, 1 of 5: Draw a 7"
    assert page.text.startswith("Draw a 7 on the page")
    assert (page.has_back, page.has_next, page.is_done) == (False, True, False)
    presenter.go_back()
    assert view.last("show_page").title.startswith("Tour, 1 of 5")
    at(presenter, 9)
    page = view.last("show_page")
    assert (page.title, page.has_back, page.has_next) == (
        "Tour, 5 of 5: Tell it when it is wrong", True, False
    )  # fmt: skip
    presenter.go_back()
    assert view.last("show_page").title == "Tour, 4 of 5: See what it is like"


def test_the_steps_that_are_of_a_tab_open_it(presenter, view):
    at(presenter, 5)
    assert [args for name, args, _ in view.calls if name == "open_tab"] == [(LAYERS,), (WHY,), (MAP,)]


@pytest.mark.parametrize(
    ("step", "sights", "undone"),
    [
        (1, [SEVEN], [Sight(), replace(SEVEN, digit=1), replace(SEVEN, is_underway=True)]),
        (2, [replace(SEVEN, tab=LAYERS, has_arithmetic=True)], [replace(SEVEN, tab=LAYERS), SEVEN]),
        (
            3,
            [INSIDE, replace(INSIDE, strokes=1)],
            [INSIDE, replace(INSIDE, strokes=3), replace(INSIDE, strokes=0, digit=None)],
        ),
        (3, [replace(INSIDE, strokes=3), INSIDE], [replace(SEVEN, strokes=3), SEVEN]),
        (4, [ON_MAP, replace(ON_MAP, ink=b"8")], [ON_MAP, ON_MAP, replace(SEVEN, ink=b"8"), ON_MAP]),
        (4, [replace(SEVEN, tab=MAP, is_earlier=True)], [SEVEN]),
        (5, [replace(SEVEN, is_from_memory=True)], [SEVEN, Sight()]),
    ],
)
def test_a_step_notices_by_itself_that_it_is_done(presenter, view, step, sights, undone):
    at(presenter, step)
    for sight in undone:
        presenter.look(sight)
    assert not view.last("show_page").is_done
    presenter.go_back()
    presenter.go_on() if step > 1 else None
    for sight in sights:
        presenter.look(sight)
    page = view.last("show_page")
    assert page.is_done
    assert page.title == f"Tour, {step} of 5: done ✓"
    presenter.look(Sight())
    assert view.last("show_page").is_done  # what is done stays so


def test_what_was_done_is_kept_on_the_way_back_and_forgotten_by_a_new_tour(presenter, view):
    presenter.look(SEVEN)
    presenter.go_on()
    assert not view.last("show_page").is_done
    presenter.go_back()
    assert view.last("show_page").is_done
    presenter.close()
    assert view.last("show_page") is None
    presenter.look(SEVEN)
    assert view.last("show_page") is None
    presenter.begin()
    assert not view.last("show_page").is_done


def test_closed_it_goes_nowhere_and_is_shown_in_a_window_that_is_built_anew(view):
    presenter = TourPresenter(view)
    presenter.go_on()
    presenter.go_back()
    assert not presenter.is_open
    assert not view.calls
    presenter.show_again()
    assert view.last("show_page") is None
    presenter.begin()
    presenter.go_on()
    presenter.show_again()
    assert view.last("show_page").title.startswith("Tour, 2 of 5")


def test_all_of_its_words_are_translated(view):
    with marked():
        presenter = TourPresenter(view)
        presenter.begin()
        for _step in STEPS:
            page = view.last("show_page")
            assert not unmarked_words(page.title, page.text)
            presenter.go_on()
