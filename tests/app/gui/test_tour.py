"""app/gui/tour.py: the tour in the real window, done with a real hand and real keys."""

import pytest

from app.page.drawing import Stroke
from app.store.networks import SHIPPED
from engine import Recognizer
from tests.app.gui.inside.test_desk import unit_place
from tests.app.hand import is_shown, wait_until
from tests.digit_templates import digit_strokes

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def reader():
    return Recognizer.load(SHIPPED / "lenet5")


@pytest.fixture
def strip(window):
    window.geometry("900x640")
    wait_until(window, lambda: window.winfo_width() == 900)
    window.menus.choose("tour")
    window.update()
    return window.tour.strip


def is_done(window, step):
    wait_until(window, lambda: str(window.tour.strip.title["text"]) == f"Tour, {step} of 5: done ✓")


def until_it_looked(window):
    """At the strokes that are there now."""
    presenter, count = window.tour.presenter, window._controller.stroke_count
    wait_until(window, lambda: presenter._before is not None and presenter._before.strokes == count)


def draw(window, digit):
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(digit)])
    window.update()


def test_each_step_is_done_on_ones_own_drawing(window, strip, hand):
    draw(window, 7)
    is_done(window, 1)
    strip.next_button.invoke()
    window.update()
    layers = window.inside.panel.layers
    wait_until(window, lambda: layers.sheets._seen)
    x, y = unit_place(layers, "c1", (0, 4, 4))
    layers.sheets.event_generate("<Button-1>", x=x, y=y)
    is_done(window, 2)
    hand.press_key("<Control-Next>")
    assert window.inside.panel.front is window.inside.panel.why
    hand.draw((0.3, 0.5), (0.7, 0.5))
    until_it_looked(window)
    window._controller.undo()
    is_done(window, 3)
    strip.next_button.invoke()
    window.update()
    assert window.inside.panel.front is window.inside.panel.map
    until_it_looked(window)
    draw(window, 4)
    is_done(window, 4)
    hand.press_key("<Control-Next>")
    until_it_looked(window)
    hand.press_key("7")
    if not window._controller.subject.reading.from_memory:
        hand.press_key("7")  # it contradicts what is known, and is asked about
    is_done(window, 5)
    assert strip.next_button.instate(["disabled"])


def test_it_covers_nothing_in_the_smallest_window(window, strip):
    window.geometry("640x480")
    wait_until(window, lambda: window.winfo_width() == 640)
    for _step in range(5):
        window.update()
        window.update()
        assert strip.text.winfo_reqwidth() <= strip.winfo_width()
        for part in (window.canvas, strip, strip.close_button, strip.text, window.status):
            assert part.winfo_rooty() + part.winfo_height() <= window.winfo_rooty() + window.winfo_height()
            assert part.winfo_rootx() + part.winfo_width() <= window.winfo_rootx() + window.winfo_width()
        assert window.canvas.winfo_rooty() + window.canvas.winfo_height() <= strip.winfo_rooty()
        assert window.canvas.winfo_height() > 120
        assert strip.title.winfo_reqwidth() <= strip.title.winfo_width()
        strip.next_button.invoke()


def test_it_outlives_a_window_that_is_built_anew_and_speaks_its_language(window, strip):
    strip.next_button.invoke()
    window.appearance.language.set("it")
    window.appearance.choose_language()
    wait_until(window, lambda: window.tour.strip is not strip)
    window.update()
    assert is_shown(window.tour.strip)
    assert "2" in str(window.tour.strip.title["text"])
    assert "Tour, 2" not in str(window.tour.strip.title["text"])


def test_closed_it_takes_no_room_looks_no_more_and_the_page_has_the_keys(window, strip):
    strip.close_button.focus_force()
    strip.close_button.invoke()
    window.update()
    assert not is_shown(strip)
    assert window.tour._next_look is None
    assert window.focus_get() is window.canvas
    draw(window, 7)
    window.menus.choose("tour")
    is_done(window, 1)


def test_it_ends_with_the_window(window, strip):
    window.destroy()  # a timer that went on would fail the test
