"""app/page/inside/why_presenter.py: every explanation is held against the network's own numbers."""

from dataclasses import replace

import numpy as np
import pytest

from app.page.half_trained import HalfTrained
from app.page.inside.subject import Subject
from app.page.inside.why_presenter import WhyPresenter
from app.page.reader import reading_of
from app.page.reading import Reading
from app.store.networks import SHIPPED
from engine import Recognizer
from engine.explaining.edits import Reader
from engine.explaining.neighbours import DigitIndex, Prototypes
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from tests import digit_templates as templates
from tests.app.fakes import FakeView


def digit_strokes(digit, rng=None):
    """A digit in the middle of the page, with room around it."""
    return [
        [(0.3 + 0.4 * x, 0.3 + 0.4 * y) for x, y in stroke] for stroke in templates.digit_strokes(digit, rng)
    ]


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load(SHIPPED / "lenet5")


@pytest.fixture(scope="module")
def index(recognizer):
    """Of four drawings of each digit."""
    images = [
        frame(stroke_ink(digit_strokes(digit, np.random.default_rng(seed))))
        for digit in range(10)
        for seed in range(4)
    ]
    pixels = np.rint(np.stack(images) * 255).astype(np.uint8)
    labels = np.repeat(np.arange(10, dtype=np.uint8), 4)
    return DigitIndex.build(
        recognizer.network, Prototypes(pixels, labels, np.zeros(40, np.uint8), ("mnist",))
    )


@pytest.fixture
def view():
    view = FakeView()
    view.due = []
    view.later = view.due.append
    view.rest = lambda work: setattr(view, "at_rest", work)
    return view


@pytest.fixture
def presenter(view, index, recognizer):
    return WhyPresenter(
        view,
        index=lambda: index,
        second=lambda: None,
        confirms=lambda strokes, digit: recognizer.recognize_page(strokes).text == str(digit),
    )


def subject_of(reader, strokes):
    return Subject(reader, reading_of(reader.recognize(strokes)), strokes, 0, 1)


def work_off(view):
    while view.due:
        view.due.pop(0)()


@pytest.fixture
def at_seven(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, digit_strokes(7)))
    view.at_rest()
    work_off(view)
    return presenter


def test_it_looks_only_when_the_pen_rests(presenter, view, recognizer):
    presenter.show(subject_of(recognizer, digit_strokes(7)))
    assert view.last("show_strokes") is None
    view.at_rest()
    assert view.last("show_strokes") is not None


def test_it_asks_why_the_first_and_not_the_second(at_seven, view, recognizer):
    logits = recognizer.network.logits(frame(stroke_ink(digit_strokes(7)))[None])[0]
    first, second = np.argsort(-logits)[:2].tolist()
    told, digit, versus = view.last("show_question")
    assert (digit, versus) == (first, second)
    assert told == f"Read: 7 · 100 %. Why 7 and not {second}?"


def test_the_nearest_digits_are_three_of_either_with_their_distances(at_seven, view, index, recognizer):
    tiles, told = view.last("show_nearest")
    _first, second = at_seven.question
    assert [tile.caption for tile in tiles] == ["7, MNIST"] * 3 + [f"{second}, MNIST"] * 3
    image = frame(stroke_ink(digit_strokes(7)))
    nearest = index.nearest(recognizer.network, image, [7])[0]
    assert f"7 ({nearest.distance:.2f})" in told


def test_each_stroke_is_tinted_by_what_the_network_reads_without_it(presenter, view, recognizer):
    strokes = [*digit_strokes(7), [(0.3, 0.3), (0.35, 0.2)]]
    presenter.show(subject_of(recognizer, strokes))
    view.at_rest()
    tinted, told = view.last("show_strokes")
    digit, versus = presenter.question
    both = recognizer.network.logits(frame(stroke_ink(strokes))[None])[0].astype(float)
    worths = []
    for number in range(len(strokes)):
        left = [stroke for place, stroke in enumerate(strokes) if place != number]
        logits = recognizer.network.logits(frame(stroke_ink(left))[None])
        without = logits[0].astype(float)
        worths.append((both[digit] - both[versus]) - (without[digit] - without[versus]))
        sure = recognizer.confidence.probabilities(logits)[0]
        assert told[number].startswith(
            f"Without stroke {number + 1}: {sure.argmax()}, {100 * sure.max():.0f} %."
        )
    assert min(worths) < 0 < max(worths)
    largest = max(map(abs, worths))
    assert [stroke.worth for stroke in tinted] == pytest.approx(
        [worth / largest for worth in worths], abs=1e-4
    )


