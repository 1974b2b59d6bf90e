"""TrainingConfig: everything that decides how a run goes, and what suits each network.

A configuration goes into plain values and comes back equal, so that a file repeats a run. What decides
nothing, as how many processes help, is no part of it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ConfigurationError
from engine.ink.augmentation import Augmentation, FlipAndShift, augmentation_of
from engine.ink.stroke_augmentation import StrokeAugmentation, stroke_augmentation_of
from engine.learning.optimizers import OPTIMIZERS
from engine.learning.schedules import schedule
from engine.nn.architectures import ARCHITECTURES
from engine.nn.losses import LOSSES
from engine.plain_values import OPTIONAL, from_plain, to_plain, typed_values
from engine.quoting import quoted

KEEP = ("best", "last")
STATISTICS = ("batch", "share")
FORMER = ("workers",)  # settings of old files that decided nothing; they are passed over

# What is beyond these is a slip of the finger, and would take all memory or all year.
MOST = {
    "epochs": 100_000,
    "batch_size": 65_536,
    "learning_rate": 100.0,
    "patience": 100_000,
    "drawings": 10_000_000,
    "processes": 64,
    "seed": 2**64 - 1,
}


@dataclass(frozen=True)
class TeacherFacts:
    """A network that another one is taught by."""

    name: str  # whoever starts the run knows where it is
    sha256: str  # its `NetworkFacts.identity`


@dataclass(frozen=True)
class SamplesFacts:
    """The drawings of a person that a network learns from, beside others."""

    author: str  # whose they are; whoever starts the run knows where they lie
    count: int  # so many, the first of that person's
    sha256: str  # of their lines in a file of samples


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides how a run goes, checked when it is made."""

    architecture: str = "lenet5"
    dataset: str = "mnist"  # a name; whoever starts the run knows what is behind it
    epochs: int = 20
    batch_size: int = 32
    learning_rate: float = 0.003  # at the schedule's peak
    optimizer: str = "adam"
    schedule: str = "one-cycle"  # see engine.learning.schedules
    loss: str = "cross-entropy"
    label_smoothing: float = 0.0  # of the target, spread over all classes; cross-entropy only
    weight_decay: float = 0.0  # of a weight, times the learning rate, at each step
    weight_average: float = 0.0  # decay of a running average of the weights, which is then kept; 0: none
    augmentation: Augmentation | FlipAndShift | None = field(default_factory=Augmentation)
    stroke_augmentation: StrokeAugmentation | None = field(default_factory=StrokeAugmentation)  # of drawings
    drawings: int = 10_000  # made for an epoch by each data set that draws its own
    validation_fraction: float = 1 / 12  # 5,000 of MNIST's 60,000
    keep: str = "best"  # the epoch of the best validation accuracy; or "last", where the learning rate is 0
    patience: int = 0  # epochs without a better validation loss after which the run ends; 0: all epochs
    least_improvement: float = 0.0  # of the validation loss, as a share of it, that counts as better
    processes: int = 1  # that learn a batch together, a part each
    statistics: str = "batch"  # or "share": what batch normalisation normalises by, where there are several
    start: str = ""  # the network to go on from, by name: whoever starts the run reads it; else a random one
    parent: str = ""  # that network's SHA-256
    # share of the loss that is agreeing with the teachers, or else with that network; cross-entropy only
    distil: float = 0.0
    teachers: tuple[TeacherFacts, ...] = field(default=(), metadata=OPTIONAL)  # asked as one
    samples: SamplesFacts | None = field(default=None, metadata=OPTIONAL)  # where the data set has a person's
    seed: int = 0

    def __post_init__(self) -> None:
        for name, known in (
            ("architecture", ARCHITECTURES),
            ("optimizer", OPTIMIZERS),
            ("loss", LOSSES),
            ("keep", KEEP),
            ("statistics", STATISTICS),
        ):
            if getattr(self, name) not in known:
                raise ConfigurationError(
                    f"There is no {name} {quoted(getattr(self, name))}. Choose one of: {', '.join(known)}."
                )
        if not self.dataset:
            raise ConfigurationError("dataset must name a data set, got an empty name.")
        for name in ("epochs", "batch_size", "drawings", "processes"):
            if getattr(self, name) < 1:
                raise ConfigurationError(f"{name} must be 1 or more, got {getattr(self, name)}.")
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ConfigurationError(f"learning_rate must be above 0, got {self.learning_rate}.")
        schedule(self.schedule)
        if not 0 < self.validation_fraction < 1:
            raise ConfigurationError(
                f"validation_fraction must lie between 0 and 1, got {self.validation_fraction}."
            )
        for name in ("label_smoothing", "weight_average", "least_improvement", "distil"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigurationError(f"{name} must be in 0…1, 1 excluded; got {getattr(self, name)}.")
        for name in ("label_smoothing", "distil"):
            if getattr(self, name) and self.loss != "cross-entropy":
                raise ConfigurationError(f"{name} goes with cross-entropy, not with {self.loss}.")
        if self.parent and not self.start:
            raise ConfigurationError("parent goes with start, which names the network to go on from.")
        if self.distil and not (self.start or self.teachers):
            raise ConfigurationError(
                "distil goes with start, which names the network to go on from, or with teachers."
            )
        if self.teachers and not self.distil:
            raise ConfigurationError("What is taught by teachers has a share to distil, above 0.")
        for name in ("weight_decay", "patience", "seed"):
            if not getattr(self, name) >= 0:
                raise ConfigurationError(f"{name} must be 0 or more, got {getattr(self, name)}.")
        for name, most in MOST.items():
            if getattr(self, name) > most:
                raise ConfigurationError(
                    f"{name} must be at most {most:,}, got {quoted(getattr(self, name))}."
                )
        if self.weight_decay * self.learning_rate >= 1:
            raise ConfigurationError(
                f"weight_decay {self.weight_decay} times learning_rate {self.learning_rate} must stay below "
                "1: else each step takes away all of a weight, or more. Lower weight_decay."
            )

    @classmethod
    def for_architecture(cls, architecture: str, **changes: Any) -> "TrainingConfig":
        """The settings that suit a network, with these changes."""
        return cls(**_completed({"architecture": architecture, **RECIPES.get(architecture, {}), **changes}))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as they are written to training.json."""
        plain: dict[str, Any] = to_plain(self)
        return plain


def settings_of(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Settings for a TrainingConfig, some or all, out of plain values as `as_dict` and files have them.

    An augmentation is a mapping, or None, for which TOML has to write "none". ConfigurationError tells which
    name is unknown, or which value has the wrong type.
    """
    plain = {name: value for name, value in plain.items() if name not in FORMER}
    settings = typed_values(plain, TrainingConfig)
    for name, read in (("augmentation", augmentation_of), ("stroke_augmentation", stroke_augmentation_of)):
        if name in plain:
            settings[name] = _none_or(read, name, plain[name])
    if "samples" in plain:
        settings["samples"] = from_plain(SamplesFacts, plain["samples"], name="samples")
    if "teachers" in plain:
        settings["teachers"] = from_plain(tuple[TeacherFacts, ...], plain["teachers"], name="teachers")
    return settings


def config_of_plain(plain: Mapping[str, Any]) -> TrainingConfig:
    """The configuration that `as_dict` gave these values; those that it had not yet are the usual ones."""
    return TrainingConfig(**_completed(settings_of(plain)))


def _completed(settings: dict[str, Any]) -> dict[str, Any]:
    """Who wants images as they are wants drawings as they are, unless something else is said of them."""
    if settings.get("augmentation", ...) is None:
        settings.setdefault("stroke_augmentation", None)
    return settings


def _none_or(read: Callable[[Mapping[str, Any]], Any], name: str, plain: Any) -> Any:
    if plain is None or plain == "none":
        return None
    if not isinstance(plain, Mapping):
        raise ConfigurationError(f'{name} must be a table of amounts or "none", got {quoted(plain)}.')
    return read(plain)


# What differs from TrainingConfig's own defaults for a network that needs something else.
RECIPES: dict[str, dict[str, Any]] = {
    # LeCun et al. (1998), section III-B and appendix C
    "lenet5-1998": {
        "batch_size": 8,
        "learning_rate": 0.001,
        "optimizer": "levenberg-marquardt",
        "schedule": "cosine",
        "loss": "map",
        "augmentation": None,
        "validation_fraction": 1 / 60,  # the paper learns from all 60,000; these only watch
        "keep": "last",
    },
    "cifar10": {
        "dataset": "cifar10",
        "epochs": 40,
        "batch_size": 64,
        "augmentation": FlipAndShift(),
        "learning_rate": 0.002,
    },
    # On MNIST and drawings, by three seeds, the validation loss comes to 0.0176, 0.0158 and 0.0154. With 20
    # epochs, an elastic of 0.3 and no weight decay it stood still from half-way on: 0.0161, 0.0169, 0.0200.
    "best": {
        "epochs": 30,
        "batch_size": 64,
        "learning_rate": 0.004,
        "weight_decay": 0.1,
        "weight_average": 0.999,
        "augmentation": Augmentation(rotation=10, shear=0.15, elastic=0.5, thickness=0.3),
        "keep": "last",
    },
}
