"""app/messages.py: what the person is told of an expected error."""

import shlex

import pytest

from app import language
from app.messages import COMMAND_LINE, WINDOW, errors_told, for_command_line, for_window
from engine.errors import DatasetError, Remedy, SavedNetworkError, StrokesError, Word
from tests.app.reports.marked import marked


def test_expected_errors_are_told_without_the_systems_numbers():
    denied = PermissionError(13, "Permission denied", "/a/b.png")
    assert for_window(denied) == "The system does not allow access to b.png."
    full = OSError(28, "No space left on device")
    assert for_window(full) == "The disk is full: there is no room for the file."
    assert for_window(OSError(5, "Input/output error", "/a/b.png")) == "b.png: Input/output error."
    language.speak("it")
    assert for_window(denied) == "Il sistema non consente l’accesso a b.png."
    assert for_window(OSError("read error")) == "read error"


@pytest.mark.parametrize("error", [StrokesError("No strokes."), OSError("No strokes.")])
def test_an_expected_error_is_told_and_ends_what_was_done(error):
    told = []

    def fail():
        with errors_told(lambda text, *, is_error=False: told.append((text, is_error))):
            raise error
        return "ended"

    assert fail() == "ended"
    assert told == [("No strokes.", True)]


def test_an_error_that_nobody_expects_is_raised():
    with pytest.raises(ZeroDivisionError), errors_told(lambda text, *, is_error=False: None):
        raise ZeroDivisionError


def test_the_engines_sentences_are_handed_on():
    assert for_window(StrokesError("No strokes.")) == "No strokes."
    assert for_window(SavedNetworkError("No network.")) == "No network."


def test_the_window_tells_errors_in_the_persons_language_and_the_command_line_in_english(monkeypatch):
    words = {
        "{path} is damaged: {reason}": "{reason}: {path} ist hin",
        "it is cut": "zu kurz",
        "Copy it again.": "Neu!",
    }
    monkeypatch.setattr("app.messages._", lambda message: words.get(message, message))
    inner = StrokesError("it is cut")
    error = SavedNetworkError("{path} is damaged: {reason}", remedy=Remedy.COPY, path="{a}", reason=inner)
    assert for_window(error) == "zu kurz: {a} ist hin Neu!"
    assert for_command_line(error) == str(error) == "{a} is damaged: it is cut Copy it again."


def test_a_word_within_an_error_is_translated_and_a_name_is_not():
    error = DatasetError("{path} ends after 3 {what}.", path="images", what=Word("images"))
    with marked():
        assert for_window(error) == "«images ends after 3 «images».»"
    assert for_command_line(error) == "images ends after 3 images."


@pytest.mark.parametrize("remedy", Remedy)
def test_each_face_words_every_remedy_in_its_own_way(remedy):
    error = SavedNetworkError("There is none.", remedy=remedy, subject="a b")
    typed, chosen = for_command_line(error), for_window(error)
    assert typed == "There is none. " + COMMAND_LINE.get(remedy, remedy.value).format(subject="'a b'")
    assert chosen == "There is none. " + WINDOW[remedy].format(subject="a b")
    assert "--" not in chosen


def test_what_is_to_be_typed_can_be():
    error = SavedNetworkError("There is none.", remedy=Remedy.TRAIN, subject="my net; rm $HOME")
    _, command = for_command_line(error).split("Train one with ")
    assert shlex.split(command.rstrip("."))[-1] == "my net; rm $HOME"
