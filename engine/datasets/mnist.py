"""MNIST: 60,000 + 10,000 handwritten digits in four IDX files (LeCun, Cortes and Burges).

An IDX file is a magic number, the sizes as big-endian 32-bit integers, then the bytes themselves, row by
row. Pixels are 0 on paper and 255 in full ink. Files may be gzipped or plain.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.errors import DatasetError, Remedy
from engine.files.bounded_files import open_file, read_at_most
from engine.quoting import reason

# Name -> SHA-256 of the uncompressed file: the four files that are MNIST.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
PREFIXES = {"train": "train", "test": "t10k"}
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049  # unsigned bytes in 3 and in 1 dimensions
SIDE = 28
CLASSES = 10
MOST_BYTES = 2**30  # of pixels or labels: twenty times MNIST
MOST_TOLD = 2**20  # bytes too many that are counted


def read_mnist(folder: Path, part: str) -> Dataset:
    """The "train" or the "test" part of MNIST, images as (N, 28, 28) uint8.

    `folder` holds the IDX files, or has a folder `mnist` that does. Any count is read, so that a part of
    MNIST, or other digits in its format, serve as well; images and labels must agree.

    Raises
    ------
    DatasetError
        Names the file, what is wrong with it, and what to do.
    """
    prefix = PREFIXES[part]
    images_path = _find(folder, f"{prefix}-images-idx3-ubyte")
    labels_path = _find(folder, f"{prefix}-labels-idx1-ubyte")
    images = _read_idx(images_path, IMAGES_MAGIC, "images", (SIDE, SIDE))
    labels = _read_idx(labels_path, LABELS_MAGIC, "labels", ())
    if len(images) != len(labels):
        raise DatasetError(
            f"{images_path} holds {len(images):,} images, but {labels_path.name} {len(labels):,} labels. "
            "They are not of one set: delete both and download again."
        )
    if len(labels) and labels.max() >= CLASSES:
        raise DatasetError(
            f"{labels_path} has the label {labels.max()}; digits are 0 to 9. It is no file of MNIST."
        )
    return Dataset(images, labels.astype(np.int64))


def has_mnist(folder: Path) -> bool:
    """Whether all four files can be found from `folder`; nothing is read."""
    try:
        for name in SHA256:
            _find(folder, name)
    except DatasetError:
        return False
    return True


def _find(folder: Path, name: str) -> Path:
    for candidate in (folder, folder / "mnist"):
        for path in (candidate / f"{name}.gz", candidate / name):
            if path.is_file():
                return path
    raise DatasetError(
        f"{name}(.gz) is neither in {folder} nor in {folder / 'mnist'}.",
        remedy=Remedy.NAME_DATA_FOLDER_OR_DOWNLOAD,
    )


def _read_idx(path: Path, magic: int, what: str, item_shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """The items of a file; of a packed one no more is unpacked than its header says is there."""
    item = math.prod(item_shape)
    try:
        with open_file(path) as file, _unpacked(file, path) as content:
            count = _count(path, read_at_most(content, 4 * (2 + len(item_shape))), magic, what, item_shape)
            items = read_at_most(content, count * item)
            # one byte would do, but how many there are tells what went wrong; a packed file's checksum
            # is looked at when its end is met
            more = len(read_at_most(content, MOST_TOLD + 1))
    except (OSError, EOFError, zlib.error) as error:  # gzip.BadGzipFile is an OSError
        raise DatasetError(
            f"{path} cannot be read: {reason(error)}. Delete it and download it again."
        ) from error
    if len(items) < count * item or more:
        many = f"{more:,}" if more <= MOST_TOLD else f"more than {MOST_TOLD:,}"
        problem = (
            f"has {many} bytes too many after {count:,} {what}"
            if more
            else f"ends after {len(items) // item:,} of {count:,} {what}"
        )
        raise DatasetError(f"{path} {problem}. Delete it and download it again.")
    return np.frombuffer(items, np.uint8).reshape(count, *item_shape)


def _unpacked(file: BinaryIO, path: Path) -> gzip.GzipFile | BinaryIO:
    return gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file


def _count(path: Path, header: bytes, magic: int, what: str, item_shape: tuple[int, ...]) -> int:
    """How many items a header announces; DatasetError if it is not that of such a file."""
    size = 4 * (2 + len(item_shape))
    if len(header) < size:
        raise DatasetError(
            f"{path} is {len(header)} bytes long, too short for its header of {size}. "
            "Delete it and download it again."
        )
    found, count, *sizes = struct.unpack(f">{size // 4}I", header)
    if found != magic:
        raise DatasetError(
            f"{path} starts with the magic number {found}; a file of {what} starts with {magic}. "
            "It is no such file of MNIST: delete it and download it again."
        )
    if tuple(sizes) != item_shape:
        raise DatasetError(f"{path} holds {what} of {sizes}; MNIST's are {list(item_shape)}.")
    if count > (most := MOST_BYTES // math.prod(item_shape)):
        raise DatasetError(
            f"{path} announces {count:,} {what}; at most {most:,} are read. Delete it and download it again."
        )
    return int(count)
