"""Keys and menus teach: the answer changes at once, and keys that mean something else do not."""

import tkinter as tk

import pytest

from engine.datasets.samples import read_samples
from tests.app.hand import wait_until
from tests.app.page.test_teacher import CROSSES, label, network, reader  # noqa: F401

pytestmark = pytest.mark.usefixtures("display")


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
