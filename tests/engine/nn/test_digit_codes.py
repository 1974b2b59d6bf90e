"""The codes of the output units: ten stylised digits of 7x12, far enough from each other."""

import numpy as np
import pytest
from scipy import ndimage

from engine.nn.digit_codes import digit_codes


@pytest.fixture(scope="module")
def bitmaps():
    """(10, 12, 7) booleans, ink where the code is +1."""
    return digit_codes().reshape(10, 12, 7) > 0


def test_codes_are_ten_rows_of_84_plus_or_minus_ones():
    codes = digit_codes()
    assert codes.shape == (10, 84)
    assert codes.dtype == np.float32
    assert set(np.unique(codes).tolist()) == {-1.0, 1.0}


def test_codes_differ_in_an_eighth_of_their_cells_or_more():
    codes = digit_codes()
    distances = (codes[:, None] != codes).sum(axis=2)[np.triu_indices(10, 1)]
    assert len(distances) == 45
    assert distances.min() >= 84 // 8
    assert distances.mean() > 84 / 3


def test_each_call_gives_an_array_of_its_own():
    first = digit_codes()
    first[:] = 0
    assert (np.abs(digit_codes()) == 1).all()


def test_every_digit_fills_its_bitmap_from_top_to_bottom_with_some_ink(bitmaps):
    assert bitmaps[:, 0].any(axis=1).all()
    assert bitmaps[:, -1].any(axis=1).all()
    ink = bitmaps.sum(axis=(1, 2))
    assert ink.min() >= 84 / 5
    assert ink.max() <= 84 * 0.6


def test_digits_have_the_holes_that_digits_have(bitmaps):
    """Where paper is enclosed by ink: the rows run as they should, and no bitmap took another's place."""

    def holes(bitmap):
        _, regions = ndimage.label(np.pad(~bitmap, 1, constant_values=True))
        return regions - 1  # the paper around does not count

    assert [holes(bitmap) for bitmap in bitmaps] == [1, 0, 0, 0, 1, 0, 1, 0, 2, 1]


def test_zero_is_symmetrical_and_eight_too(bitmaps):
    for digit in (0, 8):
        np.testing.assert_array_equal(bitmaps[digit], bitmaps[digit][:, ::-1])
