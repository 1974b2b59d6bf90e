"""Network > Retrain without a window: the choice, the training, and what becomes of the new network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.jobs.job import Job
from app.jobs.protocol import Record
from app.jobs.records import Begin, Comparing, End, Epoch, Step
from app.jobs.retraining import ARCHITECTURES, PRESETS, VARIATIONS, parameter_count, retrain
from app.messages import for_window
from app.page.source_presenter import ChosenSource
from app.store.networks import clean_name, delete_network, rename_network
from engine.reading.evaluation import TestFacts

FIRST_PRESET = "quick"
MOST_EPOCHS = 500


@dataclass(frozen=True)
class Details:
    """What the person has chosen, the epochs as they were typed."""

    architecture: str
    epochs: str
    variations: str


@dataclass(frozen=True)
class Result:
    """How the new network does beside the present one: rows of (network, right, wrong)."""

    verdict: str
    rows: tuple[tuple[str, str, str], ...]
    name: str
    is_better: bool  # or as good


class RetrainView(Protocol):
    def show_preset(self, preset: str) -> None:
        """Mark a preset, or none if it is empty."""

    def show_details(self, details: Details) -> None: ...
    def describe(self, architecture: str, variations: str) -> None: ...
    def enable_start(self, is_enabled: bool) -> None: ...
    def show_choice(self, error: str) -> None: ...
    def refuse_epochs(self, error: str) -> None: ...
    def show_training(self, summary: str, epochs: int) -> None: ...
    def show_steps(self, step: int, steps: int) -> None: ...
    def show_status(self, text: str) -> None: ...
    def show_pause(self, text: str, is_enabled: bool) -> None: ...
    def add_step(self, epoch: float, loss: float) -> None: ...
    def add_epoch(self, epoch: int, loss: float, accuracy: float) -> None: ...
    def show_result(self, result: Result) -> None: ...
    def watch(self, job: Job, *, on_record: Callable[[Record], None], on_end: Callable[[], None]) -> None: ...
    def ask(self, title: str, text: str, *, yes: str, no: str) -> bool: ...
    def leave(self) -> None:
        """The dialog is of no more use."""


class RetrainPresenter:
    """Three pages, one after the other: the choice, the training, the result.

    Parameters
    ----------
    sources : ChosenSource
    present : Path
        The folder of the network that reads now.
    place : Path
        Where the person's networks are kept.
    on_use : callable
        Called with the new network's folder, and whether it is to open at the next start.
    tell : callable
        Takes a sentence on what went wrong when the dialog is gone.
    """

    def __init__(
        self,
        view: RetrainView,
        sources: ChosenSource,
        *,
        present: Path,
        place: Path,
        on_use: Callable[[Path, bool], None],
        tell: Callable[[str], None],
        start_job: Callable[..., Job] = Job,
    ) -> None:
        self._view, self._sources = view, sources
        self._present, self._place = present, place
        self._on_use, self._tell = on_use, tell
        self._start_job = start_job
        self._job: Job | None = None
        self._begin = Begin(1, 1)
        self._end: End | None = None
        self._new: Path | None = None  # the new network, until it is decided on
        self._name = ""  # that the new network is given to begin with
        self._epochs = 0

    @property
    def is_busy(self) -> bool:
        """Whether a training would be lost."""
        return self._job is not None and self._job.is_running

    @property
    def is_paused(self) -> bool:
        return self._job is not None and self._job.state == "paused"

    # The choice

    def begin(self) -> None:
        self.choose_preset(FIRST_PRESET)
        self._view.show_choice("")
        self.look_at_source()

    def choose_preset(self, name: str) -> None:
        preset = PRESETS[name]
        details = Details(preset.architecture, str(preset.epochs), preset.variations)
        self._view.show_details(details)
        self.choose_details(details)

    def choose_details(self, details: Details) -> None:
        """Show the preset that the details make, or none."""
        made = (
            name
            for name, preset in PRESETS.items()
            if details == Details(preset.architecture, str(preset.epochs), preset.variations)
        )
        self._view.show_preset(next(made, ""))
        about, count = ARCHITECTURES[details.architecture], parameter_count(details.architecture)
        self._view.describe(f"{about} {count:,} parameters.", VARIATIONS[details.variations][0])

    def look_at_source(self) -> None:
        """Another source may have been chosen, or it may have come."""
        self._view.enable_start(self._sources.is_ready)

    # The training

    def start(self, details: Details) -> None:
        if not self._sources.is_ready or self._job is not None:  # Return works also where a button is grey
            return
        epochs = details.epochs.strip()
        if not (epochs.isdecimal() and 1 <= int(epochs) <= MOST_EPOCHS):
            self._view.refuse_epochs(f"Epochs must be a whole number from 1 to {MOST_EPOCHS}.")
            return
        source = self._sources.source
        self._epochs = int(epochs)
        self._name = f"{details.architecture}, {self._epochs} epochs"
        self._end = None
        self._job = self._start_job(
            retrain,
            source=source.dataset,
            folder=str(self._sources.folder),
            architecture=details.architecture,
            epochs=self._epochs,
            variations=details.variations,
            present=str(self._present.resolve()),
            place=str(self._place),
            name=self._name,
        )
        self._view.watch(self._job, on_record=self._on_record, on_end=self._on_end)
        plural = "s" if self._epochs > 1 else ""
        self._view.show_training(
            f"{details.architecture} · {self._epochs} epoch{plural} · {details.variations} variations · "
            f"{source.title}",
            self._epochs,
        )
        self._view.show_status("Reading the digits…")
        self._view.show_pause("Pause", True)

    def pause_or_resume(self) -> None:
        if self._job is None:
            return
        if self.is_paused:
            self._job.resume()
        else:
            self._job.pause()
        if self.is_paused:
            self._view.show_status("Paused.")
            self._view.show_pause("Resume", True)
        else:
            self._view.show_status("Going on…")
            self._view.show_pause("Pause", True)

    def _on_record(self, record: Record) -> None:
        match record:
            case Begin():
                self._begin = record
                self._view.show_steps(0, record.steps)
            case Step():
                self._view.show_steps(record.step, self._begin.steps)
                self._view.add_step(record.step / self._begin.steps_per_epoch, record.loss)
                if not self.is_paused:  # one that was on its way
                    left = time_left(record.seconds_left)
                    self._view.show_status(f"Epoch {record.epoch} of {self._epochs} · {left}")
            case Epoch():
                self._view.show_steps(record.step, self._begin.steps)
                self._view.add_epoch(record.epoch, record.validation_loss, record.validation_accuracy)
            case Comparing():
                self._view.show_status("Measuring the new network and the present one…")
                self._view.show_pause("Pause", False)
            case End():
                self._end = record
                self._new = Path(record.folder)

    def _on_end(self) -> None:
        assert self._job is not None
        job, self._job = self._job, None
        if self._end is not None:  # it is saved, whatever came after
            self._view.show_result(_result(self._end, self._name))
        elif job.state == "cancelled":
            self._show_choice("")
        else:
            self._show_choice(f"The training has ended early. {job.error}".strip())

    def _show_choice(self, error: str) -> None:
        self._view.show_choice(error)
        self.look_at_source()

    # The result

    def use(self, name: str, opens_at_start: bool) -> None:
        """Let the new network read."""
        assert self._new is not None
        new, problem = self._new, self._rename(name)
        self._new = None
        self._view.leave()
        self._on_use(new, opens_at_start)
        if problem:
            self._tell(problem)

    def discard(self) -> None:
        """Delete the new network, if the person is sure."""
        assert self._new is not None
        if self._view.ask(
            "Discard the new network?",
            "The new network would be deleted. Its training would have to be done again.",
            yes="Discard it",
            no="Keep it",
        ):
            delete_network(self._new, self._place)
            self._new = None
            self._view.leave()

    def close(self, name: str) -> None:
        """Leave, but ask first while it trains; a network that was not decided on is kept."""
        if not self.is_busy:
            self.keep(name)
            self._view.leave()
        elif (
            self._view.ask(
                "Stop the training?",
                "The network is still learning. What it has learnt so far would be lost.",
                yes="Stop training",
                no="Go on",
            )
            and self._job is not None
        ):  # it may have ended while the question stood there
            self._job.cancel()
            self._view.show_pause("Pause", False)

    def keep(self, name: str) -> None:
        """Keep a network that was not decided on, by the name that was typed."""
        problem = self._rename(name)
        self._new = None
        if problem:
            self._tell(problem)

    def _rename(self, typed: str) -> str:
        """Give the new network its name; a sentence if that fails."""
        name = clean_name(typed)
        if self._new is None or not name or not self._new.is_dir():  # it may have been deleted meanwhile
            return ""
        try:
            rename_network(self._new, name)
        except OSError as error:
            return f"The new network could not be named. {for_window(error)}"
        return ""


def time_left(seconds: float) -> str:
    """A time to wait, as roughly as it is known."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 60:
        return f"{10 * round(seconds / 10)} seconds left"
    minutes = round(seconds / 60)
    return f"{minutes} minute{'s' if minutes > 1 else ''} left"


def verdict(before: TestFacts | None, after: TestFacts) -> str:
    """The comparison in a sentence, with a word on what is chance."""
    if before is None:
        return f"It was measured on {after.count:,} test images that it has never seen."
    more = _wrong(after) - _wrong(before)
    low, high = before.interval
    if more == 0:
        text = "Both networks misread equally many of the test images."
    else:
        how = "more" if more > 0 else "fewer"
        text = f"The new network misreads {abs(more):,} test images {how} than the present one."
    if low <= after.accuracy <= high:
        text += " So small a difference may be chance."
    return text


def _result(end: End, name: str) -> Result:
    before, after = end.before, end.after
    gone = "–", "its folder is gone"
    return Result(
        verdict=verdict(before, after),
        rows=(
            ("Present network", *(gone if before is None else _told(before))),
            ("New network", *_told(after)),
        ),
        name=name,
        is_better=before is None or after.accuracy >= before.accuracy,
    )


def _wrong(facts: TestFacts) -> int:
    return round(float((1 - facts.accuracy) * facts.count))


def _told(facts: TestFacts) -> tuple[str, str]:
    return (
        f"{100 * facts.accuracy:.2f} % right",
        f"{_wrong(facts):,} of {facts.count:,} test images wrong",
    )
