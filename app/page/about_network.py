"""What can be told of a network: its model card, cut into pieces, and its figures as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from app.language import N_, _, decimal, significant
from engine.errors import SavedNetworkError
from engine.storage.saved_network import load_card

LARGEST_CARD = 1_000_000  # bytes; the card of the network that ships has some thousands


# What network.json calls its figures, in words; a data set's name and the like stand there as they are.
_NAMES = {
    "format": N_("format of its file"),
    "architecture": N_("architecture"),
    "parameters": N_("parameters"),
    "input": N_("input"),
    "shape": N_("shape"),
    "scaling": N_("what is done to ink"),
    "threshold": N_("threshold"),
    "mean": N_("mean"),
    "deviation": N_("standard deviation"),
    "framing": N_("framing"),
    "ink": N_("ink"),
    "box": N_("box of the ink, in pixels"),
    "centre": N_("pixel of its centre of mass"),
    "confidence": N_("confidence"),
    "temperature": N_("temperature"),
    "rejection": N_("what is no digit"),
    "least_evidence": N_("least evidence of a digit"),
    "digits_rejected": N_("digits that are called none"),
    "not_digits_rejected": N_("non-digits that are called none"),
    "auc": N_("area under the ROC curve"),
    "layers": N_("layers"),
    "kind": N_("kind"),
    "sizes": N_("sizes"),
    "taught": N_("what it was taught"),
    "parent": N_("SHA-256 of the network that it was made from"),
    "samples": N_("SHA-256 of the samples"),
    "training": N_("training"),
    "dataset": N_("data set"),
    "config": N_("settings"),
    "epochs": N_("epochs"),
    "batch_size": N_("batch size"),
    "learning_rate": N_("learning rate"),
    "optimizer": N_("optimizer"),
    "schedule": N_("schedule"),
    "loss": N_("loss"),
    "label_smoothing": N_("label smoothing"),
    "weight_decay": N_("weight decay"),
    "weight_average": N_("share of the old in the running average"),
    "augmentation": N_("augmentation"),
    "stroke_augmentation": N_("augmentation of drawings"),
    "shift": N_("shift"),
    "rotation": N_("rotation"),
    "zoom": N_("zoom"),
    "shear": N_("shear"),
    "elastic": N_("elastic"),
    "thickness": N_("thickness"),
    "probability": N_("probability"),
    "flip": N_("flip"),
    "aspect": N_("aspect"),
    "stroke_shift": N_("shift of a stroke"),
    "stroke_scale": N_("scale of a stroke"),
    "warp": N_("warp"),
    "ends": N_("ends"),
    "joined": N_("joined strokes"),
    "spacing": N_("spacing of points"),
    "pen": N_("pen"),
    "drawings": N_("drawings"),
    "validation_fraction": N_("share set aside"),
    "keep": N_("epoch that is kept"),
    "patience": N_("epochs without progress before it stops"),
    "least_improvement": N_("least progress"),
    "processes": N_("processes that learn together"),
    "statistics": N_("what is normalised by, in several processes"),
    "start": N_("network that it went on from"),
    "distil": N_("share of the loss that is agreeing with that network, or with its teachers"),
    "teachers": N_("networks that it was taught by"),
    "seed": N_("seed"),
    "workers": N_("workers"),
    "train_count": N_("digits learnt from"),
    "validation_count": N_("digits set aside"),
    "seconds": N_("seconds"),
    "chosen": N_("epoch that was kept"),
    "epoch": N_("epoch"),
    "step": N_("step"),
    "train_loss": N_("loss while learning"),
    "train_accuracy": N_("accuracy while learning"),
    "validation_loss": N_("loss on digits set aside"),
    "validation_accuracy": N_("accuracy on digits set aside"),
    "command": N_("command"),
    "ended_after": N_("steps after which a person ended it"),
    "test": N_("test"),
    "name": N_("name"),
    "source": N_("source"),
    "count": N_("digits"),
    "accuracy": N_("accuracy"),
    "interval": N_("95 % interval of the accuracy"),
    "accuracy_first_half": N_("accuracy on the first half"),
    "accuracy_second_half": N_("accuracy on the second half"),
    "calibration_error": N_("calibration error"),
    "misread": N_("misread most often"),
    "files": N_("files and their SHA-256"),
}


def read_card(folder: Path) -> str | None:
    """The model card of a network folder; None if there is none that could be shown.

    The folder may come from anywhere, so what is no file or endless is not read.
    """
    try:
        return load_card(folder, LARGEST_CARD).decode()
    except (SavedNetworkError, UnicodeDecodeError):
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
                cells = line.strip().strip("|").replace("`", "").split("|")  # the first may be empty
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
    if key in _NAMES:
        return _(_NAMES[key])
    return key if "." in key else key.replace("_", " ")  # a file keeps its name


def readable(name: str, value: object) -> str:
    """Write a figure as people do: 44,426; 99.31 %; yes; 9 as 4 (7)."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and value >= 10_000:
        return decimal(value)
    if isinstance(value, float):
        is_share = "accuracy" in name or name == "interval"
        if is_share and 0 <= value <= 1:
            return _("{percent} %").format(percent=decimal(100 * value, 2))
        return significant(value, 6)
    if isinstance(value, Mapping) and {"label", "answer", "count"} <= value.keys():
        return _("{label} as {prediction} ({count})").format(
            label=value["label"], prediction=value["answer"], count=value["count"]
        )
    if isinstance(value, Mapping) and {"name", "accuracy", "count"} <= value.keys():
        return _("{name}: {percent} % of {count}").format(
            name=value["name"], percent=decimal(100 * value["accuracy"], 2), count=decimal(value["count"])
        )
    if isinstance(value, Mapping) and value.keys() == {"name", "sha256"}:
        return _("{name} (SHA-256 {sha256})").format(**value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(readable(name, item) for item in value)
    return str(value)
