"""Drawings as data: writers stay together, and of a file's lines bad ones are told and hide nothing."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.strokes import (
    LONGEST_LINE,
    StrokeDataset,
    StrokeDrawing,
    parse_drawing,
    parse_drawings,
    read_stroke_file,
    render,
)
from engine.errors import ConfigurationError, DatasetError, StrokesError
from engine.files.bounded_files import open_text, read_lines
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.nn.losses import NO_CLASS

LINE = [[(0.0, 0.0), (1.0, 9.0)]]


def written_by(*writers):
    """A digit for each of these writers, numbered by its label."""
    return StrokeDataset([StrokeDrawing(LINE, i % 10, writer) for i, writer in enumerate(writers)])


# **** a data set of drawings ****


@given(counts=st.lists(st.integers(1, 5), min_size=2, max_size=9), fraction=st.floats(0.01, 0.99))
def test_a_split_puts_every_writer_on_one_side_and_some_on_each(counts, fraction):
    everyone = [f"w{i}" for i, count in enumerate(counts) for _ in range(count)]
    dataset = written_by(*everyone)
    rest, aside = dataset.split(fraction, rng=np.random.default_rng(0))
    assert not set(rest.writers) & set(aside.writers)
    assert rest.writers
    assert aside.writers
    assert sorted(d.writer for part in (rest, aside) for d in part.drawings) == sorted(everyone)
    assert abs(len(aside.writers) - fraction * len(counts)) <= 1


def test_which_writers_are_set_aside_is_up_to_the_generator():
    dataset = written_by(*"abcdefghij")
    chosen = [dataset.split(0.3, rng=np.random.default_rng(seed))[1].writers for seed in (0, 0, 1)]
    assert chosen[0] == chosen[1] != chosen[2]


def test_one_writer_cannot_be_split():
    with pytest.raises(ConfigurationError, match="1 writers cannot be set aside"):
        written_by("a", "a").split(0.5, rng=np.random.default_rng(0))


def test_drawings_of_named_writers_keep_their_order():
    dataset = written_by("a", "b", "a", "c")
    assert dataset.writers == ["a", "b", "c"]
    assert dataset.of_writers({"c", "a"}).labels.tolist() == [0, 2, 3]


@pytest.mark.parametrize(
    ("drawing", "problem"),
    [
        (StrokeDrawing(LINE, 10), "label 10"),
        (StrokeDrawing(LINE, "x"), "label 'x'"),
        (StrokeDrawing(LINE), "label None"),
        (StrokeDrawing([[]], 3), "no point"),
    ],
)
def test_what_is_no_digit_is_refused(drawing, problem):
    with pytest.raises(DatasetError, match=f"Drawing 1 has {problem}|Drawing 1 has the {problem}"):
        StrokeDataset([StrokeDrawing(LINE, 1), drawing])


def test_images_are_what_the_window_would_show_the_network():
    strokes = [[(10, 10), (40, 12), (20, 60)], [(0, 30), (50, 33)]]
    images = StrokeDataset([StrokeDrawing(LINE, 1), StrokeDrawing(strokes, 7)]).rendered().images
    assert images.dtype == np.uint8
    assert np.abs(images[1] / 255 - frame(stroke_ink(strokes))).max() <= 0.5 / 255


def test_each_drawing_can_have_its_own_pen():
    thin, thick = render([LINE, LINE], pen=np.array([0.1, 0.2]))
    assert np.array_equal(thick, render([LINE], pen=0.2)[0])
    assert thin.sum() < 0.7 * thick.sum()


# **** stroke files ****


def test_reads_strokes_label_and_writer():
    drawing = parse_drawing('{"label": 7, "writer": "w", "strokes": [[[0, 1], [2, 3.5]], [[4, 5]]]}')
    assert drawing == StrokeDrawing([[(0.0, 1.0), (2.0, 3.5)], [(4.0, 5.0)]], 7, "w")


def test_a_file_of_labelled_drawings_is_a_data_set(tmp_path):
    path = tmp_path / "digits.jsonl"
    path.write_text(
        '\ufeff{"label": 4, "writer": 12, "strokes": [[[0, 1]]]}\n\n{"label": "5", "strokes": [[[1, 2]]]}'
    )
    dataset = read_stroke_file(path)
    assert dataset.labels.tolist() == [4, 5]
    assert dataset.writers == ["12", None]


def test_a_label_in_words_says_that_a_drawing_is_no_digit(tmp_path):
    path = tmp_path / "signs.jsonl"
    path.write_text('{"label": "?", "strokes": [[[0, 1]]]}\n{"label": 3, "strokes": [[[0, 1]]]}')
    dataset = read_stroke_file(path)
    assert dataset.labels.tolist() == [NO_CLASS, 3]
    assert [drawing.style for drawing in dataset.drawings] == ["?", None]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"strokes": 3}', "line 2 .*must be a list"),
        ('{"strokes": [[[1, 2]]]}', "line 2 has the label None"),
        ('{"label": 1, "strokes": []}', "line 2 has no point"),
        ('{"label": "star", "strokes": []}', "line 2 has no point"),
        ('{"label": -1, "strokes": [[[1, 2]]]}', "line 2 has the label -1"),
        ('{"label": "", "strokes": [[[1, 2]]]}', "line 2 has the label ''"),
    ],
)
def test_a_damaged_line_of_a_data_set_is_named(tmp_path, line, problem):
    path = tmp_path / "digits.jsonl"
    path.write_text('{"label": 4, "strokes": [[[0, 1]]]}\n' + line)
    with pytest.raises(DatasetError, match=rf"digits\.jsonl, {problem}"):
        read_stroke_file(path)


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path):
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe")
    for name, problem in (("bytes", ", line 1 is no text in UTF-8"), ("missing", " cannot be read")):
        with pytest.raises(DatasetError, match=f"{name}.jsonl{problem}"):
            read_stroke_file(tmp_path / f"{name}.jsonl")


@pytest.mark.parametrize(
    ("written", "label"), [('"7"', 7), ('"?"', "?"), ("null", None), ("7", 7), ("true", None)]
)
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
        ('{"strokes": [[[1, 1' + 400 * "0" + "]]]}", "is no point"),
        ('{"strokes": [["12"]]}', "is no point"),
        ('{"strokes": [[{"x": 1}]]}', "is no point"),
        ('{"strokes": [["\\u001b[2J"]]}', r"\\u001b\[2J.* is no point"),
        ('{"strokes": [[' + "[" * 900 + "]" * 900 + "]]}", "is no point"),
        ('{"strokes": [[[1, 1]]], "label": "' + "9" * 5000 + '"}', "has a label of more than 18 digits"),
        ('{"strokes": [[[1, 1]]], "label": 1' + "0" * 18 + "}", "has a label of more than 18 digits"),
        ('{"strokes": [[[1, 1]]], "label": ' + "9" * 5000 + "}", "is no JSON|of more than 18 digits"),
        ("\udcff", "is no text in UTF-8"),
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


SEVEN = [[(20.0, 20.0), (120.0, 20.0), (60.0, 150.0)], [(50.0, 90.0), (100.0, 90.0)]]


def columns(strokes, *more):
    """As Quick, Draw! has them."""
    return [[*map(list, zip(*stroke, strict=True)), *([0] * len(stroke) for _ in more)] for stroke in strokes]


def read(*records):
    """The strokes of a file of these records, a line each."""
    drawings = [drawing for _, drawing in parse_drawings(map(json.dumps, records))]
    return [drawing if isinstance(drawing, StrokesError) else drawing.strokes for drawing in drawings]


LONG = [[(float(i), float(i * i)) for i in range(9)]]


@pytest.mark.parametrize(
    "record",
    [
        SEVEN,
        {"strokes": [[{"x": x, "y": y, "t": 3} for x, y in stroke] for stroke in SEVEN]},
        [[{"x": x, "y": y} for x, y in stroke] for stroke in SEVEN],
        {"drawing": columns(SEVEN), "word": "7"},
        {"drawing": columns(SEVEN, "time")},
        {"strokes": [[[x, y, 0.4, 17] for x, y in stroke] for stroke in SEVEN]},
    ],
)
def test_strokes_are_read_in_each_shape_that_programs_write(record):
    assert read(record) == [SEVEN]


@pytest.mark.parametrize("rest", [(), ("time",), ("time", "pressure")])
def test_columns_are_told_from_points_by_their_shape(rest):
    assert read({"strokes": columns(LONG, *rest)}) == [LONG]


@pytest.mark.parametrize("where", ["before", "after"])
def test_what_may_be_points_or_columns_is_told_by_the_files_other_drawings(where):
    pair = [[(20.0, 30.0), (40.0, 90.0)]]
    triple = [[(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]]
    for strokes in (pair, triple):
        told, doubtful = {"strokes": columns(LONG)}, {"strokes": columns(strokes)}
        records = [told, doubtful] if where == "before" else [doubtful, told]
        assert sorted(map(len, read(*records))) == [1, 1]
        assert strokes in read(*records)
    told = {"strokes": [[[*point, 5, 6] for point in LONG[0]]]}
    doubtful = {"strokes": [[[1, 2, 5, 6], [3, 4, 5, 6]]]}
    assert [[(1.0, 2.0), (3.0, 4.0)]] in (read(told, doubtful) if where == "before" else read(doubtful, told))


def test_alone_pairs_and_pressed_points_are_points_and_the_rest_is_never_guessed():
    assert read({"strokes": [[[20, 30], [40, 90]]]}) == [[[(20.0, 30.0), (40.0, 90.0)]]]
    assert read({"strokes": [[[2, 3, 0.5], [4, 9, 1]]]}) == [[[(2.0, 3.0), (4.0, 9.0)]]]
    (error,) = read({"strokes": [[[23, 83, 40], [11, 12, 91]]]})
    assert isinstance(error, StrokesError)
    assert "may be points [x, y, …] or columns" in str(error)


def test_drawings_that_wait_come_in_their_order_and_not_for_ever(monkeypatch):
    doubtful, bad = {"strokes": [[[20, 30], [40, 90]]]}, {"strokes": 3}
    points, error, last = read(doubtful, bad, {"strokes": [[[1, 2]], [[3, 4]], [[5, 6]]]})
    assert points == [[(20.0, 30.0), (40.0, 90.0)]]
    assert isinstance(error, StrokesError)
    assert len(last) == 3
    monkeypatch.setattr("engine.datasets.strokes.MOST_WAITING", 3)
    lines = iter([json.dumps(doubtful)] * 5)
    next(parse_drawings(lines))
    assert len(list(lines)) == 2


def test_once_a_drawing_tells_the_others_are_read_as_they_come():
    lines = iter([json.dumps({"strokes": LONG}), json.dumps({"strokes": [[[20, 30], [40, 90]]]}), "rubbish"])
    drawings = parse_drawings(lines)
    next(drawings)
    next(drawings)
    assert list(lines) == ["rubbish"]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("bare", [True, False])
def test_a_list_of_drawings_and_one_over_several_lines_are_read(indent, bare):
    def lines(value):
        return ("\ufeff" + json.dumps(value, indent=indent)).splitlines(keepends=True)

    one = SEVEN if bare else {"strokes": SEVEN, "label": 7}
    for value, count in ((one, 1), ([one], 1), ([one, one, one], 3)):
        drawings = list(parse_drawings(lines(value)))
        assert [number for number, _ in drawings] == list(range(1, count + 1))
        assert [drawing.strokes for _, drawing in drawings] == [SEVEN] * count


def test_a_damaged_first_line_hides_no_other():
    good = json.dumps({"strokes": SEVEN})
    results = list(parse_drawings(['{"strokes": [\n', good, good]))
    assert [number for number, _ in results] == [1, 2, 3]
    assert [isinstance(drawing, StrokesError) for _, drawing in results] == [True, False, False]


def test_a_line_that_is_too_long_is_told_and_the_others_are_read(tmp_path):
    good = json.dumps({"label": 3, "strokes": [[[0, 0], [1, 1]]]}) + "\n"
    (tmp_path / "long.jsonl").write_text(good + "[" + " " * LONGEST_LINE + "\n" + good)
    with open_text(tmp_path / "long.jsonl") as file:
        results = list(parse_drawings(read_lines(file, LONGEST_LINE)))
    assert [number for number, _ in results] == [1, 2, 3]
    assert [isinstance(drawing, StrokesError) for _, drawing in results] == [False, True, False]
    assert "is longer than 4,194,304 characters" in str(results[1][1])


def test_a_file_of_more_than_is_kept_in_memory_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.datasets.strokes.MOST_CHARACTERS", 100)
    line = json.dumps({"label": 3, "strokes": [[[0, 0], [1, 1]]]}) + "\n"
    (tmp_path / "many.jsonl").write_text(line * 3)
    with pytest.raises(DatasetError, match="has more than the 100 characters that are read"):
        read_stroke_file(tmp_path / "many.jsonl")


def test_a_long_label_is_quoted_in_part(tmp_path):
    (tmp_path / "long.jsonl").write_text(json.dumps({"label": "x\n" * 9999, "strokes": [[]]}) + "\n")
    with pytest.raises(DatasetError, match="line 1 has no point"):
        read_stroke_file(tmp_path / "long.jsonl")
    with pytest.raises(DatasetError) as caught:
        StrokeDataset([StrokeDrawing(LINE, "x\n" * 9999)])
    assert len(str(caught.value)) < 200
