"""A network that is still learning and reads the page meanwhile: what there is to say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.language import _, decimal, ngettext, pgettext

if TYPE_CHECKING:
    from engine import Network


@dataclass(frozen=True)
class HalfTrained:
    """The network after so many steps, and how many it read right of so many digits to validate with."""

    network: Network
    step: int
    right: int
    count: int

    @property
    def mark(self) -> str:
        """What stands beside its answers."""
        return pgettext("beside an answer", "half-trained")

    @property
    def name(self) -> str:
        """What it is called; it has no name of its own yet."""
        return _("The half-trained network")

    @property
    def told(self) -> str:
        """All of it, in a sentence."""
        percent = decimal(100 * self.right // self.count)  # 100 only where all are read
        return ngettext(
            "A half-trained network reads: after {count} step, {percent} % of the validation digits.",
            "A half-trained network reads: after {count} steps, {percent} % of the validation digits.",
            self.step,
        ).format(count=decimal(self.step), percent=percent)
