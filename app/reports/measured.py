"""What is measured for a report: sets of images and drawings, and drawings of no digit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from app.language import _, decimal, ngettext
from engine import Evaluation, Network, SavedNetwork, evaluate
from engine.datasets.dataset import Images, as_ink
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.explaining.faithfulness import Faithfulness, faithfulness
from engine.ink.preprocessing import FRAME
from engine.ink.rasterize import Ink, Strokes
from engine.reading.evaluation import Rejections, logits_of, measure_rejections
from engine.reading.rejection import auc, evidence
from engine.reading.robustness import RobustnessRecord

DIGITS = tuple("0123456789")
UNKNOWN = "unknown"
EXPLAINED = 20  # digits, on which explanations are put to the test


@dataclass(frozen=True)
class MeasuredSet:
    """What a network reads in one set of images, and what is known of these images."""

    name: Callable[[], str]  # in the language that is spoken
    evaluation: Evaluation
    images: Images  # (N, 28, 28), or (N, 3, H, W), as the network saw them
    examples: Sequence[str]  # N names under which each can be found again
    classes: Sequence[str] = DIGITS
    groups: Mapping[str, Sequence[str]] = field(
        default_factory=dict
    )  # by "writer", say: that of each example
    strokes: Sequence[Strokes] | None = None  # of each example, where it was drawn
    robustness: Sequence[RobustnessRecord] = ()


def measured_drawings(
    saved: SavedNetwork, sources: Mapping[str, StrokeDataset], *, name: Callable[[], str] | None = None
) -> MeasuredSet:
    """Measure a network on drawings, at least one, by the names of where they are from."""
    drawings, examples, groups = _gathered(sources)
    images = StrokeDataset(drawings).rendered()
    return MeasuredSet(
        name or partial(_drawings_in, list(sources)),
        evaluate(saved.classifier, images, confidence=saved.confidence),
        images.images,
        examples,
        groups={by: keys for by, keys in groups.items() if len(set(keys)) > 1},
        strokes=[drawing.strokes for drawing in drawings],
    )


def _drawings_in(files: Sequence[str]) -> str:
    if len(files) == 1:
        return _("Drawings in {file}").format(file=files[0])
    return ngettext("Drawings in {count} file", "Drawings in {count} files", len(files)).format(
        count=decimal(len(files))
    )


@dataclass(frozen=True)
class MeasuredNotDigits:
    """What a network takes drawings of no digit for, and what is known of these drawings."""

    rejections: Rejections
    images: Images  # (N, 28, 28)
    examples: Sequence[str]
    groups: Mapping[str, Sequence[str]]  # "kind", and more where they differ
    strokes: Sequence[Strokes]
    auc: float | None  # against the digits that were measured beside them


def measured_not_digits(
    saved: SavedNetwork, sources: Mapping[str, StrokeDataset], *, beside: Sequence[MeasuredSet]
) -> MeasuredNotDigits:
    """Measure a network on drawings of no digit, at least one, beside digits that were measured already."""
    network = saved.classifier
    drawings, examples, groups = _gathered(sources)
    images = StrokeDataset(drawings).rendered().images
    inside = [evidence(logits_of(network, measured.images)) for measured in beside]
    outside = evidence(logits_of(network, images))
    groups["kind"] = groups.pop("style")
    return MeasuredNotDigits(
        measure_rejections(network, images, confidence=saved.confidence),
        images,
        examples,
        {by: groups[by] for by in ("kind", "source", "writer") if by == "kind" or len(set(groups[by])) > 1},
        [drawing.strokes for drawing in drawings],
        auc(np.concatenate(inside), outside) if inside else None,
    )


def measured_explanations(network: Network, sets: Sequence[MeasuredSet]) -> list[Faithfulness]:
    """Put maps of evidence to the test, on a few digits of the first set that are read right."""
    chosen = [_read_right(measured) for measured in sets if measured.images.shape[1:] == (FRAME, FRAME)][:1]
    images = [image for images in chosen for image in images if image.any()]
    return faithfulness(network, images, rng=np.random.default_rng(0)) if images else []


def _read_right(measured: MeasuredSet) -> list[Ink]:
    """EXPLAINED images, as many of each class."""
    evaluation = measured.evaluation
    right = np.flatnonzero(evaluation.predictions == evaluation.labels)
    each = EXPLAINED // len(measured.classes)
    indices = [
        index
        for digit in range(len(measured.classes))
        for index in right[evaluation.labels[right] == digit][:each]
    ]
    return [as_ink(measured.images[index]) for index in indices]


def _gathered(
    sources: Mapping[str, StrokeDataset],
) -> tuple[list[StrokeDrawing], list[str], dict[str, list[str]]]:
    """The drawings of all sources: (drawings, a name for each, the groups that each is in)."""
    drawings = [drawing for source in sources.values() for drawing in source.drawings]
    # counted from 0, as `predict` does
    examples = [f"{name}:{index}" for name, source in sources.items() for index in range(len(source))]
    groups = {
        "source": [name for name, source in sources.items() for _drawing in source.drawings],
        "writer": [drawing.writer or UNKNOWN for drawing in drawings],
        "style": [drawing.style or UNKNOWN for drawing in drawings],
    }
    return drawings, examples, groups
