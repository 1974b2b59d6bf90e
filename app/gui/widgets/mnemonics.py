"""The letter that is underlined in a label: with Alt it chooses the entry, or presses the button."""

from __future__ import annotations

from collections.abc import Iterable


def free_letter(label: str, others: Iterable[tuple[str, int]]) -> int:
    """Return the place of the first letter that no other label has underlined; -1 if there is none.

    `others` are pairs of a label and its underlined place.
    """
    taken = {text[place].lower() for text, place in others if place >= 0}
    free = (place for place, letter in enumerate(label) if letter.isalpha() and letter.lower() not in taken)
    return next(free, -1)
