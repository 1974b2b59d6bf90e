"""Threads: independent pieces of a computation, side by side on the machine's cores.

NumPy lets go of Python's lock while it computes, so threads suffice. Each runs its matrix products
on its own core: `computing` keeps the BLAS from starting threads of its own on top.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

from threadpoolctl import ThreadpoolController

from engine.machine.memory import keep_freed_memory

Piece = TypeVar("Piece")
Result = TypeVar("Result")


# **** pieces side by side ****

_this_thread = threading.local()  # `works`: whether it is one of the pool's


def in_parallel(function: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterable[Result]:
    """function(piece) for each piece, in order; several at a time where there are cores for it.

    A piece that calls it again does its own pieces itself, one after the other: were they handed to the pool,
    every thread might wait for pieces that no thread is left to take.
    """
    if len(pieces) < 2 or cores() < 2 or getattr(_this_thread, "works", False):
        return map(function, pieces)
    return _pool().map(function, pieces)


@contextmanager
def on_this_thread() -> Iterator[None]:
    """Within, this thread takes all pieces itself: the other cores have work."""
    before = getattr(_this_thread, "works", False)
    _this_thread.works = True
    try:
        yield
    finally:
        _this_thread.works = before


def one_ahead(items: Iterator[Piece]) -> Iterator[Piece]:
    """The same items, each made in the background while the one before it is used."""
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as worker:
        coming = worker.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = worker.submit(next, items, end)
            yield cast(Piece, item)


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="engine", initializer=_begin_to_work)


def _begin_to_work() -> None:
    _this_thread.works = True


# **** settings of the whole process, held by whoever computes long ****


@contextmanager
def computing() -> Iterator[None]:
    """Around long computations: one thread a matrix product, and freed memory is kept for what comes."""
    keep_freed_memory()
    with one_blas_thread():
        yield


_hold = threading.Lock()
_holders = 0
_before: list[tuple[Any, int]] = []  # each BLAS with the threads that it had before the first holder


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """While anybody is in here, a matrix product takes one thread; after the last, as many as before.

    Several threads may be in here at once, and leave in any order. To enter it takes microseconds.
    """
    global _holders
    with _hold:
        if _holders == 0:
            _before[:] = [(blas, blas.num_threads) for blas in _blas()]
            _set_threads((blas, 1) for blas, _ in _before)
        _holders += 1
    try:
        yield
    finally:
        with _hold:
            _holders -= 1
            if _holders == 0:
                _set_threads(_before)


def _set_threads(counts: Iterable[tuple[Any, int]]) -> None:
    for blas, count in counts:
        blas.set_num_threads(count)


@cache
def _blas() -> list[Any]:
    """Every BLAS that is loaded; to look for them takes milliseconds, and NumPy's is there by now."""
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
