"""Framing: what the network sees depends on the shape alone, and is made as MNIST was made."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from engine.datasets.dataset import as_ink
from engine.datasets.mnist import read_mnist
from engine.ink.preprocessing import (
    BOX,
    CENTRE,
    FRAME,
    THINNEST,
    even_pen,
    frame,
    framing_of_strokes,
    line_width,
)
from engine.ink.rasterize import stroke_ink
from tests.digit_templates import digit_strokes
from tests.engine.blas import blas_threads

TOLERANCE = 0.02  # mean absolute difference of two images of the same drawing


def framed(strokes):
    image = frame(stroke_ink(strokes))
    assert image is not None
    return image


def test_the_centre_of_mass_comes_to_lie_on_the_centre():
    for digit in range(10):
        assert ndimage.center_of_mass(framed(digit_strokes(digit))) == pytest.approx(
            (CENTRE, CENTRE), abs=0.1
        )


@pytest.mark.parametrize("digit", range(10))
def test_the_longest_side_fills_the_box(digit):
    inked = framed(digit_strokes(digit)) > 0.5
    rows, cols = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert BOX - 1 <= max(np.ptp(rows), np.ptp(cols)) + 1 <= BOX


@given(
    digit=st.integers(0, 9),
    size=st.floats(40, 400),
    x0=st.floats(0, 600),
    y0=st.floats(0, 600),
    whole=st.booleans(),
)
def test_place_and_size_do_not_change_the_image(digit, size, x0, y0, whole):
    # a mouse reports whole pixels; to round 40 px of drawing to them is to draw something else
    place = round if whole else float
    tolerance = 1.5 * TOLERANCE if whole and size < 80 else TOLERANCE
    strokes = digit_strokes(digit)
    moved = [[(place(x0 + x * size), place(y0 + y * size)) for x, y in stroke] for stroke in strokes]
    assert np.abs(framed(moved) - framed(strokes)).mean() < tolerance


@given(digit=st.integers(0, 9), factor=st.integers(2, 40))
def test_a_slow_pen_with_many_points_gives_the_same_image(digit, factor):
    strokes = digit_strokes(digit)
    slow = [
        [
            (x0 + (x1 - x0) * t / factor, y0 + (y1 - y0) * t / factor)
            for (x0, y0), (x1, y1) in pairwise(stroke)
            for t in range(factor + 1)
        ]
        for stroke in strokes
    ]
    assert np.abs(framed(slow) - framed(strokes)).mean() < TOLERANCE


@pytest.mark.parametrize("digit", [0, 2, 3, 6, 8, 9])  # those of curves: a corner left out is another shape
def test_a_fast_pen_with_half_the_points_gives_the_same_image(digit):
    strokes = digit_strokes(digit)
    fast = [[*(s if len(s) < 10 else s[::2]), s[-1]] for s in strokes]
    assert np.abs(framed(fast) - framed(strokes)).mean() < TOLERANCE


def test_the_order_and_direction_of_strokes_do_not_matter():
    strokes = digit_strokes(4)
    turned = [stroke[::-1] for stroke in strokes[::-1]]
    assert np.abs(framed(turned) - framed(strokes)).mean() < 0.005


def test_ink_is_scaled_by_one_thread(two_blas_threads):
    seen = []

    class Watched(np.ndarray):
        def __array_ufunc__(self, ufunc, method, *inputs, **options):
            plain = [one.view(np.ndarray) if isinstance(one, Watched) else one for one in inputs]
            result = getattr(ufunc, method)(*plain, **options)
            if ufunc is not np.matmul:
                return result
            seen.append(blas_threads())
            return result.view(Watched)

    frame(stroke_ink(digit_strokes(3)).view(Watched))
    assert seen == [{1}, {1}]
    assert blas_threads() == {2}


def test_an_empty_page_has_no_image():
    assert frame(np.zeros((0, 0), np.float32)) is None
    assert frame(np.zeros((28, 28), np.float32)) is None


def test_a_dot_fills_the_box_and_a_line_stands_in_the_middle():
    dot = framed([[(5, 5)]])
    assert dot[CENTRE, CENTRE] == 1
    assert dot.sum() == pytest.approx(np.pi * (BOX / 2) ** 2, rel=0.1)
    line = framed([[(50, 10), (50, 90)]])
    assert np.flatnonzero(line.max(axis=0) > 0.5).tolist() == [13, 14, 15]


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 10**6))
def test_any_ink_gives_a_picture_of_ink(height, width, seed):
    ink = np.random.default_rng(seed).random((height, width), np.float32)
    image = frame(ink * (ink > 0.9))
    if image is None:
        assert not (ink > 0.9).any()
        return
    assert image.shape == (FRAME, FRAME)
    assert image.dtype == np.float32
    assert np.isfinite(image).all()
    assert 0 <= image.min() <= image.max() <= 1
    assert image.max() > 0


def test_ink_is_kept_in_the_frame_however_lopsided():
    heavy = np.zeros((100, 100), np.float32)
    heavy[:3, :] = 1  # nearly all mass at the top
    heavy[:, 50] = 0.01
    image = frame(heavy)
    assert image.sum() == pytest.approx(heavy.sum() * (BOX / 100) ** 2, rel=1e-3)


def test_framing_keeps_the_aspect_ratio():
    image = frame(np.ones((200, 50), np.float32))
    assert image.sum() == pytest.approx(BOX * BOX / 4, rel=1e-4)


def test_mnist_comes_out_as_it_went_in(mnist_folder, thorough):
    images = as_ink(read_mnist(mnist_folder, "test").images)[:: 1 if thorough else 5]
    same = [np.allclose(frame(image), image, atol=1e-6) for image in images]
    assert np.mean(same) >= 0.999


# **** the pen of pictures ****


@cache
def distances(digit, side=400):
    """(side, side) in px: how far each place of a page is from the lines of a digit 260 px high."""
    ys, xs = np.mgrid[:side, :side]
    distance = np.full((side, side), np.inf)
    for stroke in digit_strokes(digit):
        for (x0, y0), (x1, y1) in pairwise(stroke):
            ax, ay, bx, by = (v * 260 + 70 for v in (x0, y0, x1, y1))
            t = ((xs - ax) * (bx - ax) + (ys - ay) * (by - ay)) / max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
            t = np.clip(t, 0, 1)
            distance = np.minimum(distance, np.hypot(xs - ax - t * (bx - ax), ys - ay - t * (by - ay)))
    return distance


def picture(digit, width):
    """That digit, with lines of this width in px."""
    return np.clip(width / 2 + 0.5 - distances(digit), 0, 1).astype(np.float32)


@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize("digit", [0, 2, 4])
def test_a_hairline_becomes_the_thinnest_pen_of_mnist(digit, width):
    middling = frame(picture(digit, 28))  # 2 px in the box
    assert np.abs(frame(even_pen(picture(digit, width))) - middling).mean() < TOLERANCE
    assert np.abs(frame(picture(digit, width)) - middling).mean() > 3 * TOLERANCE


@pytest.mark.parametrize("digit", [0, 2, 4])
def test_a_brush_comes_nearer_to_the_middling_pen(digit):
    middling, brush = frame(picture(digit, 40)), picture(digit, 90)
    assert np.abs(frame(even_pen(brush)) - middling).mean() < 0.8 * np.abs(frame(brush) - middling).mean()


def test_of_several_digits_the_pen_is_evened_by_the_size_of_one():
    bar = np.zeros((120, 90), np.float32)
    bar[:, 40:44] = 1
    pixel = 120 / BOX
    assert line_width(even_pen(np.hstack([bar] * 4), size=120)) == pytest.approx(THINNEST * pixel, rel=0.1)
    assert line_width(even_pen(bar)) == pytest.approx(THINNEST * pixel, rel=0.1)


def test_a_middling_pen_and_small_images_are_left_alone(rng):
    ink = picture(3, 32)
    assert even_pen(ink) is ink
    small = framed(digit_strokes(3))
    assert even_pen(small) is small
    blank = np.zeros((50, 50), np.float32)
    assert even_pen(blank) is blank


@pytest.mark.parametrize("width", [4, 12, 25])
def test_the_width_of_lines_is_measured(width):
    ink = np.zeros((200, 300), np.float32)
    ink[100 : 100 + width, 20:280] = 1
    assert line_width(ink) == pytest.approx(width, rel=0.15)
    assert line_width(ink.T) == line_width(ink)


def test_a_page_without_ink_has_no_lines():
    assert line_width(np.zeros((20, 20), np.float32)) == 0


@pytest.mark.parametrize("digit", [1, 2, 5, 8])
def test_the_place_of_a_point_in_the_image_is_told_and_the_way_back(digit):
    strokes = [[(40 * x - 7, 40 * y + 3) for x, y in stroke] for stroke in digit_strokes(digit)]
    image, framing = framed(strokes), framing_of_strokes(strokes)
    for x, y in (point for stroke in strokes for point in stroke):
        column, row = framing.in_image((x, y))
        assert image[int(row), int(column)] > 0.5  # a pen of more than two pixels was there
        assert framing.back((column, row)) == pytest.approx((x, y))
    # the outermost points are half a pen from the ink's edges
    top = min(y for stroke in strokes for _, y in stroke)
    first = np.flatnonzero(image.any(axis=1))[0]
    assert framing.in_image((0, top))[1] - 1.3 == pytest.approx(first, abs=1)


def test_what_has_no_extent_has_no_place():
    assert framing_of_strokes([]) is None
    assert framing_of_strokes([[(3.0, 4.0)]]) is None
