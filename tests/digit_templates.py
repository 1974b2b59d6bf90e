"""Ten digits as pen strokes, for tests that need digits but no data set.

Coordinates lie in a unit square, x to the right, y downward. `digit_strokes` gives the plain shapes, or,
with an rng, the same digits as another hand would write them.
"""

import gzip
import struct
from pathlib import Path

import numpy as np

from engine.preprocessing import frame
from engine.rasterize import stroke_ink

Strokes = list[list[tuple[float, float]]]


def arc(cx, cy, rx, ry, start, end, points=24):
    """Part of an ellipse; degrees, 0 to the right and 90 downward."""
    angles = np.radians(np.linspace(start, end, points))
    return [(cx + rx * float(np.cos(a)), cy + ry * float(np.sin(a))) for a in angles]


TEMPLATES: dict[int, Strokes] = {
    0: [arc(0.5, 0.5, 0.32, 0.5, -90, 270)],
    1: [[(0.5, 0.0), (0.48, 0.5), (0.46, 1.0)]],
    2: [[*arc(0.48, 0.28, 0.32, 0.28, -160, 35), (0.15, 1.0), (0.85, 0.98)]],
    3: [[*arc(0.45, 0.25, 0.3, 0.25, -150, 80), *arc(0.45, 0.74, 0.34, 0.26, -80, 150)]],
    4: [[(0.35, 0.0), (0.1, 0.58), (0.85, 0.6)], [(0.66, 0.15), (0.6, 1.0)]],
    5: [[(0.8, 0.0), (0.28, 0.02), (0.22, 0.42), *arc(0.45, 0.69, 0.34, 0.31, -110, 150)]],
    6: [[*arc(0.8, 0.66, 0.62, 0.66, -100, -180), *arc(0.48, 0.72, 0.3, 0.28, -180, 180)]],
    7: [[(0.1, 0.02), (0.85, 0.0), (0.55, 0.45), (0.4, 1.0)]],
    8: [[*arc(0.5, 0.24, 0.24, 0.24, 80, -270), *arc(0.5, 0.74, 0.3, 0.26, -90, 265)]],
    9: [[*arc(0.5, 0.28, 0.29, 0.28, 0, -350), (0.78, 0.3), (0.74, 0.65), (0.68, 1.0)]],
}


def digit_strokes(digit: int, rng: np.random.Generator | None = None) -> Strokes:
    """The strokes of a digit; with an rng, turned, slanted and stretched a little."""
    strokes = TEMPLATES[digit]
    if rng is None:
        return strokes
    angle = np.radians(rng.uniform(-8, 8))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slant = np.array([[1, rng.uniform(-0.25, 0.1)], [0, 1]])
    matrix = turn @ slant @ np.diag(rng.uniform(0.8, 1.2, 2))
    return [[tuple(matrix @ point) for point in stroke] for stroke in strokes]


def digit_images(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(count, 28, 28) uint8 images and their labels, the ten digits in turn."""
    labels = np.arange(count) % 10
    images = [frame(stroke_ink(digit_strokes(int(label), rng))) for label in labels]
    return np.round(np.stack(images) * 255).astype(np.uint8), labels.astype(np.int64)


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
