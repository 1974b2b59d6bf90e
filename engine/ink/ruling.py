"""Ruled and squared paper: straight lines that cross the sheet go, and the digit that lies on them stays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import find_objects, label, maximum_filter1d, minimum_filter1d, uniform_filter1d

from engine.ink.rasterize import Ink

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

SLOPES = np.arange(-4, 5) * 0.04  # of a sheet that lies askew, or is seen from one side
RUN = 1 / 4  # of the sheet's width: a line is straight over this, give or take a pixel
SPAN = 1 / 2  # of its width, and to a side at one end, or from a side to an edge: a rule, and no digit's bar
FEW = 2  # rules in a direction: a digit that fills the sheet, but for a
MARGIN = 3  # px, has no more bars
NEAR = 3  # px: of a rule at one of them, or between two, so many rows hold more than
AROUND = 13  # px: those around, by
SPREAD = 0.35  # of the sheet's width at least, as
SAMPLED = 4  # one column of so many tells
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
    if max(across.count, down.count) <= FEW and _is_filled(dark >= threshold):
        return dark  # what was cut out so closely is a digit whose bars end at the edges
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
    count: int  # of one slope
    thickness: float  # px
    darkness: float


def _rules_across(dark: Ink, threshold: float) -> _Rules:
    height, width = dark.shape
    solid = dark >= threshold / 2
    both = dark.copy()
    both[1:] += dark[:-1]  # a thin line may lie half in one row and half in the next
    there = np.maximum(dark, both / HALVES) >= threshold
    rules = np.zeros_like(solid)
    thickness, count = 0.0, 0
    slopes = _slopes(there)
    # a line that is a little askew steps to the next row now and then
    there = maximum_filter1d(there, 2, axis=0, origin=-1)
    for slope in slopes:
        down, right = level = _along(there.shape, slope)
        runs = _runs(there[level], round(width * RUN), axis=1)
        if not runs.any():
            continue
        labels, _ = label(runs, np.ones((3, 3)))
        found = 0
        for index, place in enumerate(find_objects(labels), start=1):
            rows, cols = place
            ends = cols.start, cols.stop - 1
            if not _is_across(there.shape, [(int(down[rows.start, col]), col) for col in ends]):
                continue
            here = down[place], right[:, cols]
            line = (labels[place] == index) & solid[here]
            thick = float(np.median(line.sum(axis=0)))  # a bar that lies on it makes it no thicker
            if thick <= max(THIN, height * THICKEST):
                rules[here] |= line
                thickness = max(thickness, thick)
                found += 1
        count = max(count, found)
    whole = dark[rules & (dark >= threshold)]  # where it lies in one row
    return _Rules(rules, count, thickness, float(np.median(whole)) if len(whole) else 0.0)


def _slopes(there: Mask) -> list[float]:
    """The SLOPES at which something may be a rule: much lies on one line, and little on those beside it."""
    height, width = there.shape
    rows, cols = np.nonzero(there[:, ::SAMPLED])
    most = math.ceil(SLOPES[-1] * width)
    on_line = np.stack(
        [
            np.bincount(rows - _shift(width, slope)[cols * SAMPLED] + most, minlength=height + 2 * most)
            for slope in SLOPES
        ],
        dtype=np.float32,
    )
    near, around = (uniform_filter1d(on_line, size, mode="constant") for size in (NEAR, AROUND))
    stands_out = (near - around).max(axis=1) * NEAR * SAMPLED
    return [float(slope) for slope in SLOPES[(stands_out >= SPREAD * width) | (SLOPES == 0)]]


def _shift(width: int, slope: float) -> Places:
    """By how many rows a line of this slope lies lower at each column than in the middle."""
    return np.round(slope * (np.arange(width) - width // 2)).astype(np.intp)


def _along(shape: tuple[int, ...], slope: float) -> tuple[Places, Places]:
    """(H, W) and (1, W), the row and the column where the pixels of rows that have this slope are."""
    rows, cols = np.indices(shape, sparse=True)
    return (rows + _shift(shape[1], slope)) % shape[0], cols


def _is_across(shape: tuple[int, ...], ends: Sequence[tuple[int, int]]) -> bool:
    """Whether a line that ends at two places, (row, column), is as long as a rule, or cuts a corner off."""
    height, width = shape
    near = EDGE * width
    at_side = [not near < col < width - 1 - near for _, col in ends]
    if all(at_side) or not any(at_side):
        return all(at_side)
    edges = [(row <= near, row >= height - 1 - near) for row, _ in ends]  # top, bottom
    cuts_corner = any(edges[at_side.index(False)]) and not any(edges[at_side.index(True)])
    return cuts_corner or ends[1][1] + 1 - ends[0][1] >= SPAN * width


def _is_filled(solid: Mask) -> bool:
    """Whether ink comes to every edge of the sheet."""
    near = max(MARGIN, round(EDGE * max(solid.shape)))
    return bool(
        solid[:near].any() and solid[-near:].any() and solid[:, :near].any() and solid[:, -near:].any()
    )


def _runs(solid: Mask, length: int, *, axis: int) -> Mask:
    """Where so many pixels or more lie in a row."""
    length |= 1  # so that it has a middle
    middles: Mask = minimum_filter1d(solid, length, axis=axis, mode="constant")
    if not middles.any():
        return middles
    kept: Mask = maximum_filter1d(middles, length, axis=axis, mode="constant")
    return kept
