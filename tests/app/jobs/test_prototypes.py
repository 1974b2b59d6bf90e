"""The digits to compare with: from all that is at hand, the same every time."""

import numpy as np

from app.jobs.prototypes import compares_digits, drawn_at_hand, prototypes_at_hand
from engine import build_network
from tests.digit_templates import write_mnist


def test_without_data_they_are_what_the_program_draws(tmp_path):
    found = prototypes_at_hand(tmp_path)
    assert found.names == ("synthetic",)
    assert found.images.shape == (100, 28, 28)
    np.testing.assert_array_equal(np.bincount(found.labels), [10] * 10)


def test_of_mnist_they_are_training_digits_with_their_labels(tmp_path, rng):
    write_mnist(tmp_path, 50, 20, rng)
    found = prototypes_at_hand(tmp_path)
    assert (found.names, len(found)) == (("mnist",), 50)
    np.testing.assert_array_equal(np.bincount(found.labels), [5] * 10)


def test_they_are_the_same_every_time(tmp_path, rng):
    write_mnist(tmp_path, 50, 20, rng)
    first, second = prototypes_at_hand(tmp_path), prototypes_at_hand(tmp_path)
    assert first.images.tobytes() == second.images.tobytes()


def test_only_what_reads_framed_digits_compares_them(rng):
    assert compares_digits(build_network("mlp-tanh", rng=rng))
    assert not compares_digits(build_network("cifar10", rng=rng))


def test_as_many_are_drawn_as_nobody_has_written(tmp_path):
    assert drawn_at_hand(tmp_path) == len(prototypes_at_hand(tmp_path))
