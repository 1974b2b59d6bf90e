"""How well ways of writing are read that few people have, by hands that no network was taught.

    python -m benchmarks.unusual_hands [--network FOLDER]…

First zeros with a mark, by ten hands: each is a design of its own, written down here before anything was
measured, and shares no code with the styles that networks learn. Then what looks like such a zero and is no
digit. Then eight other ways, ten hands each. Of each hand there are fifty drawings.

Read is what is accepted as the digit that it is; the rest is refused, or taken for another digit.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.store.networks import SHIPPED
from benchmarks.odd_hands import draw, smooth, straight
from engine import SavedNetwork
from engine.datasets.curves import Curve
from engine.datasets.digit_styles import Style
from engine.datasets.strokes import render
from engine.nn.losses import NO_CLASS
from engine.reading.evaluation import logits_of

HANDS, EACH = 10, 50

Draw = Callable[[np.random.Generator], list[Curve]]


@dataclass(frozen=True)
class MarkedZero:
    """How one hand writes a zero with a mark; a ring is 2 high, and lengths are from its middle."""

    width: float  # of the ring, a share of its height
    angle: float  # degrees from the level, against the clock
    up: float  # how far the mark reaches to the right, or up
    down: float  # and to the other side
    corners: float = 2.0  # the exponent of the ring's superellipse: 2 is an ellipse, more is squarer
    strokes: int = 2  # 1: the pen stays down from the ring into the mark
    gap: float = 0.0  # of the ring's way around, that stays open; below 0 it closes twice

    def __call__(self, rng: np.random.Generator) -> list[Curve]:
        angle = math.radians(self.angle + rng.normal(0, 4))
        up, down = np.array([self.up, self.down]) * np.exp(rng.normal(0, 0.08, 2))
        along = np.array([math.cos(angle), -math.sin(angle)])
        middle = rng.normal(0, 0.06, 2) * [self.width, 1]
        mark = middle + np.linspace(up, -down, 12)[:, None] * along
        begin = angle if self.strokes == 1 else rng.uniform(0.3, 2.2)
        ring = self._ring(begin, rng)
        return [np.vstack([ring, mark])] if self.strokes == 1 else [ring, mark]

    def _ring(self, begin: float, rng: np.random.Generator) -> Curve:
        turn = 2 * np.pi * (1 - self.gap + rng.normal(0, 0.015))
        angles = begin + np.linspace(0, turn, 60)
        cos, sin = np.cos(angles), np.sin(angles)
        power = 2 / self.corners
        radius = 1 + rng.normal(0, 0.03) * np.cos(2 * angles + rng.uniform(0, 6)) + rng.normal(0, 0.03) * sin
        x = self.width * np.exp(rng.normal(0, 0.06)) * np.sign(cos) * np.abs(cos) ** power
        return np.column_stack([radius * x, -radius * np.sign(sin) * np.abs(sin) ** power])


MARKED_ZEROS = (
    MarkedZero(0.48, 68, 0.75, 0.8),  # thin, the slash just inside
    MarkedZero(0.95, 44, 1.25, 1.2),  # round, the slash a little beyond
    MarkedZero(0.8, 17, 2.0, 1.7, corners=2.5),  # a flat slash, twice as long as the ring
    MarkedZero(0.55, 84, 1.9, 2.1),  # upright and long
    MarkedZero(0.72, 52, 1.0, 1.45, strokes=1),  # around, and through in one stroke
    MarkedZero(0.9, 33, 1.0, 2.2, strokes=1, gap=-0.04, corners=2.3),  # the same, flatter and far out
    MarkedZero(0.75, 131, 1.5, 1.35),  # falling to the right
    MarkedZero(0.7, 60, 0.02, 0.06, corners=2.2),  # a dot
    MarkedZero(1.0, 3, 0.42, 0.4, corners=2.4),  # a short bar inside
    MarkedZero(0.85, 1, 1.75, 1.9, gap=0.05),  # a level bar far beyond a small ring
)


def theta(rng: np.random.Generator) -> list[Curve]:
    """A level bar from one side of the ring to the other."""
    width = rng.uniform(0.6, 1.0)
    return MarkedZero(width, 0, width, width, corners=rng.uniform(1.9, 2.6))(rng)


def two_rings(rng: np.random.Generator) -> list[Curve]:
    """Side by side, each closed for itself."""
    first, second = (MarkedZero(rng.uniform(0.6, 1.0), 0, 0, 0) for _ in range(2))
    apart = first.width + second.width + rng.uniform(-0.35, 0.2)
    return [first(rng)[0], second(rng)[0] + np.array([apart, rng.normal(0, 0.1)])]


OTHER_WAYS: dict[str, tuple[int, Style]] = {
    "twos like a flat z": (2, straight(((0, 0.12), (0.85, 0), (0.05, 0.95), (0.95, 1)))),
    "ones with a hooked foot": (
        1,
        smooth((0, 0.28), (0.25, 0), (0.27, 0.5), (0.27, 0.85), (0.4, 1), (0.6, 0.92)),
    ),
    "ones like a lambda": (1, straight(((0.05, 0), (0.7, 1)), ((0.32, 0.42), (-0.1, 1)))),
    "fours with a long bar": (4, straight(((0.25, 0), (0, 0.55), (1.15, 0.52)), ((0.5, 0.15), (0.45, 1)))),
    "sevens with a serif": (7, straight(((0.02, -0.08), (0, 0.28)), ((0, 0.02), (0.7, 0), (0.35, 1)))),
    "zeros of few points": (
        0,
        straight(
            ((0.4, 0), (0.08, 0.2), (0, 0.6), (0.2, 0.95), (0.5, 1), (0.75, 0.72), (0.74, 0.3), (0.4, 0))
        ),
    ),
    "eights open at the top": (
        8,
        smooth(
            (0.62, 0.02),
            (0.3, 0),
            (0.1, 0.2),
            (0.35, 0.48),
            (0.6, 0.75),
            (0.3, 1),
            (0, 0.75),
            (0.3, 0.45),
            (0.68, 0.18),
        ),
    ),
    "eights with a small head": (
        8,
        smooth(
            (0.4, 0.02),
            (0.28, 0.12),
            (0.4, 0.27),
            (0.68, 0.6),
            (0.38, 1),
            (0.05, 0.65),
            (0.36, 0.27),
            (0.5, 0.12),
            (0.4, 0.01),
        ),
    ),
}


@dataclass(frozen=True)
class Way:
    """Drawings of one way of writing, as networks see them."""

    name: str
    label: int
    images: npt.NDArray[np.float32]


def ways() -> list[Way]:
    """All of them; the same drawings at every call."""
    zeros = [written(way, number, EACH) for number, way in enumerate(MARKED_ZEROS)]
    found = [
        Way("zeros with a slash, a dot or a bar", 0, render([each for hand in zeros for each in hand])),
        *(Way(f"  hand {number}", 0, render(hand)) for number, hand in enumerate(zeros, start=1)),
    ]
    for number, (name, way) in enumerate({"thetas": theta, "two rings side by side": two_rings}.items()):
        found.append(Way(name, NO_CLASS, render(written(way, 100 + number, HANDS * EACH))))
    for number, (name, (digit, style)) in enumerate(OTHER_WAYS.items()):
        drawn = []
        for hand in range(HANDS):
            rng = np.random.default_rng([number, hand])
            drawn += [draw((200 + number, hand), style, rng) for _ in range(EACH)]
        found.append(Way(name, digit, render(drawn)))
    return found


def written(way: Draw, number: int, count: int) -> list[list[Curve]]:
    """So many drawings, each by the same hand."""
    rng = np.random.default_rng([number, 7])
    return [way(rng) for _ in range(count)]


def shares(saved: SavedNetwork, way: Way) -> tuple[float, float]:
    """(read, refused); of what is no digit reading it is refusing it."""
    logits = logits_of(saved.network, way.images)
    accepted = saved.confidence.accepts(logits)
    refused = float(np.mean(~accepted))
    if way.label == NO_CLASS:
        return refused, refused
    return float(np.mean(accepted & (logits.argmax(axis=1) == way.label))), refused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", type=Path, action="append", help="a folder (both that ship)")
    networks = [
        SavedNetwork.load(path) for path in parser.parse_args().network or (SHIPPED, SHIPPED / "lenet5")
    ]
    names = [saved.network.architecture for saved in networks]
    print(f"{'':38}" + "".join(f"{name:>10} read  refused" for name in names))
    for way in ways():
        found = [shares(saved, way) for saved in networks]
        cells = "".join(f"{100 * read:13.1f} %{100 * refused:7.1f} %" for read, refused in found)
        print(f"{way.name + ('' if way.label != NO_CLASS else ', refused'):38}{cells}")


if __name__ == "__main__":
    main()
