"""First values of weights: (shape, fan_in, fan_out, rng) -> float32 array.

`fan_in` is the number of inputs that one output sums, `fan_out` the number of outputs that one input
reaches: for a convolution in_channels * kh * kw and out_channels * kh * kw, never the image's area.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Initializer = Callable[[tuple[int, ...], int, int, np.random.Generator], npt.NDArray[np.float32]]


def fan_in_uniform(
    shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Uniform in ±2.4/fan_in: LeCun et al. (1998), section III-A, for tanh-like units."""
    return rng.uniform(-2.4 / fan_in, 2.4 / fan_in, shape).astype(np.float32)


def glorot(
    shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Uniform with variance 2/(fan_in + fan_out): Glorot and Bengio (2010), equation 16."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, shape).astype(np.float32)


def he(
    shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Normal with variance 2/fan_in: He et al. (2015), equation 10, for ReLU."""
    return rng.normal(0, np.sqrt(2 / fan_in), shape).astype(np.float32)
