"""Writes a text file whole or not at all, so that a full disk or a crash leaves the old one."""

from __future__ import annotations

from pathlib import Path

from engine.files.whole_file import replacing

__all__ = ["replacing", "write_text"]


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text; OSError, which names `path`, leaves an older file as it was."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
