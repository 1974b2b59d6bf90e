"""A network folder: written whole or not at all, checked in full when read, never unpickled.

network.json    format, architecture, framing, confidence, how it was trained and tested, SHA-256s of files
c1.weight.npy   one array a parameter, float32
history.csv …   attachments, such as the run's epochs and their curves
README.md       the model card, for people; not hashed, so that they may add to it
"""

import contextlib
import hashlib
import json
import math
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import preprocessing
from engine.architectures import build_network
from engine.array_files import parse_npy, read_file
from engine.errors import EngineError, SavedNetworkError
from engine.foreign import is_foreign, read_foreign
from engine.model_card import model_card
from engine.network import Network
from engine.rejection import Rejection
from engine.scaling import InputScaling

FORMAT = 1
MANIFEST = "network.json"
CARD = "README.md"
RESTORE = "Restore it, or train again."


def save_network(
    network: Network,
    folder: Path | str,
    *,
    training: Mapping[str, Any] | None = None,
    test: Mapping[str, Any] | None = None,
    attachments: Mapping[str, bytes] = MappingProxyType({}),
    overwrite: bool = False,
) -> None:
    """Write a network into a folder, atomically: it is written beside it first and moved into place.

    Parameters
    ----------
    training, test : mappings of plain values, optional
        Facts for network.json and the model card.
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
    facts = _facts(network, training or {}, test or {}, hashes)
    files[MANIFEST] = (json.dumps(facts, indent=2, allow_nan=False) + "\n").encode()
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
            raise SavedNetworkError(
                f"{folder} holds a network already. Choose another folder, or add --overwrite."
            )
    elif folder.exists():
        raise SavedNetworkError(f"{folder} is a file, not a folder. Choose another one.")


def load_network(folder: Path | str) -> Network:
    """The network of a folder, with every file checked; also of a folder that `foreign` knows.

    Raises
    ------
    SavedNetworkError
        If the folder is missing, or anything in it is missing, damaged, of another format, or does not fit
        the architecture. There is no fallback: a missing network is never answered by a random one.
    """
    return load_network_and_facts(folder)[0]


def load_network_and_facts(folder: Path | str) -> tuple[Network, dict[str, Any]]:
    """The network, as `load_network`, and what its network.json says; each file is read once."""
    folder = Path(folder)
    if is_foreign(folder):
        network = read_foreign(folder)
        return network, _facts(network, {}, {}, {})
    facts = load_facts(folder)
    try:
        # the values are replaced below; any rng serves to build the shapes
        network = build_network(facts["architecture"], rng=np.random.default_rng(0))
    except EngineError as error:
        raise SavedNetworkError(f"{folder / MANIFEST}: {error}") from error
    _take_scaling(network, facts["input"], folder / MANIFEST)
    if "confidence" in facts:  # networks of old have none
        _take_confidence(network, facts["confidence"], folder / MANIFEST)
    state = {}
    for name, sha256 in facts["files"].items():
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
            raise SavedNetworkError(f"{folder / MANIFEST} lists no {path.name}. Train again.")
        if state[name].shape != expected.shape:
            raise SavedNetworkError(
                f"{path} holds an array of shape {state[name].shape}; {network.architecture} needs "
                f"{expected.shape}. Train again."
            )
    try:
        network.load_state(state)
    except EngineError as error:  # arrays that the architecture does not know
        raise SavedNetworkError(f"{folder}: {error}") from error
    return network, facts


def load_facts(folder: Path | str) -> dict[str, Any]:
    """The contents of network.json, its form checked; SavedNetworkError if it is no such thing."""
    folder = Path(folder)
    path = folder / MANIFEST
    if not folder.is_dir():
        raise SavedNetworkError(
            f"There is no network folder {folder}. Train one with --mode train --path {folder}."
        )
    if not path.is_file():
        raise SavedNetworkError(f"{folder} is no network folder: it has no {MANIFEST}.")
    try:
        facts = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise SavedNetworkError(f"{path} is damaged: {error}. Restore it, or train again.") from error
    if not isinstance(facts, dict) or "format" not in facts:
        raise SavedNetworkError(f"{path} does not describe a network: it has no format version.")
    if facts["format"] != FORMAT:
        raise SavedNetworkError(
            f"{path} is format {facts['format']}; this version reads format {FORMAT}. "
            "Update LeNet Canvas, or train again."
        )
    files = facts.get("files")
    if not (
        isinstance(facts.get("architecture"), str)
        and isinstance(files, dict)
        and all(_is_plain_name(name) and isinstance(value, str) for name, value in files.items())
    ):
        raise SavedNetworkError(
            f"{path} must name an architecture, and files with their SHA-256. It is damaged."
        )
    return facts


def _facts(
    network: Network, training: Mapping[str, Any], test: Mapping[str, Any], hashes: Mapping[str, str]
) -> dict[str, Any]:
    """The contents of network.json."""
    return {
        "format": FORMAT,
        "architecture": network.architecture,
        "parameters": network.parameter_count,
        "input": input_facts(network),
        "confidence": _confidence_facts(network),
        "training": dict(training),
        "test": dict(test),
        "files": dict(hashes),
    }


def input_facts(network: Network) -> dict[str, Any]:
    """What a network expects to be shown: shape, framing for drawn digits, scaling."""
    facts: dict[str, Any] = {"shape": list(network.input_shape), "scaling": asdict(network.scaling)}
    if network.input_shape == (1, preprocessing.FRAME, preprocessing.FRAME):
        facts["framing"] = {
            "ink": "1.0 on paper 0.0",
            "box": preprocessing.BOX,
            "centre": preprocessing.CENTRE,
        }
    return facts


def _take_scaling(network: Network, saved: Any, path: Path) -> None:
    """Give the network its saved scaling; its shape and framing must be those of this program."""
    try:
        network.scaling = InputScaling(**saved["scaling"])
    except (KeyError, TypeError, EngineError) as error:
        raise SavedNetworkError(f"{path} gives no input scaling that can be used: {error}.") from error
    expected = input_facts(network)
    if saved != expected:
        raise SavedNetworkError(
            f"{path} asks for the input {saved}; this version shows {expected}. Train again."
        )


def _confidence_facts(network: Network) -> dict[str, Any]:
    """How a network's logits become a confidence, and which drawings it takes for no digit."""
    rejection = network.rejection
    return {
        "temperature": network.temperature,
        "rejection": None if rejection is None else asdict(rejection),
    }


def _take_confidence(network: Network, saved: Any, path: Path) -> None:
    """Give the network its saved temperature and rejection."""
    try:
        temperature, rejection = float(saved["temperature"]), saved["rejection"]
        if not (math.isfinite(temperature) and temperature > 0):
            raise ValueError(f"a temperature is above 0, got {temperature}")
        if rejection is not None:
            rejection = Rejection(**{name: float(value) for name, value in rejection.items()})
            if not math.isfinite(rejection.least_evidence):
                raise ValueError(f"least_evidence is a finite number, got {rejection.least_evidence}")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SavedNetworkError(
            f"{path} gives no confidence that can be used: {error!r}. Restore it, or train again."
        ) from error
    network.temperature, network.rejection = temperature, rejection


def _is_plain_name(name: str) -> bool:
    """A file of this very folder: nothing that leads out of it."""
    return name == Path(name).name and name not in ("", ".", "..") and "\\" not in name


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
            ours |= set(load_facts(folder)["files"])
    return [entry.name for entry in folder.iterdir() if entry.name not in ours]
