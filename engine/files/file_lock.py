"""A lock that one process at a time holds, wherever it was started; a killed one holds it no longer.

It is the system's own lock, on a file that is there while it is held and removed afterwards. What a killed
process leaves is the bare file, which the next one takes.
"""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_AGAIN = 0.02  # seconds between two tries
_TRIES = 10  # to make a folder that others remove
# What systems say of a disk that knows no locks, such as some that lie in a network.
_NO_LOCKS = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}


class HeldError(Exception):
    """Another one holds the lock, and has not let go of it in the time that was given."""


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of a file, which is made for it, within; `wait` so many seconds for another one's end.

    On a disk that knows no locks nobody is kept out.

    Raises
    ------
    HeldError
        Another one holds it, in this process or in another.
    OSError
        The file cannot be made: its folder is missing, or closed to us.
    """
    descriptor = _taken(path, time.monotonic() + wait)
    try:
        yield
    finally:
        if (
            sys.platform == "win32"
        ):  # an open file cannot be removed; if another one holds it by then, it stays
            os.close(descriptor)
            _remove(path)
        else:  # held to the last, or it might be another one's file that is removed
            _remove(path)
            os.close(descriptor)


@contextmanager
def locked_folder(folder: Path, name: str, *, wait: float = 0.0) -> Iterator[None]:
    """As `locked`, of a file of this name in a folder that is made for it, and gone again if it stays empty.

    Raises
    ------
    HeldError
        Another one holds it.
    OSError
        The folder cannot be made or written to.
    """
    made = False
    try:
        with ExitStack() as lock:
            for attempt in reversed(range(_TRIES)):
                folder.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileExistsError):
                    folder.mkdir()
                    made = True
                try:
                    lock.enter_context(locked(folder / name, wait=wait))
                    break
                except FileNotFoundError:  # another one that had made the folder has just removed it again
                    if not attempt:
                        raise
            yield
    finally:
        if made:
            with suppress(OSError):  # it is not empty: it stays
                folder.rmdir()


def _taken(path: Path, deadline: float) -> int:
    """The file that is locked, open."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            got = _try(descriptor)
            # whoever held it until now has removed the file: then there is another one by now, or none
            if got and _lies_at(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        if not got:
            if time.monotonic() >= deadline:
                raise HeldError(f"{path} is held by another process.")
            time.sleep(_AGAIN)


def _remove(path: Path) -> None:
    with suppress(OSError):  # then it stays, held by nobody
        path.unlink()


def _lies_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        return True
