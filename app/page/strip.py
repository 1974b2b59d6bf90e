"""What the strips at the foot of the window show: plain values, as widgets take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class StripButton:
    """A button by its label, and what it does."""

    label: str
    command: Callable[[], object]
    is_enabled: bool = True
    is_on: bool | None = None  # of one that stays pressed


@dataclass(frozen=True)
class Strip:
    """A sentence, a bar where something has a share of it done, in 0…1 or as yet unknown, and buttons."""

    text: str
    buttons: tuple[StripButton, ...]
    share: float | None = None
    is_unknown: bool = False


@dataclass(frozen=True)
class TourPage:
    """What the tour shows at a step, which is done or not."""

    title: str
    text: str
    is_done: bool
    has_back: bool
    has_next: bool
