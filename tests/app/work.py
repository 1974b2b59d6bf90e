"""Work for jobs to do in their own process: small, and bad in every way that work can be."""

import ctypes
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from app.jobs import job
from app.jobs.protocol import Record, Wish, encode
from engine.errors import DatasetError


@dataclass(frozen=True)
class Counted(Record):
    number: int
    text: str = ""


@dataclass(frozen=True)
class Started(Record):
    pid: int
    nice: int = 0


@dataclass(frozen=True)
class Said(Record):
    """Something was done."""


@dataclass(frozen=True)
class Unsayable(Record):
    value: object


def count(*, to):
    for number in range(1, to + 1):
        yield None
        yield Counted(number, "ü☃")


def count_for_ever(*, traces):
    """Says that it has begun, leaves a file when it was allowed to tidy up, and writes its pace."""
    traces = Path(traces)
    yield Started(os.getpid(), os.nice(0) if hasattr(os, "nice") else 0)
    try:
        number = 0
        while True:
            number += 1
            time.sleep(0.01)
            yield Counted(number)
    finally:
        (traces / "tidied").touch()


def count_until_told():
    """Count until it is to finish, and say how far it came."""
    number = 0
    wish = Wish()
    while not wish.is_enough:
        number += 1
        time.sleep(0.01)
        wish = yield Counted(number, "watched" if wish.is_watched else "")
    yield Counted(number, "finished")


def hang():
    """Reach no further record; the lock is let go of now and then, as a long computation does."""
    yield Started(os.getpid())
    while True:
        time.sleep(0.05)


def hang_with_little_grace():
    """Hang, and be ended by the process itself as soon as it hears that it is to end."""
    job.GRACE = 0.01
    yield from hang()


def hang_with_the_lock():
    """Let no other thread of the process run, so that it cannot hear of a cancel."""
    yield Started(os.getpid())
    if sys.platform == "win32":
        ctypes.PyDLL("kernel32").Sleep(600_000)
    else:
        ctypes.PyDLL(None).sleep(600)


def fail(*, how):
    yield Said()
    if how == "expected":
        raise DatasetError("The file is missing. Fetch it.")
    if how == "translated":
        raise DatasetError("Quit")  # it stands in every language's file
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
    if how == "silent":
        os._exit(4)
    os.kill(os.getpid(), 9)


def print_and_start_others():
    """Write to stdout, which is where the records go, in all the ways there are."""
    sys.stdout.write("from Python\n")
    os.write(1, b"from C\n")
    subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
    yield Said()


def become_a_list():
    yield Unsayable(object())


def write_lines_of(*, lengths):
    """Long records and short ones, one after the other."""
    for number, length in enumerate(lengths):
        yield Counted(number, "x" * length)


def spoil(line):
    """Write to where the job's records go, past all that encodes them."""
    channel = sys._getframe(3).f_locals["channel"]
    channel.write(line)
    channel.flush()


def end_amid_a_line(*, keep):
    """Be ended by the system when so many bytes of the second record are written."""
    yield Counted(1)
    spoil(encode(Counted(2, "two"))[:keep])
    os.kill(os.getpid(), 9)


def say_garbage(*, line):
    """Say something that is no record, and go on as if it had been one."""
    yield Counted(1)
    spoil(line.encode() + b"\n")
    while True:
        time.sleep(0.01)
        yield Counted(2)


FEW = 100


def retrain_with_few_drawings(**arguments):
    """As the window retrains, but few drawings to test and compare with, and no picture of the curves."""
    # in its process alone: those that only count would take four times as long to start
    from app.data import sources
    from app.jobs import finishing, forecast, prototypes, references, retraining

    for module in (sources, finishing, retraining):
        module.SYNTHETIC_TEST = FEW
    prototypes.OF_A_DIGIT = 10
    references.NONE = 20
    forecast.PROBE_SECONDS, retraining.PROBE = 1e-9, 4
    finishing.curves_png = lambda run: b""
    yield from retraining.retrain(**arguments)


def measure_few_drawings(**arguments):
    """As the window measures, with so few drawings to test with that it takes no time."""
    from app.data import sources
    from app.jobs import evaluating

    sources.SYNTHETIC_TEST = FEW
    yield from evaluating.measure(**arguments)
