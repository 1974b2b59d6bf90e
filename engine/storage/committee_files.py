"""A committee as files: each network in one of its own, whole, and a network.json that tells of all.

1-best.lenet 2-lenet5.lenet …   the members, which also open by themselves
network.json    as of a network: its architecture is `committee`, and its files with their SHA-256 are these
README.md       what it is, for people

So it is written, checked and opened as any network, in a folder or in one .lenet file.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.files.plain_zip import pack_files
from engine.storage.model_card import model_card
from engine.storage.network_facts import MEMBER
from engine.storage.saved_network import CARD, MANIFEST, SavedNetwork, together

LONGEST = 40  # characters of a member's name


def committee_files(members: Sequence[tuple[str, Mapping[str, bytes]]]) -> dict[str, bytes]:
    """What `save_files` and `pack_files` write of a committee: the files by their names, network.json last.

    Parameters
    ----------
    members : sequence of (name, files)
        At least two; the files are those of a network, as `load_files` or `network_files` gives them.

    Raises
    ------
    SavedNetworkError
        If the files of one are no network, or a committee themselves.
    ConfigurationError
        If they do not go together.
    """
    networks = [SavedNetwork.of_files(files, Path(name)) for name, files in members]
    files = {
        f"{number}-{_plain(name)}{MEMBER}": pack_files(content)
        for number, (name, content) in enumerate(members, start=1)
    }
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    facts = together(networks, hashes).facts
    return {**files, CARD: model_card(facts).encode(), MANIFEST: facts.to_json()}


def _plain(name: str) -> str:
    """As a file may be called on any system."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name)[:LONGEST].strip("-.") or "network"
