"""Files within bounds: what is no file is refused at once, and no reader takes more than it said."""

import gzip
import io
import os
import stat
import tracemalloc
from pathlib import Path

import pytest

from engine.files.bounded_files import (
    CHUNK,
    is_text,
    open_file,
    open_text,
    read_at_most,
    read_bytes,
    read_lines,
)


@pytest.fixture
def pipe(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs a system with named pipes")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.fixture
def endless():
    path = Path("/dev/zero")
    if not (path.exists() and stat.S_ISCHR(path.stat().st_mode)):
        pytest.skip("needs a device that never ends")
    return path


def link(to, path):
    try:
        path.symlink_to(to)
    except (OSError, NotImplementedError):
        pytest.skip("needs a system with symbolic links")
    return path


# **** what is a file ****


def test_a_file_and_a_link_to_one_are_read(tmp_path):
    (tmp_path / "file").write_bytes(b"\x00\r\n\x1a\xff")
    for path in (tmp_path / "file", str(tmp_path / "file"), link(tmp_path / "file", tmp_path / "link")):
        assert read_bytes(path, 100) == b"\x00\r\n\x1a\xff"


def test_a_pipe_that_nobody_writes_to_is_refused_at_once(pipe):
    with pytest.raises(OSError, match="it is a pipe, and only files are read") as caught:
        open_file(pipe)
    assert caught.value.filename == str(pipe)


def test_a_device_is_refused_also_behind_a_link(endless, tmp_path):
    for path in (endless, link(endless, tmp_path / "link.npy")):
        with pytest.raises(OSError, match="it is a device, and only files are read"):
            read_bytes(path, 10)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OSError, match=r"directory|denied"):
        open_file(tmp_path)


def test_a_socket_is_no_file(tmp_path, monkeypatch):
    socket = pytest.importorskip("socket")
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("needs a system with sockets that have names")
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        with pytest.raises(OSError):
            open_file("socket")


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_file_can_have_is_an_os_error(name):
    if os.name == "nt" and "\0" not in name:
        pytest.skip("such a name is possible there")
    with pytest.raises(OSError, match="no file can have such a name"):
        open_file(name)


def test_a_missing_file_is_an_os_error_that_names_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.npy"):
        read_bytes(tmp_path / "none.npy", 10)


# **** how much of it ****


def test_a_file_of_just_the_most_is_read_and_a_larger_one_is_refused(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(1000))
    assert read_bytes(path, 1000) == bytes(1000)
    with pytest.raises(OSError, match="it is larger than the 999 bytes that are read"):
        read_bytes(path, 999)


def test_no_more_is_unpacked_and_no_more_memory_taken_than_asked_for():
    bomb = io.BytesIO(gzip.compress(bytes(2**26)))
    tracemalloc.start()
    try:
        assert read_at_most(gzip.GzipFile(fileobj=bomb), 1000) == bytes(1000)
        assert read_at_most(io.BytesIO(b"few"), 10**15) == b"few"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * CHUNK


# **** lines ****


def test_lines_come_as_they_are():
    text = "one\n\ntwo\nthree"
    assert list(read_lines(io.StringIO(text), 10)) == ["one\n", "\n", "two\n", "three"]


@pytest.mark.parametrize("length", [11, 12, 100, CHUNK + 11, CHUNK + 12, 3 * CHUNK])
def test_of_a_long_line_the_beginning_comes_and_the_next_is_whole(length):
    for end in ("\n", "\nnext\n"):
        lines = list(read_lines(io.StringIO("x" * (length - 1) + end), 10))
        assert lines == ["x" * min(length - 1, 11) + "\n" * (length <= 11), *["next\n"] * ("next" in end)]


def test_a_long_line_is_not_kept():
    class Endless(io.StringIO):
        left = 100 * CHUNK

        def readline(self, size=-1):
            self.left -= size
            return "x" * size if self.left > 0 else ""

    tracemalloc.start()
    try:
        (line,) = read_lines(Endless(), 10)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(line) == 11
    assert peak < 8 * CHUNK


def test_bytes_that_are_no_text_spoil_their_own_line_alone(tmp_path):
    path = tmp_path / "mixed"
    path.write_bytes(b"one\r\n\xff\xfe\nz\xc3\xbc\rlast")
    with open_text(path) as file:
        lines = list(read_lines(file, 10))
    assert [is_text(line) for line in lines] == [True, False, True, True]
    assert [line for line in lines if is_text(line)] == ["one\n", "zü\n", "last"]
