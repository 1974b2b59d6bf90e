"""Styles of digits: smooth curves through their knots, and each style shows what its name says."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.digit_styles import STYLES, Hand

# what is written wider than high
WIDEST = {"flat": 1.4, "open, long bar": 1.5, "closed, long bar": 1.5}
WIDEST |= {"slashed over": 1.9, "slashed, one stroke": 1.7, "bar beyond": 2.3}
WIDEST |= {"slashed, long and flat": 2.4, "slashed, long": 2.4}
EVERY_STYLE = [(digit, style) for digit, styles in STYLES.items() for style in styles]


class SteadyHand(Hand):
    MISS = 0.0


def written(digit, style, count=40):
    rng = np.random.default_rng(digit)
    return [STYLES[digit][style](Hand(rng)) for _ in range(count)]


def pyramid(p0, p1, p2, p3, share):
    """A point between p1 and p2 of the centripetal Catmull-Rom spline, by Barry and Goldman's pyramid."""
    points = [np.array(p) for p in (p0, p1, p2, p3)]
    t = [0.0]
    for a, b in pairwise(points):
        t.append(t[-1] + math.sqrt(math.dist(a, b)))
    s = t[1] + share * (t[2] - t[1])

    def mix(a, b, start, end):
        return a + (b - a) * (s - start) / (end - start)

    first = [mix(points[i], points[i + 1], t[i], t[i + 1]) for i in range(3)]
    second = [mix(first[i], first[i + 1], t[i], t[i + 2]) for i in range(2)]
    return mix(*second, t[1], t[2])


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=4, max_size=4, unique=True))
def test_a_curve_is_the_centripetal_spline_through_its_knots(knots):
    curve = SteadyHand(np.random.default_rng(0)).curve(*knots)
    expected = [pyramid(*knots, share=i / 9) for i in range(9)]
    assert curve[9:18] == pytest.approx(np.array(expected), abs=1e-6)
    assert curve[[0, -1]] == pytest.approx(np.array([knots[0], knots[-1]], float))


@pytest.mark.parametrize(("digit", "style"), EVERY_STYLE)
def test_every_style_gives_digits_of_about_the_height_of_one_and_never_the_same(digit, style):
    digits = written(digit, style)
    for strokes in digits:
        body = max(strokes, key=len)  # of a zero not its mark
        assert all(np.isfinite(stroke).all() for stroke in strokes)
        assert 0.85 < np.ptp((body if digit == 0 else np.concatenate(strokes))[:, 1]) < 1.5
        assert np.ptp(np.concatenate(strokes)[:, 0]) < WIDEST.get(style, 1.2)
    assert len({np.concatenate(strokes).tobytes() for strokes in digits}) == len(digits)


@pytest.mark.parametrize(
    ("digit", "style", "count"),
    [(7, "crossed", 2), (7, "hooked, crossed", 2), (5, "hat apart", 2), (1, "flag and foot", 2),
     (4, "closed, one stroke", 1), (8, "two rounds", 2), (8, "from the left", 1), (9, "stem apart", 2)],
)  # fmt: skip
def test_styles_have_their_strokes(digit, style, count):
    assert {len(strokes) for strokes in written(digit, style)} == {count}


def beyond_the_round(strokes):
    """How far either end of the mark lies from the ring's middle, as a multiple of the ring's own reach."""
    mark, ring = sorted(strokes, key=len)
    middle = (ring.min(axis=0) + ring.max(axis=0)) / 2
    half = np.ptp(ring, axis=0) / 2
    return [float(np.hypot(*((end - middle) / half))) for end in (mark[0], mark[-1])]


def test_a_slash_stays_inside_the_zero_or_goes_beyond_it():
    for strokes in written(0, "slashed"):
        assert max(beyond_the_round(strokes)) < 1.25
    over = [beyond_the_round(strokes) for strokes in written(0, "slashed over")]
    assert np.mean(over) > 1.2


def steepness(strokes):
    """Degrees by which a zero's mark leaves the level."""
    mark = min(strokes, key=len)
    width, height = np.abs(mark[-1] - mark[0])
    return math.degrees(math.atan2(height, width))


LONG = ["slashed, long and flat", "slashed, long", "slashed, long and upright"]
FLAT = [LONG[0], "bar inside", "bar beyond"]


@pytest.mark.parametrize("style", ["slashed", "slashed over", *LONG[1:], *FLAT])
def test_no_zero_is_a_theta_a_level_mark_ends_well_inside_the_ring_or_well_beyond_it(style):
    levels = 0
    for strokes in written(0, style, 200):
        if steepness(strokes) < 12:
            levels += 1
            ends = beyond_the_round(strokes)
            assert max(ends) < 0.8 or min(ends) > 1.05, ends
    assert (levels > 0) == (style in FLAT)


