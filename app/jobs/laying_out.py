"""What explains a network, made as a job: digits to compare with take seconds, their map half a minute."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from app.jobs.kept_beside import digit_index, digit_map
from engine import SavedNetwork


def lay_out(*, network: str, data: str) -> Generator[None, None, None]:
    """Make the map of a network's digits, as a job; it is kept, so that `digit_map` finds it then.

    Raises
    ------
    EngineError
        If the network cannot be read.
    """
    yield None
    digit_map(SavedNetwork.load(network).network, Path(network), Path(data))


def gather(*, network: str, data: str) -> Generator[None, None, None]:
    """Make the index of digits that drawings are compared with, as a job; `find_digit_index` finds it then.

    Raises
    ------
    EngineError
        If the network cannot be read.
    """
    yield None
    digit_index(SavedNetwork.load(network).network, Path(network), Path(data))
