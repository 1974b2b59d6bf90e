"""What the window can train and measure on: where the digits are, and how they get there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.data_folder import SOURCES, data_folder, download_mnist
from engine.errors import DatasetError


@dataclass(frozen=True)
class DigitSource:
    """A data set of digits, by the name that `SOURCES` has it under."""

    name: str
    about: str
    download: Callable[[Path], None] | None = None  # into a data folder
    download_bytes: int = 0

    @property
    def title(self) -> str:
        return SOURCES[self.name].title

    def is_in(self, folder: Path) -> bool:
        return SOURCES[self.name].is_in(folder)


DIGIT_SOURCES = (
    DigitSource(
        "mnist",
        "60,000 handwritten digits to learn from and 10,000 others to test on",
        download_mnist,
        11_594_722,
    ),
)


def digits_folder(chosen: str | None) -> Path:
    """The data folder: the one that the person chose in the window, else the command line's."""
    return data_folder(Path(chosen) if chosen else None)


def download(*, source: str, folder: str) -> Generator[dict[str, Any], None, None]:
    """Fetch a source's files, as a job: yields how much of it is there, as {"share": 0…1}.

    Raises
    ------
    DatasetError
        If it failed; the message is for somebody who looks at a window.
    """
    digits = next(each for each in DIGIT_SOURCES if each.name == source)
    fetch = digits.download
    assert fetch is not None, f"{source} is not downloaded"
    place = Path(folder) / source
    place.mkdir(parents=True, exist_ok=True)
    before = set(place.iterdir())
    errors: list[Exception] = []

    def run() -> None:
        try:
            fetch(Path(folder))
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            arrived = sum(path.stat().st_size for path in _files(place))
            yield {"share": min(1.0, arrived / digits.download_bytes)}
            time.sleep(0.1)
    finally:
        if thread.is_alive():  # cancelled: what came in part is of no use
            for path in set(_files(place)) - before:
                if path.suffix != ".gz":
                    with suppress(OSError):
                        path.unlink()
    if errors and isinstance(errors[0], DatasetError):
        raise DatasetError(
            f"{digits.title} could not be downloaded. Is this computer connected to the internet? "
            "You can also choose a folder that holds its files."
        ) from errors[0]
    if errors:
        raise errors[0]


def _files(folder: Path) -> list[Path]:
    """The files that still are there when they are looked at: some are temporary."""
    return [path for path in folder.iterdir() if path.is_file()]
