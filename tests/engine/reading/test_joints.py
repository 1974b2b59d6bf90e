"""Joints are straight ways onward between what may be two digits."""

import numpy as np
import pytest

from engine.reading.joints import Joint, joints
from tests.digit_templates import digit_strokes


def bar(x, top=0.0, bottom=1.0, points=12):
    return [(x, y) for y in np.linspace(top, bottom, points)]


def ways(stroke):
    return joints(np.array(stroke, float), 1.0)


def test_the_way_from_the_end_of_a_bar_to_the_next_one_is_a_joint():
    assert ways(bar(0) + bar(0.4)) == [Joint(11, 12)]


def test_each_of_several_is_one():
    assert ways(bar(0) + bar(0.4) + bar(0.9)) == [Joint(11, 12), Joint(23, 24)]


def test_of_a_stroke_of_thousands_of_points_it_is_the_same_way():
    (joint,) = ways(bar(0, points=2000) + bar(0.4, points=2000))
    assert abs(joint.last - 1999) < 16 and abs(joint.first - 2000) < 32


def test_it_may_lead_back_a_little_where_digits_overlap():
    assert ways(bar(0) + bar(-0.15)) == [Joint(11, 12)]


@pytest.mark.parametrize(
    "stroke",
    [
        bar(0) + bar(-0.4),  # to the left
        [*bar(0), (0.4, 1.0)],  # nothing comes after
        [(-0.4, 0.0), *bar(0)],  # or before
        [*bar(0), (0.6, 1.0), *bar(-0.3)],  # comes back
        bar(0) + bar(0.05, top=1.0, bottom=2.0),  # too short
        [(0, 0)],
    ],
)
def test_what_is_no_way_between_two_digits_is_no_joint(stroke):
    assert joints(np.array(stroke, float).reshape(-1, 2), 1.0) == []


def test_a_bar_that_leads_straight_on_into_a_joint_is_told_from_it():
    along = [(x, 0.0) for x in np.linspace(0, 0.5, 6)]
    found = ways([*along, (1.0, 0.0), *bar(1.0)[1:]])
    assert Joint(5, 6) in found  # from the bar's end to the corner


@pytest.mark.parametrize("digit", [1, 3, 6, 8, 9])
def test_a_digit_without_a_bar_at_its_end_or_beginning_has_none(digit):
    for stroke in digit_strokes(digit):
        curve = np.array(stroke, float)
        assert joints(curve, float(np.ptp(curve[:, 1]))) == []
