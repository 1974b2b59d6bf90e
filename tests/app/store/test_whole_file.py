"""app/store/whole_file.py: the whole new text, or the whole old one."""

import pytest

from app.store.whole_file import write_text


def test_text_is_written_and_written_over(tmp_path):
    write_text(tmp_path / "a.txt", "old\n")
    write_text(tmp_path / "a.txt", "new – ü\n")
    assert (tmp_path / "a.txt").read_bytes() == "new – ü\n".encode()


def test_a_failed_write_leaves_the_old_text_and_nothing_else(tmp_path, monkeypatch):
    write_text(tmp_path / "a.txt", "old")

    def fail(source, target):
        raise OSError("the disk is full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk is full"):
        write_text(tmp_path / "a.txt", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_an_error_names_the_file_that_was_asked_for(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        write_text(tmp_path / "nowhere" / "a.txt", "new")
    assert caught.value.filename == str(tmp_path / "nowhere" / "a.txt")
