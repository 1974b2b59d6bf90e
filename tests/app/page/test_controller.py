"""app/page/controller.py: what the view is told, without any window."""

from pathlib import Path

import numpy as np
import pytest

from app.page.controller import Controller
from app.page.drawing_file import write_drawing
from app.page.hints import examples, hint
from app.page.reading import PageReading
from engine import build_network, save_network
from engine.datasets.samples import UNLABELLED
from tests.app.fakes import read_fake_image
from tests.app.page.fake_page_view import HINT, LINE, OTHER, assert_each_is_told_in_another_language, draw


@pytest.fixture
def view(page_view):
    return page_view


ACTIONS = (
    "undo",
    "redo",
    "clear",
    "copy answer",
    "copy drawing",
    "save",
    "eraser",
    "select",
    "join",
    "read apart",
    "read as two",
    "go back",
    "forget",
)
NONE_BEFORE = {"go back": False, "forget": False, "join": False, "read apart": False, "read as two": False}
NINE = read_fake_image(Path("nine.png"))


def test_at_the_start_there_is_a_hint_and_nothing_to_do(controller, view):
    assert view.page == HINT
    assert view.readings[-1] == PageReading()
    assert view.enabled == dict.fromkeys(ACTIONS, False)
    assert view.network == "fake_network"


def test_a_stroke_is_underway_until_the_pen_is_up_or_undo_takes_it(controller):
    controller.pen_down((0.5, 0.5))
    assert controller.is_stroke_underway
    controller.pen_up()
    assert not controller.is_stroke_underway
    controller.pen_down((0.5, 0.5))
    controller.undo()
    assert not controller.is_stroke_underway


def test_what_may_be_several_digits_is_read_again_when_the_pen_pauses_and_when_it_is_lifted(
    controller, view, reader
):
    reader.may_cut = True
    controller.pen_down(LINE[0])
    controller.pen_move(LINE[1])
    view.idle()
    assert view.readings[-1].is_provisional
    view.at_rest()
    assert not view.readings[-1].is_provisional
    count = len(view.readings)
    view.at_rest()  # there is nothing more to ask
    assert len(view.readings) == count
    controller.pen_move(OTHER[1])
    view.idle()
    assert view.readings[-1].is_provisional
    controller.pen_up()
    view.idle()
    assert not view.readings[-1].is_provisional
    assert reader.seen[-1] == [[*LINE, OTHER[1]]]


def test_what_is_no_more_than_one_digit_is_not_read_again(controller, view, reader):
    controller.pen_down(LINE[0])
    controller.pen_move(LINE[1])
    view.idle()
    count = len(reader.seen)
    controller.pen_up()
    view.idle()
    assert len(reader.seen) == count
    assert view.at_rest is None


def test_how_keys_draw_is_told_the_first_time_only(controller, view):
    controller.keyboard_pen_taken()
    assert "space bar" in view.message[0]
    controller.pen_down((0.5, 0.5))
    controller.keyboard_pen_taken()
    assert view.message == ("", False)


def test_the_hint_turns_each_time_that_the_page_is_emptied_and_not_when_it_is_only_shown_again(
    controller, view
):
    controller.repaint()
    controller.show_again()
    assert view.hints == [hint(0)] * 3
    draw(controller, *LINE)
    controller.undo()
    assert view.hints[-1] == hint(1)
    controller.redo()
    controller.clear()
    controller.repaint()
    assert view.hints[-2:] == [hint(2), hint(2)]


def test_an_example_is_one_step_of_the_history(controller, view):
    (example, *_) = examples()
    controller.put_on_page(example.strokes)
    view.idle()
    assert view.page == ("strokes", [list(stroke.points) for stroke in example.strokes])
    assert view.readings[-1].shown.digit == len(example.strokes)
    controller.undo()
    assert view.page == HINT
    controller.redo()
    assert view.page[0] == "strokes"


