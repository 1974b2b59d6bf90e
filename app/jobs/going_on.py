"""Going on from a network: whether that can be, and how what it knows is kept while it learns more.

The network before waits beside the state of the training, for by its end it may be gone where it was. Its
threshold of what is no digit stays, and what it was taught goes along: the new network sees drawings in other
places, so its memory is made anew of the same samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.jobs.references import reference_at_hand
from app.store.trainings import BEFORE
from engine import Confidence, Network, SavedNetwork, build_network
from engine.datasets.samples import pictures, samples_of
from engine.errors import SavedNetworkError
from engine.files.plain_zip import pack_files
from engine.files.whole_file import replacing
from engine.learning.checkpoint import claimed, has_checkpoint
from engine.learning.training import State
from engine.learning.training_config import TrainingConfig
from engine.nn.architectures import ARCHITECTURES
from engine.reading.memory import Memory
from engine.storage.lessons import SAMPLES_FILE, Lessons
from engine.storage.network_facts import InputFacts, NetworkFacts
from engine.storage.saved_network import EXPLAINS, load_attachment, load_facts, load_files

# What was learnt is kept by small steps, few of them, all the rest of the data beside what is new, and half
# of the loss, which is agreeing with the network before. `python -m benchmarks.for_good` measures that.
LEARNING_RATE = 0.1  # share of what the architecture is trained with from random weights
DISTIL = 0.5
EPOCHS = 2


@dataclass(frozen=True)
class Start:
    """What a training goes on from."""

    weights: State
    whole: bytes  # the network with all that it was taught, as one file

    @classmethod
    def of(cls, saved: SavedNetwork, folder: Path) -> Start:
        """The network of a folder, which has been read."""
        files = load_files(folder)
        return cls(saved.network.state(), pack_files({n: files[n] for n in files if n not in EXPLAINS}))


def keep_network(start: Start | None, checkpoint: Path) -> None:
    """Keep the network before beside the state of the training that begins, in its folder."""
    path = checkpoint / BEFORE
    if start is None:
        path.unlink(missing_ok=True)  # one that was killed may have left it
        return
    with replacing(path) as part:
        part.write_bytes(start.whole)


def confidence_before(checkpoint: Path) -> Confidence | None:
    """How the network is read that the training of this state goes on from; None if it began anew."""
    path = checkpoint / BEFORE
    return load_facts(path).confidence if path.exists() else None


def carried_lessons(network: Network, checkpoint: Path, data: Path) -> Lessons | None:
    """What the network before was taught, for the one that has learnt since; None if that was nothing.

    `data` is the folder of the data sets, for what the lessons are compared with.
    """
    path = checkpoint / BEFORE
    content = load_attachment(path, SAMPLES_FILE) if path.exists() else None
    samples = samples_of(content or b"", path).samples
    if content is None or not samples:
        return None
    labels = np.array([sample.label for sample in samples])
    memory = Memory(reference_at_hand(network, data)).taught(network, pictures(samples), labels)
    return Lessons(memory, content, len(samples))


@contextmanager
def claimed_with_network(checkpoint: Path) -> Iterator[None]:
    """As `claimed`; where no state is left at the end, the network beside it goes, too."""
    with claimed(checkpoint):
        try:
            yield
        finally:
            if not has_checkpoint(checkpoint):
                (checkpoint / BEFORE).unlink(missing_ok=True)


def can_go_on(facts: NetworkFacts) -> bool:
    """Whether a network was made here, so that a training can begin with its weights."""
    if facts.architecture not in ARCHITECTURES or not facts.files:
        return False
    fresh = build_network(facts.architecture, rng=np.random.default_rng(0))
    return facts.input == InputFacts.of(fresh)  # else it was shown other numbers than a training shows


def going_on(config: TrainingConfig, folder: Path) -> tuple[TrainingConfig, Start]:
    """(the configuration that goes on from the network of a folder, what that network knows).

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
    return config, Start.of(saved, folder)
