"""Losses: hand-worked values, right gradients, and nothing that overflows.

Cross-entropy first, then its label smoothing and examples of no class, squared error, the criterion of
1998, and what all share.
"""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from engine.errors import ConfigurationError
from engine.nn.losses import (
    LOSSES,
    NO_CLASS,
    distilled_cross_entropy,
    map_criterion,
    softmax,
    softmax_cross_entropy,
    squared_error,
)
from tests.engine.gradcheck import TOLERANCE, compare_gradient


@st.composite
def batches(draw: st.DrawFn, *, scales=(0.1, 1, 30)):
    """Logits of up to 10 classes and 5 examples, and labels."""
    K, N = draw(st.integers(2, 10)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    scale = draw(st.sampled_from(scales))
    return scale * rng.standard_normal((K, N)), rng.integers(0, K, N)


# **** values ****


def test_uniform_logits_cost_ln_10():
    loss, _ = softmax_cross_entropy(np.zeros((10, 4)), np.array([0, 3, 5, 9]))
    assert loss == pytest.approx(np.log(10), rel=1e-15)


def test_loss_and_gradient_by_hand():
    # exp of the first column is 1, 2, 5, so its probabilities are 1/8, 2/8, 5/8; the second is uniform
    logits = np.log([[1.0, 1.0], [2.0, 1.0], [5.0, 1.0]])
    loss, dlogits = softmax_cross_entropy(logits, np.array([2, 0]))
    assert loss == pytest.approx((np.log(8 / 5) + np.log(3)) / 2, rel=1e-14)
    # (probabilities - onehot) / 2
    expected = [[1 / 16, -1 / 3], [2 / 16, 1 / 6], [-3 / 16, 1 / 6]]
    np.testing.assert_allclose(dlogits, expected, rtol=1e-14)


def test_softmax_by_hand():
    probabilities = softmax(np.log([[1.0, 3.0], [2.0, 3.0], [5.0, 3.0]]))
    expected = [[1 / 8, 1 / 3], [2 / 8, 1 / 3], [5 / 8, 1 / 3]]
    np.testing.assert_allclose(probabilities, expected, rtol=1e-14)


@given(batches())
def test_loss_equals_scipy(batch):
    logits, labels = batch
    expected = -special.log_softmax(logits, axis=0)[labels, np.arange(labels.size)].mean()
    loss, _ = softmax_cross_entropy(logits, labels)
    assert loss == pytest.approx(expected, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(softmax(logits), special.softmax(logits, axis=0), rtol=1e-12)


# **** properties ****


@given(batches())
def test_gradient_over_the_classes_sums_to_zero(batch):
    _, dlogits = softmax_cross_entropy(*batch)
    np.testing.assert_allclose(dlogits.sum(axis=0), 0, atol=1e-15)


@given(batches(scales=(0.1, 1)))  # where the loss is flat, differences are rounding alone
def test_gradient_agrees_with_central_differences(batch):
    logits, labels = batch
    _, dlogits = softmax_cross_entropy(logits, labels)
    error = compare_gradient(
        lambda: softmax_cross_entropy(logits, labels)[0],
        logits,
        dlogits,
        name="logits",
        rng=np.random.default_rng(0),
    )
    assert error < TOLERANCE


@given(batches(), st.sampled_from([-1000.0, -1.5, 0.25, 1000.0]))
def test_a_constant_added_to_an_example_changes_nothing(batch, constant):
    logits, labels = batch
    shifts = constant * np.arange(labels.size)  # another one for each example
    loss, dlogits = softmax_cross_entropy(logits, labels)
    shifted_loss, shifted_dlogits = softmax_cross_entropy(logits + shifts, labels)
    assert shifted_loss == pytest.approx(loss, rel=1e-9, abs=1e-11)
    np.testing.assert_allclose(shifted_dlogits, dlogits, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(softmax(logits + shifts), softmax(logits), rtol=1e-9, atol=1e-11)


@given(batches())
def test_loss_is_the_mean_over_the_batch(batch):
    logits, labels = batch
    loss, dlogits = softmax_cross_entropy(logits, labels)
    twice, dtwice = softmax_cross_entropy(np.tile(logits, 2), np.tile(labels, 2))
    assert twice == pytest.approx(loss, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(dtwice, np.tile(dlogits, 2) / 2, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_logits_stay_finite(dtype):
    logits = np.array([[1e4, 1e4], [-1e4, -1e4], [0, 0]], dtype)
    right, wrong = 0, 1
    loss, dlogits = softmax_cross_entropy(logits, np.array([right, wrong]))
    assert loss == pytest.approx((0 + 2e4) / 2)
    np.testing.assert_array_equal(dlogits, [[0, 0.5], [0, -0.5], [0, 0]])
    np.testing.assert_array_equal(softmax(logits), [[1, 1], [0, 0], [0, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_preserved_and_arguments_are_unchanged(dtype, rng):
    logits, labels = rng.standard_normal((10, 4)).astype(dtype), np.array([1, 0, 9, 1])
    logits_before, labels_before = logits.tobytes(), labels.tobytes()
    loss, dlogits = softmax_cross_entropy(logits, labels)
    assert softmax(logits).dtype == dlogits.dtype == dtype
    assert type(loss) is float
    assert (logits.tobytes(), labels.tobytes()) == (logits_before, labels_before)


def test_only_class_there_is_costs_nothing():
    loss, dlogits = softmax_cross_entropy(np.array([[3.0, -5.0]]), np.array([0, 0]))
    assert loss == 0
    assert not dlogits.any()


# **** label smoothing ****


def cross_entropy_against(target, logits):
    """The mean of -sum(target * log softmax), for any target of probabilities."""
    return float(-(target * special.log_softmax(logits, axis=0)).sum(axis=0).mean())


@given(batches(), st.sampled_from([0.0, 0.05, 0.1, 0.5]))
def test_smoothed_loss_is_the_cross_entropy_against_the_smoothed_target(batch, share):
    logits, labels = batch
    K, N = logits.shape
    target = np.full((K, N), share / K)
    target[labels, np.arange(N)] += 1 - share
    loss, dlogits = softmax_cross_entropy(logits, labels, label_smoothing=share)
    assert loss == pytest.approx(cross_entropy_against(target, logits), rel=1e-11, abs=1e-12)
    np.testing.assert_allclose(dlogits, (special.softmax(logits, axis=0) - target) / N, atol=1e-14)


def test_smoothed_loss_by_hand():
    # probabilities 1/8, 2/8, 5/8; 0.3 of the target is spread: 0.1, 0.1, 0.1 + 0.7
    logits = np.log([[1.0], [2.0], [5.0]])
    loss, dlogits = softmax_cross_entropy(logits, np.array([2]), label_smoothing=0.3)
    assert loss == pytest.approx(0.1 * np.log(8) + 0.1 * np.log(4) + 0.8 * np.log(8 / 5))
    np.testing.assert_allclose(dlogits.ravel(), [0.125 - 0.1, 0.25 - 0.1, 0.625 - 0.8], rtol=1e-12)


def test_smoothing_of_0_changes_no_byte(rng):
    logits, labels = rng.standard_normal((10, 4)).astype(np.float32), np.array([1, 0, 9, 1])
    plain, smoothed = (
        softmax_cross_entropy(logits, labels),
        softmax_cross_entropy(logits, labels, label_smoothing=0.0),
    )
    assert plain[0] == smoothed[0]
    assert plain[1].tobytes() == smoothed[1].tobytes()


# **** examples of no class ****


def test_the_loss_of_no_class_by_hand():
    # probabilities 1/8, 2/8, 5/8 against thirds: -(ln 1/8 + ln 2/8 + ln 5/8) / 3
    logits = np.log([[1.0], [2.0], [5.0]])
    loss, dlogits = softmax_cross_entropy(logits, np.array([NO_CLASS]))
    assert loss == pytest.approx((np.log(8) + np.log(4) + np.log(8 / 5)) / 3)
    np.testing.assert_allclose(dlogits.ravel(), [1 / 8 - 1 / 3, 2 / 8 - 1 / 3, 5 / 8 - 1 / 3], rtol=1e-12)


def test_an_example_of_no_class_beside_one_whose_label_is_smoothed_by_hand():
    # probabilities 1/8, 2/8, 5/8 of both; targets 0.1, 0.1, 0.1 + 0.7 and three thirds
    logits = np.log([[1.0, 1.0], [2.0, 2.0], [5.0, 5.0]])
    loss, dlogits = softmax_cross_entropy(logits, np.array([2, NO_CLASS]), label_smoothing=0.3)
    first = 0.1 * np.log(8) + 0.1 * np.log(4) + 0.8 * np.log(8 / 5)
    second = (np.log(8) + np.log(4) + np.log(8 / 5)) / 3
    assert loss == pytest.approx((first + second) / 2)
    # (probabilities - target) / 2
    expected = [[0.025 / 2, -5 / 48], [0.15 / 2, -2 / 48], [-0.175 / 2, 7 / 48]]
    np.testing.assert_allclose(dlogits, expected, rtol=1e-12)


def test_being_sure_of_nothing_is_the_best_answer_to_no_class():
    loss, dlogits = softmax_cross_entropy(np.full((10, 1), 7.0), np.array([NO_CLASS]))
    assert loss == pytest.approx(np.log(10))
    np.testing.assert_allclose(dlogits, 0, atol=1e-16)


@given(batches(), st.sampled_from([0.0, 0.1]), st.integers(0, 2**32 - 1))
def test_examples_of_no_class_stand_among_others(batch, share, seed):
    logits, labels = batch
    K, N = logits.shape
    nowhere = np.random.default_rng(seed).random(N) < 0.5
    target = np.full((K, N), share / K)
    target[labels, np.arange(N)] += 1 - share
    target[:, nowhere] = 1 / K
    mixed = np.where(nowhere, NO_CLASS, labels)
    loss, dlogits = softmax_cross_entropy(logits, mixed, label_smoothing=share)
    assert loss == pytest.approx(cross_entropy_against(target, logits), rel=1e-11, abs=1e-12)
    np.testing.assert_allclose(dlogits, (special.softmax(logits, axis=0) - target) / N, atol=1e-14)
    error = compare_gradient(
        lambda: softmax_cross_entropy(logits, mixed, label_smoothing=share)[0],
        logits,
        dlogits,
        name="logits",
        rng=np.random.default_rng(0),
    )
    assert error < TOLERANCE


@pytest.mark.parametrize("loss", [squared_error, map_criterion])
def test_a_loss_without_a_target_for_no_class_refuses_it(loss):
    with pytest.raises(ConfigurationError, match=r"no class, label -1\. Choose cross-entropy"):
        loss(np.zeros((10, 2)), np.array([3, NO_CLASS]))


# **** squared error ****


def test_squared_error_by_hand():
    # onehot (0, 1) and (1, 0): errors (1, 1) and (2, -3), squares 2 and 13, halves 1 and 6.5
    loss, dlogits = squared_error(np.array([[1.0, 3.0], [2.0, -3.0]]), np.array([1, 0]))
    assert loss == (1 + 6.5) / 2
    np.testing.assert_array_equal(dlogits, np.array([[1, 2], [1, -3]]) / 2)


def test_squared_error_is_0_at_the_onehot_vector():
    loss, dlogits = squared_error(np.eye(4)[:, [2, 0, 3]], np.array([2, 0, 3]))
    assert loss == 0
    assert not dlogits.any()


# **** the criterion of LeCun et al. (1998), equation 9 ****


def equation_9(penalties, labels, j):
    """As the paper writes it, for penalties y of the classes, example by example."""
    total = 0.0
    for n, label in enumerate(labels):
        others = sum(np.exp(-y) for y in penalties[:, n])
        total += penalties[label, n] + np.log(np.exp(-j) + others)
    return total / len(labels)


@given(batches(scales=(0.1, 1, 5)), st.sampled_from([0.0, 0.1, 1.0, 7.0]))
def test_map_criterion_is_equation_9_of_the_negated_logits(batch, margin):
    logits, labels = batch
    loss, _ = map_criterion(logits, labels, margin=margin)
    assert loss == pytest.approx(equation_9(-logits, labels, margin), rel=1e-10, abs=1e-12)


def test_map_criterion_by_hand():
    # exp of the logits is 1/2 and 1/4, exp(-j) is 1/4: together 1; -log of 1/2 is the penalty
    logits = np.log([[0.5], [0.25]])
    loss, dlogits = map_criterion(logits, np.array([0]), margin=np.log(4))
    assert loss == pytest.approx(np.log(2))
    np.testing.assert_allclose(dlogits, [[0.5 - 1], [0.25]], rtol=1e-12)


@given(batches())
def test_map_criterion_with_an_endless_margin_is_the_cross_entropy(batch):
    logits, labels = batch
    expected, dexpected = softmax_cross_entropy(logits, labels)
    for margin in (1000.0, np.inf):
        loss, dlogits = map_criterion(logits, labels, margin=margin)
        assert loss == pytest.approx(expected, rel=1e-11, abs=1e-13)
        np.testing.assert_allclose(dlogits, dexpected, rtol=1e-10, atol=1e-13)


@given(batches())
def test_map_criterion_costs_more_than_the_cross_entropy_and_less_with_more_margin(batch):
    logits, labels = batch
    losses = [map_criterion(logits, labels, margin=margin)[0] for margin in (0.1, 1.0, 10.0)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] >= softmax_cross_entropy(logits, labels)[0] - 1e-12


def test_map_criterion_hardly_pushes_a_class_that_is_beyond_the_margin():
    logits = np.array([[0.0], [-40.0]])  # the wrong one is 40 away from its code
    _, dlogits = map_criterion(logits, np.array([0]), margin=1.0)
    assert 0 < dlogits[1, 0] < 1e-16
    near = np.array([[0.0], [-1.0]])
    assert map_criterion(near, np.array([0]), margin=1.0)[1][1, 0] > 0.1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_map_criterion_stays_finite_at_huge_logits(dtype, size):
    logits = np.array([[size, size], [size, 0]], dtype)
    loss, dlogits = map_criterion(logits, np.array([0, 0]), margin=0.1)
    # two equal logits s: ln 2 above everything else, or, below the margin, -s - j
    first = np.log(2) if size > 0 else 1e4 - 0.1
    second = 0 if size > 0 else 1e4 + np.log(1 + np.exp(-0.1))
    assert loss == pytest.approx((first + second) / 2, rel=1e-6, abs=1e-3 if dtype == np.float32 else 0)
    assert np.isfinite(dlogits).all()
    assert dlogits.dtype == dtype


# **** what every loss does ****


EVERY_LOSS = {**LOSSES, "smoothed": partial(softmax_cross_entropy, label_smoothing=0.1)}
every_loss = pytest.mark.parametrize("loss", EVERY_LOSS.values(), ids=EVERY_LOSS)


def test_losses_go_by_the_names_of_the_command_line():
    assert list(LOSSES.items()) == [
        ("cross-entropy", softmax_cross_entropy),
        ("squared-error", squared_error),
        ("map", map_criterion),
    ]


@every_loss
@given(batch=batches(scales=(0.1, 1)))
def test_every_losss_gradient_agrees_with_central_differences(loss, batch):
    logits, labels = batch
    _, dlogits = loss(logits, labels)
    error = compare_gradient(
        lambda: loss(logits, labels)[0], logits, dlogits, name="logits", rng=np.random.default_rng(0)
    )
    assert error < TOLERANCE


@every_loss
@given(batch=batches())
def test_every_loss_is_the_mean_over_the_batch(loss, batch):
    logits, labels = batch
    value, dlogits = loss(logits, labels)
    twice, dtwice = loss(np.tile(logits, 2), np.tile(labels, 2))
    assert twice == pytest.approx(value, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(dtwice, np.tile(dlogits, 2) / 2, rtol=1e-12, atol=1e-15)


@every_loss
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_loss_preserves_dtype_and_arguments(loss, dtype, rng):
    logits, labels = rng.standard_normal((10, 4)).astype(dtype), np.array([1, 0, 9, 1])
    before = logits.tobytes(), labels.tobytes()
    value, dlogits = loss(logits, labels)
    assert dlogits.dtype == dtype
    assert type(value) is float
    assert (logits.tobytes(), labels.tobytes()) == before


@every_loss
def test_every_loss_falls_along_its_gradient(loss, rng):
    logits, labels = rng.standard_normal((10, 4)), np.array([1, 0, 9, 1])
    value, dlogits = loss(logits, labels)
    assert loss(logits - 0.1 * dlogits, labels)[0] < value


# **** distillation ****


def distilled(logits, labels, teacher, share):
    return distilled_cross_entropy(logits, labels, teacher, share=share)


def test_distillation_by_hand():
    # the teacher's odds for 0 are 100 to 1, softened 10 to 1; the network's are 4 to 1, softened 2 to 1
    teacher, logits = np.log([[100.0], [1.0]]), np.log([[4.0], [1.0]])
    loss, dlogits = distilled(logits, np.array([0]), teacher, 0.25)
    divergence = 10 / 11 * np.log((10 / 11) / (2 / 3)) + 1 / 11 * np.log((1 / 11) / (1 / 3))
    assert loss == pytest.approx(0.75 * np.log(5 / 4) + 0.25 * 4 * divergence, rel=1e-13)
    slope = 0.75 * (4 / 5 - 1) + 0.25 * 2 * (2 / 3 - 10 / 11)
    np.testing.assert_allclose(dlogits, [[slope], [-slope]], rtol=1e-13)


def test_a_teacher_that_is_wrong_or_not_sure_or_of_no_class_leaves_the_label_alone():
    logits = np.random.default_rng(0).standard_normal((3, 4))
    teacher = np.log([[0.98, 0.89, 0.98, 0.91], [0.01, 0.06, 0.01, 0.05], [0.01, 0.05, 0.01, 0.04]])
    labels = np.array([1, 0, NO_CLASS, 0])
    _, dalone = softmax_cross_entropy(logits, labels)
    _, dlogits = distilled(logits, labels, teacher, 0.5)
    np.testing.assert_allclose(dlogits[:, :3], dalone[:, :3], rtol=1e-12)
    assert not np.allclose(dlogits[:, 3], dalone[:, 3])
    assert distilled(logits[:, :3], labels[:3], teacher[:, :3], 0.5)[0] == pytest.approx(
        softmax_cross_entropy(logits[:, :3], labels[:3])[0]
    )


@given(batches(scales=(0.1, 1)), st.sampled_from([0.0, 0.3, 0.9]), st.sampled_from([0.0, 0.2]))
def test_the_gradient_of_distillation_agrees_with_central_differences(batch, share, smoothing):
    logits, labels = batch
    teacher = np.random.default_rng(5).standard_normal(logits.shape)
    teacher[labels, np.arange(labels.size)] += 6 * (np.arange(labels.size) % 2)  # sure of every other one
    loss = partial(distilled_cross_entropy, share=share, label_smoothing=smoothing)
    _, dlogits = loss(logits, labels, teacher)
    error = compare_gradient(
        lambda: loss(logits, labels, teacher)[0],
        logits,
        dlogits,
        name="logits",
        rng=np.random.default_rng(0),
    )
    assert error < TOLERANCE


@given(batches(scales=(1, 30)))
def test_who_agrees_with_a_teacher_that_is_all_that_counts_has_nothing_to_learn(batch):
    logits, labels = batch
    logits[labels, np.arange(labels.size)] += 200  # sure
    loss, dlogits = distilled(logits, labels, logits.copy(), 1.0)
    assert loss == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(dlogits, 0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_distillation_keeps_the_dtype_and_its_arguments_and_stays_finite(dtype):
    logits = np.array([[1e4, -1e4], [0, 1e4]], dtype)
    teacher, labels = np.array([[1e4, 1e4], [0, 0]], np.float32), np.array([0, 0])
    before = logits.tobytes(), teacher.tobytes()
    loss, dlogits = distilled(logits, labels, teacher, 0.5)
    assert np.isfinite(loss)
    assert (type(loss), dlogits.dtype) == (float, dtype)
    assert np.isfinite(dlogits).all()
    assert (logits.tobytes(), teacher.tobytes()) == before
