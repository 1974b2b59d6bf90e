"""A network folder: written whole or not at all, checked in full when read, never unpickled.

network.json    format, architecture, framing, confidence, how it was trained and tested, SHA-256s of files
c1.weight.npy   one array a parameter, float32
history.csv …   attachments, such as the run's epochs and their curves
film.npz …      attachments that explain the network; it opens without them, so whoever reads one checks it
README.md       the model card, for people; not hashed, so that they may add to it

One .lenet file may hold them all (`lenet_file`); it is checked in the same way. The folder of a committee
holds such files, one a member, in the place of arrays (`committee_files`).
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError, EngineError, Remedy, SavedNetworkError
from engine.files.array_files import MOST_BYTES, parse_npy, read_file
from engine.files.file_lock import HeldError
from engine.files.folder_transaction import (
    WAIT,
    has_file,
    is_bare,
    is_plain_name,
    read_from,
    replace_files,
    steadily,
    writing,
)
from engine.learning.training import TrainingFacts
from engine.nn.network import Network
from engine.nn.scaling import InputScaling
from engine.quoting import quoted
from engine.reading.committee import Committee
from engine.reading.confidence import Confidence
from engine.reading.evaluation import TestFacts
from engine.reading.memory import MEMORY_FILE, REFERENCE_FILE, Memory, Reference, TaughtNetwork
from engine.storage.foreign import is_foreign, read_foreign
from engine.storage.imported import is_network_file, read_network_file
from engine.storage.lenet_file import is_lenet_file, unpack, unpacked
from engine.storage.model_card import model_card
from engine.storage.network_facts import COMMITTEE, MEMBER, InputFacts, NetworkFacts, TaughtFacts, with_file

MANIFEST = "network.json"
CARD = "README.md"
EXPLAINS = ("neighbours.npz", "digit_map.npz", "film.npz")  # attachments that a network opens without
MOST_FACTS = 2**20  # bytes of network.json, which has some 5,000


@dataclass(frozen=True)
class SavedNetwork:
    """What a network folder holds: a network, or several that answer as one."""

    network: Network  # of a committee the first one's
    confidence: Confidence  # how logits are to be read
    facts: NetworkFacts
    memory: Memory | None = None  # what it was taught, where it was
    members: "tuple[SavedNetwork, ...]" = ()  # of a committee

    @property
    def classifier(self) -> Network | TaughtNetwork | Committee:
        """What images are put to: the network or all of the committee, behind the memory if there is one."""
        answering = committee_of(self.members) if self.members else self.network
        if self.memory is not None:
            return TaughtNetwork(self.network, self.memory, self.confidence, answering)
        return answering

    @property
    def first(self) -> "SavedNetwork":
        """What has one network: this one, or of a committee its first member."""
        return self.members[0] if self.members else self

    @property
    def without_memory(self) -> "SavedNetwork":
        """The same as it was before it was taught, it or its members."""
        if self.members:
            return together([member.without_memory for member in self.members])
        facts = replace(self.facts, taught=None)
        return SavedNetwork(self.network, facts.confidence, facts)

    @classmethod
    def load_all(cls, folders: Sequence[Path | str]) -> "SavedNetwork":
        """The network of a folder, or those of several as a committee.

        SavedNetworkError as of `load`, ConfigurationError if they do not go together.
        """
        return together([cls.load(folder) for folder in folders])

    @classmethod
    def load_one(cls, folder: Path | str) -> "SavedNetwork":
        """As `load`, for what can be done with one network alone: SavedNetworkError if it is a committee."""
        saved = cls.load(folder)
        if saved.members:
            raise SavedNetworkError(
                "{folder} is a committee of {members}, and one network alone is needed. Name one of these.",
                folder=folder,
                members=", ".join(saved.facts.files),
            )
        return saved

    @classmethod
    def load(cls, folder: Path | str) -> "SavedNetwork":
        """Everything in a folder or a .lenet file, each file read once and checked.

        Also of what other programs wrote, as far as `foreign` and `imported` know it.

        Raises
        ------
        SavedNetworkError
            If the folder is missing, or anything in it is missing, damaged, of another format, or does not
            fit the architecture. There is no fallback: a missing network is never replaced by a random one.
        """
        return _steadily(folder, cls._load)

    @classmethod
    def _load(cls, folder: Path) -> "SavedNetwork":
        if (theirs := _of_others(folder)) is not None:
            network, facts = theirs
            return cls(network, facts.confidence, facts)
        return _loaded(folder, _opened(folder))

    @classmethod
    def of_files(cls, files: Mapping[str, bytes], place: Path) -> "SavedNetwork":
        """The network of files by their names, as `load` reads them; errors tell them in this place."""
        return _loaded(place, _packed(place, files))


def together(
    members: Sequence[SavedNetwork], files: Mapping[str, str] = MappingProxyType({})
) -> SavedNetwork:
    """One network as it is, or several as a committee, which may lie in `files`: their names and SHA-256.

    EngineError if they do not go together, or one of several is a committee itself.
    """
    first, *others = members
    if not others:
        return first
    committee = committee_of(members)
    facts = NetworkFacts(
        COMMITTEE,
        sum(member.facts.parameters for member in members),
        replace(InputFacts.of(first.network), scaling=InputScaling()),  # each scales what it is shown
        committee.confidence,
        files=dict(files),
    )
    return SavedNetwork(first.network, committee.confidence, facts, members=tuple(members))


def committee_of(members: Sequence[SavedNetwork]) -> Committee:
    """What asks all of them; EngineError if they do not go together, or one is a committee itself."""
    for number, member in enumerate(members, start=1):
        if member.members:
            raise SavedNetworkError(
                "Network {number} of {count} is a committee itself, and a committee is made of networks. "
                "Name its members in its place.",
                number=number,
                count=len(members),
            )
    return Committee([(member.classifier, member.confidence) for member in members])


def save_network(
    network: Network,
    folder: Path | str,
    *,
    confidence: Confidence | None = None,
    training: TrainingFacts | None = None,
    test: TestFacts | None = None,
    taught: TaughtFacts | None = None,
    attachments: Mapping[str, bytes] = MappingProxyType({}),
    overwrite: bool = False,
) -> None:
    """Write a network into a folder, atomically: it is written beside it first and moved into place.

    Parameters
    ----------
    confidence : Confidence, optional
        How the network's logits are to be read, if not as they come.
    training, test, taught : facts, optional
        Of the run, of the evaluation and of the samples in its memory, for network.json and the model card.
    attachments : mapping of file names to contents
        Kept, checked and replaced with the network.
    overwrite : bool
        Replace the network that is there. Files in the folder that are no part of it are kept, unless
        the new network has a file of their name.

    Raises
    ------
    SavedNetworkError
        If the folder holds something already, or cannot be written. What was there is then unchanged.
    """
    check_writable(_path(folder), overwrite=overwrite)
    files = network_files(network, confidence, training, test, attachments, taught=taught)
    save_files(files, folder, overwrite=overwrite)


def save_files(files: Mapping[str, bytes], folder: Path | str, *, overwrite: bool = False) -> None:
    """Write what `network_files`, `committee_files` or `load_files` gave, as `save_network` does."""
    folder = _path(folder)
    check_writable(folder, overwrite=overwrite)
    with _saving_in(folder) as target:
        check_writable(folder, overwrite=overwrite)  # again: another one may have saved there meanwhile
        replace_files(target, files, old=_old_files(target))


def attach(network: Network, folder: Path | str, name: str, content: bytes) -> None:
    """Put one more file beside a saved network, or another in the place of one that was saved with it.

    The network stays as it is, and as old; at every moment the folder holds it with the old file or the new.

    Raises
    ------
    SavedNetworkError
        If the folder holds no such network, or another one by now; if a file of this name is there that is no
        part of it; or if the folder cannot be written.
    """
    folder = _path(folder)
    load_facts(folder)  # or it is no network's folder, in which nothing is to be written
    if is_lenet_file(folder):
        raise SavedNetworkError("{folder} is one file, and is left as it is.", folder=folder)
    with _saving_in(folder) as target:
        facts = load_facts(target)
        manifest = read_from(target, MANIFEST, partial(_read, most=MOST_FACTS))
        saved = read_from(target, MANIFEST, Path.stat)
        arrays = {array: _sha256(own) for array, own in _arrays_of(network).items()}
        if arrays.items() - facts.files.items():
            raise SavedNetworkError("{folder} holds another network by now.", folder=folder)
        if name not in facts.files and has_file(target, name):
            raise SavedNetworkError(
                "{path} is no part of the network, and is left as it is.", path=folder / name
            )
        replace_files(target, {name: content, MANIFEST: with_file(manifest, name, _sha256(content))}, old=[])
        with contextlib.suppress(OSError):  # the network is as old as it was
            os.utime(target / MANIFEST, ns=(saved.st_atime_ns, saved.st_mtime_ns))


@contextlib.contextmanager
def _saving_in(folder: Path) -> Iterator[Path]:
    """Holds a folder for one that writes into it, at the place that it gives."""
    target = _resolved(folder)
    try:
        with writing(target, wait=WAIT):
            yield target
    except HeldError as error:
        raise SavedNetworkError(
            "Another process has been writing to {folder} for {wait:.0f} seconds. Wait for its end, or "
            "choose another folder.",
            folder=folder,
            wait=WAIT,
        ) from error
    except OSError as error:
        raise SavedNetworkError(
            "The network could not be saved in {folder}: {reason}.", folder=folder, reason=_reason(error)
        ) from error


def network_files(
    network: Network,
    confidence: Confidence | None = None,
    training: TrainingFacts | None = None,
    test: TestFacts | None = None,
    attachments: Mapping[str, bytes] = MappingProxyType({}),
    *,
    taught: TaughtFacts | None = None,
) -> dict[str, bytes]:
    """What `save_network` writes: the files by their names, network.json last."""
    files = {**_arrays_of(network), **attachments}
    hashes = {name: _sha256(content) for name, content in files.items()}
    facts = NetworkFacts.of(network, confidence, training, test, hashes, taught=taught)
    files[CARD] = model_card(facts).encode()
    files[MANIFEST] = facts.to_json()
    return files


def check_writable(folder: Path, *, overwrite: bool) -> None:
    """Whether `save_network` would write there: SavedNetworkError says why not. Call it before a long run."""
    folder = _path(folder)
    try:
        if not folder.is_dir():
            if folder.exists():
                raise SavedNetworkError(
                    "{folder} is a file, not a folder. Choose another one.", folder=folder
                )
        elif not is_bare(folder):
            if not has_file(folder, MANIFEST):
                raise SavedNetworkError(
                    "{folder} holds files, but no network. Choose an empty or a new folder.", folder=folder
                )
            if not overwrite:
                raise SavedNetworkError(
                    "{folder} holds a network already.", remedy=Remedy.REPLACE, folder=folder
                )
    except OSError as error:
        raise SavedNetworkError(
            "{folder} cannot be looked into: {reason}.", folder=folder, reason=_reason(error)
        ) from error


def load_network(folder: Path | str) -> Network:
    """The network of a folder, as `SavedNetwork.load_one` reads it, without what stands beside it."""
    return SavedNetwork.load_one(folder).network


def load_facts(folder: Path | str) -> NetworkFacts:
    """The contents of network.json, checked; SavedNetworkError if it is no such thing."""

    def read(place: Path) -> NetworkFacts:
        theirs = _of_others(place)
        return _load_facts(place, _opened(place)) if theirs is None else theirs[1]

    return _steadily(folder, read)


def load_attachment(folder: Path | str, name: str) -> bytes | None:
    """A file that was saved with the network, or with a committee's first, checked; None where none was."""
    return _steadily(folder, partial(_load_attachment, name=name))


