"""What lies on the paper: a photograph becomes how much darker than its paper each pixel is.

The paper is estimated at every place, never assumed: light falls from one side, a hand throws its shadow. It
is what a closing leaves: a surface that dips into nothing as narrow as a pen. It follows a shadow's edge,
soft or hard, where an average would smear it.
"""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import (
    binary_dilation,
    binary_erosion,
    distance_transform_edt,
    grey_closing,
    label,
    median_filter,
    minimum_filter,
)

from engine.ink.rasterize import Ink, Pixels

Mask = npt.NDArray[np.bool_]

LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
MORE = 1.5  # times what luminance shows: another direction of the colours is taken instead
FAR = 0.03  # of the pixels, those that differ most from the ground, tell that direction

DEEPEST = 0.25  # of a side: what frames the sheet is looked for so far in
FRAMING = 0.9  # of a row: so much of it is padding, a strip or a frame's line
LEFT_OVER = 0.3  # of a row: so much is the blurred edge of that
UNLIKE = 0.1  # of black to white: a pixel is not of the paper's shade

WINDOW = 1 / 6  # of the longer side: what is narrower lies on the paper, what is wider is paper of its own
DARKEST_PAPER = 0.08  # of white: so that a black table's grain is not magnified
COARSE = 24  # px, the longer side on which a median is affordable

BROAD = 1 / 12  # of the longer side: a dark patch that is as wide, and fainter than the lines, is a shadow
FINE = 1 / 18  # of it: no wider are those lines, which are
DARKER = 1.25  # times as dark as it, where it has
SHADOWED = 0.02  # of the sheet, at least

SMALLEST, LARGEST = 0.1, 0.85  # of the picture: a patch on which the digit lies has so much of it,
ANOTHER = 0.2  # of black to white: another colour than what is around it, where it ends all but at once,
SUDDEN = 0.6  # of that within three pixels of the coarse picture,
DISC, RECTANGLE = 0.72, 0.88  # of the smallest rectangle around it; these are 0.79 and 1. It is
ROUND, LONG = 1.25, 3.0  # times as long as wide, at most: an oval is a zero by a broad pen. And
ALONG_BORDER = 0.2  # of the picture's border, at most, is its own

FEW = 40  # px: so much ink there is, however thin and small a digit
SAMPLED = 16  # px: one of so many tells which are too light to be among these


def shades(pixels: Pixels) -> Ink:
    """(H, W) or (H, W, 3) in 0…1 becomes (H, W), in which ink differs from its ground.

    That is luminance, unless another direction of the colours shows much more: red ink on a green as bright.
    """
    if pixels.ndim == 2:
        return pixels
    grey: Ink = pixels @ LUMINANCE
    ground = np.median(border_of(pixels), axis=0)
    difference = pixels - ground
    distance = np.einsum("ijk,ijk->ij", difference, difference)
    far = difference[distance >= np.quantile(distance, 1 - FAR)]
    _, axes = np.linalg.eigh(far.T @ far)
    # a length of 1 from black to white, as luminance has
    along: Ink = difference @ (axes[:, -1] / np.sqrt(3)).astype(np.float32)
    if strongest(np.abs(along)) < MORE * strongest(np.abs(grey - ground @ LUMINANCE)):
        return grey
    if -along.min() > along.max():
        along = -along
    shade: Ink = np.clip(1 - along, 0, 1)
    return shade


