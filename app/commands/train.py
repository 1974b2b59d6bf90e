"""Training a network, with its progress in words."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from app.commands.data import find_data
from app.commands.measure import accuracy_line, test_facts
from engine import Augmentation, TrainingConfig, TrainingRun, build_network, evaluate, save_network
from engine.architectures import ARCHITECTURES
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.saved_network import check_writable
from engine.schedules import SCHEDULE_NAMES
from engine.training import EpochRecord, StepRecord, history_csv

DEFAULTS = TrainingConfig()

# each setting of a TrainingConfig is an option of its name
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
    "augmentation": "none, or amounts as in shift=1.5,rotation=12,zoom=0.1,shear=0.2,elastic=0.8",
    "validation_fraction": "share of the training images that choose the epoch",
    "patience": "epochs without a better validation loss that end the run; 0: all are run",
    "least_improvement": "of the validation loss, as a share of it, that counts as better",
    "seed": "of all random numbers",
}
CHOICES = {"architecture": list(ARCHITECTURES), "optimizer": list(OPTIMIZERS), "loss": list(LOSSES)}


def augmentation_amounts(text: str) -> Augmentation | None:
    """none, or amounts as in shift=1.5,elastic=0.8; those that are not named are 0."""
    if text == "none":
        return None
    amounts = {field.name: 0.0 for field in fields(Augmentation)}
    for part in text.split(","):
        name, _, amount = part.partition("=")
        if name not in amounts:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(amounts)}")
        try:
            amounts[name] = float(amount)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{part!r}: {amount!r} is no number") from None
    return Augmentation(**amounts)


def train(options: argparse.Namespace) -> int:
    check_writable(options.path, overwrite=options.overwrite)
    changes = {name: value for name, value in vars(options).items() if name in TRAINING_OPTIONS}
    architecture = changes.pop("architecture", DEFAULTS.architecture)
    config = TrainingConfig.for_architecture(architecture, **changes)
    folder, source = find_data(options, build_network(architecture, rng=np.random.default_rng(0)))
    run = TrainingRun(source.read(folder, "train"), config)
    for record in _with_progress(run):
        print(json.dumps(asdict(record)) if options.format == "json" else _epoch_line(record, run))
    facts = run.facts()
    test = test_facts(evaluate(run.network, source.read(folder, "test")))
    save_network(
        run.network,
        options.path,
        training={
            "dataset": source.title,
            **facts,
            "command": _repeat_command(options.path, config),
        },
        test={"dataset": f"{source.title}'s test set", **test},
        history=history_csv(run.history),
        overwrite=options.overwrite,
    )
    chosen = facts["chosen"]["epoch"]
    if options.format == "json":
        print(json.dumps({"chosen_epoch": chosen, "test": test}))
    else:
        print(
            f"epoch {chosen} was chosen by its validation accuracy\n"
            f"{accuracy_line(test)}\nsaved in {options.path}"
        )
    return 0


def _with_progress(run: TrainingRun) -> Iterator[EpochRecord]:
    """The epochs of a run; on a terminal a bar shows the steps in between."""
    from tqdm import tqdm

    bar: Any = None
    for record in run:
        if isinstance(record, EpochRecord):
            bar.close()
            bar = None
            yield record
            continue
        if bar is None:
            bar = tqdm(
                desc=f"epoch {record.epoch}/{run.config.epochs}",
                total=len(run.train),
                unit=" digits",
                leave=False,
                disable=None,  # no bar where stderr is no terminal
            )
        _advance(bar, record)


def _advance(bar: Any, record: StepRecord) -> None:
    bar.update(record.examples)
    if record.step % 20 == 0:
        bar.set_postfix(loss=f"{record.loss:.3f}", refresh=False)


def _epoch_line(record: EpochRecord, run: TrainingRun) -> str:
    return (
        f"epoch {record.epoch:>3}/{run.config.epochs}  "
        f"train loss {record.train_loss:.4f} accuracy {100 * record.train_accuracy:.2f} %  "
        f"validation loss {record.validation_loss:.4f} accuracy {100 * record.validation_accuracy:.2f} %  "
        f"{record.seconds:.0f} s"
    )


def _repeat_command(path: Path, config: TrainingConfig) -> str:
    """What somebody types to train this network again; it names no folder of this machine."""
    usual = TrainingConfig.for_architecture(config.architecture)
    always = {"epochs", "batch_size", "learning_rate", "optimizer", "seed"}
    words = ["python main.py --mode train --path", path.name]
    if config.architecture != DEFAULTS.architecture:
        words += ["--architecture", config.architecture]
    for name in TRAINING_OPTIONS:
        value = getattr(config, name)
        if name in always or value != getattr(usual, name):
            words += ["--" + name.replace("_", "-"), _written(value)]
    return " ".join(words)


def _written(value: Any) -> str:
    """A setting as it is typed."""
    if value is None:
        return "none"
    if isinstance(value, Augmentation):
        return ",".join(f"{name}={amount}" for name, amount in vars(value).items() if amount)
    return str(value)
