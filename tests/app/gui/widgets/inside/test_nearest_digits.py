"""app/gui/widgets/inside/nearest_digits.py: pictures with captions, in the columns that there is room for."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.inside.nearest_digits import NearestDigits
from app.page.tile import Tile
from tests.app.hand import texts, wait_until

TILES = [Tile(bytes(784), 28, 28, f"{digit}, MNIST", True) for digit in (7, 7, 7, 1, 1, 1)]


@pytest.fixture
def nearest(root):
    nearest = NearestDigits(root, palette=PALETTES["light"])
    nearest.pack(fill="both", expand=True)
    return nearest


@pytest.mark.parametrize(("width", "columns"), [(600, 6), (400, 3), (260, 3), (100, 1)])
def test_three_of_one_digit_and_three_of_the_other_stand_together(nearest, root, width, columns):
    root.geometry(f"{width}x400")
    wait_until(root, lambda: nearest.winfo_width() == width)
    nearest.show(TILES)
    root.update()
    assert texts(nearest) == [tile.caption for tile in TILES]
    first = nearest.winfo_children()[0].winfo_y()
    assert sum(label.winfo_y() == first for label in nearest.winfo_children()) == columns


def test_others_take_their_place(nearest, root):
    nearest.show(TILES)
    nearest.restyle(PALETTES["dark"])
    nearest.show(TILES[:2])
    assert texts(nearest) == ["7, MNIST", "7, MNIST"]
    nearest.show(())
    assert texts(nearest) == []
