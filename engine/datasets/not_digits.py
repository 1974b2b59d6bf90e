"""What people draw that is no digit: letters, signs, shapes, scribbles, several digits at once.

A network that has only seen digits takes everything for one. These drawings teach it otherwise, and measure
whether it learnt: each is of a `kind`, and some kinds, UNSEEN, are kept out of the teaching, to measure with.

Left out is whatever a reader may rightly take for a digit: / \\ | l I i j L for 1; o O D Q C c U u for 0; z Z
for 2; S s for 5; b G for 6; > for 7; B $ for 8; g q d p for 9 or 6; y for an open 4; J and v. A ring with
a mark is a zero, but for one: where the bar is level and ends at the ring it is a theta. A ^ is the
1 that much of Europe writes, its upstroke as long as its stem: on a tablet, wide ones and carets coincide.

Coordinates lie in a square of side 1, x to the right, y downward.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.datasets.curves import UNIFORM, Curve, catmull_rom
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.datasets.synthetic import synthetic_digits
from engine.errors import ConfigurationError
from engine.nn.losses import NO_CLASS

STEPS = 16  # points from one corner or knot to the next

# Strokes on a grid of 10 by 10: "05" is the point x = 0, y = 5. A stroke that begins with ~ runs smoothly
# through its points, any other straight from one to the next. Variants of a sign are separated by |.
SIGNS = {
    "A": "09 40 89 / 25 65 | ~09 03 20 60 83 89 / 05 85",
    "E": "80 00 09 89 / 05 65 | ~82 40 11 23 54 / ~54 05 08 39 88",
    "F": "90 00 09 / 04 74",
    "H": "00 09 / 80 89 / 05 85",
    "K": "00 09 / 80 05 89",
    "M": "09 10 46 80 99 | ~09 10 46 80 99",
    "N": "09 00 89 80",
    "P": "10 19 / ~10 50 82 65 15",
    "R": "10 19 / ~10 50 82 65 15 / 35 89",
    "T": "00 90 / 50 59",
    "V": "00 49 90",
    "W": "00 29 44 69 90 | ~00 19 43 69 90",
    "X": "00 89 / 80 09 | ~00 33 45 36 09 / ~80 53 45 56 89 | 00 89 09 80",
    "Y": "00 44 80 / 44 49",
    "a": "~75 42 14 18 49 77 / 72 77 99 | ~22 50 73 79 / ~75 35 08 39 76",
    "e": "~15 65 82 41 03 28 59 87",
    "f": "~90 50 43 49 / 14 84",
    "h": "10 19 / ~16 44 75 79 | ~09 51 30 19 / ~19 44 75 78 99",
    "k": "10 19 / 63 16 79 | ~09 51 30 19 / ~16 74 26 / 26 89",
    "m": "03 09 / ~05 24 45 49 / ~45 64 95 99",
    "n": "13 19 / ~15 44 75 79",
    "r": "13 19 / ~16 33 73",
    "w": "~03 18 48 54 / ~54 68 98 93",
    "@": "~64 43 35 47 66 63 / ~63 78 95 70 31 04 28 69 98",
    "#": "30 29 / 70 69 / 03 93 / 06 96",
    "&": "~99 32 40 62 25 07 39 77 85",
    "%": "90 09 / ~20 01 22 31 20 / ~77 68 79 98 77",
    "?": "~12 30 71 73 55 57 / 59 | ~02 30 71 54 66 / 69 | ~12 30 71 73 55 59 | ~21 50 73 35 / 35 39",
    "!": "50 56 / 59",
    "*": "50 59 / 12 87 / 82 17",
    "+": "50 59 / 05 95 | 05 95 52 59",
    "=": "03 93 / 07 97",
    "€": "~81 40 05 49 88 / 04 64 / 06 66",
    "Σ": "90 00 45 09 99",
    "Ψ": "~00 04 47 84 80 / 40 49",
    "π": "01 91 / 20 29 / ~60 68 89",
    "Ш": "00 09 89 80 / 40 49",
    "И": "00 09 80 89",
    "Я": "89 80 / ~80 40 12 25 85 / 55 09",
    "大": "03 93 / ~50 43 09 / 54 99",
    "木": "03 93 / 50 59 / ~53 16 / 54 97",
    "田": "00 90 99 09 00 / 40 49 / 05 95",
    "tick": "05 39 90 | ~05 38 90",
    "arrow": "05 95 / 62 95 68 | 50 59 / 36 59 76 | 95 05 / 32 05 38 | 59 50 / 33 50 73",
    "triangle": "50 99 09 50 | 00 99 09 00 | 00 90 59 00 | 05 90 99 05 | 07 52 97 07",
    "rectangle": "00 90 99 09 00 | 02 92 97 07 02 | 20 70 79 29 20 | 03 93 96 06 03 | 03 52 95 46 03",
    "diamond": "50 95 59 05 50",
    "pentagon": "50 94 79 29 04 50",
    "star": "19 50 89 03 93 19",
    "heart": "~44 20 03 28 49 / ~49 78 93 70 44 | ~42 20 03 49 / ~49 93 70 42 | ~53 31 11 04 49 94 81 61 53 "
    "| ~42 21 02 15 49 84 92 71 42 | ~43 30 10 04 49 / ~49 94 80 60 43",
    "house": "04 09 99 94 04 50 94 | 04 50 94 99 09 04 94 / 39 36 56 59",
    "tree": "40 86 06 40 / 46 49",
    "letter": "02 92 97 07 02 / 02 45 92",
    "manikin": "~40 52 43 32 40 / 43 46 19 / 46 79 / 04 84",
    "infinity": "~45 72 95 77 45 22 05 27 45",
    "stairs": "09 06 36 33 63 60 90",
    "smiley": "~50 81 95 88 59 18 05 11 50 / 34 / 64 / ~36 57 66",
    "sun": "~52 25 58 75 52 / 50 51 / 05 15 / 59 58 / 95 85 / 11 22 / 88 77 / 18 27 / 81 72",
}

# Of each family of kinds about one in five, chosen before anything was measured on them.
UNSEEN = (
    *("K", "R", "W", "h", "m", "&", "€", "Ψ", "И"),
    *("diamond", "house", "stairs", "coil", "rings"),
)


def _wave(rng: np.random.Generator) -> list[Curve]:
    """Sinus or saw teeth, three periods or more."""
    periods = rng.uniform(3, 6)
    t = np.linspace(0, 1, 120)
    phase = periods * t + rng.random()
    y = np.sin(2 * np.pi * phase) if rng.random() < 0.5 else 4 * np.abs(phase % 1 - 0.5) - 1
    return [np.column_stack([t, 0.5 + rng.uniform(0.08, 0.3) * y])]


def _coil(rng: np.random.Generator) -> list[Curve]:
    """Loops in a row, as a pen is tried out with."""
    loops = rng.uniform(3, 6)
    angle = np.linspace(0, 2 * np.pi * loops, round(30 * loops))
    radius = rng.uniform(0.1, 0.3)
    return [np.column_stack([angle / angle[-1] + radius * np.sin(angle), 0.5 + radius * np.cos(angle)])]


def _spiral(rng: np.random.Generator) -> list[Curve]:
    """Two and a half turns or more: fewer make a 6 or a 9."""
    turns = rng.uniform(2.5, 4.5)
    angle = np.linspace(0, 2 * np.pi * turns, round(40 * turns))
    radius = np.linspace(0.02, 0.5, len(angle))
    around = rng.choice([-1, 1]) * angle + rng.uniform(0, 2 * np.pi)
    return [0.5 + radius[:, None] * np.column_stack([np.cos(around), np.sin(around)])]


def _rings(rng: np.random.Generator) -> list[Curve]:
    """Circles in one another."""
    angle = np.linspace(0, 2 * np.pi, 60)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return [0.5 + radius * circle for radius in np.linspace(0.5, rng.uniform(0.1, 0.25), rng.integers(2, 4))]


def _theta(rng: np.random.Generator) -> list[Curve]:
    """A ring with a level bar that ends at the ring, give or take: a zero's mark does not."""
    half_width, along = rng.uniform(0.28, 0.55), np.linspace(0, 1, 40)
    around = rng.uniform(0, 2 * np.pi) + rng.choice([-1, 1]) * 2 * np.pi * rng.uniform(0.97, 1.05) * along
    ring = 0.5 + np.column_stack([half_width * np.cos(around), 0.5 * np.sin(around)])
    y, slope = rng.uniform(-0.08, 0.08), rng.uniform(-0.1, 0.1)
    bar = np.array(
        [[side * half_width * rng.uniform(0.9, 1.08), y + side * slope * half_width] for side in (-1, 1)]
    )
    return [ring, _straight(0.5 + bar)]


