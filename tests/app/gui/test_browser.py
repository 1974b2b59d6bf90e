"""app/gui/browser.py: the window of --mode viewtest, by mouse and keys."""

import numpy as np
import pytest

from app.gui import browser as browser_module
from app.gui.browser import Browser, open_browser
from app.gui.dialogs.image_dialog import ImageDialog
from app.gui.theme import PALETTES
from engine import Dataset, Evaluation
from tests.app.hand import is_closed, is_shown, press, shown, wait_until


@pytest.fixture
def results():
    """45 digits from 0 to 8, again and again; all are read as 1, each 2 points less surely than the last."""
    labels = np.arange(45) % 9
    probabilities = np.zeros((45, 10), np.float32)
    probabilities[:, 1] = 0.989 - 0.02 * np.arange(45)
    return Dataset(np.zeros((45, 28, 28), np.uint8), labels), Evaluation(probabilities, labels, 1.0)


@pytest.fixture
def browser(root, results):
    root.geometry("560x560")
    browser = Browser(root, *results, source="MNIST", palette=PALETTES["light"])
    browser.pack(fill="both", expand=True)
    wait_until(root, lambda: browser.gallery.grid_of_digits.capacity == 15)
    return browser


def numbers(browser):
    return [int(tile.caption.rpartition(" ")[2]) for tile in browser.gallery.grid_of_digits.tiles]


def choose(choice, place):
    choice.current(place)
    choice.event_generate("<<ComboboxSelected>>")
    choice.update()


def type_into(entry, text):
    entry.focus_force()
    entry.delete(0, "end")
    entry.insert(0, text)
    wait_until(entry, lambda: entry.focus_get() is entry)
    entry.event_generate("<Return>")
    entry.update()


def test_images_are_found_by_digit_by_sureness_and_by_mistake(browser):
    assert numbers(browser) == list(range(15))
    choose(browser.digit, 3)
    assert numbers(browser) == [2, 11, 20, 29, 38]
    assert browser.gallery.title["text"] == "MNIST: 5 of 45 test images"
    choose(browser.sureness, 3)
    assert numbers(browser) == [2]
    choose(browser.digit, 0)
    choose(browser.sureness, 0)
    browser.mistakes.invoke()
    assert numbers(browser)[:3] == [0, 2, 3]
    assert "40 mistakes" in browser.gallery.title["text"]


def test_a_page_and_an_image_are_gone_to_by_their_numbers(browser):
    type_into(browser.page, "2")
    assert numbers(browser) == list(range(15, 30))
    type_into(browser.number, "40")
    assert numbers(browser) == list(range(30, 45))
    assert browser.gallery.grid_of_digits.marked == 10
    assert browser.focus_get() is browser.gallery.grid_of_digits
    type_into(browser.number, "99")
    assert browser.trouble["text"]
    assert browser.gallery.first == 30
    type_into(browser.page, "1")
    assert not browser.trouble["text"]
    assert browser.gallery.first == 0


def test_keys_lead_to_both_ends_and_to_the_number_of_a_page(browser, root):
    grid = browser.gallery.grid_of_digits
    grid.focus_force()
    wait_until(root, lambda: root.focus_get() is grid)
    grid.event_generate("<End>")
    assert browser.gallery.first == 30
    grid.event_generate("<Home>")
    assert browser.gallery.first == 0
    grid.event_generate("<Control-g>")
    wait_until(root, lambda: root.focus_get() is browser.page)


def test_a_click_or_return_shows_the_image_large_with_all_probabilities(browser, root, results):
    grid = browser.gallery.grid_of_digits
    left, top, right, bottom = grid.box(4)
    grid.event_generate("<Button-1>", x=int(left + right) // 2, y=int(top + bottom) // 2)
    root.update()
    (dialog,) = shown(root, ImageDialog)
    assert dialog.title() == "Test image no. 4"
    assert dialog.picture.width() == 280
    assert dialog.bars.values == tuple(results[1].probabilities[4].tolist())
    press(dialog, "<Right>")
    assert dialog.title() == "Test image no. 5"
    press(dialog, "<Left>")
    press(dialog, "<Left>")
    assert dialog.title() == "Test image no. 3"
    press(dialog, "<Escape>")
    assert not shown(root, ImageDialog)
    grid.focus_force()
    wait_until(root, lambda: root.focus_get() is grid)
    grid.event_generate("<Return>")
    root.update()
    (dialog,) = shown(root, ImageDialog)
    assert dialog.title() == "Test image no. 4"


def test_the_neighbours_of_a_large_image_are_those_that_are_looked_for(browser, root):
    choose(browser.digit, 3)
    browser._show_large(2)
    (dialog,) = shown(root, ImageDialog)
    assert dialog.back_button.instate(["disabled"])
    dialog.turn(-1)
    dialog.turn(1)
    assert dialog.title() == "Test image no. 11"
    browser._show_large(38)
    (dialog,) = shown(root, ImageDialog)  # the other one has made room
    assert dialog.on_button.instate(["disabled"])


def test_a_large_image_keeps_its_neighbours_where_something_else_is_looked_for(browser, root):
    browser._show_large(44)
    (dialog,) = shown(root, ImageDialog)
    choose(browser.digit, 3)
    dialog.turn(-1)
    assert dialog.title() == "Test image no. 43"


def test_the_window_opens_and_closes(display, results, monkeypatch):
    titles = []

    def close(root):
        root.update()
        (browser,) = shown(root, Browser)
        titles.append((root.title(), browser.gallery.title["text"]))
        root.destroy()

    monkeypatch.setattr(browser_module, "run_until_closed", close)
    open_browser(*results, source="MNIST")
    open_browser(*results, source="MNIST", only_mistakes=True)
    assert titles == [
        ("Test images — LeNet Canvas", "MNIST: 45 test images, of which 11.11 % are read right"),
        ("Test images — LeNet Canvas", "MNIST: 40 mistakes among 45 test images, the surest first"),
    ]


def test_its_window_has_the_icon_and_closes_by_escape(display, results, monkeypatch):
    icons = []

    def press_escape(root):
        wait_until(root, root.winfo_viewable)
        root.focus_force()
        wait_until(root, lambda: root.focus_get() is root)
        root.event_generate("<Escape>")

    monkeypatch.setattr(browser_module, "show_icon", icons.append)
    monkeypatch.setattr(browser_module, "run_until_closed", press_escape)
    open_browser(*results, source="MNIST")
    (root,) = icons
    assert is_closed(root)


def test_all_stays_in_sight_on_a_small_screen(display, results, monkeypatch):
    sizes, scrolled = [], []

    def look(root):
        wait_until(root, root.winfo_viewable)
        root.update()
        (browser,) = shown(root, Browser)
        on = browser.gallery.on
        sizes.append((root.winfo_width(), on.winfo_rooty() + on.winfo_height(), root.winfo_reqwidth()))
        browser._show_large(7)
        (dialog,) = shown(root, ImageDialog)
        wait_until(root, dialog.winfo_viewable)
        root.update()
        scrolled.append(is_shown(dialog.scrolled.across) or is_shown(dialog.scrolled.down))
        root.destroy()

    monkeypatch.setattr(browser_module.tk.Tk, "winfo_screenwidth", lambda root: 640)
    monkeypatch.setattr(browser_module.tk.Tk, "winfo_screenheight", lambda root: 480)
    monkeypatch.setattr(browser_module, "run_until_closed", look)
    open_browser(*results, source="MNIST")
    ((width, bottom, wanted),) = sizes
    assert wanted <= width <= 576
    assert bottom <= 432
    assert scrolled == [False]
