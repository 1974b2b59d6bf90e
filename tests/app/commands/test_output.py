"""What every mode says in the same way: lines on stderr, and a status."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import cli
from app.commands.output import fail, say
from tests.app.command_line import one_line

ROOT = Path(__file__).resolve().parents[3]


def test_what_is_no_result_is_a_line_on_stderr(capsys):
    say("going on")
    assert capsys.readouterr() == ("", "lenet-canvas: going on\n")


@pytest.mark.parametrize(("more", "status"), [({}, 1), ({"status": 130}, 130)])
def test_what_went_wrong_is_said_there_and_gives_the_status(capsys, more, status):
    assert fail("It broke.", **more) == status
    assert capsys.readouterr() == ("", "lenet-canvas: It broke.\n")


class Full(io.StringIO):
    """A disk without space."""

    def write(self, text):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("stream", "problem"), [(Full(), "No space left on device"), (None, "standard output is closed")]
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["--list-architectures"],
        ["--mode", "predict", "--path", "{trained}", "{drawings}"],
        ["--mode", "predict", "--path", "{trained}", "{drawings}", "--format", "json"],
        ["--mode", "test", "--path", "{trained}", "--data", "{data}"],
        ["--mode", "train", "--path", "{new}", "--data", "{data}", "--epochs", "1", "--format", "json"],
        ["--mode", "convert", "--path", "{trained}", "--to", "{new}"],
    ],
)
def test_output_that_cannot_be_written_is_no_fault_of_the_input(
    data, trained, drawings, tmp_path, monkeypatch, capsys, arguments, stream, problem
):
    places = {"data": data, "trained": trained, "drawings": drawings, "new": tmp_path / "new"}
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main([word.format(**places) for word in arguments]) == 1
    err = capsys.readouterr().err
    assert one_line(err)
    assert err == f"lenet-canvas: The output could not be written: {problem}.\n"


@pytest.mark.parametrize(
    ("unbuffered", "arguments"),
    [
        ("", "--mode predict --path {trained} {drawings}"),
        ("1", "--mode predict --path {trained} {drawings} --format json"),
        ("1", "--help"),
    ],
)
def test_a_full_disk_is_told_once_as_what_it_is(trained, drawings, unbuffered, arguments):
    if not Path("/dev/full").exists():
        pytest.skip("needs a device that is always full")
    words = [word.format(trained=trained, drawings=drawings) for word in arguments.split()]
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}  # met at the first line, or at the very end
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "main.py", *words],
            cwd=ROOT,
            env=env,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    told = "lenet-canvas: The output could not be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (1, told)


def test_a_standard_output_that_is_closed_is_told_as_that():
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", sys.executable, "main.py", "--list-architectures"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = "lenet-canvas: The output could not be written: standard output is closed.\n"
    assert (done.returncode, done.stderr) == (1, told)


def test_an_error_is_told_also_where_output_cannot_be_written(run, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["--mode", "predict", "--path", str(tmp_path / "none"), "a.png"]) == 1
    assert "There is no network folder" in capsys.readouterr().err


def test_without_a_standard_error_the_status_still_tells(run, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    status, out, _ = run("--mode", "predict", "--path", tmp_path / "none", "a.png")
    assert (status, out) == (1, "")
