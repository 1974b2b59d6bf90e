"""The gallery: turns pages by buttons and keys, and stops at both ends."""

import numpy as np
import pytest

from app import gallery as gallery_module
from app.gallery import Gallery, open_gallery
from engine import Dataset, Evaluation
from tests.app.hand import wait_until


@pytest.fixture
def results():
    """45 digits, two pages, of which every third is misread."""
    dataset = Dataset(np.zeros((45, 28, 28), np.uint8), np.arange(45) % 3 // 2)
    probabilities = np.tile(np.array([0.7, 0.3], np.float32), (45, 1))
    return dataset, Evaluation(probabilities, dataset.labels, 1.0)


@pytest.fixture
def gallery(root, results):
    def draw_page(page):
        return gallery_module.digit_page(*results, range(page * 40, min(45, page * 40 + 40)), f"Page {page}")

    gallery = Gallery(root, draw_page, 2)
    gallery.pack(fill="both", expand=True)
    root.update()
    return gallery


def test_buttons_turn_pages_and_stop_at_both_ends(gallery):
    assert gallery.label["text"] == "Page 1 of 2"
    assert gallery.back.instate(["disabled"])
    gallery.on.invoke()
    assert gallery.label["text"] == "Page 2 of 2"
    assert gallery.on.instate(["disabled"])
    gallery.on.invoke()
    assert gallery.page == 1
    gallery.back.invoke()
    assert gallery.page == 0


def test_arrow_keys_turn_pages(gallery, root):
    root.focus_force()
    root.update()
    root.event_generate("<Right>")
    wait_until(root, lambda: gallery.page == 1)
    root.event_generate("<Right>")
    root.event_generate("<Left>")
    wait_until(root, lambda: gallery.page == 0)


def test_a_page_is_shown_at_the_size_of_the_window(gallery, root):
    root.geometry("900x700")
    wait_until(root, lambda: gallery.picture.winfo_width() > 800)
    assert gallery.picture.winfo_height() > 500


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
