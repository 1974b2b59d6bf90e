"""The reference: digits at hand and drawings of no digit, made once, and the same every time."""

import numpy as np

from app.jobs import references
from app.jobs.kept_beside import reference
from app.jobs.prototypes import prototypes_at_hand
from app.jobs.references import reference_at_hand
from engine import build_network, save_network
from engine.nn.losses import NO_CLASS
from engine.storage.saved_network import load_facts


def test_a_reference_has_digits_and_drawings_of_none(tmp_path):
    made = reference_at_hand(build_network("lenet5", rng=np.random.default_rng(3)), tmp_path)
    assert len(made) == 100 + references.NONE
    assert (made.labels == NO_CLASS).sum() == references.NONE


def test_a_reference_is_made_once_and_kept_beside_the_network(tmp_path, monkeypatch):
    network = build_network("lenet5", rng=np.random.default_rng(3))
    save_network(network, tmp_path / "network")
    before = load_facts(tmp_path / "network").identity
    made = reference(network, tmp_path / "network", tmp_path)
    assert load_facts(tmp_path / "network").identity == before  # the network is the same
    monkeypatch.setattr(references, "NONE", 7)
    references._none.cache_clear()
    kept = reference(network, tmp_path / "network", tmp_path, seed=5)
    assert kept.to_bytes() == made.to_bytes()


def test_a_damaged_reference_is_told_and_made_anew(tmp_path):
    network = build_network("lenet5", rng=np.random.default_rng(3))
    save_network(network, tmp_path / "network", attachments={"reference.npz": b"PK"})
    told = []
    made = reference(network, tmp_path / "network", tmp_path, tell=told.append)
    assert len(made) == 100 + references.NONE
    assert "reference.npz does not belong to this network" in str(told[0])


def test_a_reference_is_a_function_of_its_seed(tmp_path):
    network = build_network("lenet5", rng=np.random.default_rng(3))
    made = []
    for seed in (0, 1, 0):
        references._none.cache_clear()
        made.append(reference_at_hand(network, tmp_path, seed=seed).to_bytes())
    assert made[0] == made[2] != made[1]


def test_digits_that_are_there_already_are_not_made_again(tmp_path, monkeypatch):
    network = build_network("lenet5", rng=np.random.default_rng(3))
    digits, made = prototypes_at_hand(tmp_path), reference_at_hand(network, tmp_path)
    monkeypatch.delattr(references, "prototypes_at_hand")
    assert reference_at_hand(network, tmp_path, digits=digits).to_bytes() == made.to_bytes()