def test_a_stroke_appears_point_by_point_and_is_read(controller, view):
    draw(controller, *LINE)
    assert view.page == ("strokes", [list(LINE)])
    view.idle()
    reading = view.readings[-1]
    shown = reading.shown
    assert (shown.digit, shown.is_digit, shown.is_drawn) == (1, True, True)
    assert shown.probabilities[1] == pytest.approx(0.9)
    assert reading.title == "1 · 90 % — LeNet Canvas"


def test_a_burst_of_motions_is_read_once(controller, view, reader):
    controller.pen_down((0.1, 0.1))
    for i in range(100):
        controller.pen_move((0.1, 0.2 + i / 200))
    assert reader.seen == []
    view.idle()
    assert len(reader.seen) == 1
    assert len(reader.seen[0][0]) == 101


def test_a_trembling_click_is_read_as_a_single_point(controller, view, reader):
    draw(controller, (0.5, 0.5), (0.502, 0.5))
    view.idle()
    assert reader.seen[-1] == [[(0.5, 0.5)]]
    assert view.readings[-1].title == "not a digit — LeNet Canvas"


def test_undo_redo_and_clear_repaint_and_read_again(controller, view):
    draw(controller, *LINE)
    draw(controller, *OTHER)
    controller.undo()
    view.idle()
    assert view.page == ("strokes", [list(LINE)])
    assert view.readings[-1].shown.digit == 1
    assert view.enabled["redo"]
    controller.redo()
    view.idle()
    assert view.readings[-1].shown.digit == 2
    controller.clear()
    view.idle()
    assert view.page == HINT
    assert view.readings[-1] == PageReading()
    assert view.enabled == {
        "undo": True,
        "redo": False,
        "clear": False,
        "copy answer": False,
        "copy drawing": False,
        "save": False,
        "eraser": False,
        "select": False,
        **NONE_BEFORE,
    }


def test_motions_after_an_undo_during_a_stroke_draw_nothing(controller, view):
    controller.pen_down((0.1, 0.1))
    controller.undo()
    controller.pen_move((0.5, 0.5))
    controller.pen_up()
    assert view.page == HINT


def test_undo_redo_and_clear_with_nothing_to_do_do_nothing(controller, view):
    before = len(view.readings)
    controller.undo()
    controller.redo()
    controller.clear()
    view.idle()
    assert len(view.readings) == before


def test_the_eraser_removes_the_stroke_it_touches(controller, view):
    draw(controller, *LINE)
    draw(controller, *OTHER)
    controller.erase_at((0.5, 0.81))
    view.idle()
    assert view.page == ("strokes", [list(LINE)])
    assert view.readings[-1].shown.digit == 1


def test_a_picture_is_shown_and_read_and_takes_the_strokes_place(controller, view, reader, tmp_path):
    draw(controller, *LINE)
    controller.put_picture(NINE)
    view.idle()
    assert view.page == ("picture", [], 40)
    assert view.picture.ink[2, 20] == 1
    assert isinstance(reader.seen[-1], np.ndarray)
    assert view.readings[-1].shown.digit == 9
    assert view.enabled == {
        "undo": True,
        "redo": False,
        "clear": True,
        "copy answer": True,
        "copy drawing": True,
        "save": True,
        "eraser": False,
        "select": True,
        **NONE_BEFORE,
        "read as two": True,
    }
    controller.repaint()
    assert view.page == ("picture", [], 40)


def test_what_is_drawn_over_a_picture_is_read_with_it(controller, view, reader, tmp_path):
    controller.put_picture(NINE)
    draw(controller, *LINE)
    view.idle()
    assert view.page == ("picture", [list(LINE)], 40)
    ink, strokes = reader.seen[-1]
    assert ink.shape == (20, 40)
    assert strokes == [list(LINE)]
    assert view.readings[-1].shown.digit == 8
    assert view.enabled["save"]
    assert view.enabled["eraser"]


