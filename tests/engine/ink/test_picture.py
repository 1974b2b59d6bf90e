"""Of whatever pictures people have, the ink of the digit is found, and nothing else."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.pictures import cases, read_text
from engine import Recognizer
from engine.errors import ImageError
from engine.ink.picture import FAINTEST, TALL, TALL_ENOUGH, find_ink, has_several, read_image
from engine.ink.preprocessing import even_pen, frame
from engine.ink.rasterize import stroke_ink
from tests import pictures
from tests.digit_templates import digit_images, digit_strokes
from tests.pictures import KINDS, SIDE, digit_mask, grain, written

SHIPPED = Path(__file__).resolve().parents[3] / "saved_network"


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load(SHIPPED)


def as_seen(ink):
    return frame(even_pen(ink))


@pytest.mark.parametrize("kind", KINDS)
def test_every_digit_is_read_in_a_picture_of_each_kind(recognizer, kind, thorough):
    digits = range(10) if thorough else range(list(KINDS).index(kind) % 3, 10, 3)
    read = []
    for digit in digits:
        prediction = recognizer.recognize_image(find_ink(KINDS[kind](digit).clip(0, 1)).ink)
        read.append(prediction.digit if prediction.is_digit else None)
    assert read == list(digits)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_taken_for_ink_is_the_digit(kind):
    found = find_ink(KINDS[kind](2).clip(0, 1))
    assert not found.several
    assert found.mask.shape == found.ink.shape
    clean = as_seen(stroke_ink(digit_strokes(2)))
    assert np.abs(as_seen(found.ink) - clean).mean() < 0.06


def test_the_mask_lies_where_the_digit_is_in_the_picture():
    mask = find_ink(np.pad(written(digit_mask(7)), ((0, 0), (100, 0)), constant_values=0.78)).mask
    (height, width), (rows, cols) = mask.shape, np.nonzero(mask)
    truth = np.nonzero(digit_mask(7) > 0.5)
    assert rows.min() / height == pytest.approx(truth[0].min() / SIDE, abs=0.01)
    assert rows.max() / height == pytest.approx(truth[0].max() / SIDE, abs=0.01)
    assert cols.min() / width == pytest.approx((truth[1].min() + 100) / (SIDE + 100), abs=0.01)
    assert cols.max() / width == pytest.approx((truth[1].max() + 100) / (SIDE + 100), abs=0.01)


def test_two_digits_are_several_and_both_are_ink():
    page = np.hstack([1 - digit_mask(4), 1 - digit_mask(2)])
    found = find_ink(page)
    assert found.several
    assert has_several(found.ink)
    middle = found.mask.shape[1] // 2
    assert found.mask[:, :middle].any()
    assert found.mask[:, middle:].any()


def test_a_strip_of_digits_is_several_however_long():
    strip = np.vstack([1 - digit_mask(digit, side=120, height=0.6) for digit in (7, 1, 4) * 10])
    for page in (strip, strip.T):
        found = find_ink(page)
        assert found.several
        assert has_several(found.ink)


def test_a_box_chooses_one_of_several_and_is_told():
    page = np.hstack([1 - digit_mask(4), 1 - digit_mask(2)])
    found = find_ink(page, box=(0.5, 0.0, 1.0, 1.0))
    assert found.box == (0.5, 0.0, 1.0, 1.0)
    assert not found.several
    assert np.abs(as_seen(found.ink) - as_seen(find_ink(1 - digit_mask(2)).ink)).max() < 0.02


def test_a_small_digit_is_looked_at_nearer_and_the_box_says_where():
    page = np.roll(written(digit_mask(7, side=512, height=0.06)), (100, -50), axis=(0, 1))
    found = find_ink(page)
    left, top, right, bottom = (512 * share for share in found.box)
    rows, cols = np.nonzero(page < 0.5)
    assert top < rows.min() < rows.max() < bottom
    assert left < cols.min() < cols.max() < right
    assert (right - left) * (bottom - top) < 100**2
    height, width = found.mask.shape
    place = top + np.flatnonzero(found.mask.any(axis=1)) / height * (bottom - top)
    assert place[[0, -1]] == pytest.approx(rows[[0, -1]], abs=2)
    place = left + np.flatnonzero(found.mask.any(axis=0)) / width * (right - left)
    assert place[[0, -1]] == pytest.approx([cols.min(), cols.max()], abs=2)


def test_several_small_digits_are_looked_at_nearer_together():
    one = written(digit_mask(7, side=512, height=0.06))
    page = np.minimum(np.roll(one, -14, axis=1), np.roll(one, 14, axis=1))
    found = find_ink(page)
    assert found.several
    left, top, right, bottom = (512 * share for share in found.box)
    rows, cols = np.nonzero(page < 0.5)
    assert top < rows.min() < rows.max() < bottom
    assert left < cols.min() < cols.max() < right
    assert np.ptp(np.flatnonzero(found.mask.any(axis=1))) == pytest.approx(TALL, rel=0.15)


@pytest.mark.parametrize("size", [(40, 90), (300, 900), (600, 1600)])
def test_digits_side_by_side_are_seen_tall_however_large_the_picture(size):
    high, wide = size
    page = np.hstack([1 - digit_mask(digit, side=high, height=0.5) for digit in (4, 2)])
    page = np.pad(page, ((0, 0), (0, wide - page.shape[1])), constant_values=1)
    found = find_ink(page)
    assert found.several
    assert np.ptp(np.flatnonzero(found.mask.any(axis=1))) >= 0.8 * TALL_ENOUGH


@pytest.mark.parametrize("box", [(0.5, 0, 0.5, 1), (0, 0.6, 1, 0.4), (-0.1, 0, 1, 1), (0, 0, 1, 1.2)])
def test_a_box_outside_of_the_picture_or_without_a_pixel_is_an_error(box):
    with pytest.raises(ImageError, match="holds no pixel"):
        find_ink(1 - digit_mask(4), box=box)


@pytest.mark.parametrize("seed", range(4))
def test_an_empty_sheet_that_lies_half_in_the_dark_has_no_ink(seed):
    light = np.linspace(0.2, 0.9, 500, dtype=np.float32)
    rng = np.random.default_rng(seed)
    page = light + rng.normal(0, 0.01, (400, 500)).astype(np.float32)
    assert not find_ink(page.clip(0, 1)).mask.any()


def test_an_image_framed_as_mnist_is_stays_as_it_is(rng):
    image = frame(digit_images(6, rng)[0][5] / np.float32(255))
    ink = image / image.max()
    for pixels in (image, 1 - image, np.dstack([image] * 3)):
        assert np.abs(find_ink(pixels).ink - ink).max() < 1e-6
    at_the_border = frame(np.pad(np.ones((20, 4), np.float32), ((0, 0), (0, 16)), constant_values=0.01))
    assert at_the_border[:, 0].any() or at_the_border[:, -1].any()
    assert np.array_equal(find_ink(at_the_border).ink, at_the_border)
    moved = np.roll(image, 3, axis=1)  # not framed: no longer left alone
    assert max(find_ink(moved).ink.shape) > 28


@pytest.mark.parametrize("darkest", [255, 254, 250])
@pytest.mark.parametrize("black_on_white", [True, False])
def test_an_image_of_mnist_comes_out_of_a_file_byte_for_byte(tmp_path, rng, darkest, black_on_white):
    framed = frame(digit_images(6, rng)[0][5] / np.float32(255))
    image = np.round(framed / framed.max() * darkest).astype(np.uint8)
    Image.fromarray(255 - image if black_on_white else image).save(tmp_path / "6.png")
    assert np.array_equal(np.round(read_image(tmp_path / "6.png") * 255), image)


def test_a_faint_image_framed_as_mnist_is_gets_its_full_ink(rng):
    framed = frame(digit_images(6, rng)[0][5] / np.float32(255))
    assert find_ink(1 - 0.6 * framed).ink.max() == pytest.approx(1)


def test_an_image_of_mnists_size_is_one_digit_however_broken():
    ink = np.zeros((28, 28), np.float32)
    ink[4:24, 7:10] = ink[4:24, 18:21] = 1
    assert not has_several(ink)
    assert has_several(np.kron(ink, np.ones((4, 4), np.float32)))


@pytest.mark.parametrize("kind", ["felt pen on grain", "hard shadow", "small", "dust"])
def test_the_same_pixels_give_the_same_ink_in_every_format(tmp_path, kind):
    image = Image.fromarray((KINDS[kind](3).clip(0, 1) * 255).astype(np.uint8))
    image.save(tmp_path / "a.jpg", quality=80)
    Image.open(tmp_path / "a.jpg").save(tmp_path / "a.png")
    Image.open(tmp_path / "a.jpg").save(tmp_path / "a.tif")
    first, *others = (read_image(tmp_path / f"a.{suffix}") for suffix in ("jpg", "png", "tif"))
    assert first.any()
    assert all(np.array_equal(first, other) for other in others)


@pytest.mark.parametrize("quality", [40, 80])
def test_what_compression_does_to_the_paper_is_no_ink(tmp_path, quality):
    Image.fromarray((255 - 255 * digit_mask(8)).astype(np.uint8)).save(tmp_path / "a.jpg", quality=quality)
    clean = find_ink(1 - digit_mask(8)).ink
    assert np.abs(read_image(tmp_path / "a.jpg") - clean).mean() < 0.01


@pytest.mark.parametrize("level", [0.0, 0.35, 1.0])
@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 70), (28, 28), (300, 2), (60, 400, 3), (5, 3000), (1, 300_000)]
)
def test_a_page_of_one_colour_has_no_ink(shape, level):
    found = find_ink(np.full(shape, level, np.float32))
    assert not found.ink.any()
    assert not found.mask.any()
    assert not has_several(found.ink)


def test_grain_and_light_alone_are_no_ink():
    coarse = np.tile(np.array([0, 0.5, 1], np.float32), 100)[:289].reshape(17, 17)
    assert not find_ink(coarse).ink.any()
    paper = 0.7 + 0.4 * FAINTEST * grain(1) / np.abs(grain(1)).max()
    for page in (paper, paper * pictures.shadow(0.4, 60)):
        assert not find_ink(page.astype(np.float32)).ink.any()


@pytest.mark.thorough
def test_every_kind_of_picture_that_people_had_is_read_as_well_as_before(recognizer):
    folder = Path(os.environ.get("DIGITS_DATA", "nowhere")).parent / "cases"
    failing = [case for case in cases(folder) if not case.is_control]
    controls = [case for case in cases(folder) if case.is_control]
    if not failing:
        pytest.skip("needs the folder `cases` beside DIGITS_DATA")
    right = sum(case.is_answered_by(read_text(recognizer, case.path)) for case in failing)
    assert right >= 0.96 * len(failing)
    assert [case.path for case in controls if not case.is_answered_by(read_text(recognizer, case.path))] == []


def test_thick_lines_of_a_small_picture_stay_apart():
    bars = np.ones((60, 60), np.float32)
    bars[15:45, 24:33] = 0
    bars[15:45, 28] = 0.8  # between two lines
    across = find_ink(bars).ink[56]
    inside = np.flatnonzero(across > 0.5)
    assert across[inside[0] : inside[-1]].min() < 0.2


def test_the_corners_of_a_fine_line_of_a_small_picture_are_smoothed():
    stairs = np.ones((60, 60), np.float32)
    row = np.arange(15, 45)
    stairs[row, row // 3 + 15] = 0
    widths = (find_ink(stairs).ink > 0.5).sum(axis=1)
    assert widths[widths > 0][8:-8].min() >= 3  # of 1.9; a corner alone would be 1
