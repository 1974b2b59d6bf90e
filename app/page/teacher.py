"""What the person teaches the network that reads: remembered at once, and kept as samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import numpy as np

from app.language import N_, _
from app.page.reader import Reader
from app.page.reading import NOT_A_DIGIT, Reading
from app.store.samples import KeptSamples
from engine.datasets.samples import Sample, as_dataset, merge, samples_of
from engine.errors import SavedNetworkError
from engine.nn.losses import NO_CLASS
from engine.reading.memory import MEMORY_FILE, REFERENCE_FILE, Doubt, Floats, Memory, Reference, Verdict
from engine.storage.lessons import SAMPLES_FILE, Lessons
from engine.storage.saved_network import load_attachment

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

    Strokes = Sequence[Sequence[Point]]

NO_REFERENCE = N_(
    "{name} was saved before networks could be taught. Retrain it, or teach it once on the command line."
)
PRESS_AGAIN = N_("To teach it as {label}, press {key} again.")
DIGITS_OF_A_PAGE = 5  # a hundred-thousandth of the page is finer than any screen


def now() -> str:
    """The time as samples have it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Lesson:
    """What became of a lesson, in words; one that `is_taken` can be taken back."""

    told: str
    is_taken: bool


class Teacher:
    """Teaches readers, and takes lessons back.

    Parameters
    ----------
    kept : KeptSamples
        What was taught before, by which every reader answers that can be taught.
    now : callable
        The time as samples have it.
    """

    author: str | None = None  # who draws, as samples have it

    def __init__(self, kept: KeptSamples, *, now: Callable[[], str] = now) -> None:
        self._kept = kept
        self._now = now
        self._lessons: list[Sample] = []  # of this window
        self._followed: tuple[Reader, Sequence[Sample]] | None = None  # who answers by which samples
        self._places: dict[str, Floats] = {}  # where drawings stand, for that one
        self._doubted: tuple[str, int] | None = None  # the drawing and the label that were asked about

    @property
    def can_take_back(self) -> bool:
        """Whether the last sample is a lesson of this window."""
        return bool(self._lessons and self._kept.samples) and self._kept.samples[-1] is self._lessons[-1]

    def prepare(self, reader: Reader) -> None:
        """Have a reader answer by the samples that are kept now; EngineError if they cannot be read."""
        samples = self._kept.samples
        if self._follows(reader):
            return
        if (samples or reader.memory is not None) and (memory := _memory_of(reader)) is not None:
            if samples:
                labels = np.array([sample.label for sample in samples])
                memory = memory.added(self._placed(memory, reader, samples), labels)
            reader.teach(memory)
        self._followed = reader, samples

    def _placed(self, memory: Memory, reader: Reader, samples: Sequence[Sample]) -> Floats:
        """(N, A) where samples stand; what has been looked at for this reader is not rendered again."""
        if self._followed is None or self._followed[0] is not reader:
            self._places = {}
        drawings = [sample.drawing for sample in samples]
        new = {
            drawing: sample
            for drawing, sample in zip(drawings, samples, strict=True)
            if drawing not in self._places
        }
        if new:
            places = memory.placed(reader.network, as_dataset(list(new.values())).images)
            self._places |= dict(zip(new, places, strict=True))
        return np.stack([self._places[drawing] for drawing in drawings])

    def _follows(self, reader: Reader) -> bool:
        return (
            self._followed is not None
            and self._followed[0] is reader
            and self._followed[1] is self._kept.samples
        )

    def teach(
        self, reader: Reader, reading: Reading, strokes: Strokes, label: int, *, insist: str = PRESS_AGAIN
    ) -> Lesson:
        """Teach what the person says of what was read.

        A lesson that others speak against is asked about, and taken when it is given again.

        Parameters
        ----------
        reading : Reading
            Of the drawing.
        strokes
            The drawing; none where it has a picture, of which what the network saw is kept.
        label : int
            A digit, or NO_CLASS.
        insist : str
            How to give the lesson again, a sentence with places for the `label` and its `key`.

        Raises
        ------
        EngineError
            If the network cannot be taught, or the sample cannot be kept. Nothing is remembered then.
        """
        memory = reader.memory or _memory_of(reader)
        if memory is None:
            raise SavedNetworkError(NO_REFERENCE, name=reader.folder.name)
        sample = sample_of(reading, strokes, label, self._now(), self.author)
        images = as_dataset([sample]).images
        asked = sample.drawing, label
        (place,) = memory.placed(reader.network, images)
        if (verdict := memory.verdict(place, label)) is not None and self._doubted != asked:
            self._doubted = asked
            return Lesson(_doubt_told(verdict, label, insist), is_taken=False)
        self._doubted = None
        self._kept.add(sample)
        reader.teach(memory.added(place[None], np.array([label])))
        self._lessons.append(sample)
        self._followed = reader, self._kept.samples
        told = _("Remembered as {label} (sample {number}).")
        return Lesson(told.format(label=_told(label), number=len(self._kept.samples)), is_taken=True)

    def lessons(self, reader: Reader) -> Lessons | None:
        """All that a reader answers by, to go along with its network; None where nothing was taught here.

        EngineError if they cannot be read.
        """
        self.prepare(reader)
        own, memory = self._kept.samples, reader.memory
        if not own or memory is None:
            return None
        path = reader.folder / SAMPLES_FILE
        earlier = samples_of(load_attachment(reader.folder, SAMPLES_FILE) or b"", path).samples
        samples: Sequence[Sample] = (*earlier, *own)
        if len(samples) == len(memory):  # it may remember what nobody has kept
            places = {sample.drawing: place for sample, place in zip(samples, memory.places, strict=True)}
            samples = merge([earlier, own]).samples
            memory = Memory(memory.reference).added(
                np.stack([places[sample.drawing] for sample in samples]),
                np.array([sample.label for sample in samples]),
            )
        return Lessons(memory, "".join(map(Sample.to_line, samples)).encode("utf-8", "replace"), len(samples))

    def take_back(self, reader: Reader) -> str:
        """Forget the last lesson, and take its sample out of the file; returns what to tell of it."""
        sample = self._kept.take_back()
        self._lessons.pop()
        if reader.memory is not None and len(reader.memory):
            reader.teach(reader.memory.without(len(reader.memory) - 1))
        self._followed = reader, self._kept.samples
        return _("Forgotten that this is {label}.").format(label=_told(sample.label))


