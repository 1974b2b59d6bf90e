"""app/gui/window.py: the real window under a real mouse and keyboard, on a display in memory."""

import json
import signal
import sys
import threading
from pathlib import Path
from tkinter import filedialog, ttk

import pytest

from app.gui import clipboard
from app.gui import window as window_module
from app.gui.dialogs import open_network_dialog
from app.gui.dialogs.dialog import Dialog
from app.gui.screen import NoDisplayError
from app.gui.theme import PALETTES
from app.page.hints import examples
from app.store.settings import Settings, load_settings, save_settings
from engine.errors import SavedNetworkError
from tests.app.fakes import FakeReader
from tests.app.hand import Hand, by_button, by_menu, colour_at, is_closed, rebuilt, shown, tip_of, wait_until

INK = PALETTES["light"].ink
LINE = ((0.2, 0.3), (0.8, 0.3))
OTHER = ((0.2, 0.7), (0.8, 0.7))

EMPTY = "LeNet Canvas"
ONE = "1 · 90 % — LeNet Canvas"
TWO = "2 · 90 % — LeNet Canvas"

ROOT = Path(__file__).resolve().parents[3]


def choose_file(monkeypatch, path):
    """Have the person choose this path in the next file dialogs; "" is Cancel."""
    for name in ("askopenfilename", "asksaveasfilename"):
        monkeypatch.setattr(filedialog, name, lambda **options: str(path))


# Drawing and reading


def test_an_empty_page_has_no_answer(window):
    assert window.title() == EMPTY
    assert window.bars.values == (0.0,) * 10
    assert (window.answer.symbol, window.answer.caption) == ("", "")
    (hint,) = window.canvas.find_all()
    assert "0 to 9" in window.canvas.itemcget(hint, "text")


def test_drawing_updates_title_answer_bars_and_preview(window, hand):
    hand.draw(*LINE)
    assert window.title() == ONE
    assert (window.answer.symbol, window.answer.caption) == ("1", "90 %")
    assert window.bars.values[1] == pytest.approx(0.9)
    assert sum(window.bars.values) == pytest.approx(1)
    assert window.preview.ink[28 * 10 + 14] == 255
    hand.draw(*OTHER)
    assert window.title() == TWO


def test_the_answer_follows_while_the_pen_is_down(window, hand):
    hand.event("<ButtonPress-1>", LINE[0])
    hand.event("<B1-Motion>", LINE[1])
    window.update()
    assert window.title() == ONE


def test_a_burst_of_motions_is_drawn_in_full_and_read_few_times(window, hand, reader):
    hand.event("<ButtonPress-1>", (0.1, 0.1))
    for i in range(100):
        hand.event("<B1-Motion>", (0.2 + i / 200, 0.2 + i / 200))
    assert [hand.colour_at((at, at)) for at in (0.1, 0.3, 0.5, 0.69)] == [INK] * 4
    wait_until(window, lambda: reader.seen)
    window.update()
    assert len(reader.seen) <= 5
    assert len(reader.seen[-1][0]) == 101


def test_each_motion_that_is_waited_for_is_read_once_and_the_bars_follow(window, hand, reader):
    hand.event("<ButtonPress-1>", (0.1, 0.1))
    window.update()
    for number in range(1, 21):  # how long that takes, benchmarks/window.py tells
        reader.runner_up = number % 10 if number % 10 != 1 else None
        hand.event("<B1-Motion>", (0.2 + number / 40, 0.2 + (number % 7) / 20))
        window.update()
        assert len(reader.seen) == 1 + number
        assert len(reader.seen[-1][0]) == 1 + number
        assert window.bars.values[1] == pytest.approx(0.9 if reader.runner_up is None else 0.6)


def test_a_click_is_not_a_digit(window, hand):
    hand.draw((0.5, 0.5))
    assert window.title() == "not a digit — LeNet Canvas"
    assert (window.answer.symbol, window.answer.caption) == ("–", "not a digit, nearest 1")
    assert window.bars.values[1] == pytest.approx(0.9)


def test_a_digit_that_may_be_another_is_shown_with_it(window, hand, reader):
    reader.runner_up = 7
    hand.draw(*LINE)
    assert window.title() == "1 or 7 · 60 % — LeNet Canvas"
    assert (window.answer.symbol, window.answer.caption) == ("1", "1 or 7 · 60 %")
    assert (window.bars.values[1], window.bars.values[7]) == pytest.approx((0.6, 0.4))


def test_a_number_is_shown_copied_and_told_in_the_title(window, hand, reader):
    reader.reads_apart = True
    hand.draw(*LINE)
    assert window.title() == ONE
    hand.draw(*OTHER)
    assert window.title() == "12 · 80 % — LeNet Canvas"
    assert (window.answer.symbol, window.answer.caption) == ("12", "80 %")
    assert window.bars.values[2] == pytest.approx(0.9)
    hand.press_key("<Control-c>")
    assert window.clipboard_get() == "12"
    assert window.status.message == "Copied “12”."


