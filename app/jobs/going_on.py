"""Going on from a network: whether that can be, and how what it knows is kept while it learns more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine import SavedNetwork, build_network
from engine.errors import SavedNetworkError
from engine.learning.training import State
from engine.learning.training_config import TrainingConfig
from engine.nn.architectures import ARCHITECTURES
from engine.storage.network_facts import InputFacts, NetworkFacts

# What was learnt is kept by three: small steps, all the rest of the data beside what is new, and half of the
# loss, which is agreeing with the network before. `python -m benchmarks.for_good` measures them.
LEARNING_RATE = 0.25  # share of what the architecture is trained with from random weights
DISTIL = 0.5
EPOCHS = 4


def can_go_on(facts: NetworkFacts) -> bool:
    """Whether a network was made here, so that a training can begin with its weights."""
    if facts.architecture not in ARCHITECTURES or not facts.files:
        return False
    fresh = build_network(facts.architecture, rng=np.random.default_rng(0))
    return facts.input == InputFacts.of(fresh)  # else it was shown other numbers than a training shows


def going_on(config: TrainingConfig, folder: Path) -> tuple[TrainingConfig, State]:
    """(the configuration that goes on from the network of a folder, that network's weights).

    SavedNetworkError if it cannot be read, or gone on from.
    """
    saved = SavedNetwork.load(folder)
    if not can_go_on(saved.facts) or saved.facts.architecture != config.architecture:
        raise SavedNetworkError(
            "{folder} holds no network that a training of {architecture} can go on from. Begin anew.",
            folder=folder,
            architecture=config.architecture,
        )
    config = replace(
        config,
        start=folder.resolve().name,  # where it lies on this machine is nobody's business
        parent=saved.facts.identity,
        learning_rate=LEARNING_RATE * config.learning_rate,
        distil=DISTIL if config.loss == "cross-entropy" else 0.0,
    )
    return config, saved.network.state()
