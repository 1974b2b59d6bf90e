"""app/jobs/laying_out.py: the map of a network's digits is made by a job, and kept."""

import numpy as np
import pytest

from app.jobs import laying_out
from app.jobs.kept_beside import find_digit_index
from engine import build_network, save_network
from engine.errors import SavedNetworkError


def test_the_map_is_made_of_the_network_in_the_folder(tmp_path, rng, monkeypatch):
    network = build_network("lenet5", rng=rng)
    save_network(network, tmp_path / "network")
    made = []
    monkeypatch.setattr(laying_out, "digit_map", lambda *arguments: made.append(arguments))
    assert list(laying_out.lay_out(network=str(tmp_path / "network"), data=str(tmp_path))) == [None]
    ((of, folder, data),) = made
    assert np.array_equal(of.layers["c1"].weight.value, network.layers["c1"].weight.value)
    assert (folder, data) == (tmp_path / "network", tmp_path)


def test_a_network_that_is_gone_is_told(tmp_path):
    with pytest.raises(SavedNetworkError, match="no network folder"):
        list(laying_out.lay_out(network=str(tmp_path / "gone"), data=str(tmp_path)))


def test_the_digits_to_compare_with_are_gathered_without_a_map(tmp_path, rng, monkeypatch):
    network = build_network("lenet5", rng=rng)
    save_network(network, tmp_path / "network")
    monkeypatch.setattr("app.jobs.prototypes.OF_A_DIGIT", 2)
    monkeypatch.setattr(laying_out, "digit_map", None)
    assert find_digit_index(network, tmp_path / "network", tmp_path) is None
    assert list(laying_out.gather(network=str(tmp_path / "network"), data=str(tmp_path))) == [None]
    found = find_digit_index(network, tmp_path / "network", tmp_path)
    assert len(found.prototypes) == 20
