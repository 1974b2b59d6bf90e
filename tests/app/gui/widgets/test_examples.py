"""app/gui/widgets/examples.py: small drawings on the empty page, chosen by mouse or keys."""

import tkinter as tk

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.examples import Examples
from tests.app.hand import wait_until

DRAWINGS = [[[(0.2, 0.2), (0.8, 0.8)]], [[(0.5, 0.1), (0.5, 0.9)], [(0.4, 0.4)]]]


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def page(root):
    page = tk.Canvas(root)
    page.pack(fill="both", expand=True)
    return page


@pytest.fixture
def shown(root, page, chosen):
    shown = Examples(page, DRAWINGS, palette=PALETTES["light"], on_choose=chosen.append)
    shown.show()
    wait_until(root, lambda: shown.winfo_width() > 100)
    return shown


def items(shown, kind):
    return [item for item in shown.find_all() if shown.type(item) == kind]


@pytest.mark.parametrize("size", ["300x300", "900x700", "345x394"])
def test_each_is_drawn_within_its_square_below_the_words(shown, root, size):
    root.geometry(size)
    wait_until(root, lambda: f"{root.winfo_width()}x{root.winfo_height()}" == size)
    root.update()
    (words,) = items(shown, "text")
    assert len(items(shown, "line")) == 3
    for line, place in zip(items(shown, "line"), (0, 1, 1), strict=True):
        left, top, right, bottom = shown.box(place)
        x = shown.coords(line)[::2]
        y = shown.coords(line)[1::2]
        assert left <= min(x) <= max(x) <= right
        assert top <= min(y) <= max(y) <= bottom
        assert shown.bbox(words)[3] <= top + 2
        assert (left >= 0, right <= shown.winfo_width(), bottom <= shown.winfo_height()) == (True,) * 3


def test_a_click_chooses_and_a_click_between_two_does_not(shown, root, chosen):
    left, top, *_ = shown.box(1)
    for x, chosen_by_then in ((left + 5, [1]), (left - 5, [1])):
        shown.event_generate("<Button-1>", x=int(x), y=int(top) + 5)
        shown.event_generate("<B1-Motion>", x=int(x) + 1, y=int(top) + 4)
        root.update()
        shown.event_generate("<ButtonRelease-1>", x=int(x) + 1, y=int(top) + 4)
        root.update()
        assert chosen == chosen_by_then


@pytest.mark.parametrize("beside", [5, -5])
def test_a_stroke_that_begins_there_is_the_pages(shown, root, page, chosen, beside):
    drawn = []
    for event in ("<ButtonPress-1>", "<B1-Motion>", "<ButtonRelease-1>"):
        page.bind(event, lambda event: drawn.append((event.type.name, event.x, event.y)))
    left, top, *_ = map(int, shown.box(1))
    x, y = shown.winfo_x() + left + beside, shown.winfo_y() + top + 5
    shown.event_generate("<Button-1>", x=left + beside, y=top + 5)
    shown.event_generate("<B1-Motion>", x=left + beside, y=top + 45)
    shown.event_generate("<ButtonRelease-1>", x=left + beside + 2, y=top + 50)
    root.update()
    assert drawn == [
        ("ButtonPress", x, y),
        ("Motion", x, y + 40),
        ("ButtonRelease", x + 2, y + 45),
    ]
    assert not chosen


def test_arrows_and_return_choose_and_stop_at_both_ends(shown, root, chosen):
    shown.focus_force()
    wait_until(root, lambda: shown.find_withtag("mark"))
    for key in ("<Left>", "<Return>", "<Right>", "<Right>", "<Down>", "<space>"):
        shown.event_generate(key)
    root.update()
    assert chosen == [0, 1]


def test_they_follow_the_theme(shown):
    shown.restyle(PALETTES["dark"])
    assert shown["background"] == PALETTES["dark"].paper
    assert {shown.itemcget(line, "fill") for line in items(shown, "line")} == {PALETTES["dark"].ink}


def test_they_can_be_hidden_and_with_none_nothing_is_shown(shown, page):
    shown.hide()
    assert not shown.are_shown
    none = Examples(page, [], palette=PALETTES["light"], on_choose=lambda place: None)
    none.show()
    assert not none.are_shown
