"""Digits as others read them: IDX, a table and Keras' npz, as MNIST comes, and pictures in a folder a digit.

What is no digit has the label 10 in all but the pictures, since the others know no negative ones; a set
without such reads as MNIST does. A test part has the names of MNIST's, by which `read_mnist` finds it.
"""

import csv
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np

from engine.datasets.dataset import Dataset, as_ink
from engine.datasets.idx import IMAGES_MAGIC, LABELS_MAGIC
from engine.datasets.mnist_copies import KEYS
from engine.datasets.samples import NOT_A_DIGIT, Sample, as_dataset
from engine.datasets.strokes import CLASSES
from engine.errors import ConfigurationError, DatasetError
from engine.files.whole_file import replacing
from engine.ink.preprocessing import FRAME
from engine.ink.rasterize import png
from engine.nn.losses import NO_CLASS, Labels
from engine.quoting import quoted, reason

Files = dict[str, bytes]  # by their names within the folder, with / for those in a folder inside


@dataclass(frozen=True)
class Names:
    """What the files of a set are called, and its arrays in an npz."""

    images: str
    labels: str
    table: str
    arrays: str
    keys: tuple[str, str]


SAMPLES = Names(
    "samples-images-idx3-ubyte", "samples-labels-idx1-ubyte", "samples.csv", "samples.npz", KEYS["train"]
)
TEST = Names("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "mnist_test.csv", "mnist.npz", KEYS["test"])


def export_samples(samples: Sequence[Sample], folder: Path, kinds: Sequence[str]) -> list[str]:
    """Write samples, as `export_dataset` does."""
    if not samples:
        raise DatasetError("There are no samples to export.")
    return export_dataset(as_dataset(samples), folder, kinds, SAMPLES)


def export_dataset(dataset: Dataset, folder: Path, kinds: Sequence[str], names: Names = TEST) -> list[str]:
    """Write digits into a new or empty folder, in these of FORMATS; returns the names of what was written.

    Raises
    ------
    ConfigurationError
        If there is no such format.
    DatasetError
        If these are not (N, 28, 28) uint8 images, or the folder holds something, or cannot be written.
    """
    for kind in kinds:
        if kind not in FORMATS:
            raise ConfigurationError(f"There is no format {quoted(kind)}. Choose among {', '.join(FORMATS)}.")
    if dataset.images.shape[1:] != (FRAME, FRAME) or dataset.images.dtype != np.uint8:
        raise DatasetError(
            "Only digits of {side}x{side} bytes are exported; these are images of {shape} as {dtype}.",
            side=FRAME,
            shape=list(dataset.images.shape[1:]),
            dtype=dataset.images.dtype,
        )
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise DatasetError("{folder} holds something already. Choose a new folder.", folder=folder)
        files = {name: content for kind in kinds for name, content in FORMATS[kind](dataset, names).items()}
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with replacing(folder / name) as part:
                part.write_bytes(content)
    except OSError as error:
        raise DatasetError(
            "{folder} could not be written: {reason}.", folder=folder, reason=reason(error)
        ) from error
    return list(files)


def _idx(dataset: Dataset, names: Names) -> Files:
    N = len(dataset)
    return {
        names.images: struct.pack(">4I", IMAGES_MAGIC, N, FRAME, FRAME) + dataset.images.tobytes(),
        names.labels: struct.pack(">2I", LABELS_MAGIC, N) + _counted_up(dataset.labels).tobytes(),
    }


def _table(dataset: Dataset, names: Names) -> Files:
    """The label, then the pixels row by row, below a line of their names."""
    text = StringIO()
    write = csv.writer(text, lineterminator="\n")
    places = [f"{row}x{col}" for row in range(1, FRAME + 1) for col in range(1, FRAME + 1)]
    write.writerow(["label", *places])
    for label, image in zip(_counted_up(dataset.labels), dataset.images, strict=True):
        write.writerow([label, *image.ravel().tolist()])
    return {names.table: text.getvalue().encode()}


def _arrays(dataset: Dataset, names: Names) -> Files:
    images, labels = names.keys
    content = BytesIO()
    arrays: dict[str, Any] = {images: dataset.images, labels: _counted_up(dataset.labels)}
    np.savez_compressed(content, **arrays)
    return {names.arrays: content.getvalue()}


def _pictures(dataset: Dataset, names: Names) -> Files:
    """Black on white, in a folder named as the label is."""
    files = {}
    for number, (label, image) in enumerate(zip(dataset.labels, as_ink(dataset.images), strict=True), 1):
        kind = NOT_A_DIGIT.replace(" ", "-") if label == NO_CLASS else str(label)
        files[f"png/{kind}/{number:05d}.png"] = png(image)
    return files


def _counted_up(labels: Labels) -> Labels:
    """(N,) uint8 labels, CLASSES for what is no digit."""
    return np.where(labels == NO_CLASS, CLASSES, labels).astype(np.uint8)


FORMATS: Mapping[str, Callable[[Dataset, Names], Files]] = {
    "idx": _idx,
    "png": _pictures,
    "csv": _table,
    "npz": _arrays,
}
