"""From what people type, and from files, to a TrainingConfig; and from one to what they would type."""

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from app.data.selection import parse_selection
from app.data.sources import NOT_DIGITS
from engine import Augmentation, TrainingConfig
from engine.errors import ConfigurationError
from engine.files.bounded_files import read_bytes
from engine.ink.augmentation import FlipAndShift, augmentation_of
from engine.ink.stroke_augmentation import StrokeAugmentation, stroke_augmentation_of
from engine.learning.optimizers import OPTIMIZERS
from engine.learning.schedules import SCHEDULE_NAMES
from engine.learning.training_config import KEEP, STATISTICS, SamplesFacts, settings_of
from engine.nn.architectures import ARCHITECTURES
from engine.nn.losses import LOSSES
from engine.quoting import quoted, reason

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULTS = TrainingConfig()
STROKE_AMOUNTS = [field.name for field in fields(StrokeAugmentation)]
MOST_BYTES = 2**20  # of a configuration, which has some 600
MOST_DOTS = 100  # in a line of TOML

# each setting of a TrainingConfig is an option of its name; --dataset is there for other modes too
TRAINING_OPTIONS = {
    "architecture": "the network to build; see --list-architectures",
    "epochs": "times through the data",
    "batch_size": "images a step",
    "learning_rate": "at the schedule's peak",
    "optimizer": "how gradients become steps",
    "schedule": f"the learning rate over the run: {', '.join(SCHEDULE_NAMES)}",
    "loss": "what is made small",
    "label_smoothing": "share of the target that is spread over all classes",
    "weight_decay": "share of a weight, times the learning rate, that each step takes away",
    "weight_average": "decay of a running average of the weights, which is then kept",
    "augmentation": f"none, or amounts of {', '.join(Augmentation.KINDS)}, each for all images or, "
    "after an @, for a share of them, as in shift=1.5,rotation=12,elastic=0.8@0.5",
    "stroke_augmentation": f"of drawings: none, or amounts of {', '.join(STROKE_AMOUNTS)}, "
    "as in rotation=8,warp=0.02",
    "drawings": "made for an epoch by each data set that draws its own",
    "validation_fraction": "share of the training images that choose the epoch",
    "keep": "the epoch of the best validation accuracy, or the last one",
    "patience": "epochs without a better validation loss that end the run; 0: all are run",
    "least_improvement": "of the validation loss, as a share of it, that counts as better",
    "processes": "that learn each batch together, one a core; another number gives other bytes",
    "statistics": "what batch normalisation normalises by then: the batch, or each process's share of it",
    "start": "the network whose weights it goes on from: its folder, or a .lenet file; else random weights",
    "parent": "what the SHA-256 of that network has to be; else it is only recorded",
    "distil": "share of the loss that is agreeing with that network, or with the teachers of --mode distil, "
    "where they are sure of the label",
    "seed": "of all random numbers",
}
CHOICES = {
    "architecture": list(ARCHITECTURES),
    "optimizer": list(OPTIMIZERS),
    "loss": list(LOSSES),
    "keep": list(KEEP),
    "statistics": list(STATISTICS),
}


def typed_augmentation(text: str) -> Augmentation | FlipAndShift | None:
    """none, or amounts as in shift=1.5,elastic=0.8@0.5; those that are not named are 0."""
    if text == "none":
        return None
    amounts: dict[str, Any] = {}
    shares: dict[str, float | int] = {}
    for part in text.split(","):
        name, _, amount = part.partition("=")
        amount, at, share = amount.partition("@")
        amounts[name] = _number(amount, part)
        if at:
            amounts["probability"] = shares
            shares[name] = _number(share, part)
    try:
        return augmentation_of(amounts)
    except ConfigurationError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


MOST_WORKERS = 64


def typed_workers(text: str) -> int:
    """A number of processes."""
    if not (text.isdecimal() and int(text) <= MOST_WORKERS):
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to {MOST_WORKERS}, got {text!r}")
    return int(text)


