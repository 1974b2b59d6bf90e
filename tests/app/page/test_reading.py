"""app/page/reading.py: what is read, in words: of one drawing as it always was, and of numbers."""

from dataclasses import replace

import pytest

from app.page.frame import Frame
from app.page.reading import MARGIN, PageReading, Part, Reading, in_a_line, text_of
from tests.app.reports.marked import marked

FOUR, TWO = (Reading(digit=digit, confidence=0.98, is_digit=True, is_drawn=True) for digit in (4, 2))
NONE = Reading(digit=3, confidence=0.4, is_drawn=True)
LEFT, RIGHT = (0.1, 0.2, 0.3, 0.6), (0.5, 0.2, 0.8, 0.6)
NUMBER = PageReading("42", (Part(FOUR, LEFT, (0, 1)), Part(TWO, RIGHT, (2,))), 0.97)


def page(reading):
    return PageReading("?", (Part(reading),), reading.confidence) if reading.is_drawn else PageReading()


@pytest.mark.parametrize(
    ("reading", "title"),
    [
        (Reading(), "LeNet Canvas"),
        (Reading(digit=3, confidence=0.984, is_digit=True, is_drawn=True), "3 · 98 % — LeNet Canvas"),
        (Reading(digit=0, confidence=0.994, is_digit=True, is_drawn=True), "0 · 99 % — LeNet Canvas"),
        (Reading(digit=0, confidence=0.996, is_digit=True, is_drawn=True), "0 · 100 % — LeNet Canvas"),
        (Reading(digit=3, confidence=0.9, is_drawn=True), "not a digit — LeNet Canvas"),
        (
            Reading(digit=1, confidence=0.52, runner_up=7, is_digit=True, is_drawn=True),
            "1 or 7 · 52 % — LeNet Canvas",
        ),
        (Reading(digit=1, confidence=0.52, runner_up=7, is_drawn=True), "not a digit — LeNet Canvas"),
    ],
)
def test_the_title_carries_the_answer(reading, title):
    assert page(reading).title == title


def test_a_network_that_is_not_as_it_is_saved_is_named_with_its_answers():
    by = "half-trained"
    assert replace(page(FOUR), by=by).title == "4 · 98 % · half-trained — LeNet Canvas"
    assert replace(PageReading(), by=by).title == "half-trained — LeNet Canvas"
    assert replace(page(FOUR), by=by).caption == "98 %\nhalf-trained"
    assert replace(NUMBER, by=by).caption == "97 %\nhalf-trained"
    assert replace(page(FOUR), by=by).copied == "4 · 98 %"


@pytest.mark.parametrize(
    ("reading", "symbol", "caption"),
    [
        (Reading(), "", ""),
        (Reading(digit=3, confidence=0.984, is_digit=True, is_drawn=True), "3", "98 %"),
        (Reading(digit=1, confidence=0.52, runner_up=7, is_digit=True, is_drawn=True), "1", "1 or 7 · 52 %"),
        (Reading(digit=3, confidence=0.3, is_drawn=True), "–", "not a digit, nearest 3"),
        (Reading(digit=1, confidence=0.13, runner_up=7, is_drawn=True), "–", "not a digit"),  # noise
        (Reading(is_drawn=True), "–", "not a digit"),  # a picture without any ink
    ],
)
def test_symbol_and_caption_carry_it_too(reading, symbol, caption):
    assert (page(reading).symbol, page(reading).caption) == (symbol, caption)


@pytest.mark.parametrize(
    ("reading", "copied"),
    [
        (page(Reading()), ""),
        (page(FOUR), "4 · 98 %"),
        (page(NONE), "not a digit"),
        (NUMBER, "42"),
        (replace(NUMBER, text="4\n2"), "4\n2"),
        (replace(NUMBER, parts=(Part(NONE), Part(NONE)), text="??"), "not a digit"),
    ],
)
def test_of_a_number_its_digits_are_copied_in_their_lines(reading, copied):
    assert reading.copied == copied


def test_a_number_is_told_with_the_confidence_of_all_of_it():
    assert NUMBER.title == "42 · 97 % — LeNet Canvas"
    assert (NUMBER.symbol, NUMBER.caption, NUMBER.is_certain) == ("42", "97 %", True)


def test_lines_stand_below_one_another_and_in_the_title_side_by_side():
    lines = replace(NUMBER, text="4\n2")
    assert lines.title == "4; 2 · 97 % — LeNet Canvas"
    assert lines.symbol == "4\n2"
    assert in_a_line("12\n34") == "12; 34"


def test_the_next_best_readings_are_told_where_they_are_likely_and_no_more_than_two():
    others = (("47", 0.08), ("12", 0.06), ("99", 0.055), ("41", 0.02))
    assert replace(NUMBER, alternatives=others[:1]).caption == "97 %\nor 47 · 8 %"
    assert replace(NUMBER, alternatives=others).caption == "97 %\nor 47 · 8 %\nor 12 · 6 %"
    assert replace(NUMBER, alternatives=others[3:]).caption == "97 %"
    assert replace(NUMBER, alternatives=(("4\n7", 0.2),)).caption == "97 %\nor 4; 7 · 20 %"
    assert replace(NUMBER, alternatives=(("?", 0.2),)).caption == "97 %\nor not a digit · 20 %"


