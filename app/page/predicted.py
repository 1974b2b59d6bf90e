"""Test images with what a network predicts of them, in words and as tiles."""

from __future__ import annotations

import numpy as np

from app.page.tile import Tile
from engine import Dataset, Evaluation

NO_DIGIT = "no digit"


def is_rejected(evaluation: Evaluation, index: int) -> bool:
    """Whether an image was called no digit."""
    return evaluation.rejected is not None and bool(evaluation.rejected[index])


def rejected_count(evaluation: Evaluation) -> int:
    return 0 if evaluation.rejected is None else int(evaluation.rejected.sum())


def prediction_in_words(evaluation: Evaluation, index: int) -> str:
    """As in: 8, 99 %; or, where it was called none: no digit (8, 21 %)."""
    prediction = int(evaluation.predictions[index])
    text = f"{prediction}, {100 * float(evaluation.confidences[index]):.0f} %"
    return f"{NO_DIGIT} ({text})" if is_rejected(evaluation, index) else text


def digit_tile(dataset: Dataset, evaluation: Evaluation, index: int) -> Tile:
    """A test image with the prediction, its confidence and the truth."""
    image = dataset.images[index]
    if image.dtype != np.uint8:
        image = np.round(255 * image).astype(np.uint8)
    if image.ndim == 3:  # (3, H, W) colours
        image = np.moveaxis(image, 0, -1)
    words, rejected = prediction_in_words(evaluation, index), is_rejected(evaluation, index)
    return Tile(
        pixels=image.tobytes(),
        width=image.shape[1],
        height=image.shape[0],
        caption=f"{words if rejected else f'reads {words}'}\nis {dataset.labels[index]} · no. {index}",
        is_right=bool(evaluation.correct[index]) and not rejected,
    )