def typed_stroke_augmentation(text: str) -> StrokeAugmentation | None:
    """none, or amounts as in rotation=8,warp=0.02; those that are not named are 0."""
    if text == "none":
        return None
    parts = [(part, *part.partition("=")) for part in text.split(",")]
    try:
        return stroke_augmentation_of({name: _number(amount, part) for part, name, _, amount in parts})
    except ConfigurationError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _number(text: str, part: str) -> float | int:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(f"{quoted(part)}: {quoted(text)} is no number")


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that the file of --config and the options name; an option overrides the file."""
    settings = read_config_file(options.config) if options.config is not None else {}
    settings |= {name: value for name, value in vars(options).items() if name in TRAINING_OPTIONS}
    if options.dataset is not None:
        settings["dataset"] = options.dataset
    return settings


def config_of(settings: dict[str, Any]) -> TrainingConfig:
    """These settings, and what suits their architecture.

    ConfigurationError if no run could work with them.
    """
    config = _suited(settings)
    if NOT_DIGITS in parse_selection(config.dataset).weights and config.loss != "cross-entropy":
        raise ConfigurationError(
            f"Of {NOT_DIGITS} only cross-entropy can learn, not the loss {config.loss}. "
            f"Add --loss cross-entropy, or leave {NOT_DIGITS} out."
        )
    return config


def _suited(settings: dict[str, Any]) -> TrainingConfig:
    return TrainingConfig.for_architecture(**{"architecture": DEFAULTS.architecture, **settings})


def read_config_file(path: Path) -> dict[str, Any]:
    """The settings that a TOML or JSON file names, as training.json beside a network does.

    Raises
    ------
    ConfigurationError
        If it is no such file, or no run could work with what it says; names the file and the setting.
    OSError
        If it cannot be read.
    """
    plain = read_plain_file(path)
    try:
        settings = settings_of(plain)
        parse_selection(_suited(settings).dataset)  # an option may still change what does not go together
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from error
    return settings


def read_plain_file(path: Path) -> dict[str, Any]:
    """What a TOML or JSON file holds by name; ConfigurationError if it is neither."""
    readers: dict[str, Callable[[str], Any]] = {".toml": _read_toml, ".json": json.loads}
    if path.suffix not in readers:
        raise ConfigurationError(f"{path}: a configuration's name ends in .toml or .json.")
    content = read_bytes(path, MOST_BYTES)
    try:
        plain = readers[path.suffix](content.decode())
    except Exception as error:  # these readers' own errors, RecursionError, and what a fault of theirs may be
        kind = path.suffix[1:].upper()
        raise ConfigurationError(f"{path} cannot be read as {kind}: {reason(error)}.") from error
    if not isinstance(plain, dict):
        raise ConfigurationError(f"{path} holds no settings by name. training.json of a network shows how.")
    return plain


def _read_toml(text: str) -> dict[str, Any]:
    """What the text says; a dotted key takes its readers the square of its length, minutes for 100 KB."""
    dots = max((line.count(".") for line in text.splitlines()), default=0)
    if dots > MOST_DOTS:
        raise ValueError(f"it has a line with {dots:,} dots")
    return tomllib.loads(text)


def repeat_command(path: Path, config: TrainingConfig) -> str:
    """What somebody types to train this network again; it names no folder of this machine."""
    usual = TrainingConfig.for_architecture(config.architecture)
    always = {"epochs", "batch_size", "learning_rate", "optimizer", "seed"}
    words = [
        "python",
        "main.py",
        *training_words(path.resolve().name, [each.name for each in config.teachers]),
    ]
    if config.architecture != DEFAULTS.architecture:
        words += ["--architecture", config.architecture]
    for name in ("dataset", *TRAINING_OPTIONS):
        value = getattr(config, name)
        if name in always or value != getattr(usual, name):
            words += [option(name), written(value)]
    return shlex.join(words)


def training_words(folder: str, teachers: Sequence[str]) -> list[str]:
    """What is typed first to train a network into a folder, by teachers or without."""
    if not teachers:
        return ["--mode", "train", "--path", folder]
    named = [word for teacher in teachers for word in ("--path", teacher)]
    return ["--mode", "distil", *named, "--to", folder]


def option(setting: str) -> str:
    """--batch-size, of batch_size."""
    return "--" + setting.replace("_", "-")


def written(value: Any) -> str:
    """A setting as it is typed."""
    if value is None:
        return "none"
    if isinstance(value, tuple):  # of teachers
        return ", ".join(f"{each.name} (SHA-256 {each.sha256})" for each in value) or "none"
    if isinstance(value, SamplesFacts):
        return f"{value.count} (SHA-256 {value.sha256})"
    if isinstance(value, FlipAndShift):
        return f"flip={value.flip},shift={value.shift}"
    if isinstance(value, Augmentation):
        amounts = ((kind, getattr(value, kind), value.probability.get(kind)) for kind in value.KINDS)
        named = [
            f"{kind}={amount}" + (f"@{share}" if share is not None else "")
            for kind, amount, share in amounts
            if amount or share is not None
        ]
        return ",".join(named) or "shift=0"  # one of no amounts is not none at all
    if isinstance(value, StrokeAugmentation):
        given = {name: getattr(value, name) for name in STROKE_AMOUNTS}
        return ",".join(f"{name}={amount}" for name, amount in given.items() if amount) or "rotation=0"
    return str(value)
