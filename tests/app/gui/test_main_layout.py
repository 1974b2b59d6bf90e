"""app/gui/main_layout.py: in a window that is too small the page keeps a third; the rest can be reached."""

import pytest

from app.gui.theme import pixels
from app.page.strip import Strip, StripButton
from tests.app.hand import is_shown, wait_until

pytestmark = pytest.mark.usefixtures("quiet_strip", "few_digits", "window_of_its_own")

LONG = Strip(
    "Training a network of one's own · Epoch 1 of 8 · 5 minutes left",
    tuple(StripButton(label, lambda: None) for label in ("Details", "Watch", "Pause", "Finish now and keep")),
    0.5,
)


@pytest.fixture(params=[100, 200])
def small(window, request, monkeypatch):
    """A window on a screen of 640x480, with letters of so many per cent."""
    monkeypatch.setattr("tkinter.Misc.winfo_screenwidth", lambda self: 640)
    monkeypatch.setattr("tkinter.Misc.winfo_screenheight", lambda self: 480)
    canvas = window.canvas
    window.appearance.zoom_to(request.param)
    wait_until(window, lambda: request.param == 100 or window.canvas is not canvas)
    window.minsize(1, 1)
    window.geometry("576x432")
    wait_until(window, lambda: (window.winfo_width(), window.winfo_height()) == (576, 432))
    settle(window)
    return window


def settle(window):
    for _ in range(3):
        window.update()


def is_whole(window, part):
    """Whether all of it lies within the window."""
    left, top = part.winfo_rootx() - window.winfo_rootx(), part.winfo_rooty() - window.winfo_rooty()
    return (
        left >= 0
        and top >= 0
        and left + part.winfo_width() <= window.winfo_width()
        and top + part.winfo_height() <= window.winfo_height()
    )


def has_its_page(window):
    return window.canvas.winfo_height() >= window.winfo_height() // 3 and is_whole(window, window.canvas)


def test_the_page_keeps_a_third_of_the_window_whatever_is_open(small):
    def has_room_beside(what):
        settle(small)
        wait_until(small, lambda: has_its_page(small))
        assert small.canvas.winfo_width() >= small.winfo_width() // 3, what
        for button in (small.buttons["undo"], small.buttons["clear"]):
            assert is_shown(button) and is_whole(small, button), what
        assert is_whole(small, small.answer), what

    has_room_beside("nothing")
    small.training.show_strip(LONG)
    has_room_beside("a training")
    small.tour.presenter.begin()
    has_room_beside("a training and a tour")
    small.training.show_strip(None)
    has_room_beside("a tour")
    small.menus.choose("inside")
    has_room_beside("inside and a tour")
    small.tour.presenter.close()
    has_room_beside("inside")


@pytest.mark.parametrize("small", [200], indirect=True)
def test_in_a_language_of_longer_words_undo_gives_way_too(small):
    tools = small.layout._tools
    small.buttons["undo"].configure(text="Annulla")
    small.buttons["clear"].configure(text="Cancella")
    small.tour.presenter.begin()
    wait_until(small, lambda: has_its_page(small) and not is_shown(small.buttons["undo"]))
    assert is_shown(small.buttons["clear"]) and is_whole(small, tools)


def test_what_the_page_leaves_no_room_for_is_scrolled_to_by_the_keys(small):
    small.tour.presenter.begin()
    small.training.show_strip(LONG)
    settle(small)
    last = small.training.strip.buttons[-1]

    def has_the_focus():
        if small.focus_get() is not last:  # the server refuses it to a window that is not there yet
            last.focus_force()
        return small.focus_get() is last

    wait_until(small, has_the_focus)
    settle(small)
    foot = small.layout._foot
    assert foot.winfo_rooty() <= last.winfo_rooty()
    assert last.winfo_rooty() + last.winfo_height() <= foot.winfo_rooty() + foot.winfo_height() + 1
    assert is_whole(small, last)


@pytest.mark.parametrize("small", [200], indirect=True)
def test_tools_that_keys_have_too_give_way_and_come_back(small):
    tools = small.buttons
    wait_until(small, lambda: not is_shown(tools["redo"]) and not is_shown(tools["eraser"]))
    assert is_shown(tools["undo"]) and is_shown(tools["clear"])  # in one row: no more has to go
    small.geometry("1100x800")
    wait_until(small, lambda: is_shown(tools["redo"]) and is_shown(tools["eraser"]))


def test_the_line_that_only_names_the_network_goes_before_a_strip_is_cut_and_a_message_brings_it_back(window):
    window.minsize(1, 1)
    window.geometry("640x480")
    wait_until(window, lambda: window.winfo_width() == 640)
    assert is_shown(window.status)
    window.training.show_strip(Strip("\n" * 20, (), None))
    wait_until(window, lambda: not is_shown(window.status))
    window.show_message("Saved.")
    wait_until(window, lambda: is_shown(window.status))
    assert is_whole(window, window.status)
    window.show_message("")
    wait_until(window, lambda: not is_shown(window.status))
    window.training.show_strip(None)
    wait_until(window, lambda: is_shown(window.status))


def test_a_strip_that_goes_leaves_its_room_to_the_page(window):
    settle(window)
    before = window.canvas.winfo_height()
    window.training.show_strip(LONG)
    wait_until(window, lambda: window.canvas.winfo_height() < before - pixels(window, 30))
    window.training.show_strip(None)
    wait_until(window, lambda: window.canvas.winfo_height() == before)
