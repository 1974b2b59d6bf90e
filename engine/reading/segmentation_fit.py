"""Fits the weights of `segmentation`: those under which the right partitions are most probable.

The pages are numbers by the fitting half of the pen digits' writers, digits of several strokes, drawings that
are no digits, and digits written over one another, which are no number. A partition's probability is the
softmax of its score over all partitions of the page, so this is multinomial logistic regression, a little
regularised; where several partitions are right, it is the sum of theirs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

import numpy as np
import numpy.typing as npt

from engine.datasets.dataset import Dataset
from engine.datasets.not_digits import OF_DIGITS, TAUGHT, draw
from engine.datasets.numbers import (
    APART,
    LINE_GAP,
    TOUCHING,
    Hand,
    by_writer,
    picture_number,
    write_number,
    write_numbers,
    write_over,
)
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.datasets.synthetic import synthetic_digits
from engine.errors import ConfigurationError
from engine.ink.picture import find_ink
from engine.ink.rasterize import Curve, Ink, Strokes, stroke_ink
from engine.reading.confidence import Confidence
from engine.reading.ink_pieces import InkPieces
from engine.reading.layout import Drawing, Pieces
from engine.reading.prediction import NO_DIGIT
from engine.reading.segmentation import Candidates, Judge, Weights, search
from engine.reading.stroke_pieces import StrokePieces

DECAY = 1e-4  # half of it times the weights' squares is added to the mean loss
MOST_PARTITIONS = 3000  # of a page: one that has more is passed over


@dataclass(frozen=True)
class Page(Generic[Drawing]):
    """A page, and which readings of it are right."""

    pieces: Pieces[Drawing]
    is_right: Callable[[str], bool]


@dataclass(frozen=True)
class Choice:
    """All partitions of a page as sums of their groups' features, and which of them are right."""

    features: npt.NDArray[np.float64]  # (N, 2 * len(WEIGHTS))
    right: npt.NDArray[np.bool_]  # (N,); some, and not all


def pages(
    digits: StrokeDataset, judge: Judge[list[Curve]], *, share: float = 1.0, rng: np.random.Generator
) -> Iterator[Page[list[Curve]]]:
    """What the weights are fitted to: a `share` of about 5,000 pages."""

    def some(count: int) -> range:
        return range(max(round(share * count), 1))

    hands = [Hand(), Hand(gap=TOUCHING), Hand(late=True), Hand(joined=0.5)]
    for hand, count in zip(hands, (900, 400, 400, 700), strict=True):
        for number in write_numbers(digits, len(some(count)), hand, lengths=(2, 4), rng=rng):
            yield Page(StrokePieces(number.strokes, judge), number.text.__eq__)
    for number in write_numbers(digits, len(some(200)), Hand(), lengths=(1, 2), lines=2, rng=rng):
        yield Page(StrokePieces(number.strokes, judge), number.text.__eq__)
    for _ in some(250):  # plain bars, upright or leaning, as none of these writers makes a one
        bar = StrokeDrawing([[(rng.uniform(-0.1, 0.45), 0.0), (0.0, 1.0)]], 1)
        bars = write_number([bar] * int(rng.integers(2, 4)), Hand(gap=APART), rng=rng)
        yield Page(StrokePieces(bars.strokes, judge), bars.text.__eq__)
    alone = [*digits.drawings, *synthetic_digits(len(some(600)), rng=rng).drawings]
    for drawing in alone[:: max(round(1 / share), 1)]:
        yield Page(StrokePieces(drawing.strokes, judge), lambda text: len(text) == 1)
    for kind in (kind for kind in dict.fromkeys(TAUGHT) if kind not in OF_DIGITS):
        for _ in some(40):
            yield Page(StrokePieces(draw(kind, rng=rng), judge), lambda text: NO_DIGIT in text)
    writers = by_writer(digits)
    for _ in some(300):
        written = writers[rng.integers(len(writers))]
        label = written[rng.integers(len(written))].label
        same = [drawing for drawing in written if drawing.label == label]
        chosen = same if rng.random() < 0.6 else written  # rings, crosses
        over = [chosen[index] for index in rng.integers(len(chosen), size=rng.integers(2, 4))]
        yield Page(
            StrokePieces(write_over(over, rng=rng), judge), lambda text: NO_DIGIT in text or len(text) == 1
        )


