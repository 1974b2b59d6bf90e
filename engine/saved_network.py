"""A network folder: written whole or not at all, checked in full when read, never unpickled.

network.json    format, architecture, framing, confidence, how it was trained and tested, SHA-256s of files
c1.weight.npy   one array a parameter, float32
history.csv …   attachments, such as the run's epochs and their curves
README.md       the model card, for people; not hashed, so that they may add to it
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.architectures import build_network
from engine.array_files import parse_npy, read_file
from engine.confidence import Confidence
from engine.errors import ConfigurationError, EngineError, Remedy, SavedNetworkError
from engine.evaluation import TestFacts
from engine.foreign import is_foreign, read_foreign
from engine.model_card import model_card
from engine.network import Network
from engine.network_facts import InputFacts, NetworkFacts
from engine.training import TrainingFacts

MANIFEST = "network.json"
CARD = "README.md"
RESTORE = "Restore it, or train again."


@dataclass(frozen=True)
class SavedNetwork:
    """What a network folder holds."""

    network: Network
    confidence: Confidence  # how its logits are to be read
    facts: NetworkFacts

    @classmethod
    def load(cls, folder: Path | str) -> "SavedNetwork":
        """Everything in a folder, each file read once and checked; also of one that `foreign` knows.

        Raises
        ------
        SavedNetworkError
            If the folder is missing, or anything in it is missing, damaged, of another format, or does not
            fit the architecture. There is no fallback: a missing network is never replaced by a random one.
        """
        folder = Path(folder)
        if is_foreign(folder):
            network = read_foreign(folder)
            return cls(network, Confidence(), _facts(network))
        facts = load_facts(folder)
        network = _load_arrays(folder, facts)
        return cls(network, facts.confidence, facts)


def save_network(
    network: Network,
    folder: Path | str,
    *,
    confidence: Confidence | None = None,
    training: TrainingFacts | None = None,
    test: TestFacts | None = None,
    attachments: Mapping[str, bytes] = MappingProxyType({}),
    overwrite: bool = False,
) -> None:
    """Write a network into a folder, atomically: it is written beside it first and moved into place.

    Parameters
    ----------
    confidence : Confidence, optional
        How the network's logits are to be read, if not as they come.
    training, test : facts, optional
        Of the run and of the evaluation, for network.json and the model card.
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
    folder = Path(folder)
    check_writable(folder, overwrite=overwrite)
    files = {f"{name}.npy": _npy(value) for name, value in network.state().items()}
    files |= attachments
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    facts = _facts(network, confidence, training, test, hashes)
    files[MANIFEST] = facts.to_json()
    files[CARD] = model_card(facts).encode()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # resolved, so that a folder that is a link is replaced where it points
        _replace_folder(folder.resolve(), files)
    except OSError as error:
        raise SavedNetworkError(f"The network could not be saved in {folder}: {error}.") from error


def check_writable(folder: Path, *, overwrite: bool) -> None:
    """Whether `save_network` would write there: SavedNetworkError says why not. Call it before a long run."""
    if folder.is_dir():
        if not any(folder.iterdir()):
            return
        if not (folder / MANIFEST).exists():
            raise SavedNetworkError(f"{folder} holds files, but no network. Choose an empty or a new folder.")
        if not overwrite:
            raise SavedNetworkError(f"{folder} holds a network already.", remedy=Remedy.REPLACE)
    elif folder.exists():
        raise SavedNetworkError(f"{folder} is a file, not a folder. Choose another one.")


def load_network(folder: Path | str) -> Network:
    """The network of a folder, as `SavedNetwork.load` reads it, without what stands beside it."""
    return SavedNetwork.load(folder).network


def load_facts(folder: Path | str) -> NetworkFacts:
    """The contents of network.json, checked; SavedNetworkError if it is no such thing."""
    folder = Path(folder)
    path = folder / MANIFEST
    if not folder.is_dir():
        raise SavedNetworkError(
            f"There is no network folder {folder}.", remedy=Remedy.TRAIN, subject=str(folder)
        )
    if not path.is_file():
        raise SavedNetworkError(f"{folder} is no network folder: it has no {MANIFEST}.")
    try:
        return NetworkFacts.from_json(_read(path))
    except ConfigurationError as error:
        raise SavedNetworkError(f"{path} {error} {RESTORE}") from error


