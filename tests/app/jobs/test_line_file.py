"""app/jobs/line_file.py: whole lines as they come, and never a wait."""

import os

import pytest

from app.jobs.line_file import LineFile


@pytest.fixture
def lines():
    lines = LineFile()
    yield lines
    lines.close()


def write(lines, data):
    os.write(lines.write_end, data)


def test_lines_come_once_and_in_order(lines):
    assert lines.new_lines() == []
    write(lines, b"one\ntwo\n")
    write(lines, b"three\n")
    assert lines.new_lines() == [b"one", b"two", b"three"]
    assert lines.new_lines() == []
    lines.hand_over()


def test_a_part_of_a_line_waits_for_its_rest(lines):
    write(lines, b"one\ntw")
    assert lines.new_lines() == [b"one"]
    assert lines.new_lines() == []
    write(lines, b"o\n\nthr")
    assert lines.new_lines() == [b"two", b""]
    lines.hand_over()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a file that is open")
def test_from_where_the_other_process_has_it_on_no_crash_leaves_it_behind(lines):
    write(lines, b"one\n")
    lines.hand_over()
    assert not lines._path.exists()
    assert lines.new_lines() == [b"one"]


def test_nothing_is_left_of_it(lines):
    assert lines._path.exists()
    lines.hand_over()
    lines.close()
    assert not lines._path.exists()
