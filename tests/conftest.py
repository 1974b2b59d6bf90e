"""For all tests: seeded randomness, and a virtual display for those that open a window."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits

from engine.datasets.mnist import has_mnist

# Compiled modules are kept, whatever the environment says: each of the hundreds of processes that tests start
# would compile all of the program anew, and each worker all of the tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A matrix product takes one thread, here and in each process that is started: where other tests use the cores
# as well, several wait for each other ten times as long as a small product takes.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
threadpool_limits(1, user_api="blas")

# The same examples every time, on every machine, whatever failed before. No deadline: machines are shared.
settings.register_profile("thorough", deadline=None, derandomize=True, database=None)
settings.register_profile("quick", settings.get_profile("thorough"), max_examples=40)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("thorough" if config.getoption("--thorough") else "quick")


def _no_wait_for_the_disk(descriptor: int) -> None:
    os.fstat(descriptor)  # one that is closed is an error, as ever


# Only where the power fails is what was written without it lost. Thousands of tests would wait for the disk.
os.fsync = _no_wait_for_the_disk


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough", action="store_true", help="also run what takes long and finds what is rare"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--thorough"):
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    if left_out:
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether time is no matter."""
    return bool(request.config.getoption("--thorough"))


# What is imported and collected lives to the end. To look through it again and again for what has died takes
# a tenth of the time of a collection, and some of each test's.
gc.disable()


def pytest_collection_finish() -> None:
    gc.enable()
    gc.freeze()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Also where the tests were started with SIGINT ignored, as in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def real_data(is_in: Callable[[Path], bool], need: str) -> Path:
    """The folder of the real data sets, for the few tests that are about them."""
    folder = Path(os.environ.get("DIGITS_DATA", "nowhere"))
    if not is_in(folder):
        pytest.skip(f"needs {need}")
    return folder


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    return real_data(has_mnist, "MNIST: set DIGITS_DATA to the folder of its files")


@pytest.fixture(scope="session")
def display() -> Iterator[None]:
    """A screen to open windows on: on Linux one in memory, unless the real one is asked for."""
    if not sys.platform.startswith("linux") or os.environ.get("LENET_CANVAS_TEST_DISPLAY") == "real":
        yield
        return
    if shutil.which("Xvfb") is None:
        pytest.fail("Xvfb is missing. Install the package xvfb; the tests open windows on it.", pytrace=False)
    from pyvirtualdisplay import Display

    with Display(visible=False, size=(1600, 1200), color_depth=24):
        yield
