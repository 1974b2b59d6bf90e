"""Plain values, as JSON and TOML have them, and the dataclasses that they stand for.

`typed_values` checks settings by name, `to_plain` and `from_plain` turn whole dataclasses over. In the
metadata of a field "plain" is its name in files, if that is another one, and "optional" leaves it out of them
while it has its default.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from engine.errors import ConfigurationError
from engine.quoting import quoted

KINDS: dict[Any, str] = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
OPTIONAL: Mapping[str, Any] = {"optional": True}

Value = TypeVar("Value")
Readers = Mapping[Any, Callable[[Any], Any]]  # for types that are read in another way


def typed_values(plain: Mapping[str, Any], dataclass: type) -> dict[str, Any]:
    """The values by their names, numbers and texts of the type that the dataclass's fields have.

    Values of fields of other types are handed through. ConfigurationError tells the first name that
    no field has, or whose value is of another type.
    """
    kinds = {field.name: field.type for field in fields(dataclass)}
    values = {}
    for name, value in plain.items():
        if name not in kinds:
            raise ConfigurationError(f"There is no setting {quoted(name)}. Choose among: {', '.join(kinds)}.")
        values[name] = typed(name, value, kinds[name]) if kinds[name] in KINDS else value
    return values


def typed(name: str, value: Any, kind: Any) -> Any:
    """A number, a text or a bool of this type; a whole number will do for a float, a bool for no number."""
    is_bool = isinstance(value, bool)
    if is_bool != (kind is bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise ConfigurationError(f"{name} must be {KINDS[kind]}, got {quoted(value)}.")
    try:
        return kind(value)
    except OverflowError as error:  # a whole number of hundreds of digits
        raise ConfigurationError(
            f"{name} must be {KINDS[kind]}, but {quoted(value)} is too large."
        ) from error


# **** whole dataclasses ****


def to_plain(value: Any) -> Any:
    """A dataclass, and whatever lies in it, as mappings, lists, numbers and texts."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            _plain_name(field): to_plain(getattr(value, field.name))
            for field in fields(value)
            if not (field.metadata.get("optional") and getattr(value, field.name) == field.default)
        }
    if isinstance(value, Mapping):
        return {name: to_plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(each) for each in value]
    return value


def from_plain(kind: type[Value], plain: Any, *, name: str = "", readers: Readers | None = None) -> Value:
    """What `to_plain` was given; whatever is missing has its default.

    Raises
    ------
    ConfigurationError
        Names the first value that is missing, unknown, of another type or not finite, beginning with `name`.
    """
    value: Value = _read(kind, plain, name, readers or {})
    return value


def _read(kind: Any, plain: Any, name: str, readers: Readers) -> Any:
    if kind in readers:
        return readers[kind](plain)
    if kind in KINDS:
        value = typed(name, plain, kind)
        if kind is float and not math.isfinite(value):
            raise ConfigurationError(f"{name} must be a finite number, got {value}.")
        return value
    if is_dataclass(kind):
        return _read_dataclass(kind, plain, name, readers)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType) and NoneType in arguments:
        (wanted,) = (each for each in arguments if each is not NoneType)
        return None if plain is None else _read(wanted, plain, name, readers)
    if origin is tuple:
        return _read_tuple(arguments, plain, name, readers)
    assert issubclass(origin, Mapping), f"no way to read {kind}"
    return {
        key: _read(arguments[1], each, _inner(name, key), readers)
        for key, each in _mapping(plain, name).items()
    }


def _read_dataclass(kind: Any, plain: Any, name: str, readers: Readers) -> Any:
    plain, hints = dict(_mapping(plain, name)), get_type_hints(kind)
    values = {}
    for field in fields(kind):
        key = _plain_name(field)
        if key in plain:
            values[field.name] = _read(hints[field.name], plain.pop(key), _inner(name, key), readers)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ConfigurationError(f"{name or 'it'} has no {key}.")
    if plain:
        raise ConfigurationError(f"{name or 'it'} has an unknown value {quoted(min(plain))}.")
    return kind(**values)


def _read_tuple(arguments: tuple[Any, ...], plain: Any, name: str, readers: Readers) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        raise ConfigurationError(f"{name} must be a list, got {type(plain).__name__}.")
    kinds = [arguments[0]] * len(plain) if arguments[1:] == (...,) else list(arguments)
    if len(kinds) != len(plain):
        raise ConfigurationError(f"{name} must hold {len(kinds)} values, got {len(plain)}.")
    return tuple(_read(kind, each, name, readers) for kind, each in zip(kinds, plain, strict=True))


def _inner(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _mapping(plain: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(plain, Mapping):
        raise ConfigurationError(f"{name or 'it'} must hold values by name, got {type(plain).__name__}.")
    return plain


def _plain_name(field: "dataclasses.Field[Any]") -> str:
    name: str = field.metadata.get("plain", field.name)
    return name
