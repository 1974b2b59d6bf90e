"""IDX files, in which MNIST and its like come: a magic number, sizes, then the values row by row.

The magic number tells the type of the values and how many dimensions there are; the sizes are big-endian
integers of 32 bits. A file may be gzipped or plain: its first bytes tell which, whatever its name.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from engine.errors import DatasetError, Word
from engine.files.bounded_files import open_file, read_at_most
from engine.quoting import reason

IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049  # unsigned bytes in 3 and in 1 dimensions
INTEGERS_MAGIC = 3074  # 32-bit integers in 2: QMNIST's labels, and where each digit comes from
GZIP_MAGIC = b"\x1f\x8b"
SIDE = 28
QMNIST_COLUMNS = 8  # the first is the label
MOST_BYTES = 2**30  # of pixels or labels: twenty times MNIST
MOST_TOLD = 2**20  # bytes too many that are counted


def read_images(path: Path) -> npt.NDArray[np.uint8]:
    """(N, 28, 28) the images of a file; DatasetError names it, what is wrong with it, and what to do."""
    items = _read(path, IMAGES_MAGIC, Word("images"), (SIDE, SIDE))
    return np.frombuffer(items, np.uint8).reshape(-1, SIDE, SIDE)


def read_labels(path: Path) -> npt.NDArray[np.int64]:
    """(N,) the labels of a file, MNIST's or QMNIST's; DatasetError as `read_images`."""
    if _magic(path) == INTEGERS_MAGIC:
        rows = _read(path, INTEGERS_MAGIC, Word("labels"), (QMNIST_COLUMNS,), size=4)
        return np.frombuffer(rows, ">i4").reshape(-1, QMNIST_COLUMNS)[:, 0].astype(np.int64)
    return np.frombuffer(_read(path, LABELS_MAGIC, Word("labels"), ()), np.uint8).astype(np.int64)


def _magic(path: Path) -> int:
    """What the file begins with; 0 where it cannot be read, which is told when it is read in full."""
    try:
        with open_file(path) as file, _unpacked(file) as content:
            return int.from_bytes(read_at_most(content, 4), "big")
    except (OSError, EOFError, zlib.error):
        return 0


def _read(path: Path, magic: int, what: Word, item_shape: tuple[int, ...], *, size: int = 1) -> bytes:
    """The items of a file, each value of `size` bytes; no more is unpacked than its header says is there."""
    item = math.prod(item_shape) * size
    try:
        with open_file(path) as file, _unpacked(file) as content:
            count = _count(
                path, read_at_most(content, 4 * (2 + len(item_shape))), magic, what, item_shape, size
            )
            items = read_at_most(content, count * item)
            # one byte would do, but how many there are tells what went wrong; a packed file's checksum
            # is looked at when its end is met
            more = len(read_at_most(content, MOST_TOLD + 1))
    except (OSError, EOFError, zlib.error) as error:  # gzip.BadGzipFile is an OSError
        raise DatasetError(
            "{path} cannot be read: {reason}. Delete it and download it again.",
            path=path,
            reason=reason(error),
        ) from error
    if len(items) < count * item:
        raise DatasetError(
            "{path} ends after {read:,} of {count:,} {what}. Delete it and download it again.",
            path=path,
            read=len(items) // item,
            count=count,
            what=what,
        )
    if more > MOST_TOLD:
        raise DatasetError(
            "{path} has more than {most:,} bytes too many after {count:,} {what}. Delete it and "
            "download it again.",
            path=path,
            most=MOST_TOLD,
            count=count,
            what=what,
        )
    if more:
        raise DatasetError(
            "{path} has {more:,} bytes too many after {count:,} {what}. Delete it and download it again.",
            path=path,
            more=more,
            count=count,
            what=what,
        )
    return items


def _unpacked(file: BinaryIO) -> gzip.GzipFile | BinaryIO:
    is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    return gzip.GzipFile(fileobj=file) if is_packed else file


def _count(
    path: Path, header: bytes, magic: int, what: Word, item_shape: tuple[int, ...], value_size: int
) -> int:
    """How many items a header announces; DatasetError if it is not that of such a file."""
    size = 4 * (2 + len(item_shape))
    if len(header) < size:
        raise DatasetError(
            "{path} is {count} bytes long, too short for its header of {size}. Delete it and download it "
            "again.",
            path=path,
            count=len(header),
            size=size,
        )
    found, count, *sizes = struct.unpack(f">{size // 4}I", header)
    if found != magic:
        raise DatasetError(
            "{path} starts with the magic number {found}; a file of {what} starts with {magic}. It is no "
            "such file of MNIST: delete it and download it again.",
            path=path,
            found=found,
            what=what,
            magic=magic,
        )
    if tuple(sizes) != item_shape:
        raise DatasetError(
            "{path} holds {what} of {sizes}; MNIST's are {shape}.",
            path=path,
            what=what,
            sizes=sizes,
            shape=list(item_shape),
        )
    if count > (most := MOST_BYTES // (math.prod(item_shape) * value_size)):
        raise DatasetError(
            "{path} announces {count:,} {what}; at most {most:,} are read. Delete it and download it again.",
            path=path,
            count=count,
            what=what,
            most=most,
        )
    return int(count)
