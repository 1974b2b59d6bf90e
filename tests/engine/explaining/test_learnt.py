"""engine/explaining/learnt.py: which digits were learnt when, by a table that is worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.explaining.learnt import Learnt

# Five snapshots of six digits; what is right is in the table below.
LABELS = np.array([0, 1, 2, 3, 4, 5], np.uint8)
RIGHT = np.array(
    [  # luck  1  late  forgotten  never  briefly
        [1, 0, 0, 0, 0, 1],
        [1, 1, 0, 1, 0, 0],
        [1, 1, 1, 1, 0, 1],
        [1, 1, 0, 1, 0, 0],
        [1, 1, 1, 0, 0, 0],
    ],
    bool,
)


def learnt_of(right, labels=LABELS):
    return Learnt(labels, np.where(right, labels, (labels + 1) % 10).astype(np.uint8))


def test_the_shares_are_those_of_the_table():
    assert np.array_equal(learnt_of(RIGHT).right, RIGHT)
    assert learnt_of(RIGHT).shares == pytest.approx(np.array([2, 3, 5, 3, 3]) / 6)


def test_a_digit_is_learnt_where_it_is_right_to_the_end():
    assert learnt_of(RIGHT).since.tolist() == [0, 1, 4, 5, 5, 5]


def test_first_and_last_are_of_what_was_learnt_and_luck_is_none():
    learnt = learnt_of(RIGHT)
    assert learnt.first(9).tolist() == [1, 2]
    assert learnt.last(9).tolist() == [2, 1]
    assert learnt.first(1).tolist() == [1]


def test_what_is_right_because_nearly_all_is_read_so_is_luck_and_not_known():
    labels = np.array([7, 7, 1, 2, 3, 7], np.uint8)
    answers = np.array(
        [
            [7, 7, 7, 7, 7, 7],  # three of six: that may pass
            [7, 1, 7, 7, 7, 7],  # two of five
            [7, 7, 1, 2, 7, 1],  # two of three, and one of two
            [7, 7, 1, 2, 3, 1],
        ],
        np.uint8,
    )
    learnt = Learnt(labels, answers)
    assert learnt.known.astype(int).tolist() == [
        [1, 1, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 0],
        [1, 1, 1, 1, 1, 0],
    ]
    assert learnt.since.tolist() == [2, 2, 2, 2, 3, 4]
    assert learnt.first(9).tolist() == [0, 1, 2, 3, 4]
    assert learnt.forgotten(9).tolist() == []  # it was known to the random network alone, and by luck after
    assert learnt.shares[1] == 2 / 6  # a share counts what is right


def test_forgotten_is_what_was_right_and_is_misread_in_the_end():
    learnt = learnt_of(RIGHT)
    assert learnt.forgotten(9).tolist() == [3, 5]
    assert learnt.forgotten(1).tolist() == [3]
    assert (learnt.until(3), learnt.until(5)) == (3, 2)


@given(st.integers(2, 6), st.integers(1, 8), st.randoms(use_true_random=False))
def test_since_is_as_the_loop_has_it_and_nothing_is_learnt_and_forgotten(snapshots, digits, random):
    right = np.array([[random.random() < 0.5 for _ in range(digits)] for _ in range(snapshots)])
    learnt = learnt_of(right, np.arange(digits, dtype=np.uint8))
    for digit in range(digits):
        place = snapshots
        while place and right[place - 1, digit]:
            place -= 1
        assert learnt.since[digit] == place
    assert set(learnt.first(99).tolist()) == set(learnt.last(99).tolist())
    assert not set(learnt.first(99).tolist()) & set(learnt.forgotten(99).tolist())
