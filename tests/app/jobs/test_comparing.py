"""app/jobs/comparing.py: both networks on the same images, set by set."""

import numpy as np
import pytest

from app.data import sources
from app.jobs.comparing import SetsAtHand, compared, facts_of_digits, measured_on
from engine import Confidence, Evaluation, build_network, evaluate
from engine.reading.evaluation import PairedTally, Rejections, Tally, logits_of
from engine.reading.rejection import Rejection, evidence
from tests.digit_templates import write_mnist


@pytest.fixture(autouse=True)
def few_drawings(monkeypatch):
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 40)


def finished(work):
    """What a generator returns in the end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def test_drawings_and_non_digits_are_always_at_hand(tmp_path):
    sets = dict(SetsAtHand(tmp_path))
    assert {name: len(images) for name, images in sets.items()} == {"synthetic": 40, "not-digits": 40}


def test_what_is_in_the_folder_comes_first(tmp_path, rng):
    write_mnist(tmp_path / "mnist", train=20, test=30, rng=rng)
    assert list(dict(SetsAtHand(tmp_path))) == ["mnist", "synthetic", "not-digits"]


def test_files_that_cannot_be_read_are_left_out(tmp_path, rng):
    write_mnist(tmp_path / "mnist", train=20, test=30, rng=rng)
    for file in (tmp_path / "mnist").glob("t10k-images*"):
        file.write_bytes(b"damaged")
    assert list(dict(SetsAtHand(tmp_path))) == ["synthetic", "not-digits"]


def test_each_set_is_put_to_the_network_with_its_confidence(tmp_path, rng):
    sets = dict(SetsAtHand(tmp_path))
    network = build_network("mlp-tanh", rng=rng)
    least = np.median(evidence(logits_of(network, sets["not-digits"].images)))
    confidence = Confidence(2.0, Rejection(float(least), 0.5, 0.5, 0.5))
    measured = finished(measured_on(sets, network, confidence))
    assert len(measured["synthetic"].labels) == 40
    expected = evaluate(network, sets["synthetic"], confidence=confidence)
    assert measured["synthetic"].loss == expected.loss
    assert measured["not-digits"].tally == Tally(20, 40)
    facts = facts_of_digits(measured)
    assert (facts.count, facts.accuracy, facts.drawings) == (40, expected.accuracy, ())


def test_a_set_that_is_read_in_blocks_is_measured_as_a_whole(tmp_path, rng, monkeypatch):
    sets = dict(SetsAtHand(tmp_path))
    network = build_network("mlp-tanh", rng=rng)
    whole = finished(measured_on(sets, network, Confidence()))
    monkeypatch.setattr("app.jobs.comparing.BLOCK", 15)
    assert list(measured_on(sets, network, Confidence())) == [15, 15, 10, 15, 15, 10]
    parts = finished(measured_on(sets, network, Confidence()))
    assert parts["not-digits"].can_tell is False
    np.testing.assert_array_equal(parts["synthetic"].labels, whole["synthetic"].labels)
    for name in sets:
        np.testing.assert_allclose(parts[name].probabilities, whole[name].probabilities, atol=1e-6)
        assert parts[name].tally == whole[name].tally
    assert parts["synthetic"].loss == pytest.approx(whole["synthetic"].loss)


def reads(right):
    """Images of a 1, of which those are read right."""
    probabilities = np.eye(10, dtype=np.float32)[np.asarray(right)]
    return Evaluation(probabilities, np.ones(len(right), int), 0.0)


def rejects(which):
    return Rejections(np.eye(10, dtype=np.float32)[[0] * len(which)], np.array(which, bool), True)


def test_the_two_are_compared_image_by_image():
    new = {"mnist": reads([1, 1, 0, 0]), "not-digits": rejects([1, 0, 0])}
    present = {"mnist": reads([1, 0, 1, 1]), "not-digits": rejects([1, 1, 0])}
    mnist, not_digits = compared(new, present).sets
    assert (mnist.source, mnist.new, mnist.pair) == ("mnist", Tally(2, 4), PairedTally(4, 1, 2, 1))
    assert (not_digits.source, not_digits.new) == ("not-digits", Tally(1, 3))
    assert not_digits.pair == PairedTally(3, both=1, only_first=1, only_second=0)


def test_without_a_present_network_the_new_one_is_told_alone():
    (only,) = compared({"mnist": reads([1, 0])}, None).sets
    assert (only.new, only.pair) == (Tally(1, 2), None)


def test_a_set_of_which_the_test_files_alone_are_here_is_at_hand(tmp_path, rng):
    write_mnist(tmp_path, train=20, test=30, rng=rng)
    for path in tmp_path.glob("train-*"):
        path.unlink()
    assert list(dict(SetsAtHand(tmp_path))) == ["mnist", "synthetic", "not-digits"]
