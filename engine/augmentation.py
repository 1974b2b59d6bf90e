"""Augmentation: a batch of digits in, the same digits written a little differently out.

All of it is one backward mapping: for each output pixel, where in the source image to look. The
coordinates of a whole batch are computed at once and looked up with bilinear interpolation; there is
no loop over images.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError

Images = npt.NDArray[np.float32]  # (N, H, W), ink 1.0 on paper 0.0


@dataclass(frozen=True)
class Augmentation:
    """How far a digit may be moved and bent; each amount is drawn uniformly in ± its limit.

    Digits arrive framed, so shifts stand for the framing's own uncertainty and stay small.
    """

    ndim: ClassVar[int] = 3  # it takes (N, H, W)

    shift: float = 1.5  # px, along each axis
    rotation: float = 12.0  # degrees
    zoom: float = 0.12  # of the size: 0.12 gives factors 0.88 to 1.12, for each axis on its own
    shear: float = 0.2  # px to the side per px of height, as slanted handwriting
    elastic: float = 0.0  # px by which a smooth random field moves a pixel, root mean square
    thickness: float = 0.0  # of a pixel by which lines grow or shrink on each side, up to 1

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value >= 0):
                raise ConfigurationError(f"Augmentation: {name} must be 0 or more, got {value}.")
        for name in ("zoom", "thickness"):
            if getattr(self, name) > (limit := {"zoom": 0.9, "thickness": 1.0}[name]):
                raise ConfigurationError(
                    f"Augmentation: {name} must be at most {limit}, got {getattr(self, name)}."
                )

    def __call__(self, images: Images, *, rng: np.random.Generator) -> Images:
        """Variants of (N, H, W) images: same shape, same order, inputs unchanged."""
        N, H, W = images.shape
        row = np.arange(H, dtype=np.float32)[:, None] - np.float32((H - 1) / 2)  # (H, 1)
        col = np.arange(W, dtype=np.float32)[None, :] - np.float32((W - 1) / 2)  # (1, W)
        a, b, c, d = self._matrices(N, rng)
        down, right = rng.uniform(-self.shift, self.shift, (2, N, 1, 1)).astype(np.float32)
        rows = a * row + b * col + ((H - 1) / 2 - down)  # (N, H, W)
        cols = c * row + d * col + ((W - 1) / 2 - right)
        if self.elastic > 0:
            rows += self.elastic * _smooth_fields(images.shape, rng)
            cols += self.elastic * _smooth_fields(images.shape, rng)
        varied = sample(images, rows, cols)
        if self.thickness > 0:
            growth = rng.uniform(-self.thickness, self.thickness, (N, 1, 1)).astype(np.float32)
            return _grow(varied, growth)
        return varied

    def _matrices(self, N: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
        """(4, N, 1, 1): a b c d of (row, col) -> (a row + b col, c row + d col), from output to source."""
        angle = np.radians(rng.uniform(-self.rotation, self.rotation, N))
        shear = rng.uniform(-self.shear, self.shear, N)
        row_zoom, col_zoom = 1 / rng.uniform(1 - self.zoom, 1 + self.zoom, (2, N))
        cos, sin = np.cos(angle), np.sin(angle)
        # rotate, then shear columns by rows, then zoom
        a, b = cos * row_zoom, -sin * row_zoom
        c, d = (sin + shear * cos) * col_zoom, (cos - shear * sin) * col_zoom
        matrices: npt.NDArray[np.float32] = np.stack([a, b, c, d]).astype(np.float32)
        return matrices[..., None, None]


@dataclass(frozen=True)
class FlipAndShift:
    """For photographs, as CIFAR-10's: mirrored left to right at random, and shifted by whole pixels.

    He et al. (2016), section 4.2: what enters at the edges is 0.
    """

    ndim: ClassVar[int] = 4  # it takes (N, C, H, W)

    shift: int = 4  # px, along each axis, either way

    def __post_init__(self) -> None:
        if self.shift < 0:
            raise ConfigurationError(f"FlipAndShift: shift must be 0 or more, got {self.shift}.")

    def __call__(self, images: Images, *, rng: np.random.Generator) -> Images:
        """Variants of (N, C, H, W) images: same shape, same order, inputs unchanged."""
        N, _, H, W = images.shape
        s = self.shift
        padded = np.pad(images, ((0, 0), (0, 0), (s, s), (s, s)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (H, W), axis=(2, 3))
        down, right = rng.integers(0, 2 * s + 1, (2, N))
        shifted = windows[np.arange(N), :, down, right]
        mirrored = rng.random(N) < 0.5
        shifted[mirrored] = shifted[mirrored, ..., ::-1]
        return shifted


ELASTIC_SIGMA = 4.0  # px: Simard, Steinkraus and Platt (2003), section 2


def _smooth_fields(shape: tuple[int, ...], rng: np.random.Generator) -> Images:
    """(N, H, W) random fields of variance 1, smoothed with a Gaussian: Simard et al. (2003).

    The smoothing is a product with a matrix along each axis, which for all images of a batch at once
    costs less than a filter.
    """
    N, H, W = shape
    noise = rng.uniform(-math.sqrt(3), math.sqrt(3), (N, H, W)).astype(np.float32)
    fields = _gaussian(H) @ noise @ _gaussian(W).T
    return fields.astype(np.float32, copy=False)


@cache
def _gaussian(size: int) -> npt.NDArray[np.float32]:
    """(size, size); rows of norm 1 keep the variance of independent noise."""
    place = np.arange(size)
    kernel = np.exp(-0.5 * ((place[:, None] - place) / ELASTIC_SIGMA) ** 2)
    unit: npt.NDArray[np.float32] = (kernel / np.linalg.norm(kernel, axis=1, keepdims=True)).astype(
        np.float32
    )
    return unit


def _grow(images: Images, growth: npt.NDArray[Any]) -> Images:
    """Mix each image with the one whose lines are a pixel wider on each side, or narrower."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    neighbours = padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]
    wider: npt.NDArray[Any] = images
    narrower: npt.NDArray[Any] = images
    for neighbour in neighbours:
        wider, narrower = np.maximum(wider, neighbour), np.minimum(narrower, neighbour)
    grown: Images = images + np.abs(growth) * (np.where(growth > 0, wider, narrower) - images)
    return grown


def sample(images: Images, rows: Images, cols: Images) -> Images:
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
    rows = np.clip(rows, -2, H) + 2
    cols = np.clip(cols, -2, W) + 2
    top, left = rows.astype(np.int32), cols.astype(np.int32)  # towards 0 is down: none is negative
    np.minimum(top, H + 2, out=top)
    np.minimum(left, W + 2, out=left)
    down, right = rows - top, cols - left
    index = top * (W + 4) + left
    index += (np.arange(N, dtype=np.int32) * ((H + 4) * (W + 4)))[:, None, None]
    flat = padded.ravel()
    upper: Images = flat.take(index)
    upper += right * (flat.take(index + 1) - upper)
    index += W + 4
    lower = flat.take(index)
    lower += right * (flat.take(index + 1) - lower)
    lower -= upper
    lower *= down
    upper += lower
    return upper
