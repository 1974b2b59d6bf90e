"""A pen that keys move over the page, for whoever draws without a pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

STEP = 1 / 50  # of the page's side: a fine step still shows in the network's 28 pixels
LARGE_STEP = 1 / 10


@dataclass
class KeyboardPen:
    """Where the pen is, in page units, and whether it touches the page. It begins in the middle."""

    point: Point = (0.5, 0.5)
    is_down: bool = False

    def move(self, right: int, down: int, *, is_large: bool) -> Point:
        """Go so many steps, and no further than the page's edge; return where the pen is then."""
        step = LARGE_STEP if is_large else STEP
        x, y = self.point
        self.point = _on_page(x + right * step), _on_page(y + down * step)
        return self.point

    def press(self) -> bool:
        """Put the pen down, or lift it; return whether it is down now."""
        self.is_down = not self.is_down
        return self.is_down

    def lift(self) -> bool:
        """Lift the pen; return whether it was down."""
        was_down, self.is_down = self.is_down, False
        return was_down


def _on_page(place: float) -> float:
    return min(max(place, 0.0), 1.0)
