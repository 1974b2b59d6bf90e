"""Each data set by its name: whether it is there, and what it has to train on and to test with."""

import numpy as np
import pytest

from app.data import sources
from app.data.sources import NOT_DIGITS, SOURCES, SYNTHETIC_TEST


def test_what_is_drawn_here_needs_no_file(tmp_path):
    assert {name for name, source in SOURCES.items() if source.is_in(tmp_path)} == {"synthetic", NOT_DIGITS}


def test_so_much_is_drawn_to_train_on_and_always_as_much_to_test_with(tmp_path, monkeypatch):
    assert SYNTHETIC_TEST == 2000  # as many as a person has
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 90)
    for name in ("synthetic", NOT_DIGITS):
        assert len(SOURCES[name].train_part(tmp_path, 70)) == 70
        assert len(SOURCES[name].test_part(tmp_path)) == 90


def test_the_drawings_to_test_with_are_the_same_each_time(tmp_path):
    source = SOURCES["synthetic"]
    first, again = source.test_part(tmp_path), source.test_part(tmp_path)
    for one, other in zip(first.drawings, again.drawings, strict=True):
        assert all(map(np.array_equal, one.strokes, other.strokes))


def test_images_that_are_there_are_read(origin):
    mnist = SOURCES["mnist"]
    assert mnist.is_in(origin)
    assert len(mnist.train_part(origin, 70)) == len(mnist.test_images(origin)) == 10


@pytest.mark.parametrize("name", SOURCES)
def test_each_has_a_title_for_people(name):
    assert SOURCES[name].title
