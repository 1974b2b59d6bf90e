"""Samples as others read them: IDX and a table, as MNIST comes, and pictures in a folder a digit.

What is no digit has the label 10 in IDX and CSV, which know no negative ones; a set without such samples
reads as MNIST does.
"""

import csv
import struct
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path

import numpy as np

from engine.datasets.dataset import Dataset, as_ink
from engine.datasets.idx import IMAGES_MAGIC, LABELS_MAGIC
from engine.datasets.samples import NOT_A_DIGIT, Sample, as_dataset
from engine.datasets.strokes import CLASSES
from engine.errors import ConfigurationError, DatasetError
from engine.files.whole_file import replacing
from engine.ink.preprocessing import FRAME
from engine.ink.rasterize import png
from engine.nn.losses import NO_CLASS, Labels
from engine.quoting import quoted, reason

IMAGES, LABELS, TABLE = "samples-images-idx3-ubyte", "samples-labels-idx1-ubyte", "samples.csv"

Files = dict[str, bytes]  # by their names within the folder, with / for those in a folder inside


def export_samples(samples: Sequence[Sample], folder: Path, kinds: Sequence[str]) -> list[str]:
    """Write samples into a new or empty folder, in these of FORMATS; returns the names of what was written.

    Raises
    ------
    ConfigurationError
        If there is no such format.
    DatasetError
        If there are no samples, or the folder holds something, or cannot be written.
    """
    for kind in kinds:
        if kind not in FORMATS:
            raise ConfigurationError(f"There is no format {quoted(kind)}. Choose among {', '.join(FORMATS)}.")
    if not samples:
        raise DatasetError("There are no samples to export.")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise DatasetError("{folder} holds something already. Choose a new folder.", folder=folder)
        dataset = as_dataset(samples)
        files = {name: content for kind in kinds for name, content in FORMATS[kind](dataset).items()}
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with replacing(folder / name) as part:
                part.write_bytes(content)
    except OSError as error:
        raise DatasetError(
            "{folder} could not be written: {reason}.", folder=folder, reason=reason(error)
        ) from error
    return list(files)


def _idx(dataset: Dataset) -> Files:
    N = len(dataset)
    return {
        IMAGES: struct.pack(">4I", IMAGES_MAGIC, N, FRAME, FRAME) + dataset.images.tobytes(),
        LABELS: struct.pack(">2I", LABELS_MAGIC, N) + _counted_up(dataset.labels).tobytes(),
    }


def _table(dataset: Dataset) -> Files:
    """The label, then the pixels row by row, below a line of their names."""
    text = StringIO()
    write = csv.writer(text, lineterminator="\n")
    places = [f"{row}x{col}" for row in range(1, FRAME + 1) for col in range(1, FRAME + 1)]
    write.writerow(["label", *places])
    for label, image in zip(_counted_up(dataset.labels), dataset.images, strict=True):
        write.writerow([label, *image.ravel().tolist()])
    return {TABLE: text.getvalue().encode()}


def _pictures(dataset: Dataset) -> Files:
    """Black on white, in a folder named as the label is."""
    files = {}
    for number, (label, image) in enumerate(zip(dataset.labels, as_ink(dataset.images), strict=True), 1):
        kind = NOT_A_DIGIT.replace(" ", "-") if label == NO_CLASS else str(label)
        files[f"png/{kind}/{number:05d}.png"] = png(image)
    return files


def _counted_up(labels: Labels) -> Labels:
    """(N,) uint8 labels, CLASSES for what is no digit."""
    return np.where(labels == NO_CLASS, CLASSES, labels).astype(np.uint8)


FORMATS: Mapping[str, Callable[[Dataset], Files]] = {"idx": _idx, "png": _pictures, "csv": _table}
