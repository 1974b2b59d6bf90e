"""Long work in a process of its own: its progress, pause, resume, cancel, and its error.

    job = Job(retrain, architecture="lenet5", epochs=3)  # it begins at once
    records = job.poll()  # from time to time; never waits
    job.cancel()

The work is a generator function. Its arguments are what JSON can hold, its records are dataclasses; both
travel as app.jobs.protocol has them. Between two records it can be paused and cancelled; a record None says
no more than that. What a `yield` of it gives back is what is wished of it by then. The process runs at a
lower priority, and it ends itself when its stdin is closed: by `cancel`, and by the system when the program
that started it is gone, however that came about.

No thread runs on this side: all that happens here happens in `poll`, in the thread that calls it.
"""

from __future__ import annotations

import importlib
import io
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

from app import language
from app.jobs.line_file import LineFile
from app.jobs.protocol import (
    Done,
    Failure,
    Finish,
    Message,
    Order,
    Pause,
    ProtocolError,
    Record,
    Resume,
    Watch,
    Wish,
    decode,
    encode,
)
from app.language import _
from app.messages import for_window
from engine.errors import EngineError

Work = Callable[..., Generator[Record | None, Any, None]]

ROOT = Path(__file__).resolve().parents[2]
NICENESS = 15  # of 19: what a person does goes first
GRACE = 1.0  # seconds that the work has to tidy up after a cancel

_START = "import sys; sys.path.insert(0, sys.argv[1]); from app.jobs.job import serve; serve()"

logger = logging.getLogger(__name__)


