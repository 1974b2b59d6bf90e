"""MNIST: 60,000 + 10,000 handwritten digits in four IDX files (LeCun, Cortes and Burges).

An IDX file is a magic number, the sizes as big-endian 32-bit integers, then the bytes themselves, row by
row. Pixels are 0 on paper and 255 in full ink. Files may be gzipped or plain.
"""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.datasets import Dataset
from engine.errors import DatasetError, Remedy

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
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:  # gzip.BadGzipFile is an OSError
        raise DatasetError(f"{path} cannot be read: {error}. Delete it and download it again.") from error
    header = 4 * (2 + len(item_shape))
    if len(content) < header:
        raise DatasetError(
            f"{path} is {len(content)} bytes long, too short for its header of {header}. "
            "Delete it and download it again."
        )
    found, count, *sizes = struct.unpack(f">{header // 4}I", content[:header])
    if found != magic:
        raise DatasetError(
            f"{path} starts with the magic number {found}; a file of {what} starts with {magic}. "
            "It is no such file of MNIST: delete it and download it again."
        )
    if tuple(sizes) != item_shape:
        raise DatasetError(f"{path} holds {what} of {sizes}; MNIST's are {list(item_shape)}.")
    item = int(np.prod(item_shape))
    length = len(content) - header
    if length != count * item:
        problem = (
            f"ends after {length // item:,} of {count:,} {what}"
            if length < count * item
            else f"has {length - count * item:,} bytes too many after {count:,} {what}"
        )
        raise DatasetError(f"{path} {problem}. Delete it and download it again.")
    return np.frombuffer(content, np.uint8, offset=header).reshape(count, *item_shape)
