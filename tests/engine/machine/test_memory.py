"""Memory: asking for it to be kept changes nothing but the speed."""

import subprocess
import sys

import numpy as np
import pytest

from engine import Dataset, TrainingConfig, TrainingRun, build_network
from engine.machine import memory
from engine.machine.threads import one_blas_thread
from engine.reading.evaluation import logits_of
from tests.digit_templates import digit_images


def test_it_is_asked_for_once_and_only_where_it_is_known(monkeypatch):
    calls = []

    class Library:
        def __init__(self, name):
            self.mallopt = lambda *arguments: calls.append(arguments)

    monkeypatch.setattr(memory.ctypes, "CDLL", Library)
    keep = memory.keep_freed_memory.__wrapped__
    monkeypatch.setattr(sys, "platform", "darwin")
    keep()
    assert calls == []
    monkeypatch.setattr(sys, "platform", "linux")
    keep()
    assert [option for option, _ in calls] == [memory.M_MMAP_THRESHOLD, memory.M_TRIM_THRESHOLD]


@pytest.fixture
def asked(monkeypatch):
    """What mallopt is called with from here on, as if nobody had called it."""
    calls = []

    class Library:
        def __init__(self, name):
            self.mallopt = lambda *arguments: calls.append(arguments)

    with one_blas_thread():
        pass  # a BLAS is looked for once, in libraries that are real
    monkeypatch.setattr(memory.ctypes, "CDLL", Library)
    monkeypatch.setattr(sys, "platform", "linux")
    memory.keep_freed_memory.cache_clear()
    yield calls
    memory.keep_freed_memory.cache_clear()  # the next one that needs it asks the real library


BOTH = [(-3, 2**31 - 1), (-1, 2**31 - 1)]  # M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of glibc's malloc.h: never


def test_the_first_step_of_a_training_asks_for_it(asked):
    digits = Dataset(*digit_images(20, np.random.default_rng(7)))
    run = TrainingRun(digits, TrainingConfig(architecture="mlp-tanh", batch_size=4, validation_fraction=0.2))
    assert asked == []
    records = iter(run)
    next(records)
    assert asked == BOTH
    next(records)
    assert asked == BOTH


def test_a_large_evaluation_asks_for_it_and_the_reading_of_a_drawing_does_not(asked, rng):
    network = build_network("mlp-tanh", rng=rng)
    network.logits(rng.random((1, 28, 28), np.float32))
    assert asked == []
    for _ in range(3):
        logits_of(network, rng.random((1000, 28, 28), np.float32))
    assert asked == BOTH


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_a_c_library_without_the_option_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    memory.keep_freed_memory.__wrapped__()


GIVES_BACK = """
import numpy as np
from pathlib import Path
from engine.machine.memory import give_back_freed_memory, keep_freed_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

keep_freed_memory()
arrays = [np.ones(2**17) for _ in range(100)]  # 100 MiB
last = np.ones(10)  # above them: what is at the end of the heap alone would be given back more easily
del arrays
kept = resident()
give_back_freed_memory()
print((kept - resident()) >> 20)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems keep what they like")
def test_what_was_freed_and_kept_is_given_back():
    found = subprocess.run([sys.executable, "-c", GIVES_BACK], capture_output=True, text=True, check=True)
    assert int(found.stdout) > 80


def test_where_it_is_not_known_nothing_is_given_back(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())  # as musl, without malloc_trim
    memory.give_back_freed_memory()
