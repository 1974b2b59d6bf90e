"""Pen digits: 7,494 digits that 30 people wrote on a tablet (Alpaydin and Alimoglu; UCI archive 81, CC BY 4).

The file is the archive's training part, as strokes. What six of the thirty wrote is the test part here, so
that one file serves for both.
"""

from pathlib import Path

from engine.datasets.strokes import StrokeDataset
from engine.datasets.unipen import read_unipen
from engine.errors import DatasetError, Remedy

FILE = "pendigits-orig.tra"
FOLDER = "pendigits"

# The six highest of the writers' numbers 1 to 30, chosen before any result was seen.
TEST_WRITERS = frozenset({"25", "26", "27", "28", "29", "30"})


def read_pendigits(folder: Path, part: str) -> StrokeDataset:
    """The "train" part, of 24 writers, or the "test" part, of TEST_WRITERS.

    `folder` holds the file, or has a folder `pendigits` that does.

    Raises
    ------
    DatasetError
        Names the file, what is wrong with it, and what to do.
    """
    path = _find(folder)
    if path is None:
        raise DatasetError(
            "{file} is neither in {folder} nor in {path}. It is in the UCI archive, "
            "https://archive.ics.uci.edu/dataset/81, packed as .Z: unpack it with `gzip -d`.",
            remedy=Remedy.NAME_DATA_FOLDER_OR_DRAW,
            file=FILE,
            folder=folder,
            path=folder / FOLDER,
        )
    everything = read_unipen(path)
    writers = TEST_WRITERS if part == "test" else set(everything.writers) - TEST_WRITERS
    chosen = everything.of_writers(writers)
    if not len(chosen):
        raise DatasetError(
            "{path} has nothing by the writers of its {part} part. Is it all of {file}?",
            path=path,
            part=part,
            file=FILE,
        )
    return chosen


def has_pendigits(folder: Path) -> bool:
    """Whether the file can be found from `folder`; nothing is read."""
    return _find(folder) is not None


def _find(folder: Path) -> Path | None:
    candidates = (folder / FILE, folder / FOLDER / FILE)
    return next((path for path in candidates if path.is_file()), None)