def test_the_digits_of_a_number_have_frames_and_the_pointer_shows_one_of_them(window, hand, reader):
    reader.reads_apart = True
    hand.draw(*LINE)
    assert not window.canvas.find_withtag("frame")
    hand.draw(*OTHER)
    assert len(window.canvas.find_withtag("frame")) == 2
    hand.event("<Motion>", LINE[0])
    assert window.bars.values[1] == pytest.approx(0.9)
    hand.event("<Leave>", LINE[0])
    assert window.bars.values[2] == pytest.approx(0.9)
    hand.draw(LINE[0])  # a click, which draws nothing
    hand.event("<Leave>", LINE[0])
    assert window.title() == "12 · 80 % — LeNet Canvas"
    assert window.bars.values[1] == pytest.approx(0.9)
    hand.press_key("<Delete>")
    assert not window.canvas.find_withtag("frame")


@pytest.mark.usefixtures("window_of_its_own")
def test_a_digit_is_drawn_by_keys_alone(window, hand, reader):
    hand.press_key("<Up>")
    assert "space bar" in window.status.message
    for key in ("<space>", *["<Shift-Down>"] * 3, "<Right>", "<Return>", "<Left>"):
        hand.press_key(key)
    assert window.title() == ONE
    stroke = [0.5, 0.48, 0.5, 0.58, 0.5, 0.68, 0.5, 0.78, 0.52, 0.78]
    assert [place for point in reader.seen[-1][0] for place in point] == pytest.approx(stroke)
    hand.press_key("<Control-z>")
    assert window.title() == EMPTY


def test_a_stroke_that_leaves_the_canvas_is_kept(window, hand, reader):
    hand.draw((0.5, 0.5), (1.3, -0.2), (0.6, 0.6))
    assert reader.seen[-1][0][1][0] > 1
    assert reader.seen[-1][0][1][1] < 0


def test_resizing_scales_the_drawing_with_the_page(window, hand, reader):
    hand.draw(*LINE)
    before = window.canvas.width
    window.geometry("1200x900")
    wait_until(window, lambda: window.canvas.width > before)
    window.update()
    canvas = window.canvas
    side = min(canvas.width, canvas.height)
    (stroke,) = reader.seen[-1]
    places = [
        ((canvas.width - side) / 2 + x * side, (canvas.height - side) / 2 + y * side) for x, y in stroke
    ]
    assert {colour_at(canvas, *place) for place in places} == {INK}
    assert window.title() == ONE


# Undo, redo, clear, erase: by buttons, menus and keys


def by_key(window, hand, action):
    hand.press_key({"undo": "<Control-z>", "redo": "<Control-y>", "clear": "<Delete>"}[action])


@pytest.mark.parametrize("do", [by_button, by_menu, by_key])
def test_undo_redo_and_clear(window, hand, do):
    hand.draw(*LINE)
    hand.draw(*OTHER)
    do(window, hand, "undo")
    assert window.title() == ONE
    assert [hand.colour_at(stroke[0]) == INK for stroke in (LINE, OTHER)] == [True, False]
    do(window, hand, "redo")
    assert [hand.colour_at(stroke[0]) == INK for stroke in (LINE, OTHER)] == [True, True]
    assert window.title() == TWO
    do(window, hand, "clear")
    assert window.title() == EMPTY
    do(window, hand, "undo")
    assert window.title() == TWO


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("<Control-Lock-z>", ONE),  # with Caps Lock
        ("<Escape>", TWO),  # pressed once too often to close a menu, it loses nothing
        ("<BackSpace>", EMPTY),
    ],
)
def test_further_keys(window, hand, key, title):
    hand.draw(*LINE)
    hand.draw(*OTHER)
    hand.press_key(key)
    assert window.title() == title


@pytest.mark.parametrize("key", ["<Control-Shift-Z>", "<Control-Shift-Lock-z>"])
def test_shift_makes_undo_redo(window, hand, key):
    hand.draw(*LINE)
    hand.press_key("<Control-z>")
    hand.press_key(key)
    assert window.title() == ONE


def test_buttons_are_enabled_when_they_would_do_something(window, hand):
    def enabled():
        return {name: not button.instate(["disabled"]) for name, button in window.buttons.items()}

    assert enabled() == {"undo": False, "redo": False, "clear": False, "eraser": False, "select": False}
    hand.draw(*LINE)
    assert enabled() == {"undo": True, "redo": False, "clear": True, "eraser": True, "select": False}
    by_button(window, hand, "undo")
    assert enabled() == {"undo": False, "redo": True, "clear": False, "eraser": False, "select": False}
    by_menu(window, hand, "undo")
    assert window.title() == EMPTY


