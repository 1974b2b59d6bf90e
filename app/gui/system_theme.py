"""Whether the system is light or dark, as darkdetect finds it out, now and whenever that changes.

On Linux darkdetect runs another program and waits for it, for however long that takes. So it is asked in a
process of its own there, again and again, which the window looks in on and never waits for. (Its listener
does not hear of the setting that desktops change today.)
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

# It ends with the window, however that ends: then nobody is left to print to.
_ASK = """
import time
import darkdetect

while True:
    print(darkdetect.theme(), flush=True)
    time.sleep(3)
"""


class SystemTheme:
    """What the system looks like; `close` asks no more."""

    def __init__(self) -> None:
        self._asked: subprocess.Popen[bytes] | None = None
        self._theme: str | None = None
        self._told = b""
        if sys.platform not in ("win32", "darwin"):
            self._asked = subprocess.Popen(
                [sys.executable, "-c", _ASK],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            assert self._asked.stdout is not None
            os.set_blocking(self._asked.stdout.fileno(), False)

    @property
    def theme(self) -> str | None:
        """ "light" or "dark", as it is now; None until the system has answered."""
        if sys.platform in ("win32", "darwin"):
            import darkdetect  # here: only who follows the system needs it

            self._theme = _understood(darkdetect.theme())
        elif self._asked is not None:
            self._hear(self._asked)
        return self._theme

    def wait(self, seconds: float) -> str:
        """The theme; light if the system does not answer in this time. It is asked no more."""
        deadline = time.monotonic() + seconds
        while self.theme is None and time.monotonic() < deadline:
            time.sleep(0.01)
        self.close()
        return self._theme or "light"

    def close(self) -> None:
        if self._asked is not None:
            self._asked.kill()
            self._asked.communicate()
            self._asked = None

    def _hear(self, asked: subprocess.Popen[bytes]) -> None:
        """Take what was told since; the last line that is whole is how it is now."""
        assert asked.stdout is not None
        told = asked.stdout.read()  # None if there is nothing, empty if there will be no more
        self._told += told or b""
        *lines, self._told = self._told.split(b"\n")
        if lines:
            self._theme = _understood(lines[-1].decode().strip())
        if told == b"":
            self.close()
            self._theme = self._theme or "light"


def _understood(told: str | None) -> str:
    """A system that tells nothing is light."""
    return "dark" if told == "Dark" else "light"
