"""A map keeps neighbours together, is the same every time, and a drawing stands among its nearest."""

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from engine import build_network
from engine.errors import SavedNetworkError
from engine.explaining import digit_map
from engine.explaining.digit_map import DigitMap, laid_out, trustworthiness
from engine.explaining.neighbours import DigitIndex, Prototypes
from tests.digit_templates import digit_images


def clusters(rng, count=200, groups=5):
    """(places, group of each) of digits around some centres in 8 dimensions."""
    group = np.arange(count) % groups
    centres = 5 * rng.standard_normal((groups, 8))
    return (centres[group] + 0.3 * rng.standard_normal((count, 8))).astype(np.float32), group


@pytest.fixture
def network(rng):
    return build_network("mlp-tanh", rng=rng)


@pytest.fixture
def index(network, rng):
    images, labels = digit_images(60, rng)
    sources = np.zeros(60, np.uint8)
    return DigitIndex.build(network, Prototypes(images, labels.astype(np.uint8), sources, ("templates",)))


def test_groups_stay_together_and_apart_from_others(rng):
    places, group = clusters(rng)
    points = laid_out(places)
    assert points.min() >= 0
    assert points.max() <= 1
    assert np.ptp(points, axis=0).max() == pytest.approx(1, abs=1e-5)
    for number in range(5):
        own, others = points[group == number], points[group != number]
        radius = np.linalg.norm(own - own.mean(axis=0), axis=1).max()
        assert np.linalg.norm(others - own.mean(axis=0), axis=1).min() > radius
    assert trustworthiness(places, points) > 0.95


def test_a_layout_is_the_same_every_time(rng):
    places, _ = clusters(rng)
    assert laid_out(places).tobytes() == laid_out(places.copy()).tobytes()


@pytest.mark.parametrize("count", [0, 1, 3, 4, 12, 95])
def test_any_number_of_digits_has_a_map(count, rng):
    points = laid_out(rng.standard_normal((count, 8)).astype(np.float32))
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()


def test_digits_that_one_number_tells_apart_lie_on_a_line(rng):
    points = laid_out(rng.standard_normal((50, 1)).astype(np.float32))
    assert np.ptp(points[:, 0]) == pytest.approx(1)
    assert np.ptp(points[:, 1]) == 0


def test_digits_that_are_all_the_same_lie_in_one_place():
    points = laid_out(np.ones((20, 8), np.float32))
    np.testing.assert_array_equal(points, np.full((20, 2), 0.5))


def divergence(y, pull):
    """What t-SNE makes small, as the paper has it: KL of the pull from the map's own, by loops."""
    P = len(y)
    q = np.array(
        [[0 if i == j else 1 / (1 + ((y[i] - y[j]) ** 2).sum()) for j in range(P)] for i in range(P)]
    )
    q /= q.sum()
    return sum(pull[i, j] * np.log(pull[i, j] / q[i, j]) for i in range(P) for j in range(P) if pull[i, j])


def test_the_gradient_is_that_of_the_divergence(rng):
    places = rng.standard_normal((14, 5)).astype(np.float32)
    pull, y = digit_map._pull(places), rng.standard_normal((14, 2))
    found = digit_map._gradient(y, pull, 1.0)
    dense = pull.toarray().astype(np.float64)
    for i, axis in [(0, 0), (3, 1), (13, 0)]:
        step = np.zeros_like(y)
        step[i, axis] = 1e-5
        expected = (divergence(y + step, dense) - divergence(y - step, dense)) / 2e-5
        assert found[i, axis] == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_each_is_drawn_at_by_about_as_many_as_the_perplexity_says(rng):
    squared = np.sort(rng.random((6, 90)) * 10, axis=1)
    shares = digit_map._shares(squared)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    entropy = -(shares * np.log(np.maximum(shares, 1e-300))).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), digit_map.PERPLEXITY, rtol=1e-6)


