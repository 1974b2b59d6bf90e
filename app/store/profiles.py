"""Who draws: each person of several under a name of their own, with their samples and the network they chose.

Whoever has not said who draws has the samples beside the folder of the networks. Each profile has a folder of
its own; its zip holds the same files, and the network as a `.lenet` file, or its name where that shipped.

A zip may come from anybody: it is read as `plain_zip` has it, and what is no profile in all its parts is
refused whole.
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.language import N_
from app.store.networks import clean_name, shipped_name, shipped_of
from app.user_folders import COLLECTED, CURRENT, PROFILES, SAMPLES, drawing_folder
from engine.datasets.samples import Sample, read_samples
from engine.errors import ConfigurationError, DatasetError, EngineError
from engine.files.bounded_files import read_bytes
from engine.files.plain_zip import MOST_BYTES, pack_files, unpack_files
from engine.files.whole_file import replacing, write_text
from engine.plain_values import OPTIONAL, from_plain, to_plain
from engine.quoting import quoted, reason, shown
from engine.storage.export import export_network
from engine.storage.saved_network import SavedNetwork

FACTS = "profile.json"
NETWORK = "network.lenet"
SUFFIX = ".zip"
FORMAT = 1
MOST_FACTS = 2**14  # bytes; the program writes a hundred
_HIDDEN = "."  # before the name of a folder that is being made

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProfileFacts:
    """What the file of a profile says."""

    name: str
    network: str | None = None  # where it lies; nothing that came from elsewhere is followed
    shipped: str | None = field(default=None, metadata=OPTIONAL)  # in a zip: the network, by its name
    format: int = FORMAT


@dataclass(frozen=True)
class Profile:
    """One who draws; without a name, whoever has not said who draws.

    `network` is the one that they chose, None for the one that opens at the start.
    """

    folder: Path
    name: str = ""
    network: Path | None = None

    @property
    def author(self) -> str:
        """What it is called where its digits are learnt; empty without a name."""
        return self.folder.name if self.name else ""

    @property
    def samples(self) -> Path:
        return self.folder / SAMPLES

    @property
    def collected(self) -> Path:
        return self.folder / COLLECTED


class Profiles:
    """All profiles of a place, the folder beside which the person's networks lie.

    What is written is whole or not there; DatasetError or OSError says what could not be done.
    """

    def __init__(self, place: Path) -> None:
        self._place = place

    @property
    def nameless(self) -> Profile:
        return Profile(self._place)

    def named(self) -> list[Profile]:
        """Those with names, in their order; a damaged one is left where it is and left out."""
        try:
            folders = [each for each in (self._place / PROFILES).iterdir() if each.is_dir()]
        except OSError:  # there are none
            return []
        found = []
        for folder in folders:
            if not folder.name.startswith(_HIDDEN):
                try:
                    found.append(_read(folder))
                except (EngineError, OSError) as error:
                    logger.warning("%s is no profile: %s", folder, error)
        return sorted(found, key=lambda profile: (profile.name.casefold(), profile.folder))

    @property
    def current(self) -> Profile:
        """Who draws now."""
        folder = drawing_folder(self._place)
        return next((each for each in self.named() if each.folder == folder), self.nameless)

    def choose(self, profile: Profile) -> None:
        """Have this one draw from now on, also after the next start."""
        if profile.name:
            write_text(self._place / PROFILES / CURRENT, profile.folder.name)
        else:
            (self._place / PROFILES / CURRENT).unlink(missing_ok=True)

    def create(self, name: str) -> Profile:
        """A profile of this name, without any samples."""
        folder = self._new_folder()
        profile = Profile(folder, self._free_name(name))
        folder.mkdir(parents=True)
        _write(profile)
        return profile

    def rename(self, profile: Profile, name: str) -> Profile:
        """Give it another name; the samples keep that of who drew them."""
        renamed = replace(profile, name=self._free_name(name, but=profile))
        _write(renamed)
        return renamed

    def choose_network(self, profile: Profile, network: Path | None) -> Profile:
        """Have this network read for it from now on."""
        changed = replace(profile, network=network)
        _write(changed)
        return changed

    def delete(self, profile: Profile) -> None:
        """Delete a profile with all its samples; nobody by name draws, if it drew."""
        if not profile.name or profile.folder.parent != self._place / PROFILES:
            raise DatasetError("{folder} is no profile and is not deleted.", folder=profile.folder)
        shutil.rmtree(profile.folder)

    def export(self, profile: Profile, path: Path) -> None:
        """Write a profile as one file: its samples, and its network, or the name of one that shipped."""
        shipped = None if profile.network is None else shipped_name(profile.network)
        files = {FACTS: _facts(ProfileFacts(profile.name, shipped=shipped))}
        for each, are_labelled in ((profile.samples, True), (profile.collected, False)):
            if each.exists():
                read = read_samples(each, are_labelled=are_labelled).samples
                files[each.name] = "".join(map(Sample.to_line, read)).encode("utf-8", "replace")
        if profile.network is not None and shipped is None:
            with TemporaryDirectory() as folder:
                export_network([profile.network], Path(folder) / NETWORK)
                files[NETWORK] = read_bytes(Path(folder) / NETWORK, MOST_BYTES)
        if sum(map(len, files.values())) > MOST_BYTES:
            raise DatasetError(
                "{path} would hold more than the {most:,} bytes that are read of a profile.",
                path=path,
                most=MOST_BYTES,
            )
        content = pack_files(files)
        with replacing(path) as part:
            part.write_bytes(content)

    def bring_in(self, path: Path) -> Profile:
        """Make a profile of such a file; one of a name that is taken gets a number behind it."""
        folder = self._new_folder()
        making = folder.with_name(_HIDDEN + folder.name)
        files = _unpacked(path)
        try:
            facts = _checked(files)
            making.mkdir(parents=True)
            for each in files.keys() - {FACTS}:
                (making / each).write_bytes(files[each])
            _check(making)
            network = folder / NETWORK if NETWORK in files else shipped_of(facts.shipped or "")
            name = self._numbered(clean_name(facts.name) or clean_name(path.stem) or FACTS)
            _write(Profile(making, name, network))
            making.rename(folder)
        except EngineError as error:
            raise DatasetError("{path} is no profile. {error}", path=shown(str(path)), error=error) from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return Profile(folder, name, network)

    def _new_folder(self) -> Path:
        return self._place / PROFILES / secrets.token_hex(8)

    def _free_name(self, name: str, *, but: Profile | None = None) -> str:
        name = clean_name(name)
        if not name:
            raise DatasetError(N_("A name has at least one letter."))
        if name.casefold() in self._taken(but):
            raise DatasetError("There is a {name} already. Choose another name.", name=name)
        return name

    def _numbered(self, name: str) -> str:
        number, taken = 1, self._taken(None)
        numbered = name
        while numbered.casefold() in taken:
            number += 1
            numbered = f"{name} ({number})"
        return numbered

    def _taken(self, but: Profile | None) -> set[str]:
        others = (each for each in self.named() if but is None or each.folder != but.folder)
        return {each.name.casefold() for each in others}


def _read(folder: Path) -> Profile:
    facts = _parsed(read_bytes(folder / FACTS, MOST_FACTS))
    name = clean_name(facts.name)
    if not name:
        raise DatasetError("{path} has no name.", path=folder / FACTS)
    network = None if facts.network is None or "\0" in facts.network else Path(facts.network)
    return Profile(folder, name, network)


def _write(profile: Profile) -> None:
    network = None if profile.network is None else str(profile.network)
    write_text(profile.folder / FACTS, _facts(ProfileFacts(profile.name, network)).decode())


def _facts(facts: ProfileFacts) -> bytes:
    return (json.dumps(to_plain(facts), indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _parsed(content: bytes) -> ProfileFacts:
    try:
        facts = from_plain(ProfileFacts, json.loads(content), name=FACTS)
    except (ValueError, RecursionError, ConfigurationError) as error:
        raise DatasetError("{name} holds no facts of a profile.", name=FACTS) from error
    if facts.format != FORMAT:
        raise DatasetError(
            "{name} has the format {format}; this version reads {known}.",
            name=FACTS,
            format=facts.format,
            known=FORMAT,
        )
    return facts


def _unpacked(path: Path) -> dict[str, bytes]:
    content = read_bytes(path, MOST_BYTES)
    try:
        return unpack_files(content)
    except Exception as error:  # whatever zipfile raises on damage: zlib.error, EOFError …
        raise DatasetError(
            "{path} is no profile: {reason}.", path=shown(str(path)), reason=reason(error)
        ) from error


def _checked(files: dict[str, bytes]) -> ProfileFacts:
    """What a zip says of itself; it holds nothing else than a profile does."""
    if strangers := sorted(files.keys() - {FACTS, SAMPLES, COLLECTED, NETWORK}):
        raise DatasetError("It holds {name}, which is of no profile.", name=quoted(strangers[0]))
    if FACTS not in files:
        raise DatasetError("It holds no {name}.", name=FACTS)
    if len(files[FACTS]) > MOST_FACTS:
        raise DatasetError("Its {name} is too long.", name=FACTS)
    return _parsed(files[FACTS])


def _check(folder: Path) -> None:
    """DatasetError unless all lines are samples, SavedNetworkError unless the network is one."""
    for name, are_labelled in ((SAMPLES, True), (COLLECTED, False)):
        if (folder / name).exists():
            for _line, problem in read_samples(folder / name, are_labelled=are_labelled).problems:
                raise problem
    if (folder / NETWORK).exists():
        SavedNetwork.load(folder / NETWORK)