def load_card(folder: Path | str, most: int) -> bytes:
    """The README.md of a folder or a .lenet file, whoever wrote it, of at most so many bytes."""
    return _steadily(folder, lambda place: _reader(place)(CARD, most))


def load_files(folder: Path | str) -> dict[str, bytes]:
    """All that is the network's own in a folder or a .lenet file, by name, each file checked.

    Of what is in another format they are made as `save_network` would make them.
    """
    return _steadily(folder, _load_files)


def is_in_one_file(path: Path) -> bool:
    """Whether `SavedNetwork.load` takes it for a file that is a network, by its name alone."""
    return is_lenet_file(path) or is_network_file(path)


Result = TypeVar("Result")


def _steadily(folder: Path | str, read: Callable[[Path], Result]) -> Result:
    """read(folder), once more where a save came in between; SavedNetworkError for all the system says."""
    path = _path(folder)
    try:
        return steadily(path, MANIFEST, partial(read, path))
    except OSError as error:
        raise SavedNetworkError(
            "{folder} cannot be read: {reason}.", folder=folder, reason=_reason(error)
        ) from error


class _Read(Protocol):
    """Reads a file of a network by its name; SavedNetworkError if it is missing or larger than `most`."""

    def __call__(self, name: str, most: int = MOST_BYTES, /) -> bytes: ...


