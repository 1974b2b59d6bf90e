"""How long work takes that is made of several kinds, by the pace of each so far and of the machine by now."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

MEMORY = 8.0  # seconds of work after which a third is left of what was seen of the machine
ODD = 10.0  # times: what took longer than that was disturbed itself, and tells nothing of the machine
PROBE_SECONDS = 0.2


class Forecast:
    """Keeps what is left to do of each kind, and what one unit of it takes.

    A machine that has become busy is slow for all kinds alike. So what a unit takes is kept as it would be at
    the pace that the machine had at first, and all that is left is told at the pace that it has now.

    forecast = Forecast(steps=800, epochs=8)
    forecast.guess("epochs", 0.5)
    forecast.did("steps", 0.01)
    forecast.seconds_left  # 799 steps at the pace of the first, and 8 epochs as guessed
    """

    def __init__(self, **left: float) -> None:
        self._left: dict[str, float] = dict(left)
        self._done = dict.fromkeys(left, 0.0)
        self._costs = dict.fromkeys(left, 0.0)  # of all that was done
        self._guesses = dict.fromkeys(left, 0.0)
        self._taken = self._thought = MEMORY  # seconds that work took, and that it should have taken

    @property
    def slowness(self) -> float:
        """How many times as long as at first everything takes by now."""
        return self._taken / self._thought

    def did(self, kind: str, seconds: float, units: float = 1) -> None:
        """So many units took so long."""
        if done := self._done[kind]:
            expected = units * self._costs[kind] / done
            usual = expected * self.slowness
            seconds = min(max(seconds, usual / ODD), usual * ODD)
            kept = math.exp(-seconds / MEMORY)
            self._taken = kept * self._taken + seconds
            self._thought = kept * self._thought + expected
        self._left[kind] = max(0.0, self._left[kind] - units)
        self._done[kind] += units
        self._costs[kind] += seconds / self.slowness

    def skip(self, kind: str, units: float = 1) -> None:
        """So many units were done, but nothing is to be learnt from how long they took."""
        self._left[kind] = max(0, self._left[kind] - units)

    def expect(self, kind: str, units: float) -> None:
        """So many units are left, as is known by now."""
        self._left[kind] = units

    def drop(self, *kinds: str) -> None:
        """Nothing of these is left to do."""
        self._left.update(dict.fromkeys(kinds, 0))

    def guess(self, kind: str, seconds: float) -> None:
        """What one unit would take by now, as long as none was done."""
        self._guesses[kind] = seconds / self.slowness

    def pace(self, kind: str) -> float:
        """Seconds that one unit takes by now."""
        done = self._done[kind]
        return self.slowness * (self._costs[kind] / done if done else self._guesses[kind])

    @property
    def seconds_left(self) -> float:
        return sum(left * self.pace(kind) for kind, left in self._left.items())


def probed(work: Callable[[], object]) -> float:
    """Seconds that it takes on a machine as busy as it is: the mean of some tries, after one for warmth."""
    work()
    tries, seconds, start = 0, 0.0, time.perf_counter()
    while seconds < PROBE_SECONDS:
        work()
        tries, seconds = tries + 1, time.perf_counter() - start
    return seconds / tries
