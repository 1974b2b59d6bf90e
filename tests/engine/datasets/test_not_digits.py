"""Drawings that are no digits: each kind has ink, differs from hand to hand, and is of no class."""

import numpy as np
import pytest

from engine.datasets import not_digits
from engine.datasets.not_digits import (
    FIGURES,
    KINDS,
    OF_DIGITS,
    SIGNS,
    STEPS,
    TAUGHT,
    TURNS,
    UNSEEN,
    NotDigits,
    draw,
)
from engine.datasets.strokes import StrokeDrawing
from engine.errors import ConfigurationError
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.nn.losses import NO_CLASS
from tests.digit_templates import digit_strokes

DIGITS = [StrokeDrawing(digit_strokes(digit), digit) for digit in range(10)]


def extent(strokes):
    """(width, height)"""
    return np.ptp(np.array([point for stroke in strokes for point in stroke]), axis=0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_by_another_hand_each_time_and_the_same_by_the_same(kind):
    hands = [np.random.default_rng(seed) for seed in (0, 0, 1)]
    one, again, other = (draw(kind, rng=rng, digits=DIGITS) for rng in hands)
    assert one == again
    assert one != other
    assert frame(stroke_ink(one)) is not None


def test_the_kinds_have_names_of_their_own():
    assert len(set(KINDS)) == len(KINDS) == len(SIGNS) + len(FIGURES) + len(OF_DIGITS)


def test_a_fifth_of_the_kinds_is_kept_out_of_the_teaching():
    assert set(TAUGHT) | set(UNSEEN) == set(KINDS)
    assert not set(TAUGHT) & set(UNSEEN)
    assert 0.15 < len(UNSEEN) / len(KINDS) < 0.25
    assert NotDigits(1).kinds == TAUGHT
    assert {TAUGHT.count(kind) for kind in FIGURES if kind in TAUGHT} == {4}


def test_a_word_has_no_letter_that_is_kept_out(rng, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "engine.datasets.not_digits._sign", lambda template, rng: drawn.append(template) or [np.eye(2)]
    )
    for _ in range(100):
        draw("word", rng=rng)
    assert len(set(drawn)) > 30
    assert not set(drawn) & {SIGNS[kind] for kind in UNSEEN if kind in SIGNS}


def test_a_plus_has_an_upright_and_a_level_stroke_that_cross(rng):
    for _ in range(20):
        strokes = draw("+", rng=rng)
        first, last = np.array(strokes[0][:1] + strokes[0][-1:]), np.array(strokes[-1][:1] + strokes[-1][-1:])
        if len(strokes) == 2:
            assert np.ptp(first[:, 1]) > 2 * np.ptp(first[:, 0])
            assert np.ptp(last[:, 0]) > 2 * np.ptp(last[:, 1])


def test_a_flat_line_is_flat_so_that_it_is_no_one(rng):
    for _ in range(50):
        width, height = extent(draw("flat line", rng=rng))
        assert width > 1.5 * height


def test_a_rectangle_ends_about_where_it_began(rng):
    for _ in range(20):
        (stroke,) = draw("rectangle", rng=rng)
        assert np.hypot(*np.subtract(stroke[0], stroke[-1])) < 0.25


def test_a_polygon_has_five_corners_at_most_for_six_make_a_zero(rng):
    sides = [(len(path) - 1) // STEPS for (path,) in (FIGURES["polygon"](rng) for _ in range(60))]
    assert {3, 4, 5} == set(sides)


def test_a_theta_has_a_level_bar_that_ends_at_the_ring(rng):
    for _ in range(50):
        ring, bar = not_digits._theta(rng)
        middle, half = (ring.min(axis=0) + ring.max(axis=0)) / 2, np.ptp(ring, axis=0) / 2
        ends = [np.hypot(*((end - middle) / half)) for end in (bar[0], bar[-1])]
        assert 0.85 < min(ends) < max(ends) < 1.15
        width, height = np.abs(bar[-1] - bar[0])
        assert height < 0.2 * width


def test_two_rings_stand_side_by_side_equally_large(rng):
    for _ in range(50):
        first, second = not_digits._two_rings(rng)
        heights = [np.ptp(ring[:, 1]) for ring in (first, second)]
        assert 0.7 < heights[0] / heights[1] < 1.4
        assert second[:, 0].mean() - first[:, 0].mean() > 0.5 * np.ptp(first[:, 0])


def test_several_digits_stand_side_by_side(rng):
    ones = [StrokeDrawing([[(0, 0), (0, 50)]], 1)]
    for _ in range(20):
        strokes = draw("several digits", rng=rng, digits=ones)
        places = [stroke[0][0] for stroke in strokes]
        assert len(strokes) in (2, 3)
        assert all(0.1 <= gap <= 0.5 for gap in np.diff(places))


@pytest.mark.parametrize("digit", TURNS)
def test_a_turned_digit_has_the_shape_of_the_digit_and_no_more_its_place(digit, rng):
    upright = digit_strokes(digit)
    for _ in range(10):
        turned = draw("turned digit", rng=rng, digits=DIGITS[digit : digit + 1])
        assert sorted(extent(turned)) == pytest.approx(sorted(extent(upright)))
        moved = np.array(turned[0]) - turned[0][0]
        assert not np.allclose(moved, np.array(upright[0]) - upright[0][0])


def test_digits_that_are_the_same_either_way_up_are_never_turned(rng):
    only = [DIGITS[digit] for digit in range(10) if digit not in TURNS]
    assert [drawing.label for drawing in only] == [0, 1, 6, 9]
    with pytest.raises(ConfigurationError, match="none can be turned"):
        draw("turned digit", rng=rng, digits=only)


def test_a_data_set_of_them_is_of_no_class_and_of_the_kinds_that_are_asked_for(rng):
    drawn = NotDigits(40, ("flat line", "#", "several digits")).drawn(rng=rng)
    assert drawn.labels.tolist() == [NO_CLASS] * 40
    assert {drawing.style for drawing in drawn.drawings} == {"flat line", "#", "several digits"}
    for drawing in drawn.drawings:
        width, height = extent(drawing.strokes)
        assert width > 1.5 * height or drawing.style != "flat line"


def test_a_kind_that_is_named_several_times_is_drawn_as_many_times_as_often(rng):
    drawn = NotDigits(500, ("#", "coil", "coil", "coil", "coil")).drawn(rng=rng)
    signs = sum(drawing.style == "#" for drawing in drawn.drawings)
    assert 60 < signs < 140  # one in five


def test_nothing_of_them_is_set_aside_to_validate_digits_with(rng):
    rest, aside = NotDigits(40).split(0.5, rng=rng)
    assert (rest, len(aside)) == (NotDigits(40), 0)
    assert len(NotDigits(40).take(np.arange(7))) == 7


@pytest.mark.parametrize(
    ("kind", "problem"),
    [("ogre", "no kind 'ogre'"), ("several digits", "made of drawings of digits; got none")],
)
def test_what_cannot_be_drawn_is_told(kind, problem, rng):
    with pytest.raises(ConfigurationError, match=problem):
        draw(kind, rng=rng)
