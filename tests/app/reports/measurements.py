"""Measurements of a few made images, to report on."""

from dataclasses import replace

import numpy as np

from app.reports.measured import MeasuredSet, measured_not_digits
from engine import (
    Augmentation,
    Confidence,
    EpochRecord,
    Evaluation,
    SavedNetwork,
    TrainingConfig,
)
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.learning.training import TrainingFacts
from engine.nn.losses import NO_CLASS
from engine.storage.network_facts import InputFacts, NetworkFacts

HISTORY = """\
epoch,step,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds
1,10,0.001,0.5,0.8,0.6,0.75,1.5
2,20,0.001,0.2,0.9,0.3,0.85,3.0
"""


TRAINING = TrainingFacts(
    dataset="MNIST", train_count=55_000, validation_count=5_000, seconds=161.2,
    command="python main.py --mode train --path <mine>",
    chosen=EpochRecord(2, 20, 0.001, 0.2, 0.9, 0.3, 0.9912, 3.0),
    config=TrainingConfig(
        epochs=9, augmentation=Augmentation(shift=1.5, zoom=0.1), stroke_augmentation=None
    ),
)  # fmt: skip


def facts_of(network, training=None):
    return NetworkFacts(
        network.architecture, network.parameter_count, InputFacts.of(network), training=training
    )


def saved(network):
    return SavedNetwork(network, Confidence(), facts_of(network))


def evaluation_of(labels, answers, confidence=0.91):
    probabilities = np.full((len(labels), 10), (1 - confidence) / 9)
    probabilities[np.arange(len(labels)), answers] = confidence
    return Evaluation(probabilities, np.array(labels), loss=0.25)


def measured(labels, answers, **more):
    images = np.zeros((len(labels), 28, 28), np.uint8)
    examples = [f"no. {index}" for index in range(len(labels))]
    return MeasuredSet(lambda: "Ten <digits>", evaluation_of(labels, answers), images, examples, **more)


def measured_others(network, rejected, kinds, beside=()):
    drawings = [
        StrokeDrawing([[(0, 0), (30 + index, 0)], [(15, 9)]], NO_CLASS, style=kind)
        for index, kind in enumerate(kinds)
    ]
    others = measured_not_digits(saved(network), {"signs.jsonl": StrokeDataset(drawings)}, beside=beside)
    if rejected is None:
        return others
    return replace(others, rejections=replace(others.rejections, rejected=np.array(rejected), can_tell=True))
