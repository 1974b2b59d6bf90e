"""Temperature: known answers, an independent minimiser, and no change of any answer."""

import numpy as np
import pytest
import scipy

from engine.errors import ConfigurationError
from engine.nn.losses import softmax_cross_entropy
from engine.reading.calibration import COLDEST, HOTTEST, fit_temperature


@pytest.fixture
def examples(rng):
    """Logits that are right about themselves: each label is drawn from the softmax of its row."""
    logits = 2 * rng.standard_normal((4000, 10))
    gumbel = rng.gumbel(size=logits.shape)  # argmax(z + gumbel) has the distribution softmax(z)
    return logits, (logits + gumbel).argmax(axis=1)


def test_two_classes_by_hand():
    # 3 of 4 answers are right. Of each target 1/6 is spread over both classes, so class 0 is to have
    # (3 * 11/12 + 1/12) / 4 = 17/24: sigmoid(6 / T) = 17/24, T = 6 / ln(17/7)
    logits = np.array([[6.0, 0.0]] * 4)
    assert fit_temperature(logits, np.array([0, 0, 0, 1])) == pytest.approx(6 / np.log(17 / 7), rel=1e-9)


def test_logits_that_are_right_about_themselves_need_no_temperature(examples):
    logits, labels = examples
    assert fit_temperature(logits, labels) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("factor", [0.25, 3.0])
def test_logits_made_larger_get_a_temperature_larger_by_as_much(examples, factor):
    logits, labels = examples
    assert fit_temperature(factor * logits, labels) == pytest.approx(
        factor * fit_temperature(logits, labels), rel=1e-9
    )


def test_no_other_temperature_has_a_lower_loss(examples):
    logits, labels = 1.7 * examples[0], examples[1]
    found = scipy.optimize.minimize_scalar(
        lambda t: softmax_cross_entropy(logits.T / t, labels, label_smoothing=1 / 4002)[0],
        bounds=(0.1, 10),
        method="bounded",
    )
    assert fit_temperature(logits, labels) == pytest.approx(found.x, rel=1e-4)


def test_a_constant_added_to_an_example_changes_nothing(examples):
    logits, labels = examples
    shifted = logits + np.linspace(-500, 500, len(labels))[:, None]
    assert fit_temperature(shifted, labels) == pytest.approx(fit_temperature(logits, labels), rel=1e-9)


def test_few_right_answers_are_no_proof():
    # class 0 is to have 1 - 1/14, of 5 answers that are all right: sigmoid(9 / T) = 13/14
    logits = np.array([[9.0, 0.0]] * 5, np.float32)
    assert fit_temperature(logits, np.zeros(5, int)) == pytest.approx(9 / np.log(13), rel=1e-6)


@pytest.mark.parametrize(("scale", "label", "limit"), [(1e-3, 0, COLDEST), (9.0, 1, HOTTEST)])
def test_a_temperature_stays_within_limits(scale, label, limit):
    logits = np.array([[scale, 0.0]] * 5, np.float32)
    assert fit_temperature(logits, np.full(5, label)) == pytest.approx(limit)


@pytest.mark.parametrize("labels", [[], [3, -1]])
def test_nothing_and_examples_of_no_class_are_refused(labels):
    with pytest.raises(ConfigurationError, match="examples of the classes"):
        fit_temperature(np.zeros((len(labels), 10)), np.array(labels, int))
