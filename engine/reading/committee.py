"""A committee: several networks that are asked as one, and answer by the mean of their log-probabilities.

Each is read at its own temperature first. The mean of logits so scaled differs from that of the logarithms of
the probabilities by a constant for each image, which no probability sees: it is their geometric mean, scaled
to sum 1. What one of them is wrong about the others often are not: Hansen and Salamon (1990).
"""

from collections.abc import Sequence

import numpy as np

from engine.errors import CommitteeError
from engine.nn.box import Shape
from engine.nn.functional import Array
from engine.reading.confidence import Confidence
from engine.reading.evaluation import Classifier
from engine.reading.rejection import Rejection


class Committee:
    """Networks for images of one shape, asked together.

    Parameters
    ----------
    members : sequence of (classifier, Confidence)
        At least one, each with how its logits are to be read; the order makes no difference but of rounding.
        They are kept under this name.

    Raises
    ------
    CommitteeError
        If there is none, or if they read other images than the first, or know other classes.
    """

    def __init__(self, members: Sequence[tuple[Classifier, Confidence]]) -> None:
        if not members:
            raise CommitteeError("A committee has at least one member.")
        self.members = list(members)
        first = members[0][0]
        self.input_shape: Shape = first.input_shape
        self.classes: int = first.classes
        for number, (classifier, _) in enumerate(members, start=1):
            if (classifier.input_shape, classifier.classes) != (self.input_shape, self.classes):
                raise CommitteeError(
                    "Member {number} of the committee tells {classes} classes of images of shape {shape}, "
                    "the first {first_classes} of {first_shape}. Leave it out.",
                    number=number,
                    classes=classifier.classes,
                    shape=classifier.input_shape,
                    first_classes=self.classes,
                    first_shape=self.input_shape,
                )

    def logits(self, images: Array) -> Array:
        """(N, C, H, W) or (N, H, W) images to (N, classes) logits, whose temperature is 1."""
        scaled = [
            classifier.logits(images) / np.float32(confidence.temperature)
            for classifier, confidence in self.members
        ]
        mean: Array = np.mean(scaled, axis=0)
        return mean

    @property
    def confidence(self) -> Confidence:
        """How these logits are to be read.

        The least evidence is the mean of what the members ask for, each at its own temperature; a committee
        in which one never learnt to reject rejects nothing. What the members' rejections were measured at is
        told as the worst of them, until it is measured.
        """
        rejections = [confidence.rejection for _, confidence in self.members]
        known = [rejection for rejection in rejections if rejection is not None]
        if len(known) < len(rejections):
            return Confidence()
        least = [
            rejection.least_evidence / confidence.temperature
            for rejection, (_, confidence) in zip(known, self.members, strict=True)
        ]
        return Confidence(
            1.0,
            Rejection(
                float(np.mean(least)),
                max(rejection.digits_rejected for rejection in known),
                min(rejection.not_digits_rejected for rejection in known),
                min(rejection.auc for rejection in known),
            ),
        )
