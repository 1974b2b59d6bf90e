"""The frame about a digit of a number, in plain values for the page."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]  # left, top, right, bottom, in page units


@dataclass(frozen=True)
class Frame:
    """Where it lies, and what it tells of the digit in it."""

    box: Box
    certainty: float  # 0 to 1
    is_digit: bool
    is_shown: bool  # bars and preview speak of it
