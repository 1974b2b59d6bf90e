"""What a network was taught, beside the network in its folder: the samples, and the memory made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.reading.memory import MEMORY_FILE, REFERENCE_FILE, Memory
from engine.storage.network_facts import NetworkFacts, TaughtFacts
from engine.storage.saved_network import SavedNetwork, load_files, network_files

SAMPLES_FILE = "samples.jsonl"  # in a taught network's folder: what its memory was made of


@dataclass(frozen=True)
class Lessons:
    """All that a network is to remember, what it was taught earlier included."""

    memory: Memory
    samples: bytes  # a stroke file, a line each
    count: int

    def facts(self, parent: NetworkFacts) -> TaughtFacts:
        """What is told of them, the parent being the network before."""
        return TaughtFacts(parent.identity, hashlib.sha256(self.samples).hexdigest(), self.count)

    def added_to(self, saved: SavedNetwork, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The files of a network's folder with these lessons, given its files without them or with others."""
        network, facts = saved.network, saved.facts
        parameters = {f"{name}.npy" for name in network.state()}
        attachments = {name: files[name] for name in facts.files if name in files.keys() - parameters} | {
            REFERENCE_FILE: self.memory.reference.to_bytes(),
            MEMORY_FILE: self.memory.to_bytes(),
            SAMPLES_FILE: self.samples,
        }
        taught = self.facts(facts)
        return network_files(
            network, facts.confidence, facts.training, facts.test, attachments, taught=taught
        )

    def given_to(self, saved: SavedNetwork) -> SavedNetwork:
        """The network that answers by them."""
        confidence = self.memory.confidence(saved.facts.confidence)
        return replace(saved, confidence=confidence, memory=self.memory)


def taught_files(folder: Path, lessons: Lessons) -> dict[str, bytes]:
    """The files of a network's folder, or of what `SavedNetwork.load` reads as one, with these lessons."""
    return lessons.added_to(SavedNetwork.load(folder), load_files(folder))
