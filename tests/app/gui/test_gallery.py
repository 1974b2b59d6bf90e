"""The gallery: turns pages by buttons and keys, and stops at both ends."""

import numpy as np
import pytest

from app.gui.gallery import Gallery
from app.gui.theme import PALETTES
from app.page.predicted import digit_tile
from engine import Dataset, Evaluation
from tests.app.hand import wait_until


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


def test_an_image_is_turned_to_and_marked_and_both_ends_are_reached(root, results, chosen):
    gallery = open_in(root, results, chosen.append)
    gallery.grid_of_digits.focus_force()
    gallery.turn_to_place(17)
    assert (gallery.first, gallery.grid_of_digits.marked) == (15, 2)
    gallery.grid_of_digits.event_generate("<Return>")
    root.update()
    assert chosen == [17]
    gallery.turn_to_end()
    assert shown(gallery) == list(range(30, 45))
    gallery.turn_to_begin()
    assert shown(gallery) == list(range(15))


def test_a_long_title_is_broken_into_lines(root, results):
    gallery = open_in(root, results)
    gallery.show([1], "a title of many words " * 9)
    root.update()
    assert gallery.title.winfo_reqwidth() <= gallery.winfo_width()
    assert gallery.title.winfo_height() > 25


def test_tiles_grow_in_much_room(root, results):
    gallery = open_in(root, results)
    before = gallery.grid_of_digits._images[0].width()
    root.geometry("1250x880")
    wait_until(root, lambda: gallery.grid_of_digits.winfo_width() == 1250)
    root.update()
    assert gallery.grid_of_digits._images[0].width() > before
    assert gallery.grid_of_digits.capacity < (1250 // 100) * (800 // 110)
    *_, right, bottom = gallery.grid_of_digits.box(gallery.grid_of_digits.capacity - 1)
    assert right <= 1251
    assert bottom <= gallery.grid_of_digits.winfo_height()
