"""A committee answers by the mean of its members' log-probabilities, and refuses by their evidence."""

import numpy as np
import pytest

from engine import Confidence
from engine.errors import ConfigurationError
from engine.reading.committee import Committee
from engine.reading.rejection import Rejection, evidence


class Sayer:
    """A classifier that says the same of every image."""

    input_shape, classes = (1, 28, 28), 3

    def __init__(self, *logits):
        self._logits = np.array(logits, np.float32)

    def logits(self, images):
        return np.tile(self._logits, (len(images), 1))


IMAGES = np.zeros((2, 28, 28), np.float32)


def probabilities(logits):
    exps = np.exp(logits)
    return exps / exps.sum()


def test_its_probabilities_are_the_geometric_mean_of_the_members():
    first, second = np.log([0.7, 0.2, 0.1]), np.log([0.2, 0.6, 0.2])
    committee = Committee([(Sayer(*first), Confidence()), (Sayer(*(second + 5)), Confidence())])
    told = committee.confidence.probabilities(committee.logits(IMAGES))
    expected = np.sqrt([0.7 * 0.2, 0.2 * 0.6, 0.1 * 0.2])
    np.testing.assert_allclose(told, np.tile(expected / expected.sum(), (2, 1)), rtol=1e-5)


def test_each_member_is_read_at_its_own_temperature():
    committee = Committee([(Sayer(4.0, 0.0, 0.0), Confidence(2.0)), (Sayer(0.0, 1.0, 0.0), Confidence(0.5))])
    np.testing.assert_allclose(committee.logits(IMAGES)[0], [1.0, 1.0, 0.0])
    assert committee.confidence.temperature == 1.0


def test_of_one_member_it_answers_as_that_member():
    rejection = Rejection(2.0, 0.01, 0.9, 0.99)
    confidence = Confidence(2.0, rejection)
    member = Sayer(6.0, 1.0, 0.0)
    committee = Committee([(member, confidence)])
    np.testing.assert_allclose(
        committee.confidence.probabilities(committee.logits(IMAGES)),
        confidence.probabilities(member.logits(IMAGES)),
        rtol=1e-6,
    )
    assert committee.confidence.rejection.least_evidence == 1.0


def test_what_shows_too_little_evidence_to_all_is_refused():
    told = Rejection(3.0, 0.01, 0.9, 0.99), Rejection(1.0, 0.002, 0.95, 0.999)
    clear, vague = Sayer(9.0, 0.0, 0.0), Sayer(1.0, 0.5, 0.0)
    committees = [Committee([(sayer, Confidence(1.0, each)) for each in told]) for sayer in (clear, vague)]
    assert [bool(c.confidence.accepts(c.logits(IMAGES))[0]) for c in committees] == [True, False]
    assert evidence(vague.logits(IMAGES))[0] < 2.0 < evidence(clear.logits(IMAGES))[0]
    assert committees[0].confidence.rejection == Rejection(2.0, 0.01, 0.9, 0.99)  # the mean, and the worst


def test_with_one_that_learnt_no_other_it_refuses_nothing():
    committee = Committee([
        (Sayer(1, 0, 0), Confidence(1.0, Rejection(3.0, 0.01, 0.9, 0.99))), (Sayer(1, 0, 0), Confidence()),
    ])  # fmt: skip
    assert committee.confidence.rejection is None


def test_members_that_do_not_go_together_are_refused():
    other = Sayer(1, 0)
    other.classes = 2
    with pytest.raises(ConfigurationError, match="Member 2 of the committee tells 2 classes"):
        Committee([(Sayer(1, 0, 0), Confidence()), (other, Confidence())])
    with pytest.raises(ConfigurationError, match="at least one member"):
        Committee([])
