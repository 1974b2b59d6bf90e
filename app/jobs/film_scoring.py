"""What a network read of test digits after each snapshot of its film, as a job: it takes seconds."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np

from app.data.sources import SOURCES
from app.jobs.records import FilmScores, Progress
from engine import SavedNetwork
from engine.datasets.dataset import as_ink
from engine.explaining.film import FILM_FILE, Film
from engine.machine.threads import one_blas_thread
from engine.storage.saved_network import load_attachment

TESTED_ON = ("mnist", "pendigits")  # digits that people wrote, the first of them that are at hand
COUNT = 1_000  # of them


def score_film(*, network: str, data: str) -> Generator[Progress | FilmScores, None, None]:
    """Read test digits by each snapshot, and by the network as it is; a job for app.jobs.

    It tells nothing where the network keeps no film, or where no test digits are at hand.

    Raises
    ------
    EngineError
        If the network, its film or the digits cannot be read.
    """
    yield Progress(0.0)
    saved = SavedNetwork.load(network).first
    content = load_attachment(Path(network), FILM_FILE)
    source = next((name for name in TESTED_ON if SOURCES[name].has_test_part(Path(data))), None)
    if content is None or source is None:
        return
    film = Film.from_bytes(content, saved.network)
    digits = SOURCES[source].test_images(Path(data))
    places = np.unique(np.linspace(0, len(digits) - 1, min(COUNT, len(digits))).astype(int))
    digits = digits.take(places)
    images = as_ink(digits.images)
    answers = []
    for logits in film.logits(saved.network, images):
        answers.append(logits.argmax(axis=1))
        yield Progress(len(answers) / (len(film) + 1))
    with one_blas_thread():
        answers.append(saved.network.logits(images).argmax(axis=1))
    shown = (255 * images + np.float32(0.5)).astype(np.uint8)
    yield FilmScores(source, shown, digits.labels.astype(np.uint8), np.stack(answers).astype(np.uint8))
