"""A drawing is halved into what looks most like two digits."""

import numpy as np

from engine.reading.halving import best_halves
from engine.reading.joints import Joint


def bar(x, points=12):
    return [(x, y) for y in np.linspace(0, 1, points)]


def narrow(drawings):
    """The surer of a one the narrower a drawing is."""
    logits = np.zeros((len(drawings), 10), np.float32)
    logits[:, 1] = [20 - 40 * np.ptp(np.concatenate(drawing)[:, 0]) for drawing in drawings]
    return logits


def test_a_stroke_is_cut_at_its_joint():
    halves = best_halves([bar(0) + bar(0.5)], narrow)
    assert (halves.stroke, halves.joint, halves.left_comes_first) == (0, Joint(11, 12), True)
    assert (halves.left, halves.right) == ((), ())


def test_what_is_written_from_right_to_left_is_cut_too():
    halves = best_halves([bar(0.5) + bar(0)], narrow)
    assert (halves.joint, halves.left_comes_first) == (Joint(11, 12), False)


def test_strokes_that_are_two_digits_are_not_cut():
    halves = best_halves([bar(0.5), bar(0), bar(0.55)], narrow)
    assert (halves.stroke, halves.left, halves.right) == (None, (1,), (0, 2))


def test_the_other_strokes_go_with_the_side_that_they_are_on():
    halves = best_halves([bar(0.6), bar(0) + bar(0.5), bar(0.1)], narrow)
    assert (halves.stroke, halves.left, halves.right) == (1, (2,), (0,))


def test_one_that_has_no_joint_is_cut_anywhere():
    caret = [(0, 1), (0.2, 0.5), (0.4, 0), (0.6, 0.5), (0.8, 1)]
    halves = best_halves([caret], narrow)
    assert halves.joint.first == halves.joint.last + 1


def test_a_point_cannot_be_halved():
    assert best_halves([[(0.5, 0.5)]], narrow) is None
