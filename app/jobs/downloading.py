"""Fetching MNIST as a job, telling how much of it is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

from app.data.download import download_mnist
from app.jobs.records import Progress
from engine.errors import DatasetError

DOWNLOAD_BYTES = 11_594_722  # of MNIST


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
