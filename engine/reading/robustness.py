"""Robustness: how well a network still reads what was shifted, turned, scaled, thickened or soiled.

Each distorted image is put to the network twice: as it is, and framed first, as the program frames every
drawing and picture. What lies between the two is what framing is worth. Ink that a distortion moves beyond
the edge of the image is lost, as it is on a page that is too small.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset, as_ink
from engine.errors import ShapeError
from engine.ink.augmentation import grow, sample
from engine.ink.preprocessing import FRAME, frame
from engine.ink.rasterize import Ink
from engine.machine.threads import in_parallel
from engine.nn.losses import Labels
from engine.reading.evaluation import Classifier, Tally, logits_of

BLOCK = 1000  # images that one thread distorts and frames at a time


# **** (N, 28, 28) images in, distorted ones out ****


def shift(images: Ink, amount: float, rng: np.random.Generator) -> Ink:
    """Move by `amount` pixels: each image up, down, left or right, as the rng draws."""
    direction = rng.integers(0, 4, (len(images), 1, 1))
    down = amount * np.array([-1, 1, 0, 0], np.float32)[direction]
    right = amount * np.array([0, 0, -1, 1], np.float32)[direction]
    row, col = _grid()
    return _sample(images, row - down, col - right)


def rotate(images: Ink, amount: float, rng: np.random.Generator) -> Ink:
    """Turn by `amount` degrees around the middle, clockwise."""
    cos, sin = np.cos(np.radians(amount)), np.sin(np.radians(amount))
    row, col = _grid()
    return _sample(images, cos * row - sin * col, sin * row + cos * col)


def scale(images: Ink, amount: float, rng: np.random.Generator) -> Ink:
    """Make `amount` times as large, around the middle."""
    row, col = _grid()
    return _sample(images, row / amount, col / amount)


def thicken(images: Ink, amount: float, rng: np.random.Generator) -> Ink:
    """Let lines grow by `amount` pixels on each side, at most 1; below 0 they shrink."""
    return grow(images, np.full((len(images), 1, 1), amount, np.float32))


def soil(images: Ink, amount: float, rng: np.random.Generator) -> Ink:
    """Add noise to every pixel: normal, with a standard deviation of `amount` of full ink."""
    noise = rng.standard_normal(images.shape, np.float32)
    return np.clip(images + np.float32(amount) * noise, 0, 1)


def _grid() -> tuple[Ink, Ink]:
    """(FRAME, 1) rows and (1, FRAME) columns, 0 in the middle of the image."""
    place = np.arange(FRAME, dtype=np.float32) - np.float32((FRAME - 1) / 2)
    return place[:, None], place[None, :]


def _sample(images: Ink, rows: npt.NDArray[Any], cols: npt.NDArray[Any]) -> Ink:
    """Look images up at positions that are counted from the middle; one grid may serve all of them."""
    middle = (FRAME - 1) / 2
    rows, cols = (np.broadcast_to(place + middle, images.shape).astype(np.float32) for place in (rows, cols))
    return sample(images, rows, cols)


# **** measuring ****


@dataclass(frozen=True)
class Distortion:
    """One way to distort images, and how far it is taken."""

    unit: str
    amounts: tuple[float, ...]
    neutral: float  # the amount that changes nothing
    distort: Callable[[Ink, float, np.random.Generator], Ink]


DISTORTIONS = {
    "shift": Distortion("px", (0, 1, 2, 3, 4, 5, 6), 0, shift),
    "rotation": Distortion("degrees clockwise", (-30, -20, -10, 0, 10, 20, 30), 0, rotate),
    "scale": Distortion("times the size", (0.5, 0.6, 0.7, 0.85, 1, 1.1, 1.2, 1.35), 1, scale),
    "thickness": Distortion("px on each side of a line", (-1, -0.75, -0.5, 0, 0.5, 1), 0, thicken),
    "noise": Distortion("of full ink, standard deviation", (0, 0.05, 0.1, 0.2, 0.3, 0.4), 0, soil),
}


@dataclass(frozen=True)
class RobustnessRecord:
    """What is read right of images that were distorted in one way by one amount.

    An image on which no ink is left counts as misread.
    """

    distortion: str  # a name in DISTORTIONS
    amount: float
    unframed: Tally  # put to the network as they are
    framed: Tally  # framed first


def robustness(
    network: Classifier, dataset: Dataset, *, rng: np.random.Generator
) -> Iterator[RobustnessRecord]:
    """A record for each amount of each distortion, in the order of DISTORTIONS.

    Parameters
    ----------
    network : Classifier
        For digits: its input is (1, 28, 28), else ShapeError.
    dataset : Dataset
        Framed images (N, 28, 28).
    """
    if network.input_shape != (1, FRAME, FRAME):
        raise ShapeError(
            f"Only a network for (1, {FRAME}, {FRAME}) reads framed digits; this one takes "
            f"{network.input_shape}."
        )
    images = as_ink(dataset.images)
    plain = _read(network, images, dataset.labels)
    for name, distortion in DISTORTIONS.items():
        for amount in distortion.amounts:
            if amount == distortion.neutral:
                yield RobustnessRecord(name, amount, *plain)
            else:
                distorted = _in_blocks(distortion, images, amount, rng)
                yield RobustnessRecord(name, amount, *_read(network, distorted, dataset.labels))


def _in_blocks(distortion: Distortion, images: Ink, amount: float, rng: np.random.Generator) -> Ink:
    """The distorted images; each block draws from a stream of its own, whichever thread takes it."""
    blocks = _blocks(images)
    pieces = list(zip(blocks, rng.spawn(len(blocks)), strict=True))
    return np.concatenate(
        list(in_parallel(lambda piece: distortion.distort(piece[0], amount, piece[1]), pieces))
    )


def _read(network: Classifier, images: Ink, labels: Labels) -> tuple[Tally, Tally]:
    """Unframed and framed."""
    framed = np.concatenate(list(in_parallel(_frame_each, _blocks(images))))
    return _tally(network, images, labels), _tally(network, framed, labels)


def _blocks(images: Ink) -> list[Ink]:
    return [images[start : start + BLOCK] for start in range(0, len(images), BLOCK)] or [images]


def _frame_each(images: Ink) -> Ink:
    framed = np.zeros_like(images)
    for image, place in zip(images, framed, strict=True):
        if (whole := frame(image)) is not None:
            place[:] = whole
    return framed


def _tally(network: Classifier, images: Ink, labels: Labels) -> Tally:
    has_ink = images.any(axis=(1, 2))
    right = (logits_of(network, images).argmax(axis=1) == labels) & has_ink
    return Tally(int(right.sum()), len(labels))
