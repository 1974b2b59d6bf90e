"""After a training: confidence is fitted, the test images are read, once, and the network is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.data.selection import Selection
from app.data.sources import NOT_DIGITS, SOURCES, SYNTHETIC_TEST, TEST_SEED
from app.jobs.prototypes import compares_digits, prototypes_at_hand
from app.jobs.references import reference_at_hand
from app.options import repeat_command
from engine import Confidence, Dataset, Evaluation, Network, SavedNetwork, TrainingRun, evaluate
from engine.datasets.mixture import JoinedDataset
from engine.datasets.not_digits import TAUGHT, NotDigits
from engine.explaining.film import FILM_FILE, Film
from engine.explaining.neighbours import INDEX_FILE, DigitIndex
from engine.learning.training import history_csv
from engine.reading.calibration import fit_temperature
from engine.reading.evaluation import Classifier, SetFacts, TestFacts, logits_of
from engine.reading.memory import REFERENCE_FILE, TaughtNetwork
from engine.reading.rejection import fit_rejection, rejection_at
from engine.storage.lessons import Lessons
from engine.storage.saved_network import network_files, save_files

# Non-digits of the kinds that are taught, to fit a rejection to, in test sets' worth of drawings: 15 of the
# 5,000 may show more evidence than the least; six, as of 2,000, are too few for a threshold to rest on.
TAUGHT_SETS = 2.5


def fit_confidence(
    run: TrainingRun,
    selection: Selection,
    folder: Path,
    *,
    unseen: Dataset | None = None,
    before: Confidence | None = None,
) -> Confidence:
    """How the network's logits are to be read, so that its confidence means what it says.

    Fitted to the validation images. Non-digits are rejected if the network was shown such drawings; `unseen`
    are the test images of NOT_DIGITS, where they have been drawn already. One that goes on keeps the
    threshold that it had `before`: by other data than those it was fitted to, it would come to lie elsewhere.
    """
    network, validation = run.network, run.validation
    parts = validation.parts if isinstance(validation, JoinedDataset) else {"": validation}
    logits = [logits_of(network, part.images) for part in parts.values() if len(part)]
    temperature = fit_temperature(np.concatenate(logits), validation.labels)
    if NOT_DIGITS not in selection.weights:
        return Confidence(temperature)
    if unseen is None:
        unseen = SOURCES[NOT_DIGITS].test_images(folder)
    outside = logits_of(network, unseen.images)
    if before is not None and before.rejection is not None:
        return Confidence(temperature, rejection_at(before.rejection.least_evidence, logits, outside))
    count = round(TAUGHT_SETS * SYNTHETIC_TEST)
    taught = NotDigits(count, TAUGHT).drawn(rng=np.random.default_rng(TEST_SEED)).rendered()
    return Confidence(temperature, fit_rejection(logits, logits_of(network, taught.images), outside))


def taught_by(
    lessons: Lessons | None, network: Network, confidence: Confidence
) -> tuple[Classifier, Confidence]:
    """The network behind the memory of its lessons, if there are any, and how its logits are read."""
    if lessons is None:
        return network, confidence
    confidence = lessons.memory.confidence(confidence)
    return TaughtNetwork(network, lessons.memory, confidence), confidence


def measured(network: Classifier, confidence: Confidence, parts: Mapping[str, Dataset]) -> TestFacts:
    """What the test images of the first data set say, and the accuracy on those of the others.

    `parts` are those of `Selection.test_parts`.
    """
    return facts_of({name: evaluate(network, part, confidence=confidence) for name, part in parts.items()})


def facts_of(evaluations: Mapping[str, Evaluation]) -> TestFacts:
    """The same of what was measured already, by the name of each data set."""
    (first, evaluation), *others = evaluations.items()
    further = [
        SetFacts(
            f"{SOURCES[name].title}, test part",
            other.tally.count,
            other.accuracy,
            other.interval,
            source=name,
        )
        for name, other in others
    ]
    return replace(
        evaluation.facts(),
        dataset=f"{SOURCES[first].title}'s test set",
        source=first,
        drawings=tuple(further),
    )


def curves_png(run: TrainingRun) -> bytes:
    """How a run went, as the contents of a PNG file."""
    from app.reports.figures import png, training_curves  # matplotlib, which takes a while to load

    assert run.best is not None
    return png(training_curves(run.history, run.best))


def save_trained(
    run: TrainingRun,
    folder: Path,
    *,
    data: Path,
    confidence: Confidence,
    dataset: str,
    test: TestFacts,
    lessons: Lessons | None = None,
    seconds: float | None = None,
    overwrite: bool = False,
) -> None:
    """Save a run's network, and beside it the configuration that repeats the run, its history and its curves.

    There is a film of how it learnt. A network that reads digits gets an index of those to compare with, and
    the reference that it needs to be taught, both from the data folder `data`. `lessons` are what it was
    taught already, by which it answers. `seconds` is what the training took, where some of the time since it
    began was none.
    """
    facts = replace(run.facts(), dataset=dataset)
    if facts.ended_after is None:  # or a training by the same settings would become another network
        facts = replace(facts, command=repeat_command(folder, run.config))
    assert run.best is not None  # or there were no facts
    if seconds is not None:
        facts = replace(facts, seconds=round(seconds, 2))
    attachments = {
        "training.json": (json.dumps(run.config.as_dict(), indent=2) + "\n").encode(),
        "history.csv": history_csv(run.history).encode(),
        "training.png": curves_png(run),
    }
    if compares_digits(run.network):
        digits = prototypes_at_hand(data)
        attachments[INDEX_FILE] = DigitIndex.build(run.network, digits).to_bytes()
        if lessons is None:  # else they bring it
            attachments[REFERENCE_FILE] = reference_at_hand(run.network, data, digits=digits).to_bytes()
    if len(steps := run.snapshots.steps):
        film = Film.of_run(steps, run.snapshots.weights, steps_per_epoch=run.steps_per_epoch)
        attachments[FILM_FILE] = film.to_bytes()
    files = network_files(run.network, confidence, facts, test, attachments)
    if lessons is not None:
        files = lessons.added_to(SavedNetwork.of_files(files, folder), files)
    save_files(files, folder, overwrite=overwrite)
