"""Which digits a network learnt when, and which it forgot: by what it read after each snapshot of a film."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Learnt:
    """The same N digits read after each of S snapshots, the last one that of the network as it is."""

    labels: npt.NDArray[np.uint8]  # (N,) what they are
    answers: npt.NDArray[np.uint8]  # (S, N) what was read

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(S, N) whether it was read as what it is."""
        return np.equal(self.answers, self.labels)

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """(S,) of the digits that were read right, in 0…1."""
        shares: npt.NDArray[np.float64] = self.right.mean(axis=1)
        return shares

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """(S, N) whether it was read right, and not by luck: of all that was read so, half or more was that.

        A network that has learnt little reads nearly everything as the same digit.
        """
        is_sure = np.zeros((len(self.answers), 10), bool)
        for answers, sure in zip(self.answers, is_sure, strict=True):
            for digit in np.unique(answers):
                sure[digit] = (self.labels[answers == digit] == digit).mean() >= 0.5
        return self.right & is_sure[:, self.labels]

    @property
    def since(self) -> Places:
        """(N,) the snapshot from which on it was known to the end; S of one that is not in the end."""
        unknown = ~self.known[::-1]
        return len(self.answers) - np.where(unknown.any(axis=0), unknown.argmax(axis=0), len(self.answers))

    def first(self, count: int) -> Places:
        """At most so many that were learnt for good, the first one first.

        What the first snapshot, the random network, knows was never learnt.
        """
        order = np.argsort(self.since, kind="stable")
        return order[self._were_learnt(order)][:count]

    def last(self, count: int) -> Places:
        """At most so many that were learnt for good, the last one first."""
        order = np.argsort(-self.since, kind="stable")
        return order[self._were_learnt(order)][:count]

    def forgotten(self, count: int) -> Places:
        """At most so many that were known after the first snapshot and are misread in the end.

        Those that were known after most of the snapshots come first.
        """
        times = self.known[1:].sum(axis=0, dtype=np.intp)
        order = np.argsort(-times, kind="stable")
        is_forgotten = (times[order] > 0) & ~self.right[-1, order]
        forgotten: Places = order[is_forgotten][:count]
        return forgotten

    def until(self, digit: int) -> int:
        """The last snapshot after which a digit was known that ever was."""
        return int(np.flatnonzero(self.known[:, digit])[-1])

    def _were_learnt(self, digits: Places) -> npt.NDArray[np.bool_]:
        since = self.since[digits]
        return (since > 0) & (since < len(self.answers))
