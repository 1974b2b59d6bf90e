"""Attribution: what of a drawing spoke for an answer, and what against it.

Three ways, from coarse to fine. To leave out a stroke is exact: the drawing without it is read as if it had
been drawn so. To cover a patch is exact for that patch. Integrated gradients share out the whole difference
that the ink makes among the pixels; that their sum is this difference is checked whenever they are made.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ink.preprocessing import FRAME, frame
from engine.ink.rasterize import Ink, Strokes, stroke_ink
from engine.machine.threads import one_blas_thread
from engine.nn.functional import Array
from engine.nn.network import Network
from engine.reading.confidence import Confidence

PATCH = 4  # px, the side of what occlusion covers: a little more than a stroke is wide
STEPS, MOST_STEPS = 32, 2048  # of the way from blank paper: at first, and where it has to be cut finer
CUTS = 16  # steps that are cut in two at a time
NEAR_ENOUGH = 0.005  # of the evidence

Map = npt.NDArray[np.float64]  # (28, 28): above 0 what speaks for the digit, below 0 what speaks against it
Shares = npt.NDArray[np.float64]  # of the whole ink, 0…1


@dataclass(frozen=True)
class Question:
    """Why this digit? Or, with another one, why this digit and not that?"""

    digit: int
    versus: int | None = None

    def weights(self, classes: int) -> npt.NDArray[np.float32]:
        """(classes,) what the evidence is made of: 1 for the digit's logit, -1 for that of the other."""
        weights = np.zeros(classes, np.float32)
        weights[self.digit] = 1
        if self.versus is not None:
            weights[self.versus] -= 1
        return weights

    def evidence(self, logits: Array) -> npt.NDArray[np.float64]:
        """(N,) the digit's logit, less that of the other one."""
        found: npt.NDArray[np.float64] = logits.astype(np.float64) @ self.weights(logits.shape[1])
        return found


@dataclass(frozen=True)
class Contributions:
    """What each pixel adds to the evidence that the question is about."""

    pixels: Map
    evidence: float  # of the drawing
    blank: float  # of blank paper

    @property
    def difference(self) -> float:
        """What all of the ink changes."""
        return self.evidence - self.blank

    @property
    def total(self) -> float:
        """The sum of all contributions: the difference, but for what the integral misses."""
        return float(self.pixels.sum())


@dataclass(frozen=True)
class LeftOut:
    """A drawing without one of its strokes."""

    stroke: int  # its index
    digit: int | None  # what is read then; None where nothing is left
    confidence: float
    worth: float  # by how much the evidence falls: above 0 the stroke spoke for the digit


def contributions(network: Network, image: Ink, question: Question) -> Contributions:
    """Integrated gradients from blank paper: Sundararajan, Taly and Yan (2017).

    The ink grows from nothing to what it is. Each pixel's gradient on the way, times its ink, is what it
    adds, and the sum of all is the evidence at the end less that at the beginning. The gradient jumps where
    a unit wakes, so the way is cut finer where a step's pixels and what it changes differ most, until the
    whole sum is right within half a percent of the difference and of the evidence, whichever is less.

    Parameters
    ----------
    image : (28, 28) array
        What the network sees.
    """
    with one_blas_thread():
        blank, evidence = question.evidence(network.logits(np.stack([_paper(), image]))).tolist()
        starts, stops = np.arange(STEPS) / STEPS, np.arange(1, STEPS + 1) / STEPS
        pixels, missed = _steps(network, image, question, starts, stops)
        near_enough = NEAR_ENOUGH * min(abs(evidence - blank), abs(evidence))
        while abs(missed.sum()) > near_enough and len(pixels) < MOST_STEPS:
            order = np.argsort(-np.abs(missed), kind="stable")
            cut, kept = order[:CUTS], order[CUTS:]
            middles = (starts[cut] + stops[cut]) / 2
            new_starts, new_stops = np.r_[starts[cut], middles], np.r_[middles, stops[cut]]
            new_pixels, new_missed = _steps(network, image, question, new_starts, new_stops)
            starts, stops = np.r_[starts[kept], new_starts], np.r_[stops[kept], new_stops]
            pixels, missed = np.concatenate((pixels[kept], new_pixels)), np.r_[missed[kept], new_missed]
    return Contributions(pixels.sum(axis=0), evidence, blank)


def _steps(
    network: Network, image: Ink, question: Question, starts: Shares, stops: Shares
) -> tuple[Map, Shares]:
    """What each pixel adds in each step of the way, by the gradient in its middle; and what they miss."""

    def at(shares: Shares) -> Ink:
        return shares.astype(np.float32)[:, None, None] * image

    dlogits = np.broadcast_to(question.weights(network.classes), (len(starts), network.classes))
    gradients = network.input_gradient(at((starts + stops) / 2), dlogits).astype(np.float64)
    pixels = gradients * image * (stops - starts)[:, None, None]
    before, after = np.split(question.evidence(network.logits(at(np.r_[starts, stops]))), 2)
    return pixels, after - before - pixels.sum(axis=(1, 2))


def occlusion(network: Network, image: Ink, question: Question, *, patch: int = PATCH) -> Map:
    """By how much the evidence falls where a patch is covered with paper, for each pixel under it.

    Zeiler and Fergus (2014), section 4.2. Patches lie side by side, so each pixel is under one.
    """
    places = [(y, x) for y in range(0, FRAME, patch) for x in range(0, FRAME, patch)]
    covered = np.repeat(image[None], len(places) + 1, axis=0)
    for copy, (y, x) in zip(covered[1:], places, strict=True):
        copy[y : y + patch, x : x + patch] = 0
    evidence = question.evidence(network.logits(covered))
    falls = np.zeros(image.shape)
    for fall, (y, x) in zip(evidence[0] - evidence[1:], places, strict=True):
        falls[y : y + patch, x : x + patch] = fall
    return falls


def strokes_left_out(
    network: Network, confidence: Confidence, strokes: Strokes, question: Question
) -> list[LeftOut]:
    """What is read when each stroke is left out in turn, all in one batch.

    What is left is framed anew, as a drawing that never had the stroke. The whole drawing must have ink.
    """
    images = [_seen([*strokes[:index], *strokes[index + 1 :]]) for index in range(len(strokes))]
    images.append(_seen(strokes))
    logits = network.logits(np.stack([_paper() if image is None else image for image in images]))
    evidence = question.evidence(logits)
    found = []
    for index, row in enumerate(confidence.probabilities(logits[:-1])):
        digit = None if images[index] is None else int(row.argmax())
        sure = 0.0 if digit is None else float(row[digit])
        found.append(LeftOut(index, digit, sure, float(evidence[-1] - evidence[index])))
    return found


def _seen(strokes: Strokes) -> Ink | None:
    """What the network sees of a drawing; None where there is no ink."""
    return frame(stroke_ink(strokes))


def _paper() -> Ink:
    return np.zeros((FRAME, FRAME), np.float32)