@pytest.mark.parametrize("asked", ["<ButtonPress-3>", "<Shift-F10>"])
def test_the_page_has_a_menu_of_what_can_be_done_with_it(window, hand, monkeypatch, asked):
    hand.draw(*LINE)
    if asked == "<Shift-F10>":
        hand.press_key(asked)
    else:
        hand.event(asked, (0.5, 0.3))
    menu = window.menus.popped_up
    states = {
        menu.entrycget(index, "label"): menu.entrycget(index, "state")
        for index in range(menu.index("end") + 1)
        if menu.type(index) != "separator"
    }
    assert states["Undo"] == "normal"
    assert states["Redo"] == "disabled"
    assert "Open image or drawing…" in states
    assert window.title() == ONE  # nothing is erased
    assert window.tk.call(".#menubar", "index", "active") == "none"  # Shift+F10 is not F10
    menu.invoke("Undo")
    menu.unpost()
    window.update()
    assert window.title() == EMPTY


def test_keys_reach_the_digits_of_a_number(window, hand, reader):
    reader.reads_apart = True
    hand.draw(*LINE)
    hand.draw(*OTHER)
    widget = window.canvas
    while widget is not window.answer:  # as Tab goes; it would come back to the page
        widget = widget.tk_focusNext()
        assert widget is not window.canvas
    window.answer.focus_force()
    wait_until(window, lambda: window.focus_get() is window.answer)
    window.answer.event_generate("<Left>")
    assert window.bars.values[1] == pytest.approx(0.9)
    window.answer.event_generate("<Right>")
    assert window.bars.values[2] == pytest.approx(0.9)


def test_the_menu_of_the_page_joins_the_digit_that_it_was_opened_on_with_the_next(window, hand, reader):
    reader.reads_apart = True
    for stroke in (LINE, OTHER, ((0.2, 0.9), (0.8, 0.9))):
        hand.draw(*stroke)
    hand.event("<Motion>", LINE[0])
    hand.event("<ButtonPress-3>", LINE[0])
    hand.event("<Leave>", LINE[0])  # for the menu
    window.menus.popped_up.invoke("Join with the next digit")
    window.menus.popped_up.unpost()
    window.update()
    assert window.title() == "2; 1 · 72 % — LeNet Canvas"  # two strokes together, and below it the third
    hand.press_key("<Control-z>")
    assert window.title() == "123 · 80 % — LeNet Canvas"


def test_a_drag_with_shift_joins_the_strokes_that_it_touches(window, hand, reader):
    reader.reads_apart = True
    hand.draw(*LINE)
    hand.draw(*OTHER)
    hand.event("<Shift-ButtonPress-1>", LINE[0])
    hand.event("<Shift-B1-Motion>", OTHER[0])
    hand.event("<Shift-B1-ButtonRelease-1>", OTHER[0])
    window.update()
    assert window.title() == TWO
    assert not window.canvas.find_withtag("frame")


def test_a_drag_with_shift_across_a_stroke_cuts_it_in_two(window, hand):
    hand.draw((0.2, 0.3), (0.2, 0.7), (0.6, 0.3), (0.6, 0.7))
    title = window.title()
    hand.event("<Shift-ButtonPress-1>", (0.4, 0.1))
    for y in (0.3, 0.5, 0.9):
        hand.event("<Shift-B1-Motion>", (0.4, y))
    assert window.canvas.find_withtag("path")
    hand.event("<Shift-B1-ButtonRelease-1>", (0.4, 0.9))
    window.update()
    assert window.title() == "11 · 81 % — LeNet Canvas"
    assert not window.canvas.find_withtag("path")
    hand.press_key("<Control-z>")
    assert window.title() == title


def test_the_menu_of_the_page_reads_a_digit_as_two(window, hand):
    hand.draw((0.2, 0.3), (0.2, 0.7), (0.6, 0.3), (0.6, 0.7))
    hand.event("<ButtonPress-3>", (0.4, 0.5))
    window.menus.popped_up.invoke("Read as two digits")
    window.menus.popped_up.unpost()
    window.update()
    assert window.title() == "11 · 81 % — LeNet Canvas"


def test_every_entry_of_every_menu_has_a_letter_of_its_own(window):
    def letters(menu):
        found = []
        for index in range(menu.index("end") + 1):
            if menu.type(index) != "separator":
                found.append(menu.entrycget(index, "label")[int(menu.entrycget(index, "underline"))])
            if menu.type(index) == "cascade":
                letters(window.nametowidget(menu.entrycget(index, "menu")))
        assert len({letter.lower() for letter in found}) == len(found)

    letters(window.menus)


def test_control_a_selects_all_in_the_windows_text_fields(window):
    field = ttk.Entry(window)
    field.insert(0, "text")
    field.grid()
    field.focus_force()
    wait_until(window, lambda: window.focus_get() is field)
    field.event_generate("<Control-a>")
    assert field.selection_present()
    field.destroy()


# Files and networks


