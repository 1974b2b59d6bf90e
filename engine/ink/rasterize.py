"""Strokes become ink: (H, W) float32, 1.0 where drawn, 0.0 on paper. Image files become pixels.

Strokes are vectors. They are scaled first and drawn afterwards, with a pen whose width is a fixed share of
the digit's longest side: so the same shape gives the same ink, however large, wherever and however fast
it was drawn. What is ink in the pixels of an image file, `picture` finds.
This module is the one home of Pillow.
"""

from __future__ import annotations

import io
import math
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageDraw, ImageOps, UnidentifiedImageError

from engine.errors import ImageError, StrokesError
from engine.files.bounded_files import open_file
from engine.quoting import reason

Ink = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.float32]  # of a picture: (H, W), or (H, W, 3) where it has colours
Point = tuple[float, float]
Curve = npt.NDArray[np.float64]  # (P, 2)
Stroke = Sequence[Point] | Curve
Strokes = Sequence[Stroke]

SIDE = 160  # px; eight for each pixel of MNIST's box, so that edges come out in fine shades
PEN = 2.6 / 20  # of the longest side: MNIST's strokes are 2.0 to 4.2 px thick, median 2.6, in a box of 20
LONG = 100  # points; what has more is remembered, for the pen may be at it still. A digit has fewer
REMEMBERED = 16  # drawings, 25 KB of ink and their points each

PAGE = 2 * SIDE  # px, the side of a page that a picture and strokes share
MARGIN = 1.0  # of the page's side: strokes that leave the page are followed this far

MAX_PIXELS = 50_000_000
MAX_BYTES = 2**29  # of a file; with no compression at all so many pixels have less
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")  # ISO/IEC 23008-12
WORKING_SIDE = 512  # px; a larger image is averaged down to at most this, twice what reading asks for
DECODED_SIDE = 384  # px; a JPEG is decoded at an eighth, a quarter or a half, if so much is left
NARROW = 112  # px; a long strip is left as wide
DISTINCT = 1 / 4  # of black to white: another colour
INKED = 0.003  # of a sheet at least is ink


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
    curves = _curves(strokes)
    if not curves:
        return np.zeros((0, 0), np.float32)
    key = pen, tuple(curve[0].tobytes() for curve in curves)
    # where the pen has just touched the page, what is known is the drawing without that stroke
    known = _remembered.get(key) or _remembered.get((pen, key[1][:-1]))
    drawing = (known and known.grown(curves)) or _StrokeDrawing.of(curves, pen)
    if sum(map(len, curves)) > LONG:
        _remembered.pop(key, None)  # so that the latest comes last
        _remembered[key] = drawing
        for oldest in list(_remembered)[:-REMEMBERED]:
            _remembered.pop(oldest, None)
    return drawing.plot.ink()


def ink_over(strokes: Strokes) -> Callable[[Stroke], Ink]:
    """What gives `stroke_ink` of these strokes and one more.

    There must be a point in these. They are drawn once, for all that do not leave their box.
    """
    under = _StrokeDrawing.of(_curves(strokes), PEN)

    def drawn_over(stroke: Stroke) -> Ink:
        curves = (*under.curves, as_curve(stroke))
        return (under.grown(curves) or _StrokeDrawing.of(curves, PEN)).plot.ink()

    return drawn_over


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
    curves = _curves(strokes)
    if not curves:
        return page
    half = width / 2 + 1
    x0, y0, x1, y1 = (min(max(edge, -MARGIN), 1 + MARGIN) * PAGE for edge in _box(curves))
    left, top = (max(0, math.ceil(half - least)) for least in (x0, y0))
    right, bottom = (max(PAGE, math.ceil(most + half)) for most in (x1, y1))
    plot = _Plot((left + right, top + bottom), width)
    for curve in curves:
        plot.begin(_points(curve.clip(-MARGIN, 1 + MARGIN) * PAGE + (left, top)))
    ink = plot.ink()
    shared = ink[top : top + PAGE, left : left + PAGE]
    np.maximum(shared, page, out=shared)
    return ink


def as_curve(stroke: Stroke) -> Curve:
    """A stroke as an array that is nobody else's; (0, 2) of one without a point."""
    if isinstance(stroke, np.ndarray):
        return np.array(stroke, np.float64).reshape(-1, 2)
    # more than twice as fast as np.array, at any length
    return np.fromiter(chain.from_iterable(stroke), np.float64).reshape(len(stroke), 2)


