"""Losses: how wrong the logits are, in one number, and its gradient with respect to them.

Logits are (K, N): a row a class, a column an example, the batch last as everywhere inside the engine.
The loss is the mean over the batch, in nats, so a gradient does not grow with the batch size.
"""

import numpy as np
import numpy.typing as npt

from engine.functional import Array


def softmax(logits: Array) -> Array:
    """Probabilities over axis 0; adding a constant to a column changes nothing.

    The largest logit is subtracted first, so exp never overflows.
    """
    exps = np.exp(logits - logits.max(axis=0))
    probabilities: Array = exps / exps.sum(axis=0)
    return probabilities


def softmax_cross_entropy(logits: Array, labels: npt.NDArray[np.integer]) -> tuple[float, Array]:
    """Mean of -log softmax(logits)[label], and its gradient.

    Parameters
    ----------
    logits : (K, N) array
    labels : (N,) integers in 0…K-1

    Returns
    -------
    loss : float, in nats
    dlogits : (K, N) array
        (probabilities - onehot) / N: for p = softmax(z), d(-log p[label])/dz[k] = p[k] - [k = label].
    """
    N = labels.size
    shifted = logits - logits.max(axis=0)
    exps = np.exp(shifted)
    sums = exps.sum(axis=0)
    examples = np.arange(N)
    # log softmax without the logarithm of a probability that has underflowed to 0
    losses = np.log(sums) - shifted[labels, examples]
    dlogits = exps / sums
    dlogits[labels, examples] -= 1
    dlogits /= N
    return float(losses.mean(dtype=np.float64)), dlogits