def test_a_long_slash_is_longer_than_the_ring_is_high_in_every_direction():
    drawn = [strokes for style in LONG for strokes in written(0, style, 70)]
    marks = [min(strokes, key=len) for strokes in drawn]
    assert min(np.hypot(*(mark[-1] - mark[0])) for mark in marks) > 1.1
    assert np.histogram([steepness(strokes) for strokes in drawn], bins=6, range=(0, 90))[0].min() > 10
    aslant = (min(strokes, key=len) for strokes in written(0, "slashed, long", 200))
    assert 0.15 < np.mean([np.prod(mark[-1] - mark[0]) > 0 for mark in aslant]) < 0.45  # falls to the right


def test_a_slash_comes_first_or_last_or_is_where_the_ring_ends():
    first = [len(strokes[0]) < len(strokes[1]) for strokes in written(0, "slashed over", 100)]
    assert 0.15 < np.mean(first) < 0.45
    for (way,) in written(0, "slashed, one stroke"):
        straight = [np.hypot(*(part[-1] - part[0])) for part in (way[:18], way[-18:])]
        assert max(straight) > 0.5  # it runs through the ring at one of its ends


@pytest.mark.parametrize(
    ("style", "least", "most"), [("hexagon", 6, 6), ("polygon", 7, 8), ("polygon of many corners", 9, 10)]
)
def test_a_polygon_is_straight_between_six_corners_or_more(style, least, most):
    bent = []
    for (way,) in written(0, style):
        corners = way[::19][: len(way) // 19]  # a side has two pieces of nine points, and its end
        assert least <= len(corners) <= most
        for start, side in zip(corners, way.reshape(-1, 19, 2), strict=True):
            assert np.allclose(side[0], start)
            length, (dx, dy) = np.hypot(*(side[-1] - side[0])), side[-1] - side[0]
            bent.append(np.abs((side - side[0]) @ [-dy, dx]).max() / length**2)
    assert np.median(bent) < 0.1


def test_a_hooked_foot_turns_aside_and_a_lambda_stands_on_two_feet():
    for (way,) in written(1, "hooked foot"):
        assert abs(way[-1, 0] - way[way[:, 1] > 0.6][0, 0]) > 0.08
    for strokes in written(1, "lambda"):
        ends = np.array([end for stroke in strokes for end in (stroke[0], stroke[-1])])
        feet = ends[ends[:, 1] > 0.8]
        assert len(feet) == 2
        assert np.ptp(feet[:, 0]) > 0.2
        _stem, leg = strokes
        assert 0.05 < leg[-1, 1] < 0.65  # legs that meet at the top make a caret


def test_a_small_head_is_smaller_and_a_long_bar_longer_than_usual():
    def head(style):  # its width, as a share of the digit's
        shares = []
        for strokes in written(8, style):
            points = np.concatenate(strokes)
            shares.append(np.ptp(points[points[:, 1] < 0.2][:, 0]) / np.ptp(points[:, 0]))
        return np.mean(shares)

    assert head("small head") < 0.75 * head("from the top right")
    assert head("small head, from the top") < 0.75 * head("from the top")
    assert head("two rounds, small head") < 0.75 * head("two rounds")
    for kind in ("open", "closed"):
        usual, long = (
            np.mean([np.ptp(np.concatenate(strokes)[:, 0]) for strokes in written(4, style)])
            for style in (kind, f"{kind}, long bar")
        )
        assert long > 1.3 * usual


def test_an_open_zero_does_not_meet_its_start_and_a_plain_one_does():
    gaps = {
        style: np.mean([np.hypot(*(ring[0] - ring[-1])) for (ring,) in written(0, style)])
        for style in ("open", "plain")
    }
    assert gaps["open"] > 0.2 > gaps["plain"]


def test_a_crossing_crosses_the_stem_of_a_seven():
    for body, bar in written(7, "crossed"):
        stem = body[len(body) // 2 :]
        x = np.interp(bar[:, 1].mean(), stem[:, 1], stem[:, 0])
        assert bar[:, 0].min() < x < bar[:, 0].max()


def test_a_long_upstroke_begins_far_below_the_top():
    assert min(stroke[0][1] for (stroke,) in written(1, "long upstroke")) > 0.3
    assert max(stroke[0][1] for (stroke,) in written(1, "flag")) < 0.45
