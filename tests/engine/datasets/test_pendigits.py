"""Pen digits: six writers are kept from training, and a missing file is told with what to do."""

from collections import Counter

import pytest

from engine.datasets.pendigits import FILE, TEST_WRITERS, has_pendigits, read_pendigits
from engine.errors import DatasetError, Remedy
from tests.conftest import real_data


def write_pendigits(path, writers):
    digit = ".COMMENT {} {} 0\n.PEN_DOWN\n0 0\n9 9\n.PEN_UP\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(digit.format(int(writer) % 10, writer) for writer in writers))


def test_nobody_is_in_both_parts(tmp_path):
    write_pendigits(tmp_path / "pendigits" / FILE, [str(writer) for writer in range(1, 31)])
    train, test = (read_pendigits(tmp_path, part) for part in ("train", "test"))
    assert set(test.writers) == TEST_WRITERS == {str(writer) for writer in range(25, 31)}
    assert set(train.writers) == {str(writer) for writer in range(1, 25)}


def test_the_file_is_found_in_the_folder_or_in_one_of_its_name(tmp_path):
    assert not has_pendigits(tmp_path)
    write_pendigits(tmp_path / "pendigits" / FILE, ["1"])
    assert has_pendigits(tmp_path)
    assert has_pendigits(tmp_path / "pendigits")


def test_a_missing_file_is_told_with_where_it_comes_from_and_what_needs_none(tmp_path):
    with pytest.raises(DatasetError, match=rf"{FILE} is neither in .*dataset/81") as caught:
        read_pendigits(tmp_path, "train")
    assert caught.value.remedy == Remedy.NAME_DATA_FOLDER_OR_DRAW


def test_a_file_without_the_writers_of_a_part_is_told(tmp_path):
    write_pendigits(tmp_path / FILE, ["1", "2"])
    assert len(read_pendigits(tmp_path, "train")) == 2
    with pytest.raises(DatasetError, match="nothing by the writers of its test part"):
        read_pendigits(tmp_path, "test")


def test_the_real_file_holds_250_digits_of_each_writer():
    folder = real_data(has_pendigits, f"{FILE}: set DIGITS_DATA to the folder that holds it")
    test = read_pendigits(folder, "test")
    assert len(test) == 1498
    assert all(abs(count - 250) <= 1 for count in Counter(d.writer for d in test.drawings).values())
    # the right way up: the hook of a seven is above its foot
    for drawing in test.drawings:
        if drawing.label == 7:
            assert drawing.strokes[0][0][1] < drawing.strokes[0][-1][1]
