"""A film shows the network as it was, and comes back from its file; what is damaged is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import build_network
from engine.errors import SavedNetworkError
from engine.explaining.film import Film
from engine.reading.confidence import Confidence
from engine.reading.rejection import Rejection, evidence


def values(network):
    return np.concatenate([array.value.ravel() for array in network.arrays]).astype(np.float16)


@pytest.fixture(scope="module")
def networks():
    """Three of an architecture with buffers, as one might be while it learns."""
    return [build_network("lenet5", rng=np.random.default_rng(seed)) for seed in range(3)]


@pytest.fixture(scope="module")
def film(networks):
    weights = np.stack([values(network) for network in networks])
    return Film.of_run(np.array([0, 3, 8]), weights, steps_per_epoch=4)


def test_each_step_has_its_epoch(film):
    assert film.epochs.tolist() == [0, 1, 2]
    assert len(film) == 3


def test_it_shows_the_network_as_it_was(film, networks, rng):
    images = rng.random((2, 28, 28), dtype=np.float32)
    shown = build_network("lenet5", rng=rng)
    before = shown.state()
    for logits, network in zip(film.logits(shown, images), networks, strict=True):
        np.testing.assert_allclose(logits, network.logits(images), rtol=0.02, atol=0.02)
    assert all(np.array_equal(before[name], value) for name, value in shown.state().items())
    film.show(1, shown)
    assert values(shown).tobytes() == film.weights[1].tobytes()


def test_what_it_reads_is_by_the_confidence_of_what_came_of_it(film, networks, rng):
    image = rng.random((28, 28), dtype=np.float32)
    logits = np.concatenate(list(film.logits(networks[0], image[None])))
    found = np.sort(evidence(logits))
    confidence = Confidence(2.0, Rejection(float(found[1]), 0.0, 1.0, 1.0))
    filmed = film.read(networks[0], confidence, image)
    assert filmed.is_digit.tolist() == (evidence(logits) >= found[1]).tolist()  # two of three
    powers = np.exp(logits / 2)
    np.testing.assert_allclose(filmed.probabilities, powers / powers.sum(1, keepdims=True), rtol=1e-5)
    assert filmed.image is image


@given(pictures=st.integers(1, 64), most=st.integers(2, 64))
def test_of_fewer_pictures_the_first_and_the_last_stay_and_the_others_lie_evenly(pictures, most):
    numbers = np.arange(pictures)
    few = Film(10 * numbers, numbers, numbers[:, None].astype(np.float16)).thinned(most)
    assert len(few) == min(pictures, most)
    assert (few.epochs[0], few.epochs[-1]) == (0, pictures - 1)
    assert np.ptp(np.diff(few.epochs)) <= 1 if len(few) > 1 else pictures == 1
    assert few.steps.tolist() == (10 * few.epochs).tolist()
    assert few.weights[:, 0].tolist() == few.epochs.tolist()


def test_it_comes_back_from_its_file(film, networks):
    again = Film.from_bytes(film.to_bytes(), networks[0])
    for name in ("steps", "epochs", "weights"):
        assert getattr(again, name).tobytes() == getattr(film, name).tobytes()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"steps": np.array([0, 3, 3])}, "its steps go back"),
        ({"steps": np.array([-1, 3, 8])}, "its steps go back"),
        ({"epochs": np.array([0, 2, 1])}, "its epochs go back"),
        ({"steps": np.zeros(0, np.int64), "epochs": np.zeros(0, np.int64)}, "it holds"),
    ],
)
def test_what_cannot_be_is_refused(film, networks, change, problem):
    content = Film(**{**vars(film), **change}).to_bytes()
    with pytest.raises(SavedNetworkError, match=rf"^film\.npz is no film of this network: {problem}"):
        Film.from_bytes(content, networks[0])


def test_numbers_that_are_not_finite_are_refused(film, networks):
    weights = film.weights.copy()
    weights[1, 7] = np.nan
    content = Film(film.steps, film.epochs, weights).to_bytes()
    with pytest.raises(SavedNetworkError, match="not finite"):
        Film.from_bytes(content, networks[0])


def test_one_of_another_architecture_is_refused(film, rng):
    with pytest.raises(SavedNetworkError, match="it holds"):
        Film.from_bytes(film.to_bytes(), build_network("mlp-tanh", rng=rng))


@given(st.data())
def test_damage_is_told(film, networks, data):
    content = bytearray(film.to_bytes())
    # where names, headers and the directory are; in the midst there is nothing but weights
    place = data.draw(st.one_of(st.integers(0, 900), st.integers(len(content) - 400, len(content) - 1)))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        found = Film.from_bytes(bytes(content), networks[0])
    except SavedNetworkError as error:
        assert str(error).startswith("film.npz is no film of this network")
    else:
        assert found.weights.shape == film.weights.shape
