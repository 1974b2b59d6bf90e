"""The new network and the present one on every test set at hand, the same images for both."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.data.my_digits import read_samples_of
from app.data.sources import MY_DIGITS, NOT_DIGITS, SOURCES
from app.jobs.evaluating import BLOCK, joined
from app.jobs.finishing import facts_of
from app.jobs.records import Comparison, SetResult
from engine import Confidence, Dataset, Evaluation, evaluate
from engine.errors import DatasetError
from engine.learning.training_config import SamplesFacts
from engine.reading.evaluation import (
    Classifier,
    PairedTally,
    Rejections,
    Tally,
    TestFacts,
    measure_rejections,
)

COMPARED = ("mnist", "pendigits", "synthetic", NOT_DIGITS)  # the last two need no file
LEARNT = "my-digits-learnt"  # the person's own that were learnt; MY_DIGITS are those that were kept from it
EARLIER = "my-digits-earlier"  # all that the present network was trained with, to learn or to test

Measurements = Mapping[str, Evaluation | Rejections]  # by the name of each source


@dataclass(frozen=True)
class SetsAtHand:
    """What two networks are compared on: the test sets in a folder, and the digits that people taught.

    Parameters
    ----------
    folder : Path
    samples : SamplesFacts, optional
        What the new network has learnt of a person's digits.
    earlier : SamplesFacts, optional
        What the present one had learnt of them: these it must not forget.
    """

    folder: Path
    samples: SamplesFacts | None = None
    earlier: SamplesFacts | None = None

    @property
    def names(self) -> list[str]:
        """The sources of COMPARED whose test parts are in the folder, then the digits that were taught."""
        named = [name for name in COMPARED if SOURCES[name].has_test_part(self.folder)]
        if self.samples is not None:
            named += [MY_DIGITS, LEARNT]
        return named if self.earlier is None else [*named, EARLIER]

    def __iter__(self) -> Iterator[tuple[str, Dataset]]:
        """Their images, one source after the other: to read or to draw them takes a second or more each.

        Files that cannot be read are left out: a training is done by now, and must not be lost for them.
        """
        for name in self.names:
            with suppress(DatasetError, OSError):
                yield name, self._images(name)

    def _images(self, name: str) -> Dataset:
        if name == EARLIER and self.earlier is not None:
            return read_samples_of(self.earlier).rendered()
        if name in (MY_DIGITS, LEARNT) and self.samples is not None:
            return read_samples_of(self.samples, "train" if name == LEARNT else "test").rendered()
        return SOURCES[name].test_images(self.folder)


def measured_on(
    sets: Mapping[str, Dataset], network: Classifier, confidence: Confidence
) -> Generator[int, None, Measurements]:
    """Put all the sets to a network; yields after each block of images how many it held."""
    found: dict[str, Evaluation | Rejections] = {}
    for name, images in sets.items():
        blocks = [images.take(slice(start, start + BLOCK)) for start in range(0, len(images), BLOCK)]
        if name == NOT_DIGITS:
            rejections = []
            for block in blocks:
                rejections.append(measure_rejections(network, block.images, confidence=confidence))
                yield len(block)
            found[name] = _all_of(rejections)
        else:
            evaluations = []
            for block in blocks:
                evaluations.append(evaluate(network, block, confidence=confidence))
                yield len(block)
            found[name] = joined(evaluations)
    return found


def _all_of(blocks: list[Rejections]) -> Rejections:
    return Rejections(
        np.concatenate([block.probabilities for block in blocks]),
        np.concatenate([block.rejected for block in blocks]),
        blocks[0].can_tell,
    )


def facts_of_digits(measured: Measurements) -> TestFacts:
    """What a network folder tells of it; MNIST comes first wherever it is at hand."""
    return facts_of(
        {
            name: each
            for name, each in measured.items()
            if isinstance(each, Evaluation) and name not in (LEARNT, EARLIER)  # which are no test
        }
    )


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
