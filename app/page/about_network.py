"""What can be told of a network: its model card, cut into pieces, and its figures as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from engine.files.bounded_files import read_bytes
from engine.files.folder_transaction import read_from
from engine.storage.saved_network import CARD

LARGEST_CARD = 1_000_000  # bytes; the card of the network that ships has some thousands


# What network.json calls a figure, where people would hardly understand that.
_NAMES = {
    "format": "format of its file",
    "scaling": "what is done to ink",
    "deviation": "standard deviation",
    "box": "box of the ink, in pixels",
    "centre": "pixel of its centre of mass",
    "rejection": "what is no digit",
    "least_evidence": "least evidence of a digit",
    "digits_rejected": "digits that are called none",
    "not_digits_rejected": "non-digits that are called none",
    "auc": "area under the ROC curve",
    "config": "settings",
    "weight_average": "share of the old in the running average",
    "patience": "epochs without progress before it stops",
    "least_improvement": "least progress",
    "validation_fraction": "share set aside",
    "keep": "epoch that is kept",
    "train_count": "digits learnt from",
    "validation_count": "digits set aside",
    "chosen": "epoch that was kept",
    "train_loss": "loss while learning",
    "train_accuracy": "accuracy while learning",
    "validation_loss": "loss on digits set aside",
    "validation_accuracy": "accuracy on digits set aside",
    "count": "digits",
    "interval": "95 % interval of the accuracy",
    "accuracy_first_half": "accuracy on the first half",
    "accuracy_second_half": "accuracy on the second half",
    "misread": "misread most often",
    "files": "files and their SHA-256",
}


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


def figure_name(key: str) -> str:
    """What a figure of network.json is called for people."""
    return _NAMES.get(key, key if "." in key else key.replace("_", " "))  # a file keeps its name


def readable(name: str, value: object) -> str:
    """Write a figure as people do: 44,426; 99.31 %; yes; 9 as 4 (7)."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and value >= 10_000:
        return f"{value:,}"
    if isinstance(value, float):
        is_share = "accuracy" in name or name == "interval"
        return f"{100 * value:.2f} %" if is_share and 0 <= value <= 1 else f"{value:.6g}"
    if isinstance(value, Mapping) and {"label", "answer", "count"} <= value.keys():
        return f"{value['label']} as {value['answer']} ({value['count']})"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(readable(name, item) for item in value)
    return str(value)
