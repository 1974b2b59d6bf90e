"""app/page/opened_picture.py: a picture as it looks, and the ink in it or in a box."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.page.opened_picture import KEPT_SIDE, read_picture, read_within
from engine.errors import ImageError
from engine.ink.picture import find_ink
from engine.ink.rasterize import read_pixels


@pytest.fixture
def two_strokes(tmp_path):
    """A picture of 2,000 x 1,000 pixels, red paper, with a stroke in each half; they are two digits."""
    image = Image.new("RGB", (2000, 1000), (250, 200, 200))
    draw = ImageDraw.Draw(image)
    draw.line((500, 200, 500, 800), fill=(20, 20, 40), width=60)
    draw.line((1300, 500, 1700, 500), fill=(20, 20, 40), width=60)
    image.save(tmp_path / "two.png")
    return tmp_path / "two.png"


def test_it_is_read_as_the_command_line_reads_it_and_kept_as_it_looks(two_strokes):
    picture = read_picture(two_strokes)
    found = find_ink(read_pixels(two_strokes))
    assert np.array_equal(picture.ink, found.ink)
    assert np.array_equal(picture.look.mask, found.mask)
    assert picture.look.seen == found.box
    assert picture.look.pixels.shape == (500, 1000, 3)
    assert max(picture.look.pixels.shape) <= KEPT_SIDE
    assert picture.look.pixels[5, 5].tolist() == [250, 200, 200]
    assert (picture.look.chosen, picture.unboxed) == (None, None)


def test_in_a_box_there_is_the_ink_of_that_box_alone(two_strokes):
    picture = read_picture(two_strokes)
    left = read_within(picture, (0.0, 0.0, 0.5, 1.0))
    right = read_within(left, (0.5, 0.0, 1.0, 1.0))
    for part, is_upright in ((left, True), (right, False)):
        rows, cols = (np.flatnonzero(part.look.mask.any(axis=axis)) for axis in (1, 0))
        assert (np.ptp(rows) > np.ptp(cols)) == is_upright
        assert part.unboxed is picture
        assert part.look.pixels is picture.look.pixels
    assert right.look.chosen == (0.5, 0.0, 1.0, 1.0)


def test_what_is_no_picture_is_told(tmp_path):
    (tmp_path / "a.png").write_bytes(b"none")
    with pytest.raises(ImageError):
        read_picture(tmp_path / "a.png")
