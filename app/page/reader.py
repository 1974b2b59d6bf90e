"""Has a network read the page, and makes plain values of what it says.

What the person has grouped by hand is read alone, each group as one drawing; the network divides the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from app.page.frame import Box
from app.page.picture_place import over_ink, place_of_ink
from app.page.reading import PageReading, Part, Reading, text_of
from engine.reading.layout import in_lines

if TYPE_CHECKING:
    from app.page.drawing import Drawing
    from engine import Confidence, Network, PagePrediction, Prediction
    from engine.ink.rasterize import Ink, Point
    from engine.ink.rasterize import Strokes as AnyStrokes
    from engine.nn.functional import Array
    from engine.nn.silencing import Off
    from engine.reading.halving import Halves
    from engine.reading.memory import Memory
    from engine.storage.network_facts import NetworkFacts

    Strokes = Sequence[Sequence[Point]]


class Reader(Protocol):
    """What the Controller needs of engine.Recognizer."""

    @property
    def folder(self) -> Path: ...
    @property
    def facts(self) -> NetworkFacts: ...
    @property
    def network(self) -> Network: ...
    @property
    def confidence(self) -> Confidence: ...
    @property
    def memory(self) -> Memory | None: ...
    def teach(self, memory: Memory) -> None:
        """Answer by this memory from now on."""

    @property
    def first(self) -> Reader:
        """What can be looked into: itself, or of a committee the first of its networks."""

    def named(self, folder: Path) -> Reader:
        """The same, of the network that lies there."""

    def silenced(self, off: Off) -> Reader:
        """The same, without some maps of its network."""

    def with_network(self, network: Network, confidence: Confidence | None = None) -> Reader:
        """The same with its network changed, and what it says with it, if that is to be taken otherwise."""

    def judge_images(self, images: Sequence[Ink]) -> Array:
        """(N, 10) logits of framed images."""

    def recognize(self, strokes: Strokes) -> Prediction: ...
    def recognize_page(self, strokes: AnyStrokes, *, underway: bool = False) -> PagePrediction: ...
    def halves(self, strokes: AnyStrokes) -> Halves | None: ...
    def halving_path(self, ink: Ink, box: Box) -> list[Point]: ...
    def recognize_image(self, ink: Ink) -> Prediction: ...
    def recognize_image_page(self, ink: Ink, *, box: Box | None = None) -> PagePrediction: ...
    def recognize_over_image(self, ink: Ink, strokes: Strokes) -> Prediction: ...


def read(reader: Reader, drawing: Drawing, *, underway: bool = False) -> PageReading:
    """What a network reads on the page, while its last stroke may be `underway`."""
    picture, strokes = drawing.picture, [stroke.points for stroke in drawing.strokes]
    if picture is not None and strokes:
        over = [over_ink(picture, stroke) for stroke in strokes]
        return _of_one(reader.recognize_over_image(picture.ink, over))
    if picture is not None:
        ink = picture.ink if picture.divided is None else picture.divided
        page = reader.recognize_image_page(ink, box=place_of_ink(picture))
        return _of_page(page) if page.parts else _of_one(reader.recognize_image(picture.ink))
    if not strokes:
        return PageReading()
    if drawing.is_dot:  # a click that trembled must not be enlarged into a shape
        return _of_one(reader.recognize([strokes[0][:1]]))
    if drawing.groups:
        return _grouped(reader, drawing, underway=underway)
    return _of_page(reader.recognize_page(strokes, underway=underway))


def reading_of(prediction: Prediction) -> Reading:
    """A prediction in plain values."""
    return Reading(
        probabilities=tuple(prediction.probabilities.tolist()),
        digit=prediction.digit,
        confidence=float(prediction.confidence),
        runner_up=prediction.runner_up,
        is_digit=bool(prediction.is_digit),
        is_drawn=True,
        ink=to_bytes(prediction.image),
        image=prediction.image,
        from_memory=prediction.from_memory,
    )


def to_bytes(ink: Ink) -> bytes:
    """Ink row by row, a byte a pixel: 0 paper, 255 ink."""
    return (255 * ink.clip(0, 1) + 0.5).astype(np.uint8).tobytes()


def _grouped(reader: Reader, drawing: Drawing, *, underway: bool) -> PageReading:
    """Groups by hand, and among them what the network makes of the other pieces."""
    by_hand = {number for group in drawing.groups for number in group}
    others = [number for number in range(len(drawing.pieces)) if number not in by_hand]
    apart = [points for number in others for points in drawing.drawn([number])]
    page = reader.recognize_page(apart, underway=underway)
    parts = [
        Part(reading_of(part.prediction), part.box, tuple(others[number] for number in part.strokes))
        for part in page.parts
    ]
    certainties = [page.confidence] if page.parts else []
    for group in drawing.groups:
        drawn = drawing.drawn(group)
        parts.append(Part(reading_of(reader.recognize(drawn)), _box_of(drawn), group))
        certainties.append(parts[-1].reading.confidence)
    lines = [[parts[place] for place in line] for line in in_lines([part.box for part in parts])]
    return PageReading(
        text_of(lines),
        tuple(part for line in lines for part in line),
        prod(certainties),
        is_provisional=page.is_provisional,
    )


def _box_of(strokes: Strokes) -> Box:
    xs, ys = zip(*(point for stroke in strokes for point in stroke), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _of_page(page: PagePrediction) -> PageReading:
    parts = tuple(Part(reading_of(part.prediction), part.box, part.strokes) for part in page.parts)
    alternatives = tuple((other.text, other.probability) for other in page.alternatives)
    return PageReading(page.text, parts, page.confidence, alternatives, is_provisional=page.is_provisional)


def _of_one(prediction: Prediction) -> PageReading:
    part = Part(reading_of(prediction))
    return PageReading(text_of([[part]]), (part,), part.reading.confidence)
