"""Pictures of digits as people have them: photographs, scans, screenshots, made of the plain digits."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, zoom

from engine.ink.rasterize import stroke_ink
from tests.digit_templates import digit_strokes

Picture = npt.NDArray[np.float32]
SIDE = 400  # px, of a picture


@cache
def digit_mask(digit: int, *, side: int = SIDE, height: float = 0.5, pen: float = 0.09) -> Picture:
    """(side, side), 1.0 where a digit is, in the middle; its height and the pen are shares of its sizes."""
    ink = stroke_ink(digit_strokes(digit), pen=pen)
    scaled = zoom(ink, height * side / max(ink.shape), order=1).clip(0, 1)
    mask = np.zeros((side, side), np.float32)
    top, left = ((side - size) // 2 for size in scaled.shape)
    mask[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    mask.setflags(write=False)
    return mask


def written(mask: Picture, *, paper: float | Picture = 0.78, ink: float = 0.2) -> Picture:
    """Dark ink on paper."""
    return (paper * (1 - mask) + ink * mask).astype(np.float32)


def grain(amount: float, side: int = SIDE) -> Picture:
    """What paper is not even by."""
    return (amount * _grain(side)).astype(np.float32)


@cache
def _grain(side: int) -> npt.NDArray[np.float64]:
    rng = np.random.default_rng(3)
    coarse = gaussian_filter(rng.normal(size=(side, side)), 2) * 7
    return 0.6 * coarse + rng.normal(size=(side, side))


def shadow(depth: float, softness: float) -> Picture:
    """Light that falls off where a hand keeps it away, by so many pixels."""
    row, col = np.mgrid[:SIDE, :SIDE]
    along = np.clip((1.1 * row + 0.6 * col - 0.75 * SIDE) / softness, -30, 30)
    return (1 - depth / (1 + np.exp(along))).astype(np.float32)


def lines(step: float, width: float, slope: float = 0.01) -> Picture:
    """(SIDE, SIDE), 1.0 on rules across the sheet."""
    row, col = np.mgrid[:SIDE, :SIDE]
    away = np.abs((row + slope * col) % step - step / 2)
    return np.clip(width / 2 + 0.5 - away, 0, 1).astype(np.float32)


def dusty(digit: int) -> Picture:
    page = written(digit_mask(digit, pen=0.05), paper=0.98, ink=0.1)
    rng = np.random.default_rng(digit)
    for row, col in rng.integers(5, SIDE - 5, (8, 2)):
        page[row : row + 2, col : col + 2] = 0.3
    return page


def on_a_table(digit: int) -> Picture:
    page = written(digit_mask(digit, pen=0.06))
    page[:20] = 0.3
    return page


def boxed(digit: int) -> Picture:
    page = 1 - digit_mask(digit)
    for edge in (slice(14, 18), slice(-18, -14)):
        page[edge, 14:-14] = 0
        page[14:-14, edge] = 0
    return page


def within_a_box(digit: int) -> Picture:
    page = 1 - digit_mask(digit, height=0.4)
    for edge in (slice(70, 73), slice(-73, -70)):
        page[edge, 70:-70] = 0
        page[70:-70, edge] = 0
    return page


def circled(digit: int) -> Picture:
    row, col = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(row - SIDE / 2, col - SIDE / 2)
    page = 1 - digit_mask(digit)
    page[np.abs(away - 170) < 3] = 0
    return page


def underlined(digit: int) -> Picture:
    page = 1 - digit_mask(digit)
    page[318:323, 90:310] = 0
    return page


def on_a_dark_table(digit: int) -> Picture:
    """A sheet that lies askew on a table with a grain of its own."""
    row, col = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    across, down = 0.92 * col + 0.39 * row, 0.92 * row - 0.39 * col
    table = 0.3 + 1.5 * grain(0.03)
    sheet = written(digit_mask(digit, height=0.35, pen=0.06))
    return np.where(np.maximum(abs(across), abs(down)) < 145, sheet, table).astype(np.float32)


def on_a_note(digit: int) -> Picture:
    """A yellow note that lies askew on a table of wood."""
    row, col = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    across, down = 0.97 * col + 0.24 * row, 0.97 * row - 0.24 * col
    mask = digit_mask(digit, height=0.32, pen=0.06)[..., None]
    note = np.array([0.95, 0.88, 0.45]) * (1 - mask) + 0.15 * mask
    wood = np.array([0.3, 0.2, 0.13]) * (1 + 0.15 * np.sin(row / 9 + 3 * grain(0.05)))[..., None]
    on_it = np.maximum(abs(across), abs(down)) < 120
    return np.where(on_it[..., None], note, wood).clip(0, 1).astype(np.float32)


def white_on_a_disc(digit: int) -> Picture:
    row, col = np.mgrid[:SIDE, :SIDE]
    disc = (np.hypot(row - SIDE / 2, col - SIDE / 2) < 160)[..., None]
    page = np.where(disc, np.array([0.8, 0.1, 0.15]), 0.96)
    return np.maximum(page, digit_mask(digit, height=0.45)[..., None]).astype(np.float32)


def under_a_finger(digit: int) -> Picture:
    """The shadow of a finger, wide and deep, that ends beside the digit."""
    finger = np.zeros((SIDE, SIDE))
    finger[230:280, :170] = 1
    page = written(digit_mask(digit, pen=0.04), ink=0.12) * (1 - 0.45 * gaussian_filter(finger, 3))
    return page.astype(np.float32)


def in_a_bracket(digit: int) -> Picture:
    page = 1 - digit_mask(digit)
    page[335:339, 70:330] = page[260:335, 70:74] = page[260:335, 326:330] = 0
    return page


def hairline(digit: int) -> Picture:
    """Of a drawing program's thinnest pen, its edges smoothed."""
    return zoom(1 - digit_mask(digit, height=0.6, pen=0.012), 0.65, order=1).clip(0, 1)


