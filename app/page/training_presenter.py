"""A training from its start to what becomes of the new network, for whatever shows it; without a window.

The presenter lives as long as the window. The dialog that shows a training may be closed and opened again
meanwhile; the strip at the foot of the window shows it all the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np

from app.jobs.glimpses import glimpsed
from app.jobs.job import Job
from app.jobs.protocol import Record
from app.jobs.records import Begin, End, Epoch, Glimpse, Measuring, Preparing, Step
from app.jobs.retraining import retrain
from app.language import _, decimal, ngettext, pgettext
from app.messages import for_window
from app.page.digit_sources import MY_SOURCES, TRAINING_SOURCES
from app.page.half_trained import HalfTrained
from app.page.strip import Strip, StripButton
from app.page.training_result import Result, result_of
from app.store.networks import clean_name, delete_network, name_of, rename_network
from app.store.trainings import (
    InterruptedTraining,
    TrainingPlan,
    discard_training,
    find_interrupted,
    new_training,
)
from engine import Network, build_network
from engine.errors import EngineError


@dataclass(frozen=True)
class Training:
    """All there is to show of a training that is under way."""

    name: str
    summary: str
    epochs: int
    history: tuple[Epoch, ...] = ()
    share: float = 0.0  # of the learning that is done; of the measuring, when that has begun
    has_begun: bool = False  # to learn: before, digits are read and drawn, nobody knows how many are left
    status: str = ""
    is_paused: bool = False
    can_be_paused: bool = True
    can_be_finished: bool = False
    can_be_stopped: bool = True
    is_learning: bool = False  # steps are taken: it can be watched
    half: HalfTrained | None = None  # as it is by now, while it is watched

    @property
    def is_running_unmeasured(self) -> bool:
        """Whether something is done of which no share can be told."""
        return not self.has_begun and not self.is_paused


class TrainingDesk(Protocol):
    """The window, as far as a training needs it."""

    def show_strip(self, strip: Strip | None) -> None: ...
    def open_page(self) -> None:
        """Open the dialog, or bring it to the front."""

    def say(self, text: str) -> None:
        """Tell what was done."""

    def watch(
        self,
        job: Job,
        *,
        on_record: Callable[[Record], None],
        on_end: Callable[[], None],
        on_look: Callable[[], None],
    ) -> None: ...
    def ask(self, title: str, text: str, *, yes: str, no: str) -> bool: ...


class TrainingPage(Protocol):
    """The dialog, while there is one."""

    def show_choice(self, error: str) -> None: ...
    def show_training(self, training: Training) -> None: ...
    def show_result(self, result: Result) -> None: ...
    def leave(self) -> None:
        """The dialog is of no more use."""


class TrainingPresenter:
    """One training at a time, or the offer to go on with one that was interrupted.

    Parameters
    ----------
    present : callable
        The folder of the network that reads now.
    place : Path
        Where the person's networks are kept.
    on_use : callable
        Called with the new network's folder, and whether it is to open at the next start.
    tell : callable
        Takes a sentence on what went wrong.
    author : callable
        Who draws now, as `user_folders.who_draws` names them.
    on_half : callable
        Takes the network while it learns, when it is to read the page; None when it is to read no longer.
    on_watch : callable
        Called with whether there is something to watch, and whether it is watched.
    clock : callable
        Seconds, from any time on.
    """

    def __init__(
        self,
        desk: TrainingDesk,
        *,
        present: Callable[[], Path],
        place: Path,
        on_use: Callable[[Path, bool], None],
        tell: Callable[[str], None],
        author: Callable[[], str] = lambda: "",
        on_half: Callable[[HalfTrained | None], None] = lambda half: None,
        on_watch: Callable[[bool, bool], None] = lambda can_be, is_on: None,
        start_job: Callable[..., Job] = Job,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._present, self._place = present, place
        self._on_use, self._tell, self._author = on_use, tell, author
        self._on_half, self._on_watch = on_half, on_watch
        self._is_watched = False
        self._blank: Network | None = None  # of the architecture that is trained
        self._start_job = start_job
        self._clock = clock
        self._last: Preparing | Step | Measuring | None = None  # that told the time that is left
        self._heard = self._told = 0.0  # when it came, and when that time was shown
        self._page: TrainingPage | None = None
        self._job: Job | None = None
        self._plan: TrainingPlan | None = None  # of the training, and of its result
        self._checkpoint = place
        self._is_unwanted = False  # the person has stopped it
        self._begin = Begin(1, 1, 0)
        self._end: End | None = None
        self._training: Training | None = None
        self._result: Result | None = None
        self._new: Path | None = None  # the new network, until it is decided on
        self._offer: InterruptedTraining | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a network is learning, or being measured."""
        return self._job is not None and self._job.is_running

    # The page

    def attach(self, page: TrainingPage) -> None:
        """Show on this page how things stand, and what happens from now on."""
        self._page = page
        if self._training is None:
            page.show_choice("")
        else:
            page.show_training(self._training)
            if self._result is not None:
                page.show_result(self._result)

    def detach(self) -> None:
        """The page is gone; the training goes on."""
        self._page = None

    # The training

    def start(self, plan: TrainingPlan) -> None:
        """Begin one, unless there is one already."""
        self._run(plan, new_training(self._place))

    def _run(self, plan: TrainingPlan, checkpoint: Path) -> None:
        if self._training is not None:
            return
        self._plan, self._checkpoint = plan, checkpoint
        self._end, self._is_unwanted, self._offer, self._last = None, False, None, None
        self._training = Training(plan.name, summary(plan), plan.epochs, status=_("Reading the digits…"))
        self._job = self._start_job(
            retrain,
            **asdict(plan),
            present=str(self._present().resolve()),
            place=str(self._place),
            checkpoint=str(checkpoint),
            author=self._author(),
        )
        self._desk.watch(self._job, on_record=self._on_record, on_end=self._on_end, on_look=self._count_down)
        self._show()

    def pause_or_resume(self) -> None:
        if self._job is None or self._training is None or not self._training.can_be_paused:
            return
        if self._job.state == "paused":
            self._job.resume()
        else:
            self._job.pause()
        is_paused = self._job.state == "paused"
        self._change(is_paused=is_paused, status=_("Paused.") if is_paused else _("Going on…"))

    def watch(self, is_on: bool) -> None:
        """Have the network read the page while it learns, or no longer."""
        if self._job is None or self._training is None or is_on == self._is_watched:
            return
        if is_on and not self._training.is_learning:
            return
        self._is_watched = is_on
        self._job.watch(is_on)
        self._change(half=None)
        if not is_on:
            self._on_half(None)

    def finish(self) -> None:
        """End it after the step, and keep what it has learnt so far."""
        if self._job is not None and self._training is not None and self._training.can_be_finished:
            self._job.finish()
            self.watch(False)
            self._change(
                is_learning=False,
                is_paused=False,
                can_be_paused=False,
                can_be_finished=False,
                status=_("Ending after this step…"),
            )

    def stop(self) -> None:
        """End it, and throw away what it has learnt, if the person is sure."""
        if not self.is_busy:
            return
        if (
            self._desk.ask(
                _("Stop the training?"),
                _(
                    "What the network has learnt so far would be lost. “Finish now and keep” ends the "
                    "training, too, and keeps it."
                ),
                yes=_("Stop training"),
                no=_("Go on"),
            )
            and self._job is not None
        ):  # it may have ended while the question stood there
            self._is_unwanted = True
            self.watch(False)
            self._job.cancel()
            self._change(
                can_be_paused=False,
                can_be_finished=False,
                can_be_stopped=False,
                is_learning=False,
                status=_("Stopping…"),
            )

    def may_quit(self) -> bool:
        """Whether the window may close; the person is asked while a network is learning."""
        return not self.is_busy or self._desk.ask(
            _("Quit?"),
            _("A network is still learning. At the next start you can go on with it where it is now."),
            yes=_("Quit"),
            no=pgettext("do not quit", "Go on"),
        )

    def _on_record(self, record: Record) -> None:
        if isinstance(record, Measuring) and isinstance(self._last, Measuring) and self._training is not None:
            record = replace(record, share=max(record.share, self._training.share))  # counted on meanwhile
        if isinstance(record, Preparing | Step | Measuring):
            self._last, self._heard = record, self._clock()
        self._show_record(record)

    def _count_down(self) -> None:
        """Nothing may come for long, while digits are drawn: time goes on all the same."""
        now, last = self._clock(), self._last
        if self._training is None or last is None:
            return
        if self._training.is_paused:
            self._heard = now
        elif now - max(self._heard, self._told) >= 1:
            self._told = now
            passed = now - self._heard
            left = max(0.0, last.seconds_left - passed)
            if isinstance(last, Preparing) and 0 < last.seconds < passed:
                # it takes longer than was thought, and so will what comes after it
                left = (last.seconds_left - last.seconds) * passed / last.seconds
            if isinstance(last, Measuring) and last.seconds_left:
                rest = (1 - last.share) * left / last.seconds_left
                last = replace(last, share=1 - rest)
            self._show_record(replace(last, seconds_left=left))

    def _show_record(self, record: Record) -> None:
        assert self._training is not None
        training = self._training
        match record:
            case Begin():
                self._begin = record
                self._change(share=record.step / record.steps)
            case Preparing():
                self._change(
                    status=training.status
                    if training.is_paused or not training.can_be_stopped
                    else _("Reading the digits · {time_left}").format(
                        time_left=time_left(record.seconds_left)
                    )
                )
            case Step():
                self._change(
                    has_begun=True,
                    is_learning=training.can_be_paused and training.can_be_stopped,
                    share=max(training.share, record.step / self._begin.steps),
                    can_be_finished=training.can_be_paused,  # else it was told to finish already
                    # it may have been on its way when something else was to be said
                    status=training.status
                    if training.is_paused or not training.can_be_paused
                    else _learning(training, record),
                )
            case Epoch():
                self._change(
                    has_begun=True,
                    share=record.step / self._begin.steps,
                    history=(*training.history, record),
                    can_be_finished=training.can_be_paused,
                )
            case Glimpse():
                self._look(record)
            case Measuring():
                if self._is_watched:
                    self.watch(False)
                    self._desk.say(_("The training is over, and the network that is open reads again."))
                self._change(
                    has_begun=True,
                    is_learning=False,
                    share=record.share,
                    can_be_paused=training.can_be_stopped,
                    can_be_finished=False,
                    status=training.status
                    if training.is_paused or not training.can_be_stopped
                    else _("Measuring the new network and the present one · {time_left}").format(
                        time_left=time_left(record.seconds_left)
                    ),
                )
            case End():
                self._end = record

    def _look(self, glimpse: Glimpse) -> None:
        """Let the network read as it is by now, unless that was glimpsed when it was still watched."""
        assert self._plan is not None
        if not self._is_watched:
            return
        if self._blank is None or self._blank.architecture != self._plan.architecture:
            self._blank = build_network(self._plan.architecture, rng=np.random.default_rng(0))
        network = deepcopy(self._blank)  # another one each time, for what it was is told by which it is
        if glimpsed(glimpse, self._checkpoint, network):
            half = HalfTrained(network, glimpse.step, glimpse.right, glimpse.count)
            self._change(half=half)
            self._on_half(half)

    def _on_end(self) -> None:
        assert self._job is not None
        self.watch(False)
        assert self._plan is not None
        job, self._job = self._job, None
        if self._end is not None:  # it is saved, whatever came after
            self._new = Path(self._end.folder)  # what was learnt stays beside it
            self._result = result_of(self._end.comparison, self._plan.name, goes_on=bool(self._plan.start))
            if self._page is not None:
                self._page.show_result(self._result)
            self._show_strip()
            return
        self._training = None
        error = ""
        if self._is_unwanted:
            with suppress(EngineError, OSError):  # it stays, and is offered
                discard_training(self._checkpoint)
        elif job.state == "failed":
            error = _("The training has ended early. {problem}").format(problem=job.error).strip()
        if self._page is not None:
            self._page.show_choice(error)
        elif error:
            self._tell(error)
        self.look_for_interrupted()

    # The result

    def use(self, name: str, opens_at_start: bool) -> None:
        """Let the new network read; where it is worse, only if the person is sure."""
        assert self._new is not None
        assert self._result is not None
        if self._result.warnings and not self._desk.ask(
            _("Use a worse network?"), self._result.warnings, yes=_("Use it"), no=_("Not now")
        ):
            return
        new = self._new
        problem = self._rename(name)
        self._leave()
        self._on_use(new, opens_at_start)
        if problem:
            self._tell(problem)

    def discard(self) -> None:
        """Delete the new network, if the person is sure."""
        assert self._new is not None
        if self._desk.ask(
            _("Discard the new network?"),
            _("The new network would be deleted. Its training would have to be done again."),
            yes=_("Discard it"),
            no=_("Keep it"),
        ):
            delete_network(self._new, self._place)
            self._leave()

    def leave(self, name: str) -> None:
        """Close the result: the network is kept by that name, or deleted where it is not to be kept."""
        if self._result is None or self._new is None or self._result.is_kept:
            self.keep(name)
            return
        if self._new.is_dir():  # it may have been deleted meanwhile
            delete_network(self._new, self._place)
        told = _("The new network is not kept. {problem}").format(problem=self._result.warnings)
        self._leave()
        self._desk.say(told)

    def take_name(self, name: str) -> None:
        """Give the new network the name that was typed; it is still to be decided on."""
        problem = self._rename(name)
        if self._result is not None and clean_name(name):
            self._result = replace(self._result, name=clean_name(name))
        if problem:
            self._tell(problem)

    def keep(self, name: str) -> None:
        """Keep a network that was not decided on, by the name that was typed."""
        if self._new is not None:
            new = self._new
            problem = self._rename(name)
            self._leave()
            if problem:
                self._tell(problem)
            elif new.is_dir():  # it may have been deleted meanwhile
                self._desk.say(
                    _("The network {name} is kept; Network > Open lists it.").format(name=name_of(new))
                )

    def _leave(self) -> None:
        self._new = self._result = self._training = None
        if self._page is not None:
            self._page.leave()
        self._show_strip()

    def _rename(self, typed: str) -> str:
        """Give the new network its name; a sentence if that fails."""
        name = clean_name(typed)
        if self._new is None or not name or not self._new.is_dir():  # it may have been deleted meanwhile
            return ""
        try:
            rename_network(self._new, name)
        except OSError as error:
            return _("The new network could not be named. {problem}").format(problem=for_window(error))
        return ""

    # One that was interrupted

    def look_for_interrupted(self) -> None:
        """Offer to go on with the last training of who draws now that was interrupted, if there is one."""
        self._offer, problem = find_interrupted(self._place, self._author())
        if problem:
            self._tell(problem)
        self._show_strip()

    def follow_author(self) -> None:
        """Another one draws: what is offered may be another's; a training that is under way goes on."""
        if self._training is None:
            self.look_for_interrupted()

    def go_on(self) -> None:
        """Go on with the training that is offered."""
        if self._offer is not None:
            self._run(self._offer.plan, self._offer.folder)

    def discard_interrupted(self) -> None:
        """Throw away the training that is offered, if the person is sure."""
        if self._offer is None or not self._desk.ask(
            _("Discard the training?"),
            _("What the network had learnt until it was interrupted would be lost."),
            yes=_("Discard it"),
            no=_("Keep it"),
        ):
            return
        try:
            discard_training(self._offer.folder)
        except (EngineError, OSError) as error:
            self._tell(for_window(error))
            self.put_off()
        else:
            self.look_for_interrupted()

    def put_off(self) -> None:
        """Offer it again at the next start."""
        self._offer = None
        self._show_strip()

    # What is shown

    def show_again(self) -> None:
        """Show how things stand on a strip that is new."""
        self._show_strip()

    def _change(self, **changes: object) -> None:
        assert self._training is not None
        self._training = replace(self._training, **changes)  # type: ignore[arg-type]
        self._show()

    def _show(self) -> None:
        if self._page is not None and self._training is not None:
            self._page.show_training(self._training)
        self._show_strip()

    def _show_strip(self) -> None:
        self._desk.show_strip(self._strip())
        training = self._training
        self._on_watch(training is not None and training.is_learning, self._is_watched)

    def _strip(self) -> Strip | None:
        training = self._training
        if self._result is not None:
            return Strip(
                _("The new network {name} is ready.").format(name=self._result.name),
                (
                    StripButton(_("Show result"), self._desk.open_page),
                    StripButton(leave_label(self._result), lambda: self.leave("")),
                ),
            )
        if training is not None:
            told = _("Training {name} · {status}").format(name=training.name, status=training.status)
            return Strip(
                f"{told}\n{training.half.told}" if training.half else told,
                (
                    StripButton(_("Details"), self._desk.open_page),
                    StripButton(
                        _("Watch"),
                        lambda: self.watch(not self._is_watched),
                        training.is_learning,
                        self._is_watched,
                    ),
                    StripButton(pause_label(training), self.pause_or_resume, training.can_be_paused),
                    StripButton(_("Finish now and keep"), self.finish, training.can_be_finished),
                    StripButton(_("Stop"), self.stop, training.can_be_stopped),
                ),
                training.share,
                training.is_running_unmeasured,
            )
        if self._offer is not None:
            return Strip(
                interruption(self._offer, date.today()),
                (
                    StripButton(pgettext("with a training", "Go on"), self.go_on),
                    StripButton(_("Discard"), self.discard_interrupted),
                    StripButton(_("Later"), self.put_off),
                ),
            )
        return None


