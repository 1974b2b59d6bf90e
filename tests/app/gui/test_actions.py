"""app/gui/actions.py: the one table of what can be done, with the keys that each desktop's people expect."""

import pytest

from app import language
from app.gui.actions import BUTTONS, Action, Choices, Menu, actions, menus

SYSTEMS = ("x11", "win32", "aqua")


def table(system):
    return {action.name: action for action in actions(system)}


def keys(action):
    return [key.label for key in action.keys]


def texts(entries):
    """All that is read in a menu."""
    for entry in entries:
        if isinstance(entry, Action):
            yield from (entry.label, entry.tip)
        elif isinstance(entry, Menu):
            yield from (entry.label, *texts(entry.entries))
        elif isinstance(entry, Choices):
            yield entry.label


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_two_actions_share_a_name_or_a_key(system):
    names = [action.name for action in actions(system)]
    sequences = [s for action in actions(system) for key in action.keys for s in key.sequences]
    assert len(names) == len(set(names))
    assert len(sequences) == len(set(sequences))


def test_every_action_says_what_it_does_and_every_button_is_one():
    assert all(action.label and action.tip for action in actions("x11"))
    assert set(BUTTONS) < set(table("x11"))


def test_control_is_the_key_of_linux_and_windows_and_command_that_of_a_mac():
    assert table("x11") == table("win32")
    assert keys(table("x11")["undo"]) == ["Ctrl+Z"]
    assert keys(table("aqua")["undo"]) == ["Command+Z"]


def test_redo_is_shift_z_everywhere_and_y_where_that_is_known():
    assert keys(table("win32")["redo"]) == ["Ctrl+Shift+Z", "Ctrl+Y"]
    assert keys(table("aqua")["redo"]) == ["Command+Shift+Z"]


def test_delete_clears_and_escape_does_not():
    assert keys(table("aqua")["clear"]) == ["Delete", "Backspace"]
    assert keys(table("x11")["leave"]) == ["Esc"]


def test_a_tooltip_tells_the_usual_key_and_the_help_all_of_them():
    assert table("x11")["redo"].hint == "Make the change again that was taken back (Ctrl+Shift+Z)"
    assert table("x11")["redo"].keys_told == "Ctrl+Shift+Z or Ctrl+Y"
    assert table("x11")["undo"].keys_told == "Ctrl+Z"
    assert table("x11")["eraser"].hint == "Erase the strokes that are touched"


def test_the_table_is_made_in_the_language_that_is_spoken():
    english = list(texts(menus("x11")))
    language.speak("it")
    italian = list(texts(menus("x11")))
    assert english[english.index("Undo")] != italian[english.index("Undo")] == "Annulla"
    assert len(english) == len(italian)


def test_languages_can_be_chosen_under_their_own_names():
    (view,) = (menu for menu in menus("x11") if menu.name == "view")
    (choices,) = (e for e in view.entries if isinstance(e, Choices) and e.name == "language")
    language.speak("it")
    assert choices.options[:2] == (("system", "As the system"), ("en", "English"))
    assert ("it", "italiano") in choices.options