def test_a_picture_is_opened_drawn_on_and_removed_by_clear_and_all_of_it_undone(
    window, hand, tmp_path, monkeypatch
):
    def shows():
        """Whether there is a page of pixels, and ink on it where LINE begins."""
        canvas = window.canvas
        return "image" in map(canvas.type, canvas.find_all()), hand.colour_at(LINE[0]) == INK

    nine, eight = "9 · 90 % — LeNet Canvas", "8 · 90 % — LeNet Canvas"
    choose_file(monkeypatch, tmp_path / "nine.png")
    hand.press_key("<Control-o>")
    assert (window.title(), shows()) == (nine, (True, False))
    hand.draw(*LINE)
    assert (window.title(), shows()) == (eight, (True, True))
    by_button(window, hand, "clear")
    assert window.title() == EMPTY
    by_button(window, hand, "undo")
    assert (window.title(), shows()) == (eight, (True, True))
    by_button(window, hand, "eraser")
    hand.draw((0.5, 0.3))
    assert (window.title(), shows()) == (nine, (True, False))
    window.geometry("700x560")
    wait_until(window, lambda: window.winfo_width() == 700)
    for _ in range(3):
        by_button(window, hand, "undo")
    assert window.title() == EMPTY


def test_a_saved_drawing_is_opened_again_with_the_same_strokes(window, hand, reader, tmp_path, monkeypatch):
    choose_file(monkeypatch, tmp_path / "drawing.jsonl")
    hand.draw(*LINE)
    hand.draw(*OTHER)
    drawn = reader.seen[-1]
    hand.press_key("<Control-s>")
    assert window.status.message == "Saved drawing.jsonl."
    by_key(window, hand, "clear")
    window.menus.choose("open")
    window.update()
    assert window.title() == TWO
    for stroke, before in zip(reader.seen[-1], drawn, strict=True):
        assert [c for p in stroke for c in p] == pytest.approx([c for p in before for c in p], abs=1e-5)


def recent(window):
    menu = window.menus.menus["recent"]
    return [menu.entrycget(index, "label") for index in range(menu.index("end") + 1)]


def test_files_in_use_last_can_be_opened_again(window, hand, tmp_path, monkeypatch, settings_path):
    assert recent(window) == ["Nothing yet"]
    (tmp_path / "nine.png").touch()
    choose_file(monkeypatch, tmp_path / "nine.png")
    window.menus.choose("open")
    choose_file(monkeypatch, tmp_path / "none.jpg")
    window.menus.choose("open")
    assert recent(window) == ["nine.png"]  # the other one could not be opened
    hand.draw(*LINE)
    choose_file(monkeypatch, tmp_path / "drawing.jsonl")
    window.menus.choose("save")
    assert recent(window) == ["drawing.jsonl", "nine.png"]
    window.menus.menus["recent"].invoke("nine.png")
    window.update()
    assert window.title() == "9 · 90 % — LeNet Canvas"
    files = tuple(str(tmp_path / name) for name in ("nine.png", "drawing.jsonl"))
    assert load_settings(settings_path)[0].recent == files


def test_a_file_that_is_gone_says_so_and_leaves_the_list(open_fake_window, settings_path, tmp_path):
    save_settings(Settings(recent=(str(tmp_path / "gone.png"),)), settings_path)
    window = open_fake_window()
    window.menus.menus["recent"].invoke("gone.png")
    assert window.status.message == "gone.png is no longer there, and has left the list."
    assert recent(window) == ["Nothing yet"]
    assert load_settings(settings_path)[0].recent == ()


def test_the_answer_and_the_drawing_are_copied(window, hand, monkeypatch):
    copied = []
    monkeypatch.setattr(clipboard, "copy_picture", lambda *picture: copied.append(picture))
    hand.press_key("<Control-c>")
    assert "no answer" in window.status.message
    hand.press_key("<Control-Shift-C>")
    assert ("no drawing" in window.status.message, copied) == (True, [])
    hand.draw(*LINE)
    hand.press_key("<Control-c>")
    assert window.clipboard_get() == "1 · 90 %"
    hand.press_key("<Control-Shift-C>")
    ((rgba, width, height),) = copied
    assert len(rgba) == 4 * width * height
    assert min(rgba) == 0


def test_a_clipboard_that_takes_no_picture_says_so(window, hand, monkeypatch):
    def fail(*picture):
        raise clipboard.ClipboardError("no display")

    monkeypatch.setattr(clipboard, "copy_picture", fail)
    hand.draw(*LINE)
    window.menus.choose("copy drawing")
    assert window.status.message == "This system’s clipboard takes no pictures."