def pause_label(training: Training) -> str:
    """What the button says that pauses and resumes."""
    return pgettext("with a training", "Go on") if training.is_paused else _("Pause")


def leave_label(result: Result) -> str:
    """What the button says that closes a result."""
    return _("Keep for later") if result.is_kept else _("Do not keep it")


def summary(plan: TrainingPlan) -> str:
    """As in: lenet5 · 8 epochs · no variations · Drawings alone."""
    variations = {
        "none": _("no variations"),
        "gentle": _("gentle variations"),
        "strong": _("strong variations"),
    }
    titles = {source.dataset: source.title for source in (*TRAINING_SOURCES, *MY_SOURCES)}
    started = [_("goes on from {name}").format(name=name_of(Path(plan.start)))] if plan.start else []
    return " · ".join(
        (
            plan.architecture,
            *started,
            ngettext("{count} epoch", "{count} epochs", plan.epochs).format(count=plan.epochs),
            variations.get(plan.variations, plan.variations),
            _(titles[plan.source]) if plan.source in titles else plan.source,
        )
    )


def interruption(training: InterruptedTraining, today: date) -> str:
    """What was interrupted, and when, as in: yesterday."""
    days = (today - training.when.date()).days
    if days == 0:
        text = _("The training of {name} was interrupted today, in epoch {epoch} of {epochs}.")
    elif days == 1:
        text = _("The training of {name} was interrupted yesterday, in epoch {epoch} of {epochs}.")
    else:
        text = _("The training of {name} was interrupted on {date}, in epoch {epoch} of {epochs}.")
    return text.format(
        name=training.plan.name,
        date=training.when.date().isoformat(),
        epoch=training.epoch,
        epochs=training.plan.epochs,
    )


def time_left(seconds: float) -> str:
    """A time to wait, as roughly as it is known."""
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 55:
        tens = 10 * round(seconds / 10)
        return ngettext("{count} second left", "{count} seconds left", tens).format(count=tens)
    minutes = round(seconds / 60)
    return ngettext("{count} minute left", "{count} minutes left", minutes).format(count=minutes)


def _learning(training: Training, step: Step) -> str:
    left = time_left(step.seconds_left)
    if not training.history:
        return _("Epoch {epoch} of {epochs} · {time_left}").format(
            epoch=step.epoch, epochs=training.epochs, time_left=left
        )
    return _("Epoch {epoch} of {epochs} · {accuracy} % right so far · {time_left}").format(
        epoch=step.epoch,
        epochs=training.epochs,
        accuracy=decimal(100 * training.history[-1].validation_accuracy, 2),
        time_left=left,
    )
