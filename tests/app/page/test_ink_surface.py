"""app/page/ink_surface.py: strokes in the pen's colour over paper or a picture, as patches."""

import math

import numpy as np
import pytest

from app.page.drawing import Look, Picture
from app.page.ink_surface import InkSurface
from app.page.patch import SQUARE
from engine.ink.page import InkPage

PAPER, INK, PEN = (255, 255, 255), (28, 28, 28), (200, 0, 100)


def started(width=200, height=100, line_width=10):
    surface = InkSurface()
    surface.start(width, height, line_width=line_width, paper="#ffffff", ink="#1c1c1c", pen="#c80064")
    return surface


def shown(surface, width=200, height=100):
    """The page put together from the patches; black where there is none."""
    page = np.zeros((height, width, 3), np.uint8)
    for patch in surface.patches():
        pixels = np.frombuffer(patch.pixels, np.uint8).reshape(patch.height, patch.width, 3)
        page[patch.top : patch.top + patch.height, patch.left : patch.left + patch.width] = pixels
    return page


def ink(rows):
    return Picture(np.array(rows, np.float32))


def at(page, x, y):
    return tuple(page[y, x].tolist())


def test_strokes_have_the_colour_of_the_pen_and_their_edges_one_between_it_and_paper():
    surface = started()
    surface.begin_stroke((20.5, 50.25))
    surface.extend_stroke((180.5, 50.25))
    page = shown(surface)
    assert at(page, 100, 50) == PEN
    assert at(page, 20, 50) == PEN
    edge = at(page, 100, 45)  # three quarters of it
    assert edge == pytest.approx([255 + 0.75 * (pen - 255) for pen in PEN], abs=2)
    assert at(page, 100, 80) == (0, 0, 0)  # untouched


def test_a_stroke_begins_where_it_is_put_down_and_not_where_the_last_one_ended():
    surface = started()
    surface.begin_stroke((20, 20))
    surface.extend_stroke((40, 20))
    surface.begin_stroke((160, 80))
    surface.extend_stroke((180, 80))
    page = shown(surface)
    assert at(page, 100, 50) == (0, 0, 0)
    assert at(page, 40, 20) == at(page, 180, 80) == PEN


WAVE = [(20 + 4 * step, 50 + 30 * math.sin(step)) for step in range(40)]


def test_a_stroke_that_is_drawn_whole_looks_as_one_that_grew():
    grown, whole = started(), started()
    grown.begin_stroke(WAVE[0])
    for point in WAVE[1:]:
        grown.extend_stroke(point)
    whole.draw_stroke(WAVE)
    expected = shown(grown)
    assert np.array_equal(shown(whole), expected)
    whole.start(200, 100, line_width=10, paper="#ffffff", ink="#1c1c1c", pen="#c80064")
    whole.draw_stroke(WAVE)  # remembered
    assert np.array_equal(shown(whole), expected)


def test_a_stroke_that_was_drawn_is_not_drawn_anew_but_for_another_pen_or_page(monkeypatch):
    drawn = []
    real = InkPage.draw
    monkeypatch.setattr(InkPage, "draw", lambda page, points: drawn.append(points) or real(page, points))
    surface = started()
    for _ in range(2):
        surface.draw_stroke(WAVE)
        surface.draw_stroke(WAVE[:9])
        # undo, and another theme
        surface.start(200, 100, line_width=10, paper="#000000", ink="#ffffff", pen="#ffff00")
    assert list(map(len, drawn)) == [40, 9]
    surface.draw_stroke(WAVE)
    assert at(shown(surface), 20, 50) == (255, 255, 0)
    surface.start(200, 100, line_width=30, paper="#ffffff", ink="#1c1c1c", pen="#c80064")
    surface.draw_stroke(WAVE)
    assert at(shown(surface), 20, 62) == PEN
    surface.start(300, 100, line_width=30, paper="#ffffff", ink="#1c1c1c", pen="#c80064")
    surface.draw_stroke(WAVE)
    assert list(map(len, drawn)) == [40, 9, 40, 40]


def test_a_stroke_goes_on_from_where_a_whole_one_ended():
    surface = started()
    surface.draw_stroke([(20, 20), (40, 20)])
    surface.extend_stroke((40, 80))
    assert at(shown(surface), 40, 60) == PEN


def test_a_picture_lies_in_the_middle_as_large_as_fits_and_strokes_over_it_let_it_be_seen_at_their_edges():
    surface = started()
    surface.lay_picture(ink([[0, 1], [0, 1]]), tint=None)
    page = shown(surface)
    assert [at(page, x, 50) for x in (49, 50, 99, 100, 149, 150)] == [
        (0, 0, 0), PAPER, PAPER, INK, INK, (0, 0, 0)
    ]  # fmt: skip
    surface.begin_stroke((20, 50.25))
    surface.extend_stroke((180, 50.25))
    page = shown(surface)
    assert at(page, 120, 50) == at(page, 80, 50) == PEN
    assert at(page, 120, 45) == pytest.approx([28 + 0.75 * (pen - 28) for pen in PEN], abs=2)
    assert at(page, 120, 44) == INK
    assert at(page, 20, 44) == PAPER  # inside the box of the change, beside the picture


