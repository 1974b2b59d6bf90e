"""A running average of a network's weights, which often reads better than the weights of any one step.

Polyak and Juditsky (1992), in the exponential form that Tarvainen and Valpola (2017) use.
"""

import copy

from engine.nn.network import Network


class WeightAverage:
    """The average over about the last 1/(1 - decay) steps, itself a network: `network`."""

    def __init__(self, network: Network, decay: float) -> None:
        self.network = copy.deepcopy(network)
        self.decay = decay

    def update(self, network: Network, step: int) -> None:
        """Move towards the weights after a step, from 1; early on faster, to forget the random start."""
        decay = min(self.decay, step / (step + 10))
        for average, latest in zip(self.network.arrays, network.arrays, strict=True):
            average.value += (1 - decay) * (latest.value - average.value)
