"""Measuring a network as a job: block by block, telling how far it is."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np

from app.data.selection import parse_selection
from app.jobs.records import Measured, Progress
from engine import Dataset, Evaluation, SavedNetwork, evaluate

BLOCK = 500  # images between two records


def measure(*, network: str, source: str, folder: str) -> Generator[Progress | Measured, None, None]:
    """Put one source's test images to the network of a folder; a job for app.jobs."""
    (images,) = parse_selection(source).test_parts(Path(folder)).values()
    saved = SavedNetwork.load(network)
    blocks = []
    for start in range(0, len(images), BLOCK):
        block = images.take(slice(start, start + BLOCK))
        blocks.append(evaluate(saved.classifier, block, confidence=saved.confidence))
        yield Progress(min(1.0, (start + BLOCK) / len(images)))
    whole = joined(blocks)
    yield Measured(images.images, whole.labels, whole.probabilities, whole.loss, whole.rejected)


def measured_from(record: Measured) -> tuple[Dataset, Evaluation]:
    """The test images, and the Evaluation of them, that the last record of `measure` tells of."""
    evaluation = Evaluation(record.probabilities, record.labels, record.loss, record.rejected)
    return Dataset(record.images, record.labels), evaluation


def joined(blocks: list[Evaluation]) -> Evaluation:
    """The evaluation of a whole data set, of those of its parts."""
    labels = np.concatenate([block.labels for block in blocks])
    rejected = [block.rejected for block in blocks if block.rejected is not None]
    return Evaluation(
        np.concatenate([block.probabilities for block in blocks]),
        labels,
        sum(block.loss * len(block.labels) for block in blocks) / len(labels),
        np.concatenate(rejected) if rejected else None,
    )
