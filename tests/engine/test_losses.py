"""Cross-entropy of softmax: hand-worked values, a right gradient, and nothing that overflows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from engine.losses import softmax, softmax_cross_entropy
from tests.engine.gradcheck import TOLERANCE, compare_gradient

properties = settings(deadline=None, max_examples=60, derandomize=True, database=None)


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


@properties
@given(batches())
def test_loss_equals_scipy(batch):
    logits, labels = batch
    expected = -special.log_softmax(logits, axis=0)[labels, np.arange(labels.size)].mean()
    loss, _ = softmax_cross_entropy(logits, labels)
    assert loss == pytest.approx(expected, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(softmax(logits), special.softmax(logits, axis=0), rtol=1e-12)


# **** properties ****


@properties
@given(batches())
def test_gradient_over_the_classes_sums_to_zero(batch):
    _, dlogits = softmax_cross_entropy(*batch)
    np.testing.assert_allclose(dlogits.sum(axis=0), 0, atol=1e-15)


@properties
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


@properties
@given(batches(), st.sampled_from([-1000.0, -1.5, 0.25, 1000.0]))
def test_a_constant_added_to_an_example_changes_nothing(batch, constant):
    logits, labels = batch
    shifts = constant * np.arange(labels.size)  # another one for each example
    loss, dlogits = softmax_cross_entropy(logits, labels)
    shifted_loss, shifted_dlogits = softmax_cross_entropy(logits + shifts, labels)
    assert shifted_loss == pytest.approx(loss, rel=1e-9, abs=1e-11)
    np.testing.assert_allclose(shifted_dlogits, dlogits, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(softmax(logits + shifts), softmax(logits), rtol=1e-9, atol=1e-11)


@properties
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
