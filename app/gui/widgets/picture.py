"""Pictures for Tk, made of bytes."""

from __future__ import annotations

import tkinter as tk


def ppm(data: bytes, width: int, height: int, shades: bytes) -> bytes:
    """A picture as Tk reads it with the format "ppm".

    `data` holds its rows from the top: a byte a pixel, 0 paper and 255 ink, which `shades` turns into greys;
    or three for red, green and blue, which stay as they are.
    """
    is_grey = len(data) == width * height
    header = b"P%d %d %d 255\n" % (5 if is_grey else 6, width, height)
    return header + (data.translate(shades) if is_grey else data)


def picture(parent: tk.Misc, data: bytes, width: int, height: int, shades: bytes) -> tk.PhotoImage:
    """The same as an image; Tk shows it only while it is referred to."""
    return tk.PhotoImage(master=parent, data=ppm(data, width, height, shades), format="ppm")


def put(image: tk.PhotoImage, data: bytes, width: int, height: int, *, at: tuple[int, int]) -> None:
    """Lay a picture of red, green and blue on a part of an image, `at` being the left upper corner of it."""
    # tkinter's own method names no format, so that Tk would try them all
    image.tk.call(str(image), "put", ppm(data, width, height, b""), "-to", *at, "-format", "ppm")
