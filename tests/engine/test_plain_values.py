"""Plain values: each has the type of its field, or is named."""

from dataclasses import dataclass

import pytest

from engine.errors import ConfigurationError
from engine.plain_values import typed, typed_values


@dataclass
class Point:
    x: float = 0.0
    count: int = 0
    name: str = ""
    tags: tuple = ()


def test_values_get_the_types_of_their_fields():
    values = typed_values({"x": 2, "count": 3, "name": "a", "tags": [1]}, Point)
    assert values == {"x": 2.0, "count": 3, "name": "a", "tags": [1]}
    assert isinstance(values["x"], float)
    assert typed_values({}, Point) == {}


def test_a_name_that_no_field_has_is_told_with_those_there_are():
    with pytest.raises(ConfigurationError, match=r"no setting 'y'\. Choose among: x, count, name, tags"):
        typed_values({"x": 1, "y": 2}, Point)


@pytest.mark.parametrize(
    ("kind", "value", "what"),
    [
        (int, 1.0, "a whole number"),
        (int, True, "a whole number"),
        (float, True, "a number"),
        (float, "1", "a number"),
        (str, 1, "a text"),
        (str, None, "a text"),
    ],
)
def test_a_value_of_another_type_is_refused(kind, value, what):
    with pytest.raises(ConfigurationError, match=f"count must be {what}, got {value!r}"):
        typed("count", value, kind)
