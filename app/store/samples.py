"""The person's samples: one file, into which nothing comes but what was taught."""

from __future__ import annotations

from pathlib import Path

from engine.datasets.samples import Sample, append_samples, read_samples, take_back


class KeptSamples:
    """The samples in a file, which is made for the first of them.

    DatasetError if it cannot be read or written: what is there then stays as it is. Lines that are no
    samples, such as one that a crash has torn, are passed over and stay in the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._samples: tuple[Sample, ...] | None = None

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All of them, in their order; the file is read once."""
        if self._samples is None:
            self._samples = read_samples(self._path).samples if self._path.exists() else ()
        return self._samples

    def add(self, sample: Sample) -> None:
        """Add a sample, which is on the disk when this returns."""
        before = self.samples
        append_samples(self._path, [sample])
        self._samples = (*before, sample)

    def take_back(self) -> Sample:
        """Remove the last sample, and return it."""
        *others, last = self.samples
        take_back(self._path, last)
        self._samples = tuple(others)
        return last
