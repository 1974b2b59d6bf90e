"""UNIPEN text: digits are read the right way up, and damage is told with its line."""

import pytest

from engine.datasets.unipen import read_unipen
from engine.errors import DatasetError

TWO_DIGITS = """\
.INCLUDE        dene.doc

.SEGMENT DIGIT    0 ? "7"
.COMMENT 7 12  224
.PEN_DOWN
 10  90
 60  90
 30  20
.PEN_UP
.DT 100
.PEN_DOWN
 15  50
 45  55
.PEN_UP
.DT 100
.COMMENT 1 3 225
.PEN_DOWN
 5 9
.PEN_UP
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "digits.tra"
        path.write_bytes(text.encode("latin-1"))
        return read_unipen(path)

    return read


def test_reads_digits_writers_and_strokes_with_y_downward(read):
    seven, one = read(TWO_DIGITS).drawings
    assert [stroke.tolist() for stroke in seven.strokes] == [
        [[10, -90], [60, -90], [30, -20]],
        [[15, -50], [45, -55]],
    ]
    assert (seven.label, seven.writer) == (7, "12")
    assert (one.label, one.writer) == (1, "3")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (TWO_DIGITS, "", "holds no digit"),
        (TWO_DIGITS, "hello", "line 1: 'hello' stands outside of a stroke"),
        (" 5 9\n.PEN_UP\n", " 5 9\n", "ends within a stroke, at line 18"),
        (" 5 9\n", "", "has no point"),
        (" 60  90", " 60  9O", "line 7: '60 9O' is no point"),
        (" 60  90", " 60", "line 7: '60' is no point"),
        (".COMMENT 7 12", ".COMMENT 70 12", "line 4, has the label 70"),
        (".COMMENT 7 12", ".COMMENT the first", "line 5: .PEN_DOWN comes before"),
        (".PEN_UP\n.DT 100\n.PEN_DOWN", ".PEN_DOWN", "line 9: .PEN_DOWN comes before .PEN_UP"),
        (" 15  50", ".PEN_UP\n 15  50", "line 13: '15  50' stands outside of a stroke"),
        (" 15  50", "\xff", "cannot be read as text"),
        (" 10  90\n", " 10  90\n.COMMENT 4 1\n", "line 7: a digit's .COMMENT comes before .PEN_UP"),
        (" 60  90", "9" * 400 + " 1", "line 7: '9{40}' is no point"),
        (" 60  90", "\x1b[2J", r"line 7: '\\x1b\[2J' is no point"),
        (".COMMENT 7 12", ".COMMENT " + "9" * 5000 + " 12", "line 4, has the label 9{40};"),
    ],
)
def test_damage_is_told_with_file_and_line(read, old, new, problem):
    assert old in TWO_DIGITS
    with pytest.raises(DatasetError, match=rf"digits\.tra.*{problem}.*Unpack it again"):
        read(TWO_DIGITS.replace(old, new))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DatasetError, match=r"none\.tra cannot be read"):
        read_unipen(tmp_path / "none.tra")


def test_a_drawing_without_points_is_told_apart_from_the_name_of_the_file(read):
    with pytest.raises(DatasetError, match=r"digits\.tra: Drawing 0 has no point\. Unpack it again"):
        read(".COMMENT 7 12\n")


def test_a_file_of_more_than_is_read_is_told(read, monkeypatch):
    monkeypatch.setattr("engine.datasets.unipen.MOST_BYTES", 100)
    with pytest.raises(DatasetError, match=r"digits\.tra cannot be read as text: it is larger than the 100"):
        read(TWO_DIGITS)
