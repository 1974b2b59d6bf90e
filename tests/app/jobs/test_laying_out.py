"""app/jobs/laying_out.py: the map of a network's digits is made by a job, and kept."""

import numpy as np
import pytest

from app.jobs import laying_out
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
