"""Ink becomes the 28x28 image that a network sees, made the way MNIST was made.

LeCun et al. (1998), section III-A: the digit is scaled, aspect ratio kept, into a box of 20x20, and placed in
28x28 with its centre of mass in the middle. Measured on MNIST itself: the longest side is 20 px in 99.97 %
of the images, and the centre of mass lies within half a pixel of index 14 on both axes.

Every path goes through `frame`: drawings, image files, and the strokes that a network is trained on.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ink.rasterize import PEN, SIDE, Ink, Point, Strokes, stroke_ink
from engine.machine.threads import one_blas_thread

FRAME = 28  # px, the side of the image
BOX = 20  # px, the longest side of the ink in it
CENTRE = 14  # index of the row and the column on which the centre of mass comes to lie

# px in the box; the range into which a picture's pen is brought, inside MNIST's own 2.0 to 4.2
THINNEST, THICKEST = 2.0, 3.2
SOLID = 0.3  # ink from here on counts as line when a pen is measured


def even_pen(ink: Ink, *, size: float | None = None) -> Ink:
    """Thicken the lines of a picture made with a fine pen, and thin those of a broad one.

    A hairline would turn to faint grey when it is scaled down, and a brush would fill its loops.

    Parameters
    ----------
    ink : (H, W) array in 0…1
        Strokes never need this: they are drawn with the right pen. Ink no larger than two boxes is left
        alone, so an image of MNIST is; its lines are too few pixels wide to be measured.
    size : float, optional
        px, the longest side of a digit, where the ink is of several.

    Returns
    -------
    ink : (H, W) array
        From edge to edge of the lines where it was changed, and with a margin all around where they grew.
    """
    from scipy.ndimage import distance_transform_edt  # here: opening the window need not wait for it

    solid = _solid(ink)
    if not solid.any():
        return ink
    pixel = (size or max(solid.shape)) / BOX  # one pixel of the box, in pixels of the ink
    if pixel < 2:
        return ink
    depth = _depth(solid)
    width = _mean_width(solid, depth) / pixel
    growth = (np.clip(width, THINNEST, THICKEST) - width) / 2 * pixel  # on each side of a line
    if abs(growth) < 0.5:
        return ink
    if growth < 0:
        even = depth + growth
    else:
        even = growth + 1 - distance_transform_edt(~np.pad(solid, int(growth) + 2))
    evened: Ink = np.clip(even, 0, 1).astype(np.float32)
    return evened


def line_width(ink: Ink) -> float:
    """The mean width of an ink's lines, in its pixels; 0 where there is none."""
    solid = _solid(ink)
    return _mean_width(solid, _depth(solid)) if solid.any() else 0.0


def _solid(ink: Ink) -> npt.NDArray[np.bool_]:
    """Which pixels are line, from edge to edge of the lines."""
    solid = ink >= SOLID
    if not solid.any():
        return solid
    return solid[_extent(solid.max(axis=1)), _extent(solid.max(axis=0))]


def _depth(solid: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """How far each pixel of a line is from the paper, in pixels, to the centre of the nearest outside."""
    from scipy.ndimage import distance_transform_edt

    depth: npt.NDArray[np.float64] = distance_transform_edt(np.pad(solid, 1))[1:-1, 1:-1]
    return depth


def _mean_width(solid: npt.NDArray[np.bool_], depth: npt.NDArray[np.float64]) -> float:
    # Inside a line of width w the distance to the edge averages w/4. The edge is half a pixel before the
    # centre of the nearest pixel outside.
    return 4 * (float(depth[solid].mean()) - 0.5)


def frame(ink: Ink) -> Ink | None:
    """Scale ink into the box and centre it by mass.

    Parameters
    ----------
    ink : (H, W) array in 0…1
        Of any size, with any margin.

    Returns
    -------
    image : (28, 28) float32 array, or None where there is no ink
    """
    by_row, by_col = ink.sum(axis=1), ink.sum(axis=0)
    if not by_row.any():
        return None
    rows, cols = _extent(by_row), _extent(by_col)
    scale = BOX / max(rows.stop - rows.start, cols.stop - cols.start)
    down, across = _place(by_row[rows], scale), _place(by_col[cols], scale)
    with one_blas_thread():  # several would wait for each other where cores are busy
        image = down @ ink[rows, cols] @ across.T
    framed: Ink = np.clip(image, 0, 1)
    return framed


@dataclass(frozen=True)
class Framing:
    """Where a place comes to lie in the image, in px: times `scale`, plus `down` or `right`."""

    scale: float
    down: float
    right: float

    def in_image(self, point: Point) -> Point:
        """(x, y) of the image, in px from its left upper corner."""
        return point[0] * self.scale + self.right, point[1] * self.scale + self.down

    def back(self, point: Point) -> Point:
        """The place that comes to lie there."""
        return (point[0] - self.right) / self.scale, (point[1] - self.down) / self.scale


def framing_of_strokes(strokes: Strokes) -> Framing | None:
    """Where `frame` puts the points of strokes that are drawn with the usual pen; None without an extent."""
    every = [point for stroke in strokes for point in stroke]
    if not every:
        return None
    (left, top), (right, bottom) = np.min(every, axis=0).tolist(), np.max(every, axis=0).tolist()
    longest, line = max(right - left, bottom - top), PEN * SIDE
    if longest <= 0:
        return None
    ink = stroke_ink(strokes)
    by_row, by_col = ink.sum(axis=1), ink.sum(axis=0)
    rows, cols = _extent(by_row), _extent(by_col)
    smaller = BOX / max(rows.stop - rows.start, cols.stop - cols.start)
    scale = (SIDE - line) / longest
    return Framing(
        scale * smaller,
        (line / 2 - top * scale - rows.start) * smaller + _shift(by_row[rows], smaller),
        (line / 2 - left * scale - cols.start) * smaller + _shift(by_col[cols], smaller),
    )


def _extent(profile: npt.NDArray[np.float32 | np.bool_]) -> slice:
    inked = np.flatnonzero(profile)
    return slice(inked[0], inked[-1] + 1)


def _place(mass: npt.NDArray[np.float32], scale: float) -> npt.NDArray[np.float32]:
    """The (FRAME, size) matrix that scales one axis, and shifts its centre of mass to CENTRE.

    Each output pixel averages the inputs that it covers, so that thin strokes turn grey instead of
    breaking. The shift keeps all ink in the frame and is a whole number of pixels of the finer grid.
    Ink of MNIST's own size thus moves by whole pixels, as MNIST did, and an image of MNIST comes out as
    it went in. Larger ink moves in finer steps: a small change of a drawing never makes its image jump.
    """
    edges = np.arange(len(mass) + 1) * scale + _shift(mass, scale)
    # how much of each pixel lies before each edge; the difference is what an input covers of it
    before = edges - np.arange(FRAME)[:, None]
    np.maximum(before, 0, out=before)
    np.minimum(before, 1, out=before)
    weights: npt.NDArray[np.float32] = (before[:, 1:] - before[:, :-1]).astype(np.float32)
    return weights


def _shift(mass: npt.NDArray[np.float32], scale: float) -> float:
    size = len(mass)
    centre = float((np.arange(size) + 0.5) @ mass / mass.sum()) * scale  # from the ink's first edge, in px
    step = min(scale, 1.0)
    shift = math.floor((CENTRE + 0.5 - centre) / step + 0.5) * step
    return min(max(shift, 0.0), FRAME - size * scale)
