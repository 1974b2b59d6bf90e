"""app/page/inside/compare_presenter.py: two networks on the very same image."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.page.half_trained import HalfTrained
from app.page.inside.compare_presenter import ComparePresenter
from app.page.inside.subject import Subject
from app.page.reader import reading_of
from app.page.reading import Reading
from app.store.networks import SHIPPED
from engine import Recognizer
from engine.errors import SavedNetworkError
from tests.app.fakes import FakeView
from tests.digit_templates import digit_strokes

BEST, LENET5 = SHIPPED, SHIPPED / "lenet5"
NAMES = {BEST: "Best", LENET5: "LeNet-5"}


@pytest.fixture(scope="module")
def best():
    return Recognizer.load(BEST)


@pytest.fixture
def view():
    return FakeView()


@pytest.fixture
def presenter(view):
    return ComparePresenter(
        view,
        choices=lambda: [("Best", BEST), ("LeNet-5", LENET5)],
        load=Recognizer.load,
        name_of=NAMES.__getitem__,
    )


def subject_of(reader, strokes):
    return Subject(reader, reading_of(reader.recognize(strokes)), strokes, 0, 1)


def bars(view, place):
    return next(args for name, args, _ in reversed(view.calls) if name == "show_bars" and args[0] == place)


def test_both_networks_read_the_same_image(presenter, view, best):
    subject = subject_of(best, digit_strokes(7))
    presenter.show(subject)
    assert view.last("show_choices") == (["LeNet-5"], 0)
    other = Recognizer.load(LENET5)
    expected = other.confidence.probabilities(other.network.logits(subject.image[None]))[0]
    _place, name, probabilities, predicted = bars(view, 1)
    assert (name, predicted) == ("LeNet-5", 7)
    assert np.allclose(probabilities, expected)
    assert bars(view, 0)[1:] == ("Best", subject.reading.probabilities, 7)
    assert view.last("show_told").startswith("Best reads 7 · 100 %; LeNet-5 reads 7 · ")


def test_a_half_trained_network_is_compared_with_the_one_that_is_open_too(presenter, view, best):
    subject = subject_of(best, digit_strokes(7))
    presenter.show(subject)
    half = HalfTrained(best.network, 12, 1, 2)
    presenter.show(replace(subject, half=half))
    assert view.last("show_choices") == (["Best", "LeNet-5"], 0)
    assert view.last("show_told").startswith("The half-trained network reads 7 · 100 %; Best reads 7 · 100 %")
    presenter.choose(1)
    presenter.show(replace(subject, half=half))
    assert bars(view, 1)[1] == "LeNet-5"  # the choice stays while it learns
    presenter.show(subject)
    assert view.last("show_choices") == (["LeNet-5"], 0)


def test_one_that_was_opened_by_a_shorter_path_is_not_compared_with_itself(presenter, view, monkeypatch):
    monkeypatch.chdir(BEST.parent)
    near = Recognizer.load(Path(BEST.name))
    monkeypatch.setitem(NAMES, near.folder, "Best")
    presenter.show(subject_of(near, digit_strokes(7)))
    assert view.last("show_choices") == (["LeNet-5"], 0)


def test_what_is_no_digit_for_one_of_them_is_said(presenter, view, best):
    scribble = [[(0, 0), (1, 0.1), (0, 0.2), (1, 0.9), (0.1, 1)], [(0.5, 0), (0.4, 1)], [(0, 0.6), (1, 0.5)]]
    presenter.show(subject_of(best, scribble))
    assert "no digit" in view.last("show_told")
    assert None in (bars(view, 0)[3], bars(view, 1)[3])


def test_an_empty_page_has_empty_bars(presenter, view, best):
    presenter.show(Subject(best, Reading()))
    assert bars(view, 1)[2:] == ((0.0,) * 10, None)
    assert view.last("show_told").startswith("The page is empty.")


def test_one_that_does_not_open_is_told_and_one_alone_too(view, best):
    def fail(folder):
        raise SavedNetworkError("It is gone.")

    presenter = ComparePresenter(
        view, choices=lambda: [("LeNet-5", LENET5)], load=fail, name_of=NAMES.__getitem__
    )
    presenter.show(subject_of(best, digit_strokes(7)))
    assert view.last("show_told") == "It is gone."
    presenter = ComparePresenter(view, choices=lambda: [("Best", BEST)], load=fail, name_of=NAMES.__getitem__)
    presenter.show(subject_of(best, digit_strokes(7)))
    assert view.last("show_told") == "There is no other network to compare with. Train one, or open one."


def test_the_networks_are_looked_for_again_when_the_tab_comes_back(presenter, view, best):
    presenter.show(subject_of(best, digit_strokes(7)))
    presenter.show(subject_of(best, digit_strokes(4)))
    assert view.times("show_choices") == 1
    presenter.leave()
    presenter.show(subject_of(best, digit_strokes(4)))
    assert view.times("show_choices") == 2
