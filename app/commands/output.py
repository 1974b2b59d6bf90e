"""What every mode says in the same way."""

import sys


def fail(message: str, *, status: int = 1) -> int:
    """Say in one line on stderr what went wrong; returns the exit status."""
    print(f"lenet-canvas: {message}", file=sys.stderr)
    return status
