"""Data sets by their names: what is chosen, trained on and tested with."""

from dataclasses import replace

import numpy as np
import pytest

from app.data import sources
from app.data.selection import Selection, find_selection, parse_selection
from app.data.sources import SOURCES
from engine.datasets.mixture import Mixture
from engine.datasets.not_digits import TAUGHT, UNSEEN
from engine.errors import ConfigurationError, DatasetError
from engine.learning.training_config import TrainingConfig

CONFIG = TrainingConfig()


@pytest.mark.parametrize(
    ("text", "weights", "title"),
    [
        ("mnist", {"mnist": 1}, "MNIST"),
        (
            "mnist, pendigits:3,synthetic:0.5",
            {"mnist": 1, "pendigits": 3, "synthetic": 0.5},
            "MNIST + pen digits (3 times) + synthetic digits (0.5 times)",
        ),
    ],
)
def test_a_selection_names_data_sets_and_how_often_they_are_seen(text, weights, title):
    assert parse_selection(text) == Selection(weights)
    assert parse_selection(text).title == title


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "",
            "There is no data set ''. Choose among mnist, emnist, pendigits, synthetic, not-digits, "
            "my-digits, cifar10",
        ),
        ("mnist,", "no data set ''"),
        ("letters", "no data set 'letters'"),
        ("mnist,mnist:2", "mnist is named twice"),
        ("mnist:", "mnist's examples are seen must be a number above 0 and at most 1,000, got ''"),
        *(
            (f"mnist:{weight}", f"above 0 and at most 1,000, got '{weight}'")
            for weight in ("0", "-1", "nan", "inf", "many", "1001", "1e300")
        ),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(text, problem):
    with pytest.raises(ConfigurationError, match=problem):
        parse_selection(text)


def test_the_first_missing_file_of_a_selection_is_told(origin):
    with pytest.raises(DatasetError, match=r"pendigits-orig\.tra is neither in"):
        find_selection("mnist,pendigits", origin)


def test_one_set_of_images_is_trained_on_as_it_is_and_others_as_a_mixture(origin):
    with find_selection("mnist", origin).training_data(origin, CONFIG) as dataset:
        assert len(dataset) == 10
    with find_selection("mnist:2,synthetic:0.001", origin).training_data(
        origin, replace(CONFIG, stroke_augmentation=None)
    ) as mixed:
        assert isinstance(mixed, Mixture)
        assert mixed.augmentation is None
        assert mixed.of_epoch(1, seed=0).counts == {"mnist": 20, "synthetic": 10}


def test_the_test_images_of_a_selection_are_the_same_whatever_the_weights(origin, monkeypatch):
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 30)
    parts = find_selection("mnist,synthetic:0.5", origin).test_parts(origin)
    assert {name: len(part) for name, part in parts.items()} == {"mnist": 10, "synthetic": 30}
    again = find_selection("synthetic", origin).test_parts(origin)
    assert np.array_equal(parts["synthetic"].images, again["synthetic"].images)


def test_no_training_is_shown_the_kinds_that_are_tested_with(origin, monkeypatch, rng):
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 100)
    selection = find_selection("mnist,not-digits", origin)
    with selection.training_data(origin, replace(CONFIG, drawings=300)) as mixed:
        shown = {drawing.style for drawing in mixed.parts["not-digits"].drawn(rng=rng).drawings}
    tested = {drawing.style for drawing in SOURCES["not-digits"].test_part(origin).drawings}
    assert shown <= set(TAUGHT)
    assert tested <= set(UNSEEN)
    assert len(shown) > 20
    assert len(tested) > 5
