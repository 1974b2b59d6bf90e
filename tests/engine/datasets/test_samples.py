"""Samples: a stroke file to which whole lines are added, and of which damage loses no other."""

import json
import multiprocessing
import os
import signal
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import samples as samples_module
from engine.datasets.samples import (
    UNLABELLED,
    Sample,
    append_samples,
    as_dataset,
    delete_samples,
    merge,
    read_samples,
    rewrite_samples,
    samples_of,
    take_back,
)
from engine.datasets.strokes import read_stroke_file
from engine.errors import DatasetError
from engine.files.file_lock import locked
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.nn.losses import NO_CLASS
from tests.digit_templates import digit_strokes
from tests.engine.system_calls import SystemCalls, killed_at

LINE = ((0.25, 0.125), (0.5, 0.75))


def picture(value=7):
    return np.full((28, 28), value, np.uint8)


def same(one, other):
    return one.to_line() == other.to_line()


words = st.none() | st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
coordinates = st.floats(-1e6, 1e6)
drawings = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=5), min_size=1, max_size=3
)


@given(
    label=st.integers(NO_CLASS, 9),
    strokes=drawings,
    read_as=st.none() | st.integers(NO_CLASS, 9),
    when=words,
    author=words,
)
def test_a_sample_comes_back_from_its_file_as_it_was(label, strokes, read_as, when, author, tmp_path_factory):
    path = tmp_path_factory.mktemp("samples") / "mine.jsonl"
    # a second stroke that reads in one way only tells how points lie, as it does for all stroke files
    sample = Sample(
        label, [*strokes, list(LINE), [(0.0, 0.0), (1.0, 1.0), (2.0, 5.0)]], None, read_as, when, author
    )
    append_samples(path, [sample])
    found = read_samples(path)
    assert not found.problems
    (back,) = found.samples
    assert same(back, sample)
    assert (back.read_as, back.when, back.author) == (read_as, when, author)


@pytest.mark.parametrize("author", ["A\u2028da", "A\u2029da", "A\x85da", "A\u2028"])
def test_what_else_breaks_lines_tears_no_sample(tmp_path, author):
    path = tmp_path / "mine.jsonl"
    append_samples(path, [Sample(digit, digit_strokes(digit), author=author) for digit in (3, 8)])
    for found in (read_samples(path), samples_of(path.read_bytes(), path)):
        assert [(each.label, each.author) for each in found.samples] == [(3, author), (8, author)]
        assert not found.problems
    rewrite_samples(path, found.samples, found.samples[1:])
    assert [each.author for each in read_samples(path).samples] == [author]


def test_what_editors_put_before_a_text_hides_nothing_of_its_first_line(tmp_path):
    path = tmp_path / "mine.jsonl"
    append_samples(path, [Sample(NO_CLASS, None, picture(), read_as=3, when="today", author="Ada")])
    path.write_bytes("\ufeff".encode() + path.read_bytes())
    (back,) = read_samples(path).samples
    assert np.array_equal(back.picture, picture())
    assert (back.label, back.read_as, back.when, back.author) == (NO_CLASS, 3, "today", "Ada")


def test_a_sample_of_a_picture_comes_back_too(tmp_path, rng):
    image = rng.integers(0, 256, (28, 28)).astype(np.uint8)
    append_samples(tmp_path / "mine.jsonl", [Sample(NO_CLASS, None, image, read_as=3)])
    (back,) = read_samples(tmp_path / "mine.jsonl").samples
    assert np.array_equal(back.picture, image)
    assert (back.label, back.strokes, back.read_as) == (NO_CLASS, None, 3)


def test_a_file_of_samples_is_a_stroke_file(tmp_path):
    path = tmp_path / "mine.jsonl"
    append_samples(path, [Sample(5, digit_strokes(5), author="Ada"), Sample(NO_CLASS, digit_strokes(4))])
    assert read_stroke_file(path).labels.tolist() == [5, NO_CLASS]
    assert json.loads(path.read_text().splitlines()[1])["label"] == "not a digit"


