"""Rejection: evidence by hand, the threshold's promise, and the area under the curve against all pairs."""

import numpy as np
import pytest
import scipy

from engine.errors import ConfigurationError
from engine.nn.losses import NO_CLASS, softmax_cross_entropy
from engine.reading.rejection import Rejection, auc, evidence, fit_rejection, rejection_at


def of_evidence(rng, low, high, count):
    """Logits of ten classes whose one large one is drawn between low and high."""
    logits = np.zeros((count, 10), np.float32)
    logits[np.arange(count), rng.integers(0, 10, count)] = rng.uniform(low, high, count)
    return logits


def test_evidence_by_hand():
    # log(1 + 2 + 5) less the mean of ln 1, ln 2 and ln 5
    logits = np.log([[1.0, 2.0, 5.0], [4.0, 4.0, 4.0]])
    assert evidence(logits) == pytest.approx([np.log(8) - np.log(10) / 3, np.log(3)])


def test_evidence_is_the_loss_as_an_example_of_no_class(rng):
    logits = 5 * rng.standard_normal((20, 10))
    losses = [softmax_cross_entropy(row[:, None], np.array([NO_CLASS]))[0] for row in logits]
    assert evidence(logits) == pytest.approx(losses)


def test_evidence_stays_finite_and_ignores_a_constant():
    logits = np.array([[1e4, -1e4, 0.0]], np.float32)
    assert evidence(logits) == pytest.approx([1e4])
    assert evidence(logits + 300) == pytest.approx([1e4])


def test_what_shows_less_evidence_than_the_threshold_is_no_digit():
    rejection = Rejection(np.log(10), 0, 0, 1)  # equal logits lie on it
    assert rejection.accepts(np.array([[0.0] * 10, [1.0] + [0.0] * 9])).tolist() == [True, True]
    assert not Rejection(2.5, 0, 0, 1).accepts(np.zeros((1, 10))).any()


def test_the_threshold_rejects_at_most_the_share_allowed_of_each_source(rng):
    strong, weak = of_evidence(rng, 10, 20, 3000), of_evidence(rng, 6, 20, 800)
    taught, unseen = of_evidence(rng, 0, 12, 1000), of_evidence(rng, 0, 7, 800)
    rejection = fit_rejection([strong, weak], taught, unseen)
    rejected = np.sum(~rejection.accepts(weak))
    assert rejected == 8  # 1 % of 800
    assert rejection.accepts(strong).all()
    assert rejection.digits_rejected == rejected / 3800
    assert rejection.not_digits_rejected == np.mean(~rejection.accepts(unseen)) > 0.8


def test_a_few_digits_that_show_little_do_not_have_all_accepted(rng):
    digits, few = of_evidence(rng, 10, 20, 1000), of_evidence(rng, 0, 1, 3)
    taught, unseen = of_evidence(rng, 0, 8, 1000), of_evidence(rng, 0, 8, 800)
    rejection = fit_rejection([digits, few], taught, unseen)
    assert rejection.not_digits_rejected > 0.98
    assert rejection.digits_rejected == pytest.approx(3 / 1003)
    assert fit_rejection([few, few], taught, unseen).least_evidence < 2.4  # there are no others


def test_where_enough_of_what_was_taught_is_rejected_no_digit_is_given_up_for_more(rng):
    digits = of_evidence(rng, 6, 20, 2000)
    taught = of_evidence(rng, 0, 4, 1000)
    rejection = fit_rejection([digits], taught, of_evidence(rng, 0, 9, 800))
    assert rejection.accepts(digits).all()
    assert np.mean(~rejection.accepts(taught)) == pytest.approx(0.998, abs=0.0015)


def test_what_was_taught_sets_the_threshold_and_what_was_not_measures_it():
    # one large logit of ten: evidence is ln(e^z + 9) - z / 10, which grows with z
    digits, taught, unseen = (
        np.pad(np.array(large)[:, None], ((0, 0), (0, 9)))
        for large in ([6.0, 8.0, 9.0, 9.0], [2.0] * 5, [1.0, 1.0, 7.0, 12.0])
    )
    rejection = fit_rejection([digits], taught, unseen)
    assert rejection.least_evidence == pytest.approx(np.log(np.exp(2) + 9) - 0.2)
    assert rejection.digits_rejected == 0
    assert rejection.not_digits_rejected == 2 / 4  # of unseen the two of 1.0
    # pairs of a digit above something unseen: 3 for 6.0 less that with 7.0, 3 for each of 8.0, 9.0 and 9.0
    assert rejection.auc == (2 + 3 + 3 + 3) / 16


def test_kinds_that_were_not_taught_do_not_move_the_threshold(rng):
    digits, taught = of_evidence(rng, 5, 20, 1000), of_evidence(rng, 0, 6, 1000)
    thresholds = {
        fit_rejection([digits], taught, of_evidence(rng, low, low + 1, 50)).least_evidence
        for low in (0, 9, 30)
    }
    assert len(thresholds) == 1


def test_the_area_under_the_curve_counts_pairs(rng):
    inside, outside = rng.integers(0, 30, 70).astype(float), rng.integers(0, 20, 90).astype(float)
    assert auc(inside, outside) == pytest.approx(
        scipy.stats.mannwhitneyu(inside, outside).statistic / (70 * 90)
    )


@pytest.mark.parametrize(("inside", "area"), [([3.0, 4.0], 1), ([0.0], 0), ([1.0, 2.0], 0.5)])
def test_the_area_is_1_for_all_above_and_a_half_for_equals(inside, area):
    assert auc(np.array(inside), np.array([1.0, 2.0])) == area


@pytest.mark.parametrize(
    ("digits", "taught", "unseen"), [([], 3, 3), ([0], 3, 3), ([5], 0, 3), ([5, 0], 3, 3), ([5], 3, 0)]
)
def test_nothing_to_fit_to_is_refused(digits, taught, unseen):
    with pytest.raises(ConfigurationError, match="fitted to digits and to drawings that are none"):
        fit_rejection(
            [np.zeros((count, 10)) for count in digits], np.zeros((taught, 10)), np.zeros((unseen, 10))
        )


def test_a_threshold_is_measured_as_it_is(rng):
    digits, own, unseen = (
        of_evidence(rng, 6, 20, 400),
        of_evidence(rng, 2, 4, 100),
        of_evidence(rng, 0, 9, 800),
    )
    rejection = rejection_at(5.0, [digits, own], unseen)
    assert (rejection.least_evidence, rejection.digits_rejected) == (5.0, 100 / 500)
    assert rejection.not_digits_rejected == np.mean(~rejection.accepts(unseen))
    assert rejection.auc == auc(evidence(np.concatenate([digits, own])), evidence(unseen))
