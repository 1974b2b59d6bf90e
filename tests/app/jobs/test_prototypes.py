"""The digits to compare with: from all that is at hand, the same every time, and kept with the network."""

import numpy as np
import pytest

from app.jobs.prototypes import compares_digits, digit_index, prototypes_at_hand
from engine import build_network, save_network
from engine.explaining.neighbours import INDEX_FILE, DigitIndex
from tests.digit_templates import write_mnist


@pytest.fixture
def network(rng):
    return build_network("mlp-tanh", rng=rng)


def test_without_data_they_are_what_the_program_draws(tmp_path):
    found = prototypes_at_hand(tmp_path)
    assert found.names == ("synthetic",)
    assert found.images.shape == (3000, 28, 28)
    np.testing.assert_array_equal(np.bincount(found.labels), [300] * 10)


def test_of_mnist_they_are_training_digits_with_their_labels(tmp_path, rng):
    write_mnist(tmp_path, 50, 20, rng)
    found = prototypes_at_hand(tmp_path)
    assert (found.names, len(found)) == (("mnist",), 50)
    np.testing.assert_array_equal(np.bincount(found.labels), [5] * 10)


def test_they_are_the_same_every_time(tmp_path, rng):
    write_mnist(tmp_path, 50, 20, rng)
    first, second = prototypes_at_hand(tmp_path), prototypes_at_hand(tmp_path)
    assert first.images.tobytes() == second.images.tobytes()


def test_a_network_without_an_index_gets_one_when_it_is_asked(network, tmp_path, rng):
    write_mnist(tmp_path, 50, 20, rng)
    save_network(network, tmp_path / "net")
    found = digit_index(network, tmp_path / "net", tmp_path)
    assert found.to_bytes() == DigitIndex.build(network, prototypes_at_hand(tmp_path)).to_bytes()


def test_an_index_that_is_kept_needs_no_data(network, tmp_path, rng):
    write_mnist(tmp_path, 50, 20, rng)
    kept = DigitIndex.build(network, prototypes_at_hand(tmp_path)).to_bytes()
    save_network(network, tmp_path / "net", attachments={INDEX_FILE: kept})
    assert digit_index(network, tmp_path / "net", tmp_path / "nowhere").to_bytes() == kept


def test_only_what_reads_framed_digits_compares_them(network, rng):
    assert compares_digits(network)
    assert not compares_digits(build_network("cifar10", rng=rng))
