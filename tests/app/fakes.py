"""A network that answers by rule, for tests of what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from app.page.drawing import Look, Picture
from engine import Confidence, Network, build_network
from engine.errors import ImageError, SavedNetworkError
from engine.ink.rasterize import Point
from engine.nn.scaling import InputScaling
from engine.nn.silencing import silenced
from engine.reading.halving import Halves
from engine.reading.joints import Joint
from engine.reading.prediction import Alternative, PagePrediction, Placed
from engine.storage.network_facts import InputFacts, NetworkFacts
from engine.storage.saved_network import is_in_one_file

FACTS = NetworkFacts("fake", 7, InputFacts((1, 28, 28), InputScaling()))


@dataclass
class FakeReader:
    """Reads as many strokes as there are as that digit, 90 % sure; a single point is no digit.

    A picture is a 9, and each stroke over it takes one off.

    With a `runner_up` it is 60 % sure, and holds that digit for the only other.

    Where it `reads_apart`, each stroke of a page is a digit of its own, the first a 1, a single point none,
    and all stand in one line; it is 80 % sure of them together, and holds `alternatives` for possible.

    While the pen is down its readings are provisional, where it `may_cut`.

    `seen` keeps what it was asked to read, the last thing last.
    """

    folder: Path = Path("fake_network")
    facts: NetworkFacts = FACTS
    seen: list[Any] = field(default_factory=list)
    runner_up: int | None = None
    reads_apart: bool = False
    alternatives: tuple[Alternative, ...] = ()
    may_cut: bool = False
    memory: Any = None

    @cached_property
    def network(self) -> Network:
        """One that has learnt nothing, to look into."""
        return build_network("lenet5", rng=np.random.default_rng(0))

    @property
    def confidence(self) -> Confidence:
        return Confidence()

    def teach(self, memory: Any) -> None:
        self.memory = memory

    @property
    def first(self) -> FakeReader:
        return self

    def judge_images(self, images: Sequence[Any]) -> Any:
        return self.network.logits(np.stack(images))

    def named(self, folder: Path) -> FakeReader:
        return replace(self, folder=folder)

    def silenced(self, off: Any) -> FakeReader:
        return self.with_network(silenced(self.network, off))

    def with_network(self, network: Network, confidence: Confidence | None = None) -> FakeReader:
        other = replace(self)
        other.network = network
        return other

    def recognize_page(self, strokes: Sequence[Sequence[Point]], *, underway: bool = False) -> PagePrediction:
        if not strokes:
            return PagePrediction("", (), 0.0)
        if not self.reads_apart:
            page = self._page([self.recognize(strokes)], [strokes], 0.9)
            return replace(page, is_provisional=underway and self.may_cut)
        self.seen.append([list(stroke) for stroke in strokes])
        predictions = [
            self._prediction(number % 10, is_digit=len(stroke) > 1)
            for number, stroke in enumerate(strokes, start=1)
        ]
        return self._page(predictions, [[stroke] for stroke in strokes], 0.8)

    def recognize(self, strokes: Sequence[Sequence[Point]]) -> Any:
        self.seen.append([list(stroke) for stroke in strokes])
        is_dot = sum(len(stroke) for stroke in strokes) == 1
        return self._prediction(len(strokes) % 10, is_digit=not is_dot)

    def halves(self, strokes: Sequence[Sequence[Point]]) -> Halves | None:
        """Cut in the middle of the first stroke, if it has four points; the others are of the left digit."""
        if len(strokes[0]) < 4:
            return None
        middle = len(strokes[0]) // 2
        return Halves(tuple(range(1, len(strokes))), (), 0, Joint(middle - 1, middle))

    def halving_path(self, ink: Any, box: Any) -> list[Point]:
        left, top, right, bottom = box
        return [((left + right) / 2, top - 1), ((left + right) / 2, bottom + 1)]

    def recognize_image(self, ink: Any) -> Any:
        self.seen.append(ink)
        return self._prediction(9, is_digit=True)

    def recognize_image_page(self, ink: Any, *, box: Any = None) -> PagePrediction:
        prediction = self.recognize_image(ink)
        return PagePrediction("9", (Placed(prediction, box),), 0.9)

    def recognize_over_image(self, ink: Any, strokes: Sequence[Sequence[Point]]) -> Any:
        self.seen.append((ink, [list(stroke) for stroke in strokes]))
        return self._prediction((9 - len(strokes)) % 10, is_digit=True)

    def _page(
        self, predictions: Sequence[Any], drawings: Sequence[Sequence[Sequence[Point]]], confidence: float
    ) -> PagePrediction:
        parts = []
        for number, (prediction, drawing) in enumerate(zip(predictions, drawings, strict=True)):
            xs, ys = zip(*(point for stroke in drawing for point in stroke), strict=True)
            numbers = (number,) if len(predictions) > 1 else tuple(range(len(drawing)))
            parts.append(Placed(prediction, (min(xs), min(ys), max(xs), max(ys)), numbers))
        text = "".join(part.text for part in parts)
        return PagePrediction(text, tuple(parts), confidence, self.alternatives)

    def _prediction(self, digit: int, *, is_digit: bool) -> Any:
        confidence = 0.9 if self.runner_up is None else 0.6
        probabilities = np.full(10, 0.1 / 9, np.float32)
        if self.runner_up is not None:
            probabilities[:] = 0
            probabilities[self.runner_up] = 0.4
        probabilities[digit] = confidence
        image = np.zeros((28, 28), np.float32)
        image[4:24, 14] = 1.0
        return SimpleNamespace(
            probabilities=probabilities,
            digit=digit,
            confidence=confidence,
            runner_up=self.runner_up,
            is_digit=is_digit,
            image=image,
            from_memory=False,
        )


def load_fake_reader(folder: Path) -> FakeReader:
    """Load any folder that exists, or a file that is a network by its name."""
    if not (folder.is_dir() or is_in_one_file(folder)):
        raise SavedNetworkError(f"{folder.name} is no network folder.")
    return FakeReader(folder)


def read_fake_image(path: Path) -> Any:
    """Read any file whose name ends in .png as a broad picture with one stroke of ink."""
    if path.suffix != ".png":
        raise ImageError(f"{path.name} is no picture.")
    ink = np.zeros((20, 40), np.float32)
    ink[2:18, 20] = 1.0
    return Picture(ink, Look((255 * (1 - ink)).astype(np.uint8), ink > 0))


class FakeView:
    """Takes every call that a presenter makes on its view; `answers` is what the person says, by method."""

    def __init__(self, **answers: Any) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.answers = answers

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls.append((name, args, kwargs))
            answer = self.answers.get(name)
            return answer() if callable(answer) else answer

        return call

    def last(self, name: str) -> Any:
        """What this method was called with last: its argument, or a tuple of several; None if it was not."""
        for called, args, kwargs in reversed(self.calls):
            if called == name:
                values = (*args, *kwargs.values())
                return values[0] if len(values) == 1 else values
        return None

    def times(self, name: str) -> int:
        return sum(called == name for called, *_ in self.calls)


class FakeSystemTheme:
    """A system that answers when the test says so."""

    theme: str | None = "light"

    def wait(self, seconds: float) -> str:
        return self.theme or "light"

    def close(self) -> None: ...


class FakeJob:
    """A Job that does what it is told in the test: `says` and `ends` stand for its process."""

    def __init__(self, work: Any, **arguments: Any) -> None:
        self.work, self.arguments = work, arguments
        self.state = "running"
        self.error = ""
        self.was_cancelled = self.was_finished = self.is_watched = False
        self._on_record: Any = None
        self._on_end: Any = None

    @property
    def is_running(self) -> bool:
        return self.state in ("running", "paused")

    def pause(self) -> None:
        if self.state == "running" and not self.was_cancelled:
            self.state = "paused"

    def resume(self) -> None:
        if self.state == "paused" and not self.was_cancelled:
            self.state = "running"

    def finish(self) -> None:
        self.state, self.was_finished = "running", True

    def watch(self, is_on: bool) -> None:
        self.is_watched = is_on

    def cancel(self) -> None:
        self.was_cancelled = True

    def follow(self, *, on_record: Any, on_end: Any, on_look: Any = None) -> None:
        self._on_record, self._on_end, self.looks = on_record, on_end, on_look

    def says(self, *records: Any) -> None:
        for record in records:
            self._on_record(record)

    def ends(self, state: str, error: str = "") -> None:
        self.state, self.error = state, error
        self._on_end()


class IdleJob:
    """A Job that never comes to its work, for tests of what is there without it."""

    state, error, is_running = "running", "", True

    def __init__(self, work: Any, **arguments: Any) -> None: ...

    def poll(self) -> list[Any]:
        return []

    def cancel(self) -> None:
        self.state, self.is_running = "cancelled", False

    close = cancel


class JobHere:
    """A Job that does its work in this process when it is first polled; no other process has to start for it.

    It does what work does that ends well: what comes of any other is for tests of the real Job.
    """

    def __init__(self, work: Any, **arguments: Any) -> None:
        self.state, self.error = "running", ""
        self._records = work(**arguments)

    @property
    def is_running(self) -> bool:
        return self.state == "running"

    def poll(self) -> list[Any]:
        if not self.is_running:
            return []
        records = [record for record in self._records if record is not None]
        self.state = "done"
        return records

    def cancel(self) -> None:
        if self.is_running:
            self.state = "cancelled"

    close = cancel


class FakeJobs:
    """Starts FakeJobs, for a view whose `watch` hands each of them what it is to call."""

    def __init__(self, view: FakeView) -> None:
        self.started: list[FakeJob] = []
        self._view = view

    def __call__(self, work: Any, **arguments: Any) -> FakeJob:
        job = FakeJob(work, **arguments)
        self.started.append(job)
        self._view.watch = lambda job, **callbacks: job.follow(**callbacks)
        return job

    @property
    def last(self) -> FakeJob:
        return self.started[-1]
