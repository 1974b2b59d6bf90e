"""Paper is estimated where it is: whatever the light, what lies on it is what is darker than it."""

import numpy as np
import pytest

from engine.ink.paper import (
    FEW,
    dark_on_light,
    darkness,
    grain,
    patch,
    patch_alone,
    shades,
    sheet,
    strongest,
    without_shadows,
)
from tests.pictures import SIDE, digit_mask, shadow, written
from tests.pictures import grain as made_grain


def test_grey_pictures_stay_as_they_are():
    grey = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    assert shades(grey) is grey


def test_black_on_white_in_colours_is_luminance():
    colours = np.ones((30, 30, 3), np.float32)
    colours[10:20, 10:20] = 0.2
    assert shades(colours)[15, 15] == pytest.approx(0.2)
    assert shades(colours)[0, 0] == pytest.approx(1)


@pytest.mark.parametrize("swapped", [False, True])
def test_ink_of_its_grounds_luminance_is_dark_in_another_direction(swapped):
    ground, ink = ((0.2, 0.5, 0.3), (0.8, 0.18, 0.4))[:: -1 if swapped else 1]  # green, and red as bright
    colours = np.empty((30, 30, 3), np.float32)
    colours[:] = ground
    colours[10:20, 10:20] = ink
    grey = shades(colours)
    assert grey[0, 0] == pytest.approx(1)
    # the distance of the two, with black to white as 1
    assert 1 - grey[15, 15] == pytest.approx(np.sqrt((0.6**2 + 0.32**2 + 0.1**2) / 3), abs=1e-4)


@pytest.mark.parametrize("turned", [False, True])
def test_what_frames_a_sheet_is_left_out(turned):
    page = np.full((100, 80), 0.9, np.float32)
    page[:7] = 0.1  # the table
    page[:, 76] = 0  # a line near the border
    rows, cols = sheet(page.T)[::-1] if turned else sheet(page)
    assert (rows.start, rows.stop, cols.start, cols.stop) == (7, 100, 0, 76)


def test_a_blurred_edge_goes_with_what_it_belongs_to():
    page = np.full((100, 80), 0.9, np.float32)
    page[:7] = 0.1
    page[7, :40] = 0.5
    assert sheet(page)[0].start == 8


def test_neither_a_digit_nor_a_shadow_nor_half_of_the_picture_frames_it():
    for page in (1 - digit_mask(1, height=0.95), written(np.zeros((SIDE, SIDE))) * shadow(0.5, 60)):
        assert sheet(page) == (slice(0, SIDE), slice(0, SIDE))
    half = np.ones((100, 100), np.float32)
    half[:40] = 0
    assert sheet(half)[0] == slice(0, 100)


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen", [0.03, 0.2])
def test_light_on_dark_is_turned_and_dark_on_light_not(digit, pen):
    page = 1 - digit_mask(digit, pen=pen) * 0.7
    assert dark_on_light(page) is page
    assert np.array_equal(dark_on_light(1 - page), 1 - (1 - page))


def test_darkness_is_a_share_of_the_papers_light():
    page = np.full((60, 60), 0.8, np.float32)
    page[:, :30] = 0.4  # in the shade
    page[20:25, 10:15] *= 0.25
    page[20:25, 45:50] *= 0.25
    dark, light = darkness(page)
    assert light[22, [12, 47]] == pytest.approx([0.4, 0.8])
    assert dark[22, 12] == pytest.approx(0.75)
    assert dark[22, 47] == pytest.approx(0.75)
    assert dark[40, 27:33] == pytest.approx(np.zeros(6))  # the shadow's edge itself is none


def test_the_middle_of_the_papers_grain_is_no_darkness():
    dark, _ = darkness(0.7 + made_grain(0.02))
    assert np.median(dark) == pytest.approx(0, abs=1e-6)
    assert grain(dark) == pytest.approx(dark.std(), rel=0.1)


def test_the_grain_is_that_of_the_paper_whatever_lies_on_it():
    dark = np.random.default_rng(0).normal(0, 0.02, (100, 100)).astype(np.float32)
    dark[40:60, 40:60] = 0.9
    assert grain(dark) == pytest.approx(0.02, rel=0.15)


