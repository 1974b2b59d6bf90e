"""Snapshots of a network while it learns, of which a film is made: dense at first, when most is learnt.

They are float16 and no more than a few megabytes, and a function of the run alone: taken by count of steps,
not by the clock.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from engine.nn.functional import Array
from engine.nn.network import Network

MOST = 40  # snapshots of a run, the random network among them
FEWEST = 8  # a larger network, of which fewer would fit, has none
MOST_BYTES = 12_000_000  # of all of them

Halves = npt.NDArray[np.float16]


def halves_of(network: Network) -> Halves:
    """(numbers,) all arrays of the network, in their order, as far as float16 can hold them."""
    largest = np.finfo(np.float16).max
    values = np.concatenate([array.value.ravel() for array in network.arrays])
    return values.clip(-largest, largest).astype(np.float16)


def snapshot_steps(total: int, most: int = MOST) -> list[int]:
    """After which of so many steps, from 0, a snapshot is taken: all if they are few, else evenly in the log.

    The last step is one of them.
    """
    if total < most:
        return list(range(total + 1))
    steps = [0, 1]
    while len(steps) < most:
        last, left = steps[-1], most - len(steps)
        steps.append(max(last + 1, round(last * (total / last) ** (1 / left))))
    return steps


class Snapshots:
    """Those of one run, as far as it has come.

    Parameters
    ----------
    network : Network
        Any of the architecture.
    total : int
        Steps that the run will take, if nobody ends it.
    """

    def __init__(self, network: Network, total: int) -> None:
        numbers = sum(array.value.size for array in network.arrays)
        most = min(MOST, MOST_BYTES // (2 * max(numbers, 1)))
        self._due = set(snapshot_steps(total, most)) if most >= FEWEST else set()
        self._steps: list[int] = []
        self._weights: list[Halves] = []

    def take(self, step: int, network: Network, *, is_last: bool = False) -> None:
        """Take one, if one is due after this step, or if it is the last, whenever it comes."""
        if self._due and (is_last or step in self._due) and (not self._steps or self._steps[-1] < step):
            self._steps.append(step)
            self._weights.append(halves_of(network))

    @property
    def steps(self) -> npt.NDArray[np.int64]:
        """(S,) after how many steps each was taken, ascending."""
        return np.array(self._steps, np.int64)

    @property
    def weights(self) -> Halves:
        """(S, numbers) of all arrays of the network, in their order."""
        return np.stack(self._weights) if self._weights else np.zeros((0, 0), np.float16)

    def state(self) -> dict[str, Array]:
        """What a checkpoint keeps of them."""
        return {"steps": self.steps, "weights": self.weights}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Take over what `state` gave; nothing, from a checkpoint that knew of none."""
        self._steps = [int(step) for step in state.get("steps", ())]
        self._weights = list(state.get("weights", ()))
