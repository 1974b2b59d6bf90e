"""app/gui/widgets/inside/scrolled_column.py: scrolled by wheel and keys where room is short."""

from tkinter import ttk

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.inside.scrolled_column import ScrolledColumn
from tests.app.hand import wait_until


@pytest.fixture
def column(root):
    column = ScrolledColumn(root, palette=PALETTES["light"])
    column.pack(fill="both", expand=True)
    for number in range(40):
        ttk.Button(column.inside, text=str(number)).pack()
    column.listen()
    root.update()
    return column


def first_button(column):
    return column.inside.winfo_children()[0].winfo_rooty() - column.winfo_rooty()


def test_the_wheel_scrolls_over_whatever_is_in_it(column, root):
    assert column._bar.winfo_ismapped()
    before = first_button(column)
    column.inside.winfo_children()[3].event_generate("<Button-5>")
    root.update()
    assert first_button(column) < before


def test_what_gets_the_keys_comes_into_sight(column, root):
    last = column.inside.winfo_children()[-1]
    last.focus_force()
    wait_until(root, lambda: root.focus_get() is last)
    root.update()
    assert last.winfo_rooty() + last.winfo_height() <= column.winfo_rooty() + column.winfo_height() + 1


def test_there_is_no_bar_where_all_has_room(column, root):
    for button in column.inside.winfo_children()[3:]:
        button.destroy()
    wait_until(root, lambda: not column._bar.winfo_ismapped())
    column.destroy()
    assert not root.bind_class(column._tag)
