"""Lines that another process writes, read as they come and without ever waiting for one.

A file and not a pipe: only a thread of its own can read a pipe without waiting, on every system. But Python's
garbage collector may run in any thread, and what it frees of Tk there would wait for Tk's thread for good.
A pipe also holds little, so whoever writes a long line would wait until it is looked at again.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


class LineFile:
    """A temporary file with a descriptor for the process that writes, until `hand_over`."""

    def __init__(self) -> None:
        self.write_end, name = tempfile.mkstemp(prefix="lenet-canvas-", suffix=".jsonl")
        self._path = Path(name)
        self._file = open(self._path, "rb", buffering=0)  # noqa: SIM115 (until close)
        self._part = b""

    def hand_over(self) -> None:
        """Let go of the end that writes: the other process has it now."""
        os.close(self.write_end)
        self._remove()

    def new_lines(self) -> list[bytes]:
        """The whole lines that were written since the last time; a part of one waits for its rest."""
        *lines, self._part = (self._part + self._file.read()).split(b"\n")
        return lines

    def close(self) -> None:
        self._file.close()
        self._remove()

    def _remove(self) -> None:
        with suppress(OSError):  # Windows keeps a file that is open, so it is removed at the end there
            self._path.unlink(missing_ok=True)
