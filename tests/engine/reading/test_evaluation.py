"""Evaluation: every figure follows from the answers, worked by hand on a few of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Confidence, Dataset, build_network, evaluate
from engine.errors import ConfigurationError, DatasetError
from engine.nn.layers import Dense, Flatten
from engine.nn.losses import NO_CLASS
from engine.nn.network import Network
from engine.reading import evaluation as evaluation_module
from engine.reading.evaluation import (
    VIEW,
    Evaluation,
    Misread,
    PairedTally,
    Tally,
    accuracy_by_group,
    mcnemar_p_value,
    measure_rejections,
    wilson_interval,
)
from engine.reading.rejection import Rejection, evidence
from tests.digit_templates import digit_images


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


@pytest.mark.parametrize(
    ("only_first", "only_second", "expected"),
    [
        (0, 5, 2 / 32),  # as five coins that all fall alike: 1 in 32 each way
        (5, 0, 2 / 32),
        (1, 5, 14 / 64),  # six coins, at most one head: 1 + 6 of 64, and as many with at most one tail
        (2, 8, 112 / 1024),  # ten coins: 1 + 10 + 45 of 1,024, twice
        (3, 3, 1.0),  # nothing is more even
        (0, 0, 1.0),  # they never differ
    ],
)
def test_mcnemars_exact_test_by_hand(only_first, only_second, expected):
    assert mcnemar_p_value(only_first, only_second) == pytest.approx(expected)


def test_mcnemars_test_takes_more_images_than_a_float_can_count_the_ways_of():
    # of 2,000 a surplus of 88 is 1.97 deviations, of 90 2.01: about where 5 % lies
    assert mcnemar_p_value(956, 1044) == pytest.approx(0.0517, abs=5e-4)
    assert mcnemar_p_value(955, 1045) == pytest.approx(0.0466, abs=5e-4)
    assert mcnemar_p_value(0, 10_000) == 0


def test_two_networks_are_counted_example_by_example():
    first, second = np.array([1, 1, 1, 0, 0, 1], bool), np.array([1, 0, 1, 1, 0, 0], bool)
    pair = PairedTally.of(first, second)
    assert pair == PairedTally(6, both=2, only_first=2, only_second=1)
    assert (pair.first, pair.second) == (Tally(4, 6), Tally(3, 6))
    assert pair.difference == pytest.approx(-1 / 6)
    assert pair.p_value == mcnemar_p_value(2, 1)


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


class Script:
    """Views that are known: instead of each image one that is filled with the next of these values."""

    ndim = 3

    def __init__(self, *values):
        self.values = iter(values)

    def __call__(self, images, *, rng):
        return np.full_like(images, next(self.values))


def test_views_are_averaged_with_the_image_as_it_is(monkeypatch, rng):
    """The first of two logits is the ink of four pixels, the second 0."""
    network = Network(
        [("flatten", Flatten()), ("out", Dense(4, 2, rng=rng))], input_shape=(1, 2, 2), architecture="ink"
    )
    network.load_state(
        {"out.weight": np.array([[1.0] * 4, [0.0] * 4], np.float32), "out.bias": np.zeros(2, np.float32)}
    )
    images = np.array([[[1, 0], [0, 0]], [[1, 1], [1, 0]]], np.float32)  # ink of 1 and of 3
    monkeypatch.setattr(evaluation_module, "VIEW", Script(0.5, 0.75, 1.0))  # of 2, of 3 and of 4
    evaluation = evaluate(network, Dataset(images, np.array([0, 0])), views=3)
    # (1 + 2 + 3 + 4) / 4 and (3 + 2 + 3 + 4) / 4 for the first class, 0 for the other
    first, second = 1 / (1 + np.exp(-2.5)), 1 / (1 + np.exp(-3))
    assert evaluation.probabilities[:, 0] == pytest.approx([first, second], rel=1e-6)
    assert evaluation.loss == pytest.approx(-(np.log(first) + np.log(second)) / 2, rel=1e-5)


@pytest.fixture
def views(monkeypatch):
    """A function: the views that an evaluation of these digits makes, in the order of their making."""

    def views(images, count):
        made = []

        def view(images, *, rng):
            made.append(VIEW(images, rng=rng))
            return made[-1]

        view.ndim = VIEW.ndim
        monkeypatch.setattr(evaluation_module, "VIEW", view)
        network = build_network("mlp-tanh", rng=np.random.default_rng(0))
        evaluate(network, Dataset(images, np.zeros(len(images), np.int64)), views=count)
        return made

    return views


def test_views_are_the_same_ones_each_time_and_others_for_each_image(views, rng):
    digit, _ = digit_images(1, rng)
    images = digit.repeat(2000, axis=0)  # two whole blocks
    made = views(images, 3)
    different = {image.tobytes() for block in made for image in block}
    assert sum(map(len, made)) == len(different) == 3 * 2000
    again = views(images, 3)
    assert [block.tobytes() for block in again] == [block.tobytes() for block in made]


def test_views_differ_a_little_from_their_images_and_from_each_other(views, rng):
    images, _ = digit_images(30, rng)
    ink = images.astype(np.float32) / 255
    first, second = views(images, 2)
    for one, other in ((first, ink), (second, ink), (first, second)):
        shares = np.abs(one - other).sum(axis=(1, 2)) / ink.sum(axis=(1, 2))
        assert shares.min() > 0.01  # none is the same
        assert np.median(shares) < 1  # nor somewhere else


def test_there_are_no_views_of_photographs(rng):
    network = build_network("cifar10", rng=rng)
    photos = Dataset(rng.integers(0, 256, (2, 3, 32, 32), np.uint8), np.array([1, 2]))
    with pytest.raises(ConfigurationError, match=r"made of digits, not of images of shape \(3, 32, 32\)"):
        evaluate(network, photos, views=1)
    assert len(evaluate(network, photos).labels) == 2


def test_fewer_than_no_views_are_an_error(rng):
    network = build_network("lenet5", rng=rng)
    with pytest.raises(ConfigurationError, match=r"views must be in 0…1,000, got -1"):
        evaluate(network, Dataset(*digit_images(2, rng)), views=-1)


def test_what_the_network_rejects_is_what_its_rejection_does_not_accept(rng):
    network = build_network("lenet5", rng=rng)
    digits = Dataset(rng.integers(0, 256, (20, 28, 28), dtype=np.uint8), rng.integers(0, 10, 20))
    assert evaluate(network, digits).rejected is None
    logits = network.logits(digits.images.astype(np.float32) / 255)
    rejection = Rejection(float(np.median(evidence(logits))), 0, 1, 1)
    confidence = Confidence(3.0, rejection)  # a temperature moves no threshold
    rejected = evaluate(network, digits, confidence=confidence).rejected
    assert np.array_equal(rejected, ~rejection.accepts(logits))
    assert rejected.sum() == 10


def test_non_digits_are_measured_as_what_is_rejected_of_them(rng):
    network = build_network("lenet5", rng=rng)
    images = rng.integers(0, 256, (20, 28, 28), dtype=np.uint8)
    logits = network.logits(images.astype(np.float32) / 255)
    rejection = Rejection(float(np.median(evidence(logits))), 0, 1, 1)
    found = measure_rejections(network, images, confidence=Confidence(1.0, rejection))
    assert found.can_tell
    assert found.tally == Tally(10, 20)
    assert np.array_equal(found.rejected, ~rejection.accepts(logits))
    assert np.array_equal(found.predictions, logits.argmax(axis=1))
    sure = found.confidences[found.accepted]
    assert len(sure) == 10
    assert np.array_equal(sure, np.sort(sure)[::-1])
    never_taught = measure_rejections(network, images, confidence=Confidence())
    assert (never_taught.can_tell, never_taught.tally) == (False, Tally(0, 20))


def test_digits_and_non_digits_are_never_mixed(rng):
    mixed = Dataset(np.zeros((3, 28, 28), np.uint8), np.array([1, NO_CLASS, 2]))
    with pytest.raises(DatasetError, match=r"label -1\. Measure non-digits apart"):
        evaluate(build_network("lenet5", rng=rng), mixed)


def test_the_networks_temperature_is_in_probabilities_and_loss(rng):
    network = build_network("lenet5", rng=rng)
    digits = Dataset(rng.integers(0, 256, (20, 28, 28), dtype=np.uint8), rng.integers(0, 10, 20))
    cold = evaluate(network, digits)
    warm = evaluate(network, digits, confidence=Confidence(3.0))
    tempered = cold.probabilities.astype(np.float64) ** (1 / 3)
    tempered /= tempered.sum(axis=1, keepdims=True)
    assert np.allclose(warm.probabilities, tempered, atol=1e-5)
    assert warm.loss == pytest.approx(-np.log(tempered[np.arange(20), digits.labels]).mean(), rel=1e-4)
    assert np.array_equal(warm.predictions, cold.predictions)


def test_an_empty_data_set_is_an_error(rng):
    empty = Dataset(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64))
    with pytest.raises(DatasetError, match="empty"):
        evaluate(build_network("lenet5", rng=rng), empty)


# **** a class at a time ****


def test_precision_recall_and_f1_of_each_class(evaluation):
    # class 0: 3 images, 3 answers, 2 right; class 1: 1 image, 2 answers, 1 right; class 2: 2, 1, 1
    scores = [(score.precision, score.recall, score.f1) for score in evaluation.classes]
    assert scores == [
        pytest.approx((2 / 3, 2 / 3, 2 / 3)),
        pytest.approx((1 / 2, 1, 2 / 3)),
        pytest.approx((1, 1 / 2, 2 / 3)),
    ]


def test_a_class_without_images_or_answers_has_no_share():
    # class 0 is all there is, and is read as 0 and as 1; nothing is, or is read as, 2
    evaluation = Evaluation(np.array([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0]]), np.array([0, 0]), loss=0.5)
    zero, one, two = evaluation.classes
    assert (zero.precision, zero.recall, zero.f1) == pytest.approx((1, 1 / 2, 2 / 3))
    assert (one.precision, one.recall, one.f1) == (0, None, 0)
    assert (two.precision, two.recall, two.f1) == (None, None, None)


def test_what_is_misread_comes_the_most_frequent_first():
    answers = [1, 1, 0, 2, 2, 2]
    labels = np.array([0, 0, 0, 1, 1, 2])
    evaluation = Evaluation(np.eye(3)[answers], labels, loss=0.0)
    assert evaluation.misread == [Misread(0, 1, 2), Misread(1, 2, 2)]
    assert Evaluation(np.eye(3), np.arange(3), loss=0.0).misread == []


# **** calibration ****


def test_answers_are_binned_by_their_confidence(evaluation):
    # 0.4 wrong | 0.6 right | 0.8 right, 0.8 right | 0.9 wrong | 1.0 right
    bins = [(b.low, b.high, b.confidence, b.tally) for b in evaluation.reliability]
    assert bins == [
        (0.3, 0.4, pytest.approx(0.4), Tally(0, 1)),
        (0.5, 0.6, pytest.approx(0.6), Tally(1, 1)),
        (0.7, 0.8, pytest.approx(0.8), Tally(2, 2)),
        (0.8, 0.9, pytest.approx(0.9), Tally(0, 1)),
        (0.9, 1.0, pytest.approx(1.0), Tally(1, 1)),
    ]


def test_the_calibration_error_is_the_mean_gap_of_confidence_and_accuracy(evaluation):
    # |0 - 0.4| + |1 - 0.6| + 2 |1 - 0.8| + |0 - 0.9| + |1 - 1|, over 6
    assert evaluation.calibration_error == pytest.approx(2.1 / 6)


def test_confidence_that_says_the_truth_has_no_calibration_error():
    probabilities = np.tile([0.75, 0.25], (400, 1))
    labels = np.repeat([0, 0, 0, 1], 100)
    assert Evaluation(probabilities, labels, loss=0.0).calibration_error == pytest.approx(0, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(0.34, 1)), min_size=1, max_size=30))
def test_every_answer_is_counted_once(examples):
    labels, answers, confidences = map(np.array, zip(*examples, strict=True))
    probabilities = np.repeat((1 - confidences)[:, None] / 2, 3, axis=1)
    probabilities[np.arange(len(labels)), answers] = confidences
    evaluation = Evaluation(probabilities, labels, loss=0.0)
    right, count = int((labels == answers).sum()), len(labels)
    assert evaluation.tally == Tally(right, count)
    bins = evaluation.reliability
    assert sum(b.tally.count for b in bins) == sum(score.count for score in evaluation.classes) == count
    assert sum(b.tally.right for b in bins) == sum(score.right for score in evaluation.classes) == right
    assert all(b.low < b.confidence <= b.high + 1e-12 for b in bins)
    assert sum(score.predicted for score in evaluation.classes) == count
    assert sum(pair.count for pair in evaluation.misread) == count - right
    assert 0 <= evaluation.calibration_error <= 1
    assert sum(half.count for half in evaluation.halves) == max(count, 2)


# **** groups ****


def test_accuracy_by_group_counts_each_group_in_the_order_of_its_first_example():
    correct = np.array([True, False, True, True])
    groups = accuracy_by_group(correct, ["w2", "w1", "w2", "w1"])
    assert groups == {"w2": Tally(2, 2), "w1": Tally(1, 2)}
    assert list(groups) == ["w2", "w1"]
    assert groups["w1"].accuracy == 0.5
    assert groups["w1"].interval == wilson_interval(1, 2)


def test_a_group_for_each_example_is_needed():
    with pytest.raises(ValueError, match="argument 2"):
        accuracy_by_group(np.array([True, False]), ["w1"])