def _two_rings(rng: np.random.Generator) -> list[Curve]:
    """Side by side, about equally large: they touch, cross or nearly touch."""
    angle = np.linspace(0, 2 * np.pi, 40)
    placed, right = [], 0.0
    for _ in range(2):
        half_width, half_height = rng.uniform(0.3, 0.52), rng.uniform(0.42, 0.55)
        turned = rng.uniform(0, 2 * np.pi) + angle
        x = right + half_width
        middle = (x, 0.5 + rng.uniform(-0.08, 0.08))
        placed.append(middle + np.column_stack([half_width * np.cos(turned), half_height * np.sin(turned)]))
        right = x + half_width + rng.uniform(-0.22, 0.12)
    return placed


def _scribble(rng: np.random.Generator) -> list[Curve]:
    """One line to and fro, round or jagged."""
    corners = rng.random((rng.integers(8, 20), 2))
    return [_smooth(corners) if rng.random() < 0.5 else _straight(corners)]


def _strokes(rng: np.random.Generator) -> list[Curve]:
    """Four short strokes or more, anyhow."""
    return [_smooth(rng.random((3, 2))) for _ in range(rng.integers(4, 8))]


def _filling(rng: np.random.Generator) -> list[Curve]:
    """A patch blackened with a zigzag, round or square, or one fat dot."""
    if rng.random() < 0.1:
        return [np.zeros((1, 2))]
    rows = rng.integers(9, 16)
    y = np.linspace(0, 1, 2 * rows)
    half = np.sqrt(0.25 - (y - 0.5) ** 2) if rng.random() < 0.5 else np.full(2 * rows, 0.5)
    x = 0.5 + half * np.where(np.arange(2 * rows) % 2, 1, -1) * rng.uniform(0.7, 1, 2 * rows)
    return [_turned(_straight(np.column_stack([x, y * rng.uniform(0.5, 1)])), rng.uniform(0, np.pi))]


