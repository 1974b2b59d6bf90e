"""Network > Evaluate without a window: when it is measured, and what the measurement says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from app.jobs.evaluating import measure, measured_from
from app.jobs.job import Job
from app.jobs.protocol import Record
from app.jobs.records import Measured, Progress
from app.messages import counted
from app.page.predicted import digit_tile
from app.page.source_presenter import ChosenSource
from app.page.tile import Tile
from app.reports.predictions import NO_DIGIT, is_rejected, prediction_in_words, rejected_count
from engine import Dataset, Evaluation
from engine.datasets.dataset import as_ink
from engine.ink.rasterize import Ink


@dataclass(frozen=True)
class Findings:
    """What is shown of a measurement; the counts are rows of true digits, columns of predictions."""

    headline: str
    note: str
    counts: Sequence[Sequence[int]]


class EvaluateView(Protocol):
    def show_waiting(self, text: str, *, is_error: bool) -> None:
        """Offer to choose a source, and to begin."""

    def enable_start(self, is_enabled: bool) -> None: ...
    def show_measuring(self, text: str) -> None: ...
    def show_progress(self, share: float) -> None: ...
    def show_findings(self, findings: Findings) -> None: ...
    def show_images(self, indices: Sequence[int], title: str) -> None:
        """Show these test images, each as its tile."""

    def watch(self, job: Job, *, on_record: Callable[[Record], None], on_end: Callable[[], None]) -> None: ...


class EvaluatePresenter:
    """Measures at once where the test images are at hand, and offers to fetch them where they are not.

    Other test images can be chosen at any time, also while it measures.

    Parameters
    ----------
    sources : ChosenSource
    network : Path
        The folder of the network to measure.
    name : str
        What the person calls it.
    on_choose : callable
        Takes the ink of a test image that was clicked, and a sentence on it.
    """

    def __init__(
        self,
        view: EvaluateView,
        sources: ChosenSource,
        *,
        network: Path,
        name: str,
        on_choose: Callable[[Ink, str], None],
        start_job: Callable[..., Job] = Job,
    ) -> None:
        self._view, self._sources = view, sources
        self._network, self._name = network, name
        self._on_choose = on_choose
        self._start_job = start_job
        self._job: Job | None = None
        self._record: Measured | None = None
        self.images: Dataset | None = None
        self.evaluation: Evaluation | None = None

    @property
    def is_measuring(self) -> bool:
        return self._job is not None

    def begin(self) -> None:
        self._wait()
        self.start()

    def look_at_source(self) -> None:
        """Another source may have been chosen, or it may have come: it is measured at once."""
        if self._job is not None:
            self._job.cancel()
            self._job = self._record = None
        self.begin()

    def start(self) -> None:
        if not self._sources.is_ready or self._job is not None:  # Return works also where a button is grey
            return
        source = self._sources.source
        job = self._job = self._start_job(
            measure,
            network=str(self._network.resolve()),
            source=source.dataset,
            folder=str(self._sources.folder),
        )
        self._view.watch(
            job,
            on_record=lambda record: self._on_record(job, record),
            on_end=lambda: self._on_end(job),
        )
        self._view.show_measuring(f"{self._name} reads the test images of {source.title}…")
        self._view.enable_start(False)

    def tile(self, index: int) -> Tile:
        images, evaluation = self._found
        return digit_tile(images, evaluation, index)

    def show_mistakes(self) -> None:
        _, evaluation = self._found
        mistakes = evaluation.mistakes.tolist()
        match len(mistakes):
            case 0:
                title = "There is no mistake"
            case 1:
                title = "The only mistake"
            case count:
                title = f"All {count:,} mistakes, the surest first"
        self._view.show_images(mistakes, title)

    def show_cell(self, truth: int, prediction: int) -> None:
        """Show the images of one digit that were read as another, or as itself."""
        _, evaluation = self._found
        indices = np.flatnonzero((evaluation.labels == truth) & (evaluation.predictions == prediction))
        how = "right" if truth == prediction else f"as {prediction}"
        self._view.show_images(indices.tolist(), f"{counted(len(indices), 'image')} of a {truth}, read {how}")

    def put_on_page(self, index: int) -> None:
        images, evaluation = self._found
        truth, prediction = int(images.labels[index]), int(evaluation.predictions[index])
        rejected = is_rejected(evaluation, index)
        link = "and" if truth == prediction and not rejected else "but"
        read = prediction_in_words(evaluation, index) if rejected else str(prediction)
        self._on_choose(
            as_ink(images.images[index]),
            f"Test image no. {index}: it is a {truth}, {link} {self._name} reads {read}.",
        )

    @property
    def _found(self) -> tuple[Dataset, Evaluation]:
        assert self.images is not None
        assert self.evaluation is not None
        return self.images, self.evaluation

    def _wait(self, error: str = "") -> None:
        self._view.show_waiting(
            error or f"{self._name} is measured on test images that it has never seen.", is_error=bool(error)
        )
        self._view.enable_start(self._sources.is_ready)

    def _on_record(self, job: Job, record: Record) -> None:
        if job is not self._job:  # another source was chosen meanwhile
            return
        match record:
            case Progress():
                self._view.show_progress(record.share)
            case Measured():
                self._record = record

    def _on_end(self, job: Job) -> None:
        if job is not self._job:
            return
        self._job = None
        record, self._record = self._record, None  # millions of numbers
        if job.state == "done" and record is not None:
            self.images, self.evaluation = measured_from(record)
            self._view.show_findings(findings(self.evaluation))
            self.show_mistakes()
        else:
            self._wait(job.error)


def findings(evaluation: Evaluation) -> Findings:
    """A measurement in two texts and a table."""
    low, high = (100 * share for share in evaluation.interval)
    misread, rejected = len(evaluation.mistakes), rejected_count(evaluation)
    called = f"; {rejected:,} {'is' if rejected == 1 else 'are'} called {NO_DIGIT}" if rejected else ""
    return Findings(
        headline=f"{100 * evaluation.accuracy:.2f} % are read right{called}",
        note=f"{misread:,} of {len(evaluation.labels):,} test images "
        f"{'is' if misread == 1 else 'are'} misread. "
        f"The true share of right answers lies between {low:.2f} % and {high:.2f} % (95 % interval).\n"
        f"The hardest digit is the {_hardest(evaluation)}. The confidence of the network is off by "
        f"{100 * evaluation.calibration_error:.2f} points on average.",
        counts=evaluation.confusion.tolist(),
    )


def _hardest(evaluation: Evaluation) -> str:
    """As in: 9, of which 98.91 % are read."""
    shown = [(score.recall, digit) for digit, score in enumerate(evaluation.classes)]
    recall, digit = min((recall, digit) for recall, digit in shown if recall is not None)
    return f"{digit}, of which {100 * recall:.2f} % are read"
