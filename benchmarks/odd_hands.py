"""Hands that write oddly, and one that writes other signs than 0 to 9, drawn by this program to be taught.

A person draws each digit in one way, nearly the same every time. So a PersonsHand settles the numbers that
make a writing once for each person and digit, and misses them a little at each drawing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.datasets.curves import Curve
from engine.datasets.digit_styles import STYLES, Hand, Style, stroke
from engine.datasets.samples import Sample
from engine.ink.rasterize import Point

PEOPLE = 20
ODD = 0.5  # the share of a person's digits that are written oddly
UNSTEADY = 0.2  # of the range of each measure, by which a person misses the usual one


class PersonsHand(Hand):
    """Draws what one person settled on for one sign, a little differently each time."""

    def __init__(self, person: tuple[int, ...], rng: np.random.Generator) -> None:
        super().__init__(rng)
        self._usual = np.random.default_rng(person)

    def some(self, low: float, high: float) -> float:
        place = self._usual.random() + UNSTEADY * self.rng.normal()
        return low + (high - low) * min(max(place, 0.0), 1.0)

    def now_and_then(self, probability: float) -> bool:
        return bool(self._usual.random() < probability)


def draw(person: tuple[int, ...], style: Style, rng: np.random.Generator) -> list[Curve]:
    """One drawing: narrow or wide, upright or slanted as this person always is."""
    hand = PersonsHand(person, rng)
    slant, width, angle = hand.some(-0.15, 0.32), hand.some(0.78, 1.25), math.radians(hand.some(-6, 6))
    cos, sin = math.cos(angle), math.sin(angle)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[width, -slant], [0, 1]])
    return [curve @ matrix.T for curve in style(hand)]


def odd_hand(person: int, count: int, *, rng: np.random.Generator) -> list[Sample]:
    """`count` digits by one of the people, the ten digits in turn."""
    usual = np.random.default_rng([person, 1])
    chosen: dict[int, Style] = {}
    for digit in range(10):
        styles = list((ODD_STYLES if usual.random() < ODD else STYLES)[digit].values())
        chosen[digit] = styles[usual.integers(len(styles))]
    return [
        Sample(digit, draw((person, digit), chosen[digit], rng), author=f"person {person}")
        for digit in (index % 10 for index in range(count))
    ]


def eastern_hand(person: int, count: int, *, rng: np.random.Generator) -> list[Sample]:
    """`count` Arabic-Indic digits, 0 to 9 in turn, by one of the people."""
    return [
        Sample(digit, draw((person, 100 + digit), EASTERN[digit], rng), author=f"person {person}")
        for digit in (index % 10 for index in range(count))
    ]


def smooth(*knots: Point) -> Style:
    """One stroke through these points, each a little off where the person means it to be."""

    def style(hand: Hand) -> list[Curve]:
        return [hand.curve(*_meant(hand, knots))]

    return style


def straight(*strokes: tuple[Point, ...]) -> Style:
    """Strokes from point to point, straight."""

    def style(hand: Hand) -> list[Curve]:
        drawn = []
        for points in strokes:
            places = _meant(hand, points)
            drawn.append(stroke(*map(hand.line, places, places[1:])))
        return drawn

    return style


def _meant(hand: Hand, points: tuple[Point, ...]) -> list[Point]:
    return [(x + hand.some(-0.06, 0.06), y + hand.some(-0.06, 0.06)) for x, y in points]


def both(first: Style, second: Style) -> Style:
    return lambda hand: [*first(hand), *second(hand)]


_RING = smooth(
    (0.5, 0), (0.1, 0.2), (0, 0.5), (0.12, 0.85), (0.5, 1), (0.85, 0.8), (0.95, 0.5), (0.8, 0.15), (0.5, 0)
)

ODD_STYLES: Mapping[int, Mapping[str, Style]] = {
    0: {
        "barred": both(_RING, straight(((-0.1, 0.5), (1.1, 0.5)))),
        "tailed below": both(_RING, straight(((0.55, 0.65), (1.05, 1.1)))),
        "square": straight(((0, 0), (0, 1), (0.7, 1), (0.7, 0), (0, 0))),
        "spiral": smooth(
            (0.9, 0.1), (0.4, 0), (0, 0.5), (0.45, 1), (0.9, 0.55), (0.55, 0.25), (0.3, 0.5), (0.5, 0.7)
        ),
    },
    1: {
        "caret": straight(((0, 0.95), (0.3, 0), (0.55, 1))),
        "wide foot": straight(((0, 0.3), (0.35, 0), (0.35, 1)), ((-0.15, 1), (0.95, 1))),
        "flat flag": straight(((0, 0.12), (0.45, 0), (0.4, 1))),
        "hooked": smooth(
            (0.35, 0.25), (0.5, 0), (0.55, 0.1), (0.5, 0.6), (0.4, 0.95), (0.15, 1), (0.05, 0.85)
        ),
    },
    2: {
        "z": straight(((0, 0.05), (0.7, 0), (0, 1), (0.75, 0.97))),
        "swan": smooth(
            (0.25, 0.25), (0.05, 0.12), (0.3, 0), (0.5, 0.2), (0.2, 0.75), (0.2, 1), (0.6, 0.95), (1.0, 0.7)
        ),
        "large loop": smooth(
            (0, 0.2), (0.4, 0), (0.7, 0.25), (0.35, 0.8), (0, 1), (-0.1, 0.75), (0.25, 0.65), (0.9, 1)
        ),
        "standing": smooth((0, 0.1), (0.4, 0), (0.5, 0.25), (0.4, 0.6), (0.3, 0.9), (0.45, 1.0), (0.6, 0.95)),
    },
    3: {
        "angular": straight(((0, 0), (0.6, 0.25), (0.1, 0.5), (0.65, 0.72), (0, 1))),
        "barred": straight(((0, 0), (0.6, 0), (0.6, 0.5), (0.1, 0.5)), ((0.6, 0.5), (0.6, 1), (0, 1))),
        "ezh": both(
            straight(((0, 0), (0.65, 0), (0.2, 0.42))),
            smooth((0.2, 0.42), (0.7, 0.55), (0.65, 0.9), (0.2, 1), (-0.05, 0.85)),
        ),
        "shallow": smooth(
            (0, 0.05), (0.45, 0.12), (0.25, 0.42), (0.2, 0.48), (0.5, 0.7), (0.4, 0.95), (0, 1)
        ),
    },
    4: {
        "chair": straight(((0, 0), (0, 0.5), (0.55, 0.5)), ((0.6, 0), (0.6, 1))),
        "round": smooth((0.1, 0), (0, 0.35), (0.25, 0.5), (0.55, 0.35), (0.6, 0), (0.58, 0.5), (0.5, 1)),
        "lightning": straight(((0.4, 0), (0, 0.55), (0.65, 0.5), (0.3, 1))),
        "sail": straight(((0.5, 1), (0.5, 0), (0, 0.6), (0.95, 0.6))),
    },
    5: {
        "s": smooth((0.65, 0.08), (0.3, 0), (0.05, 0.2), (0.3, 0.47), (0.6, 0.7), (0.4, 0.97), (0, 0.92)),
        "far hat": both(
            smooth((0.05, 0.2), (0.05, 0.5), (0.5, 0.5), (0.6, 0.8), (0.2, 1), (-0.05, 0.9)),
            straight(((0.35, -0.05), (0.95, -0.1))),
        ),
        "angular": straight(((0.6, 0), (0, 0), (0, 0.5), (0.6, 0.5), (0.6, 1), (0, 1))),
        "hatless": smooth((0.1, 0), (0.05, 0.4), (0.4, 0.42), (0.6, 0.7), (0.35, 1), (0, 0.9)),
    },
    6: {
        "b": both(
            straight(((0, 0), (0, 1))), smooth((0, 0.65), (0.3, 0.5), (0.55, 0.75), (0.3, 1), (0, 0.95))
        ),
        "sigma": smooth(
            (0.9, 0.3), (0.4, 0.3), (0.05, 0.6), (0.3, 1), (0.6, 0.75), (0.4, 0.38), (0.3, 0.1), (0.7, -0.05)
        ),
        "angular": straight(((0.5, 0), (0, 0.45), (0, 1), (0.55, 1), (0.55, 0.55), (0, 0.55))),
        "open": smooth((0.55, 0), (0.15, 0.3), (0, 0.7), (0.25, 1), (0.6, 0.85), (0.5, 0.6), (0.3, 0.6)),
    },
    7: {
        "footed": straight(((0, 0), (0.65, 0), (0.25, 1)), ((0, 1), (0.6, 1))),
        "steep": straight(((0, 0.15), (0.35, 0), (0.3, 1)), ((0.1, 0.55), (0.6, 0.5))),
        "long serif": straight(((0, 0.4), (0, 0), (0.7, 0), (0.5, 1))),
        "hanging": smooth((0, 0.25), (0.1, 0), (0.6, 0.05), (0.65, 0.2), (0.5, 0.6), (0.6, 1), (0.85, 0.95)),
    },
    8: {
        "hourglass": straight(((0, 0), (0.6, 0), (0, 1), (0.6, 1), (0, 0))),
        "ribbon": smooth((0.5, 0), (0.1, 0.15), (0.5, 0.75), (0.3, 1), (0.05, 0.75), (0.45, 0.2), (0.6, 0.0)),
        "b": both(
            straight(((0, 0), (0, 1))),
            smooth((0, 0), (0.45, 0.1), (0.4, 0.4), (0, 0.48), (0.55, 0.6), (0.5, 0.95), (0, 1)),
        ),
        "small head": smooth(
            (0.3, 0),
            (0.2, 0.1),
            (0.35, 0.25),
            (0.7, 0.6),
            (0.4, 1),
            (0, 0.65),
            (0.3, 0.25),
            (0.42, 0.12),
            (0.3, 0),
        ),
    },
    9: {
        "g": smooth(
            (0.55, 0.1),
            (0.2, 0),
            (0, 0.25),
            (0.25, 0.42),
            (0.55, 0.2),
            (0.55, 0.7),
            (0.35, 1),
            (0, 0.85),
            (0.3, 0.7),
            (0.9, 0.55),
        ),
        "q": both(
            smooth((0.55, 0.1), (0.2, 0), (0, 0.25), (0.25, 0.45), (0.55, 0.25)),
            straight(((0.55, 0.05), (0.55, 1), (0.85, 0.85))),
        ),
        "angular": straight(((0.6, 0.45), (0, 0.45), (0, 0), (0.6, 0), (0.6, 1))),
        "small head": smooth(
            (0.5, 0.1), (0.35, 0), (0.25, 0.12), (0.4, 0.2), (0.5, 0.1), (0.5, 0.5), (0.4, 1)
        ),
    },
}


def _dot(hand: Hand) -> list[Curve]:
    """A blot, scribbled round and round."""
    turns = np.linspace(0, 1, 40)
    radius, angle = 0.5 * (0.35 + 0.65 * turns), 2 * np.pi * hand.some(2.5, 4) * turns + hand.some(0, 6)
    wave = 1 + 0.06 * hand.rng.normal(size=len(turns))
    return [np.column_stack([radius * wave * np.cos(angle), radius * wave * np.sin(angle)])]


EASTERN: Mapping[int, Style] = {
    0: _dot,
    1: straight(((0.1, 0), (0, 1))),
    2: smooth((0, 1), (0, 0.4), (0.02, 0.05), (0.2, 0.25), (0.45, 0.25), (0.6, 0.05)),
    3: smooth((0, 1), (0, 0.4), (0, 0.05), (0.12, 0.22), (0.28, 0.05), (0.42, 0.22), (0.62, 0.05)),
    4: smooth((0.5, 0), (0.1, 0.12), (0.1, 0.35), (0.42, 0.45), (0.08, 0.6), (0.08, 0.9), (0.55, 1)),
    5: smooth((0.5, 0), (0.05, 0.45), (0.2, 1), (0.8, 0.95), (0.9, 0.5), (0.5, 0)),
    6: straight(((0, 0.05), (0.5, 0), (0.55, 1))),
    7: straight(((0, 0), (0.4, 1), (0.8, 0))),
    8: straight(((0, 1), (0.4, 0), (0.8, 1))),
    9: smooth((0.5, 0.25), (0.25, 0), (0, 0.25), (0.25, 0.45), (0.5, 0.25), (0.52, 0.6), (0.55, 1)),
}
