"""MNIST as others pass it on: a table of numbers, `label,pixel0,…`, and Keras' `mnist.npz`."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.datasets.idx import SIDE
from engine.errors import DatasetError
from engine.files.array_files import array_of
from engine.files.bounded_files import is_text, open_file, open_text, read_at_most, read_lines
from engine.quoting import reason

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]

COLUMNS = 1 + SIDE * SIDE
LONGEST_ROW = 2**14  # characters; a row of three-digit numbers has 3,200
MOST_ROWS = 1_000_000
MOST_UNPACKED = 2**28  # bytes of an array, five times MNIST's largest
KEYS = {"train": ("x_train", "y_train"), "test": ("x_test", "y_test")}


def read_csv(path: Path) -> tuple[Images, Labels]:
    """Images and labels of a table with a digit a line, its label first; DatasetError names the bad line."""
    rows = []
    try:
        with open_text(path) as file:
            for number, line in enumerate(read_lines(file, LONGEST_ROW), start=1):
                if number > MOST_ROWS:
                    raise DatasetError(
                        "{path} has more than the {most:,} lines that are read. Cut it.",
                        path=path,
                        most=MOST_ROWS,
                    )
                if line.strip() and not (number == 1 and _is_heading(line)):
                    rows.append(_row(line, path, number))
    except OSError as error:
        raise DatasetError("{path} cannot be read: {reason}.", path=path, reason=reason(error)) from error
    table = np.array(rows, np.uint8).reshape(-1, COLUMNS)
    return table[:, 1:].reshape(-1, SIDE, SIDE), table[:, 0].astype(np.int64)


def _is_heading(line: str) -> bool:
    return not line.split(",", 1)[0].strip("\ufeff \"'").isdigit()


def _row(line: str, path: Path, number: int) -> npt.NDArray[np.uint8]:
    values = line.removeprefix("\ufeff").split(",")
    if len(line) > LONGEST_ROW or len(values) != COLUMNS or not is_text(line):
        raise DatasetError(
            "{path}, line {number} has not the {columns} numbers of a label and {side} x {side} pixels.",
            path=path,
            number=number,
            columns=COLUMNS,
            side=SIDE,
        )
    try:
        return np.frombuffer(bytes(map(int, values)), np.uint8)
    except (ValueError, OverflowError) as error:
        raise DatasetError(
            "{path}, line {number} has a value that is no whole number from 0 to 255.",
            path=path,
            number=number,
        ) from error


def read_npz(path: Path, part: str) -> tuple[Images, Labels]:
    """Images and labels of the "train" or the "test" part in Keras' file, never unpickled."""
    images, labels = (_array(path, key) for key in KEYS[part])
    if images.shape[1:] != (SIDE, SIDE) or images.dtype != np.uint8:
        raise DatasetError(
            "{path} holds images of {shape} as {dtype}; MNIST's are [{side}, {side}] as uint8.",
            path=path,
            shape=list(images.shape[1:]),
            dtype=images.dtype,
            side=SIDE,
        )
    if labels.shape != (len(images),) or labels.dtype.kind not in "iu":
        raise DatasetError(
            "{path} has not one whole number for each of its {images:,} images.",
            path=path,
            images=len(images),
        )
    return images, labels.astype(np.int64)


def _array(path: Path, key: str) -> npt.NDArray[Any]:
    try:
        with open_file(path) as file, zipfile.ZipFile(file) as archive, archive.open(f"{key}.npy") as member:
            content = read_at_most(member, MOST_UNPACKED + 1)
        if len(content) > MOST_UNPACKED:
            raise DatasetError(
                "{path} holds more than {most:,} bytes of {key}.",
                path=path,
                most=MOST_UNPACKED,
                key=key,
            )
        return array_of(content)
    except DatasetError:
        raise
    except KeyError as error:
        raise DatasetError(
            "{path} holds no {key}; Keras' mnist.npz has {known}.",
            path=path,
            key=key,
            known=", ".join(sum(KEYS.values(), ())),
        ) from error
    except Exception as error:  # zipfile and NumPy raise a dozen kinds on damage
        raise DatasetError(
            "{path} cannot be read: {reason}. Delete it and download it again.",
            path=path,
            reason=reason(error),
        ) from error