def test_the_pixels_make_the_difference_of_the_evidence_and_come_on_demand(at_seven, view, recognizer):
    assert view.last("show_pixels") == (None, "")
    at_seven.show_pixels(True)
    pixels, told = view.last("show_pixels")
    assert len(pixels) == 3 * 28 * 28
    image, (digit, versus) = frame(stroke_ink(digit_strokes(7))), at_seven.question
    logits = recognizer.network.logits(np.stack([np.zeros_like(image), image])).astype(float)
    blank, seen = logits[:, digit] - logits[:, versus]
    numbers = [
        float(word.strip(".:"))
        for word in told.split(". Blue")[0].split()
        if word.strip(".:").lstrip("-")[:1].isdigit()
    ]
    assert numbers == pytest.approx([seen - blank, blank, seen], rel=0.02, abs=0.02)
    at_seven.show_pixels(False)
    assert view.last("show_pixels") == (None, "")


def test_two_bars_ask_why_one_and_not_the_other(at_seven, view):
    at_seven.choose_bar(1)
    assert view.last("show_question")[1:] == (7, 1)
    at_seven.choose_bar(4)
    assert view.last("show_question")[1:] == (1, 4)
    at_seven.choose_bar(2)
    assert view.last("show_question")[1:] == (7, 2)


def found_change(presenter, view, digits):
    for digit in digits:
        presenter.become(digit)
        assert view.last("show_change")[0] == f"Looking for a change that makes it a {digit}…"
        work_off(view)
        told, can_take = view.last("show_change")
        if can_take:
            assert told.startswith(f"To become a {digit}: ")
            return digit
        assert told == f"No small change makes this a {digit}."
    return None


def test_a_change_is_dotted_on_the_page_and_taken_over_and_is_then_read_so(at_seven, view, recognizer):
    digit = found_change(at_seven, view, [1, 2, 3, 9, 4])
    assert digit is not None
    assert view.last("show_on_page")
    at_seven.take()
    strokes = view.last("put_in_place")
    assert recognizer.recognize_page(strokes).text == str(digit)
    assert recognizer.recognize(strokes).confidence >= 0.9
    assert view.last("show_on_page") == ()
    at_seven.take()
    assert view.times("put_in_place") == 1


def test_no_change_leaves_the_page(presenter, view, recognizer):
    strokes = [[(x - 0.3, y - 0.3) for x, y in stroke] for stroke in digit_strokes(7)]  # in the corner
    presenter.show(subject_of(recognizer, strokes))
    view.at_rest()
    work_off(view)
    for digit in (2, 3):  # some of the changes of three would
        presenter.become(digit)
        work_off(view)
        for line in view.last("show_on_page"):
            assert all(0 <= place <= 1 for point in line for place in point)


def test_a_new_stroke_ends_the_search_and_takes_the_change_off_the_page(at_seven, view, recognizer):
    at_seven.become(2)
    at_seven.show(subject_of(recognizer, digit_strokes(5)))
    count = view.times("show_change")
    work_off(view)
    assert view.times("show_change") == count
    assert view.last("show_change") == ("", False)


def test_it_is_that_digit_already(at_seven, view):
    at_seven.become(7)
    assert view.last("show_change") == ("It is read as 7 already.", False)


def test_a_picture_has_pixels_and_no_strokes(presenter, view, recognizer):
    prediction = recognizer.recognize_image(stroke_ink(digit_strokes(5)))
    presenter.show(Subject(recognizer, reading_of(prediction), (), 0, 1))
    view.at_rest()
    strokes, told = view.last("show_strokes")
    assert not strokes
    assert told == ["This was read as a picture: it has pixels, no strokes."]
    presenter.become(3)
    assert view.last("show_change") == ("A picture cannot be changed stroke by stroke.", False)


