"""app/reports/predictions.py: what was predicted, in words."""

import numpy as np
import pytest

from app.reports.predictions import is_read_right, prediction_in_words, rejected_count
from engine import Evaluation
from tests.app.reports.marked import marked


def evaluation(rejected=None):
    """Three images, of which the second is misread."""
    probabilities = np.tile(np.array([0.7, 0.3], np.float32), (3, 1))
    return Evaluation(
        probabilities, np.array([0, 1, 0]), 1.0, None if rejected is None else np.array(rejected)
    )


def test_the_digit_and_its_confidence_are_told_and_of_non_digits_that_they_are_none():
    found = evaluation([True, True, False])
    words = [prediction_in_words(found, index) for index in range(3)]
    assert words == ["no digit (0, 70 %)", "no digit (0, 70 %)", "reads 0, 70 %"]
    assert prediction_in_words(evaluation(), 0) == "reads 0, 70 %"
    with marked():
        words = [prediction_in_words(found, index) for index in (0, 2)]
    assert words == ["«no digit (0, 70 %)»", "«reads 0, 70 %»"]


def test_right_is_what_was_called_the_digit_that_it_is():
    assert [is_read_right(evaluation(), index) for index in range(3)] == [True, False, True]
    assert [is_read_right(evaluation([True, True, False]), index) for index in range(3)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(("rejected", "count"), [(None, 0), ([False] * 3, 0), ([True, False, True], 2)])
def test_rejected_ones_are_counted(rejected, count):
    assert rejected_count(evaluation(rejected)) == count
