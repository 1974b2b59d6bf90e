"""app/page/inside/map_picture.py: numbers as colours, each where its sheet says."""

import numpy as np
import pytest

from app.gui.theme import PALETTES
from app.page.inside import map_picture
from app.page.inside.map_picture import REMEMBERED, Colours, picture
from app.page.inside.sheet import Sheet

COLOURS = Colours("#ff8000", "#ffffff", "#0040ff", "#808080", "#202020")


def pixels(data, sheet):
    assert len(data) == 3 * sheet.width * sheet.height
    rows = np.frombuffer(data, np.uint8).reshape(sheet.height, sheet.width, 3)
    return lambda x, y: "#" + rows[y, x].tobytes().hex()


def test_each_number_has_its_colour_at_its_place():
    sheet = Sheet(maps=3, rows=1, columns=2, zoom=2, across=2, gap=1)
    values = np.array([[[2.0, -2.0]], [[0.0, 1.0]], [[-1.0, 0.0]]], np.float32)
    at = pixels(picture(values, sheet, COLOURS, by_map=False), sheet)
    assert at(0, 0) == at(1, 1) == "#0040ff"
    assert at(2, 0) == "#ff8000"
    assert at(5, 0) == "#ffffff"
    assert at(7, 1) == "#80a0ff"  # half of it
    assert at(0, 3) == "#ffc080"
    assert at(4, 0) == at(0, 2) == "#808080"  # between maps
    assert at(5, 3) == "#202020"  # beside the last


def test_by_map_the_largest_of_each_map_is_strongest():
    sheet = Sheet(maps=2, rows=1, columns=2, zoom=1, across=2, gap=0)
    values = np.array([[[0.0, -8.0]], [[0.5, 0.25]]], np.float32)
    at = pixels(picture(values, sheet, COLOURS, by_map=True), sheet)
    assert (at(1, 0), at(2, 0)) == ("#ff8000", "#0040ff")
    at = pixels(picture(values, sheet, COLOURS, by_map=False), sheet)
    assert at(2, 0) == "#eff3ff"  # about a sixteenth


def test_features_alone_have_one_scale():
    sheet = Sheet(maps=2, rows=1, columns=1, zoom=1, across=2, gap=0)
    at = pixels(picture(np.array([4.0, 2.0], np.float32), sheet, COLOURS, by_map=True), sheet)
    assert (at(0, 0), at(1, 0)) == ("#0040ff", "#80a0ff")


def test_maps_of_nothing_are_of_the_papers_colour():
    sheet = Sheet(maps=1, rows=2, columns=2, zoom=1, across=1, gap=0)
    assert picture(np.zeros((1, 2, 2), np.float32), sheet, COLOURS, by_map=True) == b"\xff" * 12


def test_of_panels_of_every_size_the_last_sheets_are_remembered():
    for zoom in range(1, 2 * REMEMBERED):
        sheet = Sheet(maps=1, rows=1, columns=1, zoom=zoom, across=1, gap=0)
        picture(np.ones((1, 1, 1), np.float32), sheet, COLOURS, by_map=True)
    assert map_picture._places.cache_info().currsize == REMEMBERED


@pytest.mark.parametrize("theme", PALETTES)
def test_the_two_ends_are_told_apart_by_every_kind_of_eye(theme):
    """In blue and yellow, which red-green blindness leaves, and in lightness against the paper."""
    palette = PALETTES[theme]
    minus, plus, paper = (
        np.array(list(bytes.fromhex(c[1:]))) for c in (palette.minus, palette.plus, palette.paper)
    )
    assert minus[0] - minus[2] > 100 and plus[2] - plus[0] > 100
    for end in (minus, plus):
        lights = sorted((_light(end), _light(paper)))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def _light(colour):
    linear = np.where(colour / 255 <= 0.04045, colour / 255 / 12.92, ((colour / 255 + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
