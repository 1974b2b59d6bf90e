"""Strokes and image files become ink: (H, W) float32, 1.0 where drawn, 0.0 on paper.

Strokes are vectors. They are scaled first and drawn afterwards, with a pen whose width is a fixed share of
the digit's longest side: so the same shape gives the same ink, however large, wherever and however fast
it was drawn. Image files keep the pen that they were made with; `preprocessing` sees to that.
This module is the one home of Pillow.
"""

import math
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from engine.errors import ImageError, StrokesError
from engine.files.bounded_files import open_file
from engine.quoting import reason

Ink = npt.NDArray[np.float32]
Point = tuple[float, float]
Stroke = Sequence[Point] | npt.NDArray[np.float64]  # an array is (P, 2)
Strokes = Sequence[Stroke]

SIDE = 160  # px; eight for each pixel of MNIST's box, so that edges come out in fine shades
PEN = 2.6 / 20  # of the longest side: MNIST's strokes are 2.0 to 4.2 px thick, median 2.6, in a box of 20
SHEET = 100  # corners that are drawn together and, when more follow, remembered; a digit has fewer

PAGE = 2 * SIDE  # px, the side of a page that a picture and strokes share
MARGIN = 1.0  # of the page's side: strokes that leave the page are followed this far

MAX_PIXELS = 50_000_000
MAX_BYTES = 2**29  # of a file; with no compression at all so many pixels have less
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
WORKING_SIDE = 1024  # px; a larger image is averaged down to at most this before anything else
RINGING = {
    "JPEG": 0.15,
    "WEBP": 0.15,
}  # of the contrast: how far lossy formats stain the paper by an edge


def stroke_ink(strokes: Strokes, *, pen: float = PEN) -> Ink:
    """Draw strokes so that the longest side of their ink is SIDE pixels.

    Parameters
    ----------
    strokes : sequence of sequences of (x, y)
        In any unit, y downward. A stroke of one point is a dot. Points must be finite.
    pen : float
        The width of the line, as a share of the ink's longest side.

    Returns
    -------
    ink : (H, W) array
        The ink from edge to edge; (0, 0) if there is no point at all. A drawing without any extent is
        one dot of the pen's width.
    """
    paths, xs, ys = _paths(strokes)
    if not xs:
        return np.zeros((0, 0), np.float32)
    left, top = min(xs), min(ys)
    extent = max(xs) - left, max(ys) - top
    longest = max(extent)
    if not math.isfinite(longest):
        raise StrokesError(f"A drawing is {longest} units wide. Coordinates must be smaller.")
    line = pen * SIDE
    scale = (SIDE - line) / longest if longest > 0 else 0.0
    if not math.isfinite(scale):  # an extent so small that it is none
        scale = 0.0
    size = math.ceil(extent[0] * scale + line), math.ceil(extent[1] * scale + line)
    radius = line / 2
    polylines = (
        _thinned([((x - left) * scale + radius, (y - top) * scale + radius) for x, y in path])
        for path in paths
    )
    # a pen that moves adds to the last sheet: those below stay as they are, until the scale changes
    *below, last = _sheets(polylines)
    drawn = _drawn(size, last, line)
    for sheet in below:
        drawn = np.maximum(drawn, _remembered(size, sheet, line))
    ink: Ink = np.divide(drawn, np.float32(255), dtype=np.float32)
    return ink


def page_ink(picture: Ink) -> Ink:
    """Lay a picture on a page that its longer side fills: (PAGE, PAGE), the picture in the middle."""
    factor = math.ceil(max(picture.shape) / PAGE)
    if factor > 1:  # by the darkest of the pixels that become one, so that a hairline stays
        height, width = picture.shape
        padded = np.pad(picture, ((0, -height % factor), (0, -width % factor)))
        picture = padded.reshape(len(padded) // factor, factor, -1, factor).max(axis=(1, 3))
    scale = PAGE / max(picture.shape)
    height, width = (max(1, round(side * scale)) for side in picture.shape)
    fitted = Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC)
    page = np.zeros((PAGE, PAGE), np.float32)
    top, left = (PAGE - height) // 2, (PAGE - width) // 2
    page[top : top + height, left : left + width] = np.clip(np.asarray(fitted), 0, 1)
    return page


