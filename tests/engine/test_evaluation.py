"""Evaluation: every figure follows from the answers, worked by hand on a few of them."""

import numpy as np
import pytest

from engine import Dataset, build_network, evaluate
from engine.errors import DatasetError
from engine.evaluation import Evaluation, wilson_interval


@pytest.fixture
def evaluation():
    """Six answers of three classes: right, right, wrong (sure), right, wrong (unsure), right."""
    probabilities = np.array(
        [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.9, 0.05, 0.05], [0.2, 0.2, 0.6], [0.3, 0.4, 0.3], [1, 0, 0]]
    )
    return Evaluation(probabilities, np.array([0, 1, 2, 2, 0, 0]), loss=0.5)


def test_accuracy_is_the_share_of_right_answers(evaluation):
    assert evaluation.accuracy == pytest.approx(4 / 6)
    assert evaluation.accuracy_halves == pytest.approx((2 / 3, 2 / 3))


def test_confusion_has_a_row_for_the_truth_and_a_column_for_the_answer(evaluation):
    assert evaluation.confusion.tolist() == [[2, 1, 0], [0, 1, 0], [1, 0, 1]]


def test_mistakes_come_the_most_confident_first(evaluation):
    assert evaluation.mistakes.tolist() == [2, 4]


def test_wilson_interval_of_newcombes_example():
    # Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_wilson_interval_stays_within_0_and_1():
    low, high = wilson_interval(10, 10)
    assert 0 < low < 1
    assert high == pytest.approx(1)


def test_evaluating_equals_the_logits_taken_at_once(rng):
    network = build_network("lenet5", rng=rng)
    images = rng.integers(0, 256, (1037, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, 1037)
    evaluation = evaluate(network, Dataset(images, labels))
    logits = network.logits(images.astype(np.float32) / 255).astype(np.float64)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.allclose(evaluation.probabilities, probabilities, atol=1e-5)
    expected = -np.log(probabilities[np.arange(1037), labels]).mean()
    assert evaluation.loss == pytest.approx(expected, rel=1e-4)


def test_an_empty_data_set_is_an_error(rng):
    empty = Dataset(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64))
    with pytest.raises(DatasetError, match="empty"):
        evaluate(build_network("lenet5", rng=rng), empty)
