"""The person's own networks: folders in one place, each with the name that the person gave it.

A network folder gets one more file here, name.txt. So a name may hold anything that can be typed, while the
folder's own name is made of letters, digits and hyphens that every system takes. The network that ships
stands apart and is never written to.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.language import N_, _
from app.messages import for_window
from engine.errors import SavedNetworkError
from engine.files.bounded_files import open_file, read_at_most
from engine.files.folder_transaction import is_bare, read_from
from engine.files.whole_file import write_text
from engine.storage.committee_files import committee_files
from engine.storage.network_facts import NetworkFacts
from engine.storage.saved_network import MANIFEST, load_facts, load_files, save_files

SHIPPED = Path(__file__).resolve().parents[2] / "saved_network"
SHIPPED_LENET5 = SHIPPED / "lenet5"
NAME_FILE = "name.txt"
LONGEST_NAME = 80  # characters
_SHIPPED_NAMES = {SHIPPED: N_("Best"), SHIPPED_LENET5: N_("LeNet-5")}

# What Windows takes for devices, whatever their ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(-.*)?")


@dataclass(frozen=True)
class KeptNetwork:
    """A network folder as a list shows it; `problem` says why it could not be opened."""

    folder: Path
    name: str
    facts: NetworkFacts | None = None
    saved: datetime | None = None
    problem: str = ""


def list_shipped(folder: Path) -> list[KeptNetwork]:
    """The network that ships, and those that ship in folders inside its own."""
    # hidden ones are those of a save, not networks of their own
    inside = sorted(path.parent for path in folder.glob(f"[!.]*/{MANIFEST}"))
    return [describe(folder), *map(describe, inside)]


def list_networks(place: Path) -> list[KeptNetwork]:
    """All of the person's networks, the newest first; a damaged one says so."""
    if not place.is_dir():
        return []
    folders = (entry for entry in place.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    kept = [describe(folder) for folder in folders if not _is_free(folder)]
    oldest = datetime.fromtimestamp(0)
    return sorted(kept, key=lambda network: (network.saved or oldest, network.folder), reverse=True)


def describe(folder: Path) -> KeptNetwork:
    """What can be told of a network folder without loading it."""
    name = name_of(folder)
    try:
        facts = load_facts(folder)
        saved = datetime.fromtimestamp(read_from(folder, MANIFEST, Path.stat).st_mtime)
    except (SavedNetworkError, OSError, OverflowError, ValueError) as error:  # times that no calendar has
        return KeptNetwork(folder, name, problem=for_window(error))
    return KeptNetwork(folder, name, facts, saved)


def name_of(folder: Path) -> str:
    """The name that the person, or the program, gave a network, else that of its folder, also of `.`."""
    try:
        with open_file(folder / NAME_FILE) as file:
            given = clean_name(read_at_most(file, 1000).decode(errors="replace"))
    except OSError:
        given = ""
    place = folder.resolve()
    if given or place not in _SHIPPED_NAMES:
        return given or place.name
    return _(_SHIPPED_NAMES[place])


def is_shipped(folder: Path) -> bool:
    """Whether a network came with the program, and is never written to."""
    return shipped_name(folder) is not None


def shipped_name(folder: Path) -> str | None:
    """What a network that came with the program is called on every computer; None for any other."""
    return _SHIPPED_NAMES.get(folder.resolve())


def shipped_of(name: str) -> Path | None:
    """The network of such a name; None if none of it came with this version."""
    return next((folder for folder, own in _SHIPPED_NAMES.items() if own == name), None)


def title_of(folder: Path) -> str:
    """The network's name, and for one that ships, that it does."""
    name = name_of(folder)
    if is_shipped(folder):
        return _("{name}, ships with LeNet Canvas").format(name=name)
    return name


def clean_name(text: str) -> str:
    """What was typed as a name, in one line that can be shown; empty if nothing of it is left."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join(shown.split())[:LONGEST_NAME].strip()


def free_folder(place: Path, name: str) -> Path:
    """A folder for a network of this name that does not exist yet, or in which nothing was ever finished."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40] or "network"
    if _RESERVED.fullmatch(stem):
        stem = f"network-{stem}"
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, 10_000))]
    return next(folder for folder in (place / each for each in candidates) if _is_free(folder))


def _is_free(folder: Path) -> bool:
    """Whether no network is there, but at most what a save has left that was killed before it had one."""
    try:
        return is_bare(folder)
    except FileNotFoundError:
        return not folder.is_symlink()
    except OSError:  # a file, or a folder that is closed to us
        return False


def keep_committee(folders: Sequence[Path], place: Path) -> Path:
    """Keep several networks as one that answers by their mean; an equal one that is there is kept already.

    Returns its folder. EngineError if they do not go together, or it cannot be kept.
    """
    names = [name_of(folder) for folder in folders]
    files = committee_files(list(zip(names, map(load_files, folders), strict=True)))
    facts = NetworkFacts.from_json(files[MANIFEST])
    for kept in list_networks(place):
        if kept.facts == facts:
            return kept.folder
    name = clean_name(" + ".join(names))
    folder = free_folder(place, name)
    save_files(files, folder)
    rename_network(folder, name)
    return folder


def rename_network(folder: Path, name: str) -> None:
    """Give a network of the person's another name; its folder stays where it is. OSError if that fails."""
    write_text(folder / NAME_FILE, clean_name(name) + "\n")


def delete_network(folder: Path, place: Path) -> None:
    """Delete one of the person's networks, and nothing that lies elsewhere. OSError if that fails."""
    # its own name is taken as it is, for a link there is deleted itself; what comes before it may be one
    if folder.name in ("", "..") or folder.parent.resolve() != place.resolve():
        raise SavedNetworkError(
            "{folder} is none of the networks in {place}. Delete it there yourself.",
            folder=folder,
            place=place,
        )
    if folder.is_symlink():
        folder.unlink()
    elif folder.is_file():
        raise SavedNetworkError(
            "{folder} is a file, not a network's folder. Delete it there yourself.", folder=folder
        )
    else:
        shutil.rmtree(folder)