def test_a_file_a_drawing_and_a_picture_are_pasted(window, hand, tmp_path, monkeypatch):
    (tmp_path / "nine.png").touch()
    window.clipboard_clear()
    window.clipboard_append(str(tmp_path / "nine.png"))
    hand.press_key("<Control-v>")
    assert window.title() == "9 · 90 % — LeNet Canvas"
    assert recent(window) == ["nine.png"]
    window.clipboard_clear()
    window.clipboard_append('{"strokes": [[[0.2, 0.3], [0.8, 0.3]]]}')
    hand.press_key("<Control-v>")
    assert window.title() == ONE
    monkeypatch.setattr(clipboard, "picture", lambda root: b"a picture")
    hand.press_key("<Control-v>")
    assert window.title() == "9 · 90 % — LeNet Canvas"
    for _ in range(3):
        by_key(window, hand, "undo")
    assert window.title() == EMPTY


@pytest.mark.parametrize("text", ["", "nothing of the kind", "x" * 10**6, '{"strokes": [[['])
def test_what_cannot_be_pasted_loses_nothing(window, hand, text):
    hand.draw(*LINE)
    window.clipboard_clear()
    window.clipboard_append(text)
    hand.press_key("<Control-v>")
    assert window.title() == ONE
    assert window.status.message == "There is no picture, no file and no drawing to paste."


@pytest.mark.parametrize("name", ["seven.png", "seven.SVG"])
def test_a_drawing_is_saved_as_what_the_name_says(window, hand, tmp_path, monkeypatch, name):
    choose_file(monkeypatch, tmp_path / name)
    hand.draw(*LINE)
    window.menus.choose("save")
    assert window.status.message == f"Saved {name}."
    content = (tmp_path / name).read_bytes()
    assert content.startswith(b"\x89PNG" if name.endswith("png") else b"<svg")
    assert recent(window) == (["seven.png"] if name == "seven.png" else ["Nothing yet"])


def test_nothing_to_save_is_said(window, hand, tmp_path, monkeypatch):
    choose_file(monkeypatch, tmp_path / "drawing.jsonl")
    hand.press_key("<Control-s>")
    assert "no drawing" in window.status.message
    assert not (tmp_path / "drawing.jsonl").exists()


def test_the_file_dialog_offers_what_the_page_can_be_saved_as(window, hand, tmp_path, monkeypatch):
    asked = []
    (tmp_path / "nine.png").touch()
    choose_file(monkeypatch, tmp_path / "nine.png")
    window.menus.choose("open")
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **options: asked.append(options))
    window.menus.choose("save")
    hand.draw(*LINE)
    window.menus.choose("save")
    assert [options["initialfile"] for options in asked] == ["drawing.png", "drawing.jsonl"]
    assert [[kind for _name, kind in options["filetypes"]] for options in asked] == [
        ["*.png", "*.svg"],
        ["*.jsonl", "*.png", "*.svg"],
    ]


def test_a_damaged_file_gets_a_message_and_leaves_the_drawing(window, hand, tmp_path, monkeypatch):
    (tmp_path / "bad.jsonl").write_text('{"strokes": [[[1')
    choose_file(monkeypatch, tmp_path / "bad.jsonl")
    hand.draw(*LINE)
    window.menus.choose("open")
    window.update()
    assert "bad.jsonl" in window.status.message
    assert window.title() == ONE


@pytest.mark.parametrize("action", ["open", "save"])
def test_a_cancelled_dialog_changes_nothing(window, hand, monkeypatch, action):
    choose_file(monkeypatch, "")
    hand.draw(*LINE)
    window.menus.choose(action)
    window.update()
    assert window.title() == ONE
    assert window.status.message == ""


def open_other_folder(window, monkeypatch, path):
    monkeypatch.setattr(open_network_dialog.filedialog, "askdirectory", lambda **options: str(path))
    window.menus.choose("open network")
    (dialog,) = shown(window, Dialog)
    dialog.other_button.invoke()
    return dialog


def test_another_network_takes_over_and_a_damaged_one_does_not(window, hand, tmp_path, monkeypatch):
    hand.draw(*LINE)
    open_other_folder(window, monkeypatch, tmp_path)
    assert tmp_path.name in window.status.message
    open_other_folder(window, monkeypatch, tmp_path / "none")
    assert window.status.message == "none is no network folder."
    assert tmp_path.name in str(window.status._right["text"])
    window.update()
    assert window.title() == ONE


@pytest.mark.usefixtures("window_of_its_own")
@pytest.mark.parametrize("remember", ["_use_network", "_use_at_start"])
def test_a_network_that_does_not_open_is_not_remembered_for_the_start(
    window, settings_path, tmp_path, remember
):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    arguments = (True,) if remember == "_use_network" else ()
    getattr(window, remember)(good, *arguments)
    assert load_settings(settings_path)[0].network == str(good)
    getattr(window, remember)(bad, *arguments)
    assert load_settings(settings_path)[0].network == str(good)
    assert window.status.message == "bad is no network folder."


def test_a_folder_that_is_not_chosen_after_all_changes_nothing(window, monkeypatch):
    dialog = open_other_folder(window, monkeypatch, "")
    assert shown(window, Dialog) == [dialog]
    assert window.status.message == ""


