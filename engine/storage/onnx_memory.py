"""What a network was taught, inside an ONNX model: it answers there as `TaughtNetwork` does here.

N images, E lessons, P drawings of the reference, A axes, K classes.
"""

import math

import numpy as np

from engine.nn.losses import NO_CLASS
from engine.reading.confidence import Confidence
from engine.reading.memory import (
    CLASSES,
    CLEARER,
    EDGE,
    FLAT,
    REACH,
    SAME,
    SHARPNESS,
    SUREST,
    UNSURE,
    UNSURE_REACH,
    Memory,
    Reference,
    TaughtNetwork,
)
from engine.storage.onnx_graph import Graph

LEAST_LENGTH = np.finfo(np.float32).tiny  # of features that are not all 0
FAR = np.finfo(np.float32).max  # a squared distance beyond all that there are
NEVER = np.finfo(np.float32).min / 2  # a logit whose exponential is 0


def remembered(graph: Graph, logits: str, features: str, taught: TaughtNetwork) -> str:
    """Logits (N, K): those that memory gives where it answers, else the network's own."""
    with graph.named("memory."):
        own = _read(graph, logits, taught.confidence)
        place = _placed(graph, features, taught.memory.reference)
        distance, to_others, label = _recalled(graph, place, taught.memory)
        reach = graph.step("Mul", to_others, _reach(graph, logits, own, taught.confidence))
        is_near = graph.step("Less", distance, reach)
        is_own = graph.step("Equal", label, own)
        answers = graph.step("And", is_near, graph.step("Not", is_own))
        is_none = graph.step("Equal", label, graph.constant(NO_CLASS, np.int64))
        digit = _told(graph, logits, label, _odds(graph, distance, reach), taught.confidence)
        told = graph.step("Where", is_none, _flat(graph, logits), digit)
        return graph.step("Where", answers, told, logits)


def _placed(graph: Graph, features: str, reference: Reference) -> str:
    """(N, A) where features stand, scaled to length 1."""
    features = graph.step("Flatten", features, axis=1)
    length = graph.step("ReduceL2", features, axes=[1])
    unit = graph.step("Div", features, graph.step("Max", length, graph.constant(LEAST_LENGTH)))
    centred = graph.step("Sub", unit, graph.array("mean", reference.mean))
    axes = graph.as_float(graph.array("axes", reference.axes.T, np.float16))  # as exact, and half as large
    return graph.step("MatMul", centred, axes)


def _recalled(graph: Graph, place: str, memory: Memory) -> tuple[str, str, str]:
    """(N, 1) the distance to the nearest lesson, that to what is something else, and the lesson's label."""
    reference = memory.reference
    steps = graph.as_float(graph.array("reference", reference.places, np.int8))
    known = graph.step("Mul", steps, graph.constant(reference.scale))
    to_lessons = _squared_distances(graph, place, graph.array("lessons", memory.places))
    least = graph.step("ReduceMin", to_lessons, axes=[1])
    distance = graph.step("Sqrt", least)
    # of two lessons of one drawing the later one counts
    alike = graph.step("Max", to_lessons, graph.step("Add", least, graph.constant(SAME)))
    nearest = graph.step("ArgMin", alike, axis=1, select_last_index=1)
    label = graph.step("Gather", graph.array("labels", memory.labels, np.int64), nearest)
    is_same = graph.step("Equal", graph.array("known labels", reference.labels, np.int64), label)
    to_known = graph.step("Where", is_same, graph.constant(FAR), _squared_distances(graph, place, known))
    to_others = graph.step("Sqrt", graph.step("ReduceMin", to_known, axes=[1]))
    return distance, to_others, label


def _reach(graph: Graph, logits: str, own: str, confidence: Confidence) -> str:
    """(N, 1) the share of that distance to which a lesson answers; `own` is what `_read` gives."""
    scaled = graph.step("Div", logits, graph.constant(confidence.temperature))
    sureness = graph.step("ReduceMax", graph.step("Softmax", scaled, axis=1), axes=[1])
    is_unsure = graph.step("Less", sureness, graph.constant(UNSURE))
    is_none = graph.step("Equal", own, graph.constant(NO_CLASS, np.int64))
    is_wide = graph.step("And", is_unsure, graph.step("Not", is_none))
    return graph.step("Where", is_wide, graph.constant(UNSURE_REACH), graph.constant(REACH))


