"""The page as others can see it: a PNG, and an SVG that can be enlarged.

Both are black on white, whatever the pen's colour and the theme: so they are clear on paper and on any page.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np

from app.page.drawing import Picture, Stroke
from app.page.picture_place import place_of_ink
from engine.ink.rasterize import Ink, page_picture, png

SIDE = 1024  # px, of a PNG
PNG, SVG = ".png", ".svg"

_SHARPEST = 5  # digits behind the point of a page unit; finer than any screen


def png_of(strokes: Sequence[Stroke], picture: Picture | None, pen_width: float) -> bytes:
    """The page as a PNG, black on white; what lies outside of it is cut off."""
    return png(_ink_of(strokes, picture, pen_width))


def rgba_of(strokes: Sequence[Stroke], picture: Picture | None, pen_width: float) -> bytes:
    """The same, SIDE x SIDE pixels of four bytes, as a clipboard takes it."""
    ink = _ink_of(strokes, picture, pen_width)
    rgba = np.full((SIDE, SIDE, 4), 255, np.uint8)
    rgba[..., :3] = np.round(255 * (1 - ink))[..., None]
    return rgba.tobytes()


def svg_of(strokes: Sequence[Stroke], picture: Picture | None, pen_width: float) -> str:
    """The page as an SVG in page units, with the picture in it, if there is one."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="{SIDE}" height="{SIDE}">',
        '<rect width="1" height="1" fill="white"/>',
    ]
    if picture:
        data = base64.b64encode(png_of((), picture, pen_width)).decode("ascii")
        lines.append(f'<image width="1" height="1" href="data:image/png;base64,{data}"/>')
    lines.append(
        '<g fill="none" stroke="black" stroke-linecap="round" stroke-linejoin="round" '
        f'stroke-width="{_number(pen_width)}">'
    )
    lines += [f'<path d="{_path(stroke)}"/>' for stroke in strokes]
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _ink_of(strokes: Sequence[Stroke], picture: Picture | None, pen_width: float) -> Ink:
    return page_picture(
        [stroke.points for stroke in strokes],
        picture.ink if picture else None,
        side=SIDE,
        width=pen_width,
        place=place_of_ink(picture) if picture and picture.look else None,
    )


def _path(stroke: Stroke) -> str:
    first, *others = (f"{_number(x)} {_number(y)}" for x, y in stroke.points)
    # A line to where it begins is drawn as a dot, by its round ends.
    return f"M{first}" + "".join(f"L{point}" for point in others or [first])


def _number(value: float) -> str:
    return f"{value:.{_SHARPEST}f}".rstrip("0").rstrip(".")