def test_the_pull_is_mutual_and_sums_to_one(rng):
    pull = digit_map._pull(clusters(rng, 120)[0]).toarray()
    np.testing.assert_allclose(pull, pull.T)
    assert pull.sum() == pytest.approx(1, rel=1e-5)
    assert not pull.diagonal().any()


# **** trustworthiness ****


def test_a_true_map_is_worth_one_and_a_random_one_about_half(rng):
    places = rng.standard_normal((300, 2)).astype(np.float32)
    assert trustworthiness(places, 0.1 * places) == 1
    assert trustworthiness(places, rng.standard_normal((300, 2)).astype(np.float32)) == pytest.approx(
        0.5, abs=0.05
    )


@given(st.integers(0, 2**32 - 1))
def test_it_is_what_its_definition_says(seed):
    rng = np.random.default_rng(seed)
    places, points = rng.standard_normal((20, 4)), rng.standard_normal((20, 2))
    n, k = 20, 3

    def ranks(values):
        far = np.linalg.norm(values[:, None] - values[None], axis=2)
        np.fill_diagonal(far, -1)
        return scipy.stats.rankdata(far, axis=1) - 1  # 0 for itself, 1 for the nearest

    truth, shown = ranks(places), ranks(points)
    wrong = sum(max(0, truth[i, j] - k) for i in range(n) for j in range(n) if 1 <= shown[i, j] <= k)
    expected = 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * wrong
    assert trustworthiness(places, points, nearest=k) == pytest.approx(expected)


# **** a drawing's place, and the file ****


def test_a_digit_of_the_map_stands_among_its_nearest(index, network):
    found = DigitMap.build(index)
    image = index.prototypes.images[7].astype(np.float32) / 255
    near = np.argsort(index.distances(network, image))[:10]
    np.testing.assert_allclose(found.place(network, image), np.median(found.points[near], axis=0))
    assert near[0] == 7


def test_a_map_of_few_digits_has_a_place_for_a_drawing(network, rng):
    images, labels = digit_images(5, rng)
    few = Prototypes(images, labels.astype(np.uint8), np.zeros(5, np.uint8), ("templates",))
    found = DigitMap.build(DigitIndex.build(network, few))
    np.testing.assert_allclose(
        found.place(network, images[0].astype(np.float32) / 255), np.median(found.points, axis=0)
    )


def test_it_comes_back_from_its_file_as_it_was(index):
    found = DigitMap.build(index)
    again = DigitMap.from_bytes(found.to_bytes(), index)
    assert again.points.tobytes() == found.points.tobytes()
    assert again.trustworthiness == found.trustworthiness
    assert again.to_bytes() == DigitMap.build(index).to_bytes()


def test_one_of_other_digits_is_refused(index, network, rng):
    content = DigitMap.build(index).to_bytes()
    images, labels = digit_images(60, rng)
    other = Prototypes(images, labels.astype(np.uint8), np.zeros(60, np.uint8), ("others",))
    with pytest.raises(SavedNetworkError, match=r"^digit_map\.npz is no map of these digits: it is of other"):
        DigitMap.from_bytes(content, DigitIndex.build(network, other))


@pytest.fixture(scope="module")
def few():
    """An index of five digits, and the file of its map."""
    rng = np.random.default_rng(0)
    images, labels = digit_images(5, rng)
    digits = Prototypes(images, labels.astype(np.uint8), np.zeros(5, np.uint8), ("templates",))
    index = DigitIndex.build(build_network("mlp-tanh", rng=rng), digits)
    return index, DigitMap.build(index).to_bytes()


@given(st.data())
def test_damage_is_told(few, data):
    index, whole = few
    content = bytearray(whole)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = DigitMap.from_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]), index)
    except SavedNetworkError as error:
        assert str(error).startswith("digit_map.npz is no map of these digits")
    else:
        assert found.points.shape == (5, 2)
        assert np.isfinite(found.points).all()
