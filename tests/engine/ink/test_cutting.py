"""A cut takes the ink under it, and no other."""

import numpy as np
from scipy.ndimage import label

from engine.ink.cutting import cut_along


def test_what_touched_is_apart():
    ink = np.zeros((30, 60), np.float32)
    ink[10:20, 5:55] = 1
    cut = cut_along(ink, [(25, -1), (35, 31)])  # leaning
    assert label(cut > 0, np.ones((3, 3)))[1] == 2
    assert cut[:, :20].tolist() == ink[:, :20].tolist()
    assert cut[:, 40:].tolist() == ink[:, 40:].tolist()
    assert ink[15, 30] == 1  # the ink itself is as it was


def test_it_ends_where_the_path_ends():
    cut = cut_along(np.ones((30, 30), np.float32), [(15, 0), (15, 10), (15, 10)])
    assert cut[5, 15] == 0
    assert (cut[13:] == 1).all()
