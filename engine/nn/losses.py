"""Losses: how wrong the logits are, in one number, and its gradient with respect to them.

Logits are (K, N): a row a class, a column an example, the batch last as everywhere inside the engine.
The loss is the mean over the batch, in nats, so a gradient does not grow with the batch size.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError
from engine.nn.functional import Array

Labels = npt.NDArray[np.integer]
Loss = Callable[[Array, Labels], tuple[float, Array]]

# the label of an example that is of no class at all
NO_CLASS = -1

# the paper's j, "a positive constant" whose value it does not give; codes lie 40 to 200 apart
MARGIN = 10.0


def softmax(logits: Array) -> Array:
    """Probabilities over axis 0; adding a constant to a column changes nothing.

    The largest logit is subtracted first, so exp never overflows.
    """
    exps = np.exp(logits - logits.max(axis=0))
    probabilities: Array = exps / exps.sum(axis=0)
    return probabilities


def softmax_cross_entropy(
    logits: Array, labels: Labels, *, label_smoothing: float = 0.0
) -> tuple[float, Array]:
    """Mean of -log softmax(logits)[label], and its gradient.

    Parameters
    ----------
    logits : (K, N) array
    labels : (N,) integers in 0…K-1, or NO_CLASS
        The target of an example of no class is spread evenly over all of them, so that the network learns
        to be sure of none: Hendrycks, Mazeika and Dietterich (2019), section 3.
    label_smoothing : float
        The share of the target that is spread evenly over all classes: Szegedy et al. (2016), section 7.

    Returns
    -------
    loss : float, in nats
    dlogits : (K, N) array
        (probabilities - target) / N: for p = softmax(z), d(-log p[label])/dz[k] = p[k] - [k = label].
    """
    K, N = logits.shape
    shifted = logits - logits.max(axis=0)
    exps = np.exp(shifted)
    sums = exps.sum(axis=0)
    examples = np.arange(N)
    # the share of each target that is spread; where it is all of it, the label's row counts nothing
    spread = np.where(labels == NO_CLASS, 1, label_smoothing).astype(logits.dtype)
    # log softmax without the logarithm of a probability that has underflowed to 0
    losses = np.log(sums) - (1 - spread) * shifted[labels, examples]
    dlogits = exps / sums
    dlogits[labels, examples] -= 1 - spread
    if spread.any():
        losses -= spread * shifted.mean(axis=0)
        dlogits -= spread / K
    dlogits /= N
    return float(losses.mean(dtype=np.float64)), dlogits


def squared_error(logits: Array, labels: Labels) -> tuple[float, Array]:
    """Half the squared distance to the label's one-hot vector, mean over the batch, and its gradient.

    E = 1/2 sum (z - onehot)², so dE/dz = z - onehot.
    """
    _need_classes(labels)
    N = labels.size
    errors = logits.copy()
    errors[labels, np.arange(N)] -= 1
    return float(0.5 * np.square(errors).sum(dtype=np.float64) / N), errors / N


def map_criterion(logits: Array, labels: Labels, *, margin: float = MARGIN) -> tuple[float, Array]:
    """LeCun et al. (1998), equation 9: mean of y[label] + log(exp(-j) + sum exp(-y)), for y = -logits.

    The penalties y are squared distances, 0 at best. Besides pulling the right one down, it pushes the wrong
    ones up, but those that are beyond `margin` (the paper's j) hardly.

    Returns
    -------
    loss : float
    dlogits : (K, N) array
        With p = exp(z) / (exp(-j) + sum exp(z)): dE/dz[k] = p[k] - [k = label].
    """
    _need_classes(labels)
    N = labels.size
    top = np.maximum(logits.max(axis=0), -margin)
    exps = np.exp(logits - top)
    sums = np.exp(-margin - top) + exps.sum(axis=0)
    examples = np.arange(N)
    losses = np.log(sums) - (logits[labels, examples] - top)  # so grouped, large logits lose no digits
    dlogits = exps / sums
    dlogits[labels, examples] -= 1
    dlogits /= N
    return float(losses.mean(dtype=np.float64)), dlogits


def _need_classes(labels: Labels) -> None:
    if labels.min(initial=0) < 0:
        raise ConfigurationError(
            f"This loss has no target for an example of no class, label {labels.min()}. Choose cross-entropy."
        )


LOSSES: dict[str, Loss] = {
    "cross-entropy": softmax_cross_entropy,
    "squared-error": squared_error,
    "map": map_criterion,
}