def _squared_distances(graph: Graph, places: str, points: str) -> str:
    """(N, P) of places (N, A) to points (P, A), none below 0."""
    own = graph.step("ReduceSumSquare", places, axes=[1])
    squares = graph.step("ReduceSumSquare", points, axes=[1], keepdims=0)
    apart = graph.step("Gemm", places, points, squares, alpha=-2.0, transB=1)
    return graph.step("Relu", graph.step("Add", own, apart))


def _read(graph: Graph, logits: str, confidence: Confidence) -> str:
    """(N, 1) the digit that the network reads by itself, or NO_CLASS."""
    digit = graph.step("ArgMax", logits, axis=1)
    if confidence.rejection is None:
        return digit
    least = graph.constant(confidence.rejection.least_evidence)
    is_refused = graph.step("Less", graph.evidence(logits, keepdims=1), least)
    return graph.step("Where", is_refused, graph.constant(NO_CLASS, np.int64), digit)


def _odds(graph: Graph, distance: str, reach: str) -> str:
    """(N, 1) log(s / (1 - s)) of what memory is sure of: -log(EDGE * r**SHARPNESS), up to that of SUREST."""
    share = graph.step("Div", distance, reach)
    against = graph.step("Mul", graph.step("Pow", share, graph.constant(SHARPNESS)), graph.constant(EDGE))
    sure = graph.step("Neg", graph.step("Log", against))
    return graph.step("Min", sure, graph.constant(math.log(SUREST / (1 - SUREST))))


def _flat(graph: Graph, logits: str) -> str:
    """Logits (N, K) that show no evidence of any digit."""
    apart = graph.step("Sub", logits, graph.step("ReduceMean", logits, axes=[1]))
    return graph.step("Mul", apart, graph.constant(FLAT))


def _told(graph: Graph, logits: str, label: str, odds: str, confidence: Confidence) -> str:
    """Logits (N, K) that give a label its odds against the others, which keep their proportions."""
    temperature = graph.constant(confidence.temperature)
    scaled = graph.step("Div", logits, temperature)
    is_label = graph.step("Equal", graph.array("classes", np.arange(CLASSES), np.int64), label)
    others = graph.step("Where", is_label, graph.constant(NEVER), scaled)
    highest = graph.step("ReduceMax", others, axes=[1])
    likely = graph.step("Exp", graph.step("Sub", others, highest))
    sums = graph.step("ReduceSum", likely, graph.constant([1], np.int64))
    together = graph.step("Add", highest, graph.step("Log", sums))
    set_apart = graph.step("Where", is_label, graph.step("Add", together, odds), scaled)
    return _made_clear(graph, graph.step("Mul", set_apart, temperature), confidence)


def _made_clear(graph: Graph, told: str, confidence: Confidence) -> str:
    """Logits (N, K) times CLEARER as often as it takes to show the least evidence of a digit.

    Evidence is more than how far the highest logit lies above their mean. That is 0.9 times as far as above
    the second, and memory's answer lies log(1 / EDGE) above it, or more, times the temperature. So many times
    are enough for any drawing; all of them are tried side by side, and the first that does is taken.
    """
    apart = 0.9 * math.log(1 / EDGE) * confidence.temperature
    rejection = confidence.rejection
    if rejection is None or rejection.least_evidence <= apart:
        return told
    times = math.ceil(math.log(rejection.least_evidence / apart, CLEARER))
    factors = graph.array("factors", CLEARER ** np.arange(times + 1.0)[:, None])  # (T, 1)
    tried = graph.step(
        "Mul", graph.step("Unsqueeze", told, graph.constant([1], np.int64)), factors
    )  # (N, T, K)
    is_short = graph.step("Less", graph.evidence(tried, axis=2), graph.constant(rejection.least_evidence))
    first = graph.step("ArgMin", graph.as_float(is_short), axis=1, keepdims=0)
    return graph.step("Mul", told, graph.step("Gather", factors, first))
