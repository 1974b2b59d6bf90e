"""scripts/explanations.py: what it puts beside a network is what the program then finds there."""

from pathlib import Path

from app.jobs import prototypes
from app.jobs.kept_beside import digit_index, digit_map
from engine import build_network, load_network, save_network
from engine.explaining import digit_map as digit_map_module
from scripts.explanations import add_explanations


def test_an_index_and_its_map_are_found_beside_the_network(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(digit_map_module, "STEPS", 2)
    monkeypatch.setattr(prototypes, "OF_A_DIGIT", 3)
    save_network(build_network("mlp-tanh", rng=rng), tmp_path / "net")
    made = add_explanations(tmp_path / "net")
    network = load_network(tmp_path / "net")
    assert digit_index(network, tmp_path / "net", Path("nowhere")).sha256 == made.index.sha256
    assert digit_map(network, tmp_path / "net", Path("nowhere")).to_bytes() == made.to_bytes()
