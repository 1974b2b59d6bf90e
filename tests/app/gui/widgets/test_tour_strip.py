"""app/gui/widgets/tour_strip.py: a page of the tour, its buttons, and its keys."""

from dataclasses import replace

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.tour_strip import TourStrip
from app.page.strip import TourPage
from tests.app.hand import is_shown, wait_until

PAGE = TourPage("Tour, 2 of 5: Look inside", "Each row is a layer. " * 6, False, True, True)


@pytest.fixture
def done():
    return []


@pytest.fixture
def strip(root, done):
    strip = TourStrip(
        root,
        palette=PALETTES["light"],
        on_back=lambda: done.append("back"),
        on_next=lambda: done.append("next"),
        on_close=lambda: done.append("close"),
    )
    strip.grid(sticky="ew")
    root.columnconfigure(0, weight=1)
    strip.show(PAGE)
    root.update()
    return strip


def test_it_takes_no_room_without_a_tour(root, strip):
    assert is_shown(strip)
    strip.show(None)
    assert not is_shown(strip)
    strip.show(PAGE)
    assert is_shown(strip)


def test_a_step_that_is_done_takes_as_much_room_and_is_of_another_colour(root, strip):
    root.update()
    before = strip.winfo_height()
    strip.show(replace(PAGE, title="Tour, 2 of 5: done ✓", is_done=True))
    root.update()
    assert strip.winfo_height() == before
    assert str(strip.title["foreground"]) == PALETTES["light"].accent


def test_what_it_says_is_within_it(root, strip):
    root.update()
    assert strip.text.winfo_reqwidth() <= strip.winfo_width() <= root.winfo_width()


def test_its_buttons_are_pressed_by_mouse_and_keys(root, strip, done):
    for button in (strip.back_button, strip.next_button, strip.close_button):
        button.invoke()
    strip.next_button.focus_force()
    wait_until(root, lambda: root.focus_get() is strip.next_button)
    for key in ("<Return>", "<space>", "<Escape>"):
        strip.next_button.event_generate(key)
    assert done == ["back", "next", "close", "next", "next", "close"]
    strip.show(replace(PAGE, has_back=False, has_next=False))
    assert strip.back_button.instate(["disabled"]) and strip.next_button.instate(["disabled"])
