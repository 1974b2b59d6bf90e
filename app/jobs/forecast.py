"""How long work takes that is made of several kinds, by the pace of each so far."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 3


class Forecast:
    """Keeps what is left to do of each kind, and what one unit of it takes.

    forecast = Forecast(steps=800, epochs=8)
    forecast.guess("epochs", 0.5)
    forecast.did("steps", 0.01)
    forecast.seconds_left  # 799 steps at the pace of the first, and 8 epochs as guessed
    """

    def __init__(self, **left: int) -> None:
        self._left = dict(left)
        self._done = dict.fromkeys(left, 0)
        self._seconds = dict.fromkeys(left, 0.0)
        self._guesses = dict.fromkeys(left, 0.0)

    def did(self, kind: str, seconds: float, units: int = 1) -> None:
        """So many units took so long."""
        self._left[kind] = max(0, self._left[kind] - units)
        self._done[kind] += units
        self._seconds[kind] += seconds

    def skip(self, kind: str, units: int = 1) -> None:
        """So many units were done, but nothing is to be learnt from how long they took."""
        self._left[kind] = max(0, self._left[kind] - units)

    def expect(self, kind: str, units: int) -> None:
        """So many units are left, as is known by now."""
        self._left[kind] = units

    def drop(self, *kinds: str) -> None:
        """Nothing of these is left to do."""
        self._left.update(dict.fromkeys(kinds, 0))

    def guess(self, kind: str, seconds: float) -> None:
        """What one unit takes, as long as none was done."""
        self._guesses[kind] = seconds

    def pace(self, kind: str) -> float:
        """Seconds that one unit takes."""
        done = self._done[kind]
        return self._seconds[kind] / done if done else self._guesses[kind]

    @property
    def seconds_left(self) -> float:
        return sum(left * self.pace(kind) for kind, left in self._left.items())


def quickest(work: Callable[[], object]) -> float:
    """Seconds that it takes, by the quickest of some tries: what disturbs one only makes it longer."""
    seconds = []
    for _ in range(TRIES):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)
