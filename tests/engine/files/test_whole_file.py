"""engine/files/whole_file.py: the whole new file, or the whole old one, and never another one's."""

import os
import sys

import pytest

from engine.files import whole_file
from engine.files.whole_file import beside, remove_parts, replacing, write_synced, write_text

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs links and modes")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(path, content):
    with replacing(path) as part:
        part.write_bytes(content)


@pytest.mark.parametrize("name", ["a.txt", "ü 数字 🙂.json", "n" * 255, "ü" * 127, ".hidden", "no suffix."])
def test_any_name_that_the_system_takes_is_written_and_written_over(tmp_path, name):
    for content in (b"old", b"", b"new"):
        write(tmp_path / name, content)
        assert (tmp_path / name).read_bytes() == content
        assert names(tmp_path) == [name]


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
def test_a_failure_leaves_the_old_file_and_names_it_and_no_other(tmp_path, monkeypatch, call):
    write(tmp_path / "a.txt", b"old")

    def fail(*arguments):
        raise OSError(
            28, "No space left on device", *[a for a in arguments if isinstance(a, os.PathLike)][:1]
        )

    monkeypatch.setattr(call, fail)
    with pytest.raises(OSError) as caught:
        write(tmp_path / "a.txt", b"new")
    monkeypatch.undo()
    assert str(caught.value) == f"[Errno 28] No space left on device: {str(tmp_path / 'a.txt')!r}"
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_a_missing_folder_is_told_with_the_name_that_was_asked_for(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        write(tmp_path / "nowhere" / "a.txt", b"new")
    assert caught.value.filename == str(tmp_path / "nowhere" / "a.txt")


def test_an_error_about_another_file_keeps_its_name(tmp_path):
    with pytest.raises(FileNotFoundError) as caught, replacing(tmp_path / "a.txt"):
        (tmp_path / "other").read_bytes()
    assert caught.value.filename == str(tmp_path / "other")
    assert names(tmp_path) == []


def test_what_is_written_synced_is_in_the_file_when_the_disk_is_waited_for(tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr("os.fsync", lambda file: waited.append(os.fstat(file).st_size))
    write_synced(tmp_path / "a.txt", b"whole")
    assert waited == [5]


def test_an_interruption_leaves_the_old_file(tmp_path):
    write(tmp_path / "a.txt", b"old")
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "a.txt") as part:
        part.write_bytes(b"ne")
        raise KeyboardInterrupt
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


@POSIX
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_usual_mode_and_a_replaced_one_its_own(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        write(tmp_path / "new", b"")
        (tmp_path / "secret").touch()
        (tmp_path / "secret").chmod(0o440)
        write(tmp_path / "secret", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == mode
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o440
    assert (tmp_path / "secret").read_bytes() == b"new"


@POSIX
def test_a_planted_link_is_never_followed(tmp_path, monkeypatch):
    """Not even one that has guessed the name."""
    (tmp_path / "precious").write_bytes(b"mine")
    monkeypatch.setattr(whole_file.secrets, "token_hex", lambda count: "0" * 2 * count)
    (tmp_path / f".{'0' * 16}.part").symlink_to("precious")
    with pytest.raises(FileExistsError, match=r"a\.txt"):
        write(tmp_path / "a.txt", b"new")
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert names(tmp_path) == [f".{'0' * 16}.part", "precious"]


@POSIX
def test_a_link_in_the_place_of_the_file_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "precious").write_bytes(b"mine")
    (tmp_path / "a.txt").symlink_to("precious")
    write(tmp_path / "a.txt", b"new")
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert not (tmp_path / "a.txt").is_symlink()


def test_no_two_names_are_the_same(tmp_path):
    seen = set()
    for _ in range(50):
        with beside(tmp_path / "a.txt") as part:
            seen.add(part)
    assert len(seen) == 50
    assert names(tmp_path) == []


def test_what_killed_processes_have_left_is_removed_and_nothing_else(tmp_path):
    for name in (".0123456789abcdef.part", "notes.part", ".mine.part", "0123456789abcdef.part"):
        write_synced(tmp_path / name, b"")
    remove_parts(tmp_path)
    assert names(tmp_path) == [".mine.part", "0123456789abcdef.part", "notes.part"]
    remove_parts(tmp_path / "nowhere")


def test_a_text_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write_text(tmp_path / "a.txt", "old")

    def fail(self, *arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", fail)
    with pytest.raises(OSError, match=r"No space left on device: '.*a\.txt'"):
        write_text(tmp_path / "a.txt", "new")
    monkeypatch.undo()
    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_text(tmp_path / "a.txt", "new")
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_text_is_utf8_with_the_same_line_ends_on_every_system(tmp_path):
    write_text(tmp_path / "a.txt", "old\n")
    write_text(tmp_path / "a.txt", "new – ü\n")
    assert (tmp_path / "a.txt").read_bytes() == "new – ü\n".encode()
    assert names(tmp_path) == ["a.txt"]