# Looks, and what is remembered of them


def test_the_pen_changes_how_the_canvas_looks_and_not_what_is_read(window, hand, reader, settings_path):
    hand.draw(*LINE)
    read = len(reader.seen)

    def width():
        x, y = LINE[0]
        return sum(hand.colour_at((x + i / 200, y)) == INK for i in range(-30, 30))

    before = width()
    window.menus.pick("pen", "thick")
    window.update()
    assert width() > before
    assert len(reader.seen) == read
    assert "network" in window.status.message
    assert load_settings(settings_path)[0].pen == "thick"
    window.show_message("")
    window.menus.pick("pen colour", "red")
    window.update()
    assert hand.colour_at(LINE[0]) == PALETTES["light"].pens["red"]
    assert len(reader.seen) == read
    assert "network" in window.status.message
    assert load_settings(settings_path)[0].pen_colour == "red"


def test_size_theme_and_pen_come_back_at_the_next_start(open_fake_window, settings_path):
    window = open_fake_window()
    window.geometry("700x560")
    wait_until(window, lambda: window.winfo_width() == 700)
    window.menus.pick("theme", "dark")
    window.menus.pick("pen", "thin")
    window.menus.pick("pen colour", "green")
    window.close()
    assert is_closed(window)
    again = open_fake_window()
    assert (again.winfo_width(), again.winfo_height()) == (700, 560)
    assert again.canvas["background"] == PALETTES["dark"].paper
    Hand(again).draw(*LINE)
    assert Hand(again).colour_at(LINE[0]) == PALETTES["dark"].pens["green"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another call for it")
def test_a_maximised_window_comes_back_so_and_keeps_the_size_it_had(
    open_fake_window, settings_path, monkeypatch
):
    save_settings(Settings(width=700, height=560, is_maximised=True), settings_path)
    window = open_fake_window()
    assert window.attributes("-zoomed")
    window.geometry("900x700")  # as a desktop would make it
    wait_until(window, lambda: window.winfo_width() == 900)
    window.close()
    assert load_settings(settings_path)[0] == Settings(width=700, height=560, is_maximised=True)
    window = open_fake_window()
    monkeypatch.setattr(window, "attributes", lambda name: 0)  # made smaller by hand, which takes a desktop
    window.close()
    assert not load_settings(settings_path)[0].is_maximised


def test_f11_fills_the_screen_and_escape_leaves_it_before_the_eraser(window, hand, monkeypatch):
    full = []
    monkeypatch.setattr(window, "attributes", lambda name, *value: full.append((name, *value)))
    hand.draw(*LINE)
    by_button(window, hand, "eraser")
    hand.press_key("<F11>")
    hand.press_key("<F11>")
    hand.press_key("<F11>")
    hand.press_key("<Escape>")
    assert full == [("-fullscreen", is_full) for is_full in (True, False, True, False)]
    assert window.tools.is_erasing.get()
    hand.press_key("<Escape>")
    assert not window.tools.is_erasing.get()


def test_a_full_screen_is_no_size_to_come_back_to(open_fake_window, settings_path, monkeypatch):
    save_settings(Settings(width=700, height=560), settings_path)
    window = open_fake_window()
    monkeypatch.setattr(window, "attributes", lambda *arguments: 0)
    window.menus.choose("full screen")
    window.geometry("900x700")  # as the desktop makes it
    wait_until(window, lambda: window.winfo_width() == 900)
    window.close()
    settings = load_settings(settings_path)[0]
    assert (settings.width, settings.height) == (700, 560)


def test_two_windows_leave_each_others_choices(open_fake_window, settings_path):
    first, second = open_fake_window(), open_fake_window()
    first.menus.pick("theme", "dark")
    first.close()
    second.menus.pick("pen", "thin")
    second.close()
    settings = load_settings(settings_path)[0]
    assert (settings.theme, settings.pen) == ("dark", "thin")


def test_settings_that_are_damaged_meanwhile_are_written_anew(open_fake_window, settings_path):
    window = open_fake_window()
    window.menus.pick("theme", "dark")
    settings_path.write_text("{")
    window.menus.pick("pen", "thin")
    settings = load_settings(settings_path)[0]
    assert (settings.theme, settings.pen) == ("dark", "thin")


def test_a_window_too_large_for_the_screen_is_made_to_fit(open_fake_window, settings_path):
    settings_path.parent.mkdir()
    settings_path.write_text(json.dumps({"width": 9000, "height": 3}))
    window = open_fake_window()
    assert 640 <= window.winfo_width() <= window.winfo_screenwidth()
    assert window.winfo_height() >= 480


def test_damaged_settings_are_set_aside_with_a_message(open_fake_window, settings_path):
    settings_path.parent.mkdir()
    settings_path.write_text("{")
    window = open_fake_window()
    assert "settings.damaged.json" in window.status.message
    assert settings_path.with_name("settings.damaged.json").exists()


@pytest.mark.parametrize("has_picture", [False, True])
def test_at_the_largest_size_nothing_of_the_window_covers_another_or_is_cut(
    open_fake_window, settings_path, tmp_path, has_picture
):
    save_settings(Settings(zoom=300), settings_path)
    window = open_fake_window()
    hint, *_others = window.canvas.find_all()
    assert window.canvas.bbox(hint)[3] <= window.examples.winfo_y() + 3
    if has_picture:
        window.exchange.open_path(tmp_path / "nine.png")
        wait_until(window, window.buttons["select"].winfo_ismapped)
        window.update()
    shown = [button for name, button in window.buttons.items() if name != "select" or has_picture]
    for button in shown:
        assert button.winfo_width() >= button.winfo_reqwidth()
        assert button.winfo_rootx() + button.winfo_width() <= window.bars.winfo_rootx()
        assert button.winfo_rooty() + button.winfo_height() <= window.status.winfo_rooty()
    bottoms = [window.bars.bbox(row.digit)[3] for row in window.bars._rows]
    tops = [window.bars.bbox(row.digit)[1] for row in window.bars._rows]
    assert all(bottom <= top + 6 for bottom, top in zip(bottoms, tops[1:], strict=False))


@pytest.mark.usefixtures("window_of_its_own")
def test_a_stroke_ends_where_the_window_is_built_anew(window, hand):
    with rebuilt(window):
        window.canvas.event_generate("<ButtonPress-1>", x=150, y=100)
        window.canvas.event_generate("<B1-Motion>", x=150, y=200)
        window.appearance.zoom_by(1)
    assert not window._controller.is_stroke_underway
    assert window._is_enabled["undo"]


def test_what_is_taken_for_ink_is_tinted_unless_that_is_not_wanted(window, hand, tmp_path):
    def is_grey():
        colour = hand.colour_at((0.51, 0.5))
        return colour[1:3] == colour[3:5] == colour[5:7]

    window.exchange.open_path(tmp_path / "nine.png")
    assert not is_grey()
    by_menu(window, hand, "tint")
    assert is_grey()
    by_menu(window, hand, "tint")
    assert not is_grey()


def test_settings_that_cannot_be_saved_get_a_message(open_fake_window, settings_path):
    settings_path.parent.write_text("a file where the folder should be")
    window = open_fake_window()
    window.menus.pick("theme", "dark")
    assert "could not be saved" in window.status.message
    window.close()
    assert is_closed(window)


def test_everything_has_room_in_the_smallest_window(window):
    window.geometry("640x480")
    wait_until(window, lambda: window.winfo_width() == 640)
    window.update()
    for part in (window.canvas, window.answer, window.preview, window.bars, window.status):
        assert part.winfo_rootx() + part.winfo_width() <= window.winfo_rootx() + 640
        assert part.winfo_rooty() + part.winfo_height() <= window.winfo_rooty() + 480
    for row in window.bars._rows:
        left, top, right, bottom = window.bars.bbox(row.digit, row.percent)
        assert 0 <= top < bottom <= window.bars.winfo_height() + 1
        assert -1 <= left < right <= window.bars.winfo_width() + 1
    left, top, right, bottom = window.preview.bbox("all")
    assert -1 <= left < right <= window.preview.winfo_width() + 1
    assert -1 <= top < bottom <= window.preview.winfo_height() + 1


@pytest.mark.usefixtures("window_of_its_own")
def test_a_dialog_with_work_in_it_outlives_a_change_of_language(window, monkeypatch):
    window.menus.choose("shortcuts")
    (dialog,) = shown(window, Dialog)
    monkeypatch.setattr(type(dialog), "is_busy", True)
    with rebuilt(window):
        window.menus.pick("language", "it")
    assert window.buttons["undo"]["text"] == "Annulla"
    assert shown(window, Dialog) == [dialog]


def test_buttons_explain_themselves(window):
    assert tip_of(window.buttons["undo"]) == "Take the last change back (Ctrl+Z)"


# Errors, the terminal, the end


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (SavedNetworkError("The network is damaged."), "The network is damaged."),
        (ZeroDivisionError(), "Something went wrong in the program (ZeroDivisionError)"),
    ],
)
def test_an_error_in_an_event_is_shown_and_a_surprise_is_logged(window, caplog, error, message):
    window.report_callback_exception(type(error), error, None, expected=True)
    assert window.status.message.startswith(message)
    assert bool(caplog.records) == isinstance(error, ZeroDivisionError)


