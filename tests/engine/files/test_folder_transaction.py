"""engine/files/folder_transaction.py: all the old files or all the new ones, whatever fails or is killed."""

import json
import os
import sys

import pytest

from engine.errors import EngineError
from engine.files.file_lock import HeldError
from engine.files.folder_transaction import (
    COMMITTED,
    LIST,
    LOCK,
    STAGING,
    has_file,
    is_bare,
    is_plain_name,
    read_from,
    replace_files,
    steadily,
    writing,
)
from tests.engine.system_calls import SystemCalls, failing_at

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs links")
OLD = {"a": b"old a", "only old": b"old", "index": b"old index"}
NEW = {"a": b"new a", "only new": b"new", "index": b"new index"}
MINE = {"notes.txt": b"mine", "inner/index": b"mine too", "inner/.saved": b"and this"}


def write(folder, files, old=()):
    with writing(folder, wait=0.0):
        replace_files(folder, files, old=old)


def content(folder, name):
    return read_from(folder, name, lambda path: path.read_bytes())


def read(folder):
    """All of the old files, or all of the new ones."""
    (files,) = [files for files in (OLD, NEW) if content(folder, "index") == files["index"]]
    assert {name: content(folder, name) for name in files} == files
    return files


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "folder", OLD)
    (tmp_path / "folder" / "inner").mkdir()
    for name, mine in MINE.items():
        (tmp_path / "folder" / name).write_bytes(mine)
    return tmp_path / "folder"


def assert_mine_is_there(folder):
    assert {name: (folder / name).read_bytes() for name in MINE} == MINE


def names(folder):
    return {path.name for path in folder.iterdir()}


def calls_of(folder, monkeypatch, *arguments):
    with monkeypatch.context() as patch:
        calls = SystemCalls(patch)
        write(folder, *arguments)
    return calls.count


# **** as it should be ****


def test_new_files_take_the_place_of_old_ones_and_the_others_stay(folder):
    write(folder, NEW, OLD)
    assert read(folder) == NEW
    assert names(folder) == {*NEW, "notes.txt", "inner"}
    assert_mine_is_there(folder)


def test_a_folder_is_made_with_those_it_lies_in(tmp_path):
    write(tmp_path / "a" / "b", NEW)
    assert read(tmp_path / "a" / "b") == NEW


def test_the_folder_itself_stays_the_same_one(folder):
    before = folder.stat()
    write(folder, NEW, OLD)
    assert os.path.samestat(before, folder.stat())


def test_folders_are_never_removed_even_under_an_old_files_name(folder):
    write(folder, NEW, [*OLD, "inner", "missing"])
    assert_mine_is_there(folder)


def test_a_new_file_that_differs_in_case_alone_is_not_removed_with_the_old_one(tmp_path):
    write(tmp_path, {"curve.png": b"new"}, ["Curve.png"])  # one and the same on some disks
    assert content(tmp_path, "curve.png") == b"new"


# **** what fails ****


@pytest.mark.parametrize("ever_after", [False, True])
def test_whatever_call_fails_either_all_is_old_or_all_is_new(folder, monkeypatch, ever_after):
    outcomes = []
    for number in range(1, 1 + calls_of(folder, monkeypatch, NEW, OLD)):
        write(folder, OLD, NEW)
        told = False
        with monkeypatch.context() as patch:
            SystemCalls(patch, failing_at(number, ever_after=ever_after))
            try:
                write(folder, NEW, OLD)
            except OSError:
                told = True
        found = read(folder)
        assert found == (OLD if told else NEW)
        assert_mine_is_there(folder)
        outcomes.append(told)
        if not told or number % 2:  # half the time a failed one comes upon what another has left
            write(folder, NEW, found)
            assert names(folder) == {*NEW, "notes.txt", "inner"}
    assert {True, False} == set(outcomes)


@pytest.mark.parametrize("ever_after", [False, True])
def test_whatever_call_fails_a_new_folder_holds_all_or_nothing(tmp_path, monkeypatch, ever_after):
    for number in range(1, 1 + calls_of(tmp_path / "0", monkeypatch, NEW)):
        folder = tmp_path / str(number)
        told = False
        with monkeypatch.context() as patch:
            SystemCalls(patch, failing_at(number, ever_after=ever_after))
            try:
                write(folder, NEW)
            except OSError:
                told = True
        if told:
            assert not folder.exists() or (ever_after and is_bare(folder))
        else:
            assert read(folder) == NEW
        write(folder, NEW, NEW)
        assert names(folder) == {*NEW}


def test_an_interruption_leaves_the_old_files_and_no_litter(folder, monkeypatch):
    def interrupt(count):
        if count == 8:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        SystemCalls(patch, interrupt)
        write(folder, NEW, OLD)
    assert read(folder) == OLD
    assert names(folder) == {*OLD, "notes.txt", "inner"}


def test_a_folder_in_the_place_of_a_new_file_is_refused_before_anything_is_written(folder):
    (folder / "only new").mkdir()
    with pytest.raises(IsADirectoryError, match="only new"):
        write(folder, NEW, OLD)
    assert read(folder) == OLD
    assert names(folder) == {*OLD, "notes.txt", "inner", "only new"}


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "/a", "a\0b", LOCK, STAGING, COMMITTED, LIST])
def test_a_name_that_leads_out_of_the_folder_or_is_ours_is_none(folder, name):
    assert not is_plain_name(name)
    for files, old in (({name: b""}, []), ({}, [name])):
        with pytest.raises(ValueError, match="is no name for a file"):
            write(folder, files, old)


# **** what killed processes leave ****


