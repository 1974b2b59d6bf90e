"""app/jobs/filming.py: the film of a drawing as a GIF, a picture for each kept step."""

import numpy as np
import pytest
from PIL import Image

from app.jobs.filming import film_drawing
from engine import build_network, save_network
from engine.errors import SavedNetworkError
from engine.explaining.film import FILM_FILE, Film

BLANK = np.zeros((28, 28)).tolist()


def test_it_has_a_picture_for_each_step(tmp_path, rng):
    network = build_network("mlp-tanh", rng=rng)
    weights = np.concatenate([array.value.ravel() for array in network.arrays]).astype(np.float16)
    film = Film(np.array([0, 1, 9]), np.array([0, 1, 1]), np.stack([0 * weights, weights / 2, weights]))
    save_network(network, tmp_path / "network", attachments={FILM_FILE: film.to_bytes()})
    path = tmp_path / "film.gif"
    assert list(film_drawing(network=str(tmp_path / "network"), image=BLANK, path=str(path))) == [None]
    with Image.open(path) as gif:
        assert (gif.format, gif.n_frames) == ("GIF", 3)


def test_a_network_without_a_film_is_told_and_an_older_file_stays(tmp_path, rng):
    save_network(build_network("mlp-tanh", rng=rng), tmp_path / "network")
    (tmp_path / "film.gif").write_text("mine")
    with pytest.raises(SavedNetworkError, match="keeps no film of its training"):
        list(film_drawing(network=str(tmp_path / "network"), image=BLANK, path=str(tmp_path / "film.gif")))
    assert (tmp_path / "film.gif").read_text() == "mine"
