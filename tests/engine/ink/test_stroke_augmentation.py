"""Stroke augmentation: each amount does what it says and no more, and nothing is lost."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.synthetic import synthetic_digits
from engine.errors import ConfigurationError
from engine.ink.preprocessing import frame
from engine.ink.rasterize import PEN, stroke_ink
from engine.ink.stroke_augmentation import NEAR, StrokeAugmentation

STILL = {field.name: 0.0 for field in fields(StrokeAugmentation)}


def only(**amounts):
    return StrokeAugmentation(**{**STILL, **amounts})


@pytest.fixture
def drawings(rng):
    return [drawing.strokes for drawing in synthetic_digits(60, rng=rng).drawings]


def upright(count=200, points=21):
    """Drawings of a single line from (0, 0) to (0, 100), in many points."""
    return [[np.column_stack((np.zeros(points), np.linspace(0, 100, points)))] for _ in range(count)]


def lengths(strokes):
    return [np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes]


def test_without_amounts_every_image_stays_as_it_was(drawings, rng):
    for before, after in zip(drawings, only()(drawings, rng=rng), strict=True):
        assert [len(stroke) for stroke in after] == [len(stroke) for stroke in before]
        assert np.abs(frame(stroke_ink(after)) - frame(stroke_ink(before))).max() < 1e-3
    assert set(only().pens(9, rng=rng)) == {PEN}


def test_inputs_stay_as_they_were_and_equal_generators_give_equal_variants(drawings):
    copies = [[stroke.copy() for stroke in strokes] for strokes in drawings]
    first, again = (StrokeAugmentation()(drawings, rng=np.random.default_rng(5)) for _ in range(2))
    for a, b, original, copy in zip(first, again, drawings, copies, strict=True):
        assert [stroke.tolist() for stroke in a] == [stroke.tolist() for stroke in b]
        assert [stroke.tolist() for stroke in original] == [stroke.tolist() for stroke in copy]


def test_rotation_turns_up_to_its_limit_and_keeps_lengths(rng):
    variants = only(rotation=10)(upright(), rng=rng)
    angles = [math.degrees(math.atan2(*(stroke[-1] - stroke[0]))) for (stroke,) in variants]
    assert -10 <= min(angles) < -8
    assert 8 < max(angles) <= 10
    assert np.concatenate([lengths(strokes) for strokes in variants]) == pytest.approx(1)


def test_shear_leans_without_changing_heights(rng):
    variants = only(shear=0.3)(upright(), rng=rng)
    leaning = [(stroke[-1] - stroke[0])[0] for (stroke,) in variants]
    assert 0.25 < max(map(abs, leaning)) <= 0.3
    assert all((stroke[-1] - stroke[0])[1] == pytest.approx(1) for (stroke,) in variants)


def test_aspect_changes_the_width_alone(rng):
    square = [[[(0, 0), (10, 0), (10, 10), (0, 10)]]] * 100
    sizes = np.array([np.ptp(strokes[0], axis=0) for strokes in only(aspect=0.2)(square, rng=rng)])
    assert sizes[:, 1] == pytest.approx(1)
    assert 0.8 <= sizes[:, 0].min() < 0.85
    assert 1.15 < sizes[:, 0].max() <= 1.2


def test_strokes_move_and_grow_against_each_other(rng):
    two = [[upright(1)[0][0], upright(1)[0][0] + (50, 0)]] * 200
    moved = only(stroke_shift=0.05)(two, rng=rng)
    apart = np.array([b[0] - a[0] for a, b in moved])
    assert np.abs(apart - (0.5, 0)).max() == pytest.approx(0.1, abs=0.02)
    assert np.concatenate([lengths(strokes) for strokes in moved]) == pytest.approx(1)
    grown = np.concatenate([lengths(strokes) for strokes in only(stroke_scale=0.2)(two, rng=rng)])
    assert 0.8 <= grown.min() < 0.83
    assert 1.17 < grown.max() <= 1.2


def test_a_warp_moves_points_by_its_amount_and_neighbours_alike(rng):
    variants = only(warp=0.03)(upright(500), rng=rng)
    moves = np.array([stroke - (0, 0.05) * np.arange(21)[:, None] + (0, 0.5) for (stroke,) in variants])
    assert moves.std(axis=0).mean() == pytest.approx(0.03, rel=0.1)
    assert np.diff(moves, axis=1).std() < 0.3 * moves.std()


def test_ends_come_early_or_late_on_the_line_that_they_were_on(rng):
    variants = only(ends=0.1)(upright(), rng=rng)
    ends = np.array([(stroke[0], stroke[-1]) for (stroke,) in variants])
    assert np.abs(ends[..., 0]).max() < 1e-9
    for edge in (ends[:, 0, 1] + 0.5, ends[:, 1, 1] - 0.5):
        assert -0.1 <= edge.min() < -0.08
        assert 0.08 < edge.max() <= 0.1


def test_a_short_stroke_keeps_its_middle(rng):
    short = [[[(0, 0), (0, 100)], [(50, 50), (50, 54), (50, 58), (50, 60)]]] * 50
    assert min(lengths(strokes)[1] for strokes in only(ends=0.5)(short, rng=rng)) >= 0.1 / 3 - 1e-9


def test_the_pen_joins_strokes_whose_ends_are_near_and_no_others(rng):
    a, b = upright(1)[0][0], upright(1)[0][0][::-1]
    near, far = ([a, b + np.array((100 * NEAR + more, 0))] for more in (-1, 1))
    variants = only(joined=1)([near, far, [a], [a]], rng=rng)
    assert [len(strokes) for strokes in variants] == [1, 2, 1, 1]
    assert len(variants[0][0]) == 2 * len(a)
    counts = [len(strokes) for strokes in only(joined=0.3)([near] * 400, rng=rng)]
    assert counts.count(1) == pytest.approx(120, abs=40)


def test_a_fast_pen_leaves_points_out_but_no_end(rng):
    variants = only(spacing=0.25)(upright(points=101), rng=rng)
    assert min(len(stroke) for (stroke,) in variants) <= 6
    assert max(len(stroke) for (stroke,) in variants) > 50
    for (stroke,) in variants:
        assert stroke[[0, -1]] == pytest.approx(np.array([[0, -0.5], [0, 0.5]]))
        assert np.diff(stroke[:, 1]).max() <= 0.25 + 0.02


def test_pens_vary_around_the_usual_one(rng):
    pens = only(pen=0.2).pens(500, rng=rng) / PEN
    assert 0.8 <= pens.min() < 0.82
    assert 1.18 < pens.max() <= 1.2


POINTS = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


@given(
    st.lists(
        st.lists(st.lists(POINTS, min_size=1, max_size=5), min_size=1, max_size=4), min_size=1, max_size=5
    ),
    st.integers(0, 99),
)
def test_any_drawings_come_out_as_many_and_finite(drawings, seed):
    drawings[0].append([])  # a stroke without points is passed over
    variants = StrokeAugmentation(joined=0.5)(drawings, rng=np.random.default_rng(seed))
    assert len(variants) == len(drawings)
    for before, after in zip(drawings, variants, strict=True):
        assert 1 <= len(after) <= len(before)
        assert all(len(stroke) >= 1 and np.isfinite(stroke).all() for stroke in after)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rotation", -1),
        ("warp", math.nan),
        ("joined", 1.5),
        ("rotation", 181),
        ("shear", 2.5),
        ("warp", 1e300),
    ],
)
def test_amounts_that_make_no_sense_are_refused(name, value):
    with pytest.raises(ConfigurationError, match=f"StrokeAugmentation: {name} must be"):
        StrokeAugmentation(**{name: value})
