"""How well a network reads each data set, as its facts tell; also of networks saved without a set's name."""

from __future__ import annotations

from collections.abc import Mapping

from app.data.sources import NOT_DIGITS, SOURCES
from engine.storage.network_facts import NetworkFacts


def scores_of(facts: NetworkFacts) -> Mapping[str, float]:
    """Shares in 0…1 by the data set's name in SOURCES: of digits read right, of non-digits called none.

    What was never measured has none.
    """
    scores: dict[str, float] = {}
    if facts.test is not None:
        test = facts.test
        measured = [(test.source, test.dataset, test.accuracy)]
        measured += [(part.source, part.name, part.accuracy) for part in test.drawings]
        for source, title, accuracy in measured:
            if name := source or _source_by_title(title):
                scores[name] = accuracy
    if facts.confidence.rejection is not None and not facts.members:  # a committee's is only its members'
        scores[NOT_DIGITS] = facts.confidence.rejection.not_digits_rejected
    return scores


def _source_by_title(title: str) -> str | None:
    """As in "pen digits, test part", which once was all that told what was measured."""
    titles = {source.title: name for name, source in SOURCES.items()}
    return titles.get(title.removesuffix(", test part").removesuffix("'s test set"))
