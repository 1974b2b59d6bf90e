"""CIFAR-10: 50,000 + 10,000 colour photographs of 32x32 in ten classes (Krizhevsky, 2009).

The binary version is records without a header: a byte for the label, then 1,024 bytes each of red, green and
blue, row by row. The Python version holds the same images as pickles, which are never opened here.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.errors import DatasetError, Remedy
from engine.files.bounded_files import read_bytes
from engine.quoting import reason

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SHAPE = (3, 32, 32)  # red, green, blue
RECORD = 1 + 3 * 32 * 32  # bytes: the label, the pixels
MOST_BYTES = 2**29  # of a file: seventeen times those of CIFAR-10

FOLDER = "cifar-10-batches-bin"  # as the archive unpacks
ARCHIVE = "cifar-10-binary.tar.gz"
PARTS = {"train": [f"data_batch_{number}" for number in range(1, 6)], "test": ["test_batch"]}


def read_cifar10(folder: Path, part: str) -> Dataset:
    """The "train" or the "test" part of CIFAR-10, images as (N, 3, 32, 32) uint8.

    `folder` holds the binary version's files, or has a folder `cifar-10-batches-bin` that does. Of the five
    training files those are read that are there, in their order; each may hold any count of images.

    Raises
    ------
    DatasetError
        Names the file, what is wrong with it, and what to do. Pickles are refused unread.
    """
    paths = _find(folder, part)
    if not paths:
        raise DatasetError(_why_not(folder, part), remedy=Remedy.NAME_DATA_FOLDER)
    records = [_read_records(path) for path in paths]
    images = np.concatenate([record[:, 1:] for record in records]).reshape(-1, *SHAPE)
    labels = np.concatenate([record[:, 0] for record in records]).astype(np.int64)
    return Dataset(images, labels)


def has_cifar10(folder: Path) -> bool:
    """Whether both parts can be found from `folder`; nothing is read."""
    return all(_find(folder, part) for part in PARTS)


def _find(folder: Path, part: str) -> list[Path]:
    """The files of a part, all from one folder."""
    for candidate in (folder, folder / FOLDER):
        paths = [path for name in PARTS[part] if (path := candidate / f"{name}.bin").is_file()]
        if paths:
            return paths
    return []


def _why_not(folder: Path, part: str) -> str:
    """What to tell when no file of a part is there."""
    get = f"Download the binary version, {ARCHIVE}, and unpack it."
    pickles = [
        path
        for candidate in (folder, folder / FOLDER, folder / "cifar-10-batches-py")
        for name in PARTS[part]
        for path in (candidate / name, candidate / f"{name}.pkl")
        if path.is_file()
    ]
    if pickles:
        return (
            f"{pickles[0]} is of CIFAR-10's Python version, a pickle. Unpickling runs whatever code is in "
            f"the file, so it is not opened. {get}"
        )
    return f"{PARTS[part][0]}.bin is neither in {folder} nor in {folder / FOLDER}. {get}"


def _read_records(path: Path) -> npt.NDArray[np.uint8]:
    """(N, RECORD): a row for each image, its label first."""
    try:
        content = read_bytes(path, MOST_BYTES)
    except OSError as error:
        raise DatasetError(
            "{path} cannot be read: {reason}. Unpack {archive} again.",
            path=path,
            reason=reason(error),
            archive=ARCHIVE,
        ) from error
    if not content:
        raise DatasetError("{path} is empty. Unpack {archive} again.", path=path, archive=ARCHIVE)
    if len(content) % RECORD:
        raise DatasetError(
            "{path} is {count:,} bytes long, which is no multiple of {record:,}, the bytes of an image and "
            "its label. Unpack {archive} again.",
            path=path,
            count=len(content),
            record=RECORD,
            archive=ARCHIVE,
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    wrong = np.flatnonzero(records[:, 0] >= len(CLASSES))
    if len(wrong):
        raise DatasetError(
            "{path} has the label {label} at image {image:,}; CIFAR-10's are 0 to 9. It is no file of its "
            "binary version: unpack {archive} again.",
            path=path,
            label=records[wrong[0], 0],
            image=wrong[0],
            archive=ARCHIVE,
        )
    return records
