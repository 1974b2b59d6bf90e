"""Laying out the map of digits as a job: for a network that keeps none it takes half a minute."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from app.jobs.kept_beside import digit_map
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
