"""The person's samples: what was taught in one file, what was collected without a label in another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.datasets.samples import (
    Sample,
    append_samples,
    delete_samples,
    read_samples,
    rewrite_samples,
    take_back,
)


class KeptSamples:
    """The samples in a file, which is made for the first of them.

    DatasetError if it cannot be read or written: what is there then stays as it is. Lines that are no
    samples, such as one that a crash has torn, are passed over and stay in the file.

    Parameters
    ----------
    are_labelled : bool
        Without it, the file is one of drawings that nobody has labelled yet.
    """

    def __init__(self, path: Path, *, are_labelled: bool = True) -> None:
        self.path = path
        self._are_labelled = are_labelled
        self._samples: tuple[Sample, ...] | None = None

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All of them, in their order, the same tuple until that changes; the file is read once."""
        if self._samples is None:
            self._samples = self._read()
        return self._samples

    def turn_to(self, path: Path) -> None:
        """Keep samples in another file from now on, with those that are there."""
        self.path, self._samples = path, None

    def look_again(self) -> None:
        """Read the file again: another window may have changed it."""
        found = self._read()
        if [sample.to_line() for sample in found] != [sample.to_line() for sample in self.samples]:
            self._samples = found

    def add(self, sample: Sample) -> None:
        """Add a sample, which is on the disk when this returns."""
        before = self.samples
        append_samples(self.path, [sample])
        self._samples = (*before, sample)

    def take_back(self) -> Sample:
        """Remove the last sample, and return it."""
        *others, last = self.samples
        take_back(self.path, last)
        self._samples = tuple(others)
        return last

    def replace(self, samples: Sequence[Sample]) -> None:
        """Keep these in their place, which are on the disk when this returns."""
        rewrite_samples(self.path, self.samples, samples)
        self._samples = tuple(samples)

    def delete_all(self) -> None:
        """Delete the file, with whatever else is in it."""
        delete_samples(self.path)
        self._samples = ()

    def _read(self) -> tuple[Sample, ...]:
        if not self.path.exists():
            return ()
        return read_samples(self.path, are_labelled=self._are_labelled).samples
