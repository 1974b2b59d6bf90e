"""What the window can train and measure on: where the digits are, and how they get there."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.data.data_folder import SOURCES, data_folder, download_mnist, parse_choice
from app.jobs.records import Progress
from engine.errors import DatasetError


@dataclass(frozen=True)
class DigitSource:
    """Digits that can be chosen, by the name that --dataset has for them."""

    dataset: str
    title: str
    about: str
    needs_files: bool = True

    def is_in(self, folder: Path) -> bool:
        """Whether the folder holds all of it."""
        return not self._missing(folder)

    def can_be_downloaded(self, folder: Path) -> bool:
        """Whether a download would bring all that the folder lacks."""
        return self._missing(folder) == ["mnist"]

    def _missing(self, folder: Path) -> list[str]:
        return [name for name in parse_choice(self.dataset).weights if not SOURCES[name].is_in(folder)]


MNIST = DigitSource("mnist", "MNIST", "60,000 handwritten digits to learn from and 10,000 others to test on")
TRAINING_SOURCES = (
    MNIST,
    DigitSource(
        "mnist,synthetic,not-digits",
        "MNIST and drawings",
        "MNIST, and drawings that this program makes: digits in many hands, and non-digits; "
        "slower, and better at what people draw",
    ),
    DigitSource(
        "synthetic,not-digits",
        "Drawings alone",
        "made by this program as it learns: digits in many hands, and non-digits",
        needs_files=False,
    ),
)
TEST_SOURCES = (
    MNIST,
    DigitSource("pendigits", "Pen digits", "1,498 digits written on a tablet by six people"),
    DigitSource(
        "synthetic", "Drawings", "2,000 digits that this program draws in many hands", needs_files=False
    ),
)
DOWNLOAD_BYTES = 11_594_722  # of MNIST


def digits_folder(chosen: str | None) -> Path:
    """The data folder: the one that the person chose in the window, else the command line's."""
    return data_folder(Path(chosen) if chosen else None)


def download(*, folder: str) -> Generator[Progress, None, None]:
    """Fetch MNIST's files, as a job: yields how much of them is there.

    Raises
    ------
    DatasetError
        If it failed; the message is for somebody who looks at a window.
    """
    place = Path(folder) / "mnist"
    place.mkdir(parents=True, exist_ok=True)
    before = set(place.iterdir())
    errors: list[Exception] = []

    def run() -> None:
        try:
            download_mnist(Path(folder))
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            arrived = sum(path.stat().st_size for path in _files(place))
            yield Progress(min(1.0, arrived / DOWNLOAD_BYTES))
            time.sleep(0.1)
    finally:
        if thread.is_alive():  # cancelled: what came in part is of no use
            for path in set(_files(place)) - before:
                if path.suffix != ".gz":
                    with suppress(OSError):
                        path.unlink()
    if errors and isinstance(errors[0], DatasetError):
        raise DatasetError(
            "MNIST could not be downloaded. Is this computer connected to the internet? "
            "You can also choose a folder that holds its files."
        ) from errors[0]
    if errors:
        raise errors[0]


def _files(folder: Path) -> list[Path]:
    """The files that still are there when they are looked at: some are temporary."""
    return [path for path in folder.iterdir() if path.is_file()]
