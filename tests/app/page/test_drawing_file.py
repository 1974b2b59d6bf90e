"""app/page/drawing_file.py: a drawing written and read back, drawings from elsewhere, damaged files."""

import json

import pytest

from app.messages import for_window
from app.page.drawing import Stroke, extent
from app.page.drawing_file import read_drawing, write_drawing
from engine.datasets.strokes import LONGEST_LINE
from engine.errors import StrokesError
from tests.app.reports.marked import marked

STROKES = (Stroke(((0.25, 0.3), (0.5, 0.1), (0.75, 0.3))), Stroke(((0.5, 0.1), (0.5, 0.9))))


def test_a_saved_drawing_is_read_back_where_it_was_drawn(tmp_path):
    write_drawing(tmp_path / "drawing.jsonl", STROKES)
    assert read_drawing(tmp_path / "drawing.jsonl") == STROKES


def test_a_saved_drawing_is_one_line_of_a_stroke_file(tmp_path):
    write_drawing(tmp_path / "drawing.jsonl", STROKES)
    (line,) = (tmp_path / "drawing.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {"strokes": [[list(p) for p in s.points] for s in STROKES]}


def test_a_drawing_in_other_units_is_fitted_to_the_page(tmp_path):
    path = tmp_path / "digits.jsonl"
    path.write_text('\n{"label": 1, "strokes": [[[300, 200], [310, 600]], []]}\n{"later": 1}\n')
    strokes = read_drawing(path)
    assert len(strokes) == 1
    assert extent(strokes) == pytest.approx(0.7)
    assert all(0 <= c <= 1 for point in strokes[0].points for c in point)


@pytest.mark.parametrize("before", ["", "\ufeff", "\ufeff\n"])
def test_what_other_programs_add_is_passed_over(tmp_path, before):
    path = tmp_path / "tablet.jsonl"
    path.write_text(before + '{"strokes": [[[0.25, 0.5, 0.9, 17], [0.5, 0.5, 0.8, 33]]]}', encoding="utf-8")
    assert read_drawing(path) == (Stroke(((0.25, 0.5), (0.5, 0.5))),)


def test_a_drawing_that_left_the_page_is_fitted_when_it_comes_back(tmp_path):
    write_drawing(tmp_path / "drawing.jsonl", [Stroke(((0.5, 0.5), (1.5, 0.5)))])
    assert extent(read_drawing(tmp_path / "drawing.jsonl")) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x89PNG\r\n", "damaged"),
        (b'{"strokes": [[[1, 2', "damaged"),
        (b'{"points": []}', "damaged"),
        (b"[1, 2]", "damaged"),
        (b'{"strokes": 3}', "damaged"),
        (b'{"strokes": [[[1]]]}', "damaged"),
        (b'{"strokes": [[["a", 2]]]}', "damaged"),
        (b'{"strokes": [[[\xff, 2]]]}', "damaged"),
        (b"[" * 100_000, "damaged"),
        (b'{"strokes": [[]]}', "without strokes"),
        (b'{"strokes": [[[NaN, 2]]]}', "damaged.*finite"),
        (b'{"strokes": [[[1e308, 2], [-1e308, 2]]]}', "too large"),
        (b"[" + b" " * LONGEST_LINE + b"]", "longer than 4,194,304 characters"),
    ],
)
def test_a_damaged_file_is_refused_with_its_name(tmp_path, content, message):
    (tmp_path / "bad.jsonl").write_bytes(content)
    with pytest.raises(StrokesError, match=rf"bad\.jsonl.*{message}"):
        read_drawing(tmp_path / "bad.jsonl")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "«bad.jsonl is empty. "),
        (b"{", " Its first drawing «is no JSON: "),
        (b'{"strokes": 3}', ' Its first drawing «"strokes" must be a list '),
        (b'{"strokes": [[[1]]]}', " Its first drawing «[1] is no point "),
        (b'{"strokes": [[]]}', "«bad.jsonl holds a drawing without strokes."),
    ],
)
def test_what_is_wrong_is_told_in_another_language(tmp_path, content, told):
    (tmp_path / "bad.jsonl").write_bytes(content)
    with pytest.raises(StrokesError) as caught:
        read_drawing(tmp_path / "bad.jsonl")
    with marked():
        assert told in for_window(caught.value)


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_drawing(tmp_path / "none.jsonl")
