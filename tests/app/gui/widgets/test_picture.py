"""app/gui/widgets/picture.py: bytes as pictures, in the palette's greys or in colours."""

from app.gui.theme import PALETTES
from app.gui.widgets.picture import picture, ppm, put

SHADES = PALETTES["light"].shades


def test_ink_becomes_greys_and_colours_stay():
    assert ppm(bytes([0, 255]), 2, 1, SHADES) == b"P5 2 1 255\n" + bytes([255, 0x1C])
    assert ppm(bytes([1, 2, 3]), 1, 1, SHADES) == b"P6 1 1 255\n" + bytes([1, 2, 3])


def test_tk_reads_it_row_by_row_from_the_top(root):
    image = picture(root, bytes([0, 255, 255, 0, 0, 0]), 3, 2, SHADES)
    assert (image.width(), image.height()) == (3, 2)
    assert [image.get(x, y)[0] for y in range(2) for x in range(3)] == [255, 0x1C, 0x1C, 255, 255, 255]


def test_a_part_of_an_image_is_put_anew_and_the_rest_stays(root):
    image = picture(root, bytes(12), 4, 3, SHADES)
    put(image, bytes([1, 2, 3, 4, 5, 6]), 2, 1, at=(2, 1))
    assert [image.get(x, 1) for x in range(4)] == [(255,) * 3, (255,) * 3, (1, 2, 3), (4, 5, 6)]
    assert image.get(2, 0) == image.get(2, 2) == (255,) * 3