def test_a_click_on_a_picture_leaves_it_and_is_undone(controller, view, tmp_path):
    controller.put_picture(NINE)
    draw(controller, (0.5, 0.5))
    assert view.page == ("picture", [[(0.5, 0.5)]], 40)
    controller.undo()
    view.idle()
    assert view.page == ("picture", [], 40)
    assert view.readings[-1].shown.digit == 9


def test_the_eraser_takes_strokes_off_a_picture(controller, view, tmp_path):
    controller.put_picture(NINE)
    draw(controller, *LINE)
    draw(controller, *OTHER)
    controller.erase_at((0.5, 0.2))
    view.idle()
    assert view.page == ("picture", [list(OTHER)], 40)
    assert view.readings[-1].shown.digit == 8


def test_a_picture_another_one_and_clear_are_a_step_each(controller, view, tmp_path):
    draw(controller, *LINE)
    controller.put_picture(NINE)
    draw(controller, *OTHER)
    controller.show_image(np.ones((28, 28), np.float32), "A test image.")
    controller.clear()
    pages = [view.page]
    while view.enabled["undo"]:
        controller.undo()
        pages.append(view.page)
    assert pages == [
        HINT,
        ("picture", [], 28),
        ("picture", [list(OTHER)], 40),
        ("picture", [], 40),
        ("strokes", [list(LINE)]),
        HINT,
    ]
    for page in reversed(pages[:-1]):
        controller.redo()
        assert view.page == page
    assert not view.enabled["redo"]


def test_another_network_reads_the_same_drawing(controller, view, reader, tmp_path):
    draw(controller, *LINE)
    view.idle()
    controller.open_network(tmp_path)
    view.idle()
    assert view.network == tmp_path.name
    assert controller.reader is not reader
    assert len(controller.reader.seen) == 1


def test_a_network_that_was_read_already_has_the_name_of_its_file(controller, view, tmp_path):
    (tmp_path / "kept.lenet").touch()
    assert controller.open_network_file(tmp_path / "theirs.onnx", kept=tmp_path / "kept.lenet")
    assert (view.network, view.message) == ("theirs.onnx", ("theirs.onnx reads now.", False))
    assert controller.reader.folder == tmp_path / "theirs.onnx"


def test_a_network_is_exported_and_what_cannot_be_is_said(controller, view, reader, tmp_path, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "network")
    reader.folder = tmp_path / "network"
    assert controller.export_network(tmp_path / "my.onnx")
    assert view.message == ("Saved the network as my.onnx.", False)
    assert (tmp_path / "my.onnx").exists()
    assert not controller.export_network(tmp_path / "my.pt")
    assert "Choose one of: .onnx" in view.message[0]


def test_a_network_that_cannot_be_loaded_leaves_the_one_before(controller, view, reader, tmp_path):
    controller.open_network(tmp_path / "none")
    assert view.message == ("none is no network folder.", True)
    assert controller.reader is reader
    assert view.network == "fake_network"


