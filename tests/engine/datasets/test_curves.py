"""Curves: through every knot, smooth, and by hand where the knots are few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.curves import CENTRIPETAL, UNIFORM, catmull_rom

knots = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=8, unique=True).map(
    np.array
)


@given(knots, st.sampled_from([UNIFORM, CENTRIPETAL]), st.booleans())
def test_a_curve_passes_every_knot(knots, power, is_closed):
    curve = catmull_rom(knots, steps=5, power=power, is_closed=is_closed)
    assert len(curve) == 5 * (len(knots) - 1) + 1
    np.testing.assert_allclose(curve[::5], knots, atol=1e-12)


@pytest.mark.parametrize("power", [UNIFORM, CENTRIPETAL])
def test_two_knots_give_a_straight_line_at_an_even_pace(power):
    curve = catmull_rom(np.array([[0.0, 0.0], [4.0, 8.0]]), steps=4, power=power)
    np.testing.assert_allclose(curve, [[0, 0], [1, 2], [2, 4], [3, 6], [4, 8]], atol=1e-7)


def test_three_knots_by_hand():
    """Tangents (1, 1), (1, 0), (1, -1): half-way it is the mean plus an eighth of their difference."""
    curve = catmull_rom(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]]), steps=2, power=UNIFORM)
    np.testing.assert_allclose(curve, [[0, 0], [0.5, 0.625], [1, 1], [1.5, 0.625], [2, 0]], atol=1e-12)


def test_a_closed_curve_is_as_round_at_its_ends_as_elsewhere():
    """Through the corners of a square, which by its symmetry comes out the same on all four sides."""
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    curve = catmull_rom(square, steps=8, power=UNIFORM, is_closed=True)
    first, second = curve[:9], curve[8:17]
    turned = np.column_stack((second[:, 1], 1 - second[:, 0]))  # a quarter of a turn back
    np.testing.assert_allclose(first, turned, atol=1e-12)
    opened = catmull_rom(square, steps=8, power=UNIFORM)
    assert not np.allclose(opened[:9], turned)


def test_time_by_the_root_of_the_way_makes_no_loops_where_knots_lie_unevenly():
    uneven = np.array([[0.0, 0.0], [1.0, 0.0], [1.02, 0.02], [1.0, 1.0]])

    def turns(power):
        steps = np.diff(catmull_rom(uneven, steps=40, power=power), axis=0)
        angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
        return np.abs(np.diff(angles)).sum()

    assert turns(CENTRIPETAL) < turns(UNIFORM) - 1  # radians, which the loop needs
