"""How long work takes that is made of several kinds, by the pace of each of late and of the machine now."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

MEMORY = 8.0  # seconds of work after which a third is left of what was seen of it, where little is left to do
OF_WHAT_IS_LEFT = 0.1  # as a share of it, where much is left: the farther to look ahead, the farther back
ODD = 10.0  # times: a unit that took longer than that was disturbed itself, and tells nothing of the machine
PROBE_SECONDS = 0.2


class Forecast:
    """Keeps what is left to do of each kind, and what one unit of it takes: as it was of late, or as guessed.

    A machine that has become busy is slow for all kinds alike, which is seen at one of them, the `gauge`:
    what was guessed of the others before is told for the machine as it is now.

    forecast = Forecast("steps", steps=800, epochs=8)
    forecast.guess("epochs", 0.5)
    forecast.did("steps", 0.01)
    forecast.seconds_left  # 799 steps at the pace of the first, and 8 epochs as guessed
    """

    def __init__(self, gauge: str, **left: float) -> None:
        self._gauge = gauge
        self._left: dict[str, float] = dict(left)
        self._done = dict.fromkeys(left, 0.0)  # units, the older the less they count
        self._seconds = dict.fromkeys(left, 0.0)  # that these took
        self._guesses = dict.fromkeys(left, 0.0)
        self._first_done = self._first_seconds = 0.0  # of the gauge, at the beginning
        self.slowness = 1.0  # how many times as long as at first everything takes by now

    def did(self, kind: str, seconds: float, units: float = 1) -> None:
        """So many units took so long."""
        self._left[kind] = max(0.0, self._left[kind] - units)
        if kind == self._gauge and self._seconds[kind]:
            seconds = min(seconds, ODD * units * self.pace(kind))
        kept = self._kept_after(seconds)
        self._done[kind] = kept * self._done[kind] + units
        self._seconds[kind] = kept * self._seconds[kind] + seconds
        if kind == self._gauge and seconds:
            if self._first_seconds < MEMORY:
                self._first_done += units
                self._first_seconds += seconds
            self.slowness = self.pace(kind) * self._first_done / self._first_seconds

    def _kept_after(self, seconds: float) -> float:
        """How much what was seen before counts after so much work."""
        return math.exp(-seconds / max(MEMORY, OF_WHAT_IS_LEFT * self.seconds_left))

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
        return self._seconds[kind] / done if done else self.slowness * self._guesses[kind]

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