def picture_pages(
    images: Dataset,
    digits: StrokeDataset,
    judge: Judge[Ink],
    *,
    share: float = 1.0,
    rng: np.random.Generator,
) -> Iterator[Page[Ink]]:
    """The same for pictures, a `share` of about 4,000: of MNIST's images, and of drawings that are none."""

    def some(count: int) -> range:
        return range(max(round(share * count), 1))

    def of_ink(ink: Ink, is_right: Callable[[str], bool]) -> Iterator[Page[Ink]]:
        found = find_ink(1 - ink).ink
        if found.any():
            yield Page(InkPieces(found, judge), is_right)

    for hand, longest, count in (Hand(), 3, 900), (Hand(gap=TOUCHING), 3, 900), (Hand(), 1, 800):
        for _ in some(count):
            length = int(rng.integers(min(2, longest), longest + 1))
            picture, text = picture_number(images, hand, length=length, rng=rng)
            yield from of_ink(picture, text.__eq__ if length > 1 else lambda text: len(text) == 1)
    for _ in some(500):
        rows = [picture_number(images, Hand(), length=int(rng.integers(1, 4)), rng=rng) for _ in range(2)]
        text = "\n".join(line for _, line in rows)
        yield from of_ink(_one_below_the_other([ink for ink, _ in rows], rng=rng), text.__eq__)
    for kind in (kind for kind in dict.fromkeys(TAUGHT) if kind not in OF_DIGITS):
        for _ in some(16):
            yield from of_ink(_on_paper(draw(kind, rng=rng)), lambda text: NO_DIGIT in text)
    writers = by_writer(digits)
    for _ in some(200):
        written = writers[rng.integers(len(writers))]
        over = [written[index] for index in rng.integers(len(written), size=rng.integers(2, 4))]
        drawn = write_over(over, rng=rng)
        yield from of_ink(_on_paper(drawn), lambda text: NO_DIGIT in text or len(text) == 1)


def _one_below_the_other(rows: Sequence[Ink], *, rng: np.random.Generator) -> Ink:
    """Lines of digits, with paper around them."""
    cut = [row[row.any(axis=1)] for row in rows]
    width, height = max(row.shape[1] for row in cut), max(len(row) for row in cut)
    spaced = [
        np.pad(row, ((round(height * rng.uniform(*LINE_GAP)), 0), (0, width - row.shape[1]))) for row in cut
    ]
    return np.pad(np.vstack(spaced), ((0, height // 2), (0, 0)))


def _on_paper(strokes: Strokes) -> Ink:
    """A drawing with paper around it."""
    ink = stroke_ink(strokes)
    return np.pad(ink, max(ink.shape) // 3)


def choice(page: Page[Drawing], judge: Judge[Drawing], confidence: Confidence) -> Choice | None:
    """The choice that a page is; None where there is none, or none is right."""
    found = Candidates(page.pieces, judge, confidence)
    if len(found.groups) == 1:
        return None
    ways = search(found.groups, [0.0] * len(found.groups), found.layout.order(), kept=MOST_PARTITIONS + 1)
    right = np.array([page.is_right(found.text(groups)) for _, groups in ways])
    if len(ways) > MOST_PARTITIONS or right.all() or not right.any():
        return None
    features = found.features()
    return Choice(np.stack([features[list(groups)].sum(axis=0) for _, groups in ways]), right)


def fit_weights(choices: Sequence[Choice]) -> Weights:
    """The weights under which what is right is most probable."""
    from scipy.optimize import minimize  # here: opening the window need not wait for it

    if not choices:
        raise ConfigurationError(
            "Segmentation is fitted to pages that can be read in several ways; got none."
        )
    features = np.concatenate([choice.features for choice in choices])
    right = np.concatenate([choice.right for choice in choices])
    counts = np.array([len(choice.right) for choice in choices])
    starts = np.cumsum(counts) - counts

    def log_sum(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        highest = np.maximum.reduceat(scores, starts)
        sums = np.add.reduceat(np.exp(scores - np.repeat(highest, counts)), starts)
        total: npt.NDArray[np.float64] = highest + np.log(sums)
        return total

    def loss_and_gradient(by: Weights) -> tuple[float, Weights]:
        scores = features @ by
        all_, good = log_sum(scores), log_sum(np.where(right, scores, -1e9))
        # d loss / d score: what is expected of all partitions less what is expected of the right ones
        excess = np.exp(scores - np.repeat(all_, counts))
        excess -= np.where(right, np.exp((scores - np.repeat(good, counts)).clip(max=0)), 0)
        loss = float((all_ - good).mean()) + DECAY / 2 * float(by @ by)
        return loss, excess @ features / len(choices) + DECAY * by

    start = np.zeros(features.shape[1])
    found = minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    fitted: Weights = found.x
    return fitted
