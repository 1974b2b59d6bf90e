"""The gallery: turns pages by buttons and keys, and stops at both ends."""

import numpy as np
import pytest

from app.gui import gallery as gallery_module
from app.gui.gallery import Gallery, open_gallery
from app.gui.theme import PALETTES
from app.page.predicted import digit_tile
from engine import Dataset, Evaluation
from tests.app.hand import is_closed, wait_until


@pytest.fixture
def results():
    """45 digits, of which every third is misread."""
    dataset = Dataset(np.zeros((45, 28, 28), np.uint8), np.arange(45) % 3 // 2)
    probabilities = np.tile(np.array([0.7, 0.3], np.float32), (45, 1))
    return dataset, Evaluation(probabilities, dataset.labels, 1.0)


@pytest.fixture
def chosen():
    return []


def open_in(root, results, on_choose=None, size="560x460"):
    """A gallery of 45 images with room for 5 columns and 3 rows, three pages."""
    root.geometry(size)
    gallery = Gallery(
        root, lambda index: digit_tile(*results, index), palette=PALETTES["light"], on_choose=on_choose
    )
    gallery.pack(fill="both", expand=True)
    wait_until(root, lambda: gallery.grid_of_digits.capacity == 15)
    gallery.show(list(range(45)), "All")
    return gallery


def shown(gallery):
    return [int(tile.caption.rpartition(" ")[2]) for tile in gallery.grid_of_digits.tiles]


def test_buttons_turn_pages_and_stop_at_both_ends(root, results):
    gallery = open_in(root, results)
    assert gallery.label["text"] == "Page 1 of 3"
    assert gallery.back.instate(["disabled"])
    gallery.on.invoke()
    gallery.on.invoke()
    assert gallery.label["text"] == "Page 3 of 3"
    assert shown(gallery) == list(range(30, 45))
    assert gallery.on.instate(["disabled"])
    gallery.on.invoke()
    assert gallery.first == 30
    gallery.back.invoke()
    assert shown(gallery) == list(range(15, 30))


@pytest.mark.parametrize(("on", "back"), [("<Right>", "<Left>"), ("<Next>", "<Prior>")])
def test_keys_turn_pages(root, results, on, back):
    gallery = open_in(root, results)
    root.focus_force()
    root.update()
    root.event_generate(on)
    wait_until(root, lambda: gallery.first == 15)
    root.event_generate(on)
    root.event_generate(on)  # there is no fourth
    root.event_generate(back)
    wait_until(root, lambda: gallery.first == 15)


def test_a_larger_window_shows_more_and_begins_with_a_whole_page(root, results):
    gallery = open_in(root, results)
    gallery.on.invoke()
    root.geometry("860x700")
    wait_until(root, lambda: gallery.grid_of_digits.capacity == 40)
    root.update()
    assert gallery.label["text"] == "Page 1 of 2"
    assert shown(gallery) == list(range(40))


def test_other_images_begin_on_their_first_page(root, results):
    gallery = open_in(root, results)
    gallery.on.invoke()
    gallery.show([7, 3], "Two")
    assert shown(gallery) == [7, 3]
    assert gallery.label["text"] == "Page 1 of 1"
    assert gallery.title["text"] == "Two"
    gallery.show([], "None")
    assert shown(gallery) == []
    assert gallery.label["text"] == "Page 1 of 1"


def test_a_click_chooses_an_image_of_the_page_that_is_shown(root, results, chosen):
    gallery = open_in(root, results, chosen.append)
    gallery.on.invoke()
    gallery.grid_of_digits.event_generate("<Button-1>", x=300, y=60)
    root.update()
    assert chosen == [17]


def test_the_window_opens_and_closes(display, results, monkeypatch):
    titles = []

    def close(root):
        root.update()
        titles.append(root.title())
        root.destroy()

    monkeypatch.setattr(gallery_module, "run_until_closed", close)
    open_gallery(*results, range(45), "All digits")
    open_gallery(*results, [], "No mistakes")
    assert titles == ["Test images — LeNet Canvas"] * 2


def test_its_window_has_the_icon_and_closes_by_escape(display, results, monkeypatch):
    icons = []

    def press_escape(root):
        wait_until(root, root.winfo_viewable)
        root.focus_force()
        wait_until(root, lambda: root.focus_get() is root)
        root.event_generate("<Escape>")

    monkeypatch.setattr(gallery_module, "show_icon", icons.append)
    monkeypatch.setattr(gallery_module, "run_until_closed", press_escape)
    open_gallery(*results, range(45), "All digits")
    (root,) = icons
    assert is_closed(root)


def test_the_buttons_stay_on_a_small_screen(display, results, monkeypatch):
    sizes = []

    def look(root):
        wait_until(root, root.winfo_viewable)
        root.update()
        (gallery,) = (child for child in root.winfo_children() if isinstance(child, Gallery))
        sizes.append((root.winfo_width(), gallery.on.winfo_rooty() + gallery.on.winfo_height()))
        root.destroy()

    monkeypatch.setattr(gallery_module.tk.Tk, "winfo_screenwidth", lambda root: 800)
    monkeypatch.setattr(gallery_module.tk.Tk, "winfo_screenheight", lambda root: 600)
    monkeypatch.setattr(gallery_module, "run_until_closed", look)
    open_gallery(*results, range(45), "All digits")
    ((width, bottom),) = sizes
    assert width <= 720
    assert bottom <= 540
