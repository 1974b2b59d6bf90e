"""The screen under every window: whether there is one, how sharp it is, and Ctrl-C in the terminal."""

from __future__ import annotations

import ctypes
import gc
import logging
import sys
import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

# Python sees Ctrl-C only when Tk calls it, so Tk calls it this often.
_SIGNAL_POLL_MS = 200

logger = logging.getLogger(__name__)


class NoDisplayError(Exception):
    """There is no screen to open a window on."""


@contextmanager
def screen_needed() -> Iterator[None]:
    """Open a root window in here; without a screen that is a NoDisplayError."""
    _ask_for_sharp_pixels()
    try:
        yield
    except tk.TclError as error:
        if "display" not in str(error):
            raise
        raise NoDisplayError(
            "There is no screen to open a window on. Set DISPLAY, or run the program under "
            "xvfb-run, or use another --mode."
        ) from error


def run_until_closed(root: tk.Tk) -> None:
    """Serve the person until the window is closed, or quit by Ctrl-C, which is then raised."""
    interrupts: list[KeyboardInterrupt] = []
    report = root.report_callback_exception

    def report_or_leave(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            interrupts.append(error)
            root.quit()
        else:
            report(kind, error, trace)

    def let_signals_in() -> None:
        root.after(_SIGNAL_POLL_MS, let_signals_in)

    root.report_callback_exception = report_or_leave
    let_signals_in()
    try:
        with what_stays_left_alone():
            root.mainloop()
    except KeyboardInterrupt as error:
        interrupts.append(error)
    if interrupts:
        raise interrupts[0]


@contextmanager
def what_stays_left_alone() -> Iterator[None]:
    """Have the garbage collector look no more through what there is by now, most of which stays.

    That took it 27 ms each time, amid a stroke: the pen stuttered.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def follow_resolution(root: tk.Tk) -> None:
    """Have Tk measure by the resolution that the person has set for the desktop.

    On X11 that is Xft.dpi, which makes the letters larger; Tk 8.6 alone would leave all else as it was.
    """
    dots = _xft_dpi(root.winfo_screen()) if root.tk.call("tk", "windowingsystem") == "x11" else None
    if dots is not None:
        root.tk.call("tk", "scaling", dots / 72)


def _xft_dpi(screen: str) -> float | None:
    """What the desktop has set for all programs, if it has; asked of the library that Tk itself stands on."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XGetDefault.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
    x11.XGetDefault.restype = ctypes.c_char_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(screen.encode())
    if not display:
        return None
    try:
        told = x11.XGetDefault(display, b"Xft", b"dpi")
        dots = float(told.decode()) if told else 0.0
    except ValueError:
        return None
    finally:
        x11.XCloseDisplay(display)
    return dots if 48 <= dots <= 960 else None  # anything else is a mistake


def room(window: tk.Misc) -> tuple[int, int]:
    """The largest window, in pixels: a tenth of the screen stays for its frame and the desktop's bars."""
    return int(0.9 * window.winfo_screenwidth()), int(0.9 * window.winfo_screenheight())


def place_of(window: tk.Tk | tk.Toplevel) -> tuple[int, int]:
    """The upper left corner of a window's frame, as `geometry` takes it; winfo_x may be its inside's."""
    _, x, y = window.geometry().split("+")
    return int(x), int(y)


def _ask_for_sharp_pixels() -> None:
    """Have Windows hand over the screen's own pixels; it enlarges a blurred picture otherwise."""
    if sys.platform == "win32":
        try:
            ctypes.windll.shcore.SetProcessDpiAwareness(1)
        except (AttributeError, OSError):
            logger.info("This Windows cannot tell the screen's own resolution")