def _opened(place: Path) -> _Read:
    """The way to read the files of a network; SavedNetworkError where there is none."""
    if is_lenet_file(place):
        return _reader(place)
    if not place.is_dir():
        raise SavedNetworkError(
            "There is no network folder {folder}.", remedy=Remedy.TRAIN, subject=str(place), folder=place
        )
    if not has_file(place, MANIFEST):
        raise SavedNetworkError(
            "{folder} is no network folder: it has no {manifest}.", folder=place, manifest=MANIFEST
        )
    return _reader(place)


def _reader(place: Path) -> _Read:
    """The same for any folder; a .lenet file is read here, once."""
    if not is_lenet_file(place):
        return lambda name, most=MOST_BYTES: read_from(place, name, partial(_read, most=most))
    return _packed(place, unpack(place))


def _packed(place: Path, files: Mapping[str, bytes]) -> _Read:
    """The same for files that were read."""

    def packed(name: str, most: int = MOST_BYTES, /) -> bytes:
        if name not in files:
            raise SavedNetworkError("{path} is missing.", remedy=Remedy.COPY, path=place / name)
        if len(files[name]) > most:
            raise SavedNetworkError(
                "{path} is larger than the {most:,} bytes that are read.", path=place / name, most=most
            )
        return files[name]

    return packed


