"""Ruled and squared paper: straight lines that cross the sheet go, and the digit that lies on them stays."""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import find_objects, label, maximum_filter1d, minimum_filter1d

from engine.ink.rasterize import Ink

Mask = npt.NDArray[np.bool_]

RUN = 1 / 4  # of the sheet's width: a line is straight over this, give or take a pixel
SPAN = 1 / 2  # of its width, and to the edge at least once: a rule, and no bar of a digit
EDGE = 0.03  # of its width: so near the edge is at the edge
THICKEST = 1 / 40  # of its height, and
THIN = 4  # px: a rule is no thicker
DARKER = 1.6  # times the rule: that is ink on it


def without_rules(dark: Ink, threshold: float) -> Ink:
    """The sheet without the lines that it was ruled with, across and down; ink that crosses them is kept.

    Parameters
    ----------
    dark : (H, W) array
        As `paper.darkness` gives it.
    threshold : float
        How dark ink is at least. Rules may be half as dark.
    """
    across = _without_lines_across(dark, threshold / 2)
    return _without_lines_across(across.T, threshold / 2).T


def _without_lines_across(dark: Ink, threshold: float) -> Ink:
    height, width = dark.shape
    solid = dark >= threshold
    # a line that is a little askew steps to the next row now and then
    runs = _runs(maximum_filter1d(solid, 3, axis=0), round(width * RUN), axis=1)
    labels, _ = label(runs, np.ones((3, 3)))
    rules = np.zeros_like(solid)
    thickness = 0.0
    for index, (rows, cols) in enumerate(find_objects(labels), start=1):
        line = (labels[rows, cols] == index) & solid[rows, cols]
        span = cols.stop - cols.start
        reaches_edge = cols.start <= EDGE * width or cols.stop >= (1 - EDGE) * width
        thick = line.sum() / span
        if span >= SPAN * width and reaches_edge and thick <= max(THIN, height * THICKEST):
            rules[rows, cols] |= line
            thickness = max(thickness, thick)
    if not rules.any():
        return dark
    crossing = _runs(solid, round(thickness) + 3, axis=0)
    ink_on_them = dark > DARKER * np.median(dark[rules])
    return np.where(rules & ~crossing & ~ink_on_them, np.float32(0), dark)


def _runs(solid: Mask, length: int, *, axis: int) -> Mask:
    """Where so many pixels or more lie in a row."""
    length |= 1  # so that it has a middle
    kept: Mask = maximum_filter1d(
        minimum_filter1d(solid, length, axis=axis, mode="constant"), length, axis=axis, mode="constant"
    )
    return kept
