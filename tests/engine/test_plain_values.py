"""Plain values: each has the type of its field, or is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from engine.errors import ConfigurationError
from engine.plain_values import OPTIONAL, from_plain, to_plain, typed, typed_values


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


# **** whole dataclasses ****


@dataclass(frozen=True)
class Corner:
    x: float
    y: float = 0.0


@dataclass(frozen=True)
class Shape:
    corners: tuple[Corner, ...]
    size: tuple[float, int]
    is_closed: bool = field(default=False, metadata={"plain": "closed"})
    colour: str | None = None
    note: str = field(default="", metadata=OPTIONAL)
    sides: Mapping[str, int] = field(default_factory=dict)


SHAPE = Shape((Corner(1.0), Corner(2.0, 3.0)), (1.5, 2), is_closed=True, sides={"left": 1})
PLAIN = {
    "corners": [{"x": 1.0, "y": 0.0}, {"x": 2.0, "y": 3.0}], "size": [1.5, 2], "closed": True, "colour": None,
    "sides": {"left": 1},
}  # fmt: skip


def test_a_dataclass_goes_into_plain_values_and_comes_back_equal():
    assert to_plain(SHAPE) == PLAIN
    assert from_plain(Shape, PLAIN) == SHAPE


def test_what_is_missing_has_its_default():
    assert from_plain(Shape, {"corners": [], "size": [1, 2]}) == Shape((), (1.0, 2))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"corners": [{"y": 1}]}, r"shape\.corners has no x"),
        ({"corners": [{"x": "1"}]}, r"shape\.corners\.x must be a number, got '1'"),
        ({"corners": [{"x": float("nan")}]}, r"shape\.corners\.x must be a finite number, got nan"),
        ({"corners": [{"x": 10**400}]}, r"shape\.corners\.x must be a number, but 1000.* is too large"),
        ({"corners": {}}, r"shape\.corners must be a list, got dict"),
        ({"size": [1.5]}, r"shape\.size must hold 2 values, got 1"),
        ({"closed": 1}, r"shape\.closed must be true or false, got 1"),
        ({"colour": 3}, r"shape\.colour must be a text, got 3"),
        ({"sides": []}, r"shape\.sides must hold values by name, got list"),
        ({"sides": {"left": True}}, r"shape\.sides\.left must be a whole number, got True"),
        ({"colours": []}, r"shape has an unknown value 'colours'"),
    ],
)
def test_the_first_value_that_does_not_fit_is_named(changes, problem):
    with pytest.raises(ConfigurationError, match=problem):
        from_plain(Shape, {**PLAIN, **changes}, name="shape")


def test_a_type_may_have_a_reader_of_its_own():
    read = from_plain(Shape, {**PLAIN, "corners": [7]}, readers={Corner: lambda plain: Corner(plain)})
    assert read.corners == (Corner(7),)