def test_a_network_in_the_current_folder_has_that_folders_name(controller, view, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    controller.open_network(Path("."))
    assert view.network == tmp_path.name


def test_a_new_stroke_takes_an_old_message_away(controller, view, tmp_path):
    controller.open_network(tmp_path / "none")
    controller.pen_down((0.5, 0.5))
    assert view.message == ("", False)


def test_the_runner_up_reaches_the_reading(controller, view, reader):
    reader.runner_up = 7
    draw(controller, *LINE)
    view.idle()
    assert view.readings[-1].title == "1 or 7 · 60 % — LeNet Canvas"


def test_it_tells_whether_a_network_opened_or_could(controller, view, reader, tmp_path):
    assert not controller.open_network(tmp_path / "none")
    assert not controller.can_open(tmp_path / "none")
    assert view.message == ("none is no network folder.", True)
    assert controller.can_open(tmp_path)
    assert controller.reader is reader
    assert controller.open_network(tmp_path)
    assert controller.reader.folder == tmp_path


def test_the_networks_before_read_again_one_by_one(controller, view, tmp_path):
    first = controller.reader
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        controller.open_network(tmp_path / name)
    assert view.enabled["go back"]
    controller.go_back()
    assert controller.reader.folder == tmp_path / "a"
    assert view.message == ("The network a reads now.", False)
    assert view.network == "a"
    controller.go_back()
    assert controller.reader is first
    assert not view.enabled["go back"]
    controller.go_back()  # there is none before the first
    assert controller.reader is first


def test_an_image_is_put_on_the_page_and_read(controller, view, reader):
    draw(controller, *LINE)
    ink = np.zeros((28, 28), np.float32)
    ink[4:24, 14] = 1.0
    controller.show_image(ink, "A test image.")
    view.idle()
    assert view.page == ("picture", [], 28)
    assert reader.seen[-1] is ink
    assert view.message == ("A test image.", False)
    controller.undo()
    assert view.page[0] == "strokes"


# Copy, paste, and what a file's name decides


def test_the_answer_to_copy_is_that_of_the_title_without_the_programs_name(controller, view, reader):
    assert controller.answer == ""
    draw(controller, *LINE)
    view.idle()
    assert controller.answer == "1 · 90 %"
    reader.runner_up = 7
    draw(controller, *OTHER)
    view.idle()
    assert controller.answer == "2 or 7 · 60 %"
    controller.clear()
    view.idle()
    assert controller.answer == ""


def test_what_was_done_is_told_in_another_language(controller, view, tmp_path):
    (tmp_path / "other").mkdir()
    assert_each_is_told_in_another_language(
        view, controller.keyboard_pen_taken, lambda: controller.open_network(tmp_path / "other")
    )


# Numbers: which digit bars and preview show

FIRST, SECOND, THIRD = [((x, 0.3), (x + 0.1, 0.7)) for x in (0.1, 0.4, 0.7)]


@pytest.fixture
def number(controller, view, reader):
    """Three digits, drawn, the pointer away from them."""
    reader.reads_apart = True
    for stroke in (FIRST, SECOND, THIRD):
        draw(controller, *stroke)
    view.idle()
    controller.point_at(None)
    return controller


def shown(view):
    return view.readings[-1].shown.digit


def test_the_digit_under_the_pointer_is_shown_and_else_the_last(number, view):
    assert (view.readings[-1].symbol, shown(view)) == ("123", 3)
    number.point_at(SECOND[0])
    assert shown(view) == 2
    number.point_at((0.9, 0.95))
    assert shown(view) == 3


def test_keys_show_the_digit_beside_and_go_no_further_than_the_number(number, view):
    number.point_at(THIRD[0])  # where the pointer rests counts no more
    seen = []
    for step in (-1, -1, -1, 1):
        number.show_part_beside(step)
        seen.append(shown(view))
    assert seen == [2, 1, 1, 2]
    number.clear()
    view.idle()
    number.show_part_beside(1)
    assert view.readings[-1] == PageReading()


def test_a_pointer_that_moves_within_a_digit_shows_nothing_anew(number, view):
    number.point_at(SECOND[0])
    before = len(view.readings)
    number.point_at(SECOND[1])
    assert len(view.readings) == before


def test_while_the_pen_is_down_the_digit_that_it_draws_is_shown(number, view):
    number.pen_down((0.5, 0.9))
    number.pen_move((0.6, 0.95))
    view.idle()
    assert shown(view) == 4
    number.pen_move(FIRST[0])  # over another one
    assert shown(view) == 4
    number.pen_up()
    assert shown(view) == 1


def test_a_click_into_a_frame_chooses_a_digit_and_draws_nothing(number, view):
    page = view.page
    number.undo()
    number.redo()
    draw(number, FIRST[0], (FIRST[0][0] + 0.003, FIRST[0][1]))
    view.idle()
    assert view.page == page
    assert (view.readings[-1].symbol, shown(view)) == ("123", 1)
    number.point_at(None)
    assert shown(view) == 1  # it stays
    number.undo()
    view.idle()
    assert view.readings[-1].symbol == "12"  # no step of its own


def test_a_click_takes_no_redo_away(number, view):
    number.undo()
    view.idle()
    draw(number, FIRST[0])
    assert view.enabled["redo"]


def test_a_press_in_a_frame_is_not_read_until_it_is_more_than_a_click(number, view, reader):
    before = len(reader.seen)
    number.pen_down(FIRST[0])
    number.pen_move((FIRST[0][0] + 0.003, FIRST[0][1]))
    view.idle()
    assert len(reader.seen) == before
    number.pen_move((FIRST[0][0] + 0.1, FIRST[0][1]))
    view.idle()
    assert view.readings[-1].symbol == "1234"


def test_a_click_right_after_a_stroke_leaves_that_stroke_read(number, view):
    draw(number, (0.1, 0.9), (0.3, 0.95))
    draw(number, FIRST[0])  # before there was time to read
    view.idle()
    assert view.readings[-1].symbol == "1234"


def test_a_click_on_paper_draws_a_dot(number, view):
    draw(number, (0.5, 0.95))
    view.idle()
    assert view.readings[-1].symbol == "123?"


def test_a_click_on_a_page_of_one_draws_a_dot(controller, view):
    draw(controller, *FIRST)
    view.idle()
    draw(controller, FIRST[0])
    assert len(view.page[1]) == 2


def test_a_choice_ends_when_something_else_is_drawn(number, view):
    draw(number, FIRST[0])
    draw(number, (0.5, 0.9), (0.6, 0.95))
    number.point_at(None)
    view.idle()
    assert shown(view) == 4


# Numbers: what is one digit, by hand


def gather(controller, *points):
    for point in points:
        controller.gather_at(point)
    controller.gathered()


def test_strokes_that_are_gathered_are_read_as_one_digit(number, view):
    gather(number, FIRST[0], (0.3, 0.5), SECOND[1])
    view.idle()
    assert view.readings[-1].symbol == "21"  # two strokes, and the one that is left
    number.undo()
    view.idle()
    assert view.readings[-1].symbol == "123"
    number.redo()
    view.idle()
    assert view.readings[-1].symbol == "21"


def test_a_stroke_that_is_gathered_alone_leaves_its_digit(number, view):
    gather(number, FIRST[0], SECOND[0])
    view.idle()
    gather(number, FIRST[0])
    view.idle()
    assert view.readings[-1].symbol == "111"  # each alone: two by hand, and what is left


def test_to_gather_nothing_or_what_is_a_digit_already_is_no_step_of_the_history(number, view):
    gather(number, (0.5, 0.95))
    gather(number, FIRST[0], FIRST[1])
    number.undo()
    view.idle()
    assert view.readings[-1].symbol == "12"  # the third stroke went


def test_an_undo_while_the_pen_gathers_forgets_what_it_had(number, view):
    number.gather_at(THIRD[0])
    number.undo()
    number.gather_at(FIRST[0])
    number.gather_at(SECOND[0])
    number.gathered()
    view.idle()
    assert view.readings[-1].symbol == "2"


def test_the_digit_that_is_shown_is_joined_with_the_next_and_read_apart_again(number, view):
    number.point_at(SECOND[0])
    number.keep_shown()  # as before a menu opens
    number.point_at(None)
    assert view.enabled["join"]
    assert not view.enabled["read apart"]
    number.join()
    view.idle()
    assert view.readings[-1].symbol == "12"  # the last has two strokes
    assert not view.enabled["join"]
    assert view.enabled["read apart"]
    number.read_apart()
    view.idle()
    assert view.readings[-1].symbol == "111"
    number.undo()
    view.idle()
    assert view.readings[-1].symbol == "12"


@pytest.mark.parametrize("group", [Controller.join, Controller.read_apart])
def test_what_is_grouped_right_after_a_change_are_the_strokes_that_are_there(number, view, group):
    """Before there is time to read the page anew, where strokes have other numbers."""
    number.point_at(SECOND[0])
    number.join()
    number.erase_at(FIRST[0])  # what is left is one digit of two strokes, and nothing after it
    group(number)
    view.idle()
    assert view.readings[-1].symbol == ("2" if group is Controller.join else "11")


def test_a_look_inside_right_after_an_undo_is_at_what_is_there(number):
    number.undo()
    subject = number.subject
    assert (subject.reading.digit, subject.count, subject.strokes) == (2, 2, [SECOND])


def test_the_last_digit_is_joined_with_none_and_one_stroke_is_not_read_apart(number, view):
    number.join()
    number.read_apart()
    number.undo()
    view.idle()
    assert view.readings[-1].symbol == "12"  # so neither was a step


def test_the_strokes_of_a_page_of_one_are_read_apart(controller, view):
    draw(controller, *FIRST)
    draw(controller, *SECOND)
    view.idle()
    assert (view.readings[-1].symbol, view.enabled["read apart"]) == ("2", True)
    controller.read_apart()
    view.idle()
    assert view.readings[-1].symbol == "11"


# Numbers: what is two digits, by hand

PEN_KEPT_DOWN = ((0.2, 0.3), (0.2, 0.5), (0.2, 0.7), (0.6, 0.3), (0.6, 0.5), (0.6, 0.7))
CUT = ((0.4, 0.1), (0.4, 0.5), (0.4, 0.9))


@pytest.fixture
def kept_down(controller, view):
    """The controller with one stroke on the page that is two digits."""
    draw(controller, *PEN_KEPT_DOWN)
    view.idle()
    return controller


def test_a_drag_from_paper_to_paper_across_a_stroke_has_it_read_as_two_digits(kept_down, view):
    gather(kept_down, *CUT)
    view.idle()
    reading = view.readings[-1]
    assert reading.symbol == "11"
    assert [part.box for part in reading.parts] == [(0.2, 0.3, 0.2, 0.7), (0.6, 0.3, 0.6, 0.7)]
    assert view.page[1] == [list(PEN_KEPT_DOWN)]  # what is drawn is as it was
    kept_down.undo()
    view.idle()
    assert not view.readings[-1].is_several
    kept_down.redo()
    view.idle()
    assert view.readings[-1].symbol == "11"


def test_a_cut_drawing_is_saved_as_it_was_drawn(kept_down, tmp_path):
    write_drawing(tmp_path / "before.jsonl", kept_down.drawing.strokes)
    gather(kept_down, *CUT)
    write_drawing(tmp_path / "after.jsonl", kept_down.drawing.strokes)
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "before.jsonl").read_bytes()


