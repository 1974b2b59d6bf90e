"""app/gui/tools.py: eraser and Select in the real window, taken and put away by buttons, menus and keys."""

import pytest

from app.store.settings import load_settings
from tests.app.hand import by_button, by_menu, rebuilt, wait_until

LINE = ((0.2, 0.3), (0.8, 0.3))
OTHER = ((0.2, 0.7), (0.8, 0.7))

EMPTY = "LeNet Canvas"
ONE = "1 · 90 % — LeNet Canvas"
TWO = "2 · 90 % — LeNet Canvas"


@pytest.fixture
def pictured(window, tmp_path):
    window.exchange.open_path(tmp_path / "nine.png")
    wait_until(window, window.buttons["select"].winfo_ismapped)
    return window


def has_box(window):
    return bool(window.canvas.find_withtag("box"))


@pytest.mark.usefixtures("window_of_its_own")
def test_the_right_button_erases_the_stroke_that_it_crosses_if_that_is_wanted(window, hand, settings_path):
    with rebuilt(window):
        window.menus.choose("right erases")
    assert load_settings(settings_path)[0].right_erases
    hand.draw(*LINE)
    hand.draw(*OTHER)
    hand.erase((0.5, 0.6), (0.5, 0.7), (0.5, 0.8))
    assert window.title() == ONE
    hand.erase((0.5, 0.3))
    assert window.title() == EMPTY
    by_button(window, hand, "undo")
    assert window.title() == ONE


@pytest.mark.parametrize("do", [by_button, by_menu])
def test_the_eraser_makes_the_left_button_erase_until_nothing_is_left(window, hand, do):
    hand.draw(*LINE)
    hand.draw(*OTHER)
    do(window, hand, "eraser")
    assert "erase" in window.status.message
    hand.draw((0.5, 0.6), (0.5, 0.7), (0.5, 0.8))
    assert window.title() == ONE
    hand.draw((0.5, 0.3))
    assert window.title() == EMPTY
    assert window.status.message == ""
    hand.draw(*LINE)
    assert window.title() == ONE


def test_another_message_outlives_the_eraser(window, hand):
    hand.draw(*LINE)
    by_button(window, hand, "eraser")
    window.show_message("The network reads now.")
    hand.draw((0.5, 0.3))
    assert window.title() == EMPTY
    assert window.status.message == "The network reads now."


def test_escape_puts_the_eraser_away(window, hand):
    hand.draw(*LINE)
    by_button(window, hand, "eraser")
    hand.press_key("<Escape>")
    assert window.status.message == ""
    hand.draw(*OTHER)
    assert window.title() == TWO


def test_the_eraser_is_put_away_again(window, hand):
    hand.draw(*LINE)
    by_button(window, hand, "eraser")
    by_menu(window, hand, "eraser")
    hand.draw(*OTHER)
    assert window.title() == TWO


def test_select_stands_among_the_tools_while_there_is_a_picture(window, hand, tmp_path):
    window.update()
    assert not window.buttons["select"].winfo_ismapped()
    assert not window.menus.is_enabled("select")
    window.exchange.open_path(tmp_path / "nine.png")
    wait_until(window, window.buttons["select"].winfo_ismapped)
    assert window.buttons["select"].winfo_x() < window.buttons["clear"].winfo_x()
    assert window.menus.is_enabled("select")
    by_button(window, hand, "select")
    by_button(window, hand, "clear")
    wait_until(window, lambda: not window.buttons["select"].winfo_ismapped())
    hand.draw(*LINE)
    assert window.title() == ONE  # and has left the hand


def test_a_box_is_dragged_and_undo_a_click_outside_and_escape_take_it_off(pictured, hand):
    hand.press_key("<Control-b>")
    assert "box" in pictured.status.message
    box = (0.3, 0.3), (0.7, 0.7)
    for take_off in (
        lambda: by_button(pictured, hand, "undo"),
        lambda: hand.draw((0.9, 0.9)),
        lambda: hand.press_key("<Escape>"),
    ):
        hand.draw(*box)
        assert has_box(pictured)
        take_off()
        assert not has_box(pictured)
    hand.press_key("<Escape>")
    hand.draw(*LINE)  # Select has left the hand, too
    assert pictured.title() == "8 · 90 % — LeNet Canvas"
    assert pictured.status.message == ""


def test_eraser_and_select_put_each_other_away(pictured, hand):
    hand.draw(*LINE)
    by_button(pictured, hand, "select")
    by_button(pictured, hand, "eraser")
    hand.draw((0.5, 0.3))
    assert pictured.title() == "9 · 90 % — LeNet Canvas"
    hand.press_key("<Control-b>")
    hand.draw((0.3, 0.3), (0.7, 0.7))
    assert has_box(pictured)


@pytest.mark.usefixtures("window_of_its_own")
def test_a_window_that_is_built_anew_keeps_box_tool_and_tint(pictured, hand):
    by_button(pictured, hand, "select")
    hand.draw((0.3, 0.3), (0.7, 0.7))
    by_menu(pictured, hand, "tint")
    plain = hand.colour_at((0.5, 0.5))
    with rebuilt(pictured):
        pictured.menus.choose("larger")
    wait_until(pictured, pictured.buttons["select"].winfo_ismapped)
    assert has_box(pictured)
    shades = [int(colour[1:3], 16) for colour in (plain, hand.colour_at((0.5, 0.5)))]
    assert abs(shades[0] - shades[1]) < 8  # resampled for another size; the tint would be far off
    hand.draw((0.9, 0.7))
    assert not has_box(pictured)


@pytest.mark.usefixtures("window_of_its_own")
def test_a_box_is_there_where_the_window_is_built_anew_amid_its_drag(pictured, hand):
    pictured.menus.choose("select")
    with rebuilt(pictured):
        pictured.canvas.event_generate("<ButtonPress-1>", x=100, y=100)
        pictured.canvas.event_generate("<B1-Motion>", x=220, y=240)
        pictured.appearance.zoom_by(1)
    assert has_box(pictured)
    hand.press_key("<Escape>")
    assert not has_box(pictured)
