"""A piece of the page as it looks, in plain values."""

from __future__ import annotations

from dataclasses import dataclass

# px: the page is shown in squares of this side. Small ones are many, large ones are slow to make.
SQUARE = 128


@dataclass(frozen=True)
class Patch:
    """Pixels within one square; `pixels` holds rows from the top, a byte each for red, green and blue."""

    left: int  # on the page
    top: int
    width: int
    height: int
    pixels: bytes

    @property
    def square(self) -> tuple[int, int]:
        """The left upper corner of the square that it lies in."""
        return self.left // SQUARE * SQUARE, self.top // SQUARE * SQUARE