def test_what_was_cut_is_joined_again_with_the_way_between(kept_down, view, reader):
    gather(kept_down, *CUT)
    view.idle()
    gather(kept_down, PEN_KEPT_DOWN[0], PEN_KEPT_DOWN[-1])
    view.idle()
    assert not view.readings[-1].is_several
    assert reader.seen[-1] == [list(PEN_KEPT_DOWN)]


def test_each_of_the_digits_that_were_cut_is_looked_at_and_taught_alone(kept_down, view):
    gather(kept_down, *CUT)
    kept_down.point_at(PEN_KEPT_DOWN[0])
    assert kept_down.subject.strokes == [PEN_KEPT_DOWN[:3]]


def test_a_drag_that_begins_on_ink_cuts_nothing(kept_down, view):
    gather(kept_down, PEN_KEPT_DOWN[0], (0.4, 0.9))
    view.idle()
    assert not view.readings[-1].is_several


def test_a_drag_through_a_digits_frame_cuts_all_its_strokes(kept_down, view):
    draw(kept_down, (0.15, 0.45), (0.65, 0.45))  # a bar through both, and all of it one digit
    view.idle()
    gather(kept_down, *CUT)
    view.idle()
    assert view.readings[-1].symbol == "22"  # two pieces each


def test_a_drag_across_several_digits_joins_them(number, view):
    gather(number, (0.05, 0.5), *((x, 0.5) for x in np.linspace(0.1, 0.9, 30)), (0.95, 0.5))
    view.idle()
    assert not view.readings[-1].is_several


