"""Measuring a network as a job: block by block, telling how far it is."""

from __future__ import annotations

import base64
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from app.data_folder import find_source
from engine import Dataset, Evaluation, evaluate, load_network

BLOCK = 500  # images between two records


def measure(*, network: str, source: str, folder: str) -> Generator[dict[str, Any], None, None]:
    """Put a source's test images to the network of a folder.

    Yields
    ------
    {"share": 0…1}
        How much of it is done.
    {"probabilities", "loss"}
        At the end, for `evaluation_from`.
    """
    images = find_source(source, Path(folder)).test_images(Path(folder))
    reader = load_network(network)
    blocks = []
    for start in range(0, len(images), BLOCK):
        blocks.append(evaluate(reader, images.take(slice(start, start + BLOCK))))
        yield {"share": min(1.0, (start + BLOCK) / len(images))}
    probabilities = np.concatenate([block.probabilities for block in blocks])
    yield {
        "probabilities": base64.b64encode(probabilities.astype("<f4").tobytes()).decode(),
        "loss": sum(block.loss * len(block.labels) for block in blocks) / len(images),
    }


def evaluation_from(record: Mapping[str, Any], images: Dataset) -> Evaluation:
    """The Evaluation that the last record of `measure` tells of."""
    probabilities = np.frombuffer(base64.b64decode(record["probabilities"]), "<f4")
    return Evaluation(probabilities.reshape(len(images), -1), images.labels, record["loss"])
