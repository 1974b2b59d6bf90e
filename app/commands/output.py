"""What every mode says in the same way, and what becomes of output that cannot be written."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Any, TextIO, cast

from engine.quoting import reason, shown

INTERRUPTED = 130  # exit status after Ctrl-C: 128 + SIGINT, as shells report it


def read_as(digit: int | None, confidence: float, *, is_digit: bool) -> str:
    """As in: 7  99.8 %; or: not a digit (nearest: 7  30.5 %)."""
    answer = f"{digit}  {100 * confidence:.1f} %"
    return answer if is_digit else f"not a digit (nearest: {answer})"


class OutputError(Exception):
    """What a mode prints cannot be written; no OSError, so that it is never blamed on what is read."""

    @property
    def reader_left(self) -> bool:
        """Whether nobody reads any more, as `head` when it has seen enough."""
        return isinstance(self.__cause__, BrokenPipeError)


class _Output:
    """Standard output, whose errors are OutputErrors. Without any, as after `>&-`, all writing is one."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with _told():
            if self._stream is None:
                raise OSError("standard output is closed")
            return self._stream.write(text)

    def flush(self) -> None:
        with _told():
            if self._stream is not None:
                self._stream.flush()

    def end(self) -> None:
        """Write what still waits; or give it up, lest Python try once more, and complain, at its own end."""
        try:
            self.flush()
        except OutputError:
            with suppress(OSError, ValueError):  # a stream without a number, in tests
                if self._stream is not None:
                    os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # a ValueError: closed by the program itself
        raise OutputError(f"The output could not be written: {reason(error)}.") from error


@contextmanager
def guarded_output() -> Iterator[None]:
    """Whatever is printed inside ends in OutputError if it cannot be written.

    Characters that the terminal's encoding lacks are printed as escapes.
    """
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    output = _Output(stream)
    try:
        with redirect_stdout(cast(TextIO, output)):
            yield
    except (OutputError, SystemExit):  # argparse has printed help, perhaps, and exits
        output.end()
        raise
    except BaseException:
        with suppress(OutputError):  # the error that ends the program is the one to tell
            output.end()
        raise
    output.end()


def fail(message: str, *, status: int = 1) -> int:
    """Say in one line on stderr what went wrong; returns the exit status."""
    say(message)
    return status


def say(message: str) -> None:
    """A line on stderr, where all goes that is no result; what it quotes moves no terminal's cursor."""
    if sys.stderr is not None:  # print would take None for stdout
        with suppress(OSError):  # there is nowhere left to tell
            print(f"lenet-canvas: {shown(message)}", file=sys.stderr)
