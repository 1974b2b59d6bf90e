"""engine/files/file_lock.py: one at a time, in every process; and none is held by a killed one."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.files import file_lock
from engine.files.file_lock import HeldError, locked, locked_folder

ROOT = Path(__file__).resolve().parents[3]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs fcntl and SIGKILL")

HOLD = """
import sys
from pathlib import Path
from engine.files.file_lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""

# each of them adds one, by reading and writing, so that a second one in between would lose one
COUNT = """
import sys
from pathlib import Path
from engine.files.file_lock import locked
lock, counter = map(Path, sys.argv[1:])
for _ in range(100):
    with locked(lock, wait=60):
        counter.write_text(str(int(counter.read_text()) + 1))
"""


def program(code, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, text=True, **options
    )


def holding(path):
    process = program(HOLD, path, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "held\n"
    return process


def test_it_is_held_within_and_gone_afterwards(tmp_path):
    for _ in range(3):
        with locked(tmp_path / "lock"):
            assert (tmp_path / "lock").exists()
        assert not list(tmp_path.iterdir())


def test_it_is_gone_after_an_error_too(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock"):
        _ = 1 / 0
    assert not list(tmp_path.iterdir())


def test_nobody_else_gets_it_in_this_process_or_another(tmp_path):
    with locked(tmp_path / "lock"), pytest.raises(HeldError), locked(tmp_path / "lock"):
        pass
    with holding(tmp_path / "lock") as process:
        with (
            pytest.raises(HeldError, match="is held by another process"),
            locked(tmp_path / "lock", wait=0.05),
        ):
            pass
        process.communicate("")
    with locked(tmp_path / "lock"):
        pass


@POSIX
def test_a_killed_process_holds_it_no_longer(tmp_path):
    with holding(tmp_path / "lock") as process:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert (tmp_path / "lock").exists()
    with locked(tmp_path / "lock"):
        pass
    assert not list(tmp_path.iterdir())


def test_whoever_waits_gets_it_when_it_is_let_go_of(tmp_path):
    got = []

    def wait():
        with locked(tmp_path / "lock", wait=60):
            got.append((tmp_path / "lock").exists())

    waiting = threading.Thread(target=wait)
    with locked(tmp_path / "lock"):
        waiting.start()
        assert not got
    waiting.join()
    assert got == [True]


def test_many_at_once_hold_it_one_after_the_other(tmp_path):
    (tmp_path / "counter").write_text("0")
    processes = [program(COUNT, tmp_path / "lock", tmp_path / "counter") for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert (tmp_path / "counter").read_text() == "300"
    assert [path.name for path in tmp_path.iterdir()] == ["counter"]


@POSIX
def test_a_lock_of_a_file_that_was_removed_in_between_is_none(tmp_path, monkeypatch):
    """The one before has removed its file after we had opened it, and a third one has locked another."""
    original = os.open
    with ExitStack() as third:

        def late(*arguments, **options):
            descriptor = original(*arguments, **options)
            monkeypatch.undo()
            (tmp_path / "lock").unlink()
            third.enter_context(locked(tmp_path / "lock"))
            return descriptor

        monkeypatch.setattr(os, "open", late)
        with pytest.raises(HeldError), locked(tmp_path / "lock"):
            pass
    with locked(tmp_path / "lock"):
        pass


@POSIX
def test_a_planted_link_is_not_followed(tmp_path):
    (tmp_path / "lock").symlink_to("precious")
    with pytest.raises(OSError), locked(tmp_path / "lock"):
        pass
    assert not (tmp_path / "precious").exists()


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), locked(tmp_path / "nowhere" / "lock"):
        pass


@POSIX
def test_a_disk_that_knows_no_locks_is_written_to_without_and_a_broken_one_is_told(tmp_path, monkeypatch):
    def refuse(number):
        def flock(*arguments):
            raise OSError(number, os.strerror(number))

        return flock

    monkeypatch.setattr(file_lock.fcntl, "flock", refuse(95))
    with locked(tmp_path / "lock"):
        pass
    monkeypatch.setattr(file_lock.fcntl, "flock", refuse(5))
    with pytest.raises(OSError, match="Input/output error"), locked(tmp_path / "lock"):
        pass


def test_a_folder_that_was_made_for_a_lock_is_gone_again_if_it_stays_empty(tmp_path):
    folder = tmp_path / "a" / "b"
    with locked_folder(folder, "lock"):
        assert [path.name for path in folder.iterdir()] == ["lock"]
    assert not folder.exists()
    with locked_folder(folder, "lock"):
        (folder / "notes.txt").touch()
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_folder_that_was_there_stays_even_if_it_is_empty(tmp_path):
    with pytest.raises(ZeroDivisionError), locked_folder(tmp_path, "lock"):
        _ = 1 / 0
    assert not list(tmp_path.iterdir())


def test_a_folder_that_another_one_holds_is_left_to_it(tmp_path):
    with locked_folder(tmp_path / "a", "lock"):
        with pytest.raises(HeldError), locked_folder(tmp_path / "a", "lock"):
            pass
        assert (tmp_path / "a" / "lock").exists()
    assert not (tmp_path / "a").exists()


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path):
    (tmp_path / "a").write_text("mine")
    with pytest.raises(NotADirectoryError), locked_folder(tmp_path / "a", "lock"):
        pass
    assert (tmp_path / "a").read_text() == "mine"
