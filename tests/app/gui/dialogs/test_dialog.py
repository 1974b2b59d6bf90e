"""app/gui/dialogs/dialog.py: that a dialog can be seen as a whole, and what it leaves behind."""

import gc
import tkinter as tk
from functools import partial
from tkinter import ttk

import pytest

from app.gui.dialogs.dialog import Dialog
from app.gui.theme import PALETTES
from tests.app.hand import open_dialog, press, rebuilt, shown, wait_until


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def of_tk():
    """All that calls Tk when it is freed."""
    return {id(thing) for thing in gc.get_objects() if isinstance(thing, (tk.Variable, tk.Image))}


@pytest.mark.usefixtures("present", "data", "no_collector", "measured_here")
def test_what_calls_tk_when_it_is_freed_goes_with_the_dialog(window):
    def open_and_close(action):
        dialog = open_dialog(window, action)
        if action == "evaluate":
            wait_until(window, lambda: dialog.presenter.evaluation is not None)
        window.update()
        press(dialog, "<Escape>")

    for action in ("retrain", "evaluate", "open network", "about network", "about"):
        before = of_tk()
        open_and_close(action)
        window.update()
        assert not shown(window, Dialog)
        assert not of_tk() - before, action


@pytest.fixture
def small_screen(window_of_its_own, monkeypatch):
    """Of 640 x 480 pixels, less than most dialogs ask for."""
    monkeypatch.setattr(tk.Misc, "winfo_screenwidth", lambda self: 640)
    monkeypatch.setattr(tk.Misc, "winfo_screenheight", lambda self: 480)


def is_on_screen(widget):
    right, bottom = (
        widget.winfo_rootx() + widget.winfo_width(),
        widget.winfo_rooty() + widget.winfo_height(),
    )
    return widget.winfo_rootx() >= 0 and widget.winfo_rooty() >= 0 and right <= 640 and bottom <= 480


@pytest.mark.usefixtures("small_screen", "present", "data", "measured_here")
def test_a_dialog_and_its_buttons_fit_a_small_screen(window):
    for action in ("retrain", "evaluate", "open network", "about network", "shortcuts", "about"):
        dialog = open_dialog(window, action)
        if action == "evaluate":
            wait_until(window, partial(getattr, dialog.presenter, "evaluation"))
        wait_until(window, partial(is_on_screen, dialog))
        assert dialog.winfo_height() <= 432, action  # the rest is for the frame
        buttons = [button for button in dialog.bar.winfo_children() if button.winfo_manager()]
        assert all(map(is_on_screen, buttons)), action
        assert dialog.close_button.winfo_width() >= dialog.close_button.winfo_reqwidth(), action
        dialog.close()


def test_the_window_fits_a_small_screen(small_screen, window):
    assert is_on_screen(window)
    assert is_on_screen(window.status)


def test_what_a_dialog_took_of_memory_is_given_back_with_it(window, monkeypatch):
    given_back = []
    monkeypatch.setattr("app.gui.dialogs.dialog.give_back_freed_memory", lambda: given_back.append(True))
    dialog = Dialog(window, "Some dialog", palette=PALETTES["light"])
    dialog.present()
    assert not given_back
    dialog.close()
    assert given_back == [True]


def test_a_dialog_in_sight_stays_where_it_is_whatever_frame_it_has(window, monkeypatch):
    dialog = open_dialog(window, "shortcuts")
    moves = []

    def geometry(new=None):
        if new is not None:
            moves.append(new)
        return "471x439+300+200"

    monkeypatch.setattr(dialog, "geometry", geometry)
    monkeypatch.setattr(dialog, "winfo_rootx", lambda: 304)  # a frame of 4, with a title of 24
    monkeypatch.setattr(dialog, "winfo_rooty", lambda: 224)
    height = dialog.winfo_reqheight()
    monkeypatch.setattr(
        dialog, "winfo_screenheight", lambda: 224 + height + 100
    )  # however many keys it lists
    dialog.keep_in_sight()
    assert not moves
    monkeypatch.setattr(dialog, "winfo_screenheight", lambda: 224 + dialog.winfo_reqheight())
    dialog.keep_in_sight()
    assert moves == ["+300+196"]  # up by the frame's lower edge