def test_the_digit_that_is_shown_is_read_as_two_where_they_are_likeliest(kept_down, view):
    assert view.enabled["read as two"]
    kept_down.read_as_two()
    view.idle()
    assert view.readings[-1].symbol == "11"
    kept_down.undo()
    view.idle()
    assert not view.readings[-1].is_several


def test_what_is_too_little_for_two_digits_stays_one(number, view):
    number.read_as_two()
    number.undo()
    view.idle()
    assert view.readings[-1].symbol == "12"  # it was no step


def test_nothing_can_be_read_as_two_on_an_empty_page(controller, view):
    controller.start()
    assert not view.enabled["read as two"]
    controller.read_as_two()


# A box around what is meant in a picture


@pytest.fixture
def pictured(controller, view, tmp_path):
    """The controller with a picture of 40 x 20 on the page: it lies from 0.25 to 0.75 of its height."""
    controller.put_picture(NINE)
    view.idle()
    return controller


def select(controller, start, *points):
    controller.select_down(start)
    for point in points:
        controller.select_move(point)
    controller.select_up()


def test_a_box_that_is_dragged_is_read_alone_and_shown(pictured, view, reader):
    whole = reader.seen[-1]
    pictured.select_down((0.25, 0.3))
    pictured.select_move((0.7, 0.6))
    assert view.box == (0.25, 0.3, 0.7, 0.6)
    assert reader.seen[-1] is whole  # it is not read before it is there
    pictured.select_move((0.75, 0.75))
    pictured.select_up()
    view.idle()
    assert view.box == pytest.approx((0.25, 0.3, 0.75, 0.75))
    assert view.picture.look.chosen == pytest.approx((0.25, 0.1, 0.75, 1))
    assert reader.seen[-1] is view.picture.ink is not whole