def patch(pixels: Pixels) -> Mask | None:
    """(H, W), the patch in the middle on which the digit lies: a note on a table, a disc, a plot on a page.

    It is of one colour, all but for what is written on it, and of another than what is around it; straight
    or askew. None where there is no such thing.
    """
    factor = -(-max(pixels.shape[:2]) // (2 * COARSE))
    coarse = pixels[factor // 2 :: factor, factor // 2 :: factor]
    if min(coarse.shape[:2]) < COARSE / 2:
        return None
    coarse = coarse.reshape(*coarse.shape[:2], -1)
    rows, cols = (slice(3 * size // 8, -(-5 * size // 8)) for size in coarse.shape[:2])
    quartiles = np.quantile(coarse[rows, cols], (0.25, 0.75), axis=(0, 1))
    if np.abs(quartiles - np.median(border_of(coarse), axis=0)).max() < ANOTHER:
        return None  # most pictures, at an eighth of the time
    plain = median_filter(coarse, (COARSE // 3 | 1, COARSE // 3 | 1, 1), mode="nearest")
    around, own = np.median(border_of(plain), axis=0), np.median(plain[rows, cols], axis=(0, 1))
    difference = float(np.abs(own - around).max())
    if difference < ANOTHER:
        return None
    like = np.abs(plain - own).sum(axis=2) < np.abs(plain - around).sum(axis=2)
    labels, _ = label(like)
    middle = labels[rows, cols]
    if not middle.any():
        return None
    inside = labels == np.bincount(middle[middle > 0]).argmax()
    if not SMALLEST <= inside.mean() <= LARGEST or border_of(inside.astype(np.float32)).mean() > ALONG_BORDER:
        return None
    filled = _share_of_rectangle(inside)
    if filled < DISC or _elongation(inside) > (LONG if filled >= RECTANGLE else ROUND):
        return None
    within, beyond = binary_erosion(inside), ~binary_dilation(inside, iterations=2)
    edges = inside & ~within, binary_dilation(~beyond) & beyond
    if not all(edge.any() for edge in edges):
        return None
    inner, outer = (np.median(plain[edge], axis=0) for edge in edges)
    if np.abs(inner - outer).max() < SUDDEN * difference:
        return None
    row, col = (
        np.minimum(np.arange(size) // factor, most - 1)
        for size, most in zip(pixels.shape[:2], within.shape, strict=True)
    )
    found: Mask = within[np.ix_(row, col)]
    return found


def _share_of_rectangle(mask: Mask) -> float:
    """How much of the smallest rectangle around a mask, turned as it may be, it fills."""
    down, right = np.nonzero(mask)
    angles = np.radians(np.arange(0, 90, 5))[:, None]
    along = np.ptp(np.cos(angles) * right + np.sin(angles) * down, axis=1) + 1
    across = np.ptp(np.cos(angles) * down - np.sin(angles) * right, axis=1) + 1
    return float(mask.sum() / (along * across).min())


def _elongation(mask: Mask) -> float:
    """How many times as long as wide a mask is, by its moments."""
    short, long = np.linalg.eigvalsh(np.cov(np.nonzero(mask)))
    return float(np.sqrt(long / max(short, 1e-9)))


def patch_alone(pixels: Pixels, inside: Mask) -> Pixels:
    """What is beyond a patch gets the colour of the nearest place on it."""
    rows, cols = distance_transform_edt(~inside, return_distances=False, return_indices=True)
    alone: Pixels = pixels[rows, cols]
    return alone


def border_of(pixels: Pixels) -> Pixels:
    """The outermost pixels, one after the other."""
    return np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))


def sheet(grey: Ink) -> tuple[slice, slice]:
    """The rows and the columns inside of what frames a picture.

    Black padding, the table beyond a straight edge, the line along the border of a form's box: rows that are
    of another shade than the middle almost from end to end, and stop being so from one row to the next, as
    no shadow does.
    """
    return _inside(grey), _inside(grey.T)


def _inside(lines: Ink) -> slice:
    count = len(lines)
    deepest = int(count * DEEPEST)
    paper = np.median(lines[deepest : count - deepest], axis=0)
    unlike = (np.abs(lines - paper) > UNLIKE).mean(axis=1)
    return slice(_framing(unlike[: deepest + 3]), count - _framing(unlike[: -deepest - 4 : -1]))


def _framing(unlike: npt.NDArray[np.float64]) -> int:
    """How many of the rows, from the border inward, frame the sheet; three more than may be do come along."""
    last = [
        row
        for row in range(len(unlike) - 3)
        if unlike[row] >= FRAMING and unlike[row + 1 : row + 4].min() < FRAMING / 2
    ]
    if not last:
        return 0
    edge = last[-1] + 1
    while edge < len(unlike) - 3 and unlike[edge] >= LEFT_OVER:
        edge += 1
    return edge


def dark_on_light(grey: Ink) -> Ink:
    """The picture as it is, or turned into its negative where light ink lies on dark paper.

    Ink is what stands out furthest from the shade that is most common around it.
    """
    factor = -(-max(grey.shape) // COARSE)
    coarse = grey[::factor, ::factor]
    around = median_filter(coarse, max(coarse.shape) // 2 | 1, mode="nearest")
    rows, cols = (np.arange(size) // factor for size in grey.shape)
    difference = grey - around[np.ix_(rows, cols)]
    return grey if strongest(-difference) >= strongest(difference) else 1 - grey


def darkness(grey: Ink, widest: float = WINDOW) -> tuple[Ink, Ink]:
    """How much darker than its paper each pixel is, as a share of the paper's light; and that light.

    About 0 on the paper. What is wider than `widest`, a share of the longer side, is paper.
    """
    window = min(round(max(grey.shape) * widest), min(grey.shape)) | 1
    padded = np.pad(grey, window, mode="edge")
    paper = grey_closing(padded, (window, window))[window:-window, window:-window]
    dark = 1 - grey / np.maximum(paper, DARKEST_PAPER)
    dark -= np.median(dark)  # a closing lies above the grain, not in its middle
    return dark.astype(np.float32), paper


def without_shadows(grey: Ink, dark: Ink, paper: Ink, threshold: float) -> tuple[Ink, Ink]:
    """Darkness and light as they are, or with dark patches as paper: the shadow of a finger, a stain.

    Such a patch is wider than lines are, and fainter; ink is as dark where it is broad as where it is fine.
    """
    side = round(max(grey.shape) * BROAD) | 1
    if not minimum_filter(dark >= threshold, side, mode="constant").any():
        return dark, paper
    lines, shaded = darkness(grey, FINE)
    shadow = 1 - shaded / np.maximum(paper, DARKEST_PAPER)
    deep = shadow[shadow >= threshold]
    if deep.size < SHADOWED * dark.size or strongest(lines) < DARKER * float(np.quantile(deep, 0.9)):
        return dark, paper
    return lines, shaded


def strongest(dark: Ink) -> float:
    """How dark the darkest few pixels are."""
    few, dark = min(FEW, dark.size), dark.ravel()
    sample = dark[::SAMPLED]
    if len(sample) >= few:  # what is less than so many of a sample is none of so many of all
        dark = dark[dark >= np.partition(sample, -few)[-few]]
    return float(np.partition(dark, -few)[-few])


def grain(dark: Ink) -> float:
    """The standard deviation of the paper, whatever lies on it."""
    return float(1.4826 * np.median(np.abs(dark)))
