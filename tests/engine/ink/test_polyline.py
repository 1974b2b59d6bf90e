"""How far along a curve its points lie, and where it turns."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.ink import polyline
from engine.ink.polyline import Turns, corners, travelled


def test_points_are_as_far_along_as_the_lines_before_them_are_long():
    assert travelled(np.array([(0, 0), (3, 4), (3, 4), (3, 5)])).tolist() == [0, 5, 5, 6]


def test_corners_are_where_the_path_turns():
    path = np.array([(0, 0), (1, 0), (2, 0.04), (3, 0), (3, 1), (3, 2)])
    assert corners(path, 0.05).tolist() == [0, 3, 5]
    assert corners(path, 0.03).tolist() == [0, 2, 3, 5]


def test_what_comes_back_to_where_it_began_has_its_furthest_point_for_a_corner():
    assert corners(np.array([(0, 0), (1, 0), (2, 1), (1, 2), (0, 0)], float), 1.0).tolist() == [0, 2, 3, 4]
    assert corners(np.zeros((5, 2)), 0.1).tolist() == [0, 4]


steps = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=40)


@given(steps, steps, st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.5]), min_size=4, max_size=4))
def test_of_a_curve_that_grows_they_are_as_if_it_were_looked_at_anew(first, second, tolerances):
    turns = Turns()
    one, other = (np.cumsum(each, axis=0).astype(float) for each in (first, second))
    # it grows; another; what has only the beginning in common; shorter; wider by a hair
    for curve in (*(one[: n + 1] for n in range(len(one))), other, one, one[: len(one) // 2 + 1], 1.1 * one):
        for tolerance in tolerances:
            assert turns.corners(curve, tolerance).tolist() == corners(curve, tolerance).tolist()


def test_a_point_more_has_few_lines_looked_at_and_none_is_kept_that_is_of_no_use(monkeypatch):
    looked_at = []
    real = polyline._furthest
    monkeypatch.setattr(
        polyline, "_furthest", lambda curve, first: looked_at.append(first) or real(curve, first)
    )
    t = np.linspace(0, 60, 400)
    scribble = np.column_stack([np.sin(1.3 * t), np.cos(t)])
    turns = Turns()
    for count in range(300, 400):
        found = turns.corners(scribble[:count], 0.05)
    grown = len(looked_at)
    corners(scribble, 0.05)
    anew = len(looked_at) - grown
    assert grown < 100 * anew / 5
    assert anew == len(turns._furthest) > len(found)
