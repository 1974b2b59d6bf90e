"""Stroke files: good lines are read, bad ones are told by number and hide nothing."""

import json

import pytest

from engine.datasets.strokes import StrokeDrawing, parse_drawing, parse_drawings
from engine.errors import StrokesError


def test_reads_strokes_and_label():
    drawing = parse_drawing('{"label": 7, "writer": "w", "strokes": [[[0, 1], [2, 3.5]], [[4, 5]]]}')
    assert drawing == StrokeDrawing([[(0.0, 1.0), (2.0, 3.5)], [(4.0, 5.0)]], 7)


@pytest.mark.parametrize(("written", "label"), [('"7"', 7), ('"?"', "?"), ("null", None), ("7", 7)])
def test_labels_are_digits_or_words(written, label):
    assert parse_drawing(f'{{"label": {written}, "strokes": []}}').label == label


def test_a_line_without_label_has_none():
    assert parse_drawing('{"strokes": [[[0, 0]]]}').label is None


def test_pressure_and_time_behind_a_point_are_passed_over():
    assert parse_drawing('{"strokes": [[[1, 2, 0.5, 99]]]}').strokes == [[(1.0, 2.0)]]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[1, 2]", "is no object"),
        ('{"label": 3}', "is no object with"),
        ('{"strokes": 3}', "must be a list of strokes"),
        ('{"strokes": [3]}', "must be a list of strokes"),
        ('{"strokes": [[[1]]]}', "is no point"),
        ('{"strokes": [[["1", "2"]]]}', "is no point"),
        ('{"strokes": [[[1, NaN]]]}', "is no point"),
        ('{"strokes": [[[1, Infinity]]]}', "is no point"),
        ('{"strokes": [[[1, true]]]}', "is no point"),
        ('{"strokes": [[{"x": 1}]]}', "is no point"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line, problem):
    with pytest.raises(StrokesError, match=problem):
        parse_drawing(line)


def test_a_bad_line_is_told_by_its_number_and_the_others_are_read():
    good = json.dumps({"strokes": [[[0, 0], [1, 1]]]})
    results = list(parse_drawings([good, "\n", "rubbish", good]))
    assert [number for number, _ in results] == [1, 3, 4]
    assert [isinstance(drawing, StrokesError) for _, drawing in results] == [False, True, False]
