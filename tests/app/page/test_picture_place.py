"""app/page/picture_place.py: where a picture, a box in it and its ink lie on the page."""

import numpy as np
import pytest

from app.page.drawing import Look, Picture
from app.page.picture_place import in_picture, on_page, over_ink, place_of, place_of_ink


def picture(height, width, seen=(0.0, 0.0, 1.0, 1.0)):
    look = Look(np.zeros((height, width, 3), np.uint8), np.zeros((5, 5), bool), seen)
    return Picture(np.zeros((5, 5), np.float32), look)


def test_a_picture_lies_in_the_middle_and_its_longer_side_fills_the_page():
    assert place_of(picture(50, 100)) == (0, 0.25, 1, 0.75)
    assert place_of(picture(100, 50)) == (0.25, 0, 0.75, 1)
    assert place_of(Picture(np.zeros((50, 100), np.float32))) == (0, 0.25, 1, 0.75)


def test_ink_lies_where_it_was_looked_for():
    assert place_of_ink(picture(50, 100)) == (0, 0.25, 1, 0.75)
    assert place_of_ink(picture(50, 100, (0.5, 0.5, 1, 1))) == (0.5, 0.5, 1, 0.75)


def test_a_box_goes_onto_the_page_and_back():
    wide, high = picture(50, 100), picture(100, 50)
    assert on_page(wide, (0.5, 0, 1, 0.5)) == (0.5, 0.25, 1, 0.5)
    assert in_picture(wide, (0.5, 0.25, 1, 0.5)) == (0.5, 0, 1, 0.5)
    assert on_page(high, (0, 0.5, 0.5, 1)) == (0.25, 0.5, 0.5, 1)
    assert in_picture(high, (0.25, 0.5, 0.5, 1)) == (0, 0.5, 0.5, 1)
    assert in_picture(wide, (-1, 0, 0.5, 2)) == (0, 0, 0.5, 1)


def test_strokes_over_a_part_lie_on_it_as_if_it_were_the_page():
    part = picture(100, 100, (0.5, 0.25, 1, 0.5))  # from 0.5 to 1 across, 0.25 to 0.5 down
    points = over_ink(part, [(0.5, 0.25), (1.0, 0.5), (0.75, 0.375)])
    assert [value for point in points for value in point] == pytest.approx([0, 0.25, 1, 0.75, 0.5, 0.5])


def test_strokes_over_a_whole_picture_stay_where_they_are():
    points = ((0.2, 0.3), (0.4, 0.5))
    assert over_ink(picture(50, 100), points) == points
