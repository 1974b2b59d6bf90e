"""What a network was taught, beside the network in its folder: the samples, and the memory made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.datasets.samples import Sample, merge, pictures, samples_of
from engine.reading.memory import MEMORY_FILE, REFERENCE_FILE, Memory, Reference
from engine.storage.committee_files import committee_files
from engine.storage.lenet_file import unpacked
from engine.storage.network_facts import MEMBER, NetworkFacts, TaughtFacts
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


def taught_files(folder: Path, lessons: Lessons) -> dict[str, bytes]:
    """The files of a network's folder, or of what `SavedNetwork.load` reads as one, with these lessons.

    Each network of a committee is taught them, beside what it was taught before.
    """
    saved, files = SavedNetwork.load(folder), load_files(folder)
    if not saved.members:
        return lessons.added_to(saved, files)
    return committee_files([
        (name, _taught_to(member, own, lessons))
        for name, member, own in zip(saved.facts.members, saved.members, _members(folder, files), strict=True)
    ])  # fmt: skip


def can_hold_lessons(folder: Path) -> bool:
    """Whether all networks of a committee have what they need to be taught; one alone is given it."""
    return all(REFERENCE_FILE in files for files in _members(folder, load_files(folder)))


def _members(folder: Path, files: Mapping[str, bytes]) -> list[dict[str, bytes]]:
    """The files of each network of a committee."""
    return [dict(unpacked(files[name], folder / name)) for name in files if name.endswith(MEMBER)]


def _taught_to(member: SavedNetwork, files: Mapping[str, bytes], lessons: Lessons) -> dict[str, bytes]:
    """The files of one network of a committee with these lessons, for it sees drawings in other places."""
    new, earlier = (
        samples_of(content, Path(SAMPLES_FILE)).samples
        for content in (lessons.samples, files.get(SAMPLES_FILE, b""))
    )
    samples = merge([earlier, new]).samples
    memory = Memory(Reference.from_bytes(files[REFERENCE_FILE], member.network)).taught(
        member.network, pictures(samples), np.array([sample.label for sample in samples])
    )
    content = "".join(map(Sample.to_line, samples)).encode("utf-8", "replace")
    return Lessons(memory, content, len(samples)).added_to(member, files)
