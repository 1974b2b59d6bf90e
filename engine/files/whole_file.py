"""Files that are written whole or not at all: a full disk, a crash or a kill leaves the old one.

A file is written beside its place first, under a name that nobody can foresee and that must be new: so no
link that somebody has laid there beforehand is ever followed.
"""

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# No longer than this whatever the file is called, so that every name a system takes can be written.
_PART = re.compile(r"\.[0-9a-f]{16}\.part")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A new, empty file in the folder of `path`, to write to by its name; gone at the end, unless moved.

    An OSError about it names `path`, which is the name that the caller knows.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    with _named(path, part):
        with open(part, "xb"):  # x: never what is there already; the system gives the usual mode
            pass
        try:
            yield part
        finally:
            with suppress(OSError):  # or it would hide what went wrong
                part.unlink(missing_ok=True)


@contextmanager
def _named(path: Path, part: Path) -> Iterator[None]:
    """Lets an OSError about `part`, or about no file that it names, be one about `path`."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename not in (None, part, os.fspath(part)):
            raise
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; what was written there then takes the place of `path`.

    It has the mode of the file that it replaces, or that of any new file. After an error what stood at `path`
    is unchanged, and nothing else is left.
    """
    with beside(path) as part:
        yield part
        sync(part)
        with suppress(OSError):  # there is none, or a system without modes
            before = path.stat().st_mode
            if stat.S_ISREG(before):
                part.chmod(stat.S_IMODE(before) & 0o777)
        os.replace(part, path)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text, whole or not at all; OSError, which names `path`, leaves an older file as it was."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_synced(path: Path, content: bytes) -> None:
    """Write a file's contents, and wait until they are on the disk."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with open(path, "rb+") as file:  # Windows syncs only what may be written
        os.fsync(file.fileno())


def remove_parts(folder: Path) -> None:
    """Remove what killed processes have left of `beside` in a folder that is the program's own."""
    with suppress(OSError):
        for path in folder.iterdir():
            if _PART.fullmatch(path.name):
                path.unlink(missing_ok=True)