def _load_facts(folder: Path, read: _Read) -> NetworkFacts:
    content = read(MANIFEST, MOST_FACTS)
    try:
        return NetworkFacts.from_json(content)
    except SavedNetworkError as error:
        raise SavedNetworkError(
            "{path} {error}", remedy=Remedy.RESTORE, path=folder / MANIFEST, error=error
        ) from error


def _loaded(folder: Path, read: _Read) -> SavedNetwork:
    facts = _load_facts(folder, read)
    if facts.architecture == COMMITTEE:
        return _load_committee(folder, facts, read)
    network = _load_arrays(folder, facts, read)
    memory = _load_memory(folder, facts, read, network)
    confidence = facts.confidence if memory is None else memory.confidence(facts.confidence)
    return SavedNetwork(network, confidence, facts, memory)


def _load_committee(folder: Path, facts: NetworkFacts, read: _Read) -> SavedNetwork:
    manifest = folder / MANIFEST
    members = []
    for name in facts.files:
        place, files = _member(folder, facts, name, read)
        if (
            _load_facts(place, files).architecture == COMMITTEE
        ):  # before it is opened: these could go on for ever
            raise SavedNetworkError(
                "{path} is a committee itself, and a committee is made of networks.",
                remedy=Remedy.RESTORE,
                path=place,
            )
        members.append(_loaded(place, files))
    if len(members) < 2:
        raise SavedNetworkError(
            "{manifest} lists less than two members of a committee.", remedy=Remedy.RESTORE, manifest=manifest
        )
    try:
        return replace(together(members), confidence=facts.confidence, facts=facts)
    except ConfigurationError as error:
        raise SavedNetworkError(
            "{manifest}: {error}", remedy=Remedy.RESTORE, manifest=manifest, error=error
        ) from error


def _member(folder: Path, facts: NetworkFacts, name: str, read: _Read) -> tuple[Path, _Read]:
    """Where a file of a committee lies, and the way to read what it holds."""
    place = folder / name
    if not name.endswith(MEMBER):
        raise SavedNetworkError(
            "{manifest} lists {name}, which is no member of a committee.",
            remedy=Remedy.RESTORE,
            manifest=folder / MANIFEST,
            name=name,
        )
    return place, _packed(place, unpacked(_checked(folder, name, facts.files[name], read), place))


def _load_arrays(folder: Path, facts: NetworkFacts, read: _Read) -> Network:
    """The network that the facts tell of, with the arrays of the folder."""
    manifest = folder / MANIFEST
    try:
        network = facts.built()
    except EngineError as error:
        raise SavedNetworkError("{manifest}: {error}", manifest=manifest, error=error) from error
    if facts.input != InputFacts.of(network):
        raise SavedNetworkError(
            "{manifest} asks for the input {input}; this version shows {expected}. Train again.",
            manifest=manifest,
            input=quoted(facts.input, 300),
            expected=InputFacts.of(network),
        )
    state = {}
    for name, sha256 in facts.files.items():
        if name in EXPLAINS:
            continue
        content = _checked(folder, name, sha256, read)
        if name.endswith(".npy"):
            state[name.removesuffix(".npy")] = _array(folder / name, content)
    for name, expected in network.state().items():
        path = folder / f"{name}.npy"
        if name not in state:
            raise SavedNetworkError(
                "{manifest} lists no {name}. Train again.", manifest=manifest, name=path.name
            )
        if state[name].shape != expected.shape:
            raise SavedNetworkError(
                "{path} holds an array of shape {given}; {architecture} needs {expected}. Train again.",
                path=path,
                given=state[name].shape,
                architecture=network.architecture,
                expected=expected.shape,
            )
    try:
        network.load_state(state)
    except EngineError as error:  # arrays that the architecture does not know
        raise SavedNetworkError("{folder}: {error}", folder=folder, error=error) from error
    return network


