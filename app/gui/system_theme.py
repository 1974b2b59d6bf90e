"""Whether the system is light or dark, as darkdetect finds it out.

On Linux darkdetect runs another program and waits for it, for however long that takes. So it is asked in a
process of its own there, which the window looks in on and never waits for.
"""

from __future__ import annotations

import subprocess
import sys

_ASK = "import darkdetect; print(darkdetect.theme())"


class SystemTheme:
    """A question to the system; `close` gives it up."""

    def __init__(self) -> None:
        self._asked: subprocess.Popen[str] | None = None
        self._theme: str | None = None
        if sys.platform in ("win32", "darwin"):
            import darkdetect  # here: only who follows the system needs it

            self._theme = _understood(darkdetect.theme())
        else:
            self._asked = subprocess.Popen(
                [sys.executable, "-c", _ASK],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )

    @property
    def theme(self) -> str | None:
        """ "light" or "dark"; None until the system has answered."""
        if self._asked is not None and self._asked.poll() is not None:
            told, _ = self._asked.communicate()
            self._asked = None
            self._theme = _understood(told.strip())
        return self._theme

    def wait(self, seconds: float) -> str:
        """The theme; light if the system does not answer in this time."""
        if self._asked is not None:
            try:
                self._asked.wait(seconds)
            except subprocess.TimeoutExpired:
                self.close()
        return self.theme or "light"

    def close(self) -> None:
        if self._asked is not None:
            self._asked.kill()
            self._asked.communicate()
            self._asked = None


def _understood(told: str | None) -> str:
    """A system that tells nothing is light."""
    return "dark" if told == "Dark" else "light"
