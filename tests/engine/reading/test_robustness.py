"""Robustness: distortions do what they say, and framing undoes those that it should."""

import numpy as np
import pytest

from engine import Dataset, build_network
from engine.errors import DatasetError, ShapeError
from engine.ink.preprocessing import frame
from engine.reading.evaluation import Tally
from engine.reading.robustness import BLOCK, DISTORTIONS, robustness, rotate, scale, shift, soil, thicken
from tests.digit_templates import digit_images


class Knows:
    """Answers 1 to one image, and 0 to every other."""

    input_shape = (1, 28, 28)

    def __init__(self, image):
        self.image = image

    def logits(self, images):
        known = np.abs(images - self.image).max(axis=(1, 2)) < 1e-3
        return np.eye(2)[known.astype(int)]


@pytest.fixture
def bar():
    """Nine pixels high, three wide, in the middle of the page."""
    images = np.zeros((1, 28, 28), np.float32)
    images[0, 10:19, 13:16] = 1
    return images


# **** distortions ****


def test_a_shift_moves_whole_images_up_down_left_or_right(rng, bar):
    moved = shift(np.repeat(bar, 200, axis=0), 3, rng)
    expected = [np.roll(bar[0], step, axis) for axis in (0, 1) for step in (-3, 3)]
    counts = [sum(np.allclose(image, one) for image in moved) for one in expected]
    assert sum(counts) == 200
    assert min(counts) > 25


def test_ink_that_is_shifted_over_the_edge_is_lost(rng):
    full = np.ones((1, 28, 28), np.float32)
    assert shift(full, 6, rng).sum() == pytest.approx(28 * 22)


def test_a_quarter_turn_is_that_of_numpy_clockwise(rng):
    image = rng.random((1, 28, 28), np.float32)
    assert np.allclose(rotate(image, 90, rng)[0], np.rot90(image[0], -1), atol=1e-4)


def test_a_turn_to_the_right_brings_the_top_to_the_right(rng, bar):
    turned = rotate(bar, 20, rng)[0]
    columns = np.arange(28)
    top, bottom = (turned[rows].sum(axis=0) for rows in (slice(0, 13), slice(16, 28)))
    assert top @ columns / top.sum() > bottom @ columns / bottom.sum() + 1


def test_twice_the_size_has_four_times_the_ink(rng, bar):
    assert scale(bar, 2, rng).sum() == pytest.approx(4 * bar.sum(), rel=0.02)
    assert scale(bar, 0.5, rng).sum() == pytest.approx(bar.sum() / 4, rel=0.02)


@pytest.mark.parametrize(
    ("amount", "ink"),
    # 9 x 3, with a row or a column more on each side, but without the corners: 11 x 5 - 4; or less: 7 x 1
    [(1, 51), (0.5, (27 + 51) / 2), (-0.5, (27 + 7) / 2), (-1, 7)],
)
def test_lines_grow_and_shrink_on_each_side(rng, bar, amount, ink):
    assert thicken(bar, amount, rng).sum() == pytest.approx(ink)


def test_noise_has_the_deviation_asked_for_and_stays_ink(rng):
    grey = np.full((20, 28, 28), 0.5, np.float32)
    noisy = soil(grey, 0.1, rng)
    assert noisy.std() == pytest.approx(0.1, rel=0.03)
    wild = soil(grey, 5, rng)
    assert wild.min() == 0
    assert wild.max() == 1


@pytest.mark.parametrize("name", DISTORTIONS)
def test_the_neutral_amount_changes_nothing_and_is_among_those_measured(rng, name):
    distortion = DISTORTIONS[name]
    images, _ = digit_images(3, rng)
    images = images.astype(np.float32) / 255
    before = images.copy()
    assert np.allclose(distortion.distort(images, distortion.neutral, rng), images, atol=1e-5)
    distortion.distort(images, distortion.amounts[-1], rng)
    assert np.array_equal(images, before)
    assert distortion.neutral in distortion.amounts
    assert list(distortion.amounts) == sorted(distortion.amounts)


# **** measuring ****


def test_every_amount_has_a_record_of_all_images_before_and_after_framing(rng):
    images, labels = digit_images(20, rng)
    records = list(robustness(build_network("lenet5", rng=rng), Dataset(images, labels), rng=rng))
    expected = [(name, amount) for name, kind in DISTORTIONS.items() for amount in kind.amounts]
    assert [(record.distortion, record.amount) for record in records] == expected
    assert {record.unframed.count for record in records} == {20}
    neutral = [r for r in records if r.amount == DISTORTIONS[r.distortion].neutral]
    assert len({(record.unframed, record.framed) for record in neutral}) == 1


def test_framing_undoes_a_shift_as_long_as_no_ink_is_lost():
    framed = frame(np.ones((20, 6), np.float32))  # leaves 5 rows above and 3 below
    data = Dataset(np.repeat(framed[None], 8, axis=0), np.ones(8, np.int64))
    records = list(robustness(Knows(framed), data, rng=np.random.default_rng(0)))
    shifts = {record.amount: record for record in records if record.distortion == "shift"}
    assert shifts[0].unframed == shifts[0].framed == Tally(8, 8)
    for amount in (1, 2, 3):
        assert shifts[amount].unframed == Tally(0, 8)
        assert shifts[amount].framed == Tally(8, 8)
    assert 0 < shifts[6].framed.right < 8  # up and down it left the image, to the sides it did not


def test_an_image_without_ink_counts_as_misread(rng):
    blank = Dataset(np.zeros((4, 28, 28), np.uint8), np.ones(4, np.int64))
    record = next(robustness(Knows(blank.images[0]), blank, rng=rng))
    assert (record.unframed, record.framed) == (Tally(0, 4), Tally(0, 4))


def test_equal_generators_give_equal_records_on_any_number_of_threads(monkeypatch):
    images, labels = digit_images(BLOCK // 20, np.random.default_rng(1))
    monkeypatch.setattr("engine.reading.robustness.BLOCK", 20)
    network = build_network("lenet5", rng=np.random.default_rng(2))
    data = Dataset(images, labels)
    first = list(robustness(network, data, rng=np.random.default_rng(3)))
    monkeypatch.setattr("engine.machine.threads.cores", lambda: 1)
    assert list(robustness(network, data, rng=np.random.default_rng(3))) == first


def test_a_network_for_photographs_is_refused(rng):
    photographs = Dataset(np.zeros((2, 3, 32, 32), np.uint8), np.zeros(2, np.int64))
    with pytest.raises(ShapeError, match="reads framed digits"):
        next(robustness(build_network("cifar10", rng=rng), photographs, rng=rng))


def test_an_empty_data_set_is_an_error(rng):
    empty = Dataset(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64))
    with pytest.raises(DatasetError, match="empty"):
        next(robustness(build_network("lenet5", rng=rng), empty, rng=rng))