def with_axes(digit: int) -> Picture:
    page = 1 - digit_mask(digit, height=0.45)
    page[340, 60:340] = page[60:340, 60] = 0
    for place in range(60, 340, 40):
        page[340:346, place] = page[place, 54:60] = 0
        page[352:358, place - 3 : place + 3] = 0.4
    return page


def padded(digit: int) -> Picture:
    page = written(digit_mask(digit, pen=0.06)) + grain(0.01)
    page[:, :50] = page[:, -50:] = 0
    return page


def framed_by_a_pixel(digit: int) -> Picture:
    page = 1 - digit_mask(digit)
    page[0] = page[-1] = page[:, 0] = page[:, -1] = 0
    return page


def red_on_green(digit: int) -> Picture:
    mask = digit_mask(digit)[..., None]
    red, green = np.array([0.79, 0.12, 0.13]), np.array([0.12, 0.45, 0.25])
    return (mask * red + (1 - mask) * green).astype(np.float32)


def small(digit: int, side: int = 32) -> Picture:
    page = written(gaussian_filter(digit_mask(digit, height=0.65, pen=0.12), 3), paper=0.95, ink=0.3)
    return zoom(page, side / SIDE, order=1, grid_mode=True, mode="nearest").clip(0, 1)


def of_one_pixel(digit: int) -> Picture:
    """A digit by the pencil of a paint program, on 28x28."""
    page = np.ones((28, 28), np.float32)
    for stroke in digit_strokes(digit):
        fine = np.concatenate([np.linspace(a, b, 30) for a, b in pairwise(stroke)])
        cols, rows = np.round(7 + 15 * fine).astype(int).T
        page[rows, cols] = 0
    return page


KINDS: dict[str, Callable[[int], Picture]] = {
    "clean": lambda digit: 1 - digit_mask(digit),
    "light on dark": lambda digit: digit_mask(digit),
    "dust": dusty,
    "felt pen on grain": lambda digit: written(digit_mask(digit, pen=0.14)) + grain(0.025),
    "light from one side": lambda digit: written(digit_mask(digit)) * shadow(0.4, 90),
    "hard shadow": lambda digit: written(digit_mask(digit, pen=0.06)) * shadow(0.45, 3),
    "pencil in a shadow": lambda digit: written(digit_mask(digit, pen=0.06), ink=0.5) * shadow(0.2, 12),
    "ruled": lambda digit: written(digit_mask(digit)) * (1 - 0.45 * lines(45, 2)),
    "squared, pencil": lambda digit: (
        written(digit_mask(digit, pen=0.06), ink=0.4)
        * (1 - 0.25 * np.maximum(lines(28, 1.2), lines(28, 1.2, slope=0).T))
    ),
    "table": on_a_table,
    "box": boxed,
    "box further in": within_a_box,
    "circle": circled,
    "underline": underlined,
    "sheet on a table": on_a_dark_table,
    "note on a table": on_a_note,
    "white on a disc": white_on_a_disc,
    "finger": under_a_finger,
    "bracket": in_a_bracket,
    "hairline": hairline,
    "axes": with_axes,
    "black padding": padded,
    "frame of a pixel": framed_by_a_pixel,
    "light frame on black": lambda digit: 1 - framed_by_a_pixel(digit),
    "red on green": red_on_green,
    "small": small,
    "pencil of one pixel": of_one_pixel,
    "small in a large page": lambda digit: written(digit_mask(digit, height=0.12, pen=0.1)),
    "lost in a large page": lambda digit: written(digit_mask(digit, side=512, height=0.05)),
}
