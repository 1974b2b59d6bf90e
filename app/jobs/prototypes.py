"""The digits that drawings are compared with: from the data at hand, else from what the program draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.data.sources import SOURCES
from engine import Dataset, Network
from engine.explaining.neighbours import Prototypes
from engine.ink.preprocessing import FRAME

WRITTEN = ("mnist", "pendigits")  # by people
DRAWN = "synthetic"
OF_A_DIGIT = 300  # of all sources together: 3,000 prototypes are 2.5 MB
SEED = 20_000  # the same digits every time
CLASSES = 10


def prototypes_at_hand(folder: Path) -> Prototypes:
    """OF_A_DIGIT training digits of each class, as many from each source that is in the data folder."""
    return _prototypes(sources_at_hand(folder), folder)


def drawn_prototypes() -> Prototypes:
    """The same of what the program draws, whatever is at hand."""
    return _prototypes((DRAWN,), Path())


def _prototypes(names: tuple[str, ...], folder: Path) -> Prototypes:
    each = OF_A_DIGIT // len(names)
    parts = [_chosen(name, folder, each) for name in names]
    return Prototypes(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]).astype(np.uint8),
        np.repeat(np.arange(len(parts), dtype=np.uint8), [len(part) for part in parts]),
        names,
    )


def sources_at_hand(folder: Path) -> tuple[str, ...]:
    """What is in the data folder of what people wrote, else what the program draws."""
    return tuple(name for name in WRITTEN if SOURCES[name].is_in(folder)) or (DRAWN,)


def drawn_at_hand(folder: Path) -> int:
    """How many of `prototypes_at_hand` have to be drawn."""
    return OF_A_DIGIT * CLASSES if sources_at_hand(folder) == (DRAWN,) else 0


def compares_digits(network: Network) -> bool:
    """Whether the network reads framed digits, which alone can be compared with these."""
    return network.input_shape == (1, FRAME, FRAME) and network.classes == CLASSES


def _chosen(name: str, folder: Path, each: int) -> Dataset:
    """At most `each` random digits of every class of a source's training part."""
    rng = np.random.default_rng(SEED)
    part = SOURCES[name].train_part(folder, each * CLASSES)
    if not isinstance(part, Dataset):
        part = part.drawn(rng=rng)
    order = rng.permutation(len(part))
    labels = part.labels[order]
    chosen = np.concatenate([order[labels == digit][:each] for digit in range(CLASSES)])
    return part.take(chosen) if isinstance(part, Dataset) else part.take(chosen).rendered()
