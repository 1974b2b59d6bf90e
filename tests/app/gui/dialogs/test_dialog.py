"""app/gui/dialogs/dialog.py: what a dialog leaves behind."""

import gc
import tkinter as tk

import pytest

from app.gui.dialogs.dialog import Dialog
from tests.app.hand import open_dialog, press, shown, wait_until


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def of_tk():
    """All that calls Tk when it is freed."""
    return {id(thing) for thing in gc.get_objects() if isinstance(thing, (tk.Variable, tk.Image))}


@pytest.mark.parametrize("action", ["retrain", "evaluate", "open network", "about network", "about"])
def test_what_calls_tk_when_it_is_freed_goes_with_the_dialog(window, present, data, action, no_collector):
    def open_and_close():
        dialog = open_dialog(window, action)
        if action == "evaluate":
            wait_until(window, lambda: dialog.presenter.evaluation is not None, timeout=60)
        window.update()
        press(dialog, "<Escape>")

    before = of_tk()
    open_and_close()
    window.update()
    assert not shown(window, Dialog)
    assert not of_tk() - before
