"""Confidence: what logits say, as probabilities that mean what they say, and whether it is a digit at all.

There is one way from logits to a prediction, and the window, `predict`, evaluations and reports take it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError, InferenceError
from engine.nn.functional import Array
from engine.nn.losses import softmax
from engine.reading.calibration import COLDEST, HOTTEST
from engine.reading.rejection import Rejection


@dataclass(frozen=True)
class Confidence:
    """How a network's logits are to be read; the default takes them as they come."""

    temperature: float = 1.0  # what logits are divided by: see `engine.reading.calibration`
    rejection: Rejection | None = None  # how a non-digit is told, where the network has learnt to

    def __post_init__(self) -> None:
        if not COLDEST <= self.temperature <= HOTTEST:
            raise ConfigurationError(
                f"A temperature lies between {COLDEST} and {HOTTEST}, got {self.temperature}."
            )

    def scaled(self, logits: Array) -> Array:
        """(N, K) logits whose softmax are the probabilities; InferenceError if one is not finite."""
        if not np.isfinite(logits).all():
            raise InferenceError(
                "The network's logits are numbers that are not finite: its weights are far too large. It "
                "was damaged, or its training went astray. Use another one, or train again."
            )
        scaled: Array = logits / self.temperature
        return scaled

    def probabilities(self, logits: Array) -> Array:
        """(N, K) logits to probabilities, each row of sum 1; no prediction changes."""
        return softmax(self.scaled(logits).T).T

    def accepts(self, logits: Array) -> npt.NDArray[np.bool_]:
        """(N,) whether each row of (N, K) logits is taken for a digit; all are where it learnt no other."""
        if self.rejection is None:
            return np.ones(len(logits), bool)
        return self.rejection.accepts(logits)