def test_other_peoples_stroke_files_are_read(tmp_path):
    path = tmp_path / "theirs.ndjson"
    path.write_text(
        '{"word": "star", "drawing": [[[0, 5, 9], [0, 9, 1]]]}\n'
        '{"label": "7", "writer": "w3", "strokes": [[[1, 2, 0.5], [3, 4, 0.5], [5, 5, 0.5]]]}\n'
    )
    star, seven = read_samples(path).samples
    assert (star.label, seven.label, seven.author) == (NO_CLASS, 7, "w3")


def test_images_of_samples_are_what_the_window_shows_the_network():
    dataset = as_dataset([Sample(3, digit_strokes(3)), Sample(NO_CLASS, None, picture())])
    expected = np.rint(255 * frame(stroke_ink(digit_strokes(3))))
    assert np.array_equal(dataset.images[0], expected)
    assert np.array_equal(dataset.images[1], picture())
    assert dataset.labels.tolist() == [3, NO_CLASS]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"strokes": [[[0, 0], [1, 1], [3, 2]]]}', "takes a digit"),
        ('{"label": 12, "strokes": [[[0, 0], [1, 1], [3, 2]]]}', "label 12"),
        ('{"label": true, "strokes": [[[0, 0], [1, 1], [3, 2]]]}', "takes a digit"),
        ('{"label": 3, "strokes": [[]]}', "no point"),
        ('{"label": 3, "strokes": [[[0, 0], [1e200, 1], [3, 2]]]}', "beyond 1e[+]100"),
        ('{"label": 3, "picture": "AAAA"}', "3 bytes, not 784"),
        ('{"label": 3, "picture": 5}', "no 28x28 bytes"),
        ('{"label": 3, "strokes": [[[0, 0], [1,', "no JSON"),
        ("\x00\x01", "no JSON"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_hides_none(tmp_path, line, told):
    path = tmp_path / "mine.jsonl"
    good = Sample(3, digit_strokes(3)).to_line()
    path.write_text(good + line + "\n" + good)
    found = read_samples(path)
    assert len(found.samples) == 2
    ((number, error),) = found.problems
    assert number == 2
    with pytest.raises(DatasetError, match=rf"mine.jsonl, line 2 .*{told}"):
        raise error


def test_what_is_added_after_a_torn_line_begins_a_line_of_its_own(tmp_path):
    path = tmp_path / "mine.jsonl"
    append_samples(path, [Sample(1, digit_strokes(1)), Sample(2, digit_strokes(2))])
    path.write_bytes(path.read_bytes()[:-20])
    append_samples(path, [Sample(3, digit_strokes(3))])
    found = read_samples(path)
    assert [sample.label for sample in found.samples] == [1, 3]
    assert [number for number, _ in found.problems] == [2]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "mine.jsonl"
    append_samples(path, [Sample(1, digit_strokes(1))])
    before = path.read_bytes()

    def fails(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(samples_module.os, "fsync", fails)
    with pytest.raises(DatasetError, match=r"mine.jsonl could not be written: No space left on device"):
        append_samples(path, [Sample(2, digit_strokes(2))])
    assert path.read_bytes() == before


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(DatasetError, match="cannot be read"):
            read_samples(path)


def test_a_file_with_too_many_lines_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(samples_module, "MOST_SAMPLES", 2)
    path = tmp_path / "mine.jsonl"
    path.write_text(Sample(1, digit_strokes(1)).to_line() * 3)
    with pytest.raises(DatasetError, match="more than the 2 lines"):
        read_samples(path)


@pytest.mark.parametrize(
    ("label", "strokes", "image"),
    [(10, [LINE], None), (-3, [LINE], None), (3, None, None), (3, [LINE], picture())],
)
def test_a_sample_is_one_drawing_of_a_class(label, strokes, image):
    with pytest.raises(DatasetError, match="A sample has"):
        Sample(label, strokes, image)


# **** sets ****


def test_merging_tells_duplicates_and_keeps_the_last_label():
    one, two, again = Sample(1, [LINE]), Sample(2, digit_strokes(2)), Sample(7, [LINE])
    merged = merge([[one, two], [two, again]])
    assert [sample.label for sample in merged.samples] == [7, 2]
    assert (merged.duplicates, merged.relabelled) == (1, 1)


def test_the_same_points_in_other_strokes_are_another_drawing():
    whole = [[(0, 0), (1, 1), (2, 2)]]
    parts = [[(0, 0)], [(1, 1), (2, 2)]]
    assert len(merge([[Sample(1, whole), Sample(1, parts)]]).samples) == 2


def test_the_last_sample_is_taken_back_and_nothing_else(tmp_path):
    path = tmp_path / "mine.jsonl"
    one, two = Sample(1, digit_strokes(1)), Sample(2, digit_strokes(2))
    append_samples(path, [one])
    with path.open("a") as file:
        file.write('{"label": 3, "strok\n')  # torn, and still the person's
    before = path.read_bytes()
    append_samples(path, [two])
    take_back(path, two)
    assert path.read_bytes() == before
    for sample in (two, one):  # gone by now; not the last
        with pytest.raises(DatasetError, match="another window"):
            take_back(path, sample)
    assert path.read_bytes() == before


def test_a_line_that_only_ends_alike_is_not_taken_back(tmp_path):
    path = tmp_path / "mine.jsonl"
    sample = Sample(1, digit_strokes(1))
    path.write_text("x" + sample.to_line())
    with pytest.raises(DatasetError, match="another window"):
        take_back(path, sample)
    path.write_text(sample.to_line())
    take_back(path, sample)
    assert path.read_bytes() == b""


def test_one_that_writes_waits_for_another(tmp_path, monkeypatch):
    monkeypatch.setattr(samples_module, "WAIT", 0.05)
    path = tmp_path / "mine.jsonl"
    with locked(tmp_path / ".mine.jsonl.lock"), pytest.raises(DatasetError, match="Another process"):
        append_samples(path, [Sample(1, digit_strokes(1))])
    append_samples(path, [Sample(1, digit_strokes(1))])
    assert sorted(os.listdir(tmp_path)) == ["mine.jsonl"]


# **** rewritten ****


def digits(*labels):
    return [Sample(label, digit_strokes(label)) for label in labels]


def test_rewritten_a_file_keeps_what_is_no_sample_and_lines_of_those_that_stay(tmp_path):
    path = tmp_path / "samples.jsonl"
    three, eight = digits(3, 8)
    noted = three.to_line().replace('{"label"', '{"note": "of mine", "label"')
    path.write_bytes(b'{"label": 1, "str\n' + noted.encode() + eight.to_line().encode() + b"\xff\n")
    before = read_samples(path).samples
    rewrite_samples(path, before, [replace(before[1], label=0), before[0]])
    assert path.read_bytes() == (
        b'{"label": 1, "str\n\xff\n' + Sample(0, digit_strokes(8)).to_line().encode() + noted.encode()
    )


def test_a_file_that_another_one_has_changed_is_not_rewritten(tmp_path):
    path = tmp_path / "samples.jsonl"
    three, eight = digits(3, 8)
    append_samples(path, [three, eight])
    with pytest.raises(DatasetError, match="changed by another window"):
        rewrite_samples(path, [three], [])
    assert [sample.label for sample in read_samples(path).samples] == [3, 8]


@pytest.mark.parametrize("between", [",", ",\n", ",\n\n"])
def test_a_file_of_another_form_is_not_rewritten(tmp_path, between):
    path = tmp_path / "samples.jsonl"
    path.write_text(f"[{between.join(sample.to_line().strip() for sample in digits(3, 8))}]")
    content = path.read_text()
    before = read_samples(path).samples
    assert len(before) == 2
    with pytest.raises(DatasetError, match="does not hold a sample a line"):
        rewrite_samples(path, before, before[:1])
    assert path.read_text() == content


def test_no_more_is_written_than_is_read(tmp_path, monkeypatch):
    path = tmp_path / "samples.jsonl"
    append_samples(path, digits(3))
    monkeypatch.setattr(samples_module, "MOST_SAMPLES", 2)
    with pytest.raises(DatasetError, match="more than the 2 lines"):
        rewrite_samples(path, digits(3), digits(1, 2, 3))
    assert [sample.label for sample in read_samples(path).samples] == [3]


def test_a_rewriting_that_fails_leaves_the_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "samples.jsonl"
    append_samples(path, digits(3, 8))

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DatasetError, match="could not be written: No space left"):
        rewrite_samples(path, digits(3, 8), [])
    assert [each.name for each in tmp_path.iterdir()] == ["samples.jsonl"]
    assert len(read_samples(path).samples) == 2


def test_deleted_a_file_is_gone_with_what_a_kill_has_left_of_it(tmp_path):
    path = tmp_path / "samples.jsonl"
    append_samples(path, digits(3))
    (tmp_path / ".0123456789abcdef.part").write_text("half a sample")
    (tmp_path / "settings.json").write_text("{}")
    delete_samples(path)
    delete_samples(path)  # there is none
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]


