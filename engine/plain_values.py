"""Plain values, as JSON and TOML have them, checked against the dataclass that they are meant for."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from engine.errors import ConfigurationError

KINDS: dict[Any, str] = {int: "a whole number", float: "a number", str: "a text"}


def typed_values(plain: Mapping[str, Any], dataclass: type) -> dict[str, Any]:
    """The values by their names, numbers and texts of the type that the dataclass's fields have.

    Values of fields of other types are handed through. ConfigurationError tells the first name that
    no field has, or whose value is of another type.
    """
    kinds = {field.name: field.type for field in fields(dataclass)}
    values = {}
    for name, value in plain.items():
        if name not in kinds:
            raise ConfigurationError(f"There is no setting {name!r}. Choose among: {', '.join(kinds)}.")
        values[name] = typed(name, value, kinds[name]) if kinds[name] in KINDS else value
    return values


def typed(name: str, value: Any, kind: Any) -> Any:
    """A number or a text of this type; a whole number will do for a float, and neither takes a bool."""
    if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise ConfigurationError(f"{name} must be {KINDS[kind]}, got {value!r}.")
    return kind(value)
