"""Why one drawing is read as it is, all in one: what the command line tells and pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.explaining.attribution import (
    Contributions,
    LeftOut,
    Question,
    contributions,
    strokes_left_out,
)
from engine.explaining.edits import Edit, Reader, edits
from engine.explaining.neighbours import DigitIndex, Neighbour
from engine.ink.rasterize import Ink, Strokes


@dataclass(frozen=True)
class Explanation:
    """Why this digit and not that one."""

    digit: int
    versus: int
    image: Ink  # (28, 28), what the network saw
    contributions: Contributions  # to the evidence for the digit against the other
    strokes: Sequence[LeftOut]  # in their order; none of a picture
    nearest: Sequence[Neighbour]  # those of the digit first, then those of the other one
    change: Edit | None  # the smallest that makes it another digit; none of a picture


def explain(
    reader: Reader,
    index: DigitIndex,
    image: Ink,
    strokes: Strokes | None = None,
    *,
    to: int | None = None,
    second: Reader | None = None,
    confirms: Callable[[Strokes, int], bool] | None = None,
) -> Explanation:
    """Explain the answer to a drawing, or to a picture.

    Parameters
    ----------
    reader, second, confirms
        As `edits` takes them.
    image : (28, 28) array
        What the network saw of it.
    strokes : sequence of sequences of (x, y), optional
        Of a drawing.
    to : int, optional
        The digit to explain against, and to change the drawing to. Else against the second in order, and to
        whatever other digit needs the least change.
    """
    ranked = np.argsort(-reader.network.logits(image[None])[0], kind="stable").tolist()
    digit, second_in_order, *_ = ranked
    versus = second_in_order if to is None else to
    question = Question(digit, versus)
    change, left_out = None, []
    if strokes is not None:
        wanted = ranked[1:] if to is None else [to]
        change = next(edits(reader, strokes, wanted, second=second, confirms=confirms), None)
        left_out = strokes_left_out(reader.network, reader.confidence, strokes, question)
    return Explanation(
        digit,
        versus,
        image,
        contributions(reader.network, image, question),
        left_out,
        index.nearest(reader.network, image, [digit, versus]),
        change,
    )
