"""Optimizers, in order of complexity: each is built over a list of parameters and changes their values.

`step()` uses the gradients that the last backward left in `Parameter.grad`. `learning_rate` may be
set before any step; schedules do that. What an optimizer remembers from step to step lies in arrays that
`state` lists, so that a checkpoint can hold them.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from engine.errors import ConfigurationError, ShapeError
from engine.nn.functional import Array
from engine.nn.layers import Parameter


class Optimizer:
    """What all optimizers share: their parameters, a learning rate, and weight decay.

    `weight_decay` pulls weights, not biases or gains, towards 0 by this share of the learning rate at each
    step, apart from the gradient: Loshchilov and Hutter (2019), algorithm 2. For plain SGD that is the
    same as an L2 penalty; for Adam it makes AdamW.
    """

    def __init__(
        self, parameters: Sequence[Parameter], learning_rate: float, *, weight_decay: float = 0.0
    ) -> None:
        if not (math.isfinite(learning_rate) and learning_rate > 0):
            raise ConfigurationError(f"The learning rate must be above 0 and finite, got {learning_rate}.")
        if not (math.isfinite(weight_decay) and weight_decay >= 0):
            raise ConfigurationError(f"The weight decay must be 0 or more, got {weight_decay}.")
        self.parameters = list(parameters)
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.t = 0  # steps taken

    def step(self) -> None:
        """Move every parameter once."""
        self.t += 1
        for index, parameter in enumerate(self.parameters):
            if self.weight_decay and parameter.name.endswith("weight"):
                parameter.value *= 1 - self.learning_rate * self.weight_decay
            parameter.value -= self.learning_rate * self._direction(index, parameter.grad)

    def _direction(self, index: int, gradient: Array) -> Array:
        """What to subtract from parameter `index`, but for the learning rate."""
        raise NotImplementedError

    def state(self) -> list[Array]:
        """The arrays that it remembers, themselves, not copies; beside them it remembers `t`."""
        return []

    def load_state(self, t: int, state: Sequence[Array]) -> None:
        """Take over what another optimizer of this kind, over such parameters, remembers after t steps."""
        expected = [(array.shape, array.dtype) for array in self.state()]
        given = [(array.shape, array.dtype) for array in state]
        if expected != given:
            raise ShapeError(f"{type(self).__name__} remembers the arrays {expected}, got {given}.")
        for mine, saved in zip(self.state(), state, strict=True):
            mine[...] = saved
        self.t = t

    def _zeros(self) -> list[Array]:
        return [np.zeros_like(parameter.value) for parameter in self.parameters]


class SGD(Optimizer):
    """The gradient itself; with momentum, a velocity = momentum * velocity + gradient.

    Polyak (1964), in the form in which the learning rate stays outside, so that changing it acts at once.
    With `nesterov` the gradient counts as if taken one velocity ahead: Sutskever et al. (2013), as
    gradient + momentum * velocity.
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        learning_rate: float = 0.01,
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay=weight_decay)
        _check_share("Momentum", momentum)
        if nesterov and not momentum:
            raise ConfigurationError("Nesterov's step needs a momentum above 0, got 0.")
        self.momentum, self.nesterov = momentum, nesterov
        self.velocities = self._zeros() if momentum else []

    def _direction(self, index: int, gradient: Array) -> Array:
        if not self.momentum:
            return gradient
        velocity = self.velocities[index]
        velocity *= self.momentum
        velocity += gradient
        return gradient + self.momentum * velocity if self.nesterov else velocity

    def state(self) -> list[Array]:
        return self.velocities


class RMSprop(Optimizer):
    """The gradient over the root of a running mean of its square: Tieleman and Hinton (2012), lecture 6.5."""

    def __init__(
        self,
        parameters: Sequence[Parameter],
        learning_rate: float = 0.001,
        *,
        decay: float = 0.9,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay=weight_decay)
        _check_share("RMSprop's decay", decay)
        self.decay, self.epsilon = decay, epsilon
        self.squares = self._zeros()

    def _direction(self, index: int, gradient: Array) -> Array:
        square = self.squares[index]
        square *= self.decay
        square += (1 - self.decay) * gradient**2
        direction: Array = gradient / (np.sqrt(square) + self.epsilon)
        return direction

    def state(self) -> list[Array]:
        return self.squares


class Adam(Optimizer):
    """Kingma and Ba (2015), algorithm 1, with its default values; with weight decay it is AdamW.

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
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay=weight_decay)
        _check_share("beta1", beta1)
        _check_share("beta2", beta2)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.first_moments = self._zeros()
        self.second_moments = self._zeros()

    def _direction(self, index: int, gradient: Array) -> Array:
        m, v = self.first_moments[index], self.second_moments[index]
        m *= self.beta1
        m += (1 - self.beta1) * gradient
        v *= self.beta2
        v += (1 - self.beta2) * gradient**2
        root = np.sqrt(v / (1 - self.beta2**self.t))
        root += self.epsilon
        direction: Array = m / (1 - self.beta1**self.t) / root
        return direction

    def state(self) -> list[Array]:
        return [*self.first_moments, *self.second_moments]


class LevenbergMarquardt(Optimizer):
    """Stochastic diagonal Levenberg-Marquardt: LeCun et al. (1998), appendix C.

    Each number of each parameter has its own step, learning_rate / (mu + h), where h estimates the second
    derivative of the loss with respect to it. Whoever trains sets `curvatures` now and then, from
    `Network.curvatures` on some hundred images; until then h is 0. The paper's mu is 0.02, for single
    images; with minibatches and longer steps that diverges.
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        learning_rate: float = 0.0005,
        *,
        mu: float = 0.1,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay=weight_decay)
        if not mu > 0:
            raise ConfigurationError(f"Levenberg-Marquardt's mu must be above 0, got {mu}.")
        self.mu = mu
        self.curvatures = self._zeros()

    def _direction(self, index: int, gradient: Array) -> Array:
        direction: Array = gradient / (self.mu + self.curvatures[index])
        return direction

    def state(self) -> list[Array]:
        return self.curvatures


def _check_share(name: str, value: float) -> None:
    if not 0 <= value < 1:
        raise ConfigurationError(f"{name} must be in 0…1, 1 excluded; got {value}.")


# name -> (parameters, learning_rate, *, weight_decay) -> optimizer
OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "momentum": partial(SGD, momentum=0.9),
    "nesterov": partial(SGD, momentum=0.9, nesterov=True),
    "rmsprop": RMSprop,
    "adam": Adam,
    "levenberg-marquardt": LevenbergMarquardt,
}
