"""Random numbers of a run: each a function of the seed, of what it is for, and of the epoch or the step."""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What random numbers are for, a stream each: to change one choice leaves the others as they were."""

    SPLIT = 1
    WEIGHTS = 2
    ORDER = 3  # of an epoch
    AUGMENTATION = 4  # of a step
    LAYERS = 5  # of a step: dropout


def stream(seed: int, purpose: Purpose, count: int = 0, *, part: int | None = None) -> np.random.Generator:
    """The random numbers of an epoch or a step, or of one part of its batch."""
    key = () if part is None else (part,)
    return np.random.default_rng(np.random.SeedSequence((seed, purpose, count), spawn_key=key))
