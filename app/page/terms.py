"""The words of learning that a newcomer does not know, each in one plain sentence."""

from __future__ import annotations

from enum import Enum, auto

from app.language import _


class Term(Enum):
    """A word that stands in the window."""

    EPOCH = auto()
    LENET5 = auto()
    VARIATIONS = auto()
    LOSS = auto()
    VALIDATION = auto()
    LEARNING_RATE = auto()


def explanation(term: Term) -> str:
    """What it means, for who rests on it with the pointer."""
    return {
        Term.EPOCH: _(
            "An epoch is over when the network has seen every digit that it learns from once more."
        ),
        Term.LENET5: _(
            "LeNet-5 is a small network for digits, published in 1998; banks read cheques with its kind."
        ),
        Term.VARIATIONS: _(
            "A digit that is shown a little differently each time teaches more than the same one again."
        ),
        Term.LOSS: _(
            "The loss is how far the network's answers are from the right ones; one that is sure and wrong "
            "loses most."
        ),
        Term.VALIDATION: _(
            "Some digits are set aside and never learnt from, so that they show how well new ones are read."
        ),
        Term.LEARNING_RATE: _(
            "The learning rate is how large the steps are that the network takes; it shrinks towards the end."
        ),
    }[term]