class Job:
    """Work that runs in another process.

    Parameters
    ----------
    work : generator function at the top level of a module
    arguments
        What JSON can hold.

    Attributes
    ----------
    state : "running", "paused", "done", "failed" or "cancelled"
        As far as `poll` has seen.
    error : str
        Why it failed, as a sentence for the person.
    """

    def __init__(self, work: Work, **arguments: Any) -> None:
        name = f"{work.__module__}:{work.__qualname__}"
        order = encode(Order(name, arguments, language.spoken()))  # or nothing is started
        self.state = "running"
        self.error = ""
        self._was_cancelled: float | None = None  # when
        self._is_finished = False
        self._is_garbled = False
        self._output = LineFile()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the process has ended)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=self._output.write_end,
            stderr=self._stderr,
            bufsize=0,
            # Windows: no console pops up, and the priority is given here
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        self._output.hand_over()
        self._tell(order)

    @property
    def is_running(self) -> bool:
        """Whether there is more to come, if only after a pause."""
        return self.state in ("running", "paused")

    def poll(self) -> list[Record]:
        """What came since the last time. After the last record, `state` says how it ended."""
        if not self.is_running:
            return []
        has_ended = self._process.poll() is not None  # before reading: then nothing can come any more
        records = [record for line in self._output.new_lines() for record in self._heard(line)]
        if has_ended:
            self._settle()
        elif self._was_cancelled is not None and time.monotonic() > self._was_cancelled + 2 * GRACE:
            self._process.kill()
        return records

    def pause(self) -> None:
        """Halt at the next record; one that was cancelled ends instead."""
        if self.state == "running" and self._was_cancelled is None:
            self.state = "paused"
            self._tell(encode(Pause()))

    def resume(self) -> None:
        if self.state == "paused" and self._was_cancelled is None:
            self.state = "running"
            self._tell(encode(Resume()))

    def finish(self) -> None:
        """Have it come to an end early, with what it has; one that is paused goes on for that."""
        if self.is_running and self._was_cancelled is None:
            self.state = "running"
            self._tell(encode(Finish()))

    def watch(self, is_on: bool) -> None:
        """Have it show more of its work, or no longer."""
        if self.is_running and self._was_cancelled is None:
            self._tell(encode(Watch(is_on)))

    def cancel(self) -> None:
        """End it within a second or so. Nothing waits for it here: poll until it no longer runs."""
        if self._was_cancelled is None:
            self._was_cancelled = time.monotonic()
            self._stop_telling()

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self.cancel()
        try:
            self._process.wait(2 * GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.poll()

    def _heard(self, line: bytes) -> list[Record]:
        """The record that a line is, or none if it is of another kind."""
        if self._is_garbled:
            return []
        try:
            message = decode(line)
        except ProtocolError as error:
            self._is_garbled = True
            self.error = str(error)
            self._process.kill()
            return []
        if isinstance(message, Record) and self._was_cancelled is None:
            return [message]
        if isinstance(message, Done):
            self._is_finished = True
        elif isinstance(message, Failure):
            self.error = message.message
            if message.trace:
                logger.error("An error in a job:\n%s", message.trace)
        return []

    def _tell(self, line: bytes) -> None:
        with suppress(OSError):  # it has ended; poll will say why
            assert self._process.stdin is not None
            self._process.stdin.write(line)

    def _stop_telling(self) -> None:
        with suppress(OSError):  # it has ended already
            assert self._process.stdin is not None
            self._process.stdin.close()

    def _settle(self) -> None:
        """The process is over: say how it ended."""
        self._stderr.seek(0)
        output = self._stderr.read().decode(errors="replace").strip()
        self._stderr.close()
        self._output.close()
        self._stop_telling()
        if self._is_finished and not self._is_garbled:
            self.state = "done"
        elif self._was_cancelled is not None:
            self.state = "cancelled"
        else:
            self.state = "failed"
            self.error = self.error or _ending(self._process.returncode, output)


def _ending(status: int, output: str) -> str:
    """Why a process that said nothing ended."""
    if status == -getattr(signal, "SIGKILL", 9):
        return _("The system ended the process (SIGKILL). Perhaps there was not enough memory.")
    text = (
        _("The process ended by signal {number}: {message}")
        if status < 0
        else _("The process ended with status {number}: {message}")
    )
    message = output.splitlines()[-1] if output else _("it left no message")
    return text.format(number=abs(status), message=message)


# **** in the other process ****


def serve() -> None:
    """Do the work that the first line of stdin names, and tell of it on stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the window, which then closes stdin
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the work prints is no record

    def send(message: Message) -> None:
        channel.write(encode(message))
        channel.flush()

    # no buffer: its lock, held by the thread that listens, would abort Python's end
    orders = _Orders(os.fdopen(os.dup(0), "rb", buffering=0))
    first = orders.stream.readline()
    if not first:
        return
    spoken = language.SOURCE
    try:
        order = decode(first)
        if not isinstance(order, Order):
            raise ProtocolError(f"An order was expected first, got {order}.")
        spoken = order.language
        threading.Thread(target=orders.listen, daemon=True).start()
        module, name = order.work.split(":")
        work: Work = getattr(importlib.import_module(module), name)
        if hasattr(os, "nice"):
            os.nice(NICENESS)
        _work(work(**order.arguments), orders, send)
    except Exception as error:
        # not before: what the work writes into a network's folder is English
        with language.speaking(spoken):
            send(_described(error))


def _work(
    records: Generator[Record | None, Any, None], orders: _Orders, send: Callable[[Message], None]
) -> None:
    """Send the records, to the last or until it is enough."""
    try:
        record = next(records)
        while True:
            if record is not None:
                send(record)
            orders.may_go_on.wait()
            if orders.are_over.is_set():
                records.close()  # so that it tidies up
                if orders.error:
                    send(Failure(orders.error, ""))
                return
            record = records.send(Wish(orders.want_an_end.is_set(), orders.are_watched.is_set()))
    except StopIteration:
        send(Done())


class _Orders:
    """What the window wants, as a thread hears it on a stream."""

    def __init__(self, stream: io.FileIO) -> None:
        self.stream = stream
        self.may_go_on, self.are_over = threading.Event(), threading.Event()
        self.want_an_end, self.are_watched = threading.Event(), threading.Event()
        self.may_go_on.set()
        self.error = ""

    def listen(self) -> None:
        """Until stdin is closed, or says what cannot be understood: then the work is to end."""
        for line in self.stream:
            try:
                order = decode(line)
            except ProtocolError as error:
                self.error = str(error)
                break
            if isinstance(order, Pause):
                self.may_go_on.clear()
            elif isinstance(order, Watch):
                self.are_watched.set() if order.is_on else self.are_watched.clear()
            else:
                if isinstance(order, Finish):
                    self.want_an_end.set()
                self.may_go_on.set()
        self.are_over.set()
        self.may_go_on.set()
        time.sleep(5 * GRACE)  # the window ends it earlier, if it is still there
        os._exit(1)  # whatever the work is still doing


def _described(error: Exception) -> Failure:
    if isinstance(error, (EngineError, OSError)):
        return Failure(for_window(error), "")
    if isinstance(error, ProtocolError):
        return Failure(str(error), "")
    if isinstance(error, MemoryError):
        return Failure(_("There is not enough memory for it."), "")
    text = _("Something went wrong in the program ({kind}: {error}).")
    return Failure(text.format(kind=type(error).__name__, error=error), traceback.format_exc())
