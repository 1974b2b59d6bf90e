"""Whether strokes lie point by point or column by column is told by their shape."""

import pytest

from engine.datasets.stroke_layout import POINTS, layouts, likely, points_of
from engine.errors import StrokesError


@pytest.mark.parametrize(
    ("strokes", "expected"),
    [
        ([[[1, 2]]], {POINTS}),
        ([[[1, 2], [3, 4], [5, 6], [7, 8], [9, 1]]], {POINTS}),
        ([[{"x": 1, "y": 2}, {"x": 1, "y": 2}]], {POINTS}),
        ([[[1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]]], {2}),
        ([[[1] * 9, [2] * 9, [3] * 9]], {3}),
        ([[[1, 2], [3, 4]]], {POINTS, 2}),
        ([[[1, 2], [3, 4]], [], [[1, 2], [3, 4]]], {POINTS, 2}),
        ([[[1, 2], [3, 4]], [[1, 2], [3, 4], [5, 6]]], {POINTS}),  # two columns, then three
        ([[[1, 2], [3, 4, 5]]], {POINTS}),  # columns are of one length
        ([[[1], [2]]], {2}),
        ([[[True] * 9, [2] * 9]], set()),
        ([[["1", "2"]]], set()),
        ([[3]], set()),
        ([[]], set()),
        ([], set()),
    ],
)
def test_the_ways_in_which_strokes_may_lie(strokes, expected):
    assert layouts(strokes) == expected


def test_points_are_the_first_two_numbers_and_columns_the_first_two_lists():
    strokes = [[[1, 2, 9], [3, 4, 9]], []]
    assert points_of(strokes, POINTS) == [[(1.0, 2.0), (3.0, 4.0)], []]
    assert points_of(strokes, 2) == [[(1.0, 3.0), (2.0, 4.0), (9.0, 9.0)], []]
    assert points_of([[{"x": 1, "y": 2, "p": 3}]], POINTS) == [[(1.0, 2.0)]]


def test_what_is_no_point_is_quoted():
    with pytest.raises(StrokesError, match=r'\{"x": 1\} is no point'):
        points_of([[{"x": 1}]], POINTS)
    with pytest.raises(StrokesError, match=r"\[Infinity, 2\] is no point"):
        points_of([[[float("inf")], [2]]], 2)


def test_pairs_and_what_a_pressure_follows_are_likely_points():
    assert likely([[[1, 2], [3, 4]]]) == POINTS
    assert likely([[[1, 2, 0.2, 7], [3, 4, 1.0, 9]]]) == POINTS
    assert likely([[[1, 2, 3], [3, 4, 5]]]) is None
