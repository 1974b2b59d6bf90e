"""app/page/predicted.py: test images as tiles, with what was read in them."""

import numpy as np

from app.page.predicted import digit_tile
from engine import Dataset, Evaluation
from tests.app.reports.marked import marked

LABELS = np.array([0, 1, 0])
PROBABILITIES = np.tile(np.array([0.7, 0.3], np.float32), (3, 1))
IMAGES = Dataset(np.zeros((3, 28, 28), np.uint8), LABELS)


def evaluation(rejected=None):
    return Evaluation(PROBABILITIES, LABELS, 1.0, None if rejected is None else np.array(rejected))


def test_a_tile_tells_answer_confidence_truth_and_number():
    right, wrong = (digit_tile(IMAGES, evaluation(), index) for index in (0, 1))
    assert (right.caption, right.is_right) == ("reads 0, 70 %\nis 0 · no. 0", True)
    assert (wrong.caption, wrong.is_right) == ("reads 0, 70 %\nis 1 · no. 1", False)


def test_what_was_called_no_digit_is_told_and_is_not_right():
    found = evaluation([True, True, False])
    tiles = [digit_tile(IMAGES, found, index) for index in range(3)]
    assert [tile.caption.splitlines()[0] for tile in tiles] == [
        "no digit (0, 70 %)",
        "no digit (0, 70 %)",
        "reads 0, 70 %",
    ]
    assert [tile.is_right for tile in tiles] == [False, False, True]


def test_the_pixels_of_grey_and_of_coloured_images_are_handed_on(rng):
    labels = np.zeros(1, np.int64)
    found = Evaluation(np.array([[0.7, 0.3]], np.float32), labels, 1.0)
    grey = rng.integers(0, 256, (1, 4, 5), np.uint8)
    tile = digit_tile(Dataset(grey, labels), found, 0)
    assert (tile.pixels, tile.width, tile.height) == (grey.tobytes(), 5, 4)
    ink = np.array([[[0.0, 0.5, 1.0]]], np.float32)
    assert digit_tile(Dataset(ink, labels), found, 0).pixels == bytes([0, 128, 255])
    colours = np.zeros((1, 3, 1, 2), np.uint8)
    colours[0, :, 0, 1] = 1, 2, 3
    assert digit_tile(Dataset(colours, labels), found, 0).pixels == bytes([0, 0, 0, 1, 2, 3])


def test_a_tile_speaks_another_language():
    with marked():
        caption = digit_tile(IMAGES, evaluation(), 1).caption
    assert caption == "«reads 0, 70 %»\n«is 1 · no. 1»"
