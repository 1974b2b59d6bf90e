"""Keys and menus teach: the answer changes at once, and keys that mean something else do not."""

import tkinter as tk

import pytest

from engine.datasets.samples import read_samples
from tests.app.hand import is_shown, wait_until
from tests.app.page.test_teacher import CROSSES, label, network, reader  # noqa: F401

pytestmark = pytest.mark.usefixtures("display", "window_of_its_own")


@pytest.fixture
def taught_file(networks_place):
    return networks_place.parent / "samples.jsonl"


def put_crosses(window):
    from app.page.drawing import Stroke

    window._controller.put_on_page([Stroke(tuple(points)) for points in CROSSES])
    window.update()
    # of several strokes one digit, as the person would have it
    window._controller._drawing.group([{0, 1, 2}])
    window._controller._after_change()
    wait_until(window, lambda: len(window._controller._reading.parts) == 1)


def press(window, key, *, state=0):
    window.canvas.focus_force()
    window.update()
    window.canvas.event_generate(f"<KeyPress-{key}>", state=state)
    window.update()


def test_a_digits_key_teaches_it_and_the_menu_takes_it_back(window, label, taught_file):  # noqa: F811
    put_crosses(window)
    assert str(label) != window.answer.symbol
    press(window, str(label))
    wait_until(window, lambda: window.answer.symbol == str(label))
    assert window.answer.caption.endswith("from memory")
    assert window.status.message == f"Remembered as {label} (sample 1)."
    assert [sample.label for sample in read_samples(taught_file).samples] == [label]
    assert window.menus.is_enabled("forget")
    window._commands["forget"]()
    wait_until(window, lambda: window.answer.symbol != str(label))
    assert read_samples(taught_file).samples == ()
    assert not window.menus.is_enabled("forget")


def test_minus_teaches_that_it_is_no_digit(window, taught_file):
    put_crosses(window)
    press(window, "minus")
    wait_until(window, lambda: window.answer.caption == "not a digit\nfrom memory")
    assert [sample.label for sample in read_samples(taught_file).samples] == [-1]


def test_a_digit_with_control_held_and_on_an_empty_page_teaches_nothing(window, label, taught_file):  # noqa: F811
    press(window, str(label))  # nothing is drawn
    put_crosses(window)
    press(window, str(label), state=0x4)
    press(window, "0", state=0x4)  # normal size
    assert not taught_file.exists()


def test_a_digit_that_is_typed_into_a_field_teaches_nothing(window, label, taught_file):  # noqa: F811
    put_crosses(window)
    field = tk.Entry(window)
    field.grid(row=9, column=0)
    field.focus_force()
    window.update()
    field.event_generate(f"<KeyPress-{label}>")
    window.update()
    assert field.get() == str(label)
    assert not taught_file.exists()


def test_the_menu_of_the_page_offers_the_digits(window, label):  # noqa: F811
    put_crosses(window)
    window._show_page_menu()
    menu = window.menus.popped_up
    place = next(
        i
        for i in range(menu.index("end") + 1)
        if menu.type(i) == "cascade" and menu.entrycget(i, "label") == "This is a…"
    )
    inner = menu.nametowidget(menu.entrycget(place, "menu"))
    assert [inner.entrycget(i, "label") for i in range(inner.index("end") + 1)] == [
        *map(str, range(10)),
        "No digit",
    ]
    inner.invoke(label)
    wait_until(window, lambda: window.answer.symbol == str(label))


def click_bar(window, digit, button=1):
    left, top, _right, bottom = window.bars._tracks[digit]
    at = {"x": round(left + 3), "y": round((top + bottom) / 2)}
    window.bars.event_generate(f"<ButtonPress-{button}>", **at)
    window.update()


def test_a_click_on_a_bar_teaches_and_undo_in_the_message_takes_it_back(window, label, taught_file):  # noqa: F811
    put_crosses(window)
    before = window.answer.symbol
    click_bar(window, label)
    wait_until(window, lambda: window.answer.symbol == str(label))
    assert window.status.message == f"Remembered as {label} (sample 1)."
    window.status.undo.event_generate("<Button-1>")
    wait_until(window, lambda: window.answer.symbol == before)
    assert window.status.message == f"Forgotten that this is {label}."
    assert not is_shown(window.status.undo)
    assert read_samples(taught_file).samples == ()


def test_undo_in_the_message_is_reached_by_keys_which_then_go_back_to_the_page(window, label):  # noqa: F811
    put_crosses(window)
    press(window, str(label))
    widget = window.canvas
    while widget is not window.status.undo:
        widget = widget.tk_focusNext()
        assert widget is not window.canvas, "Tab never comes to Undo"
    widget.focus_force()
    window.update()
    widget.event_generate("<Return>")
    window.update()
    assert window.status.message.startswith("Forgotten")
    wait_until(window, lambda: window.focus_get() is window.canvas)


def test_undo_goes_with_its_message_and_when_there_is_nothing_to_take_back(window, label):  # noqa: F811
    put_crosses(window)
    press(window, str(label))
    assert is_shown(window.status.undo)
    window._samples.replace([])  # as My digits would
    window._controller.follow_samples()
    assert not is_shown(window.status.undo)
    press(window, str(label))
    assert is_shown(window.status.undo)
    window._controller.pen_down((0.5, 0.5))
    assert not is_shown(window.status.undo)
    window._controller.pen_up()


@pytest.mark.usefixtures("idle_jobs_inside")
def test_the_right_button_offers_at_a_bar_what_it_may_be_and_why(window, label, taught_file):  # noqa: F811
    put_crosses(window)
    click_bar(window, label, button=3)
    menu = window.menus.popped_up
    entries = [menu.entrycget(i, "label") for i in range(menu.index("end") + 1)]
    assert entries == [f"This is a {label}", "This is no digit", f"Ask Inside about {label}"]
    menu.invoke(0)
    assert [sample.label for sample in read_samples(taught_file).samples] == [label]
    menu.invoke(2)
    window.update()
    panel = window.inside.panel
    assert panel.front is panel.why
    assert str(label) in (panel.why.digit.get(), panel.why.versus.get())


@pytest.mark.usefixtures("idle_jobs_inside")
def test_while_inside_is_open_a_click_on_a_bar_teaches_nothing(window, label, taught_file):  # noqa: F811
    put_crosses(window)
    window.menus.choose("inside")
    window.update()
    click_bar(window, label)
    assert window.inside.panel.front is window.inside.panel.why
    assert not taught_file.exists()
