"""Tables and npz files of digits: read where they are whole, else told by line and by name."""

import numpy as np
import pytest

from engine.datasets.mnist_copies import read_csv, read_npz
from engine.errors import DatasetError
from tests.digit_templates import digit_images

ROW = [7, *range(200), *[0] * 584]


def written(tmp_path, *rows, heading="label,pixel0", start=""):
    path = tmp_path / "mnist_test.csv"
    lines = [heading] * bool(heading) + [",".join(map(str, row)) for row in rows]
    path.write_text(start + "\n".join(lines) + "\n\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("heading", ["", "label,pixel0", "label,1x1,1x2", '"label","1x1"'])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_table_is_read_with_a_heading_and_without(tmp_path, heading, start):
    images, labels = read_csv(written(tmp_path, ROW, [3, *[9] * 784], heading=heading, start=start))
    assert labels.tolist() == [7, 3]
    assert images.shape == (2, 28, 28)
    assert images[0].ravel().tolist() == ROW[1:]
    assert (images[1] == 9).all()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (ROW[:-1], "line 3 has not the 785 numbers"),
        ([*ROW, 1], "line 3 has not the 785 numbers"),
        ([0] * 9000, "line 3 has not the 785 numbers"),
        ([3, *[256] * 784], "line 3 has a value that is no whole number from 0 to 255"),
        ([3, *[-1] * 784], "line 3 has a value"),
        ([3, *["0.5"] * 784], "line 3 has a value"),
        (["three", *[0] * 784], "line 3 has a value"),
    ],
)
def test_a_bad_line_is_named(tmp_path, row, problem):
    with pytest.raises(DatasetError, match=rf"mnist_test\.csv, {problem}"):
        read_csv(written(tmp_path, ROW, row))


def test_an_empty_table_has_no_digit_and_a_missing_one_is_told(tmp_path):
    assert len(read_csv(written(tmp_path))[0]) == 0
    with pytest.raises(DatasetError, match="cannot be read"):
        read_csv(tmp_path / "none.csv")


def test_a_table_of_more_lines_than_are_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.datasets.mnist_copies.MOST_ROWS", 2)
    with pytest.raises(DatasetError, match="more than the 2 lines"):
        read_csv(written(tmp_path, ROW, ROW))


@pytest.fixture
def npz(tmp_path, rng):
    images, labels = digit_images(20, rng)
    arrays = {
        "x_train": images,
        "y_train": labels.astype(np.uint8),
        "x_test": images[:10],
        "y_test": labels[:10].astype(np.uint8),
    }

    def write(**changed):
        together = {key: array for key, array in (arrays | changed).items() if array is not None}
        np.savez_compressed(tmp_path / "mnist.npz", **together)
        return tmp_path / "mnist.npz"

    return write


def test_both_parts_of_keras_file_are_read(npz):
    for part, count in (("train", 20), ("test", 10)):
        images, labels = read_npz(npz(), part)
        assert images.shape == (count, 28, 28)
        assert labels.tolist() == [number % 10 for number in range(count)]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"y_test": None}, "holds no y_test; Keras' mnist.npz has x_train, y_train, x_test, y_test"),
        ({"x_test": np.zeros((10, 32, 32), np.uint8)}, r"images of \[32, 32\] as uint8"),
        ({"x_test": np.zeros((10, 28, 28))}, r"images of \[28, 28\] as float64"),
        ({"y_test": np.zeros(9, np.uint8)}, "not one whole number for each of its 10 images"),
        ({"y_test": np.zeros((10, 10))}, "not one whole number"),
        ({"y_test": np.array([{}] * 10, object)}, "cannot be read: .*allow_pickle=False"),
    ],
)
def test_what_is_not_keras_file_is_told_and_nothing_is_unpickled(npz, changed, problem):
    with pytest.raises(DatasetError, match=problem):
        read_npz(npz(**changed), "test")


def test_an_array_that_unpacks_to_more_than_is_read_is_told(npz, monkeypatch):
    monkeypatch.setattr("engine.datasets.mnist_copies.MOST_UNPACKED", 1000)
    with pytest.raises(DatasetError, match=r"mnist\.npz holds more than 1,000 bytes of x_test"):
        read_npz(npz(), "test")


@pytest.mark.parametrize("content", [b"", b"PK\3\4 damaged", b"<html>"])
def test_a_damaged_npz_is_told(tmp_path, content):
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(
        DatasetError, match=r"mnist\.npz cannot be read: .*\. Delete it and download it again"
    ):
        read_npz(tmp_path / "mnist.npz", "train")
