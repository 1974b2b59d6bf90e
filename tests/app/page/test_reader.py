"""app/page/reader.py: what a network is asked for a page, and its answer in plain values."""

import numpy as np
import pytest

from app.page.drawing import Drawing, Look, Picture, Stroke
from app.page.reader import read
from app.page.reading import PageReading
from engine.reading.prediction import Alternative, PagePrediction

LINE = ((0.2, 0.2), (0.8, 0.4))
OTHER = ((0.3, 0.6), (0.7, 0.8))


def drawing(*strokes, picture=None):
    drawing = Drawing()
    drawing.replace([Stroke(points) for points in strokes], picture)
    return drawing


def test_the_reading_is_made_of_plain_values(reader):
    shown = read(reader, drawing(LINE)).shown
    assert {type(value) for value in shown.probabilities} == {float}
    assert type(shown.ink) is bytes
    assert len(shown.ink) == 784
    assert shown.ink[28 * 10 + 14] == 255
    assert shown.ink[0] == 0


def test_nothing_is_asked_for_an_empty_page(reader):
    assert read(reader, drawing()) == PageReading()
    assert reader.seen == []


def test_the_strokes_of_a_number_become_its_parts(reader):
    reader.reads_apart = True
    reader.alternatives = (Alternative("17", 0.1),)
    page = read(reader, drawing(LINE, OTHER))
    assert (page.text, page.confidence, page.alternatives) == ("12", 0.8, (("17", 0.1),))
    first, second = page.parts
    assert (first.reading.digit, second.reading.digit) == (1, 2)
    assert (first.box, first.strokes) == ((0.2, 0.2, 0.8, 0.4), (0,))
    assert (second.box, second.strokes) == ((0.3, 0.6, 0.7, 0.8), (1,))


def test_the_runner_up_is_that_of_the_drawing(reader):
    reader.runner_up = 7
    assert read(reader, drawing(LINE)).answer == "1 or 7 · 60 %"


def test_a_click_that_trembled_is_asked_for_as_a_point(reader):
    assert read(reader, drawing(((0.5, 0.5), (0.502, 0.5)))).answer == "not a digit"
    assert reader.seen == [[[(0.5, 0.5)]]]


@pytest.mark.parametrize(("strokes", "digit"), [((), 9), ((LINE,), 8)])
def test_a_picture_is_one_drawing_also_with_strokes_over_it(reader, strokes, digit):
    reader.reads_apart = True
    page = read(reader, drawing(*strokes, picture=Picture(np.ones((4, 6), np.float32))))
    assert page.symbol == str(digit)
    assert not page.is_several


@pytest.fixture
def three():
    """Three strokes from right to left."""
    return drawing(*(((x, 0.2), (x, 0.8)) for x in (0.7, 0.4, 0.1)))


def test_groups_by_hand_are_read_alone_and_stand_among_the_others_where_they_are(reader, three):
    reader.reads_apart = True
    three.group([(0, 1)])
    page = read(reader, three)
    assert reader.seen == [[[(0.1, 0.2), (0.1, 0.8)]], [[(0.7, 0.2), (0.7, 0.8)], [(0.4, 0.2), (0.4, 0.8)]]]
    assert page.text == "12"  # the fake's 1 for the stroke that is left, its 2 for two strokes
    assert [part.strokes for part in page.parts] == [(2,), (0, 1)]
    assert page.parts[1].box == (0.4, 0.2, 0.7, 0.8)
    assert page.confidence == pytest.approx(0.8 * 0.9)


def test_a_page_that_is_one_group_speaks_as_a_page_of_one(reader, three):
    reader.reads_apart = True
    three.group([(0, 1, 2)])
    page = read(reader, three)
    assert (page.answer, page.confidence, page.is_several) == ("3 · 90 %", 0.9, False)


def test_groups_stand_in_the_lines_that_they_are_in(reader):
    page = drawing(((0.1, 0.1), (0.2, 0.3)), ((0.1, 0.6), (0.2, 0.9)))
    page.group([(0,), (1,)])
    assert read(reader, page).text == "1\n1"


def looking(seen=(0.0, 0.0, 1.0, 1.0)):
    look = Look(np.zeros((100, 100), np.uint8), np.zeros((4, 4), bool), seen)
    return Picture(np.ones((4, 4), np.float32), look)


def test_the_digits_of_a_picture_lie_where_their_ink_was_found(reader):
    page = read(reader, drawing(picture=looking((0.5, 0.25, 1, 0.75))))
    assert page.parts[0].box == (0.5, 0.25, 1, 0.75)  # the fake's digit fills what it is given


def test_strokes_over_a_part_of_a_picture_are_put_on_its_ink(reader):
    read(reader, drawing(((0.5, 0.25), (1.0, 0.75)), picture=looking((0.5, 0.25, 1, 0.75))))
    assert reader.seen[-1][1] == [[(0, 0), (1, 1)]]


def test_a_picture_in_which_nothing_is_found_is_no_digit(reader, monkeypatch):
    monkeypatch.setattr(
        type(reader), "recognize_image_page", lambda *args, **named: PagePrediction("", (), 0)
    )
    assert read(reader, drawing(picture=looking())).shown.is_drawn
