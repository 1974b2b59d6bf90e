"""Quoting: whatever a file says comes out in one short line of printable characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.quoting import quoted, reason, shown


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@given(st.text(st.characters()))
def test_only_printable_characters_are_shown(text):
    assert shown(text).isprintable()


def test_what_can_be_read_stays_and_the_rest_is_escaped_as_in_repr():
    assert shown("Größe 3 – a b.png") == "Größe 3 – a b.png"
    assert shown("a\x1b]0;title\x07\nb\u202ec\ud800") == r"a\x1b]0;title\x07\nb\u202ec\ud800"


def test_a_long_text_is_cut():
    assert shown("x" * 100, 5) == "xxxxx…"
    assert shown("x" * 5, 5) == "xxxxx"


def test_values_are_quoted_as_repr_has_them():
    assert quoted("a\nb") == r"'a\nb'"
    assert quoted(3.5) == "3.5"
    assert quoted(list(range(100)), 10) == "[0, 1, 2, …"


def test_values_without_a_repr_are_named_by_their_type():
    assert quoted(nested(100_000)) == "a list too large to be shown"


def test_a_number_of_very_many_digits_is_quoted_somehow():
    assert len(quoted(10**5000)) < 100


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PermissionError(13, "Permission denied", "a.npy"), "Permission denied"),
        (OSError("not a gzip"), "not a gzip"),
        (ValueError("bad\nnumber."), r"bad\nnumber"),
        (KeyError("input"), "KeyError 'input'"),
        (EOFError(), "EOFError"),
        (MemoryError(), "it takes more memory than there is"),
        (RecursionError("maximum recursion depth exceeded"), "it is nested too deeply"),
        (ValueError("x" * 1000), "x" * 200 + "…"),
    ],
)
def test_the_reason_of_an_error_stands_within_a_sentence(error, text):
    assert reason(error) == text
