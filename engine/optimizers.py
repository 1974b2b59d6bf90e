"""Optimizers, in order of complexity: each is built over a list of parameters and changes their values.

`step()` uses the gradients that the last backward left in `Parameter.grad`. `learning_rate` may be
set before any step; schedules do that.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from engine.errors import ConfigurationError
from engine.functional import Array
from engine.layers import Parameter


class Optimizer:
    """What all optimizers share: their parameters and a learning rate."""

    def __init__(self, parameters: Sequence[Parameter], learning_rate: float) -> None:
        if not (math.isfinite(learning_rate) and learning_rate > 0):
            raise ConfigurationError(f"The learning rate must be above 0 and finite, got {learning_rate}.")
        self.parameters = list(parameters)
        self.learning_rate = learning_rate

    def step(self) -> None:
        """Move every parameter once."""
        raise NotImplementedError

    def _zeros(self) -> list[Array]:
        return [np.zeros_like(parameter.value) for parameter in self.parameters]


class SGD(Optimizer):
    """value -= learning_rate * grad; with momentum, value -= learning_rate * velocity.

    velocity = momentum * velocity + grad (Polyak, 1964, in the form in which the learning rate stays
    outside, so that changing it acts at once).
    """

    def __init__(
        self, parameters: Sequence[Parameter], learning_rate: float = 0.01, *, momentum: float = 0.0
    ) -> None:
        super().__init__(parameters, learning_rate)
        if not 0 <= momentum < 1:
            raise ConfigurationError(f"Momentum must be in 0…1, 1 excluded; got {momentum}.")
        self.momentum = momentum
        self.velocities = self._zeros()

    def step(self) -> None:
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            velocity *= self.momentum
            velocity += parameter.grad
            parameter.value -= self.learning_rate * velocity


class Adam(Optimizer):
    """Kingma and Ba (2015), algorithm 1, with its default values.

    t counts steps. Epsilon is added to the root of the corrected second moment, as the algorithm
    writes it, not to that of the uncorrected one, as its faster form in section 2 has it.
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        learning_rate: float = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, learning_rate)
        for name, beta in (("beta1", beta1), ("beta2", beta2)):
            if not 0 <= beta < 1:
                raise ConfigurationError(f"{name} must be in 0…1, 1 excluded; got {beta}.")
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.t = 0
        self.first_moments = self._zeros()
        self.second_moments = self._zeros()

    def step(self) -> None:
        self.t += 1
        correction1 = 1 - self.beta1**self.t
        correction2 = 1 - self.beta2**self.t
        for parameter, m, v in zip(self.parameters, self.first_moments, self.second_moments, strict=True):
            m *= self.beta1
            m += (1 - self.beta1) * parameter.grad
            v *= self.beta2
            v += (1 - self.beta2) * parameter.grad**2
            root = np.sqrt(v / correction2)
            root += self.epsilon
            parameter.value -= self.learning_rate / correction1 * m / root


OPTIMIZERS: dict[str, Callable[[Sequence[Parameter], float], Optimizer]] = {
    "sgd": SGD,
    "momentum": lambda parameters, learning_rate: SGD(parameters, learning_rate, momentum=0.9),
    "adam": Adam,
}
