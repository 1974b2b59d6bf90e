"""Puts beside the networks that ship what explains them: an index of drawn digits, a map of it, and a film.

    python -m scripts.explanations [FOLDER]…

Whoever ships another network runs this (on both that ship, if no folder is named). The digits are drawn by
the program: other people's are not ours to ship, and where they are at hand, they take the place of these.
The film is the one that the training kept, thinned to fewer pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.jobs.prototypes import drawn_prototypes
from app.store.networks import SHIPPED
from engine import load_network
from engine.explaining.digit_map import MAP_FILE, DigitMap
from engine.explaining.film import FILM_FILE, Film
from engine.explaining.neighbours import INDEX_FILE, DigitIndex
from engine.storage.saved_network import attach, load_attachment

# Of a film: 5.3 MB of the best network's, 2.8 of LeNet-5's. Deflated that would still be 92 % of it, and 53 %
# as differences with high and low bytes apart; but no array file is compressed here, so that none can grow.
PICTURES = 32


def add_explanations(folder: Path) -> DigitMap:
    """Make an index and its map for the network of a folder, and thin its film, if it has one."""
    network = load_network(folder)
    index = DigitIndex.build(network, drawn_prototypes())
    found = DigitMap.build(index)
    attach(network, folder, INDEX_FILE, index.to_bytes())
    attach(network, folder, MAP_FILE, found.to_bytes())
    if (content := load_attachment(folder, FILM_FILE)) is not None:
        film = Film.from_bytes(content, network)
        attach(network, folder, FILM_FILE, film.thinned(PICTURES).to_bytes())
    return found


if __name__ == "__main__":
    for folder in map(Path, sys.argv[1:] or (SHIPPED, SHIPPED / "lenet5")):
        told = f"{folder.name}: trustworthiness {add_explanations(folder).trustworthiness:.4f}"
        sys.stdout.write(f"{told}\n")
