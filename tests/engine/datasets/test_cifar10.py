"""CIFAR-10's reader: right files are read, damaged and pickled ones named with what to do."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.datasets.cifar10 import CLASSES, has_cifar10, read_cifar10
from engine.errors import DatasetError, Remedy
from tests.conftest import real_data


def write_batch(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """A file of the binary version, written byte by byte as its description says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        for image, label in zip(images, labels, strict=True):
            file.write(bytes([label]))
            for plane in image:  # red, green, blue
                for row in plane:
                    file.write(bytes(row.tolist()))


def batch(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return rng.integers(0, 256, (count, 3, 32, 32), np.uint8), rng.integers(0, 10, count)


@pytest.fixture
def folder(tmp_path, rng):
    for name, count in (("data_batch_1", 3), ("data_batch_2", 4), ("test_batch", 2)):
        write_batch(tmp_path / f"{name}.bin", *batch(count, rng))
    return tmp_path


@pytest.fixture(scope="session")
def cifar10_folder() -> Path:
    return real_data(has_cifar10, "CIFAR-10: set DIGITS_DATA to the folder that holds cifar-10-batches-bin")


# **** right files ****


def test_reads_images_and_labels_of_both_parts(tmp_path, rng):
    images, labels = batch(7, rng)
    write_batch(tmp_path / "data_batch_1.bin", images[:3], labels[:3])
    write_batch(tmp_path / "data_batch_2.bin", images[3:5], labels[3:5])
    write_batch(tmp_path / "test_batch.bin", images[5:], labels[5:])
    train, test = read_cifar10(tmp_path, "train"), read_cifar10(tmp_path, "test")
    assert train.images.dtype == np.uint8
    assert train.labels.dtype == np.int64
    assert np.array_equal(train.images, images[:5])
    assert np.array_equal(train.labels, labels[:5])
    assert np.array_equal(test.images, images[5:])
    assert np.array_equal(test.labels, labels[5:])


def test_training_files_come_in_the_order_of_their_numbers_whichever_are_there(tmp_path, rng):
    for number in (5, 2, 4):
        write_batch(tmp_path / f"data_batch_{number}.bin", batch(1, rng)[0], np.array([number]))
    assert read_cifar10(tmp_path, "train").labels.tolist() == [2, 4, 5]


def test_finds_the_files_in_the_folder_of_the_archive(tmp_path, rng):
    assert not has_cifar10(tmp_path)
    for name in ("data_batch_1", "test_batch"):
        assert not has_cifar10(tmp_path)
        write_batch(tmp_path / "cifar-10-batches-bin" / f"{name}.bin", *batch(2, rng))
    assert has_cifar10(tmp_path)
    assert has_cifar10(tmp_path / "cifar-10-batches-bin")
    assert len(read_cifar10(tmp_path, "train")) == 2


def test_the_binary_version_is_read_with_the_python_version_beside_it(folder):
    (folder / "data_batch_1").write_bytes(b"\x80\x04")
    assert len(read_cifar10(folder, "train")) == 7


# **** damage ****


def test_a_missing_file_is_named_with_what_to_download(folder):
    (folder / "test_batch.bin").unlink()
    assert not has_cifar10(folder)
    problem = r"test_batch\.bin is neither in .*cifar-10-binary\.tar\.gz"
    with pytest.raises(DatasetError, match=problem) as caught:
        read_cifar10(folder, "test")
    assert caught.value.remedy == Remedy.NAME_DATA_FOLDER


@pytest.mark.parametrize("name", ["data_batch_3", "data_batch_1.pkl", "cifar-10-batches-py/data_batch_1"])
def test_a_pickle_is_refused_unread(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(pickle.dumps({b"labels": [3], b"data": [0] * 3072}))
    assert not has_cifar10(tmp_path)
    with pytest.raises(DatasetError, match=rf"{name} is .*a pickle\. .*runs whatever.*binary\.tar\.gz"):
        read_cifar10(tmp_path, "train")


def test_an_empty_file_is_told(folder):
    (folder / "data_batch_2.bin").write_bytes(b"")
    with pytest.raises(DatasetError, match=r"data_batch_2\.bin is empty"):
        read_cifar10(folder, "train")


@settings(max_examples=25)
@given(length=st.integers(1, 3 * 3073).filter(lambda length: length % 3073))
def test_a_file_that_ends_within_an_image_is_told(tmp_path_factory, length):
    path = tmp_path_factory.mktemp("cifar10") / "test_batch.bin"
    path.write_bytes(bytes(length))
    with pytest.raises(DatasetError, match=f"is {length:,} bytes long, which is no multiple of 3,073"):
        read_cifar10(path.parent, "test")


def test_a_label_beyond_9_is_told_with_its_place(folder):
    path = folder / "data_batch_2.bin"
    content = bytearray(path.read_bytes())
    content[2 * 3073] = 10
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"data_batch_2\.bin has the label 10 at image 2; .* 0 to 9"):
        read_cifar10(folder, "train")


def test_a_file_that_cannot_be_read_is_told(folder, monkeypatch):
    def refuse(path, most):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("engine.datasets.cifar10.read_bytes", refuse)
    with pytest.raises(DatasetError, match=r"test_batch\.bin cannot be read: .*Permission denied"):
        read_cifar10(folder, "test")


# **** the real files ****


def test_the_real_files_hold_photographs_of_all_classes(cifar10_folder):
    train, test = read_cifar10(cifar10_folder, "train"), read_cifar10(cifar10_folder, "test")
    assert len(train) >= 4_000
    assert len(test) >= 1_000
    assert set(test.labels.tolist()) == set(range(10))
    # neighbours look alike in a photograph, only if planes, rows and columns were told apart
    pixels = test.images.astype(float)
    assert np.abs(np.diff(pixels, axis=-1)).mean() < 20 < pixels.std()
    assert np.abs(np.diff(pixels, axis=-2)).mean() < 20


def test_the_classes_are_those_of_the_real_file(cifar10_folder):
    path = cifar10_folder / "cifar-10-batches-bin" / "batches.meta.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    assert tuple(path.read_text().split()) == CLASSES


def test_a_file_of_more_than_is_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.datasets.cifar10.MOST_BYTES", 3073)
    (tmp_path / "test_batch.bin").write_bytes(bytes(2 * 3073))
    with pytest.raises(DatasetError, match="cannot be read: it is larger than the 3,073 bytes"):
        read_cifar10(tmp_path, "test")
