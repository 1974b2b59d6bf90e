"""Files of arrays, as network folders hold them: never unpickled, and damage is told with what to do."""

import math
import warnings
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import numpy as np
import numpy.typing as npt

from engine.errors import Remedy, SavedNetworkError
from engine.files.bounded_files import read_bytes
from engine.quoting import reason, shown

MOST_BYTES = 2**26  # of a file: 16 million parameters, a hundred times the largest array here


def read_file(path: Path, *, remedy: Remedy, most: int = MOST_BYTES) -> bytes:
    """The contents; SavedNetworkError if there are none, or too many, with what to do where it is missing."""
    try:
        return read_bytes(path, most)
    except FileNotFoundError as error:
        raise SavedNetworkError("{path} is missing.", remedy=remedy, path=shown(str(path))) from error
    except OSError as error:
        raise SavedNetworkError(
            "{path} cannot be read: {reason}.", path=shown(str(path)), reason=reason(error)
        ) from error


def parse_npy(path: Path, content: bytes, *, remedy: Remedy) -> npt.NDArray[Any]:
    """The array of a .npy file's contents; SavedNetworkError, with what to do, if they are damaged."""
    try:
        return array_of(content)
    except Exception as error:  # NumPy reads the header as a piece of Python, which may fail in any way
        raise SavedNetworkError(
            "{path} is no plain array file: {reason}.",
            remedy=remedy,
            path=shown(str(path)),
            reason=reason(error),
        ) from error


def array_of(content: bytes) -> npt.NDArray[Any]:
    """The array of a .npy file's contents; some Exception if it is none, or of Python's objects.

    Memory is made only for what is there, whatever shape the header promises.
    """
    file = BytesIO(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python, about a damaged header, of which it is a piece
        version = np.lib.format.read_magic(file)
        if version == (1, 0):
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        elif version == (2, 0):
            shape, _, dtype = np.lib.format.read_array_header_2_0(file)
        else:  # written only for names of fields, which no array here has
            raise ValueError(f"it is of the version {version}")
        promised, there = math.prod(shape) * dtype.itemsize, len(content) - file.tell()
        if promised > there and not dtype.hasobject:  # objects are refused below
            raise ValueError(f"it ends after {there:,} of {promised:,} bytes")
        file.seek(0)
        array: npt.NDArray[Any] = np.load(file, allow_pickle=False)
    return array


def archive_of(arrays: Mapping[str, npt.ArrayLike]) -> bytes:
    """Arrays by name as an .npz archive that is not compressed: what `arrays_of` reads."""
    content = BytesIO()
    members: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
    np.savez(content, **members)
    return content.getvalue()


def arrays_of(archive: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays of an .npz archive as `np.savez` writes it; some Exception if it is none.

    It must not be compressed: so nothing in it can grow.
    """
    with ZipFile(BytesIO(archive)) as content:
        members = content.infolist()
        if any(member.compress_type != ZIP_STORED for member in members):
            raise ValueError("it was packed by another program")
        if sum(member.file_size for member in members) > len(archive):
            raise ValueError("it promises more than it holds")
        return {member.filename.removesuffix(".npy"): array_of(content.read(member)) for member in members}
