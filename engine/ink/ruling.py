"""Ruled and squared paper: straight lines that cross the sheet go, and the digit that lies on them stays."""

from dataclasses import dataclass

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
HALVES = 1.5  # times as dark as one row must be two rows that share a line
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
    across, down = _rules_across(dark, threshold / 2), _rules_across(dark.T, threshold / 2)
    if not (across.places.any() or down.places.any()):
        return dark
    # where two rules cross, less of the paper's light is left than either leaves
    light = np.where(across.places, 1 - across.darkness, 1) * np.where(down.places.T, 1 - down.darkness, 1)
    is_ink = dark > DARKER * (1 - light)
    for rules in (across, down):
        crossing = _runs(dark >= threshold / 2, round(rules.thickness) + 3, axis=0)
        dark = np.where(rules.places & ~crossing & ~is_ink, np.float32(0), dark).T
        is_ink = is_ink.T
    return dark


@dataclass(frozen=True)
class _Rules:
    """Those across a sheet."""

    places: Mask
    thickness: float  # px
    darkness: float


def _rules_across(dark: Ink, threshold: float) -> _Rules:
    height, width = dark.shape
    solid = dark >= threshold / 2
    both = dark.copy()
    both[1:] += dark[:-1]  # a thin line may lie half in one row and half in the next
    there = np.maximum(dark, both / HALVES) >= threshold
    # a line that is a little askew steps to the next row now and then
    runs = _runs(maximum_filter1d(there, 2, axis=0, origin=-1), round(width * RUN), axis=1)
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
    whole = dark[rules & (dark >= threshold)]  # where it lies in one row
    return _Rules(rules, thickness, float(np.median(whole)) if len(whole) else 0.0)


def _runs(solid: Mask, length: int, *, axis: int) -> Mask:
    """Where so many pixels or more lie in a row."""
    length |= 1  # so that it has a middle
    kept: Mask = maximum_filter1d(
        minimum_filter1d(solid, length, axis=axis, mode="constant"), length, axis=axis, mode="constant"
    )
    return kept