# **** killed ****


def add_for_ever(path, told):
    for number in range(10_000):
        append_samples(path, [Sample(number % 10, digit_strokes(number % 10), author=str(number))])
        os.write(told, f"{number}\n".encode())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by SIGKILL")
def test_a_sample_that_was_added_is_there_after_a_kill(tmp_path, rng):
    path = tmp_path / "mine.jsonl"
    for _ in range(2):
        before = len(read_samples(path).samples) if path.exists() else 0
        reading, telling = os.pipe()
        adding = multiprocessing.get_context("fork").Process(target=add_for_ever, args=(path, telling))
        adding.start()
        os.close(telling)
        os.read(reading, 1)  # the first is there
        time.sleep(float(rng.uniform(0, 0.02)))
        os.kill(adding.pid, signal.SIGKILL)
        adding.join()
        told = b""
        while more := os.read(reading, 4096):
            told += more
        os.close(reading)
        found = read_samples(path)
        assert len(found.samples) - before >= told.count(b"\n")
        assert len(found.problems) <= 1


def rewrite_and_be_killed(path, before, after, number):
    with pytest.MonkeyPatch.context() as patch:
        SystemCalls(patch, killed_at(number))
        rewrite_samples(path, before, after)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by SIGKILL")
def test_a_rewriting_that_is_killed_leaves_the_old_or_the_new_file(tmp_path, monkeypatch):
    """At each call of the system; the one after it finds nothing in its way."""
    path = tmp_path / "samples.jsonl"
    old, new = digits(3, 8), digits(8, 4, 1)
    append_samples(path, old)
    with monkeypatch.context() as patch:
        calls = SystemCalls(patch)
        rewrite_samples(path, old, new)
    contents = [b"".join(each.to_line().encode() for each in which) for which in (old, new)]
    left = []
    for number in range(1, 1 + calls.count):
        rewrite_samples(path, read_samples(path).samples, old)
        killed = multiprocessing.get_context("fork").Process(
            target=rewrite_and_be_killed, args=(path, old, new, number)
        )
        killed.start()
        killed.join()
        assert killed.exitcode == -signal.SIGKILL
        left.append(contents.index(path.read_bytes()))
    assert left[0] == 0
    assert left[-1] == 1
    assert left == sorted(left)


def test_what_nobody_has_labelled_is_a_sample_only_where_that_is_asked_for(tmp_path):
    path = tmp_path / "collected.jsonl"
    unknown = Sample(UNLABELLED, digit_strokes(3), read_as=8)
    append_samples(path, [unknown])
    assert json.loads(path.read_text())["label"] is None
    assert read_samples(path).samples == ()
    (read,) = read_samples(path, are_labelled=False).samples
    assert (read.label, read.read_as, read.to_line()) == (UNLABELLED, 8, unknown.to_line())
    append_samples(path, [Sample(3, digit_strokes(3))])
    found = read_samples(path, are_labelled=False)
    assert len(found.samples) == 1
    assert "here lies what has none yet" in str(found.problems[0][1])
    rewrite_samples(path, [read], [])
    assert [sample.label for sample in read_samples(path).samples] == [3]  # what is none of these stays
