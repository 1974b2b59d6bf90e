"""Processes: pieces of work that run beside this one, for what holds Python's lock.

They end with this process, however it ends, and are deaf to Ctrl-C, which is this one's to answer.
"""

import os
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from typing import ParamSpec, TypeVar

from engine.machine.threads import computing

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Processes:
    """At most `count` processes, started when there is work; with 0 the work is done here, at once."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._executor: ProcessPoolExecutor | None = None

    def submit(
        self, function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> "Future[Result]":
        """The coming result of function(*args, **kwargs), which are copied into another process."""
        if self.count == 0:
            done: Future[Result] = Future()
            done.set_result(function(*args, **kwargs))
            return done
        if self._executor is None:
            # spawned, not forked: the threads of this process do not survive a fork
            self._executor = ProcessPoolExecutor(
                self.count, mp_context=get_context("spawn"), initializer=begin_to_work
            )
            weakref.finalize(self, self._executor.shutdown, cancel_futures=True)
        with interrupt_held():
            return self._executor.submit(function, *args, **kwargs)

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; what has not begun is given up."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None


@contextmanager
def interrupt_held() -> Iterator[None]:
    """A process that is started in here is deaf to Ctrl-C from birth; this one hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows it is deaf only once `begin_to_work` has run
        yield
        return
    resource_tracker.ensure_running()  # its own start, which comes first, would end the holding
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_for_good = ExitStack()  # never left: what a worker computes is one piece among others


def begin_to_work() -> None:
    """What every process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _for_good.enter_context(computing())
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed tells nobody, and its workers would wait for ever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