@pytest.mark.parametrize("width", [1, 1000])
def test_a_picture_of_one_row_or_column_is_shown(width):
    surface = started()
    surface.lay_picture(ink(np.ones((1000 // width, width))), tint=None)
    page = shown(surface)
    assert (page == INK).all(axis=2).sum() == 100


def test_each_patch_lies_in_one_square_and_is_told_once():
    surface = started(3 * SQUARE, 2 * SQUARE)
    surface.begin_stroke((10, 10))
    surface.extend_stroke((3 * SQUARE - 10, 2 * SQUARE - 10))
    patches = surface.patches()
    assert len({patch.square for patch in patches}) == len(patches) >= 4
    for patch in patches:
        left, top = patch.square
        assert left <= patch.left < patch.left + patch.width <= left + SQUARE
        assert top <= patch.top < patch.top + patch.height <= top + SQUARE
        assert len(patch.pixels) == 3 * patch.width * patch.height
    assert surface.patches() == []


def test_a_page_that_is_started_anew_is_empty():
    surface = started()
    surface.lay_picture(ink([[1]]), tint=None)
    surface.begin_stroke((50, 50))
    surface.start(200, 100, line_width=10, paper="#ffffff", ink="#1c1c1c", pen="#c80064")
    assert surface.patches() == []
    surface.begin_stroke((100, 50))
    page = shown(surface)
    assert at(page, 95, 45) == PAPER  # no picture under it
    assert at(page, 50, 50) == (0, 0, 0)


TINT = (0, 95, 184)


def looking(shade, *, seen=(0.0, 0.0, 1.0, 1.0), colour=False):
    """A picture of one shade whose ink is the left half of what was looked at."""
    mask = np.zeros((50, 50), bool)
    mask[:, :25] = True
    pixels = np.full((100, 100, 3) if colour else (100, 100), shade, np.uint8)
    return Picture(np.zeros((50, 50), np.float32), Look(pixels, mask, seen))


@pytest.mark.parametrize("colour", [False, True])
def test_a_picture_is_shown_as_it_looks(colour):
    surface = started()
    surface.lay_picture(looking(80, colour=colour), tint=None)
    page = shown(surface)
    assert at(page, 51, 50) == at(page, 148, 50) == (80, 80, 80)


def test_a_picture_is_enlarged_without_corners():
    surface = started()
    rows = np.array([[0, 255], [0, 255]], np.uint8)
    surface.lay_picture(Picture(np.zeros((2, 2), np.float32), Look(rows, np.zeros((2, 2), bool))), tint=None)
    page = shown(surface)
    assert 60 < at(page, 100, 50)[0] < 195


@pytest.mark.parametrize("shade", [10, 120, 245])
def test_what_was_taken_for_ink_is_tinted_and_outlined_and_the_rest_fades_to_paper(shade):
    surface = started()
    surface.lay_picture(looking(shade), tint="#005fb8")
    page = shown(surface)
    ink, outline, rest = at(page, 70, 50), at(page, 100, 50), at(page, 130, 50)
    assert outline == at(page, 101, 50) == TINT
    assert at(page, 103, 50) == rest
    assert ink[2] - ink[0] > 80  # blue, though what is under it is grey
    assert rest[0] == rest[1] == rest[2] > shade


def test_the_tint_lies_where_the_ink_was_looked_for():
    surface = started()
    surface.lay_picture(looking(120, seen=(0.5, 0.5, 1.0, 1.0)), tint="#005fb8")
    page = shown(surface)
    blue = page[:, :, 2].astype(int) - page[:, :, 0] > 50
    rows, cols = (np.flatnonzero(blue.any(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1]) == pytest.approx((50, 99), abs=3)
    assert (cols[0], cols[-1]) == pytest.approx((100, 125), abs=3)


@pytest.mark.parametrize("seen", [(0.999, 0.999, 1.0, 1.0), (0.0, 0.0, 0.001, 0.001)])
def test_a_box_of_less_than_a_pixel_is_shown_as_one(seen):
    surface = started()
    surface.lay_picture(looking(120, seen=seen), tint="#005fb8")
    assert shown(surface).any()


def test_a_picture_in_which_nothing_was_found_does_not_fade():
    surface = started()
    picture = Picture(
        np.zeros((9, 9), np.float32), Look(np.full((9, 9), 80, np.uint8), np.zeros((9, 9), bool))
    )
    surface.lay_picture(picture, tint="#005fb8")
    assert at(shown(surface), 100, 50) == (80, 80, 80)
