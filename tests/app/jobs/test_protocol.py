"""app/jobs/protocol.py: what is written is read as the same, and anything else is told."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.protocol import (
    Done,
    Failure,
    Finish,
    Order,
    Pause,
    ProtocolError,
    Record,
    Resume,
    decode,
    encode,
)


@dataclass(frozen=True)
class OfAll(Record):
    whole: int = 1
    share: float = 0.5
    text: str = "ü☃\n"
    flag: bool = True
    facts: dict[str, Any] | None = None
    pixels: npt.NDArray[Any] | None = None


@pytest.mark.parametrize(
    "message",
    [
        Done(),
        Finish(),
        Pause(),
        Resume(),
        Failure("It is missing. Fetch it.", "Traceback …\n"),
        Order("app.jobs.retraining:retrain", {"epochs": 3, "name": "Mine / 🙂", "more": [None, 0.5]}, "it"),
        OfAll(),
        OfAll(share=2, facts={"accuracy": 0.5}),
    ],
)
def test_a_message_is_a_line_and_comes_back_as_it_was(message):
    line = encode(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode(line) == message


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.int64, np.bool_])
def test_arrays_come_back_with_type_and_shape(kind):
    array = np.arange(12).reshape(3, 4).astype(kind)
    found = decode(encode(OfAll(pixels=array))).pixels
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert np.array_equal(found, array)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"garbage",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b'"OfAll"',
        b'["OfAll"]',
        b'["Nothing", {}]',
        b"[[], {}]",
        b'["OfAll", []]',
        b'["OfAll", {"other": 1}]',
        b'["OfAll", {"whole": 1.5}]',
        b'["OfAll", {"whole": true}]',
        b'["OfAll", {"whole": "1"}]',
        b'["OfAll", {"share": null}]',
        b'["OfAll", {"text": 1}]',
        b'["OfAll", {"facts": []}]',
        b'["OfAll", {"pixels": "AAAA"}]',
        b'["OfAll", {"pixels": "\\u00e9"}]',
        b'["Order", {}]',
        b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_told(line):
    with pytest.raises(ProtocolError, match="A message between window and job was expected, got"):
        decode(line)


@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_error(line):
    with pytest.raises(ProtocolError):
        decode(line)


@given(st.data())
def test_no_part_of_a_line_is_taken_for_a_message(data):
    line = encode(OfAll(text=data.draw(st.text())))
    with pytest.raises(ProtocolError):
        decode(line[: data.draw(st.integers(0, len(line) - 2))])


def test_what_json_cannot_hold_is_not_written():
    with pytest.raises(TypeError):
        encode(Order("a:b", {"value": object()}, "en"))


def test_a_name_stands_for_one_message():
    with pytest.raises(TypeError, match="has a message Done already"):
        type("Done", (Record,), {"__module__": __name__})
