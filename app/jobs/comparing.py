"""The new network and the present one on every test set at hand, the same images for both."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.data.sources import NOT_DIGITS, SOURCES
from app.jobs.finishing import facts_of
from app.jobs.records import Comparison, SetResult
from engine import Confidence, Dataset, Evaluation, Network, evaluate
from engine.errors import DatasetError
from engine.reading.evaluation import PairedTally, Rejections, Tally, TestFacts, measure_rejections

COMPARED = ("mnist", "pendigits", "synthetic", NOT_DIGITS)  # the last two need no file

Measurements = Mapping[str, Evaluation | Rejections]  # by the name of each source


def sets_at_hand(folder: Path) -> dict[str, Dataset]:
    """The test images of each source of COMPARED that is in the folder.

    Files that cannot be read are left out: a training is done by now, and must not be lost for them.
    """
    sets = {}
    for name in COMPARED:
        if SOURCES[name].is_in(folder):
            with suppress(DatasetError, OSError):
                sets[name] = SOURCES[name].test_images(folder)
    return sets


def measured_on(
    sets: Mapping[str, Dataset], network: Network, confidence: Confidence
) -> Generator[None, None, Measurements]:
    """Put all the sets to a network; it can be paused between two of them."""
    found: dict[str, Evaluation | Rejections] = {}
    for name, images in sets.items():
        found[name] = (
            measure_rejections(network, images.images, confidence=confidence)
            if name == NOT_DIGITS
            else evaluate(network, images, confidence=confidence)
        )
        yield
    return found


def facts_of_digits(measured: Measurements) -> TestFacts:
    """What a network folder tells of it; MNIST comes first wherever it is at hand."""
    return facts_of({name: each for name, each in measured.items() if isinstance(each, Evaluation)})


def compared(new: Measurements, present: Measurements | None) -> Comparison:
    """Set by set; `present` is None if that network is gone."""
    results = []
    for name, measured in new.items():
        right = _right(measured)
        pair = None if present is None else PairedTally.of(_right(present[name]), right)
        results.append(SetResult(name, Tally(int(right.sum()), len(right)), pair))
    return Comparison(tuple(results))


def _right(measured: Evaluation | Rejections) -> npt.NDArray[np.bool_]:
    return measured.rejected if isinstance(measured, Rejections) else measured.correct