def _hatching(rng: np.random.Generator) -> list[Curve]:
    """Three parallel lines or more, perhaps crossed by as many."""
    count = rng.integers(3, 6)
    angle = rng.uniform(0, np.pi)
    lines = [np.array([[x, rng.uniform(0, 0.2)], [x, rng.uniform(0.8, 1)]]) for x in np.linspace(0, 1, count)]
    crossed = [line[:, ::-1] for line in lines] if rng.random() < 0.4 else []
    return [_turned(_straight(line), angle) for line in [*lines, *crossed]]


def _polygon(rng: np.random.Generator) -> list[Curve]:
    """Three to five corners around a middle; two of them may be left apart. More make a zero."""
    count = rng.integers(3, 6)
    angle = 2 * np.pi * (np.arange(count) + rng.uniform(-0.3, 0.3, count)) / count + rng.uniform(0, 2 * np.pi)
    corners = 0.5 + rng.uniform(0.3, 0.6, (count, 1)) * np.column_stack([np.cos(angle), np.sin(angle)])
    end = rng.normal(corners[:1], 0.03)
    return [_straight(np.vstack([corners, end]))]


def _glyph(rng: np.random.Generator) -> list[Curve]:
    """Three or four lines, arcs and rings, as of an alphabet that nobody writes."""
    paths = []
    for _ in range(rng.integers(3, 5)):
        start, end = rng.integers(0, 4, (2, 2)) / 3
        if (start == end).all():
            angle = np.linspace(0, 2 * np.pi, 30)
            paths.append(start + rng.uniform(0.1, 0.25) * np.column_stack([np.cos(angle), np.sin(angle)]))
        elif rng.random() < 0.6:
            paths.append(_straight(np.stack([start, end])))
        else:
            paths.append(_smooth(np.stack([start, rng.normal((start + end) / 2, 0.2), end])))
    return paths


def _word(rng: np.random.Generator) -> list[Curve]:
    """Two or three letters or signs side by side."""
    names = [name for name in SIGNS if name not in UNSEEN]
    signs = [_sign(SIGNS[names[i]], rng) for i in rng.integers(len(names), size=rng.integers(2, 4))]
    return _side_by_side(signs, rng)


