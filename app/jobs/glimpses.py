"""Glimpses of a network while it learns, for a window that watches: what it is by now, and what it reads.

The weights lie in a file of the training's folder, each in the place of those before: who looks finds the
latest, and however long a training is watched, no more than one is kept.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from app.jobs.records import Glimpse
from app.store.trainings import GLIMPSE
from engine.errors import InferenceError, SavedNetworkError
from engine.explaining.film import Film
from engine.files.array_files import MOST_BYTES
from engine.files.bounded_files import read_bytes
from engine.files.whole_file import replacing
from engine.learning.snapshots import halves_of
from engine.learning.training import TrainingRun
from engine.machine.threads import computing
from engine.nn.network import Network
from engine.reading.evaluation import evaluate

EVERY = 1.0  # seconds between two of them
PATIENCE = 10  # times of what one takes: watching costs a tenth of the time at most
MOST = 500  # digits that are read for it


class Glimpses:
    """Those of one run, left in a folder."""

    def __init__(self, run: TrainingRun, folder: Path) -> None:
        self._run, self._folder = run, folder
        self._due = 0.0

    @property
    def are_due(self) -> bool:
        return time.monotonic() >= self._due

    def take(self) -> Glimpse | None:
        """Leave the weights as they are now; None where that failed, for the training matters more."""
        start, run = time.monotonic(), self._run
        validation = run.validation
        digits = np.flatnonzero(validation.labels >= 0)
        images = validation.take(digits[:: max(1, -(-len(digits) // MOST))])
        film = Film.of_run(
            np.array([run.step], np.int64), halves_of(run.kept)[None], steps_per_epoch=run.steps_per_epoch
        )
        glimpse = None
        with suppress(OSError, InferenceError):
            with computing():
                right = evaluate(run.kept, images).tally.right
            with replacing(self._folder / GLIMPSE) as part:
                part.write_bytes(film.to_bytes())
            glimpse = Glimpse(run.step, right, len(images))
        end = time.monotonic()
        self._due = end + max(EVERY, PATIENCE * (end - start))
        return glimpse


def glimpsed(glimpse: Glimpse, folder: Path, network: Network) -> bool:
    """Make a network of the run's architecture what was glimpsed.

    False where it is gone, damaged, or another one by now, which is told of soon.
    """
    try:
        film = Film.from_bytes(read_bytes(folder / GLIMPSE, MOST_BYTES), network)
    except (OSError, SavedNetworkError):
        return False
    if film.steps[0] != glimpse.step:
        return False
    film.show(0, network)
    return True
