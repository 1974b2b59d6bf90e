"""Measuring a network as a job: block by block, telling how far it is."""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.data_folder import find_source
from engine import Dataset, Evaluation, evaluate, load_network

BLOCK = 500  # images between two records


def measure(*, network: str, source: str, folder: str) -> Generator[dict[str, Any], None, None]:
    """Put one source's test images to the network of a folder.

    Yields
    ------
    {"share": 0…1}
        How much of it is done.
    {"images", "labels", "probabilities", "loss"}
        At the end, for `measured_from`. The images, too: to read or to draw them again takes seconds.
    """
    (images,) = find_source(source, Path(folder)).test_parts(Path(folder)).values()
    reader = load_network(network)
    blocks = []
    for start in range(0, len(images), BLOCK):
        blocks.append(evaluate(reader, images.take(slice(start, start + BLOCK))))
        yield {"share": min(1.0, (start + BLOCK) / len(images))}
    probabilities = np.concatenate([block.probabilities for block in blocks])
    yield {
        "images": _packed(images.images),
        "labels": _packed(images.labels),
        "probabilities": _packed(probabilities),
        "loss": sum(block.loss * len(block.labels) for block in blocks) / len(images),
    }


def measured_from(record: Mapping[str, Any]) -> tuple[Dataset, Evaluation]:
    """The test images, and the Evaluation of them, that the last record of `measure` tells of."""
    images, labels, probabilities = (
        _unpacked(record[name]) for name in ("images", "labels", "probabilities")
    )
    return Dataset(images, labels), Evaluation(probabilities, labels, record["loss"])


def _packed(array: npt.NDArray[Any]) -> str:
    """An .npy file as text, for records travel as JSON."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return b64encode(file.getvalue()).decode()


def _unpacked(text: str) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(io.BytesIO(b64decode(text)), allow_pickle=False)
    return array
