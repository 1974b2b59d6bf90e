"""Writes a file whole or not at all, so that a full disk or a crash leaves the old one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; what was written there then takes the place of `path`.

    After an error what stood at `path` is unchanged, and nothing else is left.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text; OSError leaves an older file as it was."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
