"""MNIST's reader: right files are read, damaged ones are named with what is wrong and what to do."""

import gzip
import hashlib
import shutil
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from engine.datasets.dataset import Dataset
from engine.datasets.mnist import (
    SHA256,
    has_emnist,
    has_mnist,
    has_mnist_test,
    lies_on_its_side,
    read_emnist,
    read_mnist,
)
from engine.errors import DatasetError, Remedy
from tests.digit_templates import digit_images, write_idx, write_mnist

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.fixture
def folder(tmp_path, rng):
    write_mnist(tmp_path, train=20, test=10, rng=rng)
    return tmp_path


def test_reads_images_and_labels_of_both_parts(folder):
    images, labels = digit_images(20, np.random.default_rng(0))
    train = read_mnist(folder, "train")
    assert np.array_equal(train.images, images)
    assert np.array_equal(train.labels, labels)
    assert len(read_mnist(folder, "test")) == 10


def test_reads_plain_files_as_well_as_gzip(folder):
    compressed = read_mnist(folder, "train")
    for name in (IMAGES, LABELS):
        path = folder / f"{name}.gz"
        (folder / name).write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert np.array_equal(read_mnist(folder, "train").images, compressed.images)


def test_finds_the_files_in_a_folder_named_mnist(tmp_path, rng):
    write_mnist(tmp_path / "mnist", train=10, test=10, rng=rng)
    assert len(read_mnist(tmp_path, "train")) == 10
    assert has_mnist(tmp_path)


@pytest.mark.parametrize("place", ["raw", "MNIST/raw", "QMNIST/raw"])
def test_finds_the_files_where_torchvision_puts_them(tmp_path, rng, place):
    write_mnist(tmp_path / place, train=10, test=10, rng=rng)
    assert len(read_mnist(tmp_path, "train")) == 10
    assert has_mnist(tmp_path)


def renamed(folder, name):
    for path in folder.iterdir():
        path.rename(folder / name(path.name))


def test_reads_files_whose_names_have_a_dot_before_idx(folder):
    before = read_mnist(folder, "test").images
    renamed(folder, lambda name: name.replace("-idx", ".idx"))
    assert np.array_equal(read_mnist(folder, "test").images, before)


@pytest.mark.parametrize("packed", [True, False])
def test_whether_a_file_is_packed_is_told_by_its_bytes_and_not_by_its_name(folder, packed):
    before = read_mnist(folder, "train").images
    for path in list(folder.iterdir()):
        content = path.read_bytes()
        path.unlink()
        if packed:
            path.with_suffix("").write_bytes(content)
        else:
            path.write_bytes(gzip.decompress(content))
    assert np.array_equal(read_mnist(folder, "train").images, before)


def test_the_test_part_needs_no_training_files(folder):
    for path in folder.glob("train*"):
        path.unlink()
    assert len(read_mnist(folder, "test")) == 10
    assert not has_mnist(folder)


def test_reads_the_files_of_qmnist(folder):
    before = read_mnist(folder, "test")
    renamed(folder, lambda name: "qmnist-" + name.replace("t10k", "test").replace("idx1-ubyte", "idx2-int"))
    for part, count in (("train", 20), ("test", 10)):
        rows = np.zeros((count, 8), ">i4")
        rows[:, 0] = np.arange(count) % 10
        rows[:, 1:] = 70_000  # of whom it is, and where it was
        content = struct.pack(">3I", 3074, *rows.shape) + rows.tobytes()
        (folder / f"qmnist-{part}-labels-idx2-int.gz").write_bytes(gzip.compress(content))
    assert np.array_equal(read_mnist(folder, "test").images, before.images)
    assert np.array_equal(read_mnist(folder, "test").labels, before.labels)
    assert has_mnist(folder)


def test_digits_that_lie_on_their_side_are_told_and_turned_as_emnists(folder):
    before = read_mnist(folder, "train").images
    path = folder / f"{IMAGES}.gz"
    write_idx(path, 2051, before.transpose(0, 2, 1))
    with pytest.raises(DatasetError, match="lie on their side, as EMNIST's do") as caught:
        read_mnist(folder, "train")
    assert caught.value.remedy == Remedy.TURN_DIGITS
    assert np.array_equal(read_emnist(folder, "train").images, before)
    assert not has_emnist(folder)  # which its names do not tell
    renamed(folder, lambda name: "emnist-digits-" + name.replace("t10k", "test"))
    assert has_emnist(folder)
    assert np.array_equal(read_emnist(folder, "train").images, before)


def test_digits_without_a_one_lie_on_no_side(folder):
    images, labels = digit_images(20, np.random.default_rng(0))
    turned = Dataset(images.transpose(0, 2, 1), labels)
    assert lies_on_its_side(turned)
    assert not lies_on_its_side(Dataset(turned.images[labels != 1], labels[labels != 1]))


