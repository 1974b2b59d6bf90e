"""Teaching: samples become a network's memory, and what that changes is measured before it is kept."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.jobs.comparing import Measurements, SetsAtHand, compared, measured_on
from app.jobs.kept_beside import reference
from app.jobs.prototypes import compares_digits
from engine import Confidence, Dataset, Network, SavedNetwork
from engine.datasets.dataset import Images
from engine.datasets.samples import Sample, as_dataset, merge, pictures, samples_of
from engine.errors import DatasetError, SavedNetworkError
from engine.nn.losses import NO_CLASS
from engine.reading.evaluation import Classifier, PairedTally, logits_of
from engine.reading.memory import Doubt, Memory, TaughtNetwork
from engine.storage.lessons import SAMPLES_FILE, Lessons
from engine.storage.saved_network import check_writable, load_files, save_files

SAMPLES = "samples"  # the name of the person's own among the measured sets
CHANCE = 0.05  # what is worse by as much more often than this by chance is not worse


@dataclass(frozen=True)
class DoubtfulLesson:
    """A sample, why it is doubtful, and the class that speaks against it."""

    sample: Sample
    doubt: Doubt
    other: int


@dataclass(frozen=True)
class Taught:
    """What teaching came to."""

    count: int  # samples in the memory, earlier ones included
    duplicates: int  # that were given more than once
    doubtful: tuple[DoubtfulLesson, ...]
    seconds: float  # without the measuring
    results: Mapping[str, PairedTally]  # by the name of each set, before and after

    @property
    def worse(self) -> list[str]:
        """The sets that are read worse now by more than chance; the person's samples are not asked."""
        return [
            name
            for name, pair in self.results.items()
            if name != SAMPLES and pair.difference < 0 and pair.p_value < CHANCE
        ]


class Teaching:
    """A network that is taught samples.

    Parameters
    ----------
    path : Path
        Of the network, which stays as it is; it may have been taught before.
    samples : sequence of Sample
    data : Path
        The folder of the data sets, for the reference and to measure on.
    keeps_doubtful : bool
        Take lessons that are doubtful, too; else they are left out.

    Raises
    ------
    SavedNetworkError, DatasetError
        If the network cannot be read or reads no digits, or nothing is left to teach.
    """

    def __init__(
        self, path: Path, samples: Sequence[Sample], *, data: Path, keeps_doubtful: bool, seed: int = 0
    ) -> None:
        self._files = load_files(path)
        self._saved = saved = SavedNetwork.load_one(path)
        self._data = data
        if not compares_digits(saved.network):
            raise SavedNetworkError(
                "{folder} holds a network that does not read drawn digits, which alone can be taught. "
                "Choose one for digits.",
                folder=path,
            )
        begin = time.perf_counter()
        memory = Memory(reference(saved.network, path, data, seed=seed))
        earlier = samples_of(self._files.get(SAMPLES_FILE, b""), path / SAMPLES_FILE).samples
        merged = merge([earlier, samples])
        self.memory, self._samples, doubtful = _taught(
            memory, saved.network, merged.samples, keeps_doubtful=keeps_doubtful
        )
        if not self._samples:
            raise DatasetError("None of the samples is left to be taught.")
        confidence = self.memory.confidence(saved.facts.confidence)
        self._now = TaughtNetwork(saved.network, self.memory, confidence)
        seconds = time.perf_counter() - begin
        self.taught = Taught(len(self._samples), merged.duplicates, tuple(doubtful), seconds, {})

    def measure(self) -> None:
        """Measure the network as it was and as it is: on the samples, and on each test set at hand.

        Of the samples each is read by what the others teach.
        """
        saved, own = self._saved, as_dataset(self._samples)
        before = answers(saved.classifier, saved.confidence, own.images)
        results = {SAMPLES: PairedTally.of(before == own.labels, self._left_out(own) == own.labels)}
        sets = dict(SetsAtHand(self._data))
        present, new = (
            _returned(measured_on(sets, network, confidence))
            for network, confidence in (
                (saved.classifier, saved.confidence),
                (self._now, self._now.confidence),
            )
        )
        for result in compared(new, present).sets:
            assert result.pair is not None  # both were measured
            results[result.source] = result.pair
        self.taught = replace(self.taught, results=results)

    def save(self, folder: Path, *, overwrite: bool) -> None:
        """Write the taught network: the parent's files, its reference, and the samples with their memory."""
        content = "".join(sample.to_line() for sample in self._samples).encode()
        lessons = Lessons(self.memory, content, len(self._samples))
        save_files(lessons.added_to(self._saved, self._files), folder, overwrite=overwrite)

    def _left_out(self, own: Dataset) -> npt.NDArray[np.int64]:
        """(N,) what each sample is read as by a memory of the others."""
        found = np.empty(len(own), np.int64)
        for number in range(len(own)):
            network = TaughtNetwork(self._saved.network, self.memory.without(number), self._now.confidence)
            (found[number],) = answers(network, network.confidence, own.images[[number]])
        return found


def answers(network: Classifier, confidence: Confidence, images: Images) -> npt.NDArray[np.int64]:
    """(N,) what images are read as: a digit, or NO_CLASS."""
    logits = logits_of(network, images)
    return np.where(confidence.accepts(logits), logits.argmax(axis=1), NO_CLASS)


def check_target(path: Path, folder: Path, *, overwrite: bool) -> None:
    """Whether `Teaching.save` may write there, to be asked first; SavedNetworkError says why not."""
    check_writable(folder, overwrite=overwrite)
    if folder.resolve() == path.resolve():
        raise SavedNetworkError("{folder} is the network to be taught. Choose another folder.", folder=folder)


def _taught(
    memory: Memory, network: Network, samples: Sequence[Sample], *, keeps_doubtful: bool
) -> tuple[Memory, list[Sample], list[DoubtfulLesson]]:
    """(the memory of what is taught, what that is, what is doubtful): each is judged by those before it."""
    taken, doubtful = [], []
    for sample, place in zip(samples, memory.placed(network, pictures(samples)), strict=True):
        verdict = memory.verdict(place, sample.label)
        if verdict is not None:
            doubtful.append(DoubtfulLesson(sample, verdict.doubt, verdict.other))
        if verdict is None or keeps_doubtful:
            taken.append(sample)
            memory = memory.added(place[None], np.array([sample.label]))
    return memory, taken, doubtful


def _returned(work: Generator[int, None, Measurements]) -> Measurements:
    """What a generator returns at its end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: Measurements = end.value
            return found