def test_the_more_lines_a_number_has_the_fewer_other_readings_are_told():
    others = (("47", 0.08), ("12", 0.06))
    captions = [replace(NUMBER, text=text, alternatives=others).caption for text in ("4\n2", "4\n?\n2")]
    assert captions == ["97 %\nor 47 · 8 %", "97 %"]


def test_a_part_that_is_no_digit_makes_the_number_uncertain_and_parts_that_are_none_make_no_number():
    mixed = replace(NUMBER, parts=(Part(FOUR, LEFT), Part(NONE, RIGHT)), text="4?")
    assert (mixed.symbol, mixed.title, mixed.is_certain) == ("4?", "4? · 97 % — LeNet Canvas", False)
    none = replace(NUMBER, parts=(Part(NONE, LEFT), Part(NONE, RIGHT)), text="??")
    assert (none.symbol, none.caption, none.title) == ("–", "not a digit", "not a digit — LeNet Canvas")


def test_bars_and_preview_show_the_last_part_unless_another_is_asked_for():
    assert NUMBER.shown == TWO
    assert NUMBER.showing(0).shown == FOUR
    assert NUMBER.showing(0).showing(None).shown == TWO
    assert NUMBER.showing(7).shown == TWO  # it was there before an erasure
    assert PageReading().showing(0).shown == Reading()


def test_what_parts_say_together():
    assert text_of([[Part(FOUR), Part(NONE)], [Part(TWO)]]) == "4?\n2"


@pytest.mark.parametrize(
    ("reading", "text", "caption"),
    [
        (Reading(digit=3, confidence=0.9, is_digit=True, is_drawn=True), "«3 · 90 %»", "«90 %»"),
        (
            Reading(digit=1, confidence=0.6, runner_up=7, is_digit=True, is_drawn=True),
            "«1 or 7 · 60 %»",
            "«1 or 7 · 60 %»",
        ),
        (Reading(digit=3, is_drawn=True), "«not a digit»", "«not a digit, nearest 3»"),
        (Reading(digit=1, runner_up=7, is_drawn=True), "«not a digit»", "«not a digit»"),
    ],
)
def test_the_answer_is_told_in_another_language(reading, text, caption):
    with marked():
        assert (reading.text, reading.caption) == (text, caption)
        assert page(reading).title == f"{text} — LeNet Canvas"


def test_a_number_is_told_in_another_language():
    with marked():
        assert (NUMBER.answer, NUMBER.copied) == ("«42 · 97 %»", "42")
        assert replace(NUMBER, alternatives=(("47", 0.08),)).caption == "«97 %»\n«or 47 · 8 %»"


def test_each_part_of_a_number_has_a_frame_and_that_of_a_page_of_one_has_none():
    left, right = (
        (box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN) for box in (LEFT, RIGHT)
    )
    assert NUMBER.frames == (Frame(left, 0.98, True, False), Frame(right, 0.98, True, True))
    assert [frame.is_shown for frame in NUMBER.showing(0).frames] == [True, False]
    none = replace(NUMBER, parts=(Part(NONE, LEFT), Part(TWO, RIGHT)))
    assert [frame.is_digit for frame in none.frames] == [False, True]
    assert page(FOUR).frames == PageReading().frames == ()


def test_a_point_lies_in_the_part_whose_frame_holds_it():
    assert NUMBER.place_at((0.2, 0.4)) == 0
    assert NUMBER.place_at((0.8 + 0.9 * MARGIN, 0.2)) == 1
    assert NUMBER.place_at((0.8 + 1.1 * MARGIN, 0.2)) is None
    assert NUMBER.place_at((0.4, 0.4)) is None
    assert page(FOUR).place_at((0.5, 0.5)) is None  # on a page of one every place is for drawing


def test_where_frames_overlap_a_point_lies_in_the_nearer_part():
    overlapping = replace(NUMBER, parts=(Part(FOUR, (0.1, 0.2, 0.5, 0.6)), Part(TWO, (0.4, 0.2, 0.8, 0.6))))
    assert (overlapping.place_at((0.43, 0.4)), overlapping.place_at((0.47, 0.4))) == (0, 1)


def test_a_stroke_belongs_to_the_last_part_that_has_a_piece_of_it():
    joined = replace(
        NUMBER, parts=(Part(FOUR, strokes=(0, 1)), Part(TWO, strokes=(1,)), Part(NONE, strokes=(2,)))
    )
    assert [joined.place_of_stroke(number) for number in (0, 1, 2, 3)] == [0, 1, 2, None]


def test_the_strokes_of_the_part_that_is_shown_and_of_the_next_one():
    assert (NUMBER.shown_strokes, NUMBER.next_strokes) == ((2,), ())
    assert (NUMBER.showing(0).shown_strokes, NUMBER.showing(0).next_strokes) == ((0, 1), (2,))
    assert (PageReading().shown_strokes, PageReading().next_strokes) == ((), ())
    assert (page(FOUR).shown_strokes, page(FOUR).next_strokes) == ((), ())


def test_strokes_are_a_part_if_they_are_all_of_it_and_no_more():
    assert NUMBER.is_part([1, 0])
    assert NUMBER.is_part([2])
    assert not NUMBER.is_part([0])
    assert not NUMBER.is_part([0, 1, 2])
    joined = replace(NUMBER, parts=(Part(FOUR, strokes=(0,)), Part(TWO, strokes=(0,))))  # a piece each
    assert not joined.is_part([0])
