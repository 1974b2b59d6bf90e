"""What it costs to switch maps off: how many digits the network still reads right.

Measured in slices, so that the window answers in between. The digits are those that drawings are compared
with: no test set is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.explaining.neighbours import Prototypes
from engine.machine.threads import one_blas_thread
from engine.nn.network import Network

COUNT = 1000
AT_ONCE = 50  # digits in a slice: some 15 ms of the network that ships


@dataclass(frozen=True)
class OffCost:
    """Of so many digits, how many are read right by the whole network, and without some of its maps."""

    count: int
    whole: int
    without: int


class OffCosts:
    """Measures one network after another; what the whole network reads is kept.

    Parameters
    ----------
    digits : callable
        The digits, each label as often as the others; None while they are being made.
    """

    def __init__(self, digits: Callable[[], Prototypes | None]) -> None:
        self._ask = digits
        self._digits: tuple[Any, Any] | None = None
        self._whole: tuple[Network, int] | None = None

    def measured(self, whole: Network, without: Network) -> Iterator[OffCost | None]:
        """None after each slice, and the cost at the end; nothing while there are no digits."""
        if self._digits is None:
            digits = self._ask()
            if digits is None:
                return
            self._digits = _spread(digits)
        images, labels = self._digits
        if self._whole is None or self._whole[0] is not whole:
            right = 0
            for count in _right(whole, images, labels):
                right += count
                yield None
            self._whole = whole, right
        right = 0
        for count in _right(without, images, labels):
            right += count
            yield None
        yield OffCost(len(labels), self._whole[1], right)


def _spread(digits: Prototypes) -> tuple[Any, Any]:
    """At most COUNT of them, taken evenly from all."""
    places = np.unique(np.linspace(0, len(digits) - 1, min(COUNT, len(digits))).astype(int))
    return digits.images[places].astype(np.float32) / np.float32(255), digits.labels[places]


def _right(network: Network, images: Any, labels: Any) -> Iterator[int]:
    for start in range(0, len(images), AT_ONCE):
        cut = slice(start, start + AT_ONCE)
        with one_blas_thread():
            yield int((network.logits(images[cut]).argmax(axis=1) == labels[cut]).sum())
