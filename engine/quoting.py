"""What files and other programs say, quoted safely: in one line, short enough to read, nothing hidden.

A label, a file's name or a parser's complaint may hold line breaks, a terminal's control sequences, marks
that turn the direction of reading, or halves of characters that no file can take. Whoever shows them
escapes them here, as repr does.
"""

from typing import Any


def shown(text: str, longest: int | None = None) -> str:
    """The text in one line: all but printable characters escaped, as in \\x1b, and cut after `longest`."""
    if longest is not None and len(text) > longest:
        text = text[:longest] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(value: Any, longest: int = 60) -> str:
    """A plain value as repr has it, cut after so many characters; what has no repr is named by its type."""
    try:
        return shown(repr(value), longest)
    except (ValueError, RecursionError, MemoryError):  # of thousands of digits; of thousands of levels
        return f"a {type(value).__name__} too large to be shown"


def reason(error: BaseException, longest: int = 200) -> str:
    """What an error says, to stand within a sentence: no number of the system's, no name of the file."""
    if isinstance(error, OSError) and error.strerror:
        return shown(error.strerror, longest)
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, MemoryError):
        return "it takes more memory than there is"
    kind = type(error).__name__
    try:
        text = str(error).rstrip(".")
    except ValueError:  # of a number of thousands of digits
        return kind
    return shown(f"{kind} {text}" if isinstance(error, LookupError) else text or kind, longest)
