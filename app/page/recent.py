"""The files that were opened or saved last, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.store.settings import MOST_RECENT


def with_latest(recent: Sequence[str], path: Path) -> tuple[str, ...]:
    """The list with a file at its head, each file once."""
    latest = str(path.absolute())
    return (latest, *(each for each in recent if each != latest))[:MOST_RECENT]


def without(recent: Sequence[str], path: str) -> tuple[str, ...]:
    """The list without a file that is gone."""
    return tuple(each for each in recent if each != path)


def labels(recent: Sequence[str]) -> tuple[str, ...]:
    """What the files are called in a menu: their names, with the folder where a name stands there twice."""
    names = [Path(each).name for each in recent]
    return tuple(
        name if names.count(name) == 1 else f"{name} — {Path(each).parent}"
        for name, each in zip(names, recent, strict=True)
    )
