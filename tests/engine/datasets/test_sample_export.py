"""Exported samples are read by this program's own readers of the same formats, and by Pillow."""

import numpy as np
import pytest
from PIL import Image

from engine.datasets.dataset import Dataset
from engine.datasets.idx import read_images, read_labels
from engine.datasets.mnist import read_mnist
from engine.datasets.mnist_copies import read_csv
from engine.datasets.sample_export import SAMPLES as NAMES
from engine.datasets.sample_export import export_dataset, export_samples
from engine.datasets.samples import Sample, as_dataset
from engine.errors import ConfigurationError, DatasetError
from engine.nn.losses import NO_CLASS
from tests.digit_templates import digit_strokes

SAMPLES = [Sample(digit, digit_strokes(digit)) for digit in (3, 8)]


def test_idx_and_csv_read_as_mnist_does(tmp_path):
    assert set(export_samples(SAMPLES, tmp_path / "out", ["idx", "csv"])) == {
        NAMES.images,
        NAMES.labels,
        NAMES.table,
    }
    dataset, folder = as_dataset(SAMPLES), tmp_path / "out"
    images, labels = read_csv(folder / NAMES.table)
    for found, expected in (
        (read_images(folder / NAMES.images), dataset.images),
        (images, dataset.images),
        (read_labels(folder / NAMES.labels), dataset.labels),
        (labels, dataset.labels),
    ):
        assert np.array_equal(found, expected)


@pytest.mark.parametrize("kind", ["idx", "csv", "npz"])
def test_a_test_part_is_found_and_read_as_mnists(tmp_path, kind):
    digits = as_dataset(SAMPLES)
    export_dataset(digits, tmp_path / "out", [kind])
    found = read_mnist(tmp_path / "out", "test")
    assert np.array_equal(found.images, digits.images)
    assert np.array_equal(found.labels, digits.labels)


def test_arrays_have_keras_names_and_types(tmp_path):
    export_samples([Sample(NO_CLASS, digit_strokes(4)), *SAMPLES], tmp_path / "mine", ["npz"])
    export_dataset(as_dataset(SAMPLES), tmp_path / "test", ["npz"])
    with np.load(tmp_path / "mine" / "samples.npz", allow_pickle=False) as arrays:
        assert arrays["y_train"].tolist() == [10, 3, 8]
        assert arrays["x_train"].shape == (3, 28, 28)
    with np.load(tmp_path / "test" / "mnist.npz", allow_pickle=False) as arrays:
        assert sorted(arrays) == ["x_test", "y_test"]
        assert arrays["x_test"].dtype == arrays["y_test"].dtype == np.uint8


@pytest.mark.parametrize("images", [np.zeros((1, 3, 32, 32), np.uint8), np.zeros((1, 28, 28), np.float32)])
def test_what_are_no_digits_of_28x28_bytes_is_refused(tmp_path, images):
    with pytest.raises(DatasetError, match="these are images of"):
        export_dataset(Dataset(images, np.zeros(1, np.int64)), tmp_path / "out", ["idx"])
    assert not (tmp_path / "out").exists()


def test_what_is_no_digit_is_a_class_of_its_own(tmp_path):
    export_samples([Sample(NO_CLASS, digit_strokes(4)), *SAMPLES], tmp_path, ["idx", "png"])
    assert read_labels(tmp_path / NAMES.labels).tolist() == [10, 3, 8]
    assert sorted(path.name for path in (tmp_path / "png").iterdir()) == ["3", "8", "not-a-digit"]


def test_pictures_are_black_on_white(tmp_path):
    export_samples(SAMPLES, tmp_path, ["png"])
    with Image.open(tmp_path / "png" / "8" / "00002.png") as image:
        assert np.array_equal(255 - np.asarray(image), as_dataset(SAMPLES).images[1])


def test_what_lies_there_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DatasetError, match="holds something already"):
        export_samples(SAMPLES, tmp_path, ["idx"])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_format_and_nothing_to_export_are_told(tmp_path):
    with pytest.raises(ConfigurationError, match="Choose among idx, png, csv, npz"):
        export_samples(SAMPLES, tmp_path, ["gif"])
    with pytest.raises(DatasetError, match="no samples"):
        export_samples([], tmp_path / "out", ["idx"])
    assert not (tmp_path / "out").exists()
