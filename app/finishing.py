"""After a training: confidence is fitted, the test images are read, once, and the network is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from app.data_folder import NOT_DIGITS, SOURCES, SYNTHETIC_TEST, TEST_SEED, Choice
from app.training_options import repeat_command
from engine import Dataset, Evaluation, Network, TrainingRun, evaluate, save_network
from engine.calibration import fit_temperature
from engine.datasets.mixture import JoinedDataset
from engine.datasets.not_digits import TAUGHT, NotDigits
from engine.evaluation import logits_of
from engine.rejection import fit_rejection
from engine.training import history_csv


def fit_confidence(run: TrainingRun, choice: Choice, folder: Path) -> None:
    """Let the network's confidence mean what it says; its answers stay as they are.

    Fitted to the validation images. What is no digit is rejected if the network was shown such drawings.
    """
    network, validation = run.network, run.validation
    parts = validation.parts if isinstance(validation, JoinedDataset) else {"": validation}
    logits = [logits_of(network, part.images) for part in parts.values() if len(part)]
    network.temperature = fit_temperature(np.concatenate(logits), validation.labels)
    if NOT_DIGITS in choice.weights:
        taught = NotDigits(SYNTHETIC_TEST, TAUGHT).drawn(rng=np.random.default_rng(TEST_SEED)).rendered()
        unseen = SOURCES[NOT_DIGITS].test_images(folder)
        network.rejection = fit_rejection(
            logits, logits_of(network, taught.images), logits_of(network, unseen.images)
        )


def measured(network: Network, parts: Mapping[str, Dataset]) -> dict[str, Any]:
    """What the test images of the first data set say, and the accuracy on those of the others.

    `parts` are those of `Choice.test_parts`.
    """
    return facts_of({name: evaluate(network, part) for name, part in parts.items()})


def facts_of(evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
    """The same of what was measured already, by the name of each data set."""
    (first, evaluation), *others = evaluations.items()
    facts = {"dataset": f"{SOURCES[first].title}'s test set", **evaluation.facts()}
    if others:
        facts["drawings"] = [
            {
                "name": f"{SOURCES[name].title}, test part",
                "count": other.tally.count,
                "accuracy": other.accuracy,
                "interval": list(other.interval),
            }
            for name, other in others
        ]
    return facts


def save_trained(
    run: TrainingRun,
    folder: Path,
    *,
    dataset: str,
    test: dict[str, Any],
    seconds: float | None = None,
    overwrite: bool = False,
) -> None:
    """Save a run's network, and beside it the configuration that repeats the run, its history and its curves.

    `seconds` is what the training took, where some of the time since it began was none.
    """
    from app.figures import png, training_curves

    facts = run.facts()
    assert run.best is not None  # or there were no facts
    if seconds is not None:
        facts["seconds"] = round(seconds, 2)
    save_network(
        run.network,
        folder,
        training={"dataset": dataset, **facts, "command": repeat_command(folder, run.config)},
        test=test,
        attachments={
            "training.json": (json.dumps(run.config.as_dict(), indent=2) + "\n").encode(),
            "history.csv": history_csv(run.history).encode(),
            "training.png": png(training_curves(run.history, run.best)),
        },
        overwrite=overwrite,
    )
