"""The command line itself: what may be typed, and how a run ends, whatever the mode."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import cli
from tests.app.command_line import one_line

ROOT = Path(__file__).resolve().parents[2]


# **** usage ****


def test_help_names_every_mode_and_option(run):
    status, out, _ = run("--help")
    assert status == 0
    for word in [
        "selftest",
        "train",
        "test",
        "viewtest",
        "predict",
        "DIGITS_DATA",
        "--overwrite",
        "examples",
    ]:
        assert word in out
    assert not re.search(r"\d\.\d{7}", out)  # figures for people


@pytest.mark.parametrize(
    "arguments",
    [
        ["--mode", "dream"],
        ["--no-such-option"],
        ["--mode", "train", "--epochs", "many"],
        ["--mode", "train", "--optimizer", "magic"],
        ["--mode", "test", "--dataset", "letters"],
        ["--mode", "test", "--dataset", "mnist:often"],
        ["--mode", "predict"],
        ["--mode", "test", "--epochs", "3"],
        ["--mode", "test", "digit.png"],
        ["--mode", "test", "--views", "-1"],
        ["--mode", "test", "--views", "many"],
        ["--mode", "viewtest", "--views", "3"],
        ["--epochs", "3"],
        ["--mode", "viewtest", "--format", "json"],
        ["--mode", "report"],
        ["--mode", "report", "--save", "folder", "--format", "json"],
        ["--mode", "augment"],
        ["--mode", "augment", "--save", "a.png", "--epochs", "3"],
        ["--mode", "test", "--resume"],
        ["--mode", "predict", "digit.png", "--config", "a.toml"],
        ["--mode", "train", "--augmentation", "wobble=3"],
        ["one.png", "two.png"],
    ],
)
def test_wrong_usage_has_status_2_and_prints_nothing_on_stdout(run, arguments):
    status, out, err = run(*arguments)
    assert status == 2
    assert not out
    assert "usage:" in err


def test_an_option_that_the_mode_would_ignore_is_named(run):
    _, _, err = run("--mode", "test", "--learning-rate", "1")
    assert "--mode test takes no --learning-rate" in err


@pytest.mark.parametrize(
    ("views", "problem"),
    [
        ("-1", "--views must be in 0…1,000, got -1"),
        ("1001", "got 1001"),
        ("many", "invalid int value: 'many'"),
    ],
)
def test_a_number_of_views_that_makes_no_sense_is_told(run, views, problem):
    _, _, err = run("--mode", "test", "--views", views)
    assert problem in err


# **** how it ends ****


@pytest.mark.parametrize("mode", ["test", "viewtest", "predict", "selftest"])
def test_a_missing_network_is_one_line_on_stderr(run, tmp_path, mode):
    more = ["x.png"] if mode == "predict" else []
    status, out, err = run("--mode", mode, "--path", tmp_path / "nowhere", *more)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "There is no network folder" in err


def test_a_closed_pipe_ends_without_a_traceback():
    command = [sys.executable, "main.py", "--mode", "predict", "assets/examples/digits.jsonl"]
    # buffered, as it is outside of a terminal: the closed pipe is met at the very end
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    try:
        _, err = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode == 0
    assert b"Traceback" not in err


def test_ctrl_c_is_one_line_and_status_130(run, monkeypatch):
    def interrupt(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.MODES["test"], "run", interrupt)
    assert run("--mode", "test") == (130, "", "lenet-canvas: Interrupted.\n")
