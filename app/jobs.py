"""Long work in a process of its own: its progress, pause, resume, cancel, and its error.

    job = Job(retrain, architecture="lenet5", epochs=3)  # it begins at once
    records = job.poll()  # from time to time; never waits
    job.cancel()

The work is a generator function whose arguments and records are plain values, for they travel as lines of
JSON. Between two records it can be paused and cancelled; a record None says no more than that. The process
runs at a lower priority, and it ends itself when its stdin is closed: by `cancel`, and by the system when the
program that started it is gone, however that came about.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from app.messages import for_window
from engine.errors import EngineError

Record = dict[str, Any]
Work = Callable[..., Generator[Record | None, None, None]]

ROOT = Path(__file__).resolve().parent.parent
NICENESS = 15  # of 19: what a person does goes first
GRACE = 1.0  # seconds that the work has to tidy up after a cancel

_START = "import sys; sys.path.insert(0, sys.argv[1]); from app.jobs import serve; serve()"

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
        self.state = "running"
        self.error = ""
        self._was_cancelled: float | None = None  # when
        self._is_finished = False
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the process has ended)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            # Windows: no console pops up, and the priority is given here
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._tell({"work": f"{work.__module__}:{work.__qualname__}", "arguments": arguments})

    @property
    def is_running(self) -> bool:
        """Whether there is more to come, if only after a pause."""
        return self.state in ("running", "paused")

    def poll(self) -> list[Record]:
        """What came since the last time. After the last record, `state` says how it ended."""
        records = []
        with suppress(Empty):
            while (line := self._lines.get_nowait()) is not None:
                kind, value = json.loads(line)
                if kind == "record" and self._was_cancelled is None:
                    records.append(value)
                elif kind == "done":
                    self._is_finished = True
                elif kind == "error":
                    self.error = value["message"]
                    if value["trace"]:
                        logger.error("An error in a job:\n%s", value["trace"])
            self._settle()
        if self._was_cancelled and time.monotonic() > self._was_cancelled + 2 * GRACE:
            self._process.kill()
        return records

    def pause(self) -> None:
        """Halt at the next record."""
        if self.state == "running":
            self.state = "paused"
            self._tell("pause")

    def resume(self) -> None:
        if self.state == "paused":
            self.state = "running"
            self._tell("resume")

    def cancel(self) -> None:
        """End it within a second or so. Nothing waits for it here: poll until it no longer runs."""
        if self._was_cancelled is None:
            self._was_cancelled = time.monotonic()
            with suppress(OSError):  # it has ended already
                assert self._process.stdin is not None
                self._process.stdin.close()

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self.cancel()
        try:
            self._process.wait(2 * GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join()
        self.poll()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _tell(self, message: Any) -> None:
        with suppress(OSError):  # it has ended; poll will say why
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _settle(self) -> None:
        """The process has closed its stdout, so it is over: say how it ended."""
        status = self._process.wait()
        self._stderr.seek(0)
        output = self._stderr.read().decode(errors="replace").strip()
        self._stderr.close()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        if self._is_finished:
            self.state = "done"
        elif self._was_cancelled is not None:
            self.state = "cancelled"
        else:
            self.state = "failed"
            self.error = self.error or _ending(status, output)


def _ending(status: int, output: str) -> str:
    """Why a process that said nothing ended."""
    if status == -getattr(signal, "SIGKILL", 9):
        return "The system ended the process (SIGKILL). Perhaps there was not enough memory."
    last = output.splitlines()[-1] if output else "it left no message"
    how = f"by signal {-status}" if status < 0 else f"with status {status}"
    return f"The process ended {how}: {last}"


# **** in the other process ****


def serve() -> None:
    """Do the work that the first line of stdin names, and tell of it on stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the window, which then closes stdin
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the work prints is no record

    def send(kind: str, value: Any = None) -> None:
        channel.write(json.dumps([kind, value]) + "\n")
        channel.flush()

    first = sys.stdin.readline()
    if not first:
        return
    order = json.loads(first)
    may_go_on, is_over = threading.Event(), threading.Event()
    may_go_on.set()
    threading.Thread(target=_listen, args=(may_go_on, is_over), daemon=True).start()
    try:
        module, name = order["work"].split(":")
        work: Work = getattr(importlib.import_module(module), name)
        if hasattr(os, "nice"):
            os.nice(NICENESS)
        records = work(**order["arguments"])
        for record in records:
            if record is not None:
                send("record", record)
            may_go_on.wait()
            if is_over.is_set():
                records.close()  # so that it tidies up
                return
        send("done")
    except BrokenPipeError:  # nobody listens any more
        return
    except Exception as error:
        with suppress(BrokenPipeError):
            send("error", _described(error))


def _listen(may_go_on: threading.Event, is_over: threading.Event) -> None:
    for line in sys.stdin:
        if json.loads(line) == "pause":
            may_go_on.clear()
        else:
            may_go_on.set()
    is_over.set()
    may_go_on.set()
    time.sleep(GRACE)
    os._exit(1)  # whatever the work is still doing


def _described(error: Exception) -> Mapping[str, str]:
    if isinstance(error, (EngineError, OSError)):
        return {"message": for_window(error), "trace": ""}
    if isinstance(error, MemoryError):
        return {"message": "There is not enough memory for it.", "trace": ""}
    return {
        "message": f"Something went wrong in the program ({type(error).__name__}: {error}).",
        "trace": traceback.format_exc(),
    }
