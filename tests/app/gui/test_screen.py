"""The screen: a missing one is told apart from other errors, and Ctrl-C ends any window."""

import gc
import os
import shutil
import signal
import subprocess
import threading
import tkinter as tk

import pytest

from app.gui.screen import NoDisplayError, follow_resolution, run_until_closed, screen_needed


def test_a_missing_screen_is_one_sentence():
    with pytest.raises(NoDisplayError, match=r"no screen to open a window on.*DISPLAY"), screen_needed():
        raise tk.TclError("no display name and no $DISPLAY environment variable")


def test_other_errors_of_tk_stay_what_they_are():
    with pytest.raises(tk.TclError, match="bad option"), screen_needed():
        raise tk.TclError("bad option")


@pytest.fixture
def resource(root):
    """Sets one of the values that a desktop keeps for all programs, as xrdb does."""
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("other systems tell Tk themselves")
    if not shutil.which("xrdb") or os.environ.get("LENET_CANVAS_TEST_DISPLAY") == "real":
        pytest.skip("needs xrdb, and a screen that is nobody's")

    def set_resources(text):
        subprocess.run(["xrdb", "-nocpp", "-load", "-"], input=text, text=True, check=True)

    yield set_resources
    set_resources("")


@pytest.mark.parametrize(("told", "dots"), [("192", 192), ("120", 120), ("96", 96)])
def test_tk_measures_by_the_resolution_that_the_desktop_has(root, resource, told, dots):
    resource(f"Xft.dpi:\t{told}\n")
    follow_resolution(root)
    assert root.winfo_fpixels("1i") == pytest.approx(dots, rel=0.01)


@pytest.mark.parametrize(
    "told", ["", "Xft.dpi:\tmany\n", "Xft.dpi:\t0\n", "Xft.dpi:\t1e9\n", "Xft.dpi:\tnan\n"]
)
def test_a_resolution_that_is_none_changes_nothing(root, resource, told):
    before = root.winfo_fpixels("1i")
    resource(told)
    follow_resolution(root)
    assert root.winfo_fpixels("1i") == before


@pytest.mark.filterwarnings("default::pytest.PytestUnhandledThreadExceptionWarning")
def test_ctrl_c_ends_the_window(root):
    threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,)).start()
    with pytest.raises(KeyboardInterrupt):
        run_until_closed(root)


def test_an_error_in_a_callback_is_still_reported(root, monkeypatch):
    reported = []
    monkeypatch.setattr(root, "report_callback_exception", lambda *args: reported.append(args[1]))
    root.after(1, lambda: 1 // 0)
    root.after(50, root.quit)
    run_until_closed(root)
    assert [type(error) for error in reported] == [ZeroDivisionError]


def test_the_garbage_collector_leaves_alone_what_was_there_while_the_window_is_open(root):
    counts = []
    root.after(1, lambda: counts.append(gc.get_freeze_count()))
    root.after(2, root.quit)
    run_until_closed(root)
    assert counts[0] > 10_000
    assert gc.get_freeze_count() == 0
