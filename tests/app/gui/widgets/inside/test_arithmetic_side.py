"""app/gui/widgets/inside/arithmetic_side.py: a unit's arithmetic, shown anew at every motion of the pen."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.inside.arithmetic_side import ArithmeticSide
from app.page.inside.sheet import Sheet
from tests.app.hand import is_shown, texts

SHEET = Sheet(1, 2, 2, 3, 1)
PIXELS = bytes(3 * SHEET.width * SHEET.height)
TERMS = [(f"row {row}", "1", "2", "2") for row in range(3)]


@pytest.fixture
def closed():
    return []


@pytest.fixture
def side(root, closed):
    side = ArithmeticSide(root, palette=PALETTES["light"], on_close=lambda: closed.append(1))
    side.pack(fill="both", expand=True)
    return side


def listed(side):
    return [tuple(map(str, side.terms.item(row, "values"))) for row in side.terms.get_children()]


def test_it_shows_sentences_products_and_pictures(side):
    side.show("c1, map 1", ["The sum: 3", "With the bias: 4"], TERMS, [("Its weights", SHEET, PIXELS)])
    assert {"c1, map 1", "The sum: 3\nWith the bias: 4", "Its weights"} <= set(texts(side))
    assert listed(side) == TERMS


def test_other_numbers_take_the_place_of_those_before(side, root):
    side.show("a", ["b"], TERMS, [("One", SHEET, PIXELS), ("Two", SHEET, PIXELS)])
    rows = side.terms.get_children()
    side.show("a", ["b"], [("row 9", "4", "5", "20")], [("Three", SHEET, PIXELS)])
    root.update()
    assert listed(side) == [("row 9", "4", "5", "20")]
    assert side.terms.get_children() == rows[:1]
    assert "Two" not in texts(side)
    side.show("a", ["b"], (), ())
    assert not is_shown(side.terms)
    side.show("a", ["b"], TERMS, ())
    assert is_shown(side.terms)


def test_it_can_be_closed_and_leaves_no_picture(side, closed, root):
    side.show("a", ["b"], (), [("One", SHEET, PIXELS)])
    side.close_button.invoke()
    assert closed == [1]
    before = [name for name in root.tk.call("image", "names") if "pyimage" in str(name)]
    side.destroy()
    assert [name for name in root.tk.call("image", "names") if "pyimage" in str(name)] != before
