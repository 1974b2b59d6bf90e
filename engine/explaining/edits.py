"""Edits: the smallest change of a drawing that makes it another digit.

Strokes are changed as a pen or an eraser would change them, not pixels. Every change that is told has been
read: it is that digit for the network, surely enough, and for a second network where there is one. Changes
are tried from small to large; where none of them will do, that is the answer.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from engine.ink.polyline import corners, travelled
from engine.ink.preprocessing import FRAME, frame
from engine.ink.rasterize import Ink, Point, Strokes, ink_over, stroke_ink
from engine.machine.threads import one_blas_thread
from engine.nn.network import Network
from engine.reading.confidence import Confidence

SURE = 0.9  # the confidence at which an edit has made another digit
AT_ONCE = 128  # edits that are read in one batch
MOST_POINTS = 90  # of a drawing that is edited, before those are left out that it can do without
FINEST = 0.03  # from point to point
NEEDED = 0.003  # a point is that lies further from the line without it: 0.06 px of the image
MOST_STROKES = 24  # of a drawing that is edited: a digit has five at most, and each more is a hundred edits

# Lengths are shares of the drawing's longest side, angles are in degrees.
PLACES = 0.12  # from place to place along a stroke, where a branch or a link may begin
CUT = (0.08, 0.14, 0.2, 0.28, 0.36, 0.45, 0.55)
EXTENDED = (0.14, 0.25, 0.4, 0.6)
AHEAD = (-60, 0, 60)  # of the direction that the end has
CURLED = (-150, 0, 150)  # by which an extension bends on its way
TURNED = (0.15, 0.25, 0.38, 0.55, 0.75)
TURNS = (-120, -85, -55, -30, 30, 55, 85, 120)
BRANCHES = (0.22, 0.36, 0.55)
DIRECTIONS = 8
ROOM = 0.35  # by which a branch may leave the drawing's box: more would make it a small part of another
LINKS = (0.1, 0.9)  # how long a link may be
RUBBED = (0.15, 0.28, 0.42)
BENT = (-0.24, -0.14, 0.14, 0.24)
GONE_ON_WITH, TRIED_AGAIN = 4, 150  # edits that a second one follows, and how many follow each
PROMISING = 0.02  # the probability of the digit that is wanted, from which an edit is gone on with
MOST_AGAIN = 0.4  # what the second may cost
BENDING_COSTS = 2.5  # times as much as it moves: it looks least like something that a hand does
RUBBING_COSTS = 1.5

Line = npt.NDArray[np.float64]  # (P, 2)


class Kind(Enum):
    """What is done to a drawing."""

    TURNED = "turned"  # an end, around a point of its stroke
    CUT = "cut"  # an end
    EXTENDED = "extended"  # an end
    BRANCH = "branch"  # a new stroke that begins on another
    LINK = "link"  # a new stroke between two places
    RUBBED = "rubbed"  # a piece in the middle of a stroke
    LEFT_OUT = "left out"  # a stroke
    BENT = "bent"  # a stroke


ADDED = {Kind.BRANCH, Kind.LINK}  # a last stroke, which leaves the others as they are
AGAIN = {Kind.TURNED, Kind.CUT, Kind.EXTENDED, Kind.BRANCH, Kind.RUBBED}  # what the second may be


@dataclass(frozen=True)
class Reader:
    """A network, and how its logits are to be read."""

    network: Network
    confidence: Confidence


@dataclass(frozen=True)
class Edit:
    """A change, and what the drawing then is."""

    kind: Kind
    digit: int
    confidence: float
    cost: float  # the ink that is drawn, moved or rubbed out, as a share of the longest side
    strokes: list[list[Point]]  # the whole edited drawing, in the units of the one that came
    drawn: list[Point]  # the line that is new in it, of two edits the second's; empty where ink only goes
    then: Kind | None = None  # what is done after the first, where one alone does not do


@dataclass(frozen=True)
class _Candidate:
    kind: Kind
    cost: float
    lines: list[Line]
    drawn: Line | None = None
    then: Kind | None = None


def smallest_edits(
    reader: Reader, strokes: Strokes, digits: Sequence[int], *, second: Reader | None = None
) -> dict[int, Edit | None]:
    """The smallest edit that makes each of these digits of a drawing; None where no small one does.

    The arguments are those of `edits`.
    """
    found: dict[int, Edit | None] = dict.fromkeys(digits)
    return found | {edit.digit: edit for edit in edits(reader, strokes, digits, second=second)}


def edits(
    reader: Reader,
    strokes: Strokes,
    digits: Sequence[int],
    *,
    second: Reader | None = None,
    confirms: Callable[[Strokes, int], bool] | None = None,
) -> Iterator[Edit]:
    """The smallest edit that makes each of these digits of a drawing, the smallest of all first.

    Where none makes the first of them, two at once are tried for it, which come last. Each is looked for only
    when it is asked for. The arguments are those of `edit_search`.
    """
    search = edit_search(reader, strokes, digits, second=second, confirms=confirms)
    return (edit for edit in search if edit is not None)


def edit_search(
    reader: Reader,
    strokes: Strokes,
    digits: Sequence[int],
    *,
    second: Reader | None = None,
    confirms: Callable[[Strokes, int], bool] | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[Edit | None]:
    """The same, and None after each batch, for who has something else to do in between.

    Parameters
    ----------
    reader : Reader
        Whose answer is to change.
    strokes : sequence of sequences of (x, y)
        In any unit, y downward. Of what has no extent, or more than MOST_STROKES, there are no edits.
    digits : sequence of int
        What the drawing is to become.
    second : Reader, optional
        Another network that must read the same digit.
    confirms : callable, optional
        Whether an edited drawing is this digit to whoever reads it in the end, as a page, say.
    at_once : int
        How many edits are read in one batch.
    """
    lines, origin, size = _on_a_page_of_one(strokes)
    if size == 0 or len(lines) > MOST_STROKES or not digits:
        return

    readers = [reader] if second is None else [reader, second]
    wanted = set(digits)

    def in_its_units(lines: Sequence[Line]) -> list[Line]:
        return [line * size + origin for line in lines]

    def tried(
        candidates: list[_Candidate], before: Sequence[Line]
    ) -> Iterator[tuple[list[Edit], list[tuple[float, _Candidate]]]]:
        """Of each batch the edits that are told, and the evidence of all; `before` is what they change."""
        over = ink_over(in_its_units(before))
        candidates.sort(key=lambda candidate: candidate.cost)
        for start in range(0, len(candidates), at_once):
            batch = candidates[start : start + at_once]
            drawings = [in_its_units(each.lines) for each in batch]
            inks = [
                over(drawing[-1]) if (each.then or each.kind) in ADDED else stroke_ink(drawing)
                for each, drawing in zip(batch, drawings, strict=True)
            ]
            judged = _judged(readers, np.stack(list(map(_framed, inks))), wanted, digits[0])
            found = []
            for index, digit, confidence in judged.surely:
                each, strokes = batch[index], list(map(_points, drawings[index]))
                if digit in wanted and (confirms is None or confirms(strokes, digit)):
                    wanted.remove(digit)
                    drawn = [] if each.drawn is None else _points(each.drawn * size + origin)
                    found.append(Edit(each.kind, digit, confidence, each.cost, strokes, drawn, each.then))
            yield found, list(zip(judged.evidence.tolist(), batch, strict=True))

    promising: list[tuple[float, _Candidate]] = []  # what comes nearest to the first of the digits
    for found, evidence in tried(list(_candidates(lines)), lines):
        yield from found
        if not wanted:
            return
        yield None
        promising = sorted(promising + evidence, key=lambda pair: -pair[0])[:GONE_ON_WITH]
    for evidence_of_one, first in promising:
        if evidence_of_one < PROMISING or digits[0] not in wanted:
            return
        for found, _ in tried(_second_edits(first), first.lines):
            yield from found
            if digits[0] not in wanted:
                return
            yield None


# **** reading ****


def _framed(ink: Ink) -> Ink:
    image = frame(ink)
    return np.zeros((FRAME, FRAME), np.float32) if image is None else image


@dataclass(frozen=True)
class _Judged:
    """What some edited drawings are."""

    surely: list[tuple[int, int, float]]  # (index, digit, confidence) of each that both networks are sure of
    evidence: npt.NDArray[np.float64]  # (N,) the first digit's probability by the network that gives less


def _judged(readers: Sequence[Reader], images: Ink, wanted: Collection[int], first: int) -> _Judged:
    """What both networks read; the slower one is asked only where the quicker one leaves a hope.

    That is where it reads a digit that is wanted, or finds the first of them PROMISING; elsewhere the
    evidence is given as 0.
    """
    given = [np.zeros((len(images), each.network.classes)) for each in readers]
    with one_blas_thread():
        hopeful = np.flatnonzero(images.any(axis=(1, 2)))
        for place in sorted(range(len(readers)), key=lambda place: _work(readers[place].network)):
            if len(hopeful):
                logits = readers[place].network.logits(images[hopeful])
                read = readers[place].confidence.probabilities(logits).astype(np.float64)
                if place == 0:  # whose answer is told: what it refuses is no digit
                    read *= readers[place].confidence.accepts(logits)[:, None]
                given[place][hopeful] = read
                hopeful = hopeful[np.isin(read.argmax(axis=1), list(wanted)) | (read[:, first] >= PROMISING)]
    sure = given[0]
    agreed = np.all([each.argmax(axis=1) == sure.argmax(axis=1) for each in given], axis=0)
    surely = [
        (int(index), int(sure[index].argmax()), float(sure[index].max()))
        for index in hopeful[agreed[hopeful]]
        if sure[index].max() >= SURE
    ]
    return _Judged(surely, np.min([each[:, first] for each in given], axis=0))


def _work(network: Network) -> int:
    """How many numbers it makes of an image, which tells how long it takes."""
    return sum(map(math.prod, network.shapes.values()))


# **** what can be done to a drawing ****


def _candidates(lines: list[Line]) -> Iterator[_Candidate]:
    """All edits that are tried, of lines in a square of side 1."""
    for number, line in enumerate(lines):
        others = [*lines[:number], *lines[number + 1 :]]
        if others:
            yield _Candidate(Kind.LEFT_OUT, _length(line), others)
        for edit in _of_a_line(line):
            yield _Candidate(edit.kind, edit.cost, others + edit.lines, edit.drawn)
    yield from _branches(lines)
    yield from _links(lines)


def _second_edits(first: _Candidate) -> list[_Candidate]:
    """What may be done to an edited drawing, small things first: both as one."""
    edits = [
        _Candidate(first.kind, first.cost + then.cost, then.lines, then.drawn, then.kind)
        for then in _candidates(first.lines)
        if then.cost <= MOST_AGAIN and then.kind in AGAIN
    ]
    return sorted(edits, key=lambda candidate: candidate.cost)[:TRIED_AGAIN]


def _of_a_line(line: Line) -> Iterator[_Candidate]:
    length = _length(line)
    if length < FINEST:
        return
    for way in (line, line[::-1]):  # either end is once the last
        yield from _at_the_end(way, length)
    for piece in RUBBED:
        for start in np.arange(PLACES, length - piece, PLACES):
            parts = [_between(line, 0, start), _between(line, start + piece, length)]
            yield _Candidate(Kind.RUBBED, RUBBING_COSTS * piece, parts)
    across = np.array([[0, 1], [-1, 0]]) @ (line[-1] - line[0])
    if (norm := math.hypot(*across)) > 0.1:
        line = _evenly(line, FINEST)  # what bends has points where it does
        for middle in (0.3, 0.5, 0.7):
            bump = np.exp(-(((travelled(line) / length - middle) / 0.2) ** 2))
            for shift in BENT:
                bent = line + shift * bump[:, None] * across / norm
                yield _Candidate(Kind.BENT, BENDING_COSTS * abs(shift), [bent], bent)


def _at_the_end(line: Line, length: float) -> Iterator[_Candidate]:
    """What is done to the last point's end."""
    for piece in CUT:
        if piece < 0.8 * length:
            yield _Candidate(Kind.CUT, piece, [_between(line, 0, length - piece)])
    heading = line[-1] - _between(line, max(0.0, length - 0.1), length)[0]
    if (norm := math.hypot(*heading)) > 0:
        for piece, angle, curl in product(EXTENDED, AHEAD, CURLED):
            added = line[-1] + piece * _arc(_turned(heading / norm, angle), curl)
            yield _Candidate(Kind.EXTENDED, piece, [np.vstack((line, added[1:]))], added)
    for piece in TURNED:
        if piece < 0.9 * length:
            kept, end = _between(line, 0, length - piece), _between(line, length - piece, length)
            for angle in TURNS:
                moved = end[0] + _turned(end - end[0], angle)
                cost = piece * abs(math.radians(angle)) / 2  # how far its middle goes
                yield _Candidate(Kind.TURNED, cost, [np.vstack((kept, moved[1:]))], moved)


