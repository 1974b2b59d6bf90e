"""The screen: a missing one is told apart from other errors, and Ctrl-C ends any window."""

import signal
import threading
import tkinter as tk

import pytest

from app.gui.screen import NoDisplayError, run_until_closed, screen_needed


def test_a_missing_screen_is_one_sentence():
    with pytest.raises(NoDisplayError, match=r"no screen to open a window on.*DISPLAY"), screen_needed():
        raise tk.TclError("no display name and no $DISPLAY environment variable")


def test_other_errors_of_tk_stay_what_they_are():
    with pytest.raises(tk.TclError, match="bad option"), screen_needed():
        raise tk.TclError("bad option")


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
