"""Processes: results in order wherever they are made, and none is left behind, however the parent ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from engine.machine.memory import keep_freed_memory
from engine.machine.processes import Processes

ROOT = Path(__file__).resolve().parents[3]


def is_alive(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_for_the_end(pid, seconds=20):
    end = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < end:
        threading.Event().wait(0.02)
    return not is_alive(pid)


def test_without_processes_the_work_is_done_here_and_now():
    processes = Processes(0)
    assert processes.submit(os.getpid).result() == os.getpid()
    processes.close()


def test_work_is_done_elsewhere_and_closing_ends_it():
    processes = Processes(1)
    assert [processes.submit(divmod, 7, n).result() for n in (2, 3)] == [(3, 1), (2, 1)]
    pid = processes.submit(os.getpid).result()
    assert pid != os.getpid()
    processes.close()
    assert wait_for_the_end(pid)


PROGRAM = """
import os, sys
from engine.machine.memory import keep_freed_memory
from engine.machine.processes import Processes
if __name__ == "__main__":
    processes = Processes(1)
    try:
        print(processes.submit(os.getpid).result(), flush=True)
        waiting = [processes.submit(sum, range(10**7)) for _ in range(5_000)]
        waiting[-1].result()
    finally:
        processes.close()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_its_parent(tmp_path, ending):
    (tmp_path / "program.py").write_text(PROGRAM)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "program.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    try:
        worker = int(parent.stdout.readline())
        if ending == signal.SIGINT:
            os.killpg(parent.pid, ending)  # as a terminal does: everybody hears it
        else:
            parent.kill()
        _, complaints = parent.communicate(timeout=60)
        assert wait_for_the_end(worker)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(parent.pid, signal.SIGKILL)
    assert complaints.count("Traceback") <= (ending == signal.SIGINT)  # the parent's own


def keeps_freed_memory():
    return keep_freed_memory.cache_info().currsize == 1


def test_what_works_here_keeps_the_memory_that_it_frees():
    """Else each array of a training step is fresh pages, half as long again."""
    with Processes(1) as processes:
        assert processes.submit(keeps_freed_memory).result()
