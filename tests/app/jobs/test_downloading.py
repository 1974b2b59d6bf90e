"""A download that is watched, cut off, or fails."""

import threading
from pathlib import Path

import pytest

from app.jobs import downloading
from app.jobs.downloading import download
from engine.errors import DatasetError


@pytest.fixture
def fetch_by(monkeypatch):
    """Have this function do the download."""

    def set_download(function):
        monkeypatch.setattr(downloading, "download_mnist", function)
        monkeypatch.setattr(downloading, "DOWNLOAD_BYTES", 100)

    return set_download


def test_a_download_tells_how_much_is_there(tmp_path, fetch_by):
    seen, was_seen = [], threading.Event()

    def fetch(folder: Path) -> None:
        (folder / "mnist" / "part").write_bytes(bytes(40))
        assert was_seen.wait(timeout=60)
        (folder / "mnist" / "part").rename(folder / "mnist" / "file.gz")

    fetch_by(fetch)
    for record in download(folder=str(tmp_path)):
        if record.share > 0:
            seen.append(record.share)
            was_seen.set()
    assert seen[0] == 0.4
    assert (tmp_path / "mnist" / "file.gz").exists()


def test_no_connection_is_told_with_what_to_do(tmp_path, fetch_by):
    def fetch(folder: Path) -> None:
        raise DatasetError("a.example could not be reached. You can name the files with --data DIR.")

    fetch_by(fetch)
    with pytest.raises(
        DatasetError, match=r"connected to the internet\? You can also choose a folder"
    ) as caught:
        list(download(folder=str(tmp_path)))
    assert "--data" not in str(caught.value)


def test_a_full_disk_is_told_as_it_is(tmp_path, fetch_by):
    def fetch(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    fetch_by(fetch)
    with pytest.raises(OSError, match="No space left"):
        list(download(folder=str(tmp_path)))


def test_one_that_is_ended_keeps_whole_files_alone(tmp_path, fetch_by):
    is_over = threading.Event()

    def fetch(folder: Path) -> None:
        (folder / "mnist" / "whole.gz").write_bytes(bytes(40))
        (folder / "mnist" / "tmpabc").write_bytes(bytes(20))
        assert is_over.wait(timeout=60)

    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "mine").write_text("there before")
    fetch_by(fetch)
    records = download(folder=str(tmp_path))
    while next(records).share < 0.6:
        pass
    records.close()
    is_over.set()
    assert {path.name for path in (tmp_path / "mnist").iterdir()} == {"whole.gz", "mine"}
