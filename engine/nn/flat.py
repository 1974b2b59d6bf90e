"""A network's arrays as slices of a few vectors: one operation moves them all, or shares them.

NumPy takes about as long to begin an operation as for some thousand numbers, and most arrays have fewer.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.nn.functional import Array
from engine.nn.layers import Buffer, Parameter
from engine.nn.network import Network


class FlatNetwork:
    """A network whose parameters are views of one vector, their gradients of another, its buffers of a third.

    Parameters
    ----------
    network : Network
        Of one dtype; its arrays keep their values.

    Attributes
    ----------
    network : Network
    parameters : list of Parameter
        What an optimizer moves: all weights as one, "weight", since only weights decay, and the rest.
    values, gradients, buffers : (K,), (K,) and (B,) arrays
        The vectors.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._learnt = sorted(network.parameters, key=lambda parameter: not _is_weight(parameter))  # stable
        self._weights = sum(parameter.value.size for parameter in self._learnt if _is_weight(parameter))
        self.parameters = [Parameter("weight", np.empty(0)), Parameter("rest", np.empty(0))]
        values = _joined([parameter.value for parameter in self._learnt])
        self.lie_in(values, np.zeros_like(values), _joined([buffer.value for buffer in network.buffers]))

    def lie_in(self, values: Array, gradients: Array, buffers: Array) -> None:
        """Have the arrays be views of these vectors, and what is in them be their values."""
        self.values, self.gradients, self.buffers = values, gradients, buffers
        self._gradient_views = _views(gradients, self._learnt)
        for parameter, view in zip(self._learnt, _views(values, self._learnt), strict=True):
            parameter.value = view
        for buffer, view in zip(self.network.buffers, _views(buffers, self.network.buffers), strict=True):
            buffer.value = view
        for parameter, part in zip(
            self.parameters, (slice(self._weights), slice(self._weights, None)), strict=True
        ):
            parameter.value, parameter.grad = values[part], gradients[part]
        self.show_gradients()

    def gather_gradients(self, vector: Array) -> None:
        """Write what the last way back left in the network's parameters into a vector (K,)."""
        np.concatenate([parameter.grad.ravel() for parameter in self._learnt], out=vector)

    def show_gradients(self) -> None:
        """Have the network's parameters show what is in `gradients`."""
        for parameter, view in zip(self._learnt, self._gradient_views, strict=True):
            parameter.grad = view


def _is_weight(parameter: Parameter) -> bool:
    return parameter.name.endswith("weight")


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.empty(0, np.float32), *(array.ravel() for array in arrays)])


def _views(vector: Array, arrays: Sequence[Parameter | Buffer]) -> list[Array]:
    """Slices of the vector in the shapes of these arrays."""
    ends = np.cumsum([0, *(array.value.size for array in arrays)])
    return [
        vector[start:end].reshape(array.value.shape)
        for array, (start, end) in zip(arrays, pairwise(ends), strict=True)
    ]
