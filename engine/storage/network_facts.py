"""What a network folder tells of its network, as it stands in network.json."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.errors import ConfigurationError, SavedNetworkError
from engine.ink import preprocessing
from engine.learning.training import TrainingFacts
from engine.learning.training_config import TrainingConfig, config_of_plain
from engine.nn.architectures import build_network
from engine.nn.box import Shape
from engine.nn.layer_plans import IMPORTED, LayerPlan, planned_network, plans_of
from engine.nn.network import Network
from engine.nn.scaling import InputScaling
from engine.plain_values import OPTIONAL, from_plain, to_plain
from engine.quoting import quoted, reason
from engine.reading.confidence import Confidence
from engine.reading.evaluation import TestFacts
from engine.reading.memory import MEMORY_FILE

FORMAT = 1
MOST_FILES = 1000  # of a folder; the largest network has some forty
CHECKSUM = "sha256"  # of all the rest of network.json; networks of old have none
COMMITTEE = "committee"  # the architecture of several networks that answer as one: each file is one of them
MEMBER = ".lenet"  # how such a file's name ends


@dataclass(frozen=True)
class Framing:
    """How drawn digits are shown to the network."""

    ink: str = "1.0 on paper 0.0"
    box: int = preprocessing.BOX
    centre: int = preprocessing.CENTRE


@dataclass(frozen=True)
class InputFacts:
    """What a network expects to be shown."""

    shape: Shape
    scaling: InputScaling
    framing: Framing | None = field(default=None, metadata=OPTIONAL)  # of what reads digits

    @classmethod
    def of(cls, network: Network) -> "InputFacts":
        """What this program shows to a network."""
        reads_digits = network.input_shape == (1, preprocessing.FRAME, preprocessing.FRAME)
        return cls(network.input_shape, network.scaling, Framing() if reads_digits else None)


@dataclass(frozen=True)
class TaughtFacts:
    """What a network folder tells of the samples in its memory."""

    parent: str  # SHA-256 of the network that was taught: its `NetworkFacts.identity`
    samples: str  # SHA-256 of the file of samples
    count: int


@dataclass(frozen=True)
class NetworkFacts:
    """What is told of a network, its arrays apart."""

    architecture: str
    parameters: int
    input: InputFacts
    confidence: Confidence = field(default_factory=Confidence)
    training: TrainingFacts | None = None
    test: TestFacts | None = None
    taught: TaughtFacts | None = field(default=None, metadata=OPTIONAL)
    files: Mapping[str, str] = field(default_factory=dict)  # name -> SHA-256
    layers: tuple[LayerPlan, ...] = field(default=(), metadata=OPTIONAL)  # where its architecture is IMPORTED

    def __post_init__(self) -> None:
        if len(self.files) > MOST_FILES:
            raise ConfigurationError(f"files: at most {MOST_FILES} are read, got {len(self.files):,}.")
        for name in self.files:
            if not _is_plain_name(name):
                raise ConfigurationError(f"files: {quoted(name)} is no name of a file in the very folder.")

    @classmethod
    def of(
        cls,
        network: Network,
        confidence: Confidence | None = None,
        training: TrainingFacts | None = None,
        test: TestFacts | None = None,
        hashes: Mapping[str, str] = MappingProxyType({}),
        *,
        taught: TaughtFacts | None = None,
    ) -> "NetworkFacts":
        """What can be told of a network, with what is known of it besides."""
        return cls(
            architecture=network.architecture,
            parameters=network.parameter_count,
            input=InputFacts.of(network),
            confidence=confidence or Confidence(),
            training=training,
            test=test,
            taught=taught,
            files=dict(hashes),
            layers=plans_of(network) if network.architecture == IMPORTED else (),
        )

    def built(self) -> Network:
        """A network of this architecture and scaling, with weights to be replaced; EngineError if none is."""
        if self.architecture == IMPORTED:
            network = planned_network(self.layers, self.input.shape)
        else:
            network = build_network(self.architecture, rng=np.random.default_rng(0))
        network.scaling = self.input.scaling
        return network

    @property
    def members(self) -> tuple[str, ...]:
        """What those of a committee are called, in their order; none of a network."""
        return tuple(map(_member_name, self.files)) if self.architecture == COMMITTEE else ()

    @property
    def identity(self) -> str:
        """SHA-256 of the network's arrays and its memory, by which one that was made from it names it.

        What is kept beside it, and can be made again, does not count. Of a committee it is that of its files.
        """
        own_ends = (".npy", MEMORY_FILE, MEMBER)
        own = {name: sha256 for name, sha256 in self.files.items() if name.endswith(own_ends)}
        lines = "".join(f"{name} {sha256}\n" for name, sha256 in sorted(own.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def as_plain(self) -> dict[str, Any]:
        """As they stand in network.json, but for its checksum."""
        plain: dict[str, Any] = {"format": FORMAT, **to_plain(self)}
        if self.training is not None:
            plain["training"]["config"] = self.training.config.as_dict()
        for name in ("training", "test"):
            plain[name] = plain[name] or {}
        return plain

    def to_json(self) -> bytes:
        """The contents of network.json."""
        return _written(self.as_plain())

    @classmethod
    def from_json(cls, content: bytes) -> "NetworkFacts":
        """What `to_json` was called on; else SavedNetworkError, in a sentence that lacks its subject."""
        try:
            plain = json.loads(content)
        except Exception as error:  # whatever a parser raises on damage: ValueError, RecursionError …
            raise SavedNetworkError("is damaged: {reason}.", reason=reason(error)) from error
        if not isinstance(plain, dict) or "format" not in plain:
            raise SavedNetworkError("does not describe a network: it has no format version.")
        if (version := plain.pop("format")) != FORMAT:
            raise SavedNetworkError(
                "is format {version}; this version reads format {format}. Update LeNet Canvas, or train "
                "again.",
                version=quoted(version, 20),
                format=FORMAT,
            )
        if CHECKSUM in plain and plain.pop(CHECKSUM) != _checksum({"format": FORMAT, **plain}):
            raise SavedNetworkError("is not the file that was saved: its checksum differs. It is damaged.")
        for name in ("training", "test"):
            plain[name] = plain.get(name) or None
        try:
            return from_plain(cls, plain, readers={TrainingConfig: _read_config})
        except Exception as error:
            raise SavedNetworkError("is damaged: {reason}.", reason=reason(error)) from error


def with_file(content: bytes, name: str, sha256: str) -> bytes:
    """The contents of a network.json that can be read, with one file more, or another; else as they were."""
    plain = json.loads(content)
    plain.pop(CHECKSUM, None)
    plain["files"] = {**plain["files"], name: sha256}
    return _written(plain)


def _written(plain: Mapping[str, Any]) -> bytes:
    return (json.dumps({**plain, CHECKSUM: _checksum(plain)}, indent=2, allow_nan=False) + "\n").encode()


def _read_config(plain: Any) -> TrainingConfig:
    if not isinstance(plain, Mapping):
        raise ConfigurationError(f"training.config must hold values by name, got {type(plain).__name__}.")
    return config_of_plain(plain)


def _checksum(plain: Mapping[str, Any]) -> str:
    """Of the values, however they are laid out."""
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _member_name(file: str) -> str:
    """best, of 1-best.lenet."""
    return file.removesuffix(MEMBER).partition("-")[2] or file


def _is_plain_name(name: str) -> bool:
    """A file of the very folder: nothing that leads out of it, or that no system could open."""
    is_inside = name == Path(name).name and name not in ("", ".", "..") and "\\" not in name
    return is_inside and name.isprintable()