def draw_over(page: Ink, strokes: Strokes, *, width: float) -> Ink:
    """Draw strokes on a page that has ink already.

    Parameters
    ----------
    page : (PAGE, PAGE) array
    strokes : sequence of sequences of (x, y)
        The page is 1.0 wide and high, (0, 0) its left upper corner. Points must be finite.
    width : float
        Of the line, in pixels.

    Returns
    -------
    ink : (H, W) array
        The page, larger where strokes leave it. The array that came is left as it was.
    """
    paths, xs, ys = _paths(strokes)
    if not xs:
        return page

    def placed(values: list[float]) -> list[float]:
        return [min(max(value, -MARGIN), 1 + MARGIN) * PAGE for value in values]

    half = width / 2 + 1
    xs, ys = placed(xs), placed(ys)
    left, top = (max(0, math.ceil(half - min(values))) for values in (xs, ys))
    right, bottom = (max(PAGE, math.ceil(max(values) + half)) for values in (xs, ys))
    polylines = []
    for path in paths:
        across, down = (placed([point[axis] for point in path]) for axis in (0, 1))
        polylines.append(_thinned([(x + left, y + top) for x, y in zip(across, down, strict=True)]))
    drawn = _drawn((left + right, top + bottom), polylines, width)
    ink: Ink = np.divide(drawn, np.float32(255), dtype=np.float32)
    shared = ink[top : top + PAGE, left : left + PAGE]
    np.maximum(shared, page, out=shared)
    return ink


def _paths(strokes: Strokes) -> tuple[list[Sequence[Point]], list[float], list[float]]:
    """The strokes that have points, and the coordinates of them all; StrokesError if one is not finite."""
    # plain Python: a digit has some forty points, too few for arrays to pay
    paths = [
        stroke.tolist() if isinstance(stroke, np.ndarray) else stroke for stroke in strokes if len(stroke)
    ]
    xs, ys = [x for path in paths for x, _ in path], [y for path in paths for _, y in path]
    if not (all(map(math.isfinite, xs)) and all(map(math.isfinite, ys))):
        raise StrokesError("A stroke has a point that is not finite. Coordinates must be numbers.")
    return paths, xs, ys


def _sheets(polylines: Iterable[list[Point]]) -> Iterator[tuple[tuple[Point, ...], ...]]:
    """Deal polylines out on sheets of SHEET corners or a little more; laid on each other they are the whole.

    A long one is cut: each part begins where the one before it ends, so no line is lost.
    """
    sheet: list[tuple[Point, ...]] = []
    room = SHEET
    for corners in polylines:
        for start in range(0, max(1, len(corners) - 1), SHEET):
            sheet.append(tuple(corners[start : start + SHEET + 1]))
            room -= len(sheet[-1])
            if room < 0:
                yield tuple(sheet)
                sheet, room = [], SHEET
    yield tuple(sheet)


def _drawn(
    size: tuple[int, int], polylines: Sequence[Sequence[Point]], width: float
) -> npt.NDArray[np.uint8]:
    """Polylines with round joins and ends, 255 where they are, on paper of `size` (width, height)."""
    canvas = Image.new("L", size)
    draw = ImageDraw.Draw(canvas)
    radius = width / 2
    for corners in polylines:
        if len(corners) > 1:
            draw.line(corners, fill=255, width=round(width))
        for x, y in corners:
            draw.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=255)
    return np.asarray(canvas)


_remembered = lru_cache(maxsize=128)(_drawn)  # 3 MB at most


def _thinned(path: list[Point]) -> list[Point]:
    """Without the points that advance less than a pixel along the path, but with both ends."""
    travelled = accumulate(map(math.dist, path, path[1:]), initial=0.0)
    pixels = list(map(math.floor, travelled))
    kept = path[:1]
    steps = zip(path[1:], pairwise(pixels), strict=True)
    kept += [point for point, (before, after) in steps if after > before]
    if kept[-1] is not path[-1]:
        kept.append(path[-1])
    return kept


