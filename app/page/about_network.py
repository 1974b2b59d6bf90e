"""What can be told of a network: its model card, cut into pieces, and its figures as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from engine.files.bounded_files import read_bytes
from engine.files.folder_transaction import read_from
from engine.storage.saved_network import CARD

LARGEST_CARD = 1_000_000  # bytes; the card of the network that ships has some thousands


def read_card(folder: Path) -> str | None:
    """The model card of a network folder; None if there is none that could be shown.

    The folder may come from anywhere, so what is no file or endless is not read.
    """
    try:
        return read_from(folder, CARD, partial(read_bytes, most=LARGEST_CARD)).decode()
    except (OSError, UnicodeDecodeError):
        return None


def card_pieces(card: str) -> Iterator[tuple[str, str]]:
    """Cut a model card's Markdown into (kind, text): title, heading, row of a table, item or text."""
    for kind, lines in groupby(card.splitlines(), _kind):
        if kind == "text":
            yield kind, " ".join(lines).replace("`", "")
            continue
        for line in lines:
            if kind in ("title", "heading"):
                yield kind, line.lstrip("# ")
            elif kind == "item":
                yield kind, "•" + line[1:].replace("`", "")
            elif kind == "row" and line.strip("|- "):  # neither an empty head nor the rule under it
                cells = line.strip("| ").replace("`", "").split("|")
                yield kind, "\t".join(cell.strip() for cell in cells)


def _kind(line: str) -> str:
    if line.startswith("#"):
        return "heading" if line.startswith("##") else "title"
    for start, kind in (("|", "row"), ("- ", "item"), ("* ", "item")):
        if line.startswith(start):
            return kind
    return "text" if line.strip() else "blank"


def readable(name: str, value: object) -> str:
    """Write a figure as people do: 44,426; 99.31 %; yes."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and value >= 10_000:
        return f"{value:,}"
    if isinstance(value, float):
        is_share = "accuracy" in name or name == "interval"
        return f"{100 * value:.2f} %" if is_share and 0 <= value <= 1 else f"{value:.6g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(readable(name, item) for item in value)
    return str(value)
