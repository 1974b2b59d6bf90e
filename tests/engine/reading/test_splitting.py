"""A mark is cut where its parts look like digits to the network, and nowhere else."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine import Recognizer
from engine.ink.preprocessing import even_pen, frame
from engine.ink.rasterize import stroke_ink
from engine.reading.splitting import LONGEST, LONGEST_CLOSELY, best_way, halving_seam, parting_seams
from tests.digit_templates import digit_strokes

UNIT, PEN = 60.0, 8.0
JOINED = np.zeros((60, 34), np.float32)
JOINED[:, :8] = JOINED[:, 26:] = JOINED[26:34] = 1


def judge_of(*, widest):
    """Sure of a one in what is no wider than this, in pixels of its image; of nothing in the rest."""

    def judge(images):
        logits = np.zeros((len(images), 10), np.float32)
        for row, image in zip(logits, images, strict=True):
            row[1] = 20 * (np.count_nonzero((image > 0.5).any(axis=0)) <= widest)
        return logits

    return judge


def test_a_mark_is_cut_where_its_parts_look_like_digits():
    ((seam,),) = parting_seams([JOINED], UNIT, PEN, judge_of(widest=8))
    assert ((seam.columns >= 8) & (seam.columns <= 26)).all()
    assert seam.ink == pytest.approx(PEN)


def test_what_looks_like_a_digit_as_it_is_stays_whole():
    assert parting_seams([JOINED], UNIT, PEN, judge_of(widest=20)) == [[]]


def test_where_no_part_looks_like_a_digit_the_mark_stays_whole():
    assert parting_seams([JOINED], UNIT, PEN, judge_of(widest=0)) == [[]]


@pytest.mark.parametrize("mark", [np.ones((60, 9)), np.ones((20, 60))])
def test_what_is_a_line_or_lower_than_a_digit_is_not_looked_at(mark):
    def judge(images):
        raise AssertionError("looked at")

    assert parting_seams([mark.astype(np.float32)], UNIT, PEN, judge) == [[]]


def test_what_is_longer_than_any_number_is_not_parted():
    row = np.tile(JOINED, 30)
    assert row.shape[1] > LONGEST * UNIT
    assert parting_seams([row], UNIT, PEN, judge_of(widest=8)) == [[]]


def test_three_digits_have_two_seams_that_do_not_cross():
    mark = np.zeros((60, 60), np.float32)
    mark[:, :8] = mark[:, 26:34] = mark[:, 52:] = mark[26:34] = 1
    (found,) = parting_seams([mark], UNIT, PEN, judge_of(widest=8))
    assert len(found) == 2
    assert all((one.columns <= other.columns).all() for one, other in pairwise(found))


def test_the_network_is_asked_twice_for_any_number_of_clear_marks_and_each_gets_its_own_seams():
    asked = []

    def judge(images):
        asked.append(len(images))
        return judge_of(widest=8)(images)

    narrow = np.ones((60, 20), np.float32)
    found = parting_seams([JOINED, narrow, np.ones((10, 60), np.float32), JOINED[:, ::-1]], UNIT, PEN, judge)
    assert [len(seams) for seams in found] == [1, 0, 0, 1]
    assert len(asked) == 2
    assert asked[0] == 3  # what is lower than a digit is not looked at


def test_a_mark_whose_parts_are_no_clear_digits_is_looked_at_once_more_and_more_closely():
    asked = []

    def judge(images):
        asked.append(len(images))
        return judge_of(widest=8 if len(asked) == 3 else 0)(images)

    found = parting_seams([JOINED, np.ones((60, 20), np.float32)], UNIT, PEN, judge)
    assert [len(seams) for seams in found] == [1, 0]
    assert len(asked) == 3
    assert asked[2] > asked[1]


def test_what_is_long_is_not_looked_at_more_closely():
    asked = []

    def judge(images):
        asked.append(len(images))
        return np.zeros((len(images), 10), np.float32)

    row = np.tile(JOINED, 12)
    assert LONGEST_CLOSELY * UNIT < row.shape[1] < LONGEST * UNIT
    parting_seams([row], UNIT, PEN, judge)
    assert len(asked) == 1  # it is wider than any digit


@pytest.mark.parametrize("width", [2, 14])
def test_parts_are_seen_with_lines_evened_for_a_digit_of_the_usual_height(width):
    seen = []
    mark = np.zeros((60, 40), np.float32)
    mark[:, :width] = mark[:, -width:] = mark[26 : 26 + width] = 1

    def judge(images):
        seen.extend(images)
        return np.zeros((len(images), 10), np.float32)

    parting_seams([mark], UNIT, float(width), judge)
    whole = frame(even_pen(mark, size=UNIT))
    assert np.abs(whole - frame(mark)).max() > 0.2
    assert any(np.array_equal(image, whole) for image in seen[1:])


def test_the_best_way_is_that_of_the_highest_sum():
    parts = [(0, 3), (0, 1), (1, 3), (1, 2), (2, 3)]
    assert best_way(parts, [1.0, 1.0, 0.5, 1.0, 1.0], 3) == [1, 2]
    assert best_way(parts, [4.0, 1.0, 0.5, 1.0, 1.0], 3) == []
    assert best_way(parts, [1.0, 1.0, 2.5, 1.0, 1.0], 3) == [1]
    assert best_way([(0, 1)], [1.0], 3) == []


def test_digits_that_touch_are_told_apart_by_the_network_that_ships():
    recognizer = Recognizer.load(Path(__file__).resolve().parents[3] / "saved_network")
    for digits in ((3, 5), (2, 7), (6, 1)):
        inks = [stroke_ink(digit_strokes(digit)) for digit in digits]
        high = max(len(ink) for ink in inks)
        left, right = (np.pad(ink, ((0, high - len(ink)), (0, 0))) for ink in inks)
        overlap = 12
        mark = np.zeros((high, left.shape[1] + right.shape[1] - overlap), np.float32)
        mark[:, : left.shape[1]] = left
        mark[:, -right.shape[1] :] = np.maximum(mark[:, -right.shape[1] :], right)
        (found,) = parting_seams([mark], float(high), 20.0, recognizer.judge_images)
        assert len(found) == 1, digits


def test_a_mark_is_halved_whatever_it_looks_like_as_it_is():
    seam = halving_seam(JOINED, UNIT, PEN, judge_of(widest=20))
    assert seam is not None
    assert ((seam.columns >= 8) & (seam.columns <= 26)).all()
    assert halving_seam(np.ones((60, 4), np.float32), UNIT, PEN, judge_of(widest=20)) is None
