"""Stroke augmentation: drawings in, the same digits as another hand, pen and device would have drawn them.

What happens here cannot happen to an image: strokes move against each other, ends fall short or go too far,
the pen is wider or finer, a fast device reports few points. All points of all drawings stand in one array;
there is no loop over drawings.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError
from engine.ink.rasterize import PEN, Strokes
from engine.plain_values import typed_values

Points = npt.NDArray[np.float64]  # (P, 2)
Indices = npt.NDArray[np.intp]

NEAR = 0.25  # of the digit's longest side: strokes whose ends are nearer may be joined
WAVES = 3  # that make up a warp
APPROACH = 0.06  # of the longest side: how much of a stroke's end tells its direction


@dataclass(frozen=True)
class StrokeAugmentation:
    """How far a drawing may be changed; each amount is drawn uniformly in ± its limit, unless it says else.

    Lengths are shares of the digit's longest side. At the defaults a person still reads every digit.
    """

    MOST: ClassVar[Mapping[str, float]] = {"rotation": 180, "shear": 2}  # of everything else, 1

    rotation: float = 8.0  # degrees
    shear: float = 0.15  # to the side for the height, as slanted handwriting
    aspect: float = 0.2  # of the width, the height as it was
    stroke_shift: float = 0.04  # of each stroke against the others, along each axis
    stroke_scale: float = 0.1  # of each stroke's own size
    warp: float = 0.02  # by which slow waves move a point; a standard deviation
    ends: float = 0.06  # by which a stroke begins and ends early, or late
    joined: float = 0.15  # probability that strokes whose ends are near become one
    spacing: float = 0.06  # from point to point, at the fastest pen; 0 to it
    pen: float = 0.2  # of the pen's width

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value >= 0):
                raise ConfigurationError(f"StrokeAugmentation: {name} must be 0 or more, got {value}.")
            if value > (most := self.MOST.get(name, 1)):
                raise ConfigurationError(f"StrokeAugmentation: {name} must be at most {most}, got {value}.")

    def pens(self, count: int, *, rng: np.random.Generator) -> npt.NDArray[np.float64]:
        """(count,) pen widths, as shares of the digit's longest side."""
        return PEN * (1 + rng.uniform(-self.pen, self.pen, count))

    def __call__(self, drawings: Sequence[Strokes], *, rng: np.random.Generator) -> list[list[Points]]:
        """Variants in the same order, with the longest side about 1; inputs unchanged.

        A stroke without points is left out. A drawing must have a point.
        """
        strokes = [stroke for drawing in drawings for stroke in drawing if len(stroke)]
        counts = [sum(len(stroke) > 0 for stroke in drawing) for drawing in drawings]
        drawing = np.repeat(np.arange(len(drawings)), counts)  # (S,) that each stroke belongs to
        lengths = np.array([len(stroke) for stroke in strokes], np.intp)
        points = np.concatenate([np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes])
        stroke = np.repeat(np.arange(len(strokes)), lengths)  # (P,) that each point belongs to

        points = self._shape(points, drawing[stroke], len(drawings), rng)
        points = self._strokes_apart(points, stroke, lengths, rng)
        points = self._warped(points, drawing[stroke], len(drawings), rng)
        points, stroke = self._ends_moved(points, stroke, lengths, rng)
        stroke, drawing = self._near_ends_joined(points, stroke, drawing, rng)
        points, stroke = self._thinned(points, stroke, drawing, rng)

        pieces = np.split(points, np.flatnonzero(np.diff(stroke)) + 1)
        groups = np.searchsorted(drawing, np.arange(len(drawings) + 1))
        return [pieces[first:end] for first, end in pairwise(groups)]

    def _shape(self, points: Points, drawing: Indices, N: int, rng: np.random.Generator) -> Points:
        """Each drawing around the origin, its longest side 1, then stretched, slanted and turned."""
        starts = np.searchsorted(drawing, np.arange(N))
        low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
        size = (high - low).max(axis=1, keepdims=True)
        scale = 1 / np.where(size > 0, size, 1)
        angle = np.radians(rng.uniform(-self.rotation, self.rotation, N))
        shear = rng.uniform(-self.shear, self.shear, N)
        stretch = 1 + rng.uniform(-self.aspect, self.aspect, N)
        cos, sin = np.cos(angle), np.sin(angle)
        rows = np.stack((cos * stretch, cos * shear - sin, sin * stretch, sin * shear + cos), axis=1)
        matrices = rows.reshape(N, 2, 2) * scale[:, None]
        centred = points - ((low + high) / 2)[drawing]
        shaped: Points = np.einsum("pij,pj->pi", matrices[drawing], centred)
        return shaped

    def _strokes_apart(
        self, points: Points, stroke: Indices, lengths: Indices, rng: np.random.Generator
    ) -> Points:
        """Each stroke a little larger or smaller, and a little off its place."""
        S = len(lengths)
        centre = np.add.reduceat(points, np.cumsum(lengths) - lengths) / lengths[:, None]
        scale = 1 + rng.uniform(-self.stroke_scale, self.stroke_scale, (S, 1))
        shift = rng.uniform(-self.stroke_shift, self.stroke_shift, (S, 2))
        return points * scale[stroke] + (centre * (1 - scale) + shift)[stroke]

    def _warped(self, points: Points, drawing: Indices, N: int, rng: np.random.Generator) -> Points:
        """Moved by a few waves, each at least as long as the digit along either axis."""
        frequency = rng.uniform(-1, 1, (N, WAVES, 2)) * 2 * math.pi
        phase = rng.uniform(0, 2 * math.pi, (N, WAVES))
        # a sine of amplitude 1 has a variance of 1/2
        amplitude = rng.normal(0, self.warp * math.sqrt(2 / WAVES), (N, WAVES, 2))
        waves = np.sin(np.einsum("pwi,pi->pw", frequency[drawing], points) + phase[drawing])
        moved: Points = points + np.einsum("pw,pwi->pi", waves, amplitude[drawing])
        return moved

    def _ends_moved(
        self, points: Points, stroke: Indices, lengths: Indices, rng: np.random.Generator
    ) -> tuple[Points, Indices]:
        """Every stroke shorter, or longer in the direction that it had, at either end."""
        last = np.cumsum(lengths) - 1
        first = last - lengths + 1
        place = _travelled(points, stroke)
        longer = rng.uniform(-self.ends, self.ends, (2, len(lengths)))
        # never so short that the middle third goes
        longer = np.maximum(longer, -(place[last] - place[first]) / 3)
        begin, end = place[first] - longer[0], place[last] + longer[1]
        # a stroke's own stretch of `place` is its own: what lies beyond is drawn on straight
        moved = points.copy()
        for at, outward, edge in ((first, -1, begin), (last, 1, end)):
            extent = place[last] - place[first]
            back = place[at] - outward * np.minimum(APPROACH, extent)
            direction = points[at] - _along(points, place, back)
            norm = np.hypot(direction[:, 0], direction[:, 1])[:, None]
            beyond = np.maximum(outward * (edge - place[at]), 0)[:, None]
            inside = _along(points, place, np.clip(edge, place[first], place[last]))
            moved[at] = inside + beyond * np.divide(
                direction, norm, out=np.zeros_like(direction), where=norm > 0
            )
        keep = (place > begin[stroke]) & (place < end[stroke])
        keep[first] = keep[last] = True
        return moved[keep], stroke[keep]

    def _near_ends_joined(
        self, points: Points, stroke: Indices, drawing: Indices, rng: np.random.Generator
    ) -> tuple[Indices, Indices]:
        """Some strokes go on into the next, where the pen had not far to go."""
        start = np.flatnonzero(np.diff(stroke)) + 1  # (S - 1,) the first point of each stroke but the first
        gap = points[start] - points[start - 1]
        near = (np.hypot(gap[:, 0], gap[:, 1]) < NEAR) & (drawing[1:] == drawing[:-1])
        joined = near & (rng.random(len(near)) < self.joined)
        number = np.concatenate(([0], np.cumsum(~joined)))  # (S,) of the stroke that each becomes
        return number[stroke], drawing[np.concatenate(([True], ~joined))]

    def _thinned(
        self, points: Points, stroke: Indices, drawing: Indices, rng: np.random.Generator
    ) -> tuple[Points, Indices]:
        """The points that a slower device would have reported, and both ends of every stroke."""
        N = drawing[-1] + 1
        spacing = np.maximum(rng.uniform(0, self.spacing, N), 1e-6)[drawing[stroke]]
        step = np.floor(_travelled(points, stroke) / spacing)
        changes = np.diff(stroke) > 0
        keep = np.concatenate(([True], (np.diff(step) > 0) | changes))
        keep[np.concatenate((np.flatnonzero(changes), [len(points) - 1]))] = True
        return points[keep], stroke[keep]


def stroke_augmentation_of(plain: Mapping[str, Any]) -> StrokeAugmentation:
    """The augmentation of these plain values; an amount that is not named is 0.

    ConfigurationError tells which name is unknown, or which value is of another type or out of its range.
    """
    nothing = dict.fromkeys((field.name for field in fields(StrokeAugmentation)), 0.0)
    return StrokeAugmentation(**{**nothing, **typed_values(plain, StrokeAugmentation)})


def _travelled(points: Points, stroke: Indices) -> npt.NDArray[np.float64]:
    """(P,) the way that the pen made on the paper; between strokes it counts as 1."""
    steps = np.diff(points, axis=0)
    way = np.hypot(steps[:, 0], steps[:, 1])
    way[np.diff(stroke) > 0] = 1
    return np.concatenate(([0.0], np.cumsum(way)))


def _along(points: Points, place: npt.NDArray[np.float64], where: npt.NDArray[np.float64]) -> Points:
    """The points at these places of the way."""
    return np.column_stack((np.interp(where, place, points[:, 0]), np.interp(where, place, points[:, 1])))
