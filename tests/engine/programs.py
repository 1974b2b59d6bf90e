"""Programs of the tests that kill what they start, run as processes of their own."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_killer(program: ModuleType, *arguments: object) -> None:
    """Run a program that forks and kills, and expect it to end well; skips where a system has neither."""
    if sys.platform == "win32":
        pytest.skip("needs fork and SIGKILL")
    done = subprocess.run(
        [sys.executable, "-m", program.__name__, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # no threads, which a fork would lose
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
