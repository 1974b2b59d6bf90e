"""app/gui/shortcuts.py: keys as people read them and as Tk binds them."""

import sys
from tkinter import ttk

import pytest

from app.gui.shortcuts import (
    command,
    command_sign,
    named,
    pointer_help,
    right_button,
    select_all_by_control_a,
)
from tests.app.hand import wait_until


def test_a_mac_has_its_own_key():
    assert command("z", aqua=False).label == "Ctrl+Z"
    assert command("z", aqua=True).label == "Command+Z"
    assert "<Command-z>" in command("z", aqua=True).sequences


def test_caps_lock_does_not_take_the_keys_away():
    assert command("z", aqua=False).sequences == ("<Control-z>", "<Control-Z>")
    assert command("z", aqua=False, shift=True).sequences == ("<Control-Shift-z>", "<Control-Shift-Z>")


def test_a_sign_has_all_keys_that_stand_for_it():
    plus = command_sign("Plus", False, "plus", "equal")
    assert (plus.label, plus.sequences) == ("Ctrl+Plus", ("<Control-Key-plus>", "<Control-Key-equal>"))
    assert command_sign("0", True, "0").sequences == ("<Command-Key-0>",)


def test_keys_are_called_as_they_are_on_a_keyboard():
    assert [named(key).label for key in ("F1", "Escape", "BackSpace")] == ["F1", "Esc", "Backspace"]
    assert named("Escape").sequences == ("<Escape>",)


def test_a_mac_has_its_right_button_under_both_names_and_control_click():
    assert set(right_button("aqua")) == {
        "<ButtonPress-2>",
        "<ButtonPress-3>",
        "<Control-ButtonPress-1>",
    }
    assert right_button("x11") == ("<ButtonPress-3>",)
    assert any("Control" in gesture for gesture, _ in pointer_help("aqua", right_erases=True))


def test_what_the_tools_do_is_told():
    told = dict(pointer_help("x11", right_erases=False))
    assert told["Left button, with Eraser"] == "Erase the strokes that are touched"
    assert "box" in told["Left button, with Select"]


def test_what_the_right_button_does_is_as_chosen():
    assert dict(pointer_help("x11", right_erases=True))["Right button"] == "Erase the stroke it touches"
    assert dict(pointer_help("x11", right_erases=False))["Right button"] == "Open a menu"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have it so by themselves")
@pytest.mark.parametrize("kind", [ttk.Entry, ttk.Combobox, ttk.Spinbox])
@pytest.mark.parametrize("key", ["<Control-a>", "<Control-Lock-A>"])
def test_control_a_selects_all_of_a_text_field(root, kind, key):
    select_all_by_control_a(root)
    field = kind(root)
    field.pack()
    field.insert(0, "all of it")
    wait_until(
        root, field.winfo_viewable
    )  # Tk may crash where it is to force the keys on what is not shown yet
    field.focus_force()
    wait_until(root, lambda: root.focus_get() is field)
    field.event_generate(key)
    assert field.selection_get() == "all of it"
