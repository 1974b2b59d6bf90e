"""app/page/page_picture.py: the page for other programs, as pixels and as an SVG."""

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from app.page.drawing import Look, Picture, Stroke
from app.page.page_picture import SIDE, png_of, rgba_of, svg_of

LINE = Stroke(((0.25, 0.5), (0.75, 0.5)))
DOT = Stroke(((0.5, 0.25),))


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), np.float32) / 255


def test_a_png_shows_the_strokes_where_they_are_as_wide_as_the_pen():
    page = pixels(png_of([LINE, DOT], None, 0.1))
    assert page.shape == (SIDE, SIDE)
    middle = SIDE // 2
    assert page[middle, middle] == 0
    assert (1 - page[:, middle])[SIDE * 2 // 5 :].sum() == pytest.approx(0.1 * SIDE, rel=0.05)
    assert page[SIDE // 4, middle] == 0
    assert page[0, 0] == page[-1, -1] == 1
    assert ((page > 0.1) & (page < 0.9)).any()  # smooth edges


def test_a_picture_lies_under_the_strokes():
    ink = np.zeros((10, 10), np.float32)
    ink[8:, :] = 1
    page = pixels(png_of([LINE], Picture(ink), 0.05))
    assert page[SIDE // 2, SIDE // 2] == 0
    assert page[-20, SIDE // 2] < 0.1
    assert page[SIDE // 4, SIDE // 4] == 1


def test_what_leaves_the_page_is_cut_off():
    page = pixels(png_of([Stroke(((0.5, 0.5), (1e9, 0.5)))], None, 0.05))
    assert page.shape == (SIDE, SIDE)
    assert page[SIDE // 2, -1] == 0


def test_the_clipboards_pixels_are_those_of_the_png():
    rgba = np.frombuffer(rgba_of([LINE], None, 0.05), np.uint8).reshape(SIDE, SIDE, 4)
    assert (rgba[..., 3] == 255).all()
    assert np.array_equal(rgba[..., 0], np.round(255 * pixels(png_of([LINE], None, 0.05))))


def test_an_svg_holds_the_strokes_in_page_units_with_round_joins():
    root = ElementTree.fromstring(svg_of([LINE, DOT], None, 0.05))
    assert root.get("viewBox") == "0 0 1 1"
    group = root.find("{*}g")
    assert (group.get("stroke-width"), group.get("stroke-linejoin")) == ("0.05", "round")
    assert [path.get("d") for path in group] == ["M0.25 0.5L0.75 0.5", "M0.5 0.25L0.5 0.25"]
    assert root.find("{*}image") is None


def test_an_svg_has_the_picture_in_it():
    ink = np.zeros((10, 10), np.float32)
    ink[8:, :] = 1
    (image,) = re.findall(r'href="data:image/png;base64,', svg_of([], Picture(ink), 0.05))
    assert image


def test_the_ink_of_a_part_lies_where_it_is_in_the_picture():
    look = Look(np.zeros((100, 100), np.uint8), np.ones((4, 4), bool), (0.5, 0.25, 1.0, 0.75))
    page = pixels(png_of((), Picture(np.ones((10, 10), np.float32), look), 0.05))
    rows, cols = (np.flatnonzero((page < 0.5).any(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1], cols[0], cols[-1]) == (SIDE // 4, 3 * SIDE // 4 - 1, SIDE // 2, SIDE - 1)
