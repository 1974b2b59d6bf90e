"""Files of arrays, as network folders hold them: never unpickled, and damage is told with what to do."""

from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np

from engine.errors import SavedNetworkError

# What NumPy raises on a damaged file: it reads the header as a piece of Python.
NPY_ERRORS = (ValueError, EOFError, OSError, MemoryError, SyntaxError, TokenError)


def read_file(path: Path, *, advice: str) -> bytes:
    """The contents; SavedNetworkError if there are none, with what to do where the file is missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SavedNetworkError(f"{path} is missing. {advice}") from error
    except OSError as error:
        raise SavedNetworkError(f"{path} cannot be read: {error}.") from error


def parse_npy(path: Path, content: bytes, *, advice: str) -> Any:
    """What `np.load` makes of a file's contents; SavedNetworkError, with what to do, if they are damaged.

    An archive comes out as what it is: whoever needs an array of a certain type looks at that.
    """
    try:
        return np.load(BytesIO(content), allow_pickle=False)
    except NPY_ERRORS as error:
        raise SavedNetworkError(f"{path} is no plain array file: {error}. {advice}") from error
