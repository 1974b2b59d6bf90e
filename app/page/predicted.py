"""Test images with what a network predicts of them, as tiles."""

from __future__ import annotations

import numpy as np

from app.language import _
from app.page.tile import Tile
from app.reports.predictions import is_read_right, prediction_in_words
from engine import Dataset, Evaluation


def digit_tile(dataset: Dataset, evaluation: Evaluation, index: int) -> Tile:
    """A test image with the prediction, its confidence and the truth."""
    image = dataset.images[index]
    if image.dtype != np.uint8:
        image = np.round(255 * image).astype(np.uint8)
    if image.ndim == 3:  # (3, H, W) colours
        image = np.moveaxis(image, 0, -1)
    truth = _("is {truth} · no. {number}").format(truth=dataset.labels[index], number=index)
    return Tile(
        pixels=image.tobytes(),
        width=image.shape[1],
        height=image.shape[0],
        caption=f"{prediction_in_words(evaluation, index)}\n{truth}",
        is_right=is_read_right(evaluation, index),
    )
