"""Work for jobs to do in their own process: small, and bad in every way that work can be."""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

from engine.errors import DatasetError


def count(*, to):
    for number in range(1, to + 1):
        yield None
        yield {"number": number, "text": "ü☃"}


def count_for_ever(*, traces):
    """Says that it has begun, leaves a file when it was allowed to tidy up, and writes its pace."""
    traces = Path(traces)
    yield {"pid": os.getpid(), "nice": os.nice(0) if hasattr(os, "nice") else 0}
    try:
        number = 0
        while True:
            number += 1
            time.sleep(0.01)
            yield {"number": number}
    finally:
        (traces / "tidied").touch()


def hang():
    """Reach no further record; the lock is let go of now and then, as a long computation does."""
    yield {"pid": os.getpid()}
    while True:
        time.sleep(0.05)


def hang_with_the_lock():
    """Let no other thread of the process run, so that it cannot hear of a cancel."""
    yield {"pid": os.getpid()}
    if sys.platform == "win32":
        ctypes.PyDLL("kernel32").Sleep(60_000)
    else:
        ctypes.PyDLL(None).sleep(60)


def fail(*, how):
    yield {"begins": True}
    if how == "expected":
        raise DatasetError("The file is missing. Fetch it.")
    if how == "file":
        raise FileNotFoundError(2, "No such file or directory", "/somewhere/digits.gz")
    if how == "memory":
        raise MemoryError
    if how == "surprise":
        raise ZeroDivisionError("by zero")
    if how == "exit":
        sys.stderr.write("the last word\n")
        sys.stderr.flush()
        os._exit(3)
    os.kill(os.getpid(), 9)


def print_and_start_others():
    """Write to stdout, which is where the records go, in all the ways there are."""
    sys.stdout.write("from Python\n")
    os.write(1, b"from C\n")
    subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
    yield {"said": True}


def become_a_list():
    yield {"not JSON": object()}