def test_reads_the_table_and_the_npz_that_others_pass_on(folder, tmp_path):
    train, test = read_mnist(folder, "train"), read_mnist(folder, "test")
    for path in folder.iterdir():
        path.unlink()
    for part, data in (("train", train), ("test", test)):
        rows = [[label, *image.ravel()] for image, label in zip(data.images, data.labels, strict=True)]
        (folder / f"mnist_{part}.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))
    assert has_mnist(folder)
    assert np.array_equal(read_mnist(folder, "train").images, train.images)
    for path in folder.iterdir():
        path.unlink()
    np.savez(
        folder / "mnist.npz",
        x_train=train.images,
        y_train=train.labels,
        x_test=test.images,
        y_test=test.labels,
    )
    assert has_mnist(folder)
    assert np.array_equal(read_mnist(folder, "test").images, test.images)
    assert np.array_equal(read_mnist(folder, "test").labels, test.labels)


def test_a_missing_file_is_named_with_both_ways_out(folder):
    (folder / f"{LABELS}.gz").unlink()
    assert not has_mnist(folder)
    with pytest.raises(DatasetError, match=rf"{LABELS}.*is neither in") as caught:
        read_mnist(folder, "train")
    assert caught.value.remedy == Remedy.NAME_DATA_FOLDER_OR_DOWNLOAD


def test_an_interrupted_download_is_told(folder):
    path = folder / f"{IMAGES}.gz"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DatasetError, match=rf"{IMAGES}.*cannot be read.*download it again"):
        read_mnist(folder, "train")


def test_a_page_of_the_web_in_place_of_a_file_is_told(folder):
    (folder / f"{IMAGES}.gz").write_bytes(b"<html>not found</html>")
    with pytest.raises(DatasetError, match=f"{IMAGES}.*starts with the magic number"):
        read_mnist(folder, "train")


def plain(folder: Path, name: str, change) -> None:
    """Put a plain file, with its bytes changed, in the place of the gzip file."""
    path = folder / f"{name}.gz"
    (folder / name).write_bytes(change(bytearray(gzip.decompress(path.read_bytes()))))
    path.unlink()


def test_a_short_file_is_told_with_counts(folder):
    plain(folder, IMAGES, lambda content: content[: 16 + 5 * 784 + 3])
    with pytest.raises(DatasetError, match="ends after 5 of 20 images"):
        read_mnist(folder, "train")


def test_a_long_file_is_told(folder):
    plain(folder, LABELS, lambda content: content + b"12")
    with pytest.raises(DatasetError, match="2 bytes too many after 20 labels"):
        read_mnist(folder, "train")


def test_a_file_without_room_for_its_header_is_told(folder):
    plain(folder, IMAGES, lambda content: content[:7])
    with pytest.raises(DatasetError, match="7 bytes long, too short for its header of 16"):
        read_mnist(folder, "train")


def test_labels_in_the_place_of_images_are_told(folder):
    shutil.copy(folder / f"{LABELS}.gz", folder / f"{IMAGES}.gz")
    with pytest.raises(DatasetError, match="magic number 2049; a file of images starts with 2051"):
        read_mnist(folder, "train")


def test_images_of_another_size_are_told(folder):
    write_idx(folder / f"{IMAGES}.gz", 2051, np.zeros((20, 32, 32)))
    with pytest.raises(DatasetError, match=r"images of \[32, 32\]; MNIST's are \[28, 28\]"):
        read_mnist(folder, "train")


def test_counts_that_disagree_are_told(folder):
    write_idx(folder / f"{LABELS}.gz", 2049, np.zeros(19))
    with pytest.raises(DatasetError, match=r"20 images, but .* 19 labels"):
        read_mnist(folder, "train")


def test_a_label_beyond_9_is_told(folder):
    write_idx(folder / f"{LABELS}.gz", 2049, np.full(20, 17))
    with pytest.raises(DatasetError, match="label 17; digits are 0 to 9"):
        read_mnist(folder, "train")


def test_the_real_files_are_mnist(mnist_folder):
    for part, count in (("train", 60_000), ("test", 10_000)):
        assert len(read_mnist(mnist_folder, part)) == count
    for name, sha256 in SHA256.items():
        path = next((mnist_folder / "mnist").glob(f"{name}*"))
        content = path.read_bytes()
        plain = gzip.decompress(content) if path.suffix == ".gz" else content
        assert hashlib.sha256(plain).hexdigest() == sha256


def test_a_file_that_unpacks_to_far_more_than_it_announces_is_not_unpacked(folder):
    path = folder / f"{IMAGES}.gz"
    start = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(start + bytes(2**26)))
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match="has more than 1,048,576 bytes too many after 20 images"):
            read_mnist(folder, "train")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**23


@pytest.mark.parametrize("compress", [True, False])
def test_a_header_that_announces_more_than_is_read_is_told(folder, compress):
    (folder / f"{IMAGES}.gz").unlink()
    path = folder / (f"{IMAGES}.gz" if compress else IMAGES)
    content = struct.pack(">4I", 2051, 2**32 - 1, 28, 28) + bytes(1000)
    path.write_bytes(gzip.compress(content) if compress else content)
    with pytest.raises(DatasetError, match="announces 4,294,967,295 images; at most 1,369,568 are read"):
        read_mnist(folder, "train")


def test_a_checksum_that_is_wrong_is_told(folder):
    path = folder / f"{IMAGES}.gz"
    content = bytearray(path.read_bytes())
    content[-6] ^= 1
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=f"{IMAGES}.*cannot be read: CRC"):
        read_mnist(folder, "train")


def test_the_test_files_are_found_alone(tmp_path, rng):
    write_mnist(tmp_path, train=10, test=10, rng=rng)
    assert has_mnist_test(tmp_path)
    for path in tmp_path.glob("train-*"):
        path.unlink()
    assert has_mnist_test(tmp_path)
    assert not has_mnist(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    assert not has_mnist_test(tmp_path)
