"""Rules across the sheet go; digits, and what looks like a rule in them, stay."""

import numpy as np
import pytest
from scipy.ndimage import maximum_filter

from engine.ink.rasterize import stroke_ink
from engine.ink.ruling import without_rules
from tests.digit_templates import digit_strokes
from tests.pictures import digit_mask, lines

PAGE = 240


def mask(digit, **more):
    return digit_mask(digit, side=PAGE, **more)


def assert_rules_go_and_a_digit_on_them_stays(rules):
    digit = mask(4, pen=0.1)
    cleaned = without_rules(np.maximum(digit, rules).astype(np.float32), 0.5)
    assert (cleaned[digit == 0] > 0.2).mean() < 0.01
    assert (cleaned[digit > 0.5] > 0.5).all()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("slope", [-0.15, 0, 0.03, 0.1])
def test_rules_go_and_the_digit_on_them_stays(turned, slope):
    rules = 0.4 * lines(40, 2, slope)[:PAGE, :PAGE]
    assert_rules_go_and_a_digit_on_them_stays(rules.T if turned else rules)


def test_a_rule_as_dark_as_the_ink_goes_but_where_a_line_crosses_it():
    dark = np.zeros((PAGE, PAGE), np.float32)
    dark[120:122] = 1
    dark[60:180, 100:106] = 1
    cleaned = without_rules(dark, 0.5)
    assert cleaned[60:180, 100:106].all()
    assert not cleaned[:, :99].any()
    assert not cleaned[:, 107:].any()


def test_a_faint_rule_under_a_bar_goes_and_the_bar_stays():
    dark = np.zeros((PAGE, PAGE), np.float32)
    dark[120:122] = 0.3
    dark[120:122, 80:160] = 1
    cleaned = without_rules(dark, 0.5)
    assert cleaned[120:122, 80:160].all()
    assert not cleaned[:, :79].any()


@pytest.mark.parametrize("slope", [-0.08, 0.08])
def test_rules_that_run_together_as_of_a_sheet_seen_from_one_side_go(slope):
    row, col = np.mgrid[:PAGE, :PAGE]
    away = np.abs((row - 120) * (1 + slope * (col - 120) / 120) % 40 - 20)
    assert_rules_go_and_a_digit_on_them_stays(0.4 * (away < 1))


def test_a_bar_that_is_thicker_than_the_rule_under_it_stays():
    dark = np.zeros((PAGE, PAGE), np.float32)
    dark[120:122] = 0.8
    dark[118:124, 80:160] = 0.8
    cleaned = without_rules(dark, 0.5)
    assert cleaned[118:124, 80:160].all()
    assert not cleaned[:, :78].any()


@pytest.mark.parametrize("turned", [False, True])
def test_a_rule_that_lies_half_in_one_row_and_half_in_the_next_goes(turned):
    dark = np.zeros((PAGE, PAGE), np.float32)
    dark[120, :130] = dark[121, 110:] = 0.4
    dark[120:122, 110:130] = 0.2
    dark[60:180, 100:106] = 1
    cleaned = without_rules(dark.T if turned else dark, 0.5)
    cleaned = cleaned.T if turned else cleaned
    assert cleaned[60:180, 100:106].all()
    assert not cleaned[:, :99].any()
    assert not cleaned[:, 107:].any()


def test_two_rows_that_are_too_faint_for_a_rule_together_stay():
    dark = np.zeros((PAGE, PAGE), np.float32)
    dark[120, :40] = 0.3  # where it would be one, it is too short
    dark[120:122, 40:] = 0.15
    assert np.array_equal(without_rules(dark, 0.5), dark)


def test_where_the_rules_of_squared_paper_cross_no_dots_stay_and_a_pencil_does():
    light = np.ones((PAGE, PAGE), np.float32)
    light[10::40] *= 0.75
    light[:, 10::40] *= 0.75
    pencil = mask(4, pen=0.06)
    cleaned = without_rules(1 - light * (1 - 0.5 * pencil), 0.18)
    assert not cleaned[maximum_filter(pencil, 9) == 0].any()
    assert (cleaned[pencil == 1] > 0.4).all()


@pytest.mark.parametrize("turned", [False, True])
def test_a_rule_that_crosses_a_corner_of_the_sheet_goes_however_short(turned):
    row, col = np.mgrid[:PAGE, :PAGE]
    corner = np.where(np.abs(row + 0.15 * col - 14) < 1, np.float32(0.8), 0).astype(np.float32)
    ends_inside = np.where(col < 80, np.roll(corner, 60, axis=0), 0).astype(np.float32)
    for dark, is_rule in ((corner, True), (ends_inside, False)):
        cleaned = without_rules(dark.T if turned else dark, 0.5)
        assert (cleaned > 0.4).any() != is_rule


def test_a_line_that_is_further_askew_than_sheets_are_stays():
    dark = 0.8 * lines(200, 4, slope=0.4)[:PAGE, :PAGE]
    assert np.array_equal(without_rules(dark, 0.5), dark)


@pytest.mark.parametrize("digit", range(10))
def test_no_digit_has_a_rule(digit):
    for height in (0.5, 0.9):
        dark = mask(digit, height=height, pen=0.06)
        assert without_rules(dark, 0.5) is dark or np.array_equal(without_rules(dark, 0.5), dark)


def test_a_broad_strip_is_no_rule():
    dark = np.zeros((PAGE, PAGE), np.float32)
    dark[100:110] = 1
    assert np.array_equal(without_rules(dark, 0.5), dark)


@pytest.mark.parametrize("margin", [0, 2])
@pytest.mark.parametrize("digit", range(10))
def test_a_digit_that_fills_the_sheet_keeps_its_bars(digit, margin):
    ink = stroke_ink(digit_strokes(digit), pen=0.03)
    ink = np.pad(ink, margin)
    assert np.array_equal(without_rules(ink, 0.5), ink)


def test_rules_that_come_to_every_edge_go():
    squared = 0.8 * np.maximum(lines(60, 2)[:PAGE, :PAGE], lines(60, 2)[:PAGE, :PAGE].T).astype(np.float32)
    assert not (without_rules(squared, 0.5) > 0.4).any()


@pytest.mark.parametrize("turned", [False, True])
def test_a_short_bar_along_an_edge_of_the_sheet_stays(turned):
    dark = np.zeros((PAGE, PAGE), np.float32)
    dark[2:5, :80] = 0.8
    dark = dark.T if turned else dark
    assert np.array_equal(without_rules(dark, 0.5), dark)