def _curves(strokes: Strokes) -> tuple[Curve, ...]:
    """The strokes that have points."""
    return tuple(as_curve(stroke) for stroke in strokes if len(stroke))


def _points(curve: Curve) -> list[Point]:
    return list(map(tuple, curve.tolist()))


def _box(curves: Sequence[Curve]) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of all points; StrokesError if one is not finite."""
    x, y = np.concatenate(curves).T
    box = float(x.min()), float(y.min()), float(x.max()), float(y.max())
    if not all(map(math.isfinite, box)):
        raise StrokesError("A stroke has a point that is not finite. Coordinates must be numbers.")
    return box


class _Plot:
    """Paper on which lines with round joins and ends grow; what is drawn stays, so a line is drawn once.

    Points are in pixels. Those that advance less than a pixel along the line are left out, but for its ends.
    """

    def __init__(self, size: tuple[int, int], width: float) -> None:
        self._take(Image.new("L", size))
        self._width = width
        self._corner = self._last = (0.0, 0.0)  # the last point that is drawn; the last of all
        self._travelled = 0.0  # px along the line, up to the last point

    def begin(self, points: list[Point]) -> None:
        """Draw another line."""
        self._finish()
        self._corner = self._last = points[0]
        self._travelled = 0.0
        self._put_pen((self._corner,))
        self.extend(points[1:])

    def extend(self, points: list[Point]) -> None:
        """Lengthen the line that was begun last."""
        if not points:
            return
        steps = map(math.dist, [self._last, *points], points)
        travelled = list(accumulate(steps, initial=self._travelled))
        pixels = pairwise(map(math.floor, travelled))
        corners = [point for point, (before, after) in zip(points, pixels, strict=True) if after > before]
        self._draw_to(corners)
        self._last, self._travelled = points[-1], travelled[-1]

    def copy(self) -> _Plot:
        """The same on paper of its own."""
        twin = copy(self)
        twin._take(self._paper.copy())
        return twin

    def ink(self) -> Ink:
        """All lines, up to their last points."""
        whole = self.copy()
        whole._finish()
        ink: Ink = np.divide(np.asarray(whole._paper), np.float32(255), dtype=np.float32)
        return ink

    def _take(self, paper: Image.Image) -> None:
        self._paper = paper
        self._draw = ImageDraw.Draw(paper)

    def _finish(self) -> None:
        if self._last is not self._corner:
            self._draw_to([self._last])

    def _draw_to(self, corners: list[Point]) -> None:
        if corners:
            self._draw.line([self._corner, *corners], fill=255, width=round(self._width))
            self._put_pen(corners)
            self._corner = corners[-1]

    def _put_pen(self, corners: Iterable[Point]) -> None:
        radius = self._width / 2
        for x, y in corners:
            self._draw.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=255)


@dataclass(frozen=True)
class _StrokeDrawing:
    """Strokes, and their ink as `stroke_ink` gives it; nothing of it changes once it is made."""

    curves: tuple[Curve, ...]
    box: tuple[float, float, float, float]  # left, top, right, bottom
    scale: float
    radius: float
    plot: _Plot

    @classmethod
    def of(cls, curves: tuple[Curve, ...], pen: float) -> _StrokeDrawing:
        box = _box(curves)
        extent = box[2] - box[0], box[3] - box[1]
        longest = max(extent)
        if not math.isfinite(longest):
            raise StrokesError(
                "A drawing is {longest} units wide. Coordinates must be smaller.", longest=longest
            )
        line = pen * SIDE
        scale = (SIDE - line) / longest if longest > 0 else 0.0
        if not math.isfinite(scale):  # an extent so small that it is none
            scale = 0.0
        size = math.ceil(extent[0] * scale + line), math.ceil(extent[1] * scale + line)
        drawing = cls(curves, box, scale, line / 2, _Plot(size, line))
        for curve in curves:
            drawing.plot.begin(drawing._placed(curve))
        return drawing

    def grown(self, curves: tuple[Curve, ...]) -> _StrokeDrawing | None:
        """The drawing with what was added at its end; None where more has changed, or its box has."""
        last = len(self.curves) - 1
        reached = len(self.curves[last])
        before = *curves[:last], curves[last][:reached]
        if not all(map(np.array_equal, before, self.curves)):
            return None
        added, further = curves[last][reached:], curves[last + 1 :]
        if len(added) or further:
            left, top, right, bottom = _box((added, *further))
            x0, y0, x1, y1 = self.box
            if not (x0 <= left and right <= x1 and y0 <= top and bottom <= y1):
                return None
        plot = self.plot.copy()
        plot.extend(self._placed(added))
        for curve in further:
            plot.begin(self._placed(curve))
        return replace(self, curves=curves, plot=plot)

    def _placed(self, curve: Curve) -> list[Point]:
        return _points((curve - self.box[:2]) * self.scale + self.radius)


_remembered: dict[tuple[float, tuple[bytes, ...]], _StrokeDrawing] = {}  # by the pen and the first points


def read_pixels(path: Path | str, *, side: int = WORKING_SIDE) -> Pixels:
    """The pixels of an image file: PNG, JPEG, GIF (first frame), BMP, WebP, TIFF; HEIC where pillow-heif is.

    Returns
    -------
    pixels : (H, W) or (H, W, 3) array in 0…1
        Upright, at most `side` on a side, transparent parts laid on a ground.

    Raises
    ------
    ImageError
        If the file is missing, empty, truncated, no image of these kinds, or larger than 50 megapixels.
    """
    (pixels,) = read_pixels_at(path, [side])
    return pixels


def read_pixels_at(path: Path | str, sides: Sequence[int]) -> list[Pixels]:
    """The same for several `side`s, each as if it were asked for alone; what can be is decoded once."""
    path = Path(path)
    try:
        with open_file(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels, judged right below; of damage passed over
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise ImageError("{path} is empty (0 bytes).", path=path)
            if size > MAX_BYTES:
                raise ImageError(
                    "{path} has {size:,} bytes; at most {most:,} are read.",
                    path=path,
                    size=size,
                    most=MAX_BYTES,
                )
            formats = _formats(file, path)
            image = Image.open(file, formats=formats)
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(
                    "{path} has {width} x {height} pixels; at most {most} megapixels are read. Make it "
                    "smaller first.",
                    path=path,
                    width=image.width,
                    height=image.height,
                    most=MAX_PIXELS // 1_000_000,
                )
            return list(_at_sizes(file, image, formats, sides))
    except ImageError:
        raise
    except FileNotFoundError as error:
        raise ImageError("There is no file {path}.", path=path) from error
    except UnidentifiedImageError as error:
        raise ImageError(
            "{path} is no image that can be read here ({formats}), and by its name no stroke file (.jsonl, "
            ".ndjson, .json).",
            path=path,
            formats=", ".join(FORMATS),
        ) from error
    except Image.DecompressionBombError as error:
        raise ImageError(
            "{path} has more than {most} megapixels.", path=path, most=MAX_PIXELS // 1_000_000
        ) from error
    except Exception as error:  # Pillow's decoders raise a dozen kinds on damage
        if isinstance(error, OSError) and error.filename is not None:  # it could not even be opened
            raise ImageError("{path} cannot be opened: {reason}.", path=path, reason=reason(error)) from error
        raise ImageError(
            "{path} cannot be read: {reason}. It may be cut off or damaged.", path=path, reason=reason(error)
        ) from error


def _at_sizes(
    file: BinaryIO, image: Image.Image, formats: Sequence[str], sides: Sequence[int]
) -> Iterator[Pixels]:
    is_whole = False
    for number, side in enumerate(sides):
        if not is_whole:
            if number:
                image = Image.open(file, formats=tuple(formats))
            decoded = side * DECODED_SIDE // WORKING_SIDE
            is_whole = image.draft(None, (decoded, decoded)) is None  # a part takes a fraction of the time
            ImageOps.exif_transpose(image, in_place=True)  # else it makes a copy, also of what is upright
        yield _values(image, side)


def image_size(path: Path | str) -> tuple[int, int]:
    """(width, height) in the pixels of an image file that `read_pixels` has read, upright."""
    path = Path(path)
    with open_file(path) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of many pixels
        image = Image.open(file, formats=_formats(file, path))
        width, height = image.size
        lies = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    return (height, width) if lies else (width, height)


def _formats(file: BinaryIO, path: Path) -> tuple[str, ...]:
    """What to try: FORMATS, or for a HEIC the plug-in that reads it; ImageError where that is missing."""
    head = file.read(12)
    file.seek(0)
    if head[4:8] != b"ftyp" or head[8:12] not in HEIC_BRANDS:
        return FORMATS
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError as error:
        raise ImageError(
            "{path} is a HEIC photograph. Install pillow-heif to read it, or save it as JPEG.", path=path
        ) from error
    return ("HEIF",)


def _values(image: Image.Image, side: int) -> Pixels:
    """The pixels of an opened image in 0…1, reduced to `side`, grey where it is grey."""
    if image.mode.startswith(("I", "F")):  # 16-bit greys, which "L" would clip
        deep = np.asarray(image, np.float32)
        image = Image.fromarray((deep.clip(0) * (255 / max(deep.max(), 1))).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    factor = reduction(*image.size, side, NARROW)
    if factor > 1:
        image = image.reduce(factor)
    pixels: Pixels = np.asarray(image, np.float32) / np.float32(255)
    return _flatten(pixels) if image.mode == "RGBA" else pixels


def reduction(width: int, height: int, longest: int, narrowest: int) -> int:
    """By how much to reduce an image, so that its longer side is at most `longest`.

    By less if its shorter side would fall below `narrowest`, as long as no more pixels stay than four squares
    of the longer side have.
    """
    wanted = math.ceil(max(width, height) / longest)
    bearable = max(1, min(width, height) // narrowest)
    needed = math.ceil(math.sqrt(width * height / (4 * longest**2)))
    return min(wanted, max(bearable, needed))


def _flatten(rgba: Pixels) -> Pixels:
    """Lay a transparent image on a ground: a sheet goes on in its own colour, ink is laid on black or white.

    It is a sheet if what it shows has ink of another colour on it.
    """
    colours, alpha = rgba[..., :3], rgba[..., 3:]
    shown = colours[rgba[..., 3] >= max(rgba[..., 3].max(), 1 / 255) / 2]
    if not len(shown):
        return np.ones_like(colours)
    ground = np.median(shown, axis=0)
    of_another_colour = np.abs(shown - ground).max(axis=1) > DISTINCT
    if of_another_colour.mean() < INKED:
        ground = np.full(3, 1 if shown.mean() < 0.5 else 0, np.float32)
    flat: Pixels = colours * alpha + ground * (1 - alpha)
    return flat


def resized(pixels: npt.NDArray[np.uint8], width: int, height: int) -> npt.NDArray[np.uint8]:
    """A picture, (H, W) or (H, W, 3), at another size, its new pixels made of all that lie under them."""
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))


def in_colours(levels: npt.NDArray[np.uint8], colours: bytes) -> bytes:
    """Levels (H, W) as rows of red, green and blue, which `colours` has of each level from 0 on."""
    image = Image.fromarray(levels)
    image.putpalette(colours)
    return image.convert("RGB").tobytes()


def page_picture(
    strokes: Strokes,
    picture: Ink | None,
    *,
    side: int,
    width: float,
    place: tuple[float, float, float, float] | None = None,
) -> Ink:
    """Draw a page for people to look at, with smooth edges.

    Parameters
    ----------
    strokes : sequence of sequences of (x, y)
        The page is 1.0 wide and high, (0, 0) its left upper corner. What leaves it is cut off.
    picture : array, optional
        Lies under them, in the middle; its longer side fills the page.
    side : int
        Of the page, in pixels.
    width : float
        Of the line, as a share of the page.
    place : (left, top, right, bottom), optional
        Where the picture lies instead, in the same units.

    Returns
    -------
    ink : (side, side) array
    """
    plot = _Plot((2 * side, 2 * side), 2 * side * width)
    for curve in _curves(strokes):
        plot.begin(_points(curve.clip(-MARGIN, 1 + MARGIN) * (2 * side)))
    ink: Ink = plot.ink().reshape(side, 2, side, 2).mean(axis=(1, 3), dtype=np.float32)
    if picture is not None:
        if place is None:
            page = Image.fromarray(page_ink(picture)).resize((side, side), Image.Resampling.BILINEAR)
        else:
            left, top, right, bottom = (round(side * edge) for edge in place)
            size = max(1, right - left), max(1, bottom - top)
            page = Image.new("F", (side, side))
            page.paste(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR), (left, top))
        np.maximum(ink, np.asarray(page), out=ink)
    return ink


def png(ink: Ink) -> bytes:
    """Ink as a PNG, black on white."""
    content = io.BytesIO()
    Image.fromarray(np.round(255 * (1 - ink)).astype(np.uint8)).save(content, "PNG")
    return content.getvalue()