def test_a_box_is_a_step_of_the_history(pictured, view, reader):
    whole = view.picture
    draw(pictured, *LINE)
    select(pictured, (0.25, 0.3), (0.75, 0.75))
    assert view.page[1] == [list(LINE)]  # strokes stay
    boxed = view.picture
    pictured.undo()
    assert (view.picture, view.box) == (whole, None)
    pictured.redo()
    assert view.picture is boxed
    assert view.box is not None


def test_a_click_outside_and_leaving_take_the_box_off_and_undo_brings_it_back(pictured, view):
    whole = view.picture
    select(pictured, (0.25, 0.3), (0.75, 0.75))
    box = view.box
    select(pictured, (0.9, 0.9))
    assert (view.picture, view.box) == (whole, None)
    pictured.undo()
    assert view.box == box
    assert pictured.leave_box()
    assert (view.picture, view.box) == (whole, None)
    assert not pictured.leave_box()


def test_a_click_in_a_box_or_with_none_is_no_step_of_the_history(pictured, view):
    select(pictured, (0.5, 0.5))
    select(pictured, (0.25, 0.3), (0.75, 0.75))
    select(pictured, (0.5, 0.5))
    pictured.undo()
    assert view.box is None
    pictured.undo()
    assert view.page == HINT


def test_leaving_amid_a_drag_gives_it_up(pictured, view):
    pictured.select_down((0.25, 0.3))
    pictured.select_move((0.75, 0.75))
    assert pictured.leave_box()
    assert view.box is None
    pictured.select_up()
    assert view.box is None


def test_an_undo_amid_a_drag_gives_it_up(pictured, view):
    draw(pictured, *LINE)
    pictured.select_down((0.25, 0.3))
    pictured.select_move((0.75, 0.75))
    pictured.undo()
    pictured.select_up()
    assert (view.page, view.box) == (("picture", [], 40), None)
    assert view.enabled["redo"]


