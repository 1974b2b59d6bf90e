"""Confidence: one way from logits to probabilities and what is accepted, which refuses what is no number."""

import numpy as np
import pytest

from engine import Confidence
from engine.errors import ConfigurationError, InferenceError
from engine.reading.rejection import Rejection


def test_probabilities_by_hand():
    logits = np.array([[np.log(4.0), 0.0], [0.0, 0.0]])
    # divided by 2: log 2 and 0, so 2 to 1
    np.testing.assert_allclose(Confidence(2.0).probabilities(logits), [[2 / 3, 1 / 3], [1 / 2, 1 / 2]])
    np.testing.assert_allclose(Confidence().probabilities(logits), [[4 / 5, 1 / 5], [1 / 2, 1 / 2]])


def test_a_temperature_changes_no_prediction_and_no_threshold(rng):
    logits = 5 * rng.standard_normal((50, 10))
    rejection = Rejection(9.0, 0, 1, 1)
    warm, plain = Confidence(3.0, rejection), Confidence(1.0, rejection)
    predicted = warm.probabilities(logits).argmax(axis=1)
    assert np.array_equal(predicted, logits.argmax(axis=1))
    assert np.array_equal(warm.accepts(logits), plain.accepts(logits))
    assert 0 < plain.accepts(logits).sum() < 50


def test_without_a_rejection_everything_is_accepted():
    assert Confidence().accepts(np.zeros((3, 10))).tolist() == [True, True, True]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_logits_that_are_no_numbers_are_an_error_and_no_answer(value):
    logits = np.zeros((2, 10))
    logits[1, 3] = value
    with pytest.raises(InferenceError, match="numbers that are not finite"):
        Confidence().probabilities(logits)


@pytest.mark.parametrize("temperature", [0.0, -1.0, 1e-46, 1e4, np.nan, np.inf])
def test_a_temperature_of_no_sense_is_refused(temperature):
    with pytest.raises(ConfigurationError, match=r"A temperature lies between 0\.05 and 20"):
        Confidence(temperature)


@pytest.mark.parametrize(
    "values", [(-1.0, 0, 1, 1), (np.nan, 0, 1, 1), (3.0, 1.5, 1, 1), (3.0, 0, 1, np.nan)]
)
def test_a_rejection_of_no_sense_is_refused(values):
    with pytest.raises(ConfigurationError, match="must"):
        Rejection(*values)
