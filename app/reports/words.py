"""What a page calls distortions and groups of drawings, in the language that is spoken.

In report.json they have the names of the code.
"""

from dataclasses import dataclass

from app.language import _
from app.reports.measured import UNKNOWN


@dataclass(frozen=True)
class DistortionWords:
    """One way to distort images: as a row and as a chart of it are called, and what is to be known of it."""

    name: str
    unit: str
    chart: str
    remark: str


@dataclass(frozen=True)
class GroupingWords:
    """One way to sort drawings: the heading above its table, and that of the table's first column."""

    title: str
    column: str


def distortion_words() -> dict[str, DistortionWords]:
    """By the names in DISTORTIONS."""
    return {
        "shift": DistortionWords(
            _("shift"),
            _("px"),
            _("Accuracy under shift, before and after framing"),
            _("Each image goes up, down, left or right."),
        ),
        "rotation": DistortionWords(
            _("rotation"),
            _("degrees clockwise"),
            _("Accuracy under rotation, before and after framing"),
            _("To the left of 0 against the clock, to the right with it."),
        ),
        "scale": DistortionWords(
            _("scale"),
            _("times the size"),
            _("Accuracy under scale, before and after framing"),
            _("Made smaller or larger around the middle; 1 leaves it as it is."),
        ),
        "thickness": DistortionWords(
            _("thickness"),
            _("px on each side of a line"),
            _("Accuracy under thickness, before and after framing"),
            _("Lines grow on each side, or, below 0, shrink. The thinnest lines then vanish."),
        ),
        "noise": DistortionWords(
            _("noise"),
            _("of full ink, standard deviation"),
            _("Accuracy under noise, before and after framing"),
            _(
                "Framing takes each speck for ink. "
                "Of an opened picture the paper's grain is taken off before."
            ),
        ),
    }


def grouping_words() -> dict[str, GroupingWords]:
    """By what drawings are grouped by."""
    return {
        "source": GroupingWords(_("By source"), _("source")),
        "writer": GroupingWords(_("By writer"), _("writer")),
        "style": GroupingWords(_("By style"), _("style")),
        "kind": GroupingWords(_("By kind"), _("kind")),
    }


def group_name(group: str, by: str) -> str:
    """A group's own name, but for what this program names: it is not known, or a kind that is drawn here."""
    if group == UNKNOWN:
        return _("unknown")
    return _drawn_kinds().get(group, group) if by == "kind" else group


def _drawn_kinds() -> dict[str, str]:
    """Of the non-digits that a report draws to measure with; the others are signs."""
    return {
        "diamond": _("diamond"),
        "house": _("house"),
        "stairs": _("stairs"),
        "coil": _("coil"),
        "rings": _("rings"),
    }


def explanation_words() -> dict[str, str]:
    """How the methods in METHODS, which map what spoke for an answer, are called."""
    return {"integrated gradients": _("integrated gradients"), "occlusion": _("covered patches")}
