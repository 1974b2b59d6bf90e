"""The two halves of a retraining, learning and measuring, with a forecast of what is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from app.jobs.comparing import Measurements, measured_on
from app.jobs.finishing import taught_by
from app.jobs.forecast import Forecast, probed
from app.jobs.glimpses import Glimpses
from app.jobs.protocol import Record, Wish
from app.jobs.records import Epoch, Measuring, Preparing, Step
from engine import Confidence, Dataset, SavedNetwork
from engine.learning.checkpoint import checkpointed, save_checkpoint
from engine.learning.training import EpochRecord, TrainingRun
from engine.reading.evaluation import logits_of
from engine.storage.lessons import Lessons

TELL_EVERY = 0.2  # seconds between two records of the steps
KEEP_EVERY = 15.0  # seconds between two checkpoints within an epoch: what a crash costs at most
EXPECTED = 4_000  # images of a test set, on average, until they are there
PROBE = 200  # images by which the pace of the present network is known beforehand
PASSES = 3  # a step is about three times the work of reading its images: there, back, and the gradients


Item = TypeVar("Item")


class TrainingWork:
    """A run, and the test sets that its network and the present one are put to afterwards.

    Parameters
    ----------
    sets : iterator of (str, Dataset)
        The test images by source; each is read or drawn as it is asked for.
    drawing : mapping of str to float
        What it takes to draw each of them, in test sets of digits; 0 for one that is read from a file.
    fit : callable
        Fits how the network's logits are to be read, given these sets.
    lessons : callable
        Gives what the network is to remember, if anything, when it has learnt.
    drawing_seconds : float
        What it takes at a guess to draw a test set of digits.
    fitting, saving : float
        What it takes to fit, and to save the network with what explains it, in test sets of digits as well.
    preparing_seconds : float
        What it takes at a guess to draw an epoch's images.
    present : SavedNetwork or None
        The network to compare with, if it is still there.
    busy : float
        Seconds of learning that went before, where the run goes on.

    Attributes
    ----------
    busy : float
        Seconds of learning: a pause is none.
    confidence, lessons, new, old
        What was fitted, remembered and measured in the end; `old` is None without a present network.
    """

    confidence: Confidence  # of the network without a memory
    lessons: Lessons | None
    new: Measurements
    old: Measurements | None = None

    def __init__(
        self,
        run: TrainingRun,
        sets: Iterator[tuple[str, Dataset]],
        *,
        drawing: Mapping[str, float],
        fit: Callable[[Mapping[str, Dataset]], Confidence],
        lessons: Callable[[], Lessons | None] = lambda: None,
        drawing_seconds: float,
        fitting: float,
        saving: float,
        preparing_seconds: float = 0.0,
        present: SavedNetwork | None,
        busy: float = 0.0,
    ) -> None:
        self.run, self.busy = run, busy
        self._sets, self._fit, self._lessons, self._present = sets, fit, lessons, present
        self._drawing, self._fitting, self._saving = drawing, fitting, saving
        self._is_begun, self._first = False, 0.0  # the epoch; seconds until its first step, of the first one
        self._spent, self._share = 0.0, 0.0  # of measuring
        images, epochs = EXPECTED * len(drawing), run.config.epochs
        self._forecast = Forecast(
            "steps",
            steps=run.steps_per_epoch * epochs - run.step,
            preparing=epochs - len(run.history),  # an epoch's images, as far as one has to wait for them
            validating=epochs - len(run.history),
            drawing=sum(drawing.values()),
            fitting=1,
            reading=images,
            present=images if present else 0,
            saving=1,
        )
        self._forecast.guess("drawing", drawing_seconds)
        self._forecast.guess("preparing", preparing_seconds)
        self._guess_by_drawing()
        if present is not None:
            self._forecast.guess("present", self._probed(present))

    def preparing(self) -> Preparing:
        """What can be said before the first step: no more than what drawing takes."""
        return Preparing(self._forecast.seconds_left, self._forecast.pace("preparing"))

    def learn(self, checkpoint: Path) -> Generator[Record | None, Wish | None, None]:
        """Run to the end, or until what is sent in says that it is enough; closed early, keep the state.

        Watched, it leaves glimpses of the network beside the state.
        """
        run, told = self.run, self.busy
        glimpses, wish = Glimpses(run, checkpoint), Wish()
        with closing(_timed(checkpointed(run, checkpoint, every=KEEP_EVERY))) as records:
            try:
                for record, seconds in records:
                    self.busy += seconds
                    if isinstance(record, EpochRecord):
                        self._note_epoch(seconds)
                        wish = (yield Epoch(**asdict(record))) or Wish()
                    else:
                        self._note_step(seconds)
                        if self.busy - told < TELL_EVERY:
                            wish = (yield None) or Wish()
                        else:
                            told = self.busy
                            step = Step(record.step, record.epoch, self._seconds_left())
                            wish = (yield step) or Wish()
                    if wish.is_watched and not wish.is_enough and glimpses.are_due:
                        wish = (yield glimpses.take()) or Wish()
                    if wish.is_enough:
                        break
            except GeneratorExit:
                if run.step:
                    save_checkpoint(run.state(), checkpoint)
                raise
        if wish.is_enough:
            last = run.finish()
            if last is not None:
                yield Epoch(**asdict(last))

    def measure(self) -> Generator[Record, Wish | None, None]:
        """Fit the confidence, and put both networks to the test sets."""
        self._forecast.drop("steps", "preparing", "validating")
        yield self._measuring()
        sets = {}
        for (name, images), seconds in _timed(self._sets):
            sets[name] = images
            if units := self._drawing.get(name, 0):
                self._did("drawing", seconds, units)
                self._guess_by_drawing()
            else:
                self._spent += seconds
            yield self._measuring()
        count = sum(map(len, sets.values()))
        self._forecast.drop("drawing")  # some of them could not be read
        self._forecast.expect("reading", count)
        self._forecast.expect("present", count if self._present else 0)
        start = time.perf_counter()
        self.confidence, self.lessons = self._fit(sets), self._lessons()
        self._did("fitting", time.perf_counter() - start)
        yield self._measuring()
        new = taught_by(self.lessons, self.run.network, self.confidence)
        self.new = yield from self._read("reading", measured_on(sets, *new))
        if self._present is not None:
            reading = measured_on(sets, self._present.classifier, self._present.confidence)
            self.old = yield from self._read("present", reading)

    def _read(
        self, kind: str, reading: Generator[int, None, Measurements]
    ) -> Generator[Record, Wish | None, Measurements]:
        while True:
            start = time.perf_counter()
            try:
                count = next(reading)
            except StopIteration as end:
                measured: Measurements = end.value
                return measured
            self._did(kind, time.perf_counter() - start, count)
            yield self._measuring()

    def _did(self, kind: str, seconds: float, units: float = 1) -> None:
        self._spent += seconds
        self._forecast.did(kind, seconds, units)

    def _measuring(self) -> Measuring:
        """How far it is; a share that has been told never shrinks, whatever the forecast says by now."""
        left = self._forecast.seconds_left
        if self._spent:
            self._share = max(self._share, self._spent / (self._spent + left))
        return Measuring(self._share, left)

    def _note_step(self, seconds: float) -> None:
        if self._is_begun:
            self._forecast.did("steps", seconds)
            return
        # the first of an epoch has waited for its images; from the second epoch on they are made meanwhile
        self._is_begun = True
        self._forecast.skip("steps")
        if self._first:
            self._forecast.did("preparing", seconds)
        else:
            self._forecast.skip("preparing")
            self._first = seconds

    def _note_epoch(self, seconds: float) -> None:
        self._is_begun = False
        self._forecast.did("validating", seconds)
        self._forecast.guess("reading", seconds / (2 * len(self.run.validation)))

    def _seconds_left(self) -> float:
        """To the end of all; what no epoch has told yet is guessed from the steps."""
        run, forecast = self.run, self._forecast
        step = forecast.pace("steps")
        forecast.guess("preparing", max(0.0, self._first - step * run.steps_per_epoch))
        if not run.history:
            reading = step / run.config.batch_size / PASSES
            forecast.guess("reading", reading)
            forecast.guess("validating", 2 * len(run.validation) * reading)
        return forecast.seconds_left

    def _guess_by_drawing(self) -> None:
        """Fitting and saving draw most of the time."""
        one = self._forecast.pace("drawing")
        self._forecast.guess("fitting", one * self._fitting)
        self._forecast.guess("saving", one * self._saving)

    def _probed(self, present: SavedNetwork) -> float:
        """Seconds that it takes for an image."""
        images = self.run.validation.images[:PROBE]
        return probed(lambda: logits_of(present.network, images)) / len(images)


def _timed(items: Iterator[Item]) -> Generator[tuple[Item, float], None, None]:
    """Each item with the seconds that it took; what happens between two of them is not counted."""
    while True:
        start = time.perf_counter()
        try:
            item = next(items)
        except StopIteration:
            return
        yield item, time.perf_counter() - start
