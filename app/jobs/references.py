"""What taught drawings are measured against: digits from the data at hand, and drawings that are none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from app.jobs.prototypes import prototypes_at_hand
from engine import Network
from engine.datasets.dataset import Dataset
from engine.datasets.not_digits import TAUGHT, NotDigits
from engine.explaining.neighbours import Prototypes
from engine.reading.memory import Reference

NONE = 2_500  # drawings of no digit: with too few of them they are taken for what was taught
SEED = 30_000  # the same drawings every time


def reference_at_hand(
    network: Network, data: Path, *, seed: int = 0, digits: Prototypes | None = None
) -> Reference:
    """The reference of a network that reads framed digits, from the data folder, else from drawn digits.

    `digits` are those of `prototypes_at_hand`, where they are there already: to draw them takes seconds.
    """
    digits, none = digits or prototypes_at_hand(data), _none(seed)
    return Reference.build(
        network,
        np.concatenate([digits.images, none.images]),
        np.concatenate([digits.labels.astype(np.int64), none.labels]),
    )


@lru_cache(maxsize=1)
def _none(seed: int) -> Dataset:
    return NotDigits(NONE, TAUGHT).drawn(rng=np.random.default_rng(SEED + seed)).rendered()
