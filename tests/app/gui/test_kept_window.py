"""tests/app/kept_window.py: what a test leaves in the window is put back, or found."""

from tkinter import ttk

import pytest

from tests.app.conftest import open_quiet_window
from tests.app.hand import Hand
from tests.app.kept_window import KeptWindow


@pytest.fixture
def kept(display, tmp_path):
    kept = KeptWindow(open_quiet_window, tmp_path / "person")
    yield kept
    kept.close()


def test_what_a_person_does_is_put_back(kept):
    window = kept.lend()
    hand = Hand(window)
    hand.draw((0.2, 0.3), (0.8, 0.3))
    kept.reader.runner_up = 7
    window.menus.pick("theme", "dark")
    window.menus.pick("pen", "thick")
    window.menus.choose("inside")
    window.menus.choose("shortcuts")
    window.geometry("700x500")
    hand.event("<ButtonPress-1>", (0.5, 0.5))
    assert kept.take_back() == []
    assert kept.is_as_new
    assert kept.lend() is window
    assert window.title() == "LeNet Canvas"
    assert not window._is_enabled["undo"]
    assert not window.dialogs.opened


@pytest.mark.parametrize(
    ("leave", "found"),
    [
        (lambda window: ttk.Entry(window), "!entry"),
        (lambda window: window.after(10**6, print), "timers"),
        (lambda window: window.bind("<F9>", print), "F9"),
        (lambda window: window.bars.configure(cursor="watch"), "watch"),
        (lambda window: window.menus.menus["file"].entryconfigure(0, label="Other"), "Other"),
        (lambda window: window._right_erases.set(True), "_right_erases"),
        (lambda window: setattr(window, "_usual_network", None), "_usual_network"),
        (lambda window: window.appearance.zoom_by(1), "Font"),
    ],
)
def test_what_cannot_be_put_back_is_told_and_another_window_takes_its_place(kept, leave, found):
    window = kept.lend()
    leave(window)
    assert any(found in line for line in kept.take_back())
    assert kept.lend() is not window


def test_a_window_that_a_test_has_closed_is_followed_by_another(kept):
    window = kept.lend()
    window.close()
    assert kept.take_back() == []
    assert kept.is_as_new
    assert kept.lend() is not window
