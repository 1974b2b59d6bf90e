"""Datasets: splits and minibatches hold every example exactly once."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.dataset import Dataset, as_ink, minibatches
from engine.errors import ConfigurationError, DatasetError


def numbered(count):
    """A data set whose labels tell its examples apart."""
    return Dataset(np.zeros((count, 28, 28), np.uint8), np.arange(count))


@given(count=st.integers(1, 200), batch_size=st.integers(1, 70), seed=st.integers(0, 9))
def test_minibatches_hold_each_example_exactly_once(count, batch_size, seed):
    rng = np.random.default_rng(seed)
    batches = [labels for _, labels in minibatches(numbered(count), batch_size, rng=rng)]
    assert sorted(np.concatenate(batches)) == list(range(count))
    assert all(len(batch) == batch_size for batch in batches[:-1])


def test_minibatches_keep_the_last_partial_batch():
    sizes = [len(labels) for _, labels in minibatches(numbered(103), 16)]
    assert sizes == [16] * 6 + [7]


def test_minibatches_are_shuffled_example_by_example(rng):
    order = np.concatenate([labels for _, labels in minibatches(numbered(100), 10, rng=rng)])
    assert not np.array_equal(order, np.arange(100))
    # not only the order of the batches: within a batch, examples are no neighbours either
    assert any(abs(int(a) - int(b)) > 1 for a, b in pairwise(order[:10]))


def test_minibatches_without_rng_keep_the_order():
    order = np.concatenate([labels for _, labels in minibatches(numbered(10), 4)])
    assert order.tolist() == list(range(10))


@given(count=st.integers(2, 300), fraction=st.floats(0.01, 0.99), seed=st.integers(0, 9))
def test_split_puts_each_example_on_exactly_one_side(count, fraction, seed):
    part = round(count * fraction)
    rng = np.random.default_rng(seed)
    if part in (0, count):
        with pytest.raises(ConfigurationError, match="leaves one side of the split empty"):
            numbered(count).split(fraction, rng=rng)
        return
    rest, taken = numbered(count).split(fraction, rng=rng)
    assert len(taken) == part
    assert sorted([*rest.labels, *taken.labels]) == list(range(count))


def test_equal_generators_give_equal_splits():
    splits = [numbered(50).split(0.2, rng=np.random.default_rng(3)) for _ in range(2)]
    assert splits[0][1].labels.tolist() == splits[1][1].labels.tolist()


def test_every_epoch_has_the_same_examples():
    dataset = numbered(5)
    assert dataset.of_epoch(1, seed=0) is dataset.of_epoch(7, seed=3) is dataset


def test_a_data_set_refuses_as_many_labels_as_it_has_no_images():
    with pytest.raises(DatasetError, match="3 images, but 2 labels"):
        Dataset(np.zeros((3, 28, 28)), np.zeros(2, np.int64))


def test_ink_is_1_where_a_byte_is_255_and_float_images_pass_unchanged():
    assert as_ink(np.array([0, 51, 255], np.uint8)).tolist() == pytest.approx([0, 0.2, 1])
    floats = np.array([0.25], np.float32)
    assert as_ink(floats) is floats
