"""Losses: how wrong the logits are, in one number, and its gradient with respect to them.

Logits are (K, N): a row a class, a column an example, the batch last as everywhere inside the engine.
The loss is the mean over the batch, in nats, so a gradient does not grow with the batch size.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError
from engine.nn.functional import Array

Labels = npt.NDArray[np.integer]
Loss = Callable[..., tuple[float, Array]]  # of logits and labels; some also of a teacher's logits

# the label of an example that is of no class at all
NO_CLASS = -1

# the paper's j, "a positive constant" whose value it does not give; codes lie 40 to 200 apart
MARGIN = 10.0

# what logits are divided by where one network learns another's answers, which shows what it holds the second
# best and the third to be: Hinton, Vinyals and Dean (2015), section 2
SOFTENING = 2.0

# what a teacher gives the label at least where it has something to teach. Of zeros with a slash that both
# networks of 0.1.0 refuse, though they rather take them for zeros, none is given 0.8.
SURE = 0.9


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
    losses, dlogits = _cross_entropies(logits, labels, label_smoothing)
    dlogits /= len(labels)
    return float(losses.mean(dtype=np.float64)), dlogits


def _cross_entropies(logits: Array, labels: Labels, label_smoothing: float) -> tuple[Array, Array]:
    """Of each example, and the gradient of each one's own: (N,) and (K, N)."""
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
    return losses, dlogits


def distilled_cross_entropy(
    logits: Array, labels: Labels, teacher: Array, *, share: float, label_smoothing: float = 0.0
) -> tuple[float, Array]:
    """Cross-entropy that gives way, by a share, to agreeing with a teacher.

    Hinton, Vinyals and Dean (2015): with q = softmax(z / T) and the teacher's p alike, T² KL(p, q) takes the
    share's place. What the teacher is not sure of, or wrong about, is what is still to be learnt: there the
    label counts alone, and so it does with examples of no class.

    Parameters
    ----------
    logits : (K, N) array
    labels : (N,) integers in 0…K-1, or NO_CLASS
    teacher : (K, N) array
        Its logits.
    share : float, in 0…1

    Returns
    -------
    loss : float, in nats
    dlogits : (K, N) array
        d(T² KL)/dz = T (q - p), since dz/T brings 1/T.
    """
    N, T = len(labels), logits.dtype.type(SOFTENING)
    teacher = teacher.astype(logits.dtype)
    is_sure = (labels != NO_CLASS) & (_log_softmax(teacher)[labels, np.arange(N)] >= math.log(SURE))
    shares = np.where(is_sure, share, 0).astype(logits.dtype)
    losses, dlogits = _cross_entropies(logits, labels, label_smoothing)
    log_p, log_q = _log_softmax(teacher / T), _log_softmax(logits / T)
    p = np.exp(log_p)
    losses = (1 - shares) * losses + shares * T * T * (p * (log_p - log_q)).sum(axis=0)
    dlogits = ((1 - shares) * dlogits + shares * T * (np.exp(log_q) - p)) / N
    return float(losses.mean(dtype=np.float64)), dlogits


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=0)
    logs: Array = shifted - np.log(np.exp(shifted).sum(axis=0))
    return logs


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
