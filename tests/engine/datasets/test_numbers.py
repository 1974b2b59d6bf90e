"""Made numbers: what they are made of, and how far apart, is as the hand says."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Dataset
from engine.datasets.numbers import (
    APART,
    FITTING_WRITERS,
    LINE_GAP,
    Hand,
    picture_number,
    write_lines,
    write_number,
    write_numbers,
    write_over,
)
from engine.datasets.pendigits import TEST_WRITERS
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.errors import ConfigurationError

BAR = [(0, 0), (0, 30)]
STILL = Hand(gap=(0.25, 0.25), height=(1, 1), baseline=(0, 0))  # nothing is left to chance


def drawing(label, *strokes, writer="a"):
    return StrokeDrawing(strokes, label, writer=writer)


ONE = drawing(1, BAR)
SEVEN = drawing(7, [(0, 0), (20, 0), (5, 40)], [(2, 20), (15, 20)])
ZERO = drawing(0, [(0, 0), (10, 0), (10, 20), (0, 20), (0, 0)], writer="b")


def test_digits_stand_side_by_side_at_the_gap_and_the_height_of_the_hand(rng):
    number = write_number([ZERO, ONE, SEVEN], STILL, rng=rng)
    assert number.text == "017"
    spans = [(curve[:, 0].min(), curve[:, 0].max()) for curve in number.strokes[:3]]
    assert np.allclose(spans, [(0, 0.5), (0.75, 0.75), (1.0, 1.5)])
    assert all(np.ptp(curve[:, 1]) == pytest.approx(1) for curve in number.strokes[:3])
    assert [curve[:, 1].max() for curve in number.strokes[:3]] == pytest.approx([1, 1, 1])


def test_a_digit_keeps_its_shape(rng):
    number = write_number([ONE, SEVEN], STILL, rng=rng)
    shift = number.strokes[1][0] - np.array(SEVEN.strokes[0][0]) / 40
    for written, stroke in zip(number.strokes[1:], SEVEN.strokes, strict=True):
        assert np.allclose(written, np.array(stroke) / 40 + shift)


def test_gaps_heights_and_baselines_fill_their_ranges(rng):
    hand = Hand(gap=APART)
    gaps, heights, baselines = [], [], []
    for _ in range(300):
        one, other = write_number([ZERO, ZERO], hand, rng=rng).strokes
        gaps.append(other[:, 0].min() - one[:, 0].max())
        heights.append(np.ptp(one[:, 1]))
        baselines.append(one[:, 1].max() - 1)
    for values, (low, high) in ((gaps, APART), (heights, hand.height), (baselines, hand.baseline)):
        assert low <= min(values) < low + 0.02 * (high - low) + 0.01
        assert high - 0.02 * (high - low) - 0.01 < max(values) <= high


def test_second_strokes_come_last_where_the_hand_is_late(rng):
    number = write_number([SEVEN, ONE, SEVEN], replace(STILL, late=True), rng=rng)
    lengths = [len(curve) for curve in number.strokes]
    assert lengths == [3, 2, 3, 2, 2]
    assert number.strokes[3][:, 0].max() < number.strokes[4][:, 0].min()
    assert number.text == "717"


def test_late_numbers_have_a_second_stroke_each(rng):
    digits = StrokeDataset([ONE, SEVEN, ZERO])  # the writer of the zero has none
    numbers = write_numbers(digits, 50, Hand(late=True), lengths=(1, 3), rng=rng)
    assert all("7" in number.text and "0" not in number.text for number in numbers)


def test_a_pen_that_stays_down_makes_one_stroke_of_two(rng):
    number = write_number([ONE, SEVEN, ONE], replace(STILL, joined=1.0), rng=rng)
    assert [len(curve) for curve in number.strokes] == [2 + 3, 2 + 2]
    assert number.text == "171"


def test_a_number_is_by_one_writer_and_as_long_as_asked(rng):
    numbers = write_numbers(StrokeDataset([ONE, SEVEN, ZERO]), 60, Hand(), lengths=(2, 4), rng=rng)
    assert {len(number.text) for number in numbers} == {2, 3, 4}
    assert all("0" not in number.text or set(number.text) == {"0"} for number in numbers)
    assert len({number.text[0] for number in numbers}) == 3


def test_equal_seeds_give_equal_numbers():
    digits = StrokeDataset([ONE, SEVEN, ZERO])
    one, other = (write_numbers(digits, 5, Hand(), lines=2, rng=np.random.default_rng(3)) for _ in range(2))
    for first, second in zip(one, other, strict=True):
        assert first.text == second.text
        assert all(np.array_equal(*curves) for curves in zip(first.strokes, second.strokes, strict=True))


def test_lines_stand_below_one_another(rng):
    numbers = [write_number([ZERO], STILL, rng=rng), write_number([ZERO, ONE], STILL, rng=rng)]
    lines = write_lines(numbers, rng=rng)
    assert lines.text == "0\n01"
    first, *second = lines.strokes
    gap = min(curve[:, 1].min() for curve in second) - first[:, 1].max()
    assert LINE_GAP[0] <= gap <= LINE_GAP[1]


def test_what_is_written_over_one_another_lies_on_one_place(rng):
    for _ in range(20):
        middles = [(c.max(axis=0) + c.min(axis=0)) / 2 for c in write_over([ZERO, ONE, ONE], rng=rng)]
        assert np.abs(middles).max() < 0.25


def test_no_digit_is_no_number(rng):
    with pytest.raises(ConfigurationError, match="got none that will do"):
        write_numbers(StrokeDataset([ONE]), 1, Hand(late=True), rng=rng)


def test_nobody_who_measures_the_network_is_fitted_to():
    assert not FITTING_WRITERS & TEST_WRITERS
    assert len(FITTING_WRITERS) == 15


def test_a_picture_shows_images_of_digits_in_a_row(rng):
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 4:24, 10:14] = 255
    images[1, 4:24, 6:18] = 128
    picture, text = picture_number(Dataset(images, np.array([1, 8])), STILL, length=4, rng=rng)
    assert len(text) == 4
    assert set(text) <= {"1", "8"}
    inked = picture.any(axis=0).astype(int)
    begins, ends = (np.flatnonzero(np.diff(inked) == step) for step in (1, -1))
    assert [end - begin for begin, end in zip(begins, ends, strict=True)] == [
        {"1": 4, "8": 12}[digit] for digit in text
    ]
    assert (begins[1:] - ends[:-1] == 5).all()  # a quarter of 20 pixels
    assert picture.sum() == pytest.approx(sum({"1": 80, "8": 240 * 128 / 255}[digit] for digit in text))
