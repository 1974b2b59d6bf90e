"""Of the marks on a sheet the digit's are chosen, and another digit is told."""

import numpy as np
import pytest

from engine.ink.marks import find_digit


def sheet(*marks):
    """(100, 100), True where these are: (top, left, height, width)."""
    solid = np.zeros((100, 100), bool)
    for top, left, height, width in marks:
        solid[top : top + height, left : left + width] = True
    return solid


DIGIT = (30, 45, 40, 8)


def chosen(*others):
    """Which marks are taken, besides a digit of 40 px in the middle, and whether there are several."""
    found = find_digit(sheet(DIGIT, *others))
    assert found.mask[sheet(DIGIT)].all()
    return [bool(found.mask[sheet(mark)].all()) for mark in others], found.several


def test_dust_is_left_and_a_bar_is_taken():
    assert chosen((40, 60, 4, 4)) == ([False], False)
    assert chosen((26, 55, 4, 14)) == ([True], False)


def test_what_is_small_and_further_off_is_left():
    assert chosen((30, 75, 15, 10)) == ([False], False)


def test_another_mark_as_large_is_another_digit():
    assert chosen((30, 70, 38, 8)) == ([True], True)
    assert chosen((30, 58, 38, 8)) == ([True], True)  # near, but beside it


def test_what_is_small_and_close_to_another_digit_is_a_part_of_it():
    assert chosen((30, 75, 38, 8), (28, 85, 4, 14)) == ([True, True], True)
    assert chosen((30, 75, 38, 8), (80, 85, 4, 14)) == ([True, False], True)


def test_beside_digits_that_touch_a_digit_is_as_large_as_one_of_them():
    found = find_digit(sheet((40, 10, 20, 60), (40, 84, 18, 6)))
    assert found.mask[sheet((40, 84, 18, 6))].all()
    assert found.several


def test_pieces_of_one_stroke_are_one_digit():
    assert chosen((30, 54, 38, 8)) == ([True], False)


def test_large_strokes_one_above_the_other_are_one_digit_unless_they_are_two():
    assert chosen((24, 40, 3, 30)) == ([True], False)  # the bar of a five
    assert chosen((76, 42, 24, 14))[1] is False  # cut off by the edge: the line below
    found = find_digit(sheet((10, 45, 36, 8), (51, 45, 36, 8)))
    assert found.several


@pytest.mark.parametrize("strip", [(0, 0, 8, 100), (0, 0, 100, 8), (92, 0, 8, 100), (0, 94, 100, 6)])
def test_a_strip_along_the_edge_is_never_the_digit(strip):
    assert chosen(strip) == ([False], False)
    assert not find_digit(sheet(strip)).mask.any()


def test_a_mark_that_the_edge_cuts_off_gives_way_to_one_that_is_whole():
    assert chosen((0, 10, 45, 20)) == ([False], False)
    whole, larger = (20, 40, 60, 10), (0, 55, 95, 20)
    assert np.array_equal(find_digit(sheet(whole, larger)).mask, sheet(whole))


def test_a_digit_that_fills_the_sheet_is_one_although_it_meets_the_edge():
    assert find_digit(sheet((0, 30, 100, 30))).mask.any()


def test_a_frame_and_the_axes_of_a_plot_are_none():
    frame = sheet((10, 10, 80, 80)) & ~sheet((12, 12, 76, 76))
    axes = sheet((10, 10, 80, 2), (88, 10, 2, 80))
    for furniture in (frame, axes):
        found = find_digit(sheet(DIGIT) | furniture)
        assert np.array_equal(found.mask, sheet(DIGIT))
        assert not found.several


def test_a_bracket_under_a_digit_is_none():
    bracket = sheet((85, 10, 2, 80), (70, 10, 15, 2), (70, 88, 15, 2))
    found = find_digit(sheet(DIGIT) | bracket)
    assert not found.several
    assert not found.mask[bracket].any()


def test_bars_that_end_on_the_same_rows_are_the_cells_of_a_form():
    bars = [(30, left, 40, 3) for left in (10, 25, 75, 90)]
    found = find_digit(sheet(DIGIT, *bars))
    assert not found.several
    assert not found.mask[sheet(*bars)].any()


def test_upright_ones_by_hand_are_digits():
    ones = [(top, left, 40, 3) for top, left in ((30, 10), (33, 25), (27, 75), (36, 90))]
    assert chosen(*ones) == ([True] * 4, True)


def test_a_round_digit_is_no_frame():
    row, col = np.mgrid[:100, :100]
    away = np.hypot(row - 50, col - 50)
    ring = (away < 40) & (away > 36)
    assert np.array_equal(find_digit(ring).mask, ring)


def test_what_is_drawn_around_a_digit_is_none_of_it_and_what_lies_in_a_zero_is():
    row, col = np.mgrid[:100, :100]
    away = np.hypot(row - 50, col - 50)
    ring = (away < 40) & (away > 36)
    found = find_digit(ring | sheet(DIGIT))
    assert np.array_equal(found.mask, sheet(DIGIT))
    assert not found.several
    dotted = find_digit(ring | sheet((48, 48, 4, 4)))
    assert dotted.mask[ring].all()
    half = ring & (col < 50)  # open to the right: it is not around the digit
    assert find_digit(half | sheet(DIGIT)).mask[half].all()


def test_a_line_under_a_digit_is_left_and_is_no_other_digit():
    assert chosen((76, 25, 3, 45)) == ([False], False)
    assert chosen((90, 25, 3, 45)) == ([False], False)
    assert chosen((71, 40, 3, 24)) == ([True], False)  # touching: a base
    assert chosen((76, 8, 6, 84)) == ([False], False)  # more ink than the digit has


def test_a_mark_beside_the_sheet_is_no_other_digit():
    both = sheet(DIGIT, (30, 80, 38, 8))
    light = np.ones((100, 100), np.float32)
    assert find_digit(both, light).several
    light[:, 70:] = 0.4  # the table
    found = find_digit(both, light)
    assert not found.several
    assert np.array_equal(found.mask, sheet(DIGIT))
    larger = sheet((20, 75, 60, 16))
    assert np.array_equal(find_digit(sheet(DIGIT) | larger, light).mask, sheet(DIGIT))


def test_a_few_pixels_are_grain():
    assert not find_digit(sheet((40, 50, 13, 3))).mask.any()
    assert find_digit(sheet((40, 50, 14, 3))).mask.any()


def test_an_empty_sheet_has_no_digit():
    found = find_digit(np.zeros((20, 30), bool))
    assert not found.mask.any()
    assert not found.several
