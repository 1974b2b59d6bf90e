"""Rejection: what shows too little evidence of any class is called "not a digit".

Evidence is the network's loss on an image as an example of no class (`softmax_cross_entropy` with NO_CLASS),
the cross-entropy between a uniform target and the softmax:

    log sum exp(z) - mean(z)

It is ln K where all logits are equal, and grows the more one of them stands out. A network that was trained
with drawings that are no digits (`datasets.not_digits`) has learnt to show little of it there: outlier
exposure, Hendrycks, Mazeika and Dietterich (2019). One that was not is sure of most of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError
from engine.nn.functional import Array

MOST_REJECTED = 0.01  # of the digits of each source fitted to; the worst source binds, so most reject less
# Of the non-digits that were taught; to reject more of them costs digits for nothing. What is new to a
# network shows more evidence than what it was taught, the more so the better it has learnt that. A network on
# the way to the one that ships rejected 96.4 % of the unseen kinds with 0.997, and 97.1 % with 0.998.
ENOUGH = 0.998
MOST_EVIDENCE = 1e9  # of any sense: logits of a trained network differ by some tens


@dataclass(frozen=True)
class Rejection:
    """From which evidence on a drawing is a digit, and what that does."""

    least_evidence: float
    digits_rejected: float  # share, of the digits it was fitted to
    not_digits_rejected: float  # share, of drawings of kinds that the network was not trained with
    auc: float  # the chance that a digit shows more evidence than something that is none

    def __post_init__(self) -> None:
        if not 0 <= self.least_evidence < MOST_EVIDENCE:
            raise ConfigurationError(
                f"least_evidence must lie between 0 and {MOST_EVIDENCE:g}, got {self.least_evidence}."
            )
        for name in ("digits_rejected", "not_digits_rejected", "auc"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError(f"{name} must be a share, 0 to 1, got {getattr(self, name)}.")

    def accepts(self, logits: Array) -> npt.NDArray[np.bool_]:
        """(N,) whether each row of (N, K) logits is of a digit."""
        accepted: npt.NDArray[np.bool_] = evidence(logits) >= self.least_evidence
        return accepted


def evidence(logits: Array) -> npt.NDArray[np.float64]:
    """(N,) of (N, K) logits; a constant added to a row changes nothing."""
    z = logits.astype(np.float64)
    z -= z.max(axis=1, keepdims=True)
    amount: npt.NDArray[np.float64] = np.log(np.exp(z).sum(axis=1)) - z.mean(axis=1)
    return amount


def fit_rejection(digits: Sequence[Array], taught: Array, unseen: Array) -> Rejection:
    """The threshold that rejects ENOUGH of what it should, but no more than MOST_REJECTED of the digits.

    The digits alone would not do: those of a few writers are all clear, and their bound then lies so high
    that other people's digits are rejected.

    Parameters
    ----------
    digits : sequence of (N, K) logits
        Of digits that the network was not trained on, an array for each source. Each source keeps to
        MOST_REJECTED by itself, lest a large one speak for a small one; but not one of so few that this
        would be none: a single odd drawing of a person's own would have nothing rejected any more.
    taught : (M, K) logits
        Of drawings that are no digits, of kinds that the network was trained with.
    unseen : (M, K) logits
        Of other kinds. They do not move the threshold; they measure it.
    """
    if not digits or not all(len(logits) for logits in (*digits, taught, unseen)):
        raise ConfigurationError(
            "A rejection is fitted to digits and to drawings that are none; got none of one."
        )
    sources = [evidence(source) for source in digits]
    binding = [source for source in sources if len(source) * MOST_REJECTED >= 1] or [np.concatenate(sources)]
    # what has just that many below it
    bounds = [float(np.sort(source)[int(MOST_REJECTED * len(source))]) for source in binding]
    least = min(*bounds, float(np.quantile(evidence(taught), ENOUGH)))
    return rejection_at(least, digits, unseen)


def rejection_at(least_evidence: float, digits: Sequence[Array], unseen: Array) -> Rejection:
    """What a threshold does of digits, an array of logits for each source, and of what is unseen."""
    inside, outside = evidence(np.concatenate(digits)), evidence(unseen)
    return Rejection(
        least_evidence,
        float((inside < least_evidence).mean()),
        float((outside < least_evidence).mean()),
        auc(inside, outside),
    )


def auc(inside: npt.NDArray[np.float64], outside: npt.NDArray[np.float64]) -> float:
    """The area under the ROC curve: how often one of `inside` exceeds one of `outside`, ties counted half.

    Mann and Whitney's U, divided by the number of pairs.
    """
    ordered = np.sort(outside)
    below = np.searchsorted(ordered, inside, side="left") + np.searchsorted(ordered, inside, side="right")
    return float(below.mean() / (2 * len(outside)))
