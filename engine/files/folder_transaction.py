"""Several files of a folder replaced as one: at every moment a reader finds all the old ones or all the new.

The folder itself is never moved, and nothing is deleted but by its name, so whatever else lies in it stays.

.lock      held by the one that writes
.saving/   the new files while they are written, with the list of them; not yet valid
.saved/    the same, once it is renamed: from that moment on they are what the folder holds, and a reader
           looks here first. One by one they are moved into place; then this folder is gone again.

A killed process may leave any of them. The next one that writes puts into place what lies in .saved, and
removes what lies in .saving.
"""

import errno
import json
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from engine.errors import EngineError
from engine.files.file_lock import locked_folder
from engine.files.whole_file import write_synced

LOCK, STAGING, COMMITTED = ".lock", ".saving", ".saved"
LIST = ".list"  # in the last two: the names of the new files, and those of the old ones that go
WAIT = 30.0  # seconds for others that write; one of them takes less than a second

Result = TypeVar("Result")


# **** reading ****


def read_from(folder: Path, name: str, read: Callable[[Path], Result]) -> Result:
    """read(path) of a file of the folder, wherever it lies by now."""
    committed = folder / COMMITTED / name
    if os.path.lexists(committed):
        try:
            return read(committed)
        except Exception:
            if os.path.lexists(committed):
                raise
    return read(folder / name)  # it was moved into place in between, or never elsewhere


def has_file(folder: Path, name: str) -> bool:
    """Whether there is such a file."""
    return (folder / COMMITTED / name).is_file() or (folder / name).is_file()


def steadily(folder: Path, name: str, read: Callable[[], Result]) -> Result:
    """read(), which reads several files; again where it failed while they were replaced.

    `name` is the file among them that every replacement replaces.
    """
    end = time.monotonic() + WAIT
    while True:
        before = _stamp(folder, name)
        try:
            return read()
        except EngineError:
            if _stamp(folder, name) == before or time.monotonic() > end:
                raise


def is_bare(folder: Path) -> bool:
    """Whether nothing lies in a folder but what a killed process has left before it had written all."""
    return {path.name for path in folder.iterdir()} <= {LOCK, STAGING}


def _stamp(folder: Path, name: str) -> tuple[int, int, int, int] | None:
    """What tells a file from any other that takes its place, but not from itself in another folder."""
    for path in (folder / COMMITTED / name, folder / name):
        with suppress(OSError):
            found = path.stat()
            return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
    return None


# **** writing ****


@contextmanager
def writing(folder: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Within, nobody else writes there; the folder is made, and what a killed one has left is put in order.

    `folder` is resolved: no link. If it was made for this and an error leaves it empty, it is removed.

    Raises
    ------
    HeldError
        Another one has been writing there all the time that was given.
    OSError
        The folder cannot be made or written to, or what is not ours stands in the way.
    """
    with locked_folder(folder, LOCK, wait=wait):
        _put_in_order(folder)
        yield


def replace_files(folder: Path, files: Mapping[str, bytes], *, old: Collection[str]) -> None:
    """Put new files into the folder and remove those of the old ones whose names are not used again.

    To be called within `writing`. OSError if they cannot be written; the old files are then as they were.
    Once the new ones are valid nothing is an error: what cannot be moved into place is read where it lies,
    and moved by the next one that writes.

    Parameters
    ----------
    files : mapping of plain names to contents
        In the order in which they are put into place.
    old : plain names
        What is a folder, or not there, is passed over.
    """
    for name in [*files, *old]:
        if not is_plain_name(name):
            raise ValueError(f"{name!r} is no name for a file of a folder.")
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(
                errno.EISDIR, "A folder stands in the place of a file", os.fspath(folder / name)
            )
    # without regard to case: on some disks the new one would be removed with the old
    new = {name.casefold() for name in files}
    gone = [name for name in old if name.casefold() not in new]
    staging = folder / STAGING
    try:
        staging.mkdir()
        # first, so that whatever else lies there is on the list
        write_synced(staging / LIST, json.dumps({"new": list(files), "old": gone}).encode())
        for name, content in files.items():
            write_synced(staging / name, content)
        _sync_names(staging)
        os.rename(staging, folder / COMMITTED)
    except BaseException:
        with suppress(OSError):
            _discard(staging)
        raise
    with suppress(OSError):
        _put_into_place(folder)


def is_plain_name(name: str) -> bool:
    """Whether a file of this very folder can have this name: nothing that leads out of it, or is ours."""
    return (
        name == Path(name).name
        and name not in ("", ".", "..", LOCK, STAGING, COMMITTED, LIST)
        and not {"\\", "\0"} & set(name)
    )


def _put_in_order(folder: Path) -> None:
    """Finish what a killed process had begun, or undo it."""
    if os.path.lexists(folder / COMMITTED):
        _put_into_place(folder)
    if os.path.lexists(folder / STAGING):
        _discard(folder / STAGING)


def _put_into_place(folder: Path) -> None:
    _sync_names(folder)
    committed = folder / COMMITTED
    new, old = _listed(committed)
    for name in new:
        with suppress(FileNotFoundError):  # it was moved before a kill
            os.replace(committed / name, folder / name)
    for name in old:
        path = folder / name
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
    _sync_names(folder)
    _remove(committed)


def _discard(staging: Path) -> None:
    new, _ = _listed(staging)
    for name in new:
        (staging / name).unlink(missing_ok=True)
    _remove(staging)


def _remove(folder: Path) -> None:
    (folder / LIST).unlink(missing_ok=True)
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            message = "It holds what the program has not put there. Move that elsewhere"
            raise OSError(error.errno, message, os.fspath(folder)) from error
        raise


def _listed(folder: Path) -> tuple[list[str], list[str]]:
    """(the names of the new files, of the old ones that go); none where the list had not been written yet."""
    if folder.is_symlink() or not folder.is_dir():  # nothing is moved out of or removed from another place
        raise NotADirectoryError(errno.ENOTDIR, "It is in the way. Move it elsewhere", os.fspath(folder))
    try:
        names = json.loads((folder / LIST).read_bytes() if (folder / LIST).is_file() else b"")
        new, old = names["new"], names["old"]
        if all(isinstance(name, str) and is_plain_name(name) for name in [*new, *old]):
            return new, old
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    return [], []


def _sync_names(folder: Path) -> None:
    """Wait until a folder's names are on the disk, where the system knows how to."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
