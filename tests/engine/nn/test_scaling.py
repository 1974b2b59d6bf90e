"""Input scaling: ink under the threshold is paper, the rest is standardised, and the default does nothing."""

import numpy as np
import pytest

from engine.errors import ConfigurationError
from engine.nn.scaling import InputScaling


def test_default_returns_the_very_array_it_was_given(rng):
    images = rng.random((3, 28, 28), np.float32)
    assert InputScaling()(images) is images
    assert InputScaling(threshold=0.0, mean=0.0, deviation=1.0)(images) is images


def test_standardising_by_hand():
    images = np.array([[0.0, 0.25, 1.0]])
    np.testing.assert_array_equal(InputScaling(mean=0.5, deviation=0.25)(images), [[-2.0, -1.0, 2.0]])


def test_standardised_images_have_mean_0_and_deviation_1(rng):
    images = rng.random((20, 28, 28))
    scaled = InputScaling(mean=float(images.mean()), deviation=float(images.std()))(images)
    assert scaled.mean() == pytest.approx(0, abs=1e-12)
    assert scaled.std() == pytest.approx(1, rel=1e-12)


def test_ink_below_the_threshold_is_paper_and_ink_at_it_stays():
    images = np.array([0.0, 0.05, 0.0999, 0.1, 0.5, 1.0])
    np.testing.assert_array_equal(InputScaling(threshold=0.1)(images), [0, 0, 0, 0.1, 0.5, 1])


def test_threshold_comes_before_the_standardising():
    images = np.array([0.05, 0.3])
    np.testing.assert_allclose(InputScaling(threshold=0.1, mean=0.2, deviation=0.1)(images), [-2, 1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "scaling", [InputScaling(), InputScaling(threshold=0.1), InputScaling(0.1, 0.3, 0.5)]
)
def test_dtype_and_shape_are_preserved_and_the_input_is_unchanged(scaling, dtype, rng):
    images = rng.random((1, 6, 5, 3)).astype(dtype)
    before = images.tobytes()
    scaled = scaling(images)
    assert scaled.dtype == dtype
    assert scaled.shape == images.shape
    assert images.tobytes() == before


def test_papers_scaling_takes_paper_to_minus_a_tenth_and_ink_to_1_175():
    """LeCun et al. (1998), section II-B: so that the mean is about 0 and the variance about 1."""
    scaling = InputScaling(mean=0.1 / 1.275, deviation=1 / 1.275)
    np.testing.assert_allclose(scaling(np.array([0.0, 1.0])), [-0.1, 1.175], rtol=1e-12)


def test_equal_scalings_are_equal():
    assert InputScaling(mean=0.5) == InputScaling(0.0, 0.5, 1.0)
    assert InputScaling(mean=0.5) != InputScaling()


@pytest.mark.parametrize(
    "settings",
    [
        {"deviation": 0.0},
        {"deviation": -1.0},
        {"deviation": float("nan")},
        {"deviation": float("inf")},
        {"mean": float("nan")},
        {"mean": float("inf")},
        {"threshold": float("nan")},
        {"deviation": 1e-46},  # which turns every answer into NaN
        {"mean": 1e30},
        {"threshold": 1.5},
    ],
    ids=str,
)
def test_scaling_by_no_number_or_by_nothing_is_refused(settings):
    with pytest.raises(ConfigurationError, match=r"finite numbers.*got InputScaling"):
        InputScaling(**settings)
