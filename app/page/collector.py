"""Keeps each drawing when it is cleared, while the person wants that: to be labelled later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from app.page.reading import Reading
from app.page.teacher import now, sample_of
from app.store.samples import KeptSamples
from engine.datasets.samples import UNLABELLED

if TYPE_CHECKING:
    from engine.ink.rasterize import Point

    Strokes = Sequence[Sequence[Point]]


class Collector:
    """Keeps drawings without a label, with what was read in them; off until `is_on` says otherwise.

    Parameters
    ----------
    taught : KeptSamples
        What lies there has a label already, and is not kept again.
    collected : KeptSamples
        Where it is kept.
    now : callable
        The time as samples have it.
    """

    author: str | None = None  # who draws, as samples have it

    def __init__(
        self,
        taught: KeptSamples,
        collected: KeptSamples,
        *,
        is_on: bool = False,
        now: Callable[[], str] = now,
    ) -> None:
        self.is_on = is_on
        self._taught, self._collected, self._now = taught, collected, now

    def collect(self, parts: Iterable[tuple[Reading, Strokes]]) -> int:
        """Keep what was read, with the strokes of each; none of a picture. Returns how many were new.

        EngineError if they cannot be kept.
        """
        known = {sample.drawing for sample in (*self._taught.samples, *self._collected.samples)}
        new = [
            sample
            for sample in (sample_of(*part, UNLABELLED, self._now(), self.author) for part in parts)
            if sample.drawing not in known
        ]
        for sample in new:
            self._collected.add(sample)
        return len(new)

    @property
    def count(self) -> int:
        """How many wait to be labelled."""
        return len(self._collected.samples)
