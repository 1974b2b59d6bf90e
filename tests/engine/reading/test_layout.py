"""Layout: strokes are cut where digits may be joined, near ones may be one digit, lines are read in order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reading.layout import FEATURES, MOST_GROUPS, MOST_PIECES, SAMPLES, Layout, cut, in_lines
from tests.digit_templates import digit_strokes


def bar(x, top=0.0, bottom=1.0, points=12):
    return [(x, y) for y in np.linspace(top, bottom, points)]


def across(left, right, y=0.5):
    return [(left, y), (right, y)]


def layout(*strokes):
    return Layout(cut(strokes))


def feature(of, group, name):
    return of.features([group])[0, FEATURES.index(name)]


def whole_again(strokes):
    """The strokes that come back out of the pieces."""
    pieces = Layout(cut(strokes))
    return pieces.strokes(tuple(range(len(pieces.pieces))))


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
    pieces = layout(bar(0) + bar(0.4) + bar(0.9))
    assert len(pieces.strokes((0, 2))) == 2


def test_strokes_without_a_point_have_no_piece_and_keep_their_numbers():
    assert [piece.stroke for piece in cut([[], bar(0), [], bar(1)])] == [1, 3]
    assert cut([[], []]) == []


def test_a_group_is_of_neighbours_and_the_page_is_one_too():
    groups = layout(bar(0), across(-0.1, 0.2), bar(1.5), across(1.4, 1.7)).groups()
    assert groups == sorted([(0,), (1,), (2,), (3,), (0, 1), (2, 3), (0, 1, 2, 3)])


def test_three_strokes_are_one_digit_at_most_by_way_of_a_neighbour():
    of = layout(bar(0), bar(0.2), bar(0.4), bar(0.6))
    assert (0, 1, 2) in of.groups()
    assert (0, 2) not in of.groups()
    assert all(len(group) <= 3 for group in of.groups() if group != (0, 1, 2, 3))


def test_no_group_is_wider_or_higher_than_a_digit():
    wide = layout(bar(0), across(0.1, 1.5), bar(2.6), across(1.6, 2.5))
    assert (0, 1) in wide.groups()
    assert (1, 3) not in wide.groups()
    high = layout(bar(0), bar(0, top=1.1, bottom=1.7), bar(1, bottom=1.2), bar(1, top=1.3, bottom=2.5))
    assert (0, 1) in high.groups()
    assert (2, 3) not in high.groups()


def test_where_strokes_lie_densely_they_are_grouped_less():
    dense = [bar(x / 100) for x in range(20)]
    groups = layout(*dense).groups()
    assert len(groups) <= MOST_GROUPS
    assert max(len(group) for group in groups if len(group) < 20) < 3


def test_a_page_of_more_strokes_than_any_number_is_one():
    strokes = [bar(x) for x in range(MOST_PIECES + 1)]
    assert layout(*strokes).groups() == [tuple(range(MOST_PIECES + 1))]


def test_features_by_hand():
    of = layout(bar(0), [(-0.25, 0.5), (0.75, 0.5)], bar(0.5))  # the last is apart from the first
    assert of.unit == pytest.approx(1)
    assert feature(of, (0,), "low") == 0
    assert feature(of, (1,), "low") == pytest.approx(-np.log(0.05))
    assert feature(of, (0, 2), "gap") == pytest.approx(0.5)
    assert feature(of, (0, 2), "distance") == pytest.approx(0.5)
    assert feature(of, (0, 2), "both high") == pytest.approx(1)
    assert feature(of, (0, 2), "follows") == 0
    assert feature(of, (0, 1), "follows") == 1
    assert feature(of, (0, 1), "touching") == 1
    assert feature(of, (0, 1), "vertical gap") == 0
    assert feature(of, (0, 1, 2), "wide") == pytest.approx(0.1)
    assert feature(of, (0, 1, 2), "alone") == 1
    # three pairs, of which two follow each other; half the size is one and a half
    assert feature(of, (0, 1, 2), "pair") == pytest.approx(2)
    assert feature(of, (0, 1, 2), "follows") == pytest.approx(4 / 3)


def test_what_crosses_is_told_from_what_meets():
    inner = 2 * (SAMPLES // 2 - 1) / (SAMPLES - 1)  # of the sample nearest to the middle
    crossed = layout(bar(0), across(-0.5, 0.5))
    assert feature(crossed, (0, 1), "crossing") == pytest.approx(inner, abs=0.1)
    assert feature(layout(bar(0), across(0, 0.5)), (0, 1), "crossing") == pytest.approx(0)


def test_pieces_of_one_stroke_are_joined():
    assert feature(layout(bar(0) + bar(0.4)), (0, 1), "joined") == 1
    assert feature(layout(bar(0), bar(0.4)), (0, 1), "joined") == 0


def test_the_size_and_the_place_of_a_page_make_no_difference():
    strokes = [bar(0), across(-0.3, 0.3), bar(0.7), across(0.5, 1.0, y=0.3)]
    near = layout(*strokes)
    far = layout(*(400 * np.array(stroke) + 70 for stroke in strokes))
    assert near.groups() == far.groups()
    assert np.allclose(near.features(near.groups()), far.features(far.groups()))


@pytest.mark.parametrize("scale", [0, 5e-324, 1e300])
def test_absurd_sizes_are_no_error(scale):
    strokes = [(scale * np.array(stroke)).tolist() for stroke in (bar(0), across(-0.3, 0.3), [(1, 1)])]
    of = layout(*strokes)
    assert np.isfinite(of.features(of.groups())).all()
    assert sorted(of.order()) == [0, 1, 2]


def test_dots_alone_have_a_unit_too():
    of = layout([(0, 0)], [(5, 5)], [(5, 0)])
    assert of.unit == pytest.approx(5 / MOST_PIECES)
    assert np.isfinite(of.features(of.groups())).all()


def test_lines_are_read_from_the_top_and_from_left_to_right():
    boxes = [(5, 10, 6, 20), (1, 11, 2, 21), (3, -3, 4, 7), (0, 0, 1, 10)]
    assert in_lines(boxes) == [[3, 2], [1, 0]]


def test_a_line_that_slopes_is_one():
    assert in_lines([(x, 0.3 * x, x + 0.8, 0.3 * x + 1) for x in range(9)]) == [list(range(9))]


def test_a_dot_and_a_dash_belong_to_the_line_that_they_are_level_with():
    assert in_lines([(0, 0, 1, 10), (2, 9, 2, 9), (3, 5, 5, 5), (6, 1, 7, 11)]) == [[0, 1, 2, 3]]
