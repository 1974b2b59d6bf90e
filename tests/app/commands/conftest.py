"""What the commands work on: a small data set, a network that has learnt it, and a stroke file."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from app import cli
from app.commands import report
from app.jobs import finishing, references
from engine.explaining import edits
from tests.app.command_line import stroke_line
from tests.digit_templates import write_mnist


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder, train=240, test=50, rng=np.random.default_rng(1))
    return folder


@pytest.fixture(scope="session")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network folder, trained from the command line until it reads the templates. Tests only read it."""
    folder = tmp_path_factory.mktemp("networks") / "mine"
    command = ["--mode", "train", "--path", folder, "--data", data, "--epochs", 8, "--batch-size", 16]
    with pytest.MonkeyPatch.context() as patch:  # as for each test; but this comes before
        patch.setattr(references, "NONE", 30)
        patch.setattr(finishing, "curves_png", lambda run: b"")
        status = cli.main(list(map(str, command)))
    assert status == 0
    return folder


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    path = tmp_path / "drawings.jsonl"
    path.write_text("".join(stroke_line(digit) for digit in range(10)))
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a report two amounts of one distortion, two numbers of each kind and a digit of each explained."""
    from app.reports import measured, numbers
    from engine.reading import robustness

    monkeypatch.setattr(numbers, "COUNT", 2)
    monkeypatch.setattr(measured, "EXPLAINED", 10)
    shift = robustness.DISTORTIONS["shift"]
    monkeypatch.setattr(robustness, "DISTORTIONS", {"shift": replace(shift, amounts=(0, 2))})


@pytest.fixture
def bare(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no numbers, no explanations and no charts: one report with all of them is enough."""
    monkeypatch.setattr(report, "_measured_numbers", lambda *_: None)
    monkeypatch.setattr("app.reports.measured.measured_explanations", lambda *_: [])
    monkeypatch.setattr("app.reports.page.svg", lambda *_: "")


@pytest.fixture
def few_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that are about all the rest: a dozen of each drawing instead of hundreds."""
    candidates = edits._candidates
    monkeypatch.setattr(edits, "_candidates", lambda lines: islice(candidates(lines), 12))
