"""app/gui/widgets/button_rows.py: buttons that go below each other where they have too little room."""

from itertools import pairwise
from tkinter import ttk

import pytest

from app.gui.widgets.button_rows import ButtonRows
from tests.app.hand import wait_until


@pytest.fixture
def rows(root):
    rows = ButtonRows(root)
    rows.pack(fill="x")
    rows.fill([ttk.Button(rows, text=text) for text in ("Undo", "Redo", "Eraser", "Clear")])
    return rows


def resize(root, rows, width):
    root.geometry(f"{width}x300")
    wait_until(root, lambda: rows.winfo_width() == width)
    root.update()


@pytest.mark.parametrize(("width", "columns"), [(600, 4), (230, 2), (120, 1), (600, 4)])
def test_they_lie_in_the_columns_that_there_is_room_for(root, rows, width, columns):
    resize(root, rows, width)
    places = [(button.winfo_x(), button.winfo_y()) for button in rows.winfo_children()]
    assert len({y for _, y in places}) == -(-4 // columns)
    assert all(earlier[1] <= later[1] for earlier, later in pairwise(places))


@pytest.mark.parametrize("width", [600, 400, 330, 230, 120])
def test_none_is_cut_or_covers_another(root, rows, width):
    resize(root, rows, width)
    covered = set()
    for button in rows.winfo_children():
        assert button.winfo_width() >= button.winfo_reqwidth()
        assert button.winfo_x() + button.winfo_width() <= width
        assert button.winfo_y() + button.winfo_height() <= rows.winfo_height()
        area = {
            (x, y)
            for x in range(button.winfo_x(), button.winfo_x() + button.winfo_width())
            for y in range(button.winfo_y(), button.winfo_y() + button.winfo_height())
        }
        assert not covered & area
        covered |= area


def test_none_is_left_alone_in_a_row(root, rows):
    resize(root, rows, sum(button.winfo_reqwidth() for button in rows.winfo_children()) - 1)
    heights = [button.winfo_y() for button in rows.winfo_children()]
    assert heights[0] == heights[1] < heights[2] == heights[3]


def test_the_last_one_lies_at_the_right_edge(root, rows):
    resize(root, rows, 600)
    last = rows.winfo_children()[-1]
    assert last.winfo_x() + last.winfo_width() == 600


def test_wider_words_get_their_room(root, rows):
    resize(root, rows, 400)
    rows.fill([*rows.winfo_children(), ttk.Button(rows, text="one with a very long name " * 2)])
    root.update()
    assert len({button.winfo_y() for button in rows.winfo_children()}) > 1


def test_a_button_that_is_left_out_goes_and_comes_back_in_its_place(root):
    rows = ButtonRows(root)
    rows.pack(fill="x")
    buttons = [ttk.Button(rows, text=text) for text in "abc"]
    rows.fill(buttons)
    wait_until(root, buttons[1].winfo_ismapped)
    rows.fill([buttons[0], buttons[2]])
    wait_until(root, lambda: not buttons[1].winfo_ismapped())
    root.update()
    assert buttons[2].winfo_x() + buttons[2].winfo_width() == rows.winfo_width()  # still the last at the edge
    rows.fill(buttons)
    wait_until(root, buttons[1].winfo_ismapped)
    wait_until(root, lambda: buttons[0].winfo_x() < buttons[1].winfo_x() < buttons[2].winfo_x())
