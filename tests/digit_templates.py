"""Ten digits as pen strokes, and small data sets of them, for tests that need no more.

They come from the program's own generator, each in the plainest of its styles.
"""

import gzip
import struct
from pathlib import Path

import numpy as np

from engine.datasets.strokes import render
from engine.datasets.synthetic import synthetic_digit

Strokes = list[list[tuple[float, float]]]

PLAINEST = [
    "plain",
    "bar",
    "plain",
    "round",
    "open",
    "one stroke",
    "curved",
    "plain",
    "two rounds",
    "straight",
]


def digit_strokes(digit: int, rng: np.random.Generator | None = None) -> Strokes:
    """The strokes of a digit in a square of side 1: always the same, or from an rng other ones."""
    drawn = synthetic_digit(digit, PLAINEST[digit], rng=rng or np.random.default_rng(digit)).strokes
    points = np.concatenate(drawn)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    return [[(float(x), float(y)) for x, y in (stroke - low) / size] for stroke in drawn]


TEMPLATES = {digit: digit_strokes(digit) for digit in range(10)}


def digit_images(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(count, 28, 28) uint8 images and their labels, the ten digits in turn."""
    labels = np.arange(count) % 10
    return render([digit_strokes(int(label), rng) for label in labels]), labels


def write_idx(path: Path, magic: int, array: np.ndarray, *, compress: bool = True) -> None:
    """An IDX file as MNIST's: magic number, sizes, bytes."""
    content = struct.pack(f">{1 + array.ndim}I", magic, *array.shape)
    content += array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content, 1) if compress else content)


def write_mnist(folder: Path, train: int, test: int, rng: np.random.Generator) -> None:
    """A small data set in MNIST's four files, of digits made from the templates."""
    folder.mkdir(parents=True, exist_ok=True)
    for prefix, count in (("train", train), ("t10k", test)):
        images, labels = digit_images(count, rng)
        write_idx(folder / f"{prefix}-images-idx3-ubyte.gz", 2051, images)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", 2049, labels)