def _branches(lines: list[Line]) -> Iterator[_Candidate]:
    for place in _places(lines):
        for number in range(DIRECTIONS):
            direction = _turned(np.array([1.0, 0.0]), 360 * number / DIRECTIONS)
            for length in BRANCHES:
                branch = np.vstack((place, place + length * direction))
                if branch.min() > -ROOM and branch.max() < 1 + ROOM:
                    yield _Candidate(Kind.BRANCH, length, [*lines, branch], branch)


def _links(lines: list[Line]) -> Iterator[_Candidate]:
    shortest, longest = LINKS
    for first, second in combinations(_places(lines, 1.5 * PLACES), 2):
        link = np.vstack((first, second))
        if shortest <= (length := _length(link)) <= longest:
            yield _Candidate(Kind.LINK, length, [*lines, link], link)


def _places(lines: list[Line], apart: float = PLACES) -> list[Line]:
    """Points along the lines, both ends of each among them."""
    found = []
    for line in lines:
        length = _length(line)
        for place in np.linspace(0, length, max(2, round(length / apart) + 1)):
            found.append(_at(line, float(place)))
    return found


# **** lines ****


def _on_a_page_of_one(strokes: Strokes) -> tuple[list[Line], Line, float]:
    """(the strokes in a square of side 1, with few points; its corner; its side), 0 without an extent."""
    given = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not given:
        return [], np.zeros(2), 0.0
    every = np.concatenate(given)
    origin, size = every.min(axis=0), float(np.ptp(every, axis=0).max())
    if size == 0:
        return given, origin, 0.0
    lines = [(line - origin) / size for line in given]
    spacing = max(FINEST, sum(map(_length, lines)) / MOST_POINTS)
    return [_thinned(_evenly(line, spacing)) for line in lines], origin, size


