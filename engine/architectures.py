"""Every network that this engine can build, by name, each with its source."""

from collections.abc import Callable

import numpy as np

from engine.errors import ConfigurationError
from engine.layers import Conv2D, Dense, Flatten, MaxPool2D, ReLU
from engine.network import Network


def lenet5(*, rng: np.random.Generator) -> Network:
    """LeNet-5 as most people build it today: 28x28 input, ReLU, max-pooling, 44,426 parameters.

    Layers and sizes are those of LeCun et al. (1998), section II-B, on an image of 28x28 where the paper
    pads to 32x32: C5 then sees 4x4 maps. C3 reads all six maps of S2, and the output is linear.
    Pooling stands before ReLU: the two commute, and a quarter of the numbers is left to rectify.
    """
    return Network(
        [
            ("c1", Conv2D(1, 6, 5, rng=rng)),  # 6x24x24
            ("s2", MaxPool2D(2)),  # 6x12x12
            ("relu2", ReLU()),
            ("c3", Conv2D(6, 16, 5, rng=rng)),  # 16x8x8
            ("s4", MaxPool2D(2)),  # 16x4x4
            ("relu4", ReLU()),
            ("flatten", Flatten()),
            ("c5", Dense(256, 120, rng=rng)),
            ("relu5", ReLU()),
            ("f6", Dense(120, 84, rng=rng)),
            ("relu6", ReLU()),
            ("output", Dense(84, 10, rng=rng)),
        ],
        input_shape=(1, 28, 28),
        architecture="lenet5",
    )


ARCHITECTURES: dict[str, Callable[..., Network]] = {"lenet5": lenet5}


def build_network(name: str = "lenet5", *, rng: np.random.Generator) -> Network:
    """A network of this name with fresh random weights; ConfigurationError for an unknown name."""
    if name not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise ConfigurationError(f"There is no architecture {name!r}. Choose one of: {known}.")
    return ARCHITECTURES[name](rng=rng)
