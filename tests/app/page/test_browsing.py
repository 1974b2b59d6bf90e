"""app/page/browsing.py: which test images are shown, and where one goes, without a screen."""

import numpy as np
import pytest

from app.page.browsing import (
    SURENESS,
    Filter,
    first_of_page,
    heading,
    large_image,
    matching,
    place_of_image,
    sureness_label,
)
from engine import Dataset, Evaluation

CONFIDENCES = [0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 1.0]


@pytest.fixture
def evaluation():
    """Seven images of a 3 and a 4 in turn, all read as a 3."""
    labels = np.array([3, 4, 3, 4, 3, 4, 3])
    probabilities = np.zeros((7, 10), np.float32)
    for row, confidence in zip(probabilities, CONFIDENCES, strict=True):
        row[:] = (1 - confidence) / 9
        row[3] = confidence
    return Evaluation(probabilities, labels, 1.0)


def test_without_a_wish_all_are_shown_in_their_order(evaluation):
    assert matching(evaluation, Filter()) == list(range(7))


@pytest.mark.parametrize(
    ("sureness", "expected"),
    [("under 50", [0]), ("50 to 90", [1, 2]), ("90 to 99", [3, 4]), ("over 99", [5, 6])],
)
def test_each_image_has_one_sureness_and_its_lower_end_belongs_to_it(evaluation, sureness, expected):
    rounded = Evaluation(evaluation.probabilities.astype(np.float64), evaluation.labels, 1.0)
    rounded.probabilities[:, 3] = CONFIDENCES
    assert matching(rounded, Filter(sureness=sureness)) == expected


def test_wishes_are_combined(evaluation):
    assert matching(evaluation, Filter(digit=4)) == [1, 3, 5]
    assert matching(evaluation, Filter(digit=3, only_mistakes=True)) == []
    assert matching(evaluation, Filter(sureness="50 to 90", only_mistakes=True)) == [1]


def test_mistakes_alone_come_the_surest_first(evaluation):
    assert matching(evaluation, Filter(only_mistakes=True)) == [5, 3, 1] == evaluation.mistakes.tolist()


def test_the_heading_counts_what_is_shown(evaluation):
    assert heading(evaluation, "MNIST", Filter()) == "MNIST: 7 test images, of which 57.14 % are read right"
    assert heading(evaluation, "MNIST", Filter(digit=4)) == "MNIST: 3 of 7 test images"
    mistakes = heading(evaluation, "MNIST", Filter(only_mistakes=True))
    assert mistakes == "MNIST: 3 mistakes among 7 test images, the surest first"
    one = heading(evaluation, "MNIST", Filter(only_mistakes=True, sureness="50 to 90"))
    assert one == "MNIST: 1 mistake among 7 test images"


def test_every_sureness_has_its_words():
    assert [sureness_label(sureness) for sureness in SURENESS] == [
        "however sure",
        "below 50 % sure",
        "50 to 90 % sure",
        "90 to 99 % sure",
        "99 % sure and more",
    ]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        *[("1", 0), (" 2 ", 15), ("3", 30), ("4", 30), ("99999", 30)],
        *[(nothing, None) for nothing in ("0", "-1", "", "x", "9" * 400)],
    ],
)
def test_a_page_is_found_by_its_number(typed, first):
    assert first_of_page(typed, 45, 15) == first


def test_with_no_image_there_is_one_page():
    assert first_of_page("3", 0, 15) == 0


def test_an_image_is_found_by_its_number_where_it_is_shown():
    assert place_of_image("1,132", [5, 1132, 7]) == 1
    assert place_of_image("6", [5, 1132, 7]) is None
    assert place_of_image("a", [5]) is None


def test_a_large_image_tells_all_that_was_made_of_it(evaluation):
    images = Dataset(np.zeros((7, 28, 28), np.uint8), evaluation.labels)
    image = large_image(images, evaluation, 3)
    assert (image.number, image.predicted, image.tile.is_right) == (3, 3, False)
    assert image.probabilities == tuple(evaluation.probabilities[3].tolist())
    rejecting = Evaluation(evaluation.probabilities, evaluation.labels, 1.0, np.ones(7, bool))
    assert large_image(images, rejecting, 3).predicted is None
