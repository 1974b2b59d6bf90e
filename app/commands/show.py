"""Modes that open a window."""

import argparse
from collections.abc import Callable
from pathlib import Path

from app.commands.output import fail
from app.store.networks import SHIPPED
from engine import Recognizer


def selftest(options: argparse.Namespace) -> int:
    recognizer = Recognizer.load(options.path)
    file = Path(options.files[0]) if options.files else None

    def show() -> None:
        from app.gui.window import open_window

        # a network that is named is the one to open, whatever was chosen for the start
        open_window(recognizer, is_default=options.path == SHIPPED, file=file)

    return on_screen(show)


def on_screen(show: Callable[[], None], *, otherwise: str = "") -> int:
    """Open a window; where tkinter or a screen is missing, say in a sentence what to do."""
    try:
        from app.gui.screen import NoDisplayError
    except ImportError as error:
        if error.name not in ("tkinter", "_tkinter"):
            raise
        return fail(TKINTER_MISSING)
    try:
        show()
    except NoDisplayError as error:
        return fail(f"{error}{otherwise}")
    return 0


TKINTER_MISSING = (
    "this Python has no tkinter, which the window is made with. "
    "Install it: `sudo apt install python3-tk` on Debian and Ubuntu, `sudo dnf install python3-tkinter` "
    "on Fedora, `brew install python-tk` on macOS; the installer of python.org brings it along."
)