def committed(folder, files=NEW, old=("only old",), listed=None):
    """A folder as one leaves it that is killed right after the new files became valid."""
    (folder / COMMITTED).mkdir()
    for name, new in files.items():
        (folder / COMMITTED / name).write_bytes(new)
    text = json.dumps({"new": [*files], "old": [*old]}) if listed is None else listed
    (folder / COMMITTED / LIST).write_text(text)


def test_files_that_are_valid_and_not_yet_in_place_are_read_and_put_there_by_the_next(folder):
    committed(folder)
    assert read(folder) == NEW
    os.replace(folder / COMMITTED / "a", folder / "a")  # it had come thus far
    assert read(folder) == NEW
    with writing(folder):
        pass
    assert read(folder) == NEW
    assert names(folder) == {*NEW, "notes.txt", "inner"}


def test_what_was_not_yet_valid_is_not_read_and_removed_by_the_next(folder):
    (folder / STAGING).mkdir()
    (folder / STAGING / LIST).write_text('{"new": ["a", "index"], "old": []}')
    (folder / STAGING / "a").write_bytes(b"half")
    assert read(folder) == OLD
    with writing(folder):
        pass
    assert names(folder) == {*OLD, "notes.txt", "inner"}


@pytest.mark.parametrize("listed", ["", "{", "[]", '{"new": 3, "old": []}', '{"new": ["../a"], "old": []}'])
def test_a_list_that_was_not_written_to_its_end_is_no_hindrance(folder, listed):
    (folder / STAGING).mkdir()
    (folder / STAGING / LIST).write_text(listed)
    write(folder, NEW, OLD)
    assert names(folder) == {*NEW, "notes.txt", "inner"}


@pytest.mark.parametrize("place", [STAGING, COMMITTED])
def test_a_persons_file_in_a_folder_of_ours_is_never_removed_but_told(folder, place):
    (folder / place).mkdir()
    (folder / place / "thesis").write_text("years of work")
    with pytest.raises(OSError, match="It holds what the program has not put there"):
        write(folder, NEW, OLD)
    assert (folder / place / "thesis").read_text() == "years of work"
    assert read(folder) == OLD


def test_a_list_that_leads_out_of_the_folder_moves_and_removes_nothing(folder):
    (folder.parent / "precious").write_text("mine")
    committed(folder, listed='{"new": [], "old": ["../precious"]}')
    with pytest.raises(OSError, match="has not put there"):
        write(folder, NEW, OLD)
    assert (folder.parent / "precious").read_text() == "mine"


@POSIX
@pytest.mark.parametrize("place", [STAGING, COMMITTED])
def test_a_link_in_the_place_of_a_folder_of_ours_is_not_followed(folder, tmp_path, place):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a").write_text("mine")
    (tmp_path / "elsewhere" / LIST).write_text('{"new": ["a"], "old": []}')
    (folder / place).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotADirectoryError, match="is in the way"):
        write(folder, NEW, OLD)
    assert names(tmp_path / "elsewhere") == {"a", LIST}


def test_a_folder_is_bare_until_something_valid_lies_in_it(tmp_path):
    assert is_bare(tmp_path)
    (tmp_path / LOCK).touch()
    (tmp_path / STAGING).mkdir()
    assert is_bare(tmp_path)
    committed(tmp_path)
    assert not is_bare(tmp_path)


# **** several at once ****


def test_a_second_one_waits_so_long_and_then_is_told(folder):
    with writing(folder), pytest.raises(HeldError):
        write(folder, NEW, OLD)
    assert read(folder) == OLD


def test_a_folder_that_another_one_has_removed_again_is_made_once_more(tmp_path, monkeypatch):
    """The other one had made it, has failed, and has taken it away, between our making sure and our lock."""
    folder = tmp_path / "folder"
    removed = []
    original = os.open

    def racing(*arguments, **options):
        if len(removed) < 3:
            removed.append(folder.rmdir())
        return original(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", racing)
        write(folder, NEW)
    assert len(removed) == 3
    assert read(folder) == NEW


def test_a_file_that_moves_into_place_while_it_is_looked_for_is_found(folder):
    committed(folder)

    def read_as_it_moves(path):
        if path.parent.name == COMMITTED:
            os.replace(path, folder / "a")
        return path.read_bytes()

    assert read_from(folder, "a", read_as_it_moves) == b"new a"
    assert has_file(folder, "only new")
    assert not has_file(folder, "inner")


def test_a_reading_that_fails_because_all_was_replaced_is_made_again(folder):
    seen = []

    def reading():
        seen.append(content(folder, "index"))
        if len(seen) < 3:
            write(folder, *((NEW, OLD) if len(seen) % 2 else (OLD, NEW)))
            raise EngineError("the index does not fit the others")
        return read(folder)

    assert steadily(folder, "index", reading) == OLD
    assert seen == [OLD["index"], NEW["index"], OLD["index"]]


def test_a_reading_that_fails_for_another_reason_fails_at_once(folder):
    seen = []

    def reading():
        seen.append(1)
        raise EngineError("damaged")

    with pytest.raises(EngineError, match="damaged"):
        steadily(folder, "index", reading)
    assert seen == [1]


def test_a_reading_does_not_go_on_for_ever_where_all_is_replaced_again_and_again(folder, monkeypatch):
    monkeypatch.setattr("engine.files.folder_transaction.WAIT", 0.0)

    def reading():
        write(folder, OLD)
        raise EngineError("the index does not fit the others")

    with pytest.raises(EngineError, match="does not fit"):
        steadily(folder, "index", reading)
