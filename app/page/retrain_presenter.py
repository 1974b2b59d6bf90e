"""Network > Retrain without a window: the choice, the training, and what becomes of the new network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.data.sources import NOT_DIGITS, SOURCES
from app.jobs.job import Job
from app.jobs.protocol import Record
from app.jobs.records import Begin, Comparing, Comparison, End, Epoch, SetResult, Step
from app.jobs.retraining import ARCHITECTURES, PRESETS, VARIATIONS, parameter_count, retrain
from app.messages import counted, for_window
from app.page.source_presenter import ChosenSource
from app.store.networks import clean_name, delete_network, rename_network
from engine.reading.evaluation import PairedTally, Tally

FIRST_PRESET = "quick"
MOST_EPOCHS = 500
CHANCE = 0.05  # a difference that comes by chance more often than this is no difference


@dataclass(frozen=True)
class Details:
    """What the person has chosen, the epochs as they were typed."""

    architecture: str
    epochs: str
    variations: str


@dataclass(frozen=True)
class ResultRow:
    """One test set: what the present and the new network get right of it, and what to think of that."""

    name: str
    images: str
    present: str
    new: str
    difference: str


@dataclass(frozen=True)
class Result:
    """How the new network does beside the present one; `warnings` are why it should rather not be used."""

    verdict: str
    warnings: str
    rows: tuple[ResultRow, ...]
    name: str


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
        self._warnings = ""  # of it
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
        self._name = f"{details.architecture}, {counted(self._epochs, 'epoch')}"
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
        self._view.show_training(
            f"{details.architecture} · {counted(self._epochs, 'epoch')} · "
            f"{details.variations.replace('none', 'no')} variations · {source.title}",
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
            result = _result(self._end, self._name)
            self._warnings = result.warnings
            self._view.show_result(result)
        elif job.state == "cancelled":
            self._show_choice("")
        else:
            self._show_choice(f"The training has ended early. {job.error}".strip())

    def _show_choice(self, error: str) -> None:
        self._view.show_choice(error)
        self.look_at_source()

    # The result

    def use(self, name: str, opens_at_start: bool) -> None:
        """Let the new network read; where it is worse, only if the person is sure."""
        assert self._new is not None
        if self._warnings and not self._view.ask(
            "Use a worse network?", self._warnings, yes="Use it", no="Not now"
        ):
            return
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
    return f"{counted(minutes, 'minute')} left"


def verdict(comparison: Comparison) -> str:
    """The worst difference in a sentence, with a word on what is chance."""
    pairs = _pairs(comparison)
    if not pairs:
        return "The present network's folder is gone, so the new one stands alone."
    source, pair = min(pairs.items(), key=lambda item: (not _is_worse(item[1]), item[1].difference))
    if pair.difference >= 0:
        return "The new network does no worse than the present one on any test set."
    does = "calls no digit" if source == NOT_DIGITS else "reads right"
    text = (
        f"The new network does worst on {SOURCES[source].title}: of {pair.count:,} it {does} "
        f"{_percent(pair.second)}, the present one {_percent(pair.first)}."
    )
    return text if _is_worse(pair) else f"{text} So small a difference may be chance."


def warnings(comparison: Comparison) -> str:
    """What is to be known before the new network is used; empty if there is nothing."""
    pairs = _pairs(comparison)
    rejections = pairs.get(NOT_DIGITS)
    sentences = []
    has_lost_rejection = rejections is not None and rejections.second.right == 0 < rejections.first.right
    worse = [
        SOURCES[source].title
        for source, pair in pairs.items()
        if _is_worse(pair) and not (source == NOT_DIGITS and has_lost_rejection)
    ]
    if worse:
        *others, last = worse
        on = f"{', '.join(others)} and {last}" if others else last
        sentences.append(f"It does worse on {on}, by more than chance.")
    if has_lost_rejection:
        sentences.append(
            "It cannot tell what is not a digit, as the present one can: it reads a star or a scribble as "
            "some digit."
        )
    return " ".join(sentences)


def _pairs(comparison: Comparison) -> dict[str, PairedTally]:
    """By source; none if the present network is gone."""
    return {each.source: each.pair for each in comparison.sets if each.pair is not None}


def _is_worse(pair: PairedTally) -> bool:
    return pair.difference < 0 and pair.p_value < CHANCE


def _result(end: End, name: str) -> Result:
    return Result(
        verdict=verdict(end.comparison),
        warnings=warnings(end.comparison),
        rows=tuple(map(_row, end.comparison.sets)),
        name=name,
    )


def _row(result: SetResult) -> ResultRow:
    title, pair = SOURCES[result.source].title, result.pair
    return ResultRow(
        name=title[:1].upper() + title[1:],
        images=f"{result.new.count:,}",
        present="–" if pair is None else _percent(pair.first),
        new=_percent(result.new),
        difference="" if pair is None else _difference(pair),
    )


def _difference(pair: PairedTally) -> str:
    """As in: −0.35 points, may be chance."""
    if pair.difference == 0:
        return "none"
    sign = "−" if pair.difference < 0 else "+"
    points = f"{sign}{100 * abs(pair.difference):.2f} points"
    return points if pair.p_value < CHANCE else f"{points}, may be chance"


def _percent(tally: Tally) -> str:
    return f"{100 * tally.accuracy:.2f} %"