def test_control_c_in_the_terminal_ends_the_window_and_remembers_its_size(
    open_fake_window, settings_path, monkeypatch
):
    monkeypatch.setattr(window_module, "take_drops", lambda *arguments: False)  # other windows follow here
    window = open_fake_window()
    timer = threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        window.run()
    assert is_closed(window)
    assert load_settings(settings_path)[0].width


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_there_is_one_sentence(display, monkeypatch, tmp_path):
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(NoDisplayError, match="no screen"):
        window_module.open_window(FakeReader(), settings_path=tmp_path / "settings.json")


@pytest.mark.parametrize("name", ["seven.jsonl", "nowhere.jsonl"])
def test_a_file_that_is_named_at_the_start_is_on_the_page(display, monkeypatch, settings_path, name):
    seen = []

    def look(window):
        wait_until(window, lambda: window._controller._drawing.strokes or window.status.message)
        window.update()
        seen.append((window.title(), window.status.message, load_settings(settings_path)[0].recent))
        window.destroy()

    monkeypatch.setattr(window_module.Window, "run", look)
    file = ROOT / "assets" / "examples" / name
    window_module.open_window(FakeReader(), settings_path=settings_path, file=file)
    if file.exists():
        assert seen == [(TWO, "Opened seven.jsonl.", (str(file),))]
    else:
        assert seen == [(EMPTY, f"There is no {name}.", ())]


