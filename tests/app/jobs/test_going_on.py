"""Going on from a network: by its weights and its name, and from none that was made elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from app.jobs.going_on import DISTIL, LEARNING_RATE, can_go_on, going_on
from engine import TrainingConfig, build_network, save_network
from engine.errors import SavedNetworkError
from engine.nn.scaling import InputScaling
from engine.storage.saved_network import load_facts
from tests.engine.storage.test_foreign import random_arrays, write_npy_folder


@pytest.fixture
def folder(tmp_path, rng):
    save_network(build_network("lenet5", rng=rng), tmp_path / "mine")
    return tmp_path / "mine"


def test_it_names_its_parent_and_has_its_weights_and_takes_small_steps(folder):
    config = TrainingConfig.for_architecture("lenet5")
    changed, start = going_on(config, folder)
    assert (changed.start, changed.parent) == ("mine", load_facts(folder).identity)
    assert changed == replace(
        config,
        start="mine",
        parent=changed.parent,
        learning_rate=LEARNING_RATE * config.learning_rate,
        distil=DISTIL,
    )
    assert np.array_equal(start.weights["c1.weight"], np.load(folder / "c1.weight.npy"))


def test_what_knows_no_probabilities_cannot_agree_with_them(tmp_path, rng):
    save_network(build_network("lenet5-1998", rng=rng), tmp_path / "old")
    config, _ = going_on(TrainingConfig.for_architecture("lenet5-1998"), tmp_path / "old")
    assert (config.loss, config.distil) == ("map", 0)


def test_what_was_made_elsewhere_and_what_is_of_another_build_is_not_gone_on_from(folder, tmp_path, rng):
    (tmp_path / "theirs").mkdir()
    write_npy_folder(tmp_path / "theirs", random_arrays(rng))
    assert can_go_on(load_facts(folder))
    assert not can_go_on(load_facts(tmp_path / "theirs"))
    with pytest.raises(SavedNetworkError, match=r"that a training of best can go on from\. Begin anew"):
        going_on(TrainingConfig.for_architecture("best"), folder)
    shown_otherwise = build_network("lenet5", rng=rng)
    shown_otherwise.scaling = InputScaling(mean=0.5, deviation=0.5)
    save_network(shown_otherwise, tmp_path / "scaled")
    assert not can_go_on(load_facts(tmp_path / "scaled"))
