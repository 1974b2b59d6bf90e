"""Calibration: one number, the temperature, that makes a network's confidence mean what it says.

Guo, Pleiss, Sun and Weinberger (2017), section 4.2: probabilities are softmax(logits / T), with the T of the
lowest cross-entropy on examples that were not trained on. No prediction changes: all logits have the same T.
"""

import numpy as np

from engine.errors import ConfigurationError
from engine.nn.functional import Array
from engine.nn.losses import Labels

COLDEST, HOTTEST = 0.05, 20.0
STEPS = 50  # of bisection, after which T is known to float64's last digits


def fit_temperature(logits: Array, labels: Labels) -> float:
    """The temperature of the lowest mean cross-entropy.

    Parameters
    ----------
    logits : (N, K) array
        Of examples that the network was not trained on.
    labels : (N,) integers in 0…K-1

    Returns
    -------
    temperature : float
        Above 1 where the network is too sure, below 1 where it is not sure enough; within COLDEST and
        HOTTEST.

    Notes
    -----
    A share of 1/(N+2) of each target is spread over the classes, as Platt (1999) has it: N right predictions
    are no proof that the next one is right, too, and without it nothing would hold the temperature there.

    With b = 1/T the loss is log sum exp(b z) - b t, for t the mean of z under the target; it is convex in b,
    and its derivative sum(p z) - t, for p = softmax(b z), rises with b. Bisection finds where it is 0.
    """
    if len(labels) == 0 or labels.min() < 0:
        raise ConfigurationError(
            f"A temperature is fitted to examples of the classes, got {len(labels)} examples"
            + (f" with labels from {labels.min()}." if len(labels) else ".")
        )
    z = logits.astype(np.float64)
    z -= z.max(axis=1, keepdims=True)
    spread = 1 / (len(labels) + 2)
    target = (1 - spread) * z[np.arange(len(labels)), labels] + spread * z.mean(axis=1)
    low, high = 1 / HOTTEST, 1 / COLDEST
    for _ in range(STEPS):
        b = np.sqrt(low * high)
        exps = np.exp(b * z)
        slope = ((exps * z).sum(axis=1) / exps.sum(axis=1) - target).mean()
        low, high = (low, b) if slope > 0 else (b, high)
    return float(np.clip(1 / np.sqrt(low * high), COLDEST, HOTTEST))
