"""A running average of a network's weights, which often reads better than the weights of any one step.

Polyak and Juditsky (1992), in the exponential form that Tarvainen and Valpola (2017) use.
"""

import copy

from engine.nn.flat import FlatNetwork
from engine.nn.network import Network


class WeightAverage:
    """The average over about the last 1/(1 - decay) steps, itself a network: `network`."""

    def __init__(self, network: Network, decay: float) -> None:
        self.network = copy.deepcopy(network)
        self.decay = decay
        self._flat = FlatNetwork(self.network)

    def update(self, latest: FlatNetwork, step: int) -> None:
        """Move towards the weights after a step, from 1; early on faster, to forget the random start."""
        decay = min(self.decay, step / (step + 10))
        average = self._flat
        average.values += (1 - decay) * (latest.values - average.values)
        average.buffers += (1 - decay) * (latest.buffers - average.buffers)
