"""Layout: pieces near each other may be one digit, features tell how they lie, lines are read in order."""

import numpy as np
import pytest

from engine.reading.layout import FEATURES, MOST_GROUPS, MOST_PIECES, Layout, in_lines
from engine.reading.stroke_pieces import SAMPLES, StrokePieces


def bar(x, top=0.0, bottom=1.0, points=12):
    return [(x, y) for y in np.linspace(top, bottom, points)]


def across(left, right, y=0.5):
    return [(left, y), (right, y)]


def judge(drawings):
    """Sure of a one in what has no width, and of nothing in the rest."""
    logits = np.zeros((len(drawings), 10), np.float32)
    logits[:, 1] = [20 * (np.ptp(np.concatenate(drawing)[:, 0]) == 0) for drawing in drawings]
    return logits


def layout(*strokes):
    return Layout(StrokePieces(strokes, judge))


def feature(of, group, name):
    return of.features([group])[0, FEATURES.index(name)]


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
    low = bar(0.4, top=0.7)  # which makes it no И
    assert feature(layout(bar(0) + low), (0, 1), "joined") == 1
    assert feature(layout(bar(0), low), (0, 1), "joined") == 0


def test_cuts_are_counted_at_the_sides_of_a_group():
    of = layout(bar(0) + bar(0.4, top=0.7) + bar(0.8), bar(3))
    assert of.cuts([(0,), (1,), (2,), (3,)]).tolist() == [1, 2, 1, 0]
    assert of.cuts([(0, 1), (0, 2), (1, 2, 3), (0, 1, 2)]).tolist() == [1, 2, 1, 0]


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


def test_what_is_low_belongs_to_the_line_of_the_higher_one_beside_it():
    high, above, below = (4, 0, 8, 10), (9, -1, 12, 2), (0, 9, 3, 12)
    assert in_lines([high, above, below]) == [[2, 0, 1]]
    next_line = (9, 12, 12, 15)
    assert in_lines([high, next_line]) == [[0], [1]]
