"""What a job and the window say to each other, and the one place that writes and reads it.

A message is a frozen dataclass and travels as one line of JSON: its name and its values. Lines come from
another process, which may have been killed amid one, so all of it is checked on reading.
"""

from __future__ import annotations

import io
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from app.language import _
from engine.errors import ConfigurationError
from engine.plain_values import from_plain, to_plain


class ProtocolError(ValueError):
    """A line that is no message."""


@dataclass(frozen=True)
class Message:
    """The base of all messages; every subclass is known by its name.

    A field may be an int, a float, a str, a bool, a mapping that JSON can hold, an array, a dataclass of such
    (but of no arrays), or one of these or None.
    """

    _kinds: ClassVar[dict[str, type[Message]]] = {}

    def __init_subclass__(cls) -> None:
        known = Message._kinds.setdefault(cls.__name__, cls)
        if known.__module__ != cls.__module__:
            raise TypeError(f"{known.__module__} has a message {cls.__name__} already. Use another name.")


@dataclass(frozen=True)
class Record(Message):
    """The base of what a job tells of its work."""


@dataclass(frozen=True)
class Order(Message):
    """The first thing that a job hears: a generator function, as module:name, and its arguments.

    `language` is the one that the window speaks, in which a failure is to be told.
    """

    work: str
    arguments: Mapping[str, Any]
    language: str


@dataclass(frozen=True)
class Pause(Message):
    """Halt at the next record."""


@dataclass(frozen=True)
class Resume(Message):
    """Go on."""


@dataclass(frozen=True)
class Finish(Message):
    """Come to an end early, with what there is."""


@dataclass(frozen=True)
class Watch(Message):
    """Somebody watches the work from now on, or no longer."""

    is_on: bool


@dataclass(frozen=True)
class Wish:
    """What is wanted of work that is under way: a `yield` of it gives this back."""

    is_enough: bool = False  # it is to finish early, with what it has
    is_watched: bool = False  # it is to show what it would not show otherwise


@dataclass(frozen=True)
class Done(Message):
    """The last thing that is heard of work that was finished."""


@dataclass(frozen=True)
class Failure(Message):
    """The last thing that is heard of work that was not: a sentence, and a trace if it was a surprise."""

    message: str
    trace: str


def encode(message: Message) -> bytes:
    """The message as a line; TypeError if a value is none that a field may have."""
    values = {field.name: _plain(getattr(message, field.name)) for field in fields(message)}
    return json.dumps([type(message).__name__, values]).encode() + b"\n"


def decode(line: bytes) -> Message:
    """The message that a line is; ProtocolError if it is none that is known here."""
    try:
        name, values = json.loads(line)
        kind = Message._kinds[name]
        hints = get_type_hints(kind)
        return kind(**{key: _checked(value, hints[key]) for key, value in values.items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ConfigurationError) as error:
        start = line[:60].decode(errors="replace").strip()
        text = _("A message between window and job was expected, got {start}.")
        raise ProtocolError(text.format(start=repr(start))) from error


def _plain(value: Any) -> Any:
    return _packed(value) if isinstance(value, np.ndarray) else to_plain(value)


def _checked(value: Any, hint: Any) -> Any:
    """The value as a field of this type holds it."""
    for option in get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,):
        kind = get_origin(option) or option
        if is_dataclass(kind) and type(value) is dict:
            return from_plain(option, value)
        if kind is np.ndarray and isinstance(value, str):
            return _unpacked(value)
        if kind is float and type(value) is int:
            return float(value)
        if type(value) is (dict if kind is Mapping else kind):
            return value
    raise TypeError(f"{hint} was expected, got {type(value)}")


def _packed(array: npt.NDArray[Any]) -> str:
    """An .npy file as text."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return b64encode(file.getvalue()).decode()


def _unpacked(text: str) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(io.BytesIO(b64decode(text)), allow_pickle=False)
    return array