def test_there_is_nothing_to_select_without_a_picture_as_it_looks(controller, view):
    controller.show_image(np.ones((28, 28), np.float32), "A test image.")
    assert not view.enabled["select"]
    select(controller, (0.2, 0.2), (0.8, 0.8))
    assert view.box is None


# **** teaching ****


def test_nothing_is_taught_on_an_empty_page(controller, view):
    controller.teach(3)
    assert view.message == ("There is nothing on the page to be remembered.", False)
    controller.take_lesson_back()  # there is none
    assert not view.enabled["forget"]


def test_a_network_that_cannot_be_taught_says_so(controller, view, tmp_path):
    draw(controller, *LINE)
    view.idle()
    controller.teach(3)
    text, is_error = view.message
    assert is_error
    assert "fake_network" in text
    assert not (tmp_path / "samples.jsonl").exists()


# **** collecting ****


def strokes_of(samples):
    return [[list(map(tuple, stroke)) for stroke in sample.strokes] for sample in samples]


def test_nothing_is_kept_that_nobody_wanted_kept(controller, collected):
    draw(controller, *LINE)
    controller.clear()
    assert collected.samples == ()
    assert not collected.path.exists()


def test_a_drawing_is_kept_without_a_label_when_it_is_cleared(controller, view, collected):
    controller.collect(True)
    draw(controller, *LINE)
    assert collected.samples == ()
    controller.clear()
    (sample,) = collected.samples
    assert strokes_of([sample]) == [[[*LINE]]]
    assert (sample.label, sample.read_as, sample.when) == (UNLABELLED, 1, "now")
    assert view.message == ("Kept to be labelled; 1 drawing is not labelled yet.", False)
    controller.clear()  # an empty page
    controller.undo()
    controller.clear()  # the same drawing
    assert len(collected.samples) == 1
    controller.collect(False)
    draw(controller, *OTHER)
    controller.clear()
    assert len(collected.samples) == 1


def test_each_digit_of_a_number_is_kept_by_itself_and_a_replay_is_kept_whole(controller, reader, collected):
    reader.reads_apart = True
    controller.collect(True)
    draw(controller, *LINE)
    draw(controller, *OTHER)
    controller.replay_to(1)
    controller.clear()
    assert strokes_of(collected.samples) == [[[*LINE]], [[*OTHER]]]
    assert [sample.read_as for sample in collected.samples] == [1, 2]


def test_a_page_is_cleared_also_where_nothing_can_be_kept(controller, view, tmp_path):
    (tmp_path / "collected.jsonl").mkdir()
    controller.collect(True)
    draw(controller, *LINE)
    controller.clear()
    assert view.page == HINT
    assert view.message[1]
    controller.undo()
    assert view.page == ("strokes", [[*LINE]])


def test_a_drag_through_a_digit_of_a_picture_has_it_read_as_if_the_paper_were_bare_there(
    pictured, view, reader
):
    whole = reader.seen[-1]
    gather(pictured, (0.5, 0.1), (0.5, 0.9))
    view.idle()
    assert whole[10, 20] == 1
    assert reader.seen[-1][10, 20] == 0
    pictured.undo()
    view.idle()
    assert reader.seen[-1] is whole


def test_a_drag_beside_a_digit_of_a_picture_cuts_nothing(pictured, view, reader):
    whole = reader.seen[-1]
    gather(pictured, (0.5, 0.5), (0.5, 0.9))
    pictured.undo()  # so it was no step: the picture goes
    view.idle()
    assert reader.seen[-1] is whole
    assert view.readings[-1].symbol == ""


def test_the_digit_of_a_picture_that_is_shown_is_read_as_two(pictured, view, reader):
    assert view.enabled["read as two"]
    pictured.read_as_two()
    view.idle()
    assert reader.seen[-1][10, 20] == 0