def test_control_q_quits(open_fake_window, settings_path):
    window = open_fake_window()
    window.canvas.focus_force()
    window.update()
    window.canvas.event_generate("<Control-q>")
    assert is_closed(window)
    assert load_settings(settings_path)[0] != Settings()


def test_the_desktop_knows_the_window_for_that_of_its_menu(window):
    entry = Path(__file__).resolve().parents[3] / "assets" / "lenet-canvas.desktop"
    assert f"StartupWMClass={window.winfo_class()}" in entry.read_text(encoding="utf-8").splitlines()


@pytest.mark.usefixtures("window_of_its_own")
def test_examples_are_offered_while_the_page_is_empty(window, hand, reader):
    assert window.examples.are_shown
    hand.draw((0.2, 0.2), (0.8, 0.2))
    assert not window.examples.are_shown
    window.buttons["undo"].invoke()
    assert window.examples.are_shown
    window.update()
    left, top, right, bottom = window.examples.box(1)
    for event in ("<Button-1>", "<ButtonRelease-1>"):
        window.examples.event_generate(event, x=int(left + right) // 2, y=int(top + bottom) // 2)
    wait_until(window, lambda: len(reader.seen) == 2)
    assert not window.examples.are_shown
    assert window.focus_lastfor() is window.canvas
    assert reader.seen[-1] == [list(stroke.points) for stroke in examples()[1].strokes]
    window.buttons["undo"].invoke()
    assert window.examples.are_shown


def test_a_stroke_that_begins_on_an_example_is_drawn(window, reader):
    left, top, right, bottom = map(int, window.examples.box(0))
    x, y = window.examples.winfo_x(), window.examples.winfo_y()
    window.examples.event_generate("<Button-1>", x=left + 5, y=top + 5)
    window.examples.event_generate("<B1-Motion>", x=right, y=bottom)
    window.update()
    assert not window.examples.are_shown
    window.canvas.event_generate("<B1-Motion>", x=x + right + 20, y=y + bottom)  # as it is gone
    window.canvas.event_generate("<ButtonRelease-1>", x=x + right + 20, y=y + bottom)
    window.update()
    ((first, *_, last),) = reader.seen[-1]
    width = window.canvas.width
    assert (last[0] - first[0]) * width == pytest.approx(right + 20 - left - 5, rel=0.2)
    assert last[1] > first[1]


def test_a_picture_takes_the_place_of_the_examples(window, tmp_path):
    window.exchange.open_path(tmp_path / "nine.png")
    assert not window.examples.are_shown


@pytest.mark.usefixtures("window_of_its_own")
def test_an_example_is_reached_by_keys(window, reader):
    window.examples.focus_force()
    wait_until(window, lambda: window.examples.find_withtag("mark"))
    window.examples.event_generate("<Right>")
    window.examples.event_generate("<Right>")
    window.examples.event_generate("<Return>")
    wait_until(window, lambda: reader.seen)
    assert reader.seen[-1] == [list(stroke.points) for stroke in examples()[2].strokes]


def test_a_screen_reader_is_told_the_answer(window, hand, monkeypatch):
    told = {}
    monkeypatch.setattr(window_module, "tell_value", lambda widget, value: told.update({widget: value}))
    hand.draw(*LINE)
    assert told == {window.answer: "1 · 90 %"}
    window.buttons["clear"].invoke()
    wait_until(window, lambda: told == {window.answer: ""})


def test_a_pen_rests_when_it_has_not_moved_for_a_moment(window):
    rested = []
    for number in range(3):
        window.when_resting(lambda number=number: rested.append(number))
        window.update()
    assert rested == []
    wait_until(window, lambda: rested)
    assert rested == [2]
    window.when_resting(lambda: rested.append(3))
    window.destroy()
    assert rested == [2]
