"""Augmentation: a batch of digits in, the same digits written a little differently out.

All of it is one backward mapping: for each output pixel, where in the source image to look. The
coordinates of a whole batch are computed at once and looked up with bilinear interpolation; there is
no loop over images.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError

Images = npt.NDArray[np.float32]  # (N, H, W), ink 1.0 on paper 0.0


@dataclass(frozen=True)
class Augmentation:
    """How far a digit may be moved and bent; each amount is drawn uniformly in ± its limit.

    Digits arrive framed, so shifts stand for the framing's own uncertainty and stay small.
    """

    shift: float = 1.5  # px, along each axis
    rotation: float = 12.0  # degrees
    zoom: float = 0.12  # of the size: 0.12 gives factors 0.88 to 1.12, for each axis on its own
    shear: float = 0.2  # px to the side per px of height, as slanted handwriting

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value >= 0):
                raise ConfigurationError(f"Augmentation: {name} must be 0 or more, got {value}.")
        if self.zoom >= 1:
            raise ConfigurationError(f"Augmentation: zoom must stay below 1, got {self.zoom}.")

    def __call__(self, images: Images, *, rng: np.random.Generator) -> Images:
        """Variants of (N, H, W) images: same shape, same order, inputs unchanged."""
        N, H, W = images.shape
        row = np.arange(H, dtype=np.float32)[:, None] - np.float32((H - 1) / 2)  # (H, 1)
        col = np.arange(W, dtype=np.float32)[None, :] - np.float32((W - 1) / 2)  # (1, W)
        a, b, c, d = self._matrices(N, rng)
        down, right = rng.uniform(-self.shift, self.shift, (2, N, 1, 1)).astype(np.float32)
        rows = a * row + b * col + ((H - 1) / 2 - down)  # (N, H, W)
        cols = c * row + d * col + ((W - 1) / 2 - right)
        return sample(images, rows, cols)

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