def _dots(rng: np.random.Generator) -> list[Curve]:
    """Some dots, wide apart."""
    return list(rng.random((rng.integers(3, 9), 1, 2)))


def _flat_line(rng: np.random.Generator) -> list[Curve]:
    """A minus: flat, or bent a little."""
    x = np.linspace(0, 1, 30)
    slope, bend = rng.uniform(-0.2, 0.2), rng.uniform(-0.25, 0.25)
    return [np.column_stack([x, slope * x + bend * x * (1 - x)])]


FIGURES: dict[str, Callable[[np.random.Generator], list[Curve]]] = {
    "wave": _wave,
    "coil": _coil,
    "spiral": _spiral,
    "rings": _rings,
    "theta": _theta,
    "two rings": _two_rings,
    "scribble": _scribble,
    "strokes": _strokes,
    "filling": _filling,
    "hatching": _hatching,
    "polygon": _polygon,
    "glyph": _glyph,
    "word": _word,
    "dots": _dots,
    "flat line": _flat_line,
}
OF_DIGITS = ("several digits", "turned digit")  # the kinds that are made of drawings of digits
KINDS = (*SIGNS, *FIGURES, *OF_DIGITS)
# A figure is another one each time, and whoever has seen many of them tells strange signs, too: of UNSEEN
# kinds 2 % more are rejected than if all were drawn equally often.
TAUGHT = tuple(kind for kind in KINDS if kind not in UNSEEN for _ in range(1 if kind in SIGNS else 4))


def draw(
    kind: str, *, rng: np.random.Generator, digits: Sequence[StrokeDrawing] = ()
) -> list[list[tuple[float, float]]]:
    """The strokes of one drawing of a kind, by another hand each time.

    Parameters
    ----------
    kind : one of KINDS
    digits : labelled drawings of single digits
        What the kinds OF_DIGITS are made of; the others need none.
    """
    if kind in SIGNS:
        paths = _by_hand(_sign(SIGNS[kind], rng), rng)
    elif kind in FIGURES:
        paths = _by_hand(FIGURES[kind](rng), rng)
    elif kind not in OF_DIGITS:
        raise ConfigurationError(f"There is no kind {kind!r} of drawing. Choose one of: {', '.join(KINDS)}.")
    elif not digits:
        raise ConfigurationError(f"A drawing of the kind {kind!r} is made of drawings of digits; got none.")
    else:
        paths = _several_digits(digits, rng) if kind == "several digits" else _turned_digit(digits, rng)
    return [[(float(x), float(y)) for x, y in path] for path in paths]


@dataclass(frozen=True)
class NotDigits:
    """So many drawings that are no digits, drawn anew whenever they are asked for."""

    count: int
    kinds: tuple[str, ...] = TAUGHT  # equally often, but for those that are named several times

    def __len__(self) -> int:
        return self.count

    def take(self, indices: npt.NDArray[np.integer]) -> "NotDigits":
        """As many as there are indices: no two drawings are the same anyway."""
        return NotDigits(len(indices), self.kinds)

    def drawn(self, *, rng: np.random.Generator) -> StrokeDataset:
        """Each of a random kind; its style is the kind."""
        digits = synthetic_digits(min(self.count, 50), rng=rng).drawings
        kinds = [self.kinds[index] for index in rng.integers(len(self.kinds), size=self.count)]
        return StrokeDataset(
            [StrokeDrawing(draw(kind, rng=rng, digits=digits), NO_CLASS, style=kind) for kind in kinds]
        )

    def split(self, fraction: float, *, rng: np.random.Generator) -> "tuple[NotDigits, StrokeDataset]":
        """(itself, nothing): a network is validated with digits."""
        return self, StrokeDataset([])


# **** from a template to handwriting ****

_LEFT, _RIGHT = ((0, -1), (1, 0)), ((0, 1), (-1, 0))
_OVER, _MIRRORED = ((-1, 0), (0, -1)), ((-1, 0), (0, 1))
# What makes a digit none. A 2 and a 5 stay what they are on their heads and become one another in a mirror;
# a 6 and a 9 on their sides may pass for slanted ones, and a 7 for a 1 with a long upstroke.
TURNS: dict[object, tuple[Any, ...]] = {
    **dict.fromkeys((2, 5, 8), (_LEFT, _RIGHT)),
    **dict.fromkeys((3, 4), (_LEFT, _RIGHT, _OVER, _MIRRORED)),
    7: (_OVER,),
}


