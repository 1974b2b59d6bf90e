"""How far along a curve its points lie, and where it turns."""

import numpy as np

from engine.ink.polyline import corners, travelled


def test_points_are_as_far_along_as_the_lines_before_them_are_long():
    assert travelled(np.array([(0, 0), (3, 4), (3, 4), (3, 5)])).tolist() == [0, 5, 5, 6]


def test_corners_are_where_the_path_turns():
    path = np.array([(0, 0), (1, 0), (2, 0.04), (3, 0), (3, 1), (3, 2)])
    assert corners(path, 0.05).tolist() == [0, 3, 5]
    assert corners(path, 0.03).tolist() == [0, 2, 3, 5]


def test_what_comes_back_to_where_it_began_has_its_furthest_point_for_a_corner():
    assert corners(np.array([(0, 0), (1, 0), (2, 1), (1, 2), (0, 0)], float), 1.0).tolist() == [0, 2, 3, 4]
    assert corners(np.zeros((5, 2)), 0.1).tolist() == [0, 4]
