"""What is typed and what is said: stroke files to read, and errors of one line."""

import json
import signal
from contextlib import contextmanager

import pytest

from app.commands import train
from tests.digit_templates import digit_strokes


def one_line(text):
    return text.count("\n") == 1 and text.endswith("\n")


def stroke_line(digit, **extra):
    return json.dumps({"label": digit, "strokes": digit_strokes(digit), **extra}) + "\n"


@contextmanager
def ctrl_c_pressed(*, after):
    """Ctrl-C is pressed after this step of each training in here."""
    original = train.checkpointed

    def pressing(*arguments):
        for record in original(*arguments):
            yield record
            if getattr(record, "step", 0) == after:
                signal.raise_signal(signal.SIGINT)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "checkpointed", pressing)
        yield
