"""What the person teaches the network that reads: remembered at once, and kept as samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import numpy as np

from app.language import N_, _
from app.page.reader import Reader
from app.page.reading import NOT_A_DIGIT, Reading
from app.store.samples import KeptSamples
from engine.datasets.samples import Sample, as_dataset
from engine.errors import SavedNetworkError
from engine.nn.losses import NO_CLASS
from engine.reading.memory import REFERENCE_FILE, Doubt, Memory, Reference, Verdict
from engine.storage.saved_network import load_attachment

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

    Strokes = Sequence[Sequence[Point]]

NO_REFERENCE = N_(
    "{name} was saved before networks could be taught. Retrain it, or teach it once on the command line."
)
DIGITS_OF_A_PAGE = 5  # a hundred-thousandth of the page is finer than any screen


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Teacher:
    """Teaches readers, and takes lessons back.

    Parameters
    ----------
    kept : KeptSamples
        What was taught before, by which every reader answers that can be taught.
    now : callable
        The time as samples have it.
    """

    def __init__(self, kept: KeptSamples, *, now: Callable[[], str] = _now) -> None:
        self._kept = kept
        self._now = now
        self._lessons = 0  # of this window, that can be taken back
        self._doubted: tuple[str, int] | None = None  # the drawing and the label that were asked about

    @property
    def can_take_back(self) -> bool:
        return self._lessons > 0

    def prepare(self, reader: Reader) -> None:
        """Have a reader answer by the samples that are kept; EngineError if they cannot be read."""
        if self._kept.samples and (memory := _memory_of(reader)) is not None:
            dataset = as_dataset(self._kept.samples)
            reader.teach(memory.taught(reader.network, dataset.images, dataset.labels))

    def teach(self, reader: Reader, reading: Reading, strokes: Strokes, label: int) -> str:
        """Teach what the person says of what was read; returns what to tell of it.

        A lesson that others speak against is asked about, and taken when it is given again.

        Parameters
        ----------
        reading : Reading
            Of the drawing.
        strokes
            The drawing; none where it has a picture, of which what the network saw is kept.
        label : int
            A digit, or NO_CLASS.

        Raises
        ------
        EngineError
            If the network cannot be taught, or the sample cannot be kept. Nothing is remembered then.
        """
        memory = reader.memory or _memory_of(reader)
        if memory is None:
            raise SavedNetworkError(NO_REFERENCE, name=reader.folder.name)
        sample = self._sample(reading, strokes, label)
        images = as_dataset([sample]).images
        asked = sample.drawing, label
        (place,) = memory.placed(reader.network, images)
        if (verdict := memory.verdict(place, label)) is not None and self._doubted != asked:
            self._doubted = asked
            return _doubt_told(verdict, label)
        self._doubted = None
        self._kept.add(sample)
        reader.teach(memory.added(place[None], np.array([label])))
        self._lessons += 1
        return _("Remembered as {label} (sample {number}).").format(
            label=_told(label), number=len(self._kept.samples)
        )

    def take_back(self, reader: Reader) -> str:
        """Forget the last lesson, and take its sample out of the file; returns what to tell of it."""
        sample = self._kept.take_back()
        self._lessons -= 1
        if reader.memory is not None and len(reader.memory):
            reader.teach(reader.memory.without(len(reader.memory) - 1))
        return _("Forgotten that this is {label}.").format(label=_told(sample.label))

    def _sample(self, reading: Reading, strokes: Strokes, label: int) -> Sample:
        read_as = reading.digit if reading.is_digit else NO_CLASS
        if strokes:
            rounded = [
                [(round(x, DIGITS_OF_A_PAGE), round(y, DIGITS_OF_A_PAGE)) for x, y in stroke]
                for stroke in strokes
            ]
            return Sample(label, rounded, read_as=read_as, when=self._now())
        picture = np.frombuffer(reading.ink, np.uint8).reshape(28, 28)
        return Sample(label, None, picture, read_as, self._now())


def _memory_of(reader: Reader) -> Memory | None:
    """A memory for a reader to begin with: the one in its folder, or an empty one; None if it has none."""
    if reader.memory is not None:
        return reader.memory
    content = load_attachment(reader.folder, REFERENCE_FILE)
    return None if content is None else Memory(Reference.from_bytes(content, reader.network))


def _doubt_told(verdict: Verdict, label: int) -> str:
    told = {
        Doubt.CONTRADICTS: N_(
            "You taught a drawing much like it as {other}. To teach it as {label}, say so again."
        ),
        Doubt.AMID_OTHERS: N_("All that is most like it is {other}. To teach it as {label}, say so again."),
    }[verdict.doubt]
    return _(told).format(other=_told(verdict.other), label=_told(label))


def _told(label: int) -> str:
    return _(NOT_A_DIGIT) if label == NO_CLASS else str(label)
