"""Augmentation: a batch of digits in, the same digits written a little differently out.

All of it is one backward mapping: for each output pixel, where in the source image to look. The
coordinates of a whole batch are computed at once and looked up with bilinear interpolation; there is
no loop over images.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError
from engine.ink.rasterize import Ink
from engine.plain_values import typed, typed_values
from engine.quoting import quoted


@dataclass(frozen=True)
class Augmentation:
    """How far a digit may be moved and bent, and how often; each amount is drawn uniformly in ± its limit.

    Digits arrive framed, so shifts stand for the framing's own uncertainty and stay small.
    """

    ndim: ClassVar[int] = 3  # it takes (N, H, W)
    # the most that each kind may be: beyond it nothing of a digit is left in 28x28
    MOST: ClassVar[Mapping[str, float]] = {
        "shift": 28.0, "rotation": 180.0, "zoom": 0.9, "shear": 2.0, "elastic": 28.0, "thickness": 1.0
    }  # fmt: skip
    KINDS: ClassVar = tuple(MOST)

    shift: float = 1.5  # px, along each axis
    rotation: float = 12.0  # degrees
    zoom: float = 0.12  # of the size: 0.12 gives factors 0.88 to 1.12, for each axis on its own
    shear: float = 0.2  # px to the side per px of height, as slanted handwriting
    elastic: float = 0.0  # px by which a smooth random field moves a pixel, root mean square
    thickness: float = 0.0  # of a pixel by which lines grow or shrink on each side, up to 1
    probability: Mapping[str, float] = field(default_factory=dict)  # kind -> share of the images; else all

    def __post_init__(self) -> None:
        for kind in self.KINDS:
            amount = getattr(self, kind)
            if not (math.isfinite(amount) and amount >= 0):
                raise ConfigurationError(f"Augmentation: {kind} must be 0 or more, got {amount}.")
            if amount > self.MOST[kind]:
                raise ConfigurationError(
                    f"Augmentation: {kind} must be at most {self.MOST[kind]}, got {amount}."
                )
        for kind, share in self.probability.items():
            if kind not in self.KINDS:
                raise ConfigurationError(
                    f"Augmentation: there is no {quoted(kind)}. Choose among: {', '.join(self.KINDS)}."
                )
            if not 0 <= share <= 1:
                raise ConfigurationError(
                    f"Augmentation: the probability of {kind} must be in 0…1, got {share}."
                )

    def __call__(self, images: Ink, *, rng: np.random.Generator) -> Ink:
        """Variants of (N, H, W) images: same shape, same order, inputs unchanged."""
        N, H, W = images.shape
        row = np.arange(H, dtype=np.float32)[:, None] - np.float32((H - 1) / 2)  # (H, 1)
        col = np.arange(W, dtype=np.float32)[None, :] - np.float32((W - 1) / 2)  # (1, W)
        a, b, c, d = self._matrices(N, rng)
        down, right = self._draw("shift", (2, N), rng)
        rows = a * row + (b * col + ((H - 1) / 2 - down))  # (N, H, W)
        cols = c * row + (d * col + ((W - 1) / 2 - right))
        if self.elastic > 0:
            strength = np.float32(self.elastic) * self._chosen("elastic", N, rng)
            rows += strength * _smooth_fields(images.shape, rng)
            cols += strength * _smooth_fields(images.shape, rng)
        varied = sample(images, rows, cols)
        if self.thickness > 0:
            return grow(varied, self._draw("thickness", (N,), rng))
        return varied

    def _matrices(self, N: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
        """(4, N, 1, 1): a b c d of (row, col) -> (a row + b col, c row + d col), from output to source."""
        angle = np.radians(self._draw("rotation", (N,), rng))
        shear = self._draw("shear", (N,), rng)
        row_zoom, col_zoom = 1 / (1 + self._draw("zoom", (2, N), rng))
        cos, sin = np.cos(angle), np.sin(angle)
        # rotate, then shear columns by rows, then zoom
        a, b = cos * row_zoom, -sin * row_zoom
        c, d = (sin + shear * cos) * col_zoom, (cos - shear * sin) * col_zoom
        return np.stack([a, b, c, d])

    def _draw(self, kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.float32]:
        """(*shape, 1, 1) amounts of a kind; 0 for the images that do not get it."""
        limit = getattr(self, kind)
        amounts = rng.uniform(-limit, limit, shape).astype(np.float32)[..., None, None]
        return amounts * self._chosen(kind, shape[-1], rng)

    def _chosen(self, kind: str, N: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
        """(N, 1, 1): which images get a kind."""
        return rng.random((N, 1, 1)) < self.probability.get(kind, 1.0)


@dataclass(frozen=True)
class FlipAndShift:
    """For photographs, as CIFAR-10's: mirrored left to right at random, and shifted by whole pixels.

    He et al. (2016), section 4.2: what enters at the edges is 0.
    """

    ndim: ClassVar[int] = 4  # it takes (N, C, H, W)
    MOST_SHIFT: ClassVar[int] = 32  # the side of such an image

    shift: int = 4  # px, along each axis, either way
    flip: float = 0.5  # probability of being mirrored

    def __post_init__(self) -> None:
        if not 0 <= self.shift <= self.MOST_SHIFT:
            raise ConfigurationError(
                f"FlipAndShift: shift must be in 0…{self.MOST_SHIFT}, got {quoted(self.shift)}."
            )
        if not 0 <= self.flip <= 1:
            raise ConfigurationError(f"FlipAndShift: flip must be in 0…1, got {self.flip}.")

    def __call__(self, images: Ink, *, rng: np.random.Generator) -> Ink:
        """Variants of (N, C, H, W) images: same shape, same order, inputs unchanged."""
        N, _, H, W = images.shape
        s = self.shift
        padded = np.pad(images, ((0, 0), (0, 0), (s, s), (s, s)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (H, W), axis=(2, 3))
        down, right = rng.integers(0, 2 * s + 1, (2, N))
        shifted = windows[np.arange(N), :, down, right]
        mirrored = rng.random(N) < self.flip
        shifted[mirrored] = shifted[mirrored, ..., ::-1]
        return shifted


def augmentation_of(plain: Mapping[str, Any]) -> Augmentation | FlipAndShift:
    """The augmentation of these plain values, as a file or the command line has them.

    An amount that is not named is 0. What names a `flip` is for photographs. ConfigurationError tells
    which name is unknown, or which value is of another type or out of its range.
    """
    if "flip" in plain:
        return FlipAndShift(**{"shift": 0, **typed_values(plain, FlipAndShift)})
    values = typed_values(plain, Augmentation)
    shares = values.get("probability", {})
    if not isinstance(shares, Mapping):
        raise ConfigurationError(f"probability must name kinds with their shares, got {quoted(shares)}.")
    values["probability"] = {kind: typed(kind, share, float) for kind, share in shares.items()}
    return Augmentation(**{**dict.fromkeys(Augmentation.KINDS, 0.0), **values})


ELASTIC_SIGMA = 4.0  # px: Simard, Steinkraus and Platt (2003), section 2


GRID = 4  # px between a field's random numbers; closer ones change no correlation by more than 0.012


def _smooth_fields(shape: tuple[int, ...], rng: np.random.Generator) -> Ink:
    """(N, H, W) random fields of variance 1, smoothed with a Gaussian: Simard et al. (2003).

    The smoothing is a product with a matrix along each axis, which for all images of a batch at once
    costs less than a filter. So smooth a field needs no random number for each pixel.
    """
    N, H, W = shape
    down, right = _gaussian(H), _gaussian(W)
    noise = rng.random((N, down.shape[1], right.shape[1]), np.float32)
    noise -= np.float32(0.5)
    noise *= np.float32(math.sqrt(12))  # variance 1
    fields: Ink = down @ (noise @ right.T)
    return fields


@cache
def _gaussian(size: int) -> npt.NDArray[np.float32]:
    """(size, noise along it); rows of norm 1 keep the variance of independent noise."""
    places = np.arange(size)[:, None] - np.arange((GRID - 1) / 2, size, GRID)
    kernel = np.exp(-0.5 * (places / ELASTIC_SIGMA) ** 2)
    unit: npt.NDArray[np.float32] = (kernel / np.linalg.norm(kernel, axis=1, keepdims=True)).astype(
        np.float32
    )
    return unit


def grow(images: Ink, growth: npt.NDArray[np.float32]) -> Ink:
    """Mix each image with the one whose lines are a pixel wider on each side; or narrower, if negative.

    The narrower image is the wider one of the negative, so that one pass serves a batch of both.
    """
    N, H, W = images.shape
    padded = np.zeros((N, H + 2, W + 2), np.float32)
    np.multiply(images, np.sign(growth), out=padded[:, 1:-1, 1:-1])
    flat = padded.ravel()  # where rows meet, only the margin is mixed up
    wider = flat.copy()
    for step in (1, W + 2):
        np.maximum(wider[step:], flat[:-step], out=wider[step:])
        np.maximum(wider[:-step], flat[step:], out=wider[:-step])
    wider -= flat
    grown = wider.reshape(padded.shape)[:, 1:-1, 1:-1] * growth
    grown += images
    return grown


def sample(images: Ink, rows: Ink, cols: Ink) -> Ink:
    """Look images up at fractional (row, col) positions, bilinearly; paper (0.0) lies all around.

    Parameters
    ----------
    images, rows, cols : (N, H, W) arrays
        Position (0, 0) is the centre of the first pixel.
    """
    N, H, W = images.shape
    # a margin of paper, two pixels wide, catches every position once it is clipped into it
    padded = np.zeros((N, H + 4, W + 4), np.float32)
    padded[:, 2:-2, 2:-2] = images
    rows, cols = np.clip(rows, -2, H), np.clip(cols, -2, W)
    top, left = np.floor(rows), np.floor(cols)
    rows -= top
    cols -= left
    top *= W + 4
    top += left
    index = top.astype(np.intp)  # within an image, which a float holds exactly
    index += (np.arange(N) * ((H + 4) * (W + 4)) + 2 * (W + 4) + 2)[:, None, None]
    flat = padded.ravel()
    upper, upper_right, lower, lower_right = (flat[start:][index] for start in (0, 1, W + 4, W + 5))
    for pixel, other, share in (
        (upper, upper_right, cols),
        (lower, lower_right, cols),
        (upper, lower, rows),
    ):
        other -= pixel
        other *= share
        pixel += other
    sampled: Ink = upper
    return sampled
