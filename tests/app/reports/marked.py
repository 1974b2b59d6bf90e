"""A made-up language that puts every message between marks, so that what is not translated stands out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from app import language


class Marked(NullTranslations):
    """Messages as «message»."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


@contextmanager
def marked() -> Iterator[None]:
    """Speak it for a while."""
    with language.speaking(language.SOURCE):
        language.speak_by(Marked())
        yield


def outside_of_marks(text: str) -> str:
    """What is left of a text without its messages, which may stand in one another."""
    depth, left = 0, []
    for character in text:
        depth += {"«": 1, "»": -1}.get(character, 0)
        if depth == 0:
            left.append(" " if character == "»" else character)
    assert depth == 0, "a mark is left open"
    return "".join(left)


def unmarked_words(*texts: str) -> list[str]:
    """The words that stand in no message."""
    return [word for text in texts for word in re.findall(r"[^\W\d_]{2,}", outside_of_marks(text))]
