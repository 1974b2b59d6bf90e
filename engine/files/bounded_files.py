"""Files read within bounds: what is no file is refused, and no more is taken than the reader said.

A pipe would keep its reader waiting, a device such as /dev/zero never ends, and a few megabytes that were
packed may unpack to gigabytes. Every reader of this program comes through here, with the most that it takes.

What is refused is an OSError whose `strerror` says why, so that callers need to catch nothing else.
"""

import errno
import os
import stat
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO

CHUNK = 2**20  # bytes asked for at a time: room for what a damaged header promises is never made at once


def open_file(path: Path | str) -> BinaryIO:
    """A file, or what a link to one points to, opened to read its bytes; never waits.

    OSError if it is missing, closed to us, or no file: a folder, a pipe, a socket, a device.
    """
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"):  # each where the system has it
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags)
    except ValueError as error:  # a name with a NUL, or with half a character
        raise OSError(errno.EINVAL, "no file can have such a name", str(path)) from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        kind = "a pipe" if stat.S_ISFIFO(mode) else "a device"  # a socket cannot even be opened
        raise OSError(errno.EINVAL, f"it is {kind}, and only files are read", str(path))
    return os.fdopen(descriptor, "rb")


def open_text(path: Path | str) -> TextIO:
    """A file as `open_file`, to read its text line by line, as `as_text` has it."""
    return as_text(open_file(path))


def as_text(file: BinaryIO) -> TextIO:
    """The text of what was opened.

    Bytes that are no UTF-8 come as halves of characters (`surrogateescape`), so that they spoil their line
    alone; `is_text` finds it.
    """
    return TextIOWrapper(file, encoding="utf-8", errors="surrogateescape")


def is_text(line: str) -> bool:
    """Whether a line of `as_text` was UTF-8."""
    if line.isascii():
        return True
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_bytes(path: Path | str, most: int) -> bytes:
    """The contents of a file of at most so many bytes; OSError as `open_file`, or if there are more."""
    with open_file(path) as file:
        if os.fstat(file.fileno()).st_size <= most:
            content = read_at_most(file, most + 1)  # whatever it says of its size, which may grow meanwhile
            if len(content) <= most:
                return content
    raise OSError(errno.EFBIG, f"it is larger than the {most:,} bytes that are read", str(path))


class Readable(Protocol):
    """A file, or what unpacks one."""

    def read(self, count: int, /) -> bytes: ...


def read_at_most(file: Readable, count: int) -> bytes:
    """The next bytes of a file, or of what it unpacks to: `count` of them, or all that are left."""
    chunks = []
    while count > 0 and (chunk := file.read(min(count, CHUNK))):
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def read_lines(file: TextIO, longest: int) -> Iterator[str]:
    """The lines of a text; of one of more than `longest` characters the first `longest` + 1 of them.

    What follows these is passed over and not kept, so a line of any length costs no more than a long one.
    """
    while line := file.readline(longest + 1):
        rest = line
        while len(line) > longest and rest and not rest.endswith("\n"):
            rest = file.readline(CHUNK)
        yield line