def test_alt_and_the_underlined_letter_press_a_button(window):
    dialog = open_dialog(window, "shortcuts")
    pressed = []
    buttons = [
        dialog.close_button,
        *(dialog.add_button(text, partial(pressed.append, text)) for text in ("Cut", "Copy")),
    ]
    dialog.present()
    wait_until(window, lambda: all(int(button["underline"]) >= 0 for button in buttons))
    letters = {
        str(button["text"]): str(button["text"])[int(button["underline"])].lower() for button in buttons
    }
    assert len(set(letters.values())) == 3
    for text in ("Cut", "Copy"):
        press(dialog, f"<Alt-{letters[text]}>")
    assert pressed == ["Cut", "Copy"]
    buttons[1].state(["disabled"])
    press(dialog, f"<Alt-{letters['Cut']}>")
    press(dialog, "<Alt-x>")
    assert pressed == ["Cut", "Copy"]
    press(dialog, f"<Alt-{letters['Close']}>")
    assert not dialog.winfo_exists()


@pytest.mark.usefixtures("present", "data", "measured_here")
def test_no_letter_is_underlined_twice_in_a_dialog(window):
    def look(action):
        dialog = open_dialog(window, action)
        dialog.update()
        buttons = dialog._buttons
        letters = [str(button["text"])[int(button["underline"])].lower() for button in buttons]
        assert min(int(button["underline"]) for button in buttons) >= 0
        assert len(set(letters)) == len(letters), (action, letters)
        if action == "retrain":
            assert any(isinstance(button, ttk.Radiobutton) for button in buttons)
        dialog.close()

    for action in ("retrain", "open network", "evaluate"):
        look(action)
    with rebuilt(window):
        window.menus.pick("language", "it")
    look("retrain")


def test_alt_turns_a_choice_in_the_body(window, present, data):
    dialog = open_dialog(window, "retrain")
    dialog.update()
    good = next(button for button in dialog._buttons if button["text"] == "Good")
    press(dialog, f"<Alt-{str(good['text'])[int(good['underline'])].lower()}>")
    assert dialog.preset.get() == "good"


def test_keys_scroll_what_is_larger_than_the_screen(small_screen, window):
    dialog = open_dialog(window, "shortcuts")
    dialog.update()
    (view,) = shown(dialog.scrolled, tk.Canvas)

    def seen():
        return view.yview()

    top = seen()
    assert top[0] == 0
    press(dialog, "<Next>")
    page = seen()
    assert page[0] > 0
    press(dialog, "<Down>")
    assert seen()[0] > page[0]
    press(dialog, "<End>")
    assert seen()[1] == 1
    press(dialog, "<Home>")
    assert seen() == top


def test_the_letters_follow_a_text_that_changes(window):
    dialog = open_dialog(window, "shortcuts")
    dialog.close_button.configure(text="12 digits")
    wait_until(window, lambda: int(dialog.close_button["underline"]) == 3)


def test_what_is_behind_the_body_follows_the_theme(window, present):
    dialog = open_dialog(window, "open network")
    window.menus.pick("theme", "dark")
    (view,) = shown(dialog.scrolled, tk.Canvas)
    assert view["background"] == dialog["background"] == PALETTES["dark"].window


def test_a_dialog_makes_room_for_its_frame_when_that_comes(window, monkeypatch):
    dialog = open_dialog(window, "shortcuts")
    height = dialog.winfo_reqheight()
    monkeypatch.setattr(dialog, "winfo_screenheight", lambda: 290 + height)
    dialog.geometry("+0+300")
    wait_until(window, lambda: dialog.winfo_rooty() == 300)
    monkeypatch.setattr("app.gui.dialogs.dialog.place_of", lambda window: (0, 276))  # a title of 24 above it
    dialog.event_generate("<Configure>")
    window.update()
    assert dialog.geometry().endswith("+0+266")
