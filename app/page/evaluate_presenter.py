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
from app.language import _, decimal, ngettext
from app.page.predicted import digit_tile
from app.page.source_presenter import ChosenSource
from app.page.tile import Tile
from app.reports.predictions import is_rejected, rejected_count
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
        self._view.show_measuring(
            _("{name} reads the test images of {source}…").format(name=self._name, source=_(source.title))
        )
        self._view.enable_start(False)

    def tile(self, index: int) -> Tile:
        images, evaluation = self._found
        return digit_tile(images, evaluation, index)

    def show_mistakes(self) -> None:
        _images, evaluation = self._found
        mistakes = evaluation.mistakes.tolist()
        self._view.show_images(mistakes, _mistakes(len(mistakes)))

    def show_cell(self, truth: int, prediction: int) -> None:
        """Show the images of one digit that were read as another, or as itself."""
        _images, evaluation = self._found
        indices = np.flatnonzero((evaluation.labels == truth) & (evaluation.predictions == prediction))
        self._view.show_images(indices.tolist(), _cell(len(indices), truth, prediction))

    def put_on_page(self, index: int) -> None:
        images, evaluation = self._found
        truth, prediction = int(images.labels[index]), int(evaluation.predictions[index])
        if is_rejected(evaluation, index):
            text = _(
                "Test image no. {number}: it is a {truth}, but {name} reads no digit ({prediction}, "
                "{percent} %)."
            )
        elif truth == prediction:
            text = _("Test image no. {number}: it is a {truth}, and {name} reads {prediction}.")
        else:
            text = _("Test image no. {number}: it is a {truth}, but {name} reads {prediction}.")
        self._on_choose(
            as_ink(images.images[index]),
            text.format(
                number=index,
                truth=truth,
                name=self._name,
                prediction=prediction,
                percent=decimal(100 * float(evaluation.confidences[index])),
            ),
        )

    @property
    def _found(self) -> tuple[Dataset, Evaluation]:
        assert self.images is not None
        assert self.evaluation is not None
        return self.images, self.evaluation

    def _wait(self, error: str = "") -> None:
        self._view.show_waiting(
            error or _("{name} is measured on test images that it has never seen.").format(name=self._name),
            is_error=bool(error),
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
    return Findings(_headline(evaluation), _note(evaluation), evaluation.confusion.tolist())


def _headline(evaluation: Evaluation) -> str:
    rejected = rejected_count(evaluation)
    text = (
        ngettext(
            "{percent} % are read right; {count} is called no digit",
            "{percent} % are read right; {count} are called no digit",
            rejected,
        )
        if rejected
        else _("{percent} % are read right")
    )
    return text.format(percent=_percent(evaluation.accuracy), count=decimal(rejected))


def _note(evaluation: Evaluation) -> str:
    low, high = evaluation.interval
    misread = len(evaluation.mistakes)
    recalls = [(score.recall, digit) for digit, score in enumerate(evaluation.classes)]
    recall, hardest = min((recall, digit) for recall, digit in recalls if recall is not None)
    counted = ngettext(
        "{count} of {total} test images is misread.", "{count} of {total} test images are misread.", misread
    ).format(count=decimal(misread), total=decimal(len(evaluation.labels)))
    interval = _("The true share of right answers lies between {low} % and {high} % (95 % interval).").format(
        low=_percent(low), high=_percent(high)
    )
    digit = _("The hardest digit is the {digit}, of which {percent} % are read.").format(
        digit=hardest, percent=_percent(recall)
    )
    confidence = _("The confidence of the network is off by {points} points on average.").format(
        points=_percent(evaluation.calibration_error)
    )
    return f"{counted} {interval}\n{digit} {confidence}"


def _mistakes(count: int) -> str:
    """What stands over all mistakes."""
    if count == 0:
        return _("There is no mistake")
    return ngettext("The only mistake", "All {count} mistakes, the surest first", count).format(
        count=decimal(count)
    )


def _cell(count: int, truth: int, prediction: int) -> str:
    """What stands over the images of a place of the confusion matrix."""
    if truth == prediction:
        text = ngettext(
            "{count} image of a {truth}, read right", "{count} images of a {truth}, read right", count
        )
    else:
        text = ngettext(
            "{count} image of a {truth}, read as {prediction}",
            "{count} images of a {truth}, read as {prediction}",
            count,
        )
    return text.format(count=decimal(count), truth=truth, prediction=prediction)


def _percent(share: float) -> str:
    return decimal(100 * share, 2)
