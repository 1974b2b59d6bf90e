"""What lies on the paper: a photograph becomes how much darker than its paper each pixel is.

The paper is estimated at every place, never assumed: light falls from one side, a hand throws its shadow. It
is what a closing leaves: a surface that dips into nothing as narrow as a pen. It follows a shadow's edge,
soft or hard, where an average would smear it.
"""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import grey_closing, median_filter

from engine.ink.rasterize import Ink, Pixels

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

FEW = 40  # px: so much ink there is, however thin and small a digit


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


def darkness(grey: Ink) -> tuple[Ink, Ink]:
    """How much darker than its paper each pixel is, as a share of the paper's light; and that light.

    About 0 on the paper.
    """
    window = min(round(max(grey.shape) * WINDOW), min(grey.shape)) | 1
    padded = np.pad(grey, window, mode="edge")
    paper = grey_closing(padded, (window, window))[window:-window, window:-window]
    dark = 1 - grey / np.maximum(paper, DARKEST_PAPER)
    dark -= np.median(dark)  # a closing lies above the grain, not in its middle
    return dark.astype(np.float32), paper


def strongest(dark: Ink) -> float:
    """How dark the darkest few pixels are."""
    few = min(FEW, dark.size)
    return float(np.partition(dark, -few, axis=None)[-few])


def grain(dark: Ink) -> float:
    """The standard deviation of the paper, whatever lies on it."""
    return float(1.4826 * np.median(np.abs(dark)))
