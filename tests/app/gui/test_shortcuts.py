"""app/gui/shortcuts.py: the keys that the people of each desktop expect."""

import sys
from tkinter import ttk

import pytest

from app.gui.shortcuts import eraser_buttons, pointer_help, select_all_by_control_a, shortcuts
from tests.app.hand import wait_until

SYSTEMS = ("x11", "win32", "aqua")


def table(system):
    return {shortcut.action: shortcut for shortcut in shortcuts(system)}


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_two_actions_share_a_key(system):
    sequences = [sequence for s in shortcuts(system) for sequence in s.sequences]
    assert len(sequences) == len(set(sequences))


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_action_has_a_key_that_can_be_read_and_bound(system):
    assert all(s.labels and s.sequences and s.description for s in shortcuts(system))


def test_control_is_the_key_of_linux_and_windows_and_command_that_of_a_mac():
    assert table("x11") == table("win32")
    assert table("x11")["undo"].labels == ("Ctrl+Z",)
    assert table("aqua")["undo"].labels == ("Command+Z",)
    assert "<Command-z>" in table("aqua")["undo"].sequences


def test_redo_is_shift_z_everywhere_and_y_where_that_is_known():
    assert table("win32")["redo"].labels == ("Ctrl+Shift+Z", "Ctrl+Y")
    assert table("aqua")["redo"].labels == ("Command+Shift+Z",)


def test_caps_lock_does_not_take_the_keys_away():
    assert table("x11")["undo"].sequences == ("<Control-z>", "<Control-Z>")
    assert {"<Control-Shift-z>", "<Control-Shift-Z>"} < set(table("x11")["redo"].sequences)


def test_delete_clears_and_escape_does_not():
    assert table("aqua")["clear"].sequences == ("<Delete>", "<BackSpace>")


def test_a_mac_erases_by_its_right_button_under_both_names_and_by_control_click():
    assert set(eraser_buttons("aqua")) == {
        "<ButtonPress-2>",
        "<ButtonPress-3>",
        "<Control-ButtonPress-1>",
    }
    assert eraser_buttons("x11") == ("<ButtonPress-3>",)
    assert any("Control" in gesture for gesture, _ in pointer_help("aqua"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have it so by themselves")
@pytest.mark.parametrize("kind", [ttk.Entry, ttk.Combobox, ttk.Spinbox])
@pytest.mark.parametrize("key", ["<Control-a>", "<Control-Lock-A>"])
def test_control_a_selects_all_of_a_text_field(root, kind, key):
    select_all_by_control_a(root)
    field = kind(root)
    field.pack()
    field.insert(0, "all of it")
    field.focus_force()
    wait_until(root, lambda: root.focus_get() is field)
    field.event_generate(key)
    assert field.selection_get() == "all of it"
