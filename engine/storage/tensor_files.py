"""All arrays of a network in one file that others read: .safetensors, or .npz as `np.savez` writes it.

Beside the arrays it has texts by name. The engine's home of safetensors, which is loaded only for that.
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import Remedy, SavedNetworkError
from engine.files.array_files import archive_of, array_of
from engine.files.plain_zip import unpack_files
from engine.quoting import quoted, reason, shown

SAFETENSORS, NPZ = ".safetensors", ".npz"
MOST_HEADER = 2**20  # bytes that tell of the tensors of a .safetensors file; ours has some 4,000

Arrays = Mapping[str, npt.NDArray[Any]]
Texts = Mapping[str, str]


def to_safetensors(arrays: Arrays, texts: Texts) -> bytes:
    """The contents of a .safetensors file."""
    from safetensors.numpy import save

    content: bytes = save({name: np.ascontiguousarray(each) for name, each in arrays.items()}, dict(texts))
    return content


def to_npz(arrays: Arrays, texts: Texts) -> bytes:
    """The contents of an .npz file, not compressed; a text is an array of no dimensions."""
    return archive_of({**arrays, **texts})


def read_arrays(path: Path, content: bytes) -> tuple[dict[str, npt.NDArray[Any]], dict[str, str]]:
    """The arrays and the texts of such a file, told apart by its name's ending.

    SavedNetworkError if it is none: cut off, larger than is read, of Python's objects …
    """
    read = _read_safetensors if path.suffix.lower() == SAFETENSORS else _read_npz
    try:
        return read(content)
    except KeyError as error:  # safetensors': of a type that NumPy has not, such as BF16
        raise SavedNetworkError(
            "{path} has numbers of the type {kind}, which are not read here. Save them as float32.",
            path=shown(str(path)),
            kind=quoted(error.args[0]),
        ) from error
    except Exception as error:  # whatever the libraries raise on damage
        raise SavedNetworkError(
            "{path} cannot be read as a file of arrays: {reason}.",
            remedy=Remedy.COPY,
            path=shown(str(path)),
            reason=reason(error),
        ) from error


def _read_safetensors(content: bytes) -> tuple[dict[str, npt.NDArray[Any]], dict[str, str]]:
    from safetensors.numpy import load

    if len(content) < 8:
        raise ValueError("it ends within its first number")
    (length,) = struct.unpack_from("<Q", content)
    if length > MOST_HEADER:
        raise ValueError(f"it promises a header of {length:,} bytes")
    arrays = load(content)  # checks all that the header says
    texts = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    return arrays, dict(texts)


def _read_npz(content: bytes) -> tuple[dict[str, npt.NDArray[Any]], dict[str, str]]:
    arrays = {name.removesuffix(".npy"): array_of(each) for name, each in unpack_files(content).items()}
    texts = {name: str(arrays.pop(name)) for name in list(arrays) if arrays[name].dtype.kind == "U"}
    return arrays, texts
