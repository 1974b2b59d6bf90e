"""app/gui/appearance.py: in the real window, what View says of theme, size and language."""

from tkinter import font

import pytest

from app.gui import appearance
from app.gui.dialogs.dialog import Dialog
from app.gui.theme import PALETTES, pixels
from app.store.settings import ZOOMS, Settings, load_settings, save_settings
from tests.app.fakes import FakeSystemTheme
from tests.app.hand import Hand, by_button, rebuilt, shown, wait_until

pytestmark = pytest.mark.usefixtures("window_of_its_own")

INK = PALETTES["light"].ink
LINE = ((0.2, 0.3), (0.8, 0.3))

EMPTY = "LeNet Canvas"
ONE = "1 · 90 % — LeNet Canvas"


def test_the_theme_changes_live_and_is_remembered(window, hand, settings_path):
    hand.draw(*LINE)
    window.menus.choose("shortcuts")
    window.menus.pick("theme", "dark")
    window.update()
    dark = PALETTES["dark"]
    assert window.canvas["background"] == dark.paper
    assert hand.colour_at(LINE[0]) == dark.ink
    assert window.bars["background"] == dark.window
    assert load_settings(settings_path)[0].theme == "dark"
    assert window.title() == ONE


def test_the_window_follows_the_system_until_a_theme_is_chosen(open_fake_window, settings_path, monkeypatch):
    monkeypatch.setattr(FakeSystemTheme, "theme", None)  # it has not answered yet
    window = open_fake_window()
    assert window.canvas["background"] == PALETTES["light"].paper
    monkeypatch.setattr(FakeSystemTheme, "theme", "dark")
    wait_until(window, lambda: window.canvas["background"] == PALETTES["dark"].paper)
    window.menus.pick("theme", "light")
    assert window.canvas["background"] == PALETTES["light"].paper
    window.menus.pick("theme", "system")
    assert window.canvas["background"] == PALETTES["dark"].paper
    assert load_settings(settings_path)[0].theme == "system"


def test_the_window_follows_the_system_while_it_is_open(open_fake_window, monkeypatch):
    monkeypatch.setattr(appearance, "_SELDOM_MS", 20)
    window = open_fake_window()
    window.menus.choose("about")
    for theme in ("dark", "light"):
        monkeypatch.setattr(FakeSystemTheme, "theme", theme)
        wait_until(window, lambda theme=theme: window.canvas["background"] == PALETTES[theme].paper)
    assert shown(window, Dialog)


def test_a_system_that_does_not_answer_is_light_until_it_does(open_fake_window, monkeypatch):
    monkeypatch.setattr(FakeSystemTheme, "theme", None)
    window = open_fake_window()
    window.appearance.follow_system(looks_soon=0)
    assert window.canvas["background"] == PALETTES["light"].paper
    monkeypatch.setattr(FakeSystemTheme, "theme", "dark")
    wait_until(window, lambda: window.canvas["background"] == PALETTES["dark"].paper)


def test_everything_grows_and_shrinks_by_keys_and_is_remembered(open_fake_window, settings_path):
    def height():
        return font.nametofont("SunValleyBodyFont", window).metrics("linespace")

    save_settings(Settings(zoom=ZOOMS[-2]), settings_path)  # each size on the way is made anew
    window = open_fake_window()
    hand = Hand(window)
    hand.draw(*LINE)
    for _ in range(2):  # no larger than the largest
        hand.press_key("<Control-plus>")
    assert load_settings(settings_path)[0].zoom == 300
    largest, button = height(), window.buttons["undo"].winfo_reqheight()
    assert (window.title(), window.answer.symbol) == (ONE, "1")
    hand.press_key("<Control-Key-0>")
    first = height()
    assert largest == pytest.approx(3 * first, abs=3)
    wait_until(window, lambda: abs(button - 3 * window.buttons["undo"].winfo_reqheight()) <= 6)
    for _ in range(ZOOMS.index(100) + 1):
        hand.press_key("<Control-minus>")
    assert load_settings(settings_path)[0].zoom == 80
    assert height() < first


def test_the_zoom_comes_back_at_the_next_start(open_fake_window, settings_path):
    save_settings(Settings(zoom=150), settings_path)
    window = open_fake_window()
    assert pixels(window, 10) == 15


def test_the_language_changes_live_and_is_remembered(window, hand, settings_path):
    hand.draw(*LINE)
    by_button(window, hand, "eraser")
    window.menus.choose("shortcuts")
    with rebuilt(window):
        window.menus.pick("language", "it")
    assert shown(window, Dialog) == []  # one in the old language would be left
    assert window.menus.entrycget(1, "label").strip() == "Modifica"
    assert window.buttons["undo"]["text"] == "Annulla"
    assert window.buttons["undo"].instate(["!disabled"])
    assert window.title() == ONE
    assert window.answer.symbol == "1"
    assert hand.colour_at(LINE[0]) == INK
    assert str(window.status._right["text"]).endswith("fake_network")
    hand.draw((0.5, 0.3))  # the eraser is still at hand
    assert window.title() == EMPTY
    assert load_settings(settings_path)[0].language == "it"
    with rebuilt(window):
        window.menus.pick("language", "system")
    assert window.buttons["undo"]["text"] == "Undo"
    assert load_settings(settings_path)[0].language is None


def test_the_language_comes_back_at_the_next_start(open_fake_window, settings_path):
    save_settings(Settings(language="it"), settings_path)
    window = open_fake_window()
    assert window.buttons["undo"]["text"] == "Annulla"
    assert window.appearance.language.get() == "it"
