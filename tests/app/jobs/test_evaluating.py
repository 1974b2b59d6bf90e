"""app/jobs/evaluating.py: block by block it finds what the engine finds at once."""

from dataclasses import fields

import numpy as np
import pytest

from app.jobs import evaluating
from app.jobs.evaluating import measure, measured_from
from app.jobs.protocol import decode, encode
from app.jobs.records import Progress
from engine import Confidence, Evaluation, build_network, evaluate, save_network
from engine.datasets.mnist import read_mnist
from engine.errors import DatasetError, SavedNetworkError
from engine.reading.evaluation import logits_of
from engine.reading.rejection import Rejection, evidence
from tests.digit_templates import write_mnist


@pytest.fixture
def measured(tmp_path, rng, monkeypatch):
    """Measure a network of 50 test images in blocks of 20; all that was told, and what is expected."""
    monkeypatch.setattr(evaluating, "BLOCK", 20)
    write_mnist(tmp_path / "mnist", train=20, test=50, rng=rng)

    def measured(rejects=False):
        network = build_network("mlp-tanh", rng=rng)
        confidence = Confidence(1.7)
        if rejects:  # the less clear half
            least = np.median(evidence(logits_of(network, read_mnist(tmp_path, "test").images)))
            confidence = Confidence(1.7, Rejection(float(least), 0.5, 0.5, 0.5))
        save_network(network, tmp_path / "network", confidence=confidence)
        records = measure(network=str(tmp_path / "network"), source="mnist", folder=str(tmp_path))
        return list(records), evaluate(network, read_mnist(tmp_path, "test"), confidence=confidence)

    return measured


def test_it_tells_how_far_it_is(measured):
    (*shares, _), _ = measured()
    assert shares == [Progress(0.4), Progress(0.8), Progress(1.0)]


def test_the_images_come_as_they_are(measured, tmp_path):
    (*_, end), _ = measured()
    images = read_mnist(tmp_path, "test")
    given, _ = measured_from(decode(encode(end)))
    np.testing.assert_array_equal(given.images, images.images, strict=True)
    np.testing.assert_array_equal(given.labels, images.labels, strict=True)


@pytest.mark.parametrize("rejects", [False, True])
def test_it_is_measured_as_at_once(measured, rejects):
    (*_, end), expected = measured(rejects)
    _, found = measured_from(decode(encode(end)))
    for field in fields(Evaluation):  # a field that is left out is told here
        value, other = getattr(found, field.name), getattr(expected, field.name)
        if value is None or other is None:
            assert value is other
        else:
            np.testing.assert_allclose(value, other, rtol=1e-5, atol=1e-6)
    assert (found.rejected is not None) == rejects
    if rejects:
        assert found.rejected.sum() == 25


def test_what_is_missing_is_told(tmp_path, rng):
    with pytest.raises(DatasetError):
        next(measure(network=str(tmp_path), source="mnist", folder=str(tmp_path)))
    write_mnist(tmp_path / "mnist", train=20, test=20, rng=rng)
    with pytest.raises(SavedNetworkError):
        next(measure(network=str(tmp_path / "none"), source="mnist", folder=str(tmp_path)))


def test_the_training_files_need_not_be_there(measured, tmp_path):
    for path in (tmp_path / "mnist").glob("train-*"):
        path.unlink()
    records, expected = measured()
    assert measured_from(records[-1])[1].accuracy == expected.accuracy