def _of_others(place: Path) -> tuple[Network, NetworkFacts] | None:
    """The network of a place that is in no format of this program's own."""
    if is_foreign(place):
        network = read_foreign(place)
        return network, NetworkFacts.of(network)
    return read_network_file(place) if is_network_file(place) else None


def _load_memory(folder: Path, facts: NetworkFacts, read: _Read, network: Network) -> Memory | None:
    """What the network was taught; None where it was not."""
    files = facts.files
    if MEMORY_FILE not in files:
        return None
    if REFERENCE_FILE not in files:
        raise SavedNetworkError(
            "{manifest} lists no {name}. Teach it again.", manifest=folder / MANIFEST, name=REFERENCE_FILE
        )
    reference, memory = (_checked(folder, name, files[name], read) for name in (REFERENCE_FILE, MEMORY_FILE))
    return Memory.from_bytes(memory, Reference.from_bytes(reference, network))


def _load_attachment(folder: Path, *, name: str) -> bytes | None:
    if is_foreign(folder) or is_network_file(folder):
        return None
    read = _opened(folder)
    facts = _load_facts(folder, read)
    if facts.members:
        folder, read = _member(folder, facts, next(iter(facts.files)), read)
        facts = _load_facts(folder, read)
    return _checked(folder, name, facts.files[name], read) if name in facts.files else None


def _load_files(folder: Path) -> dict[str, bytes]:
    if (theirs := _of_others(folder)) is not None:
        network, facts = theirs
        return network_files(network, facts.confidence, facts.training, facts.test)
    read = _opened(folder)
    facts = _loaded(folder, read).facts  # it is a network, and not only files that are what they were
    files = {}
    for name, sha256 in facts.files.items():
        try:
            files[name] = _checked(folder, name, sha256, read)
        except SavedNetworkError:
            if name not in EXPLAINS:  # which can be made anew
                raise
    try:
        files[CARD] = read(CARD)
    except SavedNetworkError:  # nothing misses it
        files[CARD] = model_card(facts).encode()
    return {**files, MANIFEST: read(MANIFEST, MOST_FACTS)}


def _checked(folder: Path, name: str, sha256: str, read: _Read) -> bytes:
    """The contents of a file of the network; SavedNetworkError if it is not the one that was saved."""
    content = read(name)
    if _sha256(content) != sha256:
        raise SavedNetworkError(
            "{path} is not the file that was saved: its SHA-256 differs from the one in {manifest}.",
            remedy=Remedy.RESTORE,
            path=folder / name,
            manifest=MANIFEST,
        )
    return content


def _path(folder: Path | str) -> Path:
    """The path; SavedNetworkError if no system could have one of this name."""
    try:
        fits = b"\0" not in os.fsencode(folder)
    except UnicodeEncodeError:
        fits = False
    if not fits:
        raise SavedNetworkError(
            "{folder!r} cannot be the name of a folder. Choose another one.", folder=str(folder)
        )
    return Path(folder)


def _resolved(folder: Path) -> Path:
    """Where a folder lies that may be a link, or `.`."""
    try:
        return folder.resolve()
    except (OSError, RuntimeError) as error:  # links in a circle; the latter up to Python 3.12
        raise SavedNetworkError(
            "{folder} leads nowhere: {error}. Choose another folder.", folder=folder, error=error
        ) from error


def _reason(error: Exception) -> str:
    """What the system said, with the file that it said it of."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} ({error.filename})" if error.filename else error.strerror
    return str(error)


def _read(path: Path, most: int = MOST_BYTES) -> bytes:
    return read_file(path, remedy=Remedy.RESTORE, most=most)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _arrays_of(network: Network) -> dict[str, bytes]:
    """The files that hold the network itself."""
    return {f"{name}.npy": _npy(value) for name, value in network.state().items()}


def _npy(value: npt.NDArray[Any]) -> bytes:
    content = BytesIO()
    np.save(content, value.astype(np.float32), allow_pickle=False)
    return content.getvalue()


def _array(path: Path, content: bytes) -> npt.NDArray[np.float32]:
    array = parse_npy(path, content, remedy=Remedy.RESTORE)
    if array.dtype != np.float32:
        raise SavedNetworkError(
            "{path} holds {dtype}; float32 is expected. Train again.", path=path, dtype=array.dtype
        )
    if not np.isfinite(array).all():
        raise SavedNetworkError("{path} holds numbers that are not finite. Train again.", path=path)
    return array


def _old_files(folder: Path) -> Collection[str]:
    """The files in a network folder that are the network's, by its own word; the card is written anew."""
    with contextlib.suppress(SavedNetworkError):
        return [name for name in load_facts(folder).files if is_plain_name(name)]
    return []