def read_image(path: Path | str) -> Ink:
    """The ink of an image file: PNG, JPEG, GIF (first frame), BMP or WebP.

    Dark on light and light on dark are both read: the paper is what the image's border mostly shows, the
    ink whatever differs from it, in the direction of the greatest difference.

    Returns
    -------
    ink : (H, W) array
        At most WORKING_SIDE pixels on a side; all 0 for an image of one colour.

    Raises
    ------
    ImageError
        If the file is missing, empty, truncated, no image of these kinds, or larger than 50 megapixels.
    """
    grey, stain = _grey(Path(path))
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    paper = np.median(border)
    darkest, lightest = grey.min(), grey.max()
    difference = paper - grey if paper - darkest >= lightest - paper else grey - paper
    contrast = difference.max()
    if contrast < 1 / 16:  # of black to white: an empty page, give or take its grain
        return np.zeros_like(grey)
    # what the paper's own grain amounts to is no ink
    grain = max(3 * np.median(np.abs(border - paper)) / contrast, stain)
    if grain >= 1:  # nothing stands out of it
        return np.zeros_like(grey)
    ink: Ink = np.clip((difference / contrast - grain) / (1 - grain), 0, 1).astype(np.float32)
    return ink


def _grey(path: Path) -> tuple[Ink, float]:
    """Luminance in 0…1, transparent parts laid on a contrasting ground, reduced to WORKING_SIDE.

    Also, how far the file's format stains the paper near an edge, as a share of the contrast.
    """
    try:
        with open_file(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels, judged right below; of damage passed over
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise ImageError(f"{path} is empty (0 bytes).")
            if size > MAX_BYTES:
                raise ImageError(f"{path} has {size:,} bytes; at most {MAX_BYTES:,} are read.")
            image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(
                    f"{path} has {image.width} x {image.height} pixels; at most "
                    f"{MAX_PIXELS // 1_000_000} megapixels are read. Make it smaller first."
                )
            stain = RINGING.get(image.format or "", 0.0)
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith(("I", "F")):  # 16-bit greys, which "L" would clip
                deep = np.asarray(upright, np.float32)
                upright = Image.fromarray((deep * (255 / max(deep.max(), 1))).astype(np.uint8))
            upright = upright.convert("RGBA" if upright.has_transparency_data else "L")
            factor = math.ceil(max(upright.size) / WORKING_SIDE)
            if factor > 1:
                upright = upright.reduce(factor)
            pixels: Ink = np.asarray(upright, np.float32) / np.float32(255)
    except ImageError:
        raise
    except FileNotFoundError as error:
        raise ImageError(f"There is no file {path}.") from error
    except UnidentifiedImageError as error:
        raise ImageError(f"{path} is no image that can be read here ({', '.join(FORMATS)}).") from error
    except Image.DecompressionBombError as error:
        raise ImageError(f"{path} has more than {MAX_PIXELS // 1_000_000} megapixels.") from error
    except Exception as error:  # Pillow's decoders raise a dozen kinds on damage
        if isinstance(error, OSError) and error.filename is not None:  # it could not even be opened
            raise ImageError(f"{path} cannot be opened: {reason(error)}.") from error
        raise ImageError(f"{path} cannot be read: {reason(error)}. It may be cut off or damaged.") from error
    return (pixels if pixels.ndim == 2 else _flatten(pixels)), stain


def _flatten(rgba: Ink) -> Ink:
    """Lay a transparent image on white if what it shows is dark, else on black."""
    luminance = rgba[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
    alpha = rgba[..., 3]
    shown = (luminance * alpha).sum() / max(alpha.sum(), 1e-6)
    ground = np.float32(1 if shown < 0.5 else 0)
    flat: Ink = luminance * alpha + ground * (1 - alpha)
    return flat
