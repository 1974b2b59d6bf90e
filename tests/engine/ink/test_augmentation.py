"""Augmentation: digits move and bend within their limits, and nothing else happens to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from engine.errors import ConfigurationError
from engine.ink.augmentation import ELASTIC_SIGMA, Augmentation, FlipAndShift, sample
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
        ({"zoom": 1.0}, r"zoom must be at most 0\.9, got 1\.0"),
        ({"elastic": -0.5}, r"elastic must be 0 or more, got -0\.5"),
        ({"elastic": float("inf")}, "elastic must be 0 or more"),
        ({"thickness": -0.1}, "thickness must be 0 or more"),
        ({"shift": 28.5}, r"shift must be at most 28\.0, got 28\.5"),
        ({"rotation": 181.0}, r"rotation must be at most 180\.0"),
        ({"shear": 1e300}, r"shear must be at most 2\.0, got 1e\+300"),
        ({"elastic": 29.0}, r"elastic must be at most 28\.0"),
        ({"thickness": 1.5}, r"thickness must be at most 1\.0, got 1\.5"),
        ({"probability": {"wobble": 0.5}}, "there is no 'wobble'. Choose among: shift, rotation"),
        ({"probability": {"shift": 1.5}}, r"the probability of shift must be in 0…1, got 1\.5"),
        ({"probability": {"zoom": float("nan")}}, "the probability of zoom must be in 0…1"),
    ],
)
def test_impossible_strengths_are_refused(settings, problem):
    with pytest.raises(ConfigurationError, match=problem):
        Augmentation(**settings)


# **** elastic ****


def displacements(augmentation, rng, count=300):
    """(2, count, 20, 20) px down and right by which pixels look elsewhere, read off two ramps of ink.

    The border is left out, beyond which the ramps do not go on.
    """
    place = np.arange(28, dtype=np.float32)
    seed = rng.integers(1 << 30)
    moved = []
    for ramp in np.broadcast_arrays(place[:, None], place[None, :]):
        images = np.repeat(ramp[None].astype(np.float32), count, axis=0)
        varied = augmentation(images, rng=np.random.default_rng(seed))  # the same fields for both
        moved.append((varied - images)[:, 4:-4, 4:-4])
    return np.array(moved)


def test_elastic_moves_pixels_by_its_root_mean_square_along_each_axis(rng):
    for elastic in (0.5, 1.0):
        moved = displacements(Augmentation(**STILL, elastic=elastic), rng)
        roots = np.sqrt((moved**2).mean(axis=(1, 2, 3)))
        np.testing.assert_allclose(roots, elastic, rtol=0.1)
        assert np.abs(moved.mean(axis=(1, 2, 3))).max() < 0.1 * elastic
        assert np.abs(moved).max() < 5 * elastic


def test_elastic_fields_are_smooth_and_down_and_right_are_independent(rng):
    moved = displacements(Augmentation(**STILL, elastic=0.5), rng)
    # neighbours agree as white noise behind two Gaussians of sigma does: exp(-1 / (4 sigma²))
    neighbours = (moved[..., 1:] * moved[..., :-1]).mean() / (moved**2).mean()
    assert neighbours == pytest.approx(np.exp(-1 / (4 * ELASTIC_SIGMA**2)), abs=0.01)
    far = (moved[..., 16:] * moved[..., :-16]).mean() / (moved**2).mean()
    assert far < 0.1
    assert abs((moved[0] * moved[1]).mean()) / (moved**2).mean() < 0.1


@pytest.mark.parametrize(
    ("distance", "agreement"),
    # white noise behind two Gaussians of 4 px: exp(-d² / (4 · 4²)), so e^(-1/4) and e^(-1)
    [(4, 0.779), (8, 0.368)],
)
def test_elastic_fields_agree_as_far_as_those_of_4_px_do(distance, agreement, rng):
    moved = displacements(Augmentation(**STILL, elastic=0.5), rng)
    found = (moved[..., distance:] * moved[..., :-distance]).mean() / (moved**2).mean()
    assert found == pytest.approx(agreement, abs=0.03)  # of 3 px: 0.64, 0.17; of 5.5 px: 0.88, 0.59


def test_elastic_gives_each_image_a_field_of_its_own(digits, rng):
    varied = Augmentation(**STILL, elastic=1.0)(np.repeat(digits[:1], 20, axis=0), rng=rng)
    assert len({image.tobytes() for image in varied}) == 20


def test_elastic_bends_digits_but_keeps_about_their_ink(digits, rng):
    before = digits.copy()
    varied = Augmentation(**STILL, elastic=1.0)(digits, rng=rng)
    assert np.array_equal(digits, before)
    assert varied.dtype == np.float32
    assert varied.sum() == pytest.approx(digits.sum(), rel=0.05)
    assert np.abs(varied - digits).max() > 0.3


# **** thickness ****


def bars(count, width=4):
    """Upright bars of this width, full height, in the middle."""
    images = np.zeros((count, 28, 28), np.float32)
    images[:, :, 14 - width // 2 : 14 + width // 2] = 1
    return images


def test_thickness_widens_and_narrows_lines_by_its_share_of_a_pixel_on_each_side(rng):
    images = bars(400)
    widths = Augmentation(**STILL, thickness=0.5)(images, rng=rng)[:, 14].sum(axis=1)
    growth = (widths - 4) / 2  # on each side
    assert -0.5 <= growth.min() < -0.47
    assert 0.47 < growth.max() <= 0.5
    assert abs(growth.mean()) < 0.05


def test_thickness_of_1_reaches_a_whole_pixel_and_stays_ink(rng):
    varied = Augmentation(**STILL, thickness=1.0)(bars(300), rng=rng)
    widths = varied[:, 14].sum(axis=1)
    assert widths.min() == pytest.approx(2, abs=0.05)
    assert widths.max() == pytest.approx(6, abs=0.05)
    assert varied.min() >= 0
    assert varied.max() <= 1


def test_thickness_of_0_leaves_lines_alone(digits):
    rng = np.random.default_rng
    plain = Augmentation(thickness=0.0)(digits, rng=rng(1))
    assert plain.tobytes() == Augmentation()(digits, rng=rng(1)).tobytes()


def test_thicker_digits_cover_thinner_ones(digits, rng):
    varied = Augmentation(**STILL, thickness=0.6)(digits, rng=rng)
    above, below = (varied > digits + 1e-6).any(axis=(1, 2)), (varied < digits - 1e-6).any(axis=(1, 2))
    assert not (above & below).any()  # each grows or shrinks, none does both
    assert above.any()
    assert below.any()


@pytest.mark.parametrize(
    "settings", [{"elastic": 0.8}, {"thickness": 0.5}, {"elastic": 0.8, "thickness": 0.5}]
)
def test_equal_generators_give_equal_bent_digits_and_inputs_stay(settings, digits):
    before = digits.tobytes()
    augmentation = Augmentation(**settings)
    first, second = (augmentation(digits, rng=np.random.default_rng(5)).tobytes() for _ in range(2))
    assert first == second
    assert first != augmentation(digits, rng=np.random.default_rng(6)).tobytes()
    assert digits.tobytes() == before


# **** probability ****

STRENGTHS = {"shift": 3, "rotation": 30, "zoom": 0.3, "shear": 0.4, "elastic": 1.5, "thickness": 0.6}


@pytest.mark.parametrize("kind", STRENGTHS)
def test_a_kind_is_given_to_its_share_of_the_images_and_the_others_stay(kind, digits, rng):
    images = np.repeat(digits[3:4], 600, axis=0)
    one = Augmentation(**{**STILL, kind: STRENGTHS[kind]}, probability={kind: 0.25})
    changed = np.abs(one(images, rng=rng) - images).max(axis=(1, 2)) > 1e-3
    assert changed.mean() == pytest.approx(0.25, abs=0.06)
    never = Augmentation(**{**STILL, kind: STRENGTHS[kind]}, probability={kind: 0})
    assert np.allclose(never(images, rng=rng), images, atol=1e-5)


def test_kinds_are_given_independently_of_each_other(rng):
    """Shift moves the upright bar, thickness widens it; neither hides the other."""
    both = Augmentation(**{**STILL, "shift": 3}, thickness=0.9, probability={"shift": 0.5, "thickness": 0.4})
    varied = both(bars(800), rng=rng)
    widened = np.abs(varied[:, 14].sum(axis=1) - 4) > 1e-3
    moved = np.abs([centre(image)[1] - 13.5 for image in varied]) > 1e-3
    assert widened.mean() == pytest.approx(0.4, abs=0.06)
    assert moved.mean() == pytest.approx(0.5, abs=0.06)
    assert (widened & moved).mean() == pytest.approx(0.2, abs=0.06)


def test_a_probability_of_1_is_what_there_is_without_one(digits):
    rng = np.random.default_rng
    always = Augmentation(**STRENGTHS, probability=dict.fromkeys(STRENGTHS, 1.0))
    assert always(digits, rng=rng(1)).tobytes() == Augmentation(**STRENGTHS)(digits, rng=rng(1)).tobytes()


# **** photographs: flips and shifts ****


def shifted(image, down, right):
    """The image moved by whole pixels, zeros coming in: (C, H, W)."""
    _, H, W = image.shape
    moved = np.zeros_like(image)
    moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = image[
        :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
    ]
    return moved


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_each_photograph_is_one_of_the_possible_flips_and_shifts(shift, rng):
    photo = rng.random((3, 6, 7), np.float32)
    possible = {
        (flip, down, right): shifted(image, down, right).tobytes()
        for flip, image in ((False, photo), (True, photo[..., ::-1]))
        for down in range(-shift, shift + 1)
        for right in range(-shift, shift + 1)
    }
    assert len(set(possible.values())) == 2 * (2 * shift + 1) ** 2
    varied = FlipAndShift(shift=shift)(np.repeat(photo[None], 800, axis=0), rng=rng)
    found = [np.ascontiguousarray(image).tobytes() for image in varied]
    assert set(found) == set(possible.values())  # none else, and each of them
    share = np.mean([image in {v for (flip, *_), v in possible.items() if flip} for image in found])
    assert share == pytest.approx(0.5, abs=0.06)


def test_photographs_keep_their_order_and_dtype_and_are_not_written_to(rng):
    photos = rng.random((30, 3, 32, 32), np.float32)
    before = photos.tobytes()
    varied = FlipAndShift()(photos, rng=np.random.default_rng(5))
    assert varied.shape == photos.shape
    assert varied.dtype == np.float32
    assert photos.tobytes() == before
    assert varied.tobytes() == FlipAndShift()(photos, rng=np.random.default_rng(5)).tobytes()
    assert varied.tobytes() != FlipAndShift()(photos, rng=np.random.default_rng(6)).tobytes()
    # the middle of each is, somewhere near, in its own variant
    for photo, image in zip(photos, varied, strict=True):
        assert photo[0, 16, 16] in image[0]


def test_a_negative_shift_of_photographs_is_refused():
    with pytest.raises(ConfigurationError, match=r"FlipAndShift: shift must be in 0…32, got -1"):
        FlipAndShift(shift=-1)


@pytest.mark.parametrize("flip", [0.0, 1.0])
def test_photographs_are_mirrored_with_their_probability(flip, rng):
    photos = rng.random((40, 3, 8, 8), np.float32)
    varied = FlipAndShift(shift=0, flip=flip)(photos, rng=rng)
    assert np.array_equal(varied, photos[..., ::-1] if flip else photos)


def test_a_probability_beyond_1_of_being_mirrored_is_refused():
    with pytest.raises(ConfigurationError, match=r"FlipAndShift: flip must be in 0…1, got 1\.5"):
        FlipAndShift(flip=1.5)


def test_photographs_are_shifted_by_their_side_at_most():
    assert FlipAndShift(shift=32).shift == 32
    with pytest.raises(ConfigurationError, match=r"FlipAndShift: shift must be in 0…32, got 1000"):
        FlipAndShift(shift=10**300)


def test_the_most_of_everything_is_still_a_picture(digits, rng):
    varied = Augmentation(**Augmentation.MOST)(digits, rng=rng)
    assert varied.shape == digits.shape
    assert np.isfinite(varied).all()
