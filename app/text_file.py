"""Writes a text file whole or not at all, so that a full disk or a crash leaves the old one."""

from __future__ import annotations

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text to a file beside `path`, then put it in place of `path`.

    Raises
    ------
    OSError
        If it cannot be written; what stood at `path` is unchanged then.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
