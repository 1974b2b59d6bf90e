"""app/evaluating.py: block by block it finds what the engine finds at once."""

import json

import numpy as np
import pytest

from app import evaluating
from app.evaluating import measure, measured_from
from engine import build_network, evaluate, save_network
from engine.datasets.mnist import read_mnist
from engine.errors import DatasetError, SavedNetworkError
from tests.digit_templates import write_mnist


def test_it_is_measured_as_at_once(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(evaluating, "BLOCK", 20)
    write_mnist(tmp_path / "mnist", train=20, test=50, rng=rng)
    network = build_network("mlp-tanh", rng=rng)
    save_network(network, tmp_path / "network")
    *shares, end = measure(network=str(tmp_path / "network"), source="mnist", folder=str(tmp_path))
    assert shares == [{"share": 0.4}, {"share": 0.8}, {"share": 1.0}]
    images = read_mnist(tmp_path, "test")
    given, found = measured_from(json.loads(json.dumps(end)))
    assert np.array_equal(given.images, images.images)
    assert given.images.dtype == images.images.dtype
    assert np.array_equal(given.labels, images.labels)
    expected = evaluate(network, images)
    assert np.allclose(found.probabilities, expected.probabilities, atol=1e-6)
    assert found.loss == pytest.approx(expected.loss, rel=1e-5)
    assert found.accuracy == expected.accuracy
    assert np.array_equal(found.confusion, expected.confusion)


def test_what_is_missing_is_told(tmp_path, rng):
    with pytest.raises(DatasetError):
        next(measure(network=str(tmp_path), source="mnist", folder=str(tmp_path)))
    write_mnist(tmp_path / "mnist", train=20, test=20, rng=rng)
    with pytest.raises(SavedNetworkError):
        next(measure(network=str(tmp_path / "none"), source="mnist", folder=str(tmp_path)))
