"""Input scaling: what a network does to ink before its first layer. A saved network carries its own."""

from dataclasses import dataclass

import numpy as np

from engine.errors import ConfigurationError
from engine.nn.functional import Array

SMALLEST, LARGEST = 1e-3, 1e3  # ink lies in 0…1: what is beyond was not meant


@dataclass(frozen=True)
class InputScaling:
    """(ink - mean) / deviation, after ink below `threshold` was set to 0. The default changes nothing."""

    threshold: float = 0.0
    mean: float = 0.0
    deviation: float = 1.0

    def __post_init__(self) -> None:
        is_sane = abs(self.mean) <= LARGEST and SMALLEST <= self.deviation <= LARGEST
        if not (is_sane and 0 <= self.threshold <= 1):
            raise ConfigurationError(
                f"An input scaling needs finite numbers: a deviation above 0 ({SMALLEST:g} to {LARGEST:g}), "
                f"a threshold of 0 to 1 and a mean within ±{LARGEST:g}, got {self}."
            )

    def __call__(self, images: Array) -> Array:
        """Scaled images of the same shape and dtype; the input itself where nothing is to do."""
        if self == InputScaling():
            return images
        if self.threshold > 0:
            images = np.where(images < self.threshold, 0, images)
        scaled: Array = (images - images.dtype.type(self.mean)) / images.dtype.type(self.deviation)
        return scaled

    def backward(self, dy: Array, images: Array) -> Array:
        """The gradient with respect to the images: ink that was set to 0 has none."""
        if self == InputScaling():
            return dy
        dx: Array = dy / dy.dtype.type(self.deviation)
        return np.where(images < self.threshold, 0, dx) if self.threshold > 0 else dx
