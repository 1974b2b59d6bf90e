"""app/gui/widgets/status_bar.py: messages, errors and the network's name."""

import tkinter as tk

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.focus import has_keys
from app.gui.widgets.status_bar import StatusBar
from tests.app.hand import is_shown, wait_until


@pytest.fixture
def undone():
    return []


@pytest.fixture
def status(root, undone):
    return StatusBar(root, palette=PALETTES["light"], on_undo=lambda: undone.append("undone"))


def test_an_error_looks_different_from_a_message(status):
    status.show("It failed.", is_error=True)
    assert status.message == "It failed."
    status.show("At 95 %.", is_error=True)
    assert status._left["text"] == "At 95\xa0%."  # no line ends there
    assert str(status._left["foreground"]) == PALETTES["light"].error
    status.show("Saved.", is_error=False)
    assert str(status._left["foreground"]) == PALETTES["light"].muted


def test_a_long_message_takes_more_lines_and_leaves_room_for_the_network(root, status):
    status.pack(fill="x")
    status.show_network("Network: saved_network")
    status.show("short", is_error=False)
    root.update()
    one_line = status.winfo_height()
    status.show("A message of many words. " * 10, is_error=True)
    root.update()
    assert status.winfo_height() > 2 * one_line
    right = status._right
    assert right.winfo_x() + right.winfo_width() <= status.winfo_width()
    assert right.winfo_width() == right.winfo_reqwidth()


@pytest.mark.parametrize("event", ["<Button-1>", "<Return>"])
def test_what_can_be_undone_is_undone_by_a_click_and_by_keys(root, status, undone, event):
    status.pack(fill="x")
    status.show("Remembered.", is_error=False, can_be_undone=True)
    root.update()
    assert status.undo.winfo_x() >= status._left.winfo_width()
    status.undo.focus_force()
    root.update()
    status.undo.event_generate(event)
    assert undone == ["undone"]


def test_the_next_message_has_no_undo_and_the_keys_go_on(root, status):
    status.pack(fill="x")
    page = tk.Entry(root)
    page.pack()
    status.show("Remembered.", can_be_undone=True)
    root.update()
    status.undo.focus_force()
    wait_until(root, lambda: has_keys(status.undo))
    status.show("Forgotten.")
    assert not is_shown(status.undo)
    wait_until(root, lambda: has_keys(page))


def test_a_long_message_leaves_room_for_undo(root, status):
    status.pack(fill="x")
    status.show_network("Network: saved_network")
    status.show("A message of many words. " * 10, can_be_undone=True)
    root.update()
    undo = status.undo
    assert undo.winfo_width() == undo.winfo_reqwidth()
    assert undo.winfo_x() + undo.winfo_width() <= status._right.winfo_x()


def test_the_name_goes_where_a_message_would_have_too_little_room_and_comes_back(root, status):
    status.pack(fill="x")
    status.show_network("Network: one with a name that takes most of such a narrow window")
    root.update()
    assert is_shown(status._right)
    status.show("A message of some words.", is_error=True)
    root.update()
    assert not is_shown(status._right)
    assert status._left.winfo_width() > 100
    status.show("")
    root.update()
    assert is_shown(status._right)
