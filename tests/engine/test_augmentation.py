"""Augmentation: digits move and bend within their limits, and nothing else happens to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from engine.augmentation import Augmentation, sample
from engine.errors import ConfigurationError
from tests.digit_templates import digit_images

STILL = {"shift": 0.0, "rotation": 0.0, "zoom": 0.0, "shear": 0.0}


@pytest.fixture
def digits(rng):
    images, _ = digit_images(40, rng)
    return images.astype(np.float32) / 255


def centre(image):
    return np.array(ndimage.center_of_mass(image))


def test_without_any_strength_images_come_back_unchanged(digits, rng):
    assert np.allclose(Augmentation(**STILL)(digits, rng=rng), digits, atol=1e-6)


def test_input_is_unchanged_and_output_stays_float32_ink(digits, rng):
    before = digits.copy()
    varied = Augmentation(shift=4, rotation=40, zoom=0.4, shear=0.5)(digits, rng=rng)
    assert np.array_equal(digits, before)
    assert varied.shape == digits.shape
    assert varied.dtype == np.float32
    assert varied.min() >= 0
    assert varied.max() <= 1


def test_equal_generators_give_equal_variants(digits):
    first, second = (Augmentation()(digits, rng=np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, Augmentation()(digits, rng=np.random.default_rng(6)))


def test_each_image_of_a_batch_gets_its_own_variant(digits, rng):
    varied = Augmentation()(np.repeat(digits[:1], 20, axis=0), rng=rng)
    assert len({image.tobytes() for image in varied}) == 20


def test_a_shift_moves_the_centre_of_mass_within_its_limit(digits, rng):
    varied = Augmentation(**{**STILL, "shift": 3})(digits, rng=rng)
    moves = np.array([centre(b) - centre(a) for a, b in zip(digits, varied, strict=True)])
    assert np.abs(moves).max() <= 3.01
    assert moves.min() < -2
    assert moves.max() > 2


def test_a_rotation_keeps_the_ink_and_turns_it_within_its_limit(rng):
    bar = np.zeros((200, 28, 28), np.float32)
    bar[:, 6:22, 13:15] = 1
    varied = Augmentation(**{**STILL, "rotation": 30})(bar, rng=rng)
    assert varied.sum(axis=(1, 2)) == pytest.approx(bar[0].sum(), rel=0.02)
    rows, cols = np.mgrid[:28, :28] - 13.5
    angles = [
        np.degrees(0.5 * np.arctan2(2 * (v * rows * cols).sum(), (v * (rows**2 - cols**2)).sum()))
        for v in varied
    ]
    assert 28 < np.abs(angles).max() < 30.5
    assert min(angles) < -20


def test_a_zoom_changes_the_area_within_its_limits(digits, rng):
    varied = Augmentation(**{**STILL, "zoom": 0.2})(digits, rng=rng)
    ratios = varied.sum(axis=(1, 2)) / digits.sum(axis=(1, 2))
    assert 0.8**2 - 0.03 < ratios.min() < 0.9
    assert 1.1 < ratios.max() < 1.2**2 + 0.03


def test_a_shear_keeps_rows_where_they_are(digits, rng):
    varied = Augmentation(**{**STILL, "shear": 0.3})(digits, rng=rng)
    assert np.allclose(varied.sum(axis=2), digits.sum(axis=2), atol=0.15)
    assert not np.allclose(varied.sum(axis=1), digits.sum(axis=1), atol=0.5)


@given(seed=st.integers(0, 1000))
def test_sampling_agrees_with_scipy_inside_and_outside_the_image(seed):
    rng = np.random.default_rng(seed)
    images = rng.random((3, 7, 9), np.float32)
    rows = rng.uniform(-4, 11, (3, 7, 9)).astype(np.float32)
    cols = rng.uniform(-4, 13, (3, 7, 9)).astype(np.float32)
    expected = [
        ndimage.map_coordinates(np.pad(image, 5), [row + 5, col + 5], order=1)
        for image, row, col in zip(images, rows, cols, strict=True)
    ]
    assert np.allclose(sample(images, rows, cols), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"shift": -1}, "shift must be 0 or more, got -1"),
        ({"rotation": float("nan")}, "rotation must be 0 or more"),
        ({"zoom": 1.0}, "zoom must stay below 1"),
    ],
)
def test_impossible_strengths_are_refused(settings, problem):
    with pytest.raises(ConfigurationError, match=problem):
        Augmentation(**settings)
