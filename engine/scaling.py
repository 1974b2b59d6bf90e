"""Input scaling: what a network does to ink before its first layer. A saved network carries its own."""

import math
from dataclasses import dataclass

import numpy as np

from engine.errors import ConfigurationError
from engine.functional import Array


@dataclass(frozen=True)
class InputScaling:
    """(ink - mean) / deviation, after ink below `threshold` was set to 0. The default changes nothing."""

    threshold: float = 0.0
    mean: float = 0.0
    deviation: float = 1.0

    def __post_init__(self) -> None:
        values = self.threshold, self.mean, self.deviation
        if not all(math.isfinite(value) for value in values) or self.deviation <= 0 or self.threshold < 0:
            raise ConfigurationError(
                "An input scaling needs finite numbers, a deviation above 0 and a threshold of 0 or more, "
                f"got {self}."
            )

    def __call__(self, images: Array) -> Array:
        """Scaled images of the same shape and dtype; the input itself where nothing is to do."""
        if self == InputScaling():
            return images
        if self.threshold > 0:
            images = np.where(images < self.threshold, 0, images)
        scaled: Array = (images - images.dtype.type(self.mean)) / images.dtype.type(self.deviation)
        return scaled