def _load_arrays(folder: Path, facts: NetworkFacts) -> Network:
    """The network that the facts tell of, with the arrays of the folder."""
    manifest = folder / MANIFEST
    try:
        # the values are replaced below; any rng serves to build the shapes
        network = build_network(facts.architecture, rng=np.random.default_rng(0))
    except EngineError as error:
        raise SavedNetworkError(f"{manifest}: {error}") from error
    network.scaling = facts.input.scaling
    if facts.input != InputFacts.of(network):
        raise SavedNetworkError(
            f"{manifest} asks for the input {facts.input}; this version shows {InputFacts.of(network)}. "
            "Train again."
        )
    state = {}
    for name, sha256 in facts.files.items():
        content = _read(folder / name)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SavedNetworkError(
                f"{folder / name} is not the file that was saved: its SHA-256 differs from the one in "
                f"{MANIFEST}. Restore it, or train again."
            )
        if name.endswith(".npy"):
            state[name.removesuffix(".npy")] = _array(folder / name, content)
    for name, expected in network.state().items():
        path = folder / f"{name}.npy"
        if name not in state:
            raise SavedNetworkError(f"{manifest} lists no {path.name}. Train again.")
        if state[name].shape != expected.shape:
            raise SavedNetworkError(
                f"{path} holds an array of shape {state[name].shape}; {network.architecture} needs "
                f"{expected.shape}. Train again."
            )
    try:
        network.load_state(state)
    except EngineError as error:  # arrays that the architecture does not know
        raise SavedNetworkError(f"{folder}: {error}") from error
    return network


def _facts(
    network: Network,
    confidence: Confidence | None = None,
    training: TrainingFacts | None = None,
    test: TestFacts | None = None,
    hashes: Mapping[str, str] = MappingProxyType({}),
) -> NetworkFacts:
    return NetworkFacts(
        architecture=network.architecture,
        parameters=network.parameter_count,
        input=InputFacts.of(network),
        confidence=confidence or Confidence(),
        training=training,
        test=test,
        files=dict(hashes),
    )


def _read(path: Path) -> bytes:
    return read_file(path, advice=RESTORE)


def _npy(value: npt.NDArray[Any]) -> bytes:
    content = BytesIO()
    np.save(content, value.astype(np.float32), allow_pickle=False)
    return content.getvalue()


def _array(path: Path, content: bytes) -> npt.NDArray[np.float32]:
    array = parse_npy(path, content, advice=RESTORE)
    if not isinstance(array, np.ndarray) or array.dtype != np.float32:
        kind = getattr(array, "dtype", type(array).__name__)
        raise SavedNetworkError(f"{path} holds {kind}; float32 is expected. Train again.")
    if not np.isfinite(array).all():
        raise SavedNetworkError(f"{path} holds numbers that are not finite. Train again.")
    return array


def _replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files as a new folder beside the old one, then let the two change places."""
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        new, old = staging / "new", staging / "old"
        new.mkdir()
        for name, content in files.items():
            with open(new / name, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if folder.exists():
            # what is written wins: were another file put in its place, its hash would be wrong
            foreign = [entry for entry in _foreign_entries(folder) if entry not in files]
            os.rename(folder, old)
            try:
                for entry in foreign:
                    os.rename(old / entry, new / entry)
                os.rename(new, folder)
            except OSError:
                for entry in foreign:
                    with contextlib.suppress(FileNotFoundError):
                        os.rename(new / entry, old / entry)
                os.rename(old, folder)
                raise
        else:
            os.rename(new, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _foreign_entries(folder: Path) -> list[str]:
    """What lies in a network folder without being part of the network."""
    ours = {MANIFEST, CARD}
    if (folder / MANIFEST).exists():
        with contextlib.suppress(SavedNetworkError):
            ours |= set(load_facts(folder).files)
    return [entry.name for entry in folder.iterdir() if entry.name not in ours]
