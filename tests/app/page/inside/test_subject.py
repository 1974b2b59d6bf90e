"""app/page/inside/subject.py: what is looked at, in words, and with which strokes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.page.collector import Collector
from app.page.controller import Controller
from app.page.drawing import Picture, Stroke
from app.page.half_trained import HalfTrained
from app.page.inside.subject import Subject
from app.page.reading import Reading
from app.page.teacher import Teacher
from app.store.samples import KeptSamples
from tests.app.fakes import FACTS, FakeReader, FakeView, load_fake_reader

LINE, OTHER = ((0.2, 0.3), (0.8, 0.3)), ((0.2, 0.7), (0.8, 0.7))


class FirstOf(FakeReader):
    """A committee of which another reader is the first."""

    first_one: FakeReader

    @property
    def first(self):
        return self.first_one


@pytest.fixture
def reader():
    return FakeReader()


@pytest.fixture
def controller(reader, tmp_path):
    view = FakeView()
    view.when_idle = lambda callback: callback()
    controller = Controller(
        view,
        reader,
        load_reader=load_fake_reader,
        teacher=Teacher(kept := KeptSamples(tmp_path / "samples.jsonl")),
        collector=Collector(kept, KeptSamples(tmp_path / "collected.jsonl", are_labelled=False)),
    )
    controller.start()
    return controller


def test_an_empty_page_has_nothing_to_look_at(controller):
    assert controller.subject.image is None
    assert controller.subject.told == "The page is empty. Draw a digit, and look at it from inside."


def test_a_drawing_comes_with_its_strokes_and_the_very_image(controller, reader):
    controller.put_on_page([Stroke(LINE), Stroke(OTHER)])
    subject = controller.subject
    assert [tuple(stroke) for stroke in subject.strokes] == [LINE, OTHER]
    assert np.array_equal(subject.image, reader.recognize([LINE, OTHER]).image)
    assert subject.told == "Read: 2 · 90 %."


def test_of_a_committee_the_first_is_looked_into_and_that_is_told(controller):
    files = {"1-best.lenet": "0" * 64, "2-other.lenet": "1" * 64}
    first = FakeReader(Path("first"))
    committee = FirstOf(Path("both"), facts=replace(FACTS, architecture="committee", files=files))
    committee.first_one = first
    controller._take(committee)
    controller.put_on_page([Stroke(LINE)])
    told = "2 networks read as a committee. This is the inside of the first, best."
    subject = controller.subject
    assert (subject.reader, subject.by_whom, subject.is_whole) == (first, told, True)
    controller.read_by(first)
    alone = " It reads alone while some of it is off, or as it was."
    assert controller.subject.by_whom == told + alone
    half = HalfTrained(first.network, step=1, right=1, count=2)
    controller.read_by(first, half=half)
    assert controller.subject.by_whom == half.told
    controller._take(first)
    assert controller.subject.by_whom == ""


def test_of_several_digits_it_is_the_one_that_is_shown(controller, reader):
    reader.reads_apart = True
    controller.put_on_page([Stroke(LINE), Stroke(OTHER)])
    controller.show_part_beside(-1)
    controller.show_part_beside(-1)
    assert [tuple(stroke) for stroke in controller.subject.strokes] == [LINE]
    assert controller.subject.told == "Digit 1 of 2 on the page: 1 · 90 %."


def test_a_picture_has_no_strokes(controller):
    controller.put_picture(Picture(np.ones((20, 20), np.float32)))
    assert not controller.subject.strokes
    assert controller.subject.image is not None


def test_the_page_is_read_anew_by_another_reader_of_the_same_network(controller, reader):
    controller.put_on_page([Stroke(LINE)])
    other = reader.silenced({"c1": [0]})
    other.runner_up = 7
    controller.read_by(other)
    assert controller.subject.reading.runner_up == 7
    assert controller.subject.reader is other
    assert not controller.subject.is_whole
    controller.read_by(None)
    assert controller.subject.is_whole


def test_a_reading_tells_what_it_is():
    assert Subject(FakeReader(), Reading()).image is None


def test_other_strokes_take_the_place_of_the_digit_that_is_shown(controller, reader):
    reader.reads_apart = True
    controller.put_on_page([Stroke(LINE), Stroke(OTHER)])
    controller.show_part_beside(-1)
    controller.show_part_beside(-1)
    controller.replace_shown([[(0.1, 0.1), (0.2, 0.2)]])
    assert [stroke.points for stroke in controller._drawing.strokes] == [OTHER, ((0.1, 0.1), (0.2, 0.2))]
    controller.undo()
    assert [stroke.points for stroke in controller._drawing.strokes] == [LINE, OTHER]


def test_a_network_that_is_changed_for_a_look_inside_is_not_taught(controller, reader):
    controller.put_on_page([Stroke(LINE)])
    controller.read_by(reader.silenced({"c1": [0]}))
    controller.teach(7)
    told, is_error = controller._view.last("show_message")
    assert told.startswith("The network is changed for a look inside.")
    assert is_error


def test_a_half_trained_network_is_named_and_not_taught_and_never_gone_back_to(controller, reader, tmp_path):
    half = HalfTrained(reader.network, 120, 61, 100)
    controller.put_on_page([Stroke(LINE)])
    controller.read_by(reader.with_network(reader.network), half=half)
    assert controller.subject.half is half
    assert not controller.subject.is_whole
    assert controller._view.last("show_reading").title == "1 · 90 % · half-trained — LeNet Canvas"
    controller.teach(7)
    told, is_error = controller._view.last("show_message")
    assert told.startswith("A half-trained network reads.")
    assert is_error
    controller.open_network(tmp_path)
    assert controller.subject.half is None
    assert controller.whole is controller.subject.reader
    controller.go_back()
    assert controller.subject.reader is reader
    assert controller._view.last("show_reading").title == "1 · 90 % — LeNet Canvas"


def test_a_drawing_is_replayed_point_by_point_and_stays_what_it_is(controller, reader):
    strokes = [Stroke(LINE), Stroke(OTHER)]
    controller.put_on_page(strokes)
    assert controller.point_count == 4
    controller.replay_to(3)
    assert controller.is_replaying
    assert [tuple(stroke) for stroke in controller.subject.strokes] == [LINE, OTHER[:1]]
    assert reader.seen[-1] == [list(LINE), list(OTHER[:1])]
    assert controller._view.last("show_strokes") == [LINE, OTHER[:1]]
    controller.replay_to(None)
    assert controller.subject.reading.digit == 2
    assert controller._drawing.strokes == tuple(strokes)
    assert not controller.is_replaying


def test_a_new_stroke_ends_a_replay_and_nothing_is_lost(controller):
    controller.put_on_page([Stroke(LINE), Stroke(OTHER)])
    controller.replay_to(1)
    controller.pen_down((0.5, 0.5))
    controller.pen_up()
    assert not controller.is_replaying
    assert len(controller._drawing.strokes) == 3
    controller.replay_to(1)
    controller.undo()
    assert not controller.is_replaying
    assert len(controller._drawing.strokes) == 2


def test_digits_are_joined_and_read_apart_as_they_are_and_not_as_they_are_replayed(controller, reader):
    reader.reads_apart = True
    controller.put_on_page([Stroke(LINE), Stroke(OTHER)])
    controller.show_part_beside(-1)
    controller.replay_to(1)
    controller.join()
    assert not controller.is_replaying
    assert controller._drawing.groups == ((0, 1),)
    controller.replay_to(1)
    controller.read_apart()
    assert not controller.is_replaying
    assert controller._drawing.groups == ((0,), (1,))
