"""app/gui/widgets/inside/tinted_strokes.py: each stroke in the colour of what it says."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.inside.tinted_strokes import TintedStrokes

LIGHT, DARK = PALETTES["light"], PALETTES["dark"]
STROKES = [([(0.1, 0.1), (0.9, 0.1)], 1.0), ([(0.5, 0.1), (0.5, 0.9)], -1.0), ([(0.3, 0.3)], 0.0)]


@pytest.fixture
def strokes(root):
    strokes = TintedStrokes(root, palette=LIGHT)
    strokes.pack()
    root.update()
    return strokes


def colours(strokes):
    return [strokes.itemcget(item, "fill") for item in strokes.find_all() if strokes.type(item) == "line"]


def test_for_against_and_neither_have_a_colour_each(strokes):
    strokes.show(STROKES)
    assert colours(strokes) == [LIGHT.plus, LIGHT.minus, LIGHT.edge]
    numbers = [strokes.itemcget(item, "text") for item in strokes.find_all() if strokes.type(item) == "text"]
    assert numbers == ["1", "2", "3"]
    left, top, right, bottom = strokes.bbox("all")
    assert left >= 0 and top >= 0 and right <= strokes.winfo_width() and bottom <= strokes.winfo_height()


def test_it_follows_the_theme_and_can_be_empty(strokes):
    strokes.show(STROKES)
    strokes.restyle(DARK)
    assert colours(strokes) == [DARK.plus, DARK.minus, DARK.edge]
    strokes.show(())
    assert not strokes.find_all()
