"""Threads: independent pieces of a computation, side by side on the machine's cores.

NumPy lets go of Python's lock while it computes, so threads suffice. Each runs its matrix products
on its own core: `one_blas_thread` keeps the BLAS from starting threads of its own on top.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import TypeVar, cast

from threadpoolctl import threadpool_limits

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_parallel(function: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterable[Result]:
    """function(piece) for each piece, in order; several at a time where there are cores for it."""
    if len(pieces) < 2 or cores() < 2:
        return map(function, pieces)
    return _pool().map(function, pieces)


def one_ahead(items: Iterator[Piece]) -> Iterator[Piece]:
    """The same items, each made in the background while the one before it is used."""
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as worker:
        coming = worker.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = worker.submit(next, items, end)
            yield cast(Piece, item)


def one_blas_thread() -> AbstractContextManager[object]:
    """While it is entered, a matrix product takes one thread. To enter it takes a few milliseconds."""
    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="engine")
