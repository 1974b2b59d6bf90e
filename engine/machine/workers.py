"""Workers: processes that live as long as they are needed, and meet in memory that all of them see.

A round is begun and ended by counters in that memory, which everybody looks at: that takes microseconds,
where a message through a pipe takes fifty. Who waits looks a thousand times, then lets others have the core,
then sleeps between two looks. The memory has no name, so nothing is left of it, however the processes end.
"""

import math
import mmap
import os
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.machine.processes import begin_to_work, interrupt_held

Array = npt.NDArray[Any]
Layout = Mapping[str, tuple[tuple[int, ...], npt.DTypeLike]]  # name -> shape and dtype
Round = Callable[[], None]

LINE = 64  # bytes: what different processes write does not share a line of the processor's cache
LOOKS, YIELDS, PAUSE = 1000, 2000, 2e-4  # some milliseconds of looking; then seconds between two looks
ORDERED, DONE, SUMMED = range(3)  # the counters
END = 2**62  # the number of the round that is none
PATIENCE = 2.0  # seconds in which a process has to end


class WorkerEnded(Exception):
    """A process of a team has ended from outside, or could not do its share."""


class Seat:
    """What one process of a team has: its number, and what all share.

    Attributes
    ----------
    index, count : int
        Which of how many; 0 is the process that made the team.
    arrays : dict of str to array
        In memory that all of them see.
    """

    def __init__(self, index: int, count: int, memory: "_Memory", check: Callable[[], None]) -> None:
        self.index, self.count, self.arrays = index, count, memory.arrays
        self._counters = memory.counters
        self._check = check
        self._sums = 0

    def total(self, values: Array) -> Array:
        """The sum of all processes' values, (K,), the same bytes for all; each asks for it in the round."""
        self._sums += 1
        rows = self.arrays["sums"][self._sums % 2, :, : len(values)]  # nobody is two sums ahead of another
        rows[self.index] = values
        self._tell(self.index, SUMMED, self._sums)
        for other in range(self.count):
            self._wait(other, SUMMED, self._sums)
        total: Array = rows.sum(axis=0).astype(values.dtype)
        return total

    def _tell(self, index: int, kind: int, number: int) -> None:
        for _ in range(2):  # what was written before is seen before, on processors that reorder as well
            with _fence:
                pass
        self._counters[8 * (3 * index + kind)] = number

    def _wait(self, index: int, kind: int, number: int) -> int:
        """The counter, once it has come to `number`."""
        counters, place = self._counters, 8 * (3 * index + kind)
        looks = 0
        while (count := counters[place]) < number:
            looks += 1
            if looks > LOOKS + YIELDS:
                self._check()
                time.sleep(PAUSE)
            elif looks > LOOKS:
                time.sleep(0)
        with _fence:
            return count


class Team:
    """This process and others, which do their shares of the same thing, round after round.

    Parameters
    ----------
    count : int
        Of processes, this one among them.
    make : callable
        Sent to each of the others, where it is called with the `Seat` and gives what is done in a round.
    layout : mapping of str to (shape, dtype)
        The arrays that they share, which begin as zeros.
    most_summed : int
        How many values `Seat.total` is asked for at most.

    Raises
    ------
    OSError
        If the system has no memory to share, or no process to give.
    """

    def __init__(
        self, count: int, make: Callable[[Seat], Round], layout: Layout, *, most_summed: int = 1
    ) -> None:
        self._memory = _Memory({**layout, "sums": ((2, count, most_summed), np.float64)}, count)
        self._processes: list[BaseProcess] = []
        self.seat = Seat(0, count, self._memory, self._check)
        self._rounds = 0
        context = get_context("spawn")  # the threads of this process do not survive a fork
        try:
            for index in range(1, count):
                process = context.Process(
                    target=_serve,
                    args=(make, index, count, self._memory),
                    daemon=True,
                    name=f"worker {index}",
                )
                with interrupt_held():
                    process.start()
                self._processes.append(process)
        except OSError:
            self.close()
            raise

    @property
    def arrays(self) -> dict[str, Array]:
        """What all of them share."""
        return self._memory.arrays

    def round(self, share: Round) -> None:
        """Every process does its share, this one `share`; WorkerEnded if one of them has ended."""
        self._rounds += 1
        self.seat._tell(0, ORDERED, self._rounds)
        share()
        for index in range(1, self.seat.count):
            self.seat._wait(index, DONE, self._rounds)

    def close(self) -> None:
        """End the others; the arrays live on where they are referred to."""
        self.seat._tell(0, ORDERED, END)
        for process in self._processes:
            process.join(PATIENCE)
            if process.exitcode is None:  # amid a round, which this process has given up
                process.kill()
                process.join()
        self._processes.clear()

    def _check(self) -> None:
        for process in self._processes:
            if process.exitcode is not None:
                raise WorkerEnded(f"{process.name} has ended with status {process.exitcode}.")


def _serve(make: Callable[[Seat], Round], index: int, count: int, memory: "_Memory") -> None:
    """What another process of a team does all its life."""
    begin_to_work()
    seat = Seat(index, count, memory, lambda: None)
    share = make(seat)
    rounds = 0
    while seat._wait(0, ORDERED, rounds + 1) != END:
        share()
        rounds += 1
        seat._tell(index, DONE, rounds)


_fence = threading.Lock()


class _Memory:
    """Arrays in a block that is handed to a process by being sent to it."""

    def __init__(self, layout: Layout, count: int, file: int | None = None) -> None:
        self._layout, self._count = dict(layout), count
        ends = [3 * count * LINE]  # of the counters, three for each process
        for shape, dtype in self._layout.values():
            ends.append(ends[-1] + -(-math.prod(shape) * np.dtype(dtype).itemsize // LINE) * LINE)
        self._file = _nameless_file() if file is None else file
        weakref.finalize(self, os.close, self._file)
        if file is None:
            os.truncate(self._file, ends[-1])
        self._block = mmap.mmap(self._file, ends[-1])
        self.counters = memoryview(self._block)[: ends[0]].cast("q")
        self.arrays = {
            name: np.frombuffer(self._block, dtype, math.prod(shape), start).reshape(shape)
            for (name, (shape, dtype)), start in zip(self._layout.items(), ends, strict=False)
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _attached, (self._layout, self._count, DupFd(self._file))


def _attached(layout: Layout, count: int, file: Any) -> _Memory:
    return _Memory(layout, count, file.detach())


def _nameless_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("shared by workers")
    with tempfile.TemporaryFile() as temporary:
        return os.dup(temporary.fileno())