def test_a_stroke_that_two_digits_share_is_not_taken_for_one_of_them(presenter, view, recognizer):
    reading = reading_of(recognizer.recognize(digit_strokes(5)))
    presenter.show(Subject(recognizer, reading, digit_strokes(8), 0, 2))
    view.at_rest()
    assert not view.last("show_strokes")[0]


def test_what_is_no_digit_is_told_with_its_evidence(presenter, view, recognizer):
    scribble = [[(0, 0), (1, 0.1), (0, 0.2), (1, 0.9), (0.1, 1)], [(0.5, 0), (0.4, 1)], [(0, 0.6), (1, 0.5)]]
    subject = subject_of(recognizer, scribble)
    assert not subject.reading.is_digit
    presenter.show(subject)
    view.at_rest()
    assert view.last("show_evidence").startswith("Not a digit: its evidence is ")
    least = recognizer.confidence.rejection.least_evidence
    assert f"a digit has {least:.1f} or more" in view.last("show_evidence")


def test_an_empty_page_has_nothing_to_explain(at_seven, view, recognizer):
    at_seven.show(Subject(recognizer, Reading()))
    assert view.last("show_question") == (
        "The page is empty. Draw a digit, and look at it from inside.",
        None,
        None,
    )
    assert view.last("show_nearest") == ((), "")
    at_seven.choose_bar(3)
    at_seven.become(3)
    assert not view.due


def test_by_a_network_that_is_changed_no_nearest_digits_are_told(presenter, view, recognizer):
    subject = subject_of(recognizer.silenced({"c1": [0]}), digit_strokes(7))
    presenter.show(replace(subject, is_whole=False))
    view.at_rest()
    work_off(view)
    tiles, told = view.last("show_nearest")
    assert not tiles
    assert told == "The nearest digits are of the network as it is saved, with all maps on."


def test_of_a_half_trained_network_no_nearest_digits_are_told_and_all_else_is(presenter, view, recognizer):
    subject = subject_of(recognizer.with_network(recognizer.network), digit_strokes(7))
    half = HalfTrained(recognizer.network, 12, 1, 2)
    presenter.show(replace(subject, is_whole=False, half=half))
    view.at_rest()
    work_off(view)
    tiles, told = view.last("show_nearest")
    assert not tiles
    assert told.startswith("The nearest digits are found when a network has learnt")
    assert view.last("show_question")[1] == 7
    assert view.last("show_strokes")[0]


def test_the_second_network_has_a_say(view, index, recognizer):
    class No:
        classes, shapes = 10, {"output": (10,)}

        def logits(self, images):
            return np.eye(10)[np.zeros(len(images), int)]

    presenter = WhyPresenter(
        view,
        index=lambda: index,
        second=lambda: Reader(No(), recognizer.confidence),
        confirms=lambda *args: True,
    )
    presenter.show(subject_of(recognizer, digit_strokes(7)))
    view.at_rest()
    work_off(view)
    presenter.become(2)
    work_off(view)
    assert view.last("show_change") == ("No small change makes this a 2.", False)


def test_another_tab_in_front_ends_the_search(at_seven, view):
    at_seven.become(2)
    at_seven.leave()
    count = view.times("show_change")
    work_off(view)
    assert view.times("show_change") == count


def test_a_list_that_is_still_open_as_its_tab_is_left_asks_nothing(at_seven, view):
    count = view.times("show_question")
    at_seven.leave()
    at_seven.ask(7, 2)
    at_seven.choose_bar(3)
    assert view.times("show_question") == count


def test_what_is_read_from_memory_is_said_to_be(presenter, view, recognizer):
    subject = subject_of(recognizer, digit_strokes(7))
    presenter.show(replace(subject, reading=replace(subject.reading, digit=1, from_memory=True)))
    view.at_rest()
    assert view.last("show_evidence").startswith("It is read from memory, as it was taught.")
    assert view.last("show_question")[1] == 7
