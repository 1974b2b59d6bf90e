"""Synthetic digits: all ten in turn, in all their styles, the same from equal generators."""

import numpy as np
import pytest

from engine.datasets.digit_styles import STYLES
from engine.datasets.synthetic import synthetic_digit, synthetic_digits


def test_the_ten_digits_come_in_turn():
    assert synthetic_digits(23, rng=np.random.default_rng(0)).labels.tolist() == [i % 10 for i in range(23)]


def test_every_style_is_drawn_and_named():
    drawings = synthetic_digits(600, rng=np.random.default_rng(0)).drawings
    names = {f"{digit} {style}" for digit, styles in STYLES.items() for style in styles}
    assert {drawing.style for drawing in drawings} == names
    assert all(drawing.style.startswith(f"{drawing.label} ") for drawing in drawings)


def test_equal_generators_give_equal_digits():
    first, again, other = (
        synthetic_digits(20, rng=np.random.default_rng(seed)).rendered().images for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("style", STYLES[7])
def test_a_style_can_be_asked_for(style, rng):
    assert synthetic_digit(7, style, rng=rng).style == f"7 {style}"


def test_hands_differ_in_slant_and_width(rng):
    bars = [synthetic_digit(1, "bar", rng=rng).strokes[0] for _ in range(100)]
    leaning = np.array([bar[0][0] - bar[-1][0] for bar in bars])
    assert leaning.min() < -0.1
    assert leaning.max() > 0.25
    zeros = [np.ptp(synthetic_digit(0, "plain", rng=rng).strokes[0], axis=0) for _ in range(100)]
    narrowness = [width / height for width, height in zeros]
    assert min(narrowness) < 0.55
    assert max(narrowness) > 0.95
