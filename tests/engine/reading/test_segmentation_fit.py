"""Fitting: what is right becomes most probable, and its gradient is that of its loss."""

import numpy as np
import pytest

from engine.datasets.dataset import Dataset
from engine.datasets.not_digits import TAUGHT
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.errors import ConfigurationError
from engine.reading import segmentation_fit
from engine.reading.confidence import Confidence
from engine.reading.segmentation import WEIGHTS
from engine.reading.segmentation_fit import DECAY, Choice, Page, choice, fit_weights, pages, picture_pages
from engine.reading.stroke_pieces import StrokePieces
from tests.digit_templates import digit_images, digit_strokes


def bar(x):
    return [(x, y) for y in np.linspace(0, 1, 12)]


def page_of(strokes, is_right):
    return Page(StrokePieces(strokes, judge), is_right)


def judge(drawings):
    """Ones and fours, by the number of strokes."""
    logits = np.zeros((len(drawings), 10), np.float32)
    logits[np.arange(len(drawings)), [1 if len(drawing) == 1 else 4 for drawing in drawings]] = 9
    return logits


def test_two_choices_by_hand():
    # one feature; right in three of four choices between it and nothing: without decay, log 3
    yes, no = (Choice(np.array([[1.0], [0.0]]), np.array(right)) for right in ([True, False], [False, True]))
    (weight,) = fit_weights([yes, yes, yes, no])
    assert weight == pytest.approx(np.log(3), abs=0.01)
    share = 1 / (1 + np.exp(-weight))
    assert share - 0.75 + DECAY * weight == pytest.approx(0, abs=1e-6)  # where the gradient is none


def test_several_right_ones_count_together():
    # to make one of the two right ones as probable as can be is enough
    choices = [Choice(np.eye(3), np.array([True, True, False]))] * 2
    weights = fit_weights([*choices, Choice(np.eye(3), np.array([True, False, False]))])
    assert weights[0] > weights[1] > weights[2]
    assert weights[0] - weights[2] > 3


def test_a_page_is_a_choice_among_all_its_partitions():
    found = choice(page_of([bar(0), bar(0.2), bar(0.4)], "14".__eq__), judge, Confidence())
    # the three in one, 1 and 4, 4 and 1, three ones; the outer two are no neighbours
    assert found.features.shape == (4, 2 * len(WEIGHTS))
    assert found.right.sum() == 1
    row = found.features[found.right.argmax()]
    assert row[list(WEIGHTS).index("group")] == 2  # two digits
    assert row[list(WEIGHTS).index("pair")] == 1


@pytest.mark.parametrize(
    "page",
    [
        page_of([bar(0)], "1".__eq__),
        page_of([bar(0), bar(0.2)], "7".__eq__),
        page_of([bar(0), bar(0.2)], str),
    ],
)
def test_where_nothing_or_everything_is_right_there_is_no_choice(page):
    assert choice(page, judge, Confidence()) is None


def test_nothing_to_choose_from_is_an_error():
    with pytest.raises(ConfigurationError, match="got none"):
        fit_weights([])


def test_the_pages_are_of_every_kind(rng):
    digits = StrokeDataset(
        [StrokeDrawing(digit_strokes(d, rng), d, writer=w) for d in range(10) for w in ("a", "b")]
    )
    made = list(pages(digits, judge, share=0.01, rng=rng))
    assert any(page.is_right("?") and not page.is_right("1") for page in made)  # no digit
    assert any(
        page.is_right("?1") and page.is_right("1") and not page.is_right("11") for page in made
    )  # over
    assert any(page.is_right("5") and not page.is_right("55") and not page.is_right("?1") for page in made)
    assert any(page.is_right("?") and page.is_right("5") and not page.is_right("55") for page in made)
    assert len(made) > 60


def test_the_pictures_are_of_every_kind(rng, monkeypatch):
    monkeypatch.setattr(segmentation_fit, "TAUGHT", TAUGHT[::16])  # of each, ink is looked for

    def judge(images):
        return np.zeros((len(images), 10), np.float32)

    digits = StrokeDataset([StrokeDrawing(digit_strokes(d, rng), d, writer="a") for d in range(10)])
    made = list(picture_pages(Dataset(*digit_images(2, rng)), digits, judge, share=0.002, rng=rng))
    assert any(page.is_right("?") and not page.is_right("1") for page in made)  # no digit
    assert any(page.is_right("5") and not page.is_right("?5") and page.is_right("?") for page in made)
    lengths = {len(page.pieces.low) for page in made}
    assert 1 in lengths
    assert max(lengths) > 2
    assert len(made) > 11
