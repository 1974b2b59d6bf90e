"""Showing what augmentation makes of the training images, so that its amounts can be judged by eye."""

import argparse
from dataclasses import replace

import numpy as np

from app.commands.chosen_data import find_data
from app.options import config_of, given_settings, written
from engine.datasets.dataset import Dataset, as_ink
from engine.datasets.mixture import Mixture
from engine.errors import ConfigurationError

IMAGES, VARIANTS = 16, 8
ENOUGH = 300  # examples of each data set to choose among: all of them take half a minute to render


def augment(options: argparse.Namespace) -> int:
    config = config_of(given_settings(options))
    if config.augmentation is None:
        raise ConfigurationError(
            f"There is nothing to show: {config.architecture} is trained without augmentation here. "
            "Name amounts with --augmentation."
        )
    folder, selection = find_data(options, config.dataset)
    rng = np.random.default_rng(config.seed)
    plain = replace(config, augmentation=None, stroke_augmentation=None)
    with selection.training_data(folder, plain) as data:
        dataset = data if isinstance(data, Dataset) else _some(data, rng).of_epoch(1, seed=config.seed)
    if dataset.images.ndim != config.augmentation.ndim:
        raise ConfigurationError(
            f"{type(config.augmentation).__name__} is not made for {selection.title}'s images. "
            "Name another --dataset or --augmentation."
        )
    present = np.unique(dataset.labels[dataset.labels >= 0])
    classes = present[np.sort(np.arange(IMAGES) % len(present))]  # of each class that there is one, or some
    chosen = [rng.choice(np.flatnonzero(dataset.labels == label)) for label in classes]
    images = as_ink(dataset.images[chosen])
    variants = np.stack([config.augmentation(images, rng=rng) for _ in range(VARIANTS)], axis=1)

    from app.reports.figures import save_figure, variants_page

    title = f"{selection.title}: images, each with {VARIANTS} variants by {written(config.augmentation)}"
    save_figure(variants_page(images, variants, title), options.save)
    print(f"saved {options.save}")
    return 0


def _some(mixture: Mixture, rng: np.random.Generator) -> Mixture:
    """A few examples of every part, drawings as they are."""
    chosen = {
        name: part.take(np.sort(rng.permutation(len(part))[:ENOUGH])) for name, part in mixture.parts.items()
    }
    return Mixture(chosen, augmentation=mixture.augmentation)
