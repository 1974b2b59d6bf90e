"""Puts beside the networks that ship what explains them: an index of drawn digits, and a map of it.

    python -m scripts.explanations

Whoever ships another network runs this. The digits are drawn by the program: other people's are not ours to
ship, and where they are at hand, they take the place of these.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.jobs.prototypes import drawn_prototypes
from app.store.networks import SHIPPED
from engine import load_network
from engine.explaining.digit_map import MAP_FILE, DigitMap
from engine.explaining.neighbours import INDEX_FILE, DigitIndex
from engine.storage.saved_network import attach


def add_explanations(folder: Path) -> DigitMap:
    """Make both for the network of a folder, and save them with it."""
    network = load_network(folder)
    index = DigitIndex.build(network, drawn_prototypes())
    found = DigitMap.build(index)
    attach(network, folder, INDEX_FILE, index.to_bytes())
    attach(network, folder, MAP_FILE, found.to_bytes())
    return found


if __name__ == "__main__":
    for folder in (SHIPPED, SHIPPED / "lenet5"):
        told = f"{folder.name}: trustworthiness {add_explanations(folder).trustworthiness:.4f}"
        sys.stdout.write(f"{told}\n")