def _thinned(line: Line) -> Line:
    """A line without the points that it does not need."""
    return line[corners(line, NEEDED)]


def _evenly(line: Line, spacing: float) -> Line:
    length = _length(line)
    return np.stack([_at(line, place) for place in np.linspace(0, length, max(2, round(length / spacing)))])


def _length(line: Line) -> float:
    return float(travelled(line)[-1])


def _at(line: Line, place: float) -> Line:
    """The point at a place along the line."""
    along = travelled(line)
    return np.array([np.interp(place, along, line[:, axis]) for axis in (0, 1)])


def _between(line: Line, start: float, stop: float) -> Line:
    """The piece of a line from one place to another."""
    along = travelled(line)
    inside = line[(along > start) & (along < stop)]
    return np.vstack((_at(line, start), inside, _at(line, stop)))


def _turned(vectors: Line, degrees: float) -> Line:
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    turned: Line = vectors @ np.array([[cos, sin], [-sin, cos]])
    return turned


def _arc(heading: Line, curl: float) -> Line:
    """A line of length 1 that begins along `heading` and turns by `curl` degrees on its way."""
    steps = 8
    turns = (np.arange(steps) + 0.5) / steps * curl if curl else np.zeros(1)
    moves = np.stack([_turned(heading, turn) for turn in turns]) / len(turns)
    return np.vstack((np.zeros(2), np.cumsum(moves, axis=0)))


def _points(line: Line) -> list[Point]:
    return [(float(x), float(y)) for x, y in line]
