"""A cut through the ink of a picture, as if the paper were bare there: what touched is apart."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.ink.preprocessing import line_width
from engine.ink.rasterize import Ink, Point

NARROWEST = 2.5  # px, so that what lies on either side meets by no corner
SHARE = 0.25  # of the pen's width


def cut_along(ink: Ink, path: Sequence[Point]) -> Ink:
    """The ink, (H, W), without what lies under a path of (x, y) in its pixels."""
    height, width = ink.shape
    y, x = np.mgrid[:height, :width] + 0.5
    near = np.full(ink.shape, np.inf)
    for (x0, y0), (x1, y1) in pairwise(path):
        dx, dy = x1 - x0, y1 - y0
        along = ((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-12)
        share = along.clip(0, 1)
        near = np.minimum(near, np.hypot(x - x0 - share * dx, y - y0 - share * dy))
    reach = max(NARROWEST, SHARE * line_width(ink)) / 2
    cut: Ink = np.where(near <= reach, np.float32(0), ink)
    return cut
