"""app/gui/widgets/scrolled.py: what is larger than its room can be reached, what is smaller fills it."""

import tkinter as tk
from tkinter import ttk

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.scrolled import Scrolled
from tests.app.hand import is_shown, wait_until


@pytest.fixture
def scrolled(root):
    root.geometry("")
    scrolled = Scrolled(root, palette=PALETTES["light"])
    scrolled.largest = 200, 150
    scrolled.pack(fill="both", expand=True)
    return scrolled


def fill(scrolled, width, height):
    content = tk.Frame(scrolled.inside, width=width, height=height)
    content.pack(fill="both", expand=True)
    wait_until(scrolled, lambda: content.winfo_width() > 1)
    scrolled.update()
    return content


def size(widget):
    return widget.winfo_width(), widget.winfo_height()


def is_in_sight(widget, scrolled):
    top = widget.winfo_rooty() - scrolled.winfo_rooty()
    return top >= 0 and top + widget.winfo_height() <= scrolled.winfo_height()


def test_it_is_as_large_as_what_it_holds_and_follows_it(root, scrolled):
    content = fill(scrolled, 120, 80)
    wait_until(root, lambda: size(scrolled) == (120, 80))
    content.configure(width=160)
    wait_until(root, lambda: size(scrolled) == (160, 80))
    content.configure(height=90)
    wait_until(root, lambda: size(scrolled) == (160, 90))
    assert not is_shown(scrolled.down)
    assert not is_shown(scrolled.across)


def test_what_is_higher_than_allowed_gets_one_scrollbar_and_keeps_its_width(root, scrolled):
    content = fill(scrolled, 120, 400)
    wait_until(root, lambda: scrolled.winfo_height() == 150)
    wait_until(root, lambda: size(content) == (120, 400))
    assert is_shown(scrolled.down)
    assert not is_shown(scrolled.across)


def test_what_is_wider_gets_the_other(root, scrolled):
    fill(scrolled, 400, 100)
    wait_until(root, lambda: scrolled.winfo_width() == 200)
    assert is_shown(scrolled.across)
    assert not is_shown(scrolled.down)


def test_it_fills_a_window_that_was_made_larger(root, scrolled):
    content = fill(scrolled, 120, 80)
    root.geometry("300x250")
    wait_until(root, lambda: size(content) == (300, 250))


def test_what_can_be_shrunk_is_shrunk_before_it_is_scrolled(root, scrolled):
    scrolled.least = 100, 100
    content = fill(scrolled, 400, 400)
    wait_until(root, lambda: size(content) == (200, 150))
    root.geometry("120x80")
    wait_until(root, lambda: is_shown(scrolled.down))
    wait_until(root, lambda: content.winfo_height() == 100)


def test_the_wheel_scrolls_but_not_where_a_list_has_its_own(root, scrolled):
    content = fill(scrolled, 120, 400)
    wait_until(root, lambda: is_shown(scrolled.down))
    box = ttk.Combobox(content)
    for widget, is_moved in ((box, False), (content, True)):
        widget.event_generate(
            "<Button-5>" if root.tk.call("tk", "windowingsystem") == "x11" else "<MouseWheel>"
        )
        root.update()
        assert (scrolled.down.get()[0] > 0) is is_moved


def test_what_gets_the_keys_comes_into_sight(root, scrolled):
    content = fill(scrolled, 120, 400)
    upper, lower = ttk.Button(content), ttk.Button(content)
    upper.place(x=0, y=0)
    lower.place(x=0, y=350)
    for button in (lower, upper):
        root.update()
        button.focus_force()
        wait_until(root, lambda button=button: is_in_sight(button, scrolled))
