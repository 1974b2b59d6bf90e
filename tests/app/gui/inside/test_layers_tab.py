"""app/gui/inside/layers_tab.py: how the tab shares its room. What it does is in test_desk."""

import pytest

from app.gui.inside.layers_tab import LayersTab, colours_of
from app.gui.theme import PALETTES
from app.page.inside.arithmetic_told import ArithmeticTold, Term
from app.page.inside.subject import Subject
from app.page.reading import Reading
from tests.app.fakes import FakeReader
from tests.app.hand import wait_until


@pytest.fixture
def tab(root):
    tab = LayersTab(
        root,
        palette=PALETTES["light"],
        costs=None,
        on_outline=lambda corners: None,
        on_switch=lambda off: None,
    )
    tab.pack(fill="both", expand=True)
    tab.show(Subject(FakeReader(), Reading()))
    return tab


@pytest.mark.parametrize(("width", "is_beside"), [(500, False), (1000, True)])
def test_the_arithmetic_stands_beside_the_layers_where_there_is_room(tab, root, width, is_beside):
    root.geometry(f"{width}x600")
    wait_until(root, lambda: tab.winfo_width() == width)
    tab.show_arithmetic(ArithmeticTold("c1", ("The sum: 3",)))
    wait_until(root, lambda: tab.side.winfo_ismapped() and tab._side_room.winfo_ismapped())
    assert (tab.side.winfo_rootx() > tab.sheets.winfo_rootx() + tab.sheets.winfo_width()) == is_beside
    tab.show_arithmetic(None)
    root.update()
    assert tab.sheets.winfo_width() > width - 60


ARITHMETIC = ArithmeticTold(
    "c1", ("The sum: 3",), tuple(Term(f"row {row}", "1", "2", "2") for row in range(25))
)


def test_beside_the_layers_the_products_have_all_of_the_height(tab, root):
    root.geometry("1000x600")
    wait_until(root, lambda: tab.winfo_width() == 1000)
    tab.show_arithmetic(ARITHMETIC)
    root.update()
    root.update()
    assert tab.side.winfo_height() > tab.sheets.winfo_height() - 10
    assert tab.side.terms.winfo_height() > 300


@pytest.mark.parametrize("height", [140, 200, 300, 600])
def test_below_them_it_leaves_the_layers_room_and_is_scrolled(tab, root, height):
    root.geometry(f"440x{height}")
    wait_until(root, lambda: (tab.winfo_width(), tab.winfo_height()) == (440, height))
    tab.show_arithmetic(ARITHMETIC)
    root.update()
    root.update()
    side = tab._side_room
    assert tab.sheets.winfo_height() >= min(100, height / 6)
    assert side.winfo_y() + side.winfo_height() <= height
    line = tab._telling
    assert not line.winfo_manager() or line.winfo_y() + line.winfo_height() <= height
    if side._bar.winfo_manager():  # the keys bring the products into sight
        tab.side.terms.event_generate("<FocusIn>")
        root.update()
        assert side._view.canvasy(0) > 0
    tab.show_arithmetic(None)
    root.update()
    assert line.winfo_manager()


def test_the_list_of_products_shows_that_it_has_the_keys(tab, root):
    tab.show_arithmetic(ARITHMETIC)
    root.update()
    tab.side.terms.focus_force()
    wait_until(root, tab.side.terms.selection)
    assert tab.side.terms.item(tab.side.terms.selection()[0])["values"][0] == "row 0"


def test_escape_takes_the_arithmetic_away_and_leaves_the_keys_at_the_layers(tab, root):
    heard = []
    root.bind("<Escape>", heard.append)
    tab.presenter.choose("c1", (0, 0, 0))
    for part in (tab.side.close_button, tab.sheets):
        if tab.presenter.chosen is None:
            tab.presenter.choose("c1", (0, 0, 0))
        root.update()
        part.focus_force()
        wait_until(root, lambda part=part: root.focus_get() is part)
        part.event_generate("<Escape>")
        root.update()
        assert tab.presenter.chosen is None
        assert not tab.side.winfo_viewable()
        assert root.focus_get() is tab.sheets
    assert heard == []
    tab.sheets.event_generate("<Escape>")
    root.update()
    assert len(heard) == 1  # there was nothing to close here


def test_what_is_told_does_not_move_what_is_above(tab, root):
    root.update()
    before = tab.sheets.winfo_height()
    tab.show_told("word " * 30)
    root.update()
    assert tab.sheets.winfo_height() == before


def test_the_colours_are_those_of_the_theme():
    palette = PALETTES["dark"]
    assert colours_of(palette).minus == palette.minus
    assert colours_of(palette).zero == palette.paper
