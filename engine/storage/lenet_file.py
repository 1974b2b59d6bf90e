"""One file that is a whole network folder: a zip of its files, read as `plain_zip` has it."""

from pathlib import Path

from engine.errors import Remedy, SavedNetworkError
from engine.files.array_files import read_file
from engine.files.plain_zip import unpack_files
from engine.quoting import reason, shown

SUFFIX = ".lenet"


def is_lenet_file(path: Path) -> bool:
    """By its name alone; reading it may still refuse it."""
    return path.suffix.lower() == SUFFIX and not path.is_dir()


def unpack(path: Path) -> dict[str, bytes]:
    """All files of a .lenet file by their names; SavedNetworkError says what is wrong with it."""
    return unpacked(read_file(path, remedy=Remedy.COPY), path)


def unpacked(content: bytes, path: Path) -> dict[str, bytes]:
    """The same of what was read of a file."""
    try:
        return unpack_files(content)
    except Exception as error:  # whatever zipfile raises on damage: zlib.error, EOFError …
        raise SavedNetworkError(
            "{path} is no network in one file: {reason}.",
            remedy=Remedy.COPY,
            path=shown(str(path)),
            reason=reason(error),
        ) from error
