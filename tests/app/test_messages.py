"""app/messages.py: what the person is told of an expected error."""

from app.messages import for_window
from engine.errors import SavedNetworkError, StrokesError


def test_expected_errors_are_told_without_the_systems_numbers():
    assert for_window(PermissionError(13, "Permission denied", "/a/b.png")) == "b.png: Permission denied."
    assert for_window(OSError(28, "No space left on device")) == "The file: No space left on device."
    assert for_window(OSError("read error")) == "read error"


def test_the_engines_sentences_are_handed_on():
    assert for_window(StrokesError("No strokes.")) == "No strokes."
    assert for_window(SavedNetworkError("No network.")) == "No network."
