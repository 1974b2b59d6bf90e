"""IDX files: what they hold is told by their first bytes. How damage is told, test_mnist says."""

import gzip
import struct

import numpy as np
import pytest

from engine.datasets.idx import read_images, read_labels
from engine.errors import DatasetError
from tests.digit_templates import write_idx


@pytest.mark.parametrize("compress", [True, False])
def test_images_and_labels_come_back_as_they_were_written(tmp_path, compress, rng):
    images = rng.integers(0, 256, (3, 28, 28))
    write_idx(tmp_path / "images", 2051, images, compress=compress)
    write_idx(tmp_path / "labels", 2049, np.array([7, 0, 9]), compress=compress)
    assert np.array_equal(read_images(tmp_path / "images"), images)
    assert read_labels(tmp_path / "labels").tolist() == [7, 0, 9]


def labels_of_qmnist(count, columns=8, more=b""):
    rows = np.arange(count * columns, dtype=">i4").tobytes()
    return struct.pack(">3I", 3074, count, columns) + rows + more


def test_of_qmnists_labels_the_first_column_is_read(tmp_path):
    (tmp_path / "labels").write_bytes(gzip.compress(labels_of_qmnist(3)))
    assert read_labels(tmp_path / "labels").tolist() == [0, 8, 16]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (labels_of_qmnist(3)[:-5], "ends after 2 of 3 labels"),
        (labels_of_qmnist(3, more=b"12"), "2 bytes too many after 3 labels"),
        (labels_of_qmnist(3, columns=5), r"labels of \[5\]"),
        (struct.pack(">3I", 3074, 2**32 - 1, 8), "at most 33,554,432 are read"),
    ],
)
def test_damaged_labels_of_qmnist_are_told(tmp_path, content, problem):
    (tmp_path / "labels").write_bytes(content)
    with pytest.raises(DatasetError, match=problem):
        read_labels(tmp_path / "labels")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DatasetError, match="cannot be read"):
        read_labels(tmp_path / "labels")
