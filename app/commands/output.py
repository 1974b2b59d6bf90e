"""What every mode says in the same way."""

import sys

INTERRUPTED = 130  # exit status after Ctrl-C: 128 + SIGINT, as shells report it


def fail(message: str, *, status: int = 1) -> int:
    """Say in one line on stderr what went wrong; returns the exit status."""
    say(message)
    return status


def say(message: str) -> None:
    """A line on stderr, where all goes that is no result."""
    print(f"lenet-canvas: {message}", file=sys.stderr)
