"""app/gui/inside/layers_tab.py: how the tab shares its room. What it does is in test_desk."""

import pytest

from app.gui.inside.layers_tab import LayersTab, colours_of
from app.gui.theme import PALETTES
from app.page.inside.arithmetic_told import ArithmeticTold
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
    root.update()
    assert (tab.side.winfo_x() > tab.sheets.winfo_x() + tab.sheets.winfo_width()) == is_beside
    assert tab.side.winfo_ismapped()
    tab.show_arithmetic(None)
    root.update()
    assert tab.sheets.winfo_width() > width - 60


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
