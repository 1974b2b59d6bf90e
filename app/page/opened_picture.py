"""Picture files as the page has them: how they look, and what is taken for ink in all of them or in a box.

The whole is read as the command line reads it. What is shown, and what is read in a box, has twice as many
pixels on a side: so many are seen on a screen, and a box a quarter as wide still holds what reading asks for.
The file's own pixels are not kept: a photograph has fifty times as many, and each step of undo may hold one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from app.page.drawing import Look, Picture
from app.page.frame import Box
from engine.ink.picture import find_ink
from engine.ink.rasterize import WORKING_SIDE, read_pixels_at

KEPT_SIDE = 1024  # px


def read_picture(path: Path) -> Picture:
    """The picture in a file; ImageError says what is wrong with it."""
    read, shown = read_pixels_at(path, [WORKING_SIDE, KEPT_SIDE])
    found = find_ink(read)
    return Picture(found.ink, Look(np.rint(255 * shown).astype(np.uint8), found.mask, found.box))


def read_within(picture: Picture, box: Box) -> Picture:
    """The same picture, of which only a box is meant, in shares of its sides."""
    assert picture.look is not None
    found = find_ink(picture.look.pixels.astype(np.float32) / np.float32(255), box=box)
    look = replace(picture.look, mask=found.mask, seen=found.box, chosen=box)
    return Picture(found.ink, look, picture.unboxed or picture)
