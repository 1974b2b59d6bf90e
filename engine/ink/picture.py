"""From a picture as people have it, a photograph, a scan, a screenshot, to the ink of its digit.

What frames the sheet goes first. Then the paper is estimated, and what is darker than it is ink; what the
sheet was ruled with goes, and of the marks that are left those of the digit are chosen. `paper`, `ruling` and
`marks` tell how. Their constants are shares of a picture's size or of its contrast.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import ImageError
from engine.ink.preprocessing import FRAME, frame, line_width
from engine.ink.rasterize import Ink, Pixels, read_pixels, reduction

Box = tuple[float, float, float, float]  # left, top, right, bottom, as shares of the picture's sides
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
MOST = 256  # px: a larger picture is averaged down; thin rules vanish, and 20 px are all that is wanted
NARROW = 56  # px: a strip is left as wide, so that of what stands in it more than traces remain
LEAST = 112  # px: a smaller one is enlarged, and
SMALL = 1 / 9  # of the picture's longer side: a digit that is smaller is looked at again,
ROOM = 0.8  # of its size being left around it
SMOOTH = 0.7  # of its pixels smoothed, so that their corners do not become the digit's; but by
SMOOTH_THICK = 0.3  # of them where lines are THICK, which would run together
THICK = 2.6  # of its pixels
TALL = 56  # px: digits side by side are looked at again at this height; where they touch is then seen, and
TALL_ENOUGH = 40  # px: what is as high is left as it is
MOST_TALL = 8 * MOST**2  # px of such a look, at most

CUT_OFF = 0.1  # of a patch's border, with ink on it: that goes on beyond
FULL_CONTRAST = 0.95  # of black to white: the darkest ink of every tenth image of MNIST is 254 of 255
FAINTEST = 1 / 16  # of the paper's light: a page on which nothing is darker is empty, give or take its grain
INK = 0.36  # of the darkest: what is as dark is a mark; 0.3 to 0.4 read the same, 0.25 squared paper, too
SIGMAS = 5  # of the paper's grain: no mark is fainter
FULL = 0.75  # of a mark's pixels: those above this quantile are wholly ink
FAINT_LINE = 0.2  # ink from here on is a mark, or a hairline would fall into pieces
EDGE = 2  # px around a mark that are its soft edge


@dataclass(frozen=True)
class PictureInk:
    """What was taken for ink in a picture."""

    ink: Ink  # (H, W), 1.0 where it is; the box from edge to edge, at a size that suits reading
    mask: Mask  # (H, W), the marks themselves, to be shown over the picture
    box: Box  # the part of the picture that was looked at
    several: bool  # whether there is more than one digit, all of which are in the ink


def read_image(path: Path | str, *, box: Box = WHOLE) -> Ink:
    """The ink of the digit in an image file, of all where there are several; ImageError as `read_pixels`."""
    return find_ink(read_pixels(path), box=box).ink


def find_ink(pixels: Pixels, *, box: Box = WHOLE) -> PictureInk:
    """Find the digit in a picture.

    Parameters
    ----------
    pixels : (H, W) or (H, W, 3) array in 0…1
        As `read_pixels` gives them. Dark on light or light on dark, or in any two colours.
    box : (left, top, right, bottom)
        Look only here, in shares of the picture's sides.

    Returns
    -------
    PictureInk
        All paper where nothing stands out of its grain. An image that was framed as MNIST's are comes back as
        it is. The box is smaller than the one that was asked for where the digit is small in it.
    """
    part = _part(pixels, box)
    framed = _framed_already(part)
    if framed is not None:
        return PictureInk(framed, framed > 0, box, False)
    on_patch = _on_patch(part, box)
    if on_patch is not None:
        return on_patch
    found = _look_at_working_size(part, box)
    if not found.mask.any() and max(part.shape[:2]) > MOST:
        found = _look(part, box)  # what is thin and small had gone when the picture was averaged
    nearer = _nearer(found) if max(part.shape[:2]) > LEAST else box
    return _line_looked_at(found, pixels) if nearer == box else find_ink(pixels, box=nearer)


def _on_patch(part: Pixels, box: Box) -> PictureInk | None:
    """What is found on a patch in the middle of a picture; None where there is no patch, or nothing on it."""
    from engine.ink import paper

    inside = paper.patch(part)
    if inside is None:
        return None
    rows, cols = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    place = slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1)
    alone = paper.patch_alone(part[place], inside[place])
    left, top, right, bottom = box
    across, down = (right - left) / part.shape[1], (bottom - top) / part.shape[0]
    found = _look_at_working_size(
        alone,
        (
            left + place[1].start * across,
            top + place[0].start * down,
            left + place[1].stop * across,
            top + place[0].stop * down,
        ),
    )
    # what the patch cuts off lies on no patch
    is_whole = paper.border_of(found.mask.astype(np.float32)).mean() < CUT_OFF
    return found if found.mask.any() and is_whole else None


def has_several(ink: Ink) -> bool:
    """Whether an ink, as `read_image` returns it, holds more than one digit.

    An image of MNIST's own size is one, into however many pieces its lines have broken.
    """
    from engine.ink.marks import find_digit  # here: it needs SciPy, which the window opens without

    return max(ink.shape) > FRAME and find_digit(ink >= FAINT_LINE).several


def _nearer(found: PictureInk) -> Box:
    """The box to look at again, so that a small digit is seen large; the same box where it is not small."""
    rows, cols = (np.flatnonzero(found.mask.any(axis=axis)) for axis in (1, 0))
    size = int(max(np.ptp(rows), np.ptp(cols))) + 1 if len(rows) else 0
    if found.several or not 0 < size < SMALL * max(found.mask.shape):
        return found.box
    return _around(found, rows, cols, size * ROOM)


def _around(found: PictureInk, rows: Places, cols: Places, margin: float) -> Box:
    """The box that is so many pixels larger than the marks in these rows and columns."""
    left, top, right, bottom = found.box
    height, width = found.mask.shape
    across, down = (right - left) / width, (bottom - top) / height
    return (
        max(left, left + (int(cols[0]) - margin) * across),
        max(top, top + (int(rows[0]) - margin) * down),
        min(right, left + (int(cols[-1]) + 1 + margin) * across),
        min(bottom, top + (int(rows[-1]) + 1 + margin) * down),
    )


def _line_looked_at(found: PictureInk, pixels: Pixels) -> PictureInk:
    """What was found; of digits that are small, side by side or joined, what is found when they are TALL."""
    from scipy.ndimage import find_objects, label

    rows, cols = (np.flatnonzero(found.mask.any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0 or not (found.several or np.ptp(cols) > np.ptp(rows)):
        return found
    heights = np.array([mark[0].stop - mark[0].start for mark in find_objects(label(found.mask)[0])])
    height = float(np.median(heights[heights >= heights.max() / 2]))
    if height >= TALL_ENOUGH:
        return found
    box = _around(found, rows, cols, height * ROOM)
    near = _part(pixels, box)
    across = (box[2] - box[0]) / (found.box[2] - found.box[0]) * found.mask.shape[1]
    fine = near.shape[1] / across  # its pixels in one of the mask
    scale = min(TALL / height / fine, math.sqrt(MOST_TALL / (near.shape[0] * near.shape[1])))
    if scale >= 1:
        seen = _look_enlarged(near, scale, box)
    elif fine >= 2:
        seen = _look(_averaged(near, math.floor(1 / scale)), box)
    else:
        return found
    return seen if seen.mask.any() else found


def _part(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    left, right = round(box[0] * width), round(box[2] * width)
    top, bottom = round(box[1] * height), round(box[3] * height)
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise ImageError(
            "The box {box} holds no pixel of the picture. It is left, top, right and bottom, from 0 to 1.",
            box=box,
        )
    return pixels[top:bottom, left:right]


def _framed_already(pixels: Pixels) -> Ink | None:
    """The ink of an image that `frame` would leave as it is, as it would one of MNIST."""
    if pixels.shape[:2] != (FRAME, FRAME):
        return None
    grey = pixels if pixels.ndim == 2 else pixels[..., 0]
    if pixels.ndim == 3 and (pixels != grey[..., None]).any():
        return None
    paper = np.median(np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1])))
    difference = np.abs(grey - paper)  # MNIST's ink touches the border now and then
    contrast = difference.max()
    if contrast < FAINTEST:
        return None
    ink: Ink = difference if contrast >= FULL_CONTRAST else difference / contrast
    framed = frame(ink)
    return ink if framed is not None and np.abs(framed - ink).max() < 1 / 255 else None


def _look_at_working_size(pixels: Pixels, box: Box) -> PictureInk:
    """What is found at LEAST to MOST pixels on the longer side; a picture that is between stays as it is."""
    rows, cols = pixels.shape[:2]
    if max(rows, cols) < LEAST:
        return _look_enlarged(pixels, LEAST / max(rows, cols), box)
    factor = min(reduction(cols, rows, MOST, NARROW), rows, cols)
    return _look(pixels if factor == 1 else _averaged(pixels, factor), box)


def _look_enlarged(pixels: Pixels, scale: float, box: Box) -> PictureInk:
    """What is found in a picture that is enlarged; thick lines, once they are known, are smoothed less."""
    found = _look(_enlarged(pixels, scale, SMOOTH), box)
    if line_width(found.ink) < THICK * scale:
        return found
    return _look(_enlarged(pixels, scale, SMOOTH_THICK), box)


def _enlarged(pixels: Pixels, scale: float, smooth: float) -> Pixels:
    """In shades of grey, bicubic, and smoothed by so much of the pixels that there were."""
    from scipy.ndimage import gaussian_filter, zoom

    from engine.ink import paper

    large = zoom(paper.shades(pixels), scale, order=3, mode="nearest", grid_mode=True)
    return np.clip(gaussian_filter(large, smooth * scale), 0, 1)


def _averaged(pixels: Pixels, factor: int) -> Pixels:
    """Means of squares of `factor` pixels; what is left over at the right and at the bottom is cut off."""
    rows, cols = pixels.shape[:2]
    whole = pixels[: rows - rows % factor, : cols - cols % factor]
    # a mean over two axes of blocks takes ten times as long
    total = sum(whole[row::factor, col::factor] for row in range(factor) for col in range(factor))
    averaged: Pixels = np.divide(total, np.float32(factor**2), dtype=np.float32)
    return averaged


def _look(pixels: Pixels, box: Box) -> PictureInk:
    from scipy.ndimage import maximum_filter

    from engine.ink import marks, paper, ruling

    grey = paper.shades(pixels)
    ink, mask = np.zeros(grey.shape, np.float32), np.zeros(grey.shape, bool)
    sheet = paper.sheet(grey)
    on_paper = paper.dark_on_light(grey[sheet])
    dark, light = paper.darkness(on_paper)
    strongest = paper.strongest(dark)
    if strongest < FAINTEST:
        return PictureInk(ink, mask, box, False)
    threshold = max(INK * strongest, SIGMAS * paper.grain(dark))
    if max(grey.shape) > LEAST:  # where lines are not blurred
        lines, light = paper.without_shadows(on_paper, dark, light, threshold)
        if lines is not dark:
            dark = lines
            threshold = max(INK * paper.strongest(dark), SIGMAS * paper.grain(dark))
    dark = ruling.without_rules(dark, threshold)
    depth = dark * light  # of black to white: where there is little light, grain is a larger share of it
    solid = (dark >= threshold) & (depth >= SIGMAS * paper.grain(depth))
    digit = marks.find_digit(solid, light)
    if not digit.mask.any():
        return PictureInk(ink, mask, box, False)
    faint, full = threshold / 2, float(np.quantile(dark[digit.mask], FULL))
    stretched = np.clip((dark - faint) / max(full - faint, faint), 0, 1)
    ink[sheet] = np.where(maximum_filter(digit.mask, 2 * EDGE + 1), stretched, 0)
    mask[sheet] = digit.mask
    return PictureInk(ink, mask, box, digit.several)
