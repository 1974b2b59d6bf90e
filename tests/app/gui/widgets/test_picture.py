"""app/gui/widgets/picture.py: bytes as pictures, in the palette's greys or in colours."""

from app.gui.theme import PALETTES
from app.gui.widgets.picture import picture, ppm

SHADES = PALETTES["light"].shades


def test_ink_becomes_greys_and_colours_stay():
    assert ppm(bytes([0, 255]), 2, 1, SHADES) == b"P5 2 1 255\n" + bytes([255, 0x1C])
    assert ppm(bytes([1, 2, 3]), 1, 1, SHADES) == b"P6 1 1 255\n" + bytes([1, 2, 3])


def test_tk_reads_it_row_by_row_from_the_top(root):
    image = picture(root, bytes([0, 255, 255, 0, 0, 0]), 3, 2, SHADES)
    assert (image.width(), image.height()) == (3, 2)
    assert [image.get(x, y)[0] for y in range(2) for x in range(3)] == [255, 0x1C, 0x1C, 255, 255, 255]
