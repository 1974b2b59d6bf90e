"""Modes that open a window: with which network; and where there can be none, what they say to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.store.networks import SHIPPED
from engine import build_network, save_network
from tests.app.command_line import one_line

ROOT = Path(__file__).resolve().parents[3]


def test_without_a_screen_the_window_says_so_in_one_line(tmp_path, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "n")
    done = subprocess.run(
        [sys.executable, "main.py", "--path", str(tmp_path / "n")],
        cwd=ROOT,
        env={"PATH": "/usr/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 1
    assert one_line(done.stderr)
    assert "no screen" in done.stderr


def test_without_tkinter_the_window_says_what_to_install(run, trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "tkinter", None)
    for module in ("app.gui.screen", "app.gui.window"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    status, _, err = run("--path", trained)
    assert status == 1
    assert one_line(err)
    assert "python3-tk" in err


@pytest.mark.parametrize("named", [False, True])
def test_the_network_that_is_named_is_the_one_to_open(run, trained, monkeypatch, named):
    opened = []
    monkeypatch.setattr("app.gui.window.open_window", lambda *network, **how: opened.append((network, how)))
    assert run(*["--path", trained] * named) == (0, "", "")
    (((recognizer,), how),) = opened
    assert recognizer.folder == (trained if named else SHIPPED)
    assert how == {"is_default": not named, "file": None}  # else that chosen for the start would be opened


def test_a_file_that_is_named_is_handed_to_the_window(run, monkeypatch):
    opened = []
    monkeypatch.setattr("app.gui.window.open_window", lambda *network, **how: opened.append(how))
    assert run("drawing.jsonl") == (0, "", "")
    assert opened[0]["file"] == Path("drawing.jsonl")
