"""Writes a file whole or not at all, so that a full disk or a crash leaves the old one; reads small ones."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from engine.whole_file import replacing

__all__ = ["read_small", "replacing", "write_text"]


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text; OSError, which names `path`, leaves an older file as it was."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def read_small(path: Path, *, most: int) -> bytes:
    """The contents of a plain file, or the first `most` bytes of a larger one.

    OSError if it cannot be read, or is no plain file: a pipe or a device might be read for ever.
    """
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "Not a plain file", os.fspath(path))
        return file.read(most)


def _at_once(path: str, flags: int) -> int:
    """Open a file without waiting, as for the one who writes into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
