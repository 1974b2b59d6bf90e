"""Styles of digits: smooth curves through their knots, and each style shows what its name says."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.digit_styles import STYLES, Hand

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
        points = np.concatenate(strokes)
        assert np.isfinite(points).all()
        assert 0.85 < np.ptp(points[:, 1]) < 1.5
        assert np.ptp(points[:, 0]) < 1.1
    assert len({np.concatenate(strokes).tobytes() for strokes in digits}) == len(digits)


@pytest.mark.parametrize(
    ("digit", "style", "count"),
    [(7, "crossed", 2), (7, "hooked, crossed", 2), (5, "hat apart", 2), (1, "flag and foot", 2),
     (4, "closed, one stroke", 1), (8, "two rounds", 2), (8, "from the left", 1), (9, "stem apart", 2)],
)  # fmt: skip
def test_styles_have_their_strokes(digit, style, count):
    assert {len(strokes) for strokes in written(digit, style)} == {count}


def beyond_the_round(ring, slash):
    """How far either end of the slash lies from the ring's middle, as a multiple of the ring's own reach."""
    middle = (ring.min(axis=0) + ring.max(axis=0)) / 2
    half = np.ptp(ring, axis=0) / 2
    return [float(np.hypot(*((end - middle) / half))) for end in (slash[0], slash[-1])]


def test_a_slash_stays_inside_the_zero_or_goes_beyond_it():
    for ring, slash in written(0, "slashed"):
        assert max(beyond_the_round(ring, slash)) < 1.1
    over = [beyond_the_round(*strokes) for strokes in written(0, "slashed over")]
    assert np.mean(over) > 1.1


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