def _sign(template: str, rng: np.random.Generator) -> list[Curve]:
    """The strokes of one variant, each point of the grid moved a little."""
    variants = template.split("|")
    paths = []
    for stroke in variants[rng.integers(len(variants))].split("/"):
        points = np.array([list(map(int, point)) for point in stroke.replace("~", " ").split()]) / 9
        moved = points + rng.normal(0, 0.03, points.shape)
        if len(points) > 1 and (points[0] == points[-1]).all():
            moved[-1] = moved[0] + rng.normal(0, 0.015, 2)  # closed, give or take
        paths.append(_smooth(moved) if "~" in stroke else _straight(moved))
    return paths


def _several_digits(digits: Sequence[StrokeDrawing], rng: np.random.Generator) -> list[Curve]:
    """Two or three digits side by side, about equally high."""
    chosen = rng.integers(len(digits), size=rng.choice([2, 2, 3]))
    return _side_by_side([_paths(digits[index]) for index in chosen], rng)


def _turned_digit(digits: Sequence[StrokeDrawing], rng: np.random.Generator) -> list[Curve]:
    """A digit that lies on its side, stands on its head or is seen in a mirror, and then is no digit."""
    chosen = [drawing for drawing in digits if drawing.label in TURNS]
    if not chosen:
        raise ConfigurationError(f"Of the digits given none can be turned; {list(TURNS)} can.")
    drawing = chosen[rng.integers(len(chosen))]
    ways = TURNS[drawing.label]
    matrix = np.array(ways[rng.integers(len(ways))])
    return [path @ matrix for path in _paths(drawing)]


def _side_by_side(signs: Sequence[list[Curve]], rng: np.random.Generator) -> list[Curve]:
    placed = []
    right = 0.0
    for paths in signs:
        points = np.concatenate(paths)
        low, extent = points.min(axis=0), np.ptp(points, axis=0)
        scale = rng.uniform(0.8, 1.2) / max(extent.max(), 1e-9)
        corner = np.array([right, rng.uniform(-0.15, 0.15)])
        placed += [(path - low) * scale + corner for path in paths]
        right += extent[0] * scale + rng.uniform(0.1, 0.5)
    return placed


def _paths(drawing: StrokeDrawing) -> list[Curve]:
    return [np.asarray(stroke, np.float64) for stroke in drawing.strokes if len(stroke)]


def _by_hand(paths: list[Curve], rng: np.random.Generator) -> list[Curve]:
    """Turned, slanted and stretched a little, with a hand that is not quite steady."""
    angle = np.radians(rng.normal(0, 6))
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1, rng.normal(-0.08, 0.12)], [0, 1]])
    matrix = matrix @ np.diag(np.exp(rng.normal(0, 0.2, 2)))
    return [(path + _tremor(len(path), rng)) @ matrix.T for path in paths]


def _tremor(count: int, rng: np.random.Generator) -> Curve:
    """A slow random movement along a path, about 2 % of its size."""
    t = np.linspace(0, 1, count)[:, None]
    waves = [
        rng.normal(0, 0.012, 2) * np.sin(2 * np.pi * (rng.uniform(0.5, 3) * t + rng.random(2)))
        for _ in range(3)
    ]
    tremor: Curve = np.sum(waves, axis=0)
    return tremor


def _straight(corners: Curve) -> Curve:
    """The polyline through these points, in small steps."""
    if len(corners) == 1:
        return corners
    places = np.linspace(0, len(corners) - 1, STEPS * (len(corners) - 1) + 1)
    return np.column_stack([np.interp(places, np.arange(len(corners)), axis) for axis in corners.T])


def _smooth(points: Curve) -> Curve:
    """Through all of these points without a corner; round, too, where the ends meet."""
    is_closed = bool(np.hypot(*(points[0] - points[-1])) < 0.1)
    return catmull_rom(points, steps=STEPS, power=UNIFORM, is_closed=is_closed)


def _turned(path: Curve, angle: float) -> Curve:
    cos, sin = math.cos(angle), math.sin(angle)
    turned: Curve = (path - 0.5) @ np.array([[cos, -sin], [sin, cos]]).T
    return turned
