"""MNIST: 60,000 + 10,000 handwritten digits (LeCun, Cortes and Burges), in whatever files people have it.

The four IDX files under their own names or as `train-images.idx3-ubyte`, gzipped or plain, beside each other
or where torchvision puts them; QMNIST's; `mnist_train.csv` and `mnist_test.csv`; Keras' `mnist.npz`. Pixels
are 0 on paper and 255 in full ink. EMNIST's digits are in the same files, but lie on their side.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.datasets.idx import SIDE, read_images, read_labels
from engine.datasets.mnist_copies import read_csv, read_npz
from engine.errors import DatasetError, Remedy

# Name -> SHA-256 of the uncompressed file: the four files that are MNIST.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
PREFIXES = {"train": "train", "test": "t10k"}
FOLDERS = ("", "mnist", "raw", "MNIST/raw", "QMNIST/raw", "EMNIST/raw")  # within the data folder
EMNIST = ("emnist-digits", "emnist-mnist")
CLASSES = 10
ONE = 1  # the digit that tells which way is up
LYING = 2.0  # times as wide as tall, by its pixels' spread: a one that lies


def read_mnist(folder: Path, part: str) -> Dataset:
    """The "train" or the "test" part of MNIST, images as (N, 28, 28) uint8.

    `folder` holds the files, or has a folder `mnist`, `raw` or `MNIST/raw` that does. Any count is read, so
    that a part of MNIST, or other digits in its format, serve as well; images and labels must agree.

    Raises
    ------
    DatasetError
        Names the file, what is wrong with it, and what to do.
    """
    dataset = _read(folder, part, _named(part))
    if lies_on_its_side(dataset):
        raise DatasetError(
            "The digits in {folder} lie on their side, as EMNIST's do.",
            remedy=Remedy.TURN_DIGITS,
            folder=folder,
        )
    return dataset


def read_emnist(folder: Path, part: str) -> Dataset:
    """The same of EMNIST's digits, under its own names or MNIST's, turned upright."""
    dataset = _read(folder, part, [f"{name}-{part}" for name in EMNIST] + _named(part))
    return Dataset(np.ascontiguousarray(dataset.images.transpose(0, 2, 1)), dataset.labels)


def has_mnist(folder: Path) -> bool:
    """Whether both parts can be found from `folder`; nothing is read."""
    return _has(folder, {part: _named(part) for part in PREFIXES})


def has_mnist_test(folder: Path) -> bool:
    """Whether the test images and their labels can be found from `folder`, whatever is beside them."""
    return _has(folder, {"test": _named("test")})


def has_emnist(folder: Path) -> bool:
    """Whether both parts of EMNIST's digits, under its own names, can be found from `folder`."""
    return _has(folder, {part: [f"{name}-{part}" for name in EMNIST] for part in PREFIXES})


def lies_on_its_side(dataset: Dataset) -> bool:
    """Whether the ones among these digits are wider than tall: rows and columns have been exchanged."""
    ones = dataset.images[dataset.labels == ONE].astype(np.float64)
    if not ones.any():
        return False
    by_row, by_col = ones.sum(axis=(0, 2)), ones.sum(axis=(0, 1))
    place = np.arange(SIDE)
    tall, wide = ((mass @ (place - mass @ place / mass.sum()) ** 2) / mass.sum() for mass in (by_row, by_col))
    return bool(wide > LYING * tall)


def _named(part: str) -> list[str]:
    """How the names of a part's files may begin."""
    return [PREFIXES[part], f"qmnist-{part}"]


def _has(folder: Path, prefixes: dict[str, list[str]]) -> bool:
    return all(_find(folder, part, names) is not None for part, names in prefixes.items())


def _read(folder: Path, part: str, prefixes: list[str]) -> Dataset:
    found = _find(folder, part, prefixes)
    if found is None:
        raise _missing(folder, prefixes[-1] if prefixes[-1] in PREFIXES.values() else PREFIXES[part])
    path, *others = found
    if path.suffix == ".csv":
        return _checked(path, *read_csv(path))
    if path.suffix == ".npz":
        return _checked(path, *read_npz(path, part))
    (labels_path,) = others
    images, labels = read_images(path), read_labels(labels_path)
    if len(images) != len(labels):
        raise DatasetError(
            "{path} holds {images:,} images, but {name} {labels:,} labels. They are not of one set: delete "
            "both and download again.",
            path=path,
            images=len(images),
            name=labels_path.name,
            labels=len(labels),
        )
    return _checked(labels_path, images, labels)


def _checked(path: Path, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> Dataset:
    strange = labels[(labels < 0) | (labels >= CLASSES)]
    if len(strange):
        raise DatasetError(
            "{path} has the label {label}; digits are 0 to 9. It is no file of MNIST.",
            path=path,
            label=strange.max(),
        )
    return Dataset(images, labels)


def _find(folder: Path, part: str, prefixes: list[str]) -> tuple[Path, ...] | None:
    """The files of a part: images and labels, or the one that holds both; None where there are none."""
    for place in (folder / within for within in FOLDERS):
        for prefix in prefixes:
            images, labels = _idx(place, prefix, "images"), _idx(place, prefix, "labels")
            if images and labels:
                return images, labels
        for name in (f"mnist_{part}.csv", f"{part}.csv", "mnist.npz"):
            if (place / name).is_file():
                return (place / name,)
    return None


def _idx(place: Path, prefix: str, what: str) -> Path | None:
    """The IDX file of images or labels in a folder, by each name that it goes by."""
    kinds = ("idx3-ubyte",) if what == "images" else ("idx1-ubyte", "idx2-int")
    for kind in kinds:
        for name in (f"{prefix}-{what}-{kind}", f"{prefix}-{what}.{kind}"):
            for path in (place / f"{name}.gz", place / name):
                if path.is_file():
                    return path
    return None


def _missing(folder: Path, prefix: str) -> DatasetError:
    """What is not there: the labels, where the images are, else the images."""
    has_images = any(_idx(folder / within, prefix, "images") for within in FOLDERS)
    name = f"{prefix}-labels-idx1-ubyte" if has_images else f"{prefix}-images-idx3-ubyte"
    return DatasetError(
        "{name}(.gz) is neither in {folder} nor in {path}.",
        remedy=Remedy.NAME_DATA_FOLDER_OR_DOWNLOAD,
        name=name,
        folder=folder,
        path=folder / "mnist",
    )
