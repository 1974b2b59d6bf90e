"""engine/ink/page.py: smooth lines, without seams, cut at the page, and what has changed of it."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ink import page as page_module
from engine.ink.page import Box, InkPage
from engine.ink.rasterize import PEN, SIDE, stroke_ink
from tests.digit_templates import digit_strokes


def page_of(*strokes, width=60, height=40, line_width=10.0, square=16):
    page = InkPage(width, height, line_width=line_width, square=square)
    for stroke in strokes:
        page.draw(stroke)
    return page


def coverage_by_definition(strokes, *, width, height, line_width):
    """What each pixel is covered: by how far its centre is from the nearest line of all."""
    covered = np.zeros((height, width))
    for row, col in np.ndindex(height, width):
        x, y = col + 0.5, row + 0.5
        for stroke in strokes:
            for (ax, ay), (bx, by) in zip(stroke, stroke[1:] or stroke, strict=False):
                dx, dy = bx - ax, by - ay
                length = math.hypot(dx, dy)
                along = min(max(((x - ax) * dx + (y - ay) * dy) / length, 0), length) if length else 0
                at = (ax + dx * along / length, ay + dy * along / length) if length else (ax, ay)
                inside = line_width / 2 + 0.5 - math.dist((x, y), at)
                covered[row, col] = max(covered[row, col], min(max(255 * inside, 0), 255))
    return covered


def test_a_line_is_as_wide_as_asked_with_round_ends():
    page = page_of([(20, 20), (40, 20)])
    assert page.coverage[:, 30].tolist() == [0] * 15 + [255] * 10 + [0] * 15
    assert page.coverage[20, 14:17].tolist() == pytest.approx([0, 255, 255], abs=8)
    assert page.coverage[15, 15] == 0  # the corner of a square end


def test_an_edge_between_two_pixels_covers_the_next_in_part():
    page = page_of([(20, 20.25), (40, 20.25)])
    assert page.coverage[14:16, 30].tolist() == pytest.approx([0, 0.75 * 255], abs=1)
    assert page.coverage[25:27, 30].tolist() == pytest.approx([0.25 * 255, 0], abs=1)


def test_a_point_is_a_disc():
    page = page_of([(30, 20)])
    assert page.coverage.sum() / 255 == pytest.approx(math.pi * 5**2, rel=0.01)


strokes = st.lists(
    st.lists(st.tuples(st.integers(-20, 80), st.floats(-20, 60)), min_size=1, max_size=4), max_size=2
)


@given(strokes, st.floats(1, 30))
def test_any_strokes_cover_what_lies_nearer_than_the_radius(strokes, line_width):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_module, "PIECE", 10)  # so that lines are cut
        drawn = page_of(*strokes, width=30, height=20, line_width=line_width).coverage
    expected = coverage_by_definition(strokes, width=30, height=20, line_width=line_width)
    assert np.abs(drawn - expected).max() <= 1


def test_a_stroke_that_grows_looks_like_one_drawn_at_once_and_the_order_makes_no_difference():
    stroke = [(5, 5), (50, 30), (50, 5), (10, 35)]
    grown = page_of([stroke[0]], *map(list, pairwise(stroke)))
    backwards = page_of(stroke[::-1])
    assert np.array_equal(page_of(stroke).coverage, grown.coverage)
    assert np.abs(grown.coverage.astype(int) - backwards.coverage).max() <= 1


@pytest.mark.parametrize("far", [(1e9, 20), (-1e9, 1e9), (30, -500)])
def test_what_leaves_the_page_is_cut_off(far):
    page = page_of([(30, 20), far])
    assert page.coverage.shape == (40, 60)
    assert page.coverage[20, 30] == 255


@pytest.mark.parametrize("digit", range(10))
def test_the_page_shows_the_ink_that_the_network_is_given(digit):
    """The same lines, but for the greys of the edges."""
    strokes = [np.asarray(stroke, float) for stroke in digit_strokes(digit)]
    points = np.concatenate(strokes)
    line = PEN * SIDE
    scale = (SIDE - line) / np.ptp(points, axis=0).max()
    ink = stroke_ink(strokes)
    page = InkPage(ink.shape[1], ink.shape[0], line_width=line, square=64)
    for stroke in strokes:
        page.draw([tuple(point) for point in (stroke - points.min(axis=0)) * scale + line / 2])
    shown = page.coverage / np.float32(255)
    difference = np.abs(shown - ink).mean()
    assert difference < 0.04
    for axis in (0, 1):  # and by no pixel or two beside each other
        for shift in (-3, 3):
            assert np.abs(np.roll(shown, shift, axis) - ink).mean() > difference


def test_changes_are_told_once_square_by_square():
    page = page_of([(8, 8), (40, 8)], line_width=4)
    boxes = page.changes()
    assert {(box.left // 16, box.top // 16) for box in boxes} == {(0, 0), (1, 0), (2, 0)}
    for box in boxes:
        assert box.left // 16 == (box.right - 1) // 16
        assert box.top // 16 == (box.bottom - 1) // 16
    changed = np.zeros_like(page.coverage, bool)
    for box in boxes:
        changed[box.top : box.bottom, box.left : box.right] = True
    assert not page.coverage[~changed].any()
    assert page.changes() == []


def test_a_motion_changes_only_what_lies_about_it():
    page = page_of([(8, 8), (40, 8)], line_width=4)
    page.changes()
    page.draw([(40, 8), (41, 8)])
    (box,) = page.changes()
    assert (box.right - box.left, box.bottom - box.top) <= (7, 6)


def test_ink_over_ink_changes_nothing():
    page = page_of([(8, 8), (40, 8)], line_width=4)
    page.changes()
    page.draw([(20, 8), (30, 8)])
    assert page.changes() == []


def test_a_marked_part_is_told_as_changed():
    page = page_of()
    page.mark(Box(10, 0, 20, 5))
    page.mark(Box(4, 2, 12, 9))
    assert set(page.changes()) == {Box(4, 0, 16, 9), Box(16, 0, 20, 5)}
