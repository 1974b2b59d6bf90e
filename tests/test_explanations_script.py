"""scripts/explanations.py: what it puts beside a network is what the program then finds there."""

from pathlib import Path

import numpy as np

from app.jobs import prototypes
from app.jobs.kept_beside import digit_index, digit_map
from engine import build_network, load_network, save_network
from engine.explaining import digit_map as digit_map_module
from engine.explaining.film import FILM_FILE, Film
from engine.learning.snapshots import halves_of
from engine.storage.saved_network import load_attachment
from scripts.explanations import PICTURES, add_explanations


def test_an_index_and_its_map_are_found_beside_the_network(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(digit_map_module, "STEPS", 2)
    monkeypatch.setattr(prototypes, "OF_A_DIGIT", 3)
    save_network(build_network("mlp-tanh", rng=rng), tmp_path / "net")
    made = add_explanations(tmp_path / "net")
    assert load_attachment(tmp_path / "net", FILM_FILE) is None  # no training has kept one
    network = load_network(tmp_path / "net")
    assert digit_index(network, tmp_path / "net", Path("nowhere")).sha256 == made.index.sha256
    assert digit_map(network, tmp_path / "net", Path("nowhere")).to_bytes() == made.to_bytes()


def test_a_film_is_thinned_to_what_ships_from_its_first_picture_to_its_last(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(digit_map_module, "STEPS", 2)
    monkeypatch.setattr(prototypes, "OF_A_DIGIT", 3)
    network = build_network("lenet5", rng=rng)
    halves = rng.standard_normal((40, len(halves_of(network)))).astype(np.float16)
    whole = Film.of_run(np.arange(40) ** 2, halves, steps_per_epoch=100)
    save_network(network, tmp_path / "net", attachments={FILM_FILE: whole.to_bytes()})
    for _ in range(2):  # once more changes nothing
        add_explanations(tmp_path / "net")
        content = load_attachment(tmp_path / "net", FILM_FILE)
        film = Film.from_bytes(content, network)
        assert len(film) == PICTURES
        places = np.sqrt(film.steps).astype(int)
        assert (places[0], places[-1], np.diff(places).max()) == (0, 39, 2)
        np.testing.assert_array_equal(film.weights, halves[places])
        np.testing.assert_array_equal(film.epochs, whole.epochs[places])
    assert len(content) < 3e6
