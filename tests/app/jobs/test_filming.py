"""app/jobs/filming.py: the film of a drawing as a GIF, a picture for each kept step."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from app.jobs.filming import film_drawing
from engine import build_network, load_network, save_network
from engine.errors import SavedNetworkError
from engine.explaining.film import FILM_FILE, Film
from engine.reading.confidence import Confidence
from engine.reading.rejection import Rejection

BLANK = np.zeros((28, 28)).tolist()


@pytest.fixture
def filmed(tmp_path, rng):
    """The folder of a network with a film of three pictures."""
    network = build_network("mlp-tanh", rng=rng)
    weights = np.concatenate([array.value.ravel() for array in network.arrays]).astype(np.float16)
    film = Film(np.array([0, 1, 9]), np.array([0, 1, 1]), np.stack([0 * weights, weights / 2, weights]))
    save_network(network, tmp_path / "network", attachments={FILM_FILE: film.to_bytes()})
    return str(tmp_path / "network")


def film(filmed, path, language):
    """The GIF's pictures, as bytes."""
    list(film_drawing(network=filmed, image=BLANK, path=str(path), language=language))
    with Image.open(path) as gif:
        assert gif.format == "GIF"
        return [frame.convert("L").tobytes() for frame in ImageSequence.Iterator(gif)]


def test_it_has_a_picture_for_each_step(filmed, tmp_path):
    assert len(film(filmed, tmp_path / "film.gif", "en")) == 3


def test_it_tells_the_step_in_the_language_of_the_window(filmed, tmp_path):
    assert film(filmed, tmp_path / "it.gif", "it")[0] != film(filmed, tmp_path / "en.gif", "en")[0]


def test_it_tells_what_the_network_would_have_called_no_digit(filmed, tmp_path):
    before = film(filmed, tmp_path / "film.gif", "en")
    save_network(
        load_network(filmed),
        tmp_path / "strict",
        confidence=Confidence(rejection=Rejection(99.0, 0.0, 1.0, 1.0)),
        attachments={FILM_FILE: (Path(filmed) / FILM_FILE).read_bytes()},
    )
    after = film(str(tmp_path / "strict"), tmp_path / "film.gif", "en")
    assert all(a != b for a, b in zip(after, before, strict=True))


def test_a_network_without_a_film_is_told_and_an_older_file_stays(tmp_path, rng):
    save_network(build_network("mlp-tanh", rng=rng), tmp_path / "network")
    (tmp_path / "film.gif").write_text("mine")
    with pytest.raises(SavedNetworkError, match="keeps no film of its training"):
        film(str(tmp_path / "network"), tmp_path / "film.gif", "en")
    assert (tmp_path / "film.gif").read_text() == "mine"
