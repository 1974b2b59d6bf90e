"""Seams part digits that touch, lean as handwriting does, and are not told twice."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reading.seams import ALIKE, ALIKE_CLOSELY, LEAST_INK, MOST_INK, seams

UNIT, PEN = 60.0, 8.0


def marks(*boxes, width=60):
    """(60, width), ink in these: (left, top, right, bottom)."""
    ink = np.zeros((60, width), np.float32)
    for left, top, right, bottom in boxes:
        ink[top:bottom, left:right] = 1
    return ink


JOINED = marks((0, 0, 8, 60), (52, 0, 60, 60), (8, 26, 52, 34))


def sides(ink, seam):
    right = np.arange(ink.shape[1]) >= seam.columns[:, None]
    return np.where(right, 0, ink), np.where(right, ink, 0)


def crossed_between(ink, is_left):
    """How much ink the cheapest seam crosses of those that have just this on their left, but for a dot."""
    found = seams(ink, UNIT, PEN)
    off = [np.abs(sides(ink, seam)[0] - np.where(is_left, ink, 0)).sum() for seam in found]
    return min((seam.ink for seam, wrong in zip(found, off, strict=True) if wrong <= PEN**2), default=np.inf)


def test_bars_that_a_line_joins_are_parted_through_the_line():
    assert crossed_between(JOINED, np.arange(60) < 30) < 2 * PEN


def test_a_seam_may_cross_two_lines():
    row, col = np.mgrid[:60, :60]
    ring = (abs(np.hypot(row - 29.5, col - 29.5) - 25.5) < PEN / 2).astype(np.float32)
    halves = [
        seam
        for seam in seams(ring, UNIT, PEN)
        if min(side.sum() for side in sides(ring, seam)) > 0.4 * ring.sum()
    ]
    assert 1.5 * PEN < min(seam.ink for seam in halves) < 3 * PEN


@pytest.mark.parametrize("lean", [-0.4, 0.2, 0.6])
def test_what_leans_is_parted_by_a_seam_that_leans(lean):
    row, col = np.mgrid[:60, :120]
    at = 40 + (30 - row) * lean
    bars = ((abs(col - at) < 4) | (abs(col - at - 16) < 4)).astype(np.float32)
    bars[26:34, 40:56] = 1
    low, high = np.flatnonzero(bars.any(axis=0))[[0, -1]]
    assert crossed_between(bars[:, low : high + 1], (col < at + 8)[:, low : high + 1]) < 2 * PEN


@pytest.mark.parametrize("closely", [False, True])
def test_seams_go_from_left_to_right_with_ink_between_and_beside_them(closely):
    found = seams(JOINED, UNIT, PEN, closely=closely)
    assert len(found) > 2
    line = UNIT * PEN
    lefts = [sides(JOINED, seam)[0].sum() for seam in found]
    assert lefts == sorted(lefts)
    for place, seam in enumerate(found):
        assert min(side.sum() for side in sides(JOINED, seam)) >= LEAST_INK * line
        assert seam.ink <= MOST_INK * PEN
        for other in found[:place]:
            between = np.abs(sides(JOINED, seam)[0] - sides(JOINED, other)[0]).sum()
            assert between >= (ALIKE_CLOSELY if closely else ALIKE) * line


def test_who_looks_closely_sees_more_seams():
    row, col = np.mgrid[:60, :60]
    ring = (abs(np.hypot(row - 29.5, col - 29.5) - 25.5) < PEN / 2).astype(np.float32)
    assert len(seams(ring, UNIT, PEN, closely=True)) > 1.5 * len(seams(ring, UNIT, PEN))


def test_what_has_too_little_ink_has_no_seam():
    assert seams(marks((0, 0, 8, 20), (8, 10, 20, 14), width=20)[:20], UNIT, PEN) == []


def test_no_seam_parts_what_is_above_from_what_is_below():
    row, col = np.mgrid[:60, :60]
    leaning = (abs(col + row - 59) < 4).astype(np.float32)  # from the right above to the left below
    assert seams(leaning, UNIT, PEN) == []
    leaning[:, 40:48] = 1  # with a bar beside it
    assert len(seams(leaning, UNIT, PEN)) > 0


def parted(ink, columns):
    """What a way parts: of each two pixels that it comes between, what the fainter of them has."""
    padded = np.pad(ink, ((0, 0), (1, 1)))
    ways = columns.clip(0, ink.shape[1])
    within = sum(min(row[way], row[way + 1]) for row, way in zip(padded, ways, strict=True))
    steps = zip(ink, ink[1:], pairwise(ways), strict=False)
    turned = sum(np.minimum(one, other)[min(way) : max(way)].sum() for one, other, way in steps)
    return within + turned


@given(st.integers(0, 2**32 - 1))
def test_a_seam_tells_no_less_than_the_ink_that_it_parts(seed):
    rng = np.random.default_rng(seed)
    ink = (rng.random((20, 34)) * (rng.random((20, 34)) < 0.5)).astype(np.float32)
    for seam in seams(ink, 20.0, 2.5, closely=True):
        assert seam.ink >= parted(ink, seam.columns) - 1e-3


def test_a_seam_along_the_edge_of_a_line_parts_nothing():
    ink = marks((0, 0, 8, 60), (8, 26, 30, 34), (30, 0, 38, 60), width=38)
    (cheapest, *_) = sorted(seams(ink, UNIT, PEN), key=lambda seam: seam.ink)
    assert cheapest.ink == parted(ink, cheapest.columns) == PEN


def test_what_a_seam_tells_is_the_fainter_of_what_it_parts():
    ink = np.tile(np.linspace(0.2, 0.4, 60, dtype=np.float32), (60, 1))
    straight = [seam for seam in seams(ink, UNIT, PEN) if np.ptp(seam.columns) == 0]
    assert straight
    for seam in straight:
        assert seam.ink == pytest.approx(parted(ink, seam.columns), rel=1e-4)


def test_a_seam_goes_through_a_faint_smudge_rather_than_around_it():
    ink = JOINED.copy()
    ink[10:13, 9:31] = ink[45:48, 30:51] = 0.1  # no straight way goes past both
    assert {np.ptp(seam.columns) for seam in seams(ink, UNIT, PEN) if seam.ink < PEN + 1} == {0}