def sample_of(reading: Reading, strokes: Strokes, label: int, when: str, author: str | None) -> Sample:
    """What was read as a sample: its strokes, or where it has a picture, what the network saw."""
    read_as = reading.digit if reading.is_digit else NO_CLASS
    if strokes:
        rounded = [
            [(round(x, DIGITS_OF_A_PAGE), round(y, DIGITS_OF_A_PAGE)) for x, y in stroke]
            for stroke in strokes
        ]
        return Sample(label, rounded, read_as=read_as, when=when, author=author)
    picture = np.frombuffer(reading.ink, np.uint8).reshape(28, 28)
    return Sample(label, None, picture, read_as, when, author)


def _memory_of(reader: Reader) -> Memory | None:
    """The memory in a reader's folder, or an empty one to begin with; None if it has no reference."""
    reference = load_attachment(reader.folder, REFERENCE_FILE)
    if reference is None:
        return None
    empty = Memory(Reference.from_bytes(reference, reader.network))
    taught = load_attachment(reader.folder, MEMORY_FILE)
    return empty if taught is None else Memory.from_bytes(taught, empty.reference)


def _doubt_told(verdict: Verdict, label: int, insist: str) -> str:
    doubt = {
        Doubt.CONTRADICTS: N_("You taught a drawing much like it as {other}."),
        Doubt.AMID_OTHERS: N_("All that is most like it is {other}."),
    }[verdict.doubt]
    key = "–" if label == NO_CLASS else str(label)
    told = _(doubt).format(other=_told(verdict.other))
    return f"{told} {_(insist).format(label=_told(label), key=key)}"


def _told(label: int) -> str:
    return _(NOT_A_DIGIT) if label == NO_CLASS else str(label)
