"""Many answers, in order, by several processes; the first ones here, since those take a second to begin."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

from engine.errors import WorkerError
from engine.machine.processes import Processes
from engine.machine.threads import on_this_thread

FIRST = 500  # answered here: as many as take as long as it takes to begin
PIECE = 50  # sent at a time
AHEAD = 3  # pieces that wait for a process, so that none waits for pieces

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(
    answer: Callable[[Item], Answer], items: Iterable[Item], *, workers: int
) -> Iterator[Answer]:
    """answer(item) for each item, in their order; where there are many, by so many processes.

    Each of the first ones is answered before the next is asked for. WorkerError if a process is ended.
    """
    rest = iter(items)
    yield from map(answer, rest if workers < 2 else islice(rest, FIRST))
    coming: deque[Future[list[Answer]]] = deque()
    with Processes(workers) as processes:
        try:
            while piece := list(islice(rest, PIECE)):
                coming.append(processes.submit(_answers, answer, piece))
                if len(coming) >= AHEAD * workers:
                    yield from coming.popleft().result()
            while coming:
                yield from coming.popleft().result()
        except BrokenProcessPool as error:
            raise WorkerError(
                "A process that reads was ended from outside, perhaps for want of memory. Close other "
                "programs, or let fewer workers read."
            ) from error


def _answers(answer: Callable[[Item], Answer], piece: list[Item]) -> list[Answer]:
    with on_this_thread():
        return [answer(item) for item in piece]
