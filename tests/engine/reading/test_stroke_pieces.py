"""Strokes are cut where digits may be joined, and put together again point by point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reading.stroke_pieces import StrokePieces, cut, is_dot
from tests.digit_templates import digit_strokes


def bar(x, top=0.0, bottom=1.0, points=12):
    return [(x, y) for y in np.linspace(top, bottom, points)]


def whole_again(strokes):
    """The strokes that come back out of the pieces."""
    pieces = StrokePieces(strokes)
    return pieces.drawing(tuple(range(len(pieces.low))))


def test_two_bars_joined_by_a_way_to_the_right_are_cut_in_its_middle():
    pieces = cut([bar(0) + bar(0.4)])
    assert [piece.stroke for piece in pieces] == [0, 0]
    first, second = (piece.points for piece in pieces)
    assert np.array_equal(first[-1], second[0])
    assert first[-1] == pytest.approx((0.2, 0.5), abs=0.05)
    assert np.allclose(first[:-1], bar(0))
    assert np.allclose(second[1:], bar(0.4))


def test_three_joined_bars_are_three_pieces():
    pieces = cut([bar(0) + bar(0.4) + bar(0.9)])
    assert [piece.points[:, 0].max() for piece in pieces] == pytest.approx([0.2, 0.65, 0.9], abs=0.05)


@pytest.mark.parametrize("digit", range(10))
def test_digits_are_not_cut(digit):
    strokes = digit_strokes(digit)
    assert len(cut(strokes)) == len(strokes)


@pytest.mark.parametrize(
    "stroke",
    [
        [(0, 1), (0.4, 0), (0.8, 1)],  # a caret goes on to the right all the way
        bar(0) + bar(-0.4),  # to the left
        [*bar(0), (0.4, 1.0)],  # nothing comes after
        [*bar(0), (0.8, 1.0), (0.8, 0.7)],  # too low
        [*bar(0), (0.6, 1.0), *bar(0.1)],  # comes back
    ],
)
def test_what_is_no_way_between_two_digits_is_not_cut(stroke):
    assert len(cut([stroke])) == 1


points = st.tuples(st.floats(-100, 100, width=32), st.floats(-100, 100, width=32))


@given(st.lists(st.lists(points, min_size=1, max_size=30), min_size=1, max_size=4))
def test_pieces_put_together_are_the_strokes_point_by_point(strokes):
    together = whole_again(strokes)
    assert len(together) == len(strokes)
    for drawn, stroke in zip(together, strokes, strict=True):
        assert np.array_equal(drawn, np.array(stroke, float))


def test_joined_bars_put_together_are_the_stroke():
    stroke = bar(0) + bar(0.4) + bar(0.9)
    assert np.array_equal(whole_again([stroke])[0], np.array(stroke))


def test_pieces_of_one_stroke_that_do_not_follow_each_other_stay_apart():
    pieces = StrokePieces([bar(0) + bar(0.4) + bar(0.9)])
    assert len(pieces.drawing((0, 2))) == 2
    assert pieces.strokes((0, 2)) == (0,)


def test_strokes_without_a_point_have_no_piece_and_keep_their_numbers():
    assert [piece.stroke for piece in cut([[], bar(0), [], bar(1)])] == [1, 3]
    assert cut([[], []]) == []


def test_is_dot():
    assert is_dot([[(1, 2)], [], [(1, 2), (1, 2)]])
    assert is_dot([np.array([[3.0, 4.0]])])
    assert not is_dot([[(1, 2)], [(1, 3)]])