def test_a_speck_does_not_tell_how_dark_ink_is():
    dark = np.zeros((200, 200), np.float32)
    dark[50:53, 50:60] = 1.0
    dark[100:110, 100:110] = 0.4
    assert strongest(dark) == pytest.approx(0.4)


@pytest.mark.parametrize("size", [1, 39, 41, 640, 5000])
def test_the_darkest_are_counted_among_all_pixels(size):
    rng = np.random.default_rng(size)
    for dark in (rng.normal(size=(size, 1)), rng.integers(0, 3, (1, size))):
        assert strongest(dark.astype(np.float32)) == pytest.approx(np.sort(dark, axis=None)[-min(size, FEW)])


def askew(half, *, wide=1.0, angle=0.3, side=200):
    """(side, side), 1.0 in a rectangle in the middle."""
    row, col = np.mgrid[:side, :side] - side / 2
    across, down = np.cos(angle) * col + np.sin(angle) * row, np.cos(angle) * row - np.sin(angle) * col
    return (np.maximum(np.abs(across) / wide, np.abs(down)) < half).astype(np.float32)


def test_a_patch_is_what_lies_in_the_middle_in_another_colour():
    page = 0.2 + 0.6 * askew(60)
    page[90:110, 98:102] = 0.1  # what is written on it
    found = patch(page)
    assert not found[page == np.float32(0.2)].any()
    assert found.sum() == pytest.approx(askew(60).sum(), rel=0.2)
    assert found[100, 100]
    alone = patch_alone(page, found)
    assert alone[0, 0] == pytest.approx(0.8)
    assert alone[100, 100] == pytest.approx(0.1)


def test_colours_tell_a_patch_whose_light_is_that_of_what_is_around_it():
    note = askew(60)[..., None]
    red, green = np.array([0.79, 0.12, 0.13]), np.array([0.12, 0.45, 0.25])
    assert patch((note * red + (1 - note) * green).astype(np.float32)) is not None


def oval(high, wide, side=200):
    row, col = np.mgrid[:side, :side] - side / 2
    return (np.hypot(row / high, col / wide) < 1).astype(np.float32)


@pytest.mark.parametrize(
    "patched",
    [
        np.zeros((200, 200), np.float32),
        askew(60) * 0.15,  # nearly of the same colour
        askew(25),  # small
        askew(30, wide=4.0),  # a bar
        np.pad(np.ones((200, 100), np.float32), ((0, 0), (50, 50))),  # from border to border
        oval(80, 55),  # a zero by a broad pen
        digit_mask(0, side=200, height=0.7, pen=0.25),
        digit_mask(8, side=200, height=0.8, pen=0.2),
        np.exp(-5 * (np.hypot(*(np.mgrid[:200, :200] - 100)) / 100) ** 2).astype(np.float32),  # light
    ],
)
def test_what_is_no_patch(patched):
    assert patch(patched * 0.6 + 0.2) is None


def shaded(depth):
    """A line 4 px wide, 0.7 darker than the paper, beside a dark patch of 30x50 px, and its place."""
    page = np.full((200, 200), 0.8, np.float32)
    page[100:130, 20:70] *= 1 - depth
    page[60:160, 120:124] *= 0.3
    return page, np.s_[105:125, 25:65]


def test_a_patch_that_is_wider_and_fainter_than_lines_is_a_shadow():
    page, place = shaded(0.4)
    dark, light = darkness(page)
    assert dark[place].min() > 0.35
    lines, shade = without_shadows(page, dark, light, 0.25)
    assert abs(lines[place]).max() < 0.01
    assert shade[place].max() == pytest.approx(0.48, abs=0.01)
    assert lines[80, 122] == pytest.approx(0.7, abs=0.01)


def test_what_is_as_dark_as_lines_is_ink_however_wide():
    page, _ = shaded(0.65)
    dark, light = darkness(page)
    assert without_shadows(page, dark, light, 0.25)[0] is dark
