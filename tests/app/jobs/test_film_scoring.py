"""app/jobs/film_scoring.py: what each picture of a film reads of the test digits at hand."""

import numpy as np
import pytest

from app.jobs import film_scoring
from app.jobs.film_scoring import score_film
from app.jobs.protocol import decode, encode
from app.jobs.records import FilmScores, Progress
from engine import build_network, save_network
from engine.datasets.mnist import read_mnist
from engine.errors import SavedNetworkError
from engine.explaining.film import FILM_FILE, Film
from tests.digit_templates import write_mnist


@pytest.fixture
def network(rng):
    return build_network("mlp-tanh", rng=rng)


@pytest.fixture
def data(tmp_path, rng):
    write_mnist(tmp_path / "data" / "mnist", train=20, test=50, rng=rng)
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path, network):
    """Its film reads all as a 3, then as a 5; the network as it is is another one."""
    pictures = []
    before = network.state()
    bias = [name for name in before if name.endswith("bias")][-1]
    for digit in (3, 5):
        network.load_state({**before, bias: (1000 * np.eye(10)[digit]).astype(np.float32)})
        pictures.append(np.concatenate([array.value.ravel() for array in network.arrays]))
    network.load_state(before)
    film = Film(np.array([0, 10]), np.array([0, 1]), np.stack(pictures).astype(np.float16))
    save_network(network, tmp_path / "network", attachments={FILM_FILE: film.to_bytes()})
    return tmp_path / "network"


def scored(folder, data):
    *progress, scores = score_film(network=str(folder), data=str(data))
    assert isinstance(scores, FilmScores)
    return progress, scores


def test_every_picture_reads_the_digits_and_then_the_network_as_it_is(folder, data, network):
    progress, scores = scored(folder, data)
    assert [record.share for record in progress] == pytest.approx([0, 1 / 3, 2 / 3])
    digits = read_mnist(data, "test")
    assert scores.source == "mnist"
    assert np.array_equal(scores.images, digits.images)
    assert np.array_equal(scores.labels, digits.labels)
    assert scores.answers.shape == (3, 50)
    assert (scores.answers[0] == 3).all() and (scores.answers[1] == 5).all()
    logits = network.logits(digits.images.astype(np.float32) / np.float32(255))
    assert np.array_equal(scores.answers[2], logits.argmax(axis=1))
    (told,) = [decode(line) for line in encode(scores).splitlines(keepends=True)]
    assert np.array_equal(told.answers, scores.answers)  # as it comes to the window


def test_of_many_digits_some_are_taken_from_all_over_them(folder, data, monkeypatch):
    monkeypatch.setattr(film_scoring, "COUNT", 7)
    _progress, scores = scored(folder, data)
    digits = read_mnist(data, "test")
    assert np.array_equal(scores.images[[0, -1]], digits.images[[0, -1]])
    assert len(scores.labels) == 7


def test_without_a_film_or_digits_it_tells_nothing_and_damage_is_told(folder, data, network, tmp_path):
    assert list(score_film(network=str(folder), data=str(tmp_path / "none"))) == [Progress(0.0)]
    save_network(network, tmp_path / "plain")
    assert list(score_film(network=str(tmp_path / "plain"), data=str(data))) == [Progress(0.0)]
    (folder / FILM_FILE).write_bytes(b"damaged")
    with pytest.raises(SavedNetworkError):
        list(score_film(network=str(folder), data=str(data)))
