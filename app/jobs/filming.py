"""The film of a drawing as a GIF, as a job: to draw its pictures takes seconds."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np

from app.language import N_, speaking
from engine import SavedNetwork
from engine.errors import SavedNetworkError
from engine.explaining.film import FILM_FILE, Film
from engine.storage.saved_network import load_attachment

NO_FILM = N_("{folder} keeps no film of its training.")


def film_drawing(
    *, network: str, image: Sequence[Sequence[float]], path: str, language: str
) -> Generator[None, None, None]:
    """Save what a network read in a drawing after each kept step of its training, as a job.

    Parameters
    ----------
    network : str
        The folder of a network that keeps a film.
    image : (28, 28) nested lists
        What it is given of the drawing.
    path : str
        The GIF; a failure leaves an older one there as it was.
    language : str
        In which the GIF tells what was read; a job itself speaks English.

    Raises
    ------
    EngineError, OSError
        If the network cannot be read or keeps no film, or the picture cannot be written.
    """
    yield None
    saved = SavedNetwork.load(network).first
    content = load_attachment(Path(network), FILM_FILE)
    if content is None:
        raise SavedNetworkError(NO_FILM, folder=network)
    film = Film.from_bytes(content, saved.network)
    ink = np.array(image, np.float32)
    filmed = film.read(saved.network, saved.confidence, ink)
    from app.reports.inside_figures import save_film  # matplotlib takes a third of a second

    with speaking(language):
        save_film(film.steps, film.epochs, [filmed], Path(path))
