"""A memory answers for what is nearer to its lessons than to all else, and for nothing else."""

import math
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from engine import Confidence, build_network
from engine.datasets.strokes import render
from engine.errors import SavedNetworkError
from engine.files.array_files import archive_of, arrays_of
from engine.nn.architectures import ARCHITECTURES
from engine.nn.layers import MaxPool2D, MeanPool2D, Subsample2D
from engine.nn.losses import NO_CLASS
from engine.nn.network import Network
from engine.reading.memory import (
    DOUBTFUL,
    EDGE,
    REACH,
    SAME,
    SHARPNESS,
    UNSURE_REACH,
    Doubt,
    Memory,
    Reference,
    TaughtNetwork,
    Verdict,
    feature_layer,
    features_of,
    reaches,
)
from engine.reading.rejection import Rejection
from tests.digit_templates import digit_strokes

KNOWN = render([digit_strokes(digit) for digit in range(10)])
LABELS = np.arange(10)
NONE = render([[[(0, 0), (1, 1), (2, 0), (3, 1), (4, 0)]]])
NEW = render([[[(0, 0), (1, 3)], [(1, 0), (0, 3)], [(0, 1), (1, 1)]]])  # crossed twice: nobody's digit


@pytest.fixture(scope="module")
def network():
    return build_network("lenet5", rng=np.random.default_rng(1))


@pytest.fixture(scope="module")
def reference(network):
    return Reference.build(network, np.concatenate([KNOWN, NONE]), np.append(LABELS, NO_CLASS))


def ink(images):
    return images.astype(np.float32) / 255


def sure(network):
    """The same of whatever it reads."""
    network = deepcopy(network)
    network.layers["output"].weight.value *= 1000
    return network


def own_answers(network, images):
    return network.logits(ink(images)).argmax(axis=1)


# **** the space ****


@pytest.mark.parametrize(
    ("architecture", "layer"),
    [("lenet5", "relu4"), ("best", "relu4"), ("lenet5-1998", "s4"), ("mlp-tanh", None)],
)
def test_the_space_is_the_last_pooled_map_after_its_activation(architecture, layer):
    network = build_network(architecture, rng=np.random.default_rng(0))
    found = feature_layer(network)
    if layer is None:  # no map is pooled: what the output layer reads
        assert found == list(network.layers)[-2]
    else:
        assert found == layer or isinstance(network.layers[layer], (MaxPool2D, MeanPool2D, Subsample2D))


@pytest.mark.parametrize(
    "architecture",
    [name for name in ARCHITECTURES if build_network(name, rng=np.random.default_rng(0)).input_shape[0] == 1],
)
def test_every_network_for_digits_can_be_taught(architecture):
    network = build_network(architecture, rng=np.random.default_rng(0))
    names = list(network.layers)
    after = names[names.index(feature_layer(network)) + 1 :]
    pools = (MaxPool2D, MeanPool2D, Subsample2D)
    assert not any(isinstance(network.layers[name], pools) for name in after)
    assert len(network.shapes[feature_layer(network)]) in (1, 3)


def test_features_have_the_length_one_and_none_stays_none(network):
    images = np.concatenate([ink(KNOWN[:2]), np.zeros((1, 28, 28), np.float32)])
    features = features_of(network.trace(images), feature_layer(network))
    assert features.shape == (3, 256)
    assert np.allclose(np.linalg.norm(features[:2], axis=1), 1, atol=1e-6)
    assert np.linalg.norm(features[2]) == pytest.approx(1) or not features[2].any()


def test_distances_are_those_of_the_features(network, reference):
    """As far as there are axes for: those of 11 drawings span 10, so all of it."""
    features = features_of(network.trace(ink(KNOWN)), feature_layer(network)).astype(np.float64)
    exact = np.square(features[:, None] - features).sum(axis=2)
    found = reference.points.distances(reference.place(features.astype(np.float32)))[:, :10]
    assert np.allclose(found, exact, atol=0.01)  # a byte an axis


# **** answers ****


def test_an_empty_memory_answers_nothing(network, reference):
    taught = TaughtNetwork(network, Memory(reference), Confidence())
    assert np.array_equal(taught.logits(ink(KNOWN)), network.logits(ink(KNOWN)))
    assert not taught.remembers(ink(KNOWN)).any()


def test_what_was_taught_is_answered_and_nothing_else_changes(network, reference):
    network = sure(network)
    (own,) = own_answers(network, NEW)
    label = (own + 1) % 10
    memory = Memory(reference).taught(network, NEW, np.array([label]))
    taught = TaughtNetwork(network, memory, Confidence())
    images = ink(np.concatenate([NEW, KNOWN, NONE]))
    logits = taught.logits(images)
    assert logits[0].argmax() == label
    assert np.array_equal(logits[1:], network.logits(images)[1:])
    assert taught.remembers(images).tolist() == [True] + [False] * 11


def test_a_lesson_reaches_further_where_the_network_takes_it_for_a_digit_but_is_unsure():
    logits = np.zeros((2, 10))
    logits[:, 7] = math.log(9 * 0.89 / 0.11), math.log(9 * 0.91 / 0.09)  # 89 and 91 %
    assert reaches(logits, Confidence()).tolist() == [UNSURE_REACH, REACH]
    assert reaches(logits / 2, Confidence(0.5)).tolist() == [UNSURE_REACH, REACH]
    refused = Confidence(1.0, Rejection(100.0, 0.0, 0.5, 0.9))
    assert reaches(logits, refused).tolist() == [REACH, REACH]  # it is sure that this is none


def test_so_it_answers_there_for_what_is_hardly_nearer_to_it(network, reference):
    between = ink(NEW) * np.linspace(0, 1, 200, dtype=np.float32)[:, None, None] + ink(KNOWN[3:4])
    label = (own_answers(network, NEW)[0] + 1) % 10
    memory = Memory(reference).taught(network, NEW, np.array([label]))
    places = memory.placed(network, (255 * between.clip(0, 1)).astype(np.uint8))
    is_hardly_nearer = memory.recall(places, 1.0).answers & ~memory.recall(places, REACH).answers
    images = between.clip(0, 1)[is_hardly_nearer & (network.logits(between).argmax(axis=1) != label)]
    assert len(images)
    remembered = [
        TaughtNetwork(each, memory, Confidence()).remembers(images).mean()
        for each in (network, sure(network))
    ]
    assert remembered[0] > 0.9  # but for what the bytes of an image have rounded
    assert remembered[1] < 0.1


def test_what_the_network_reads_so_by_itself_is_its_own_answer(network, reference):
    memory = Memory(reference).taught(network, NEW, own_answers(network, NEW))
    taught = TaughtNetwork(network, memory, Confidence())
    assert np.array_equal(taught.logits(ink(NEW)), network.logits(ink(NEW)))
    assert not taught.remembers(ink(NEW)).any()


def test_taken_out_again_it_is_as_if_it_had_never_been(network, reference):
    memory = Memory(reference).taught(network, KNOWN[:2], np.array([5, 6]))
    undone = memory.taught(network, NEW, np.array([7])).without(2)
    assert np.array_equal(undone.places, memory.places)
    assert undone.labels.tolist() == [5, 6]


def test_a_lesson_reaches_as_far_as_it_is_clearly_nearer(reference):
    """On the line from a lesson at 1 to the reference at 0 along one axis: by the ratio of the distances."""
    line = np.zeros((3, len(reference.axes)), np.float32)
    nearest = np.zeros((1, len(reference.axes)), np.int8)
    alone = Reference(np.array([3], np.int8), nearest, reference.mean, reference.axes, reference.scale)
    memory = Memory(alone).added(np.eye(1, line.shape[1], dtype=np.float32), np.array([4]))
    edge = 1 / (1 + REACH)  # where 1 - x is REACH times x
    line[:, 0] = 1, edge + 0.01, edge - 0.01
    recall = memory.recall(line)
    assert recall.answers.tolist() == [True, True, False]
    assert recall.sureness[0] == 1
    assert 0.8 < recall.sureness[1] < 0.85


def test_what_is_known_of_the_same_digit_does_not_keep_a_lesson_back(reference):
    places = np.zeros((3, reference.places.shape[1]), np.int8)
    places[:, 0] = [0, 80, -100]
    line = replace(reference, places=places, labels=np.array([7, 3, 3], np.int8), scale=0.01)
    memory = Memory(line).added(np.eye(1, places.shape[1], dtype=np.float32) * 0.3, np.array([7]))
    asked = np.zeros((2, places.shape[1]), np.float32)
    asked[:, 0] = [0.1, 0.7]  # nearer to the 7 that is known than to the lesson; nearer to a 3
    recall = memory.recall(asked)
    assert recall.answers.tolist() == [True, False]
    assert recall.sureness[0] == pytest.approx(1 / (1 + EDGE * (0.2 / (REACH * 0.7)) ** SHARPNESS))
    alone = Memory(
        replace(line, places=places[:1], labels=np.array([7], np.int8)), memory.places, memory.labels
    )
    assert alone.recall(asked).answers.all()  # there is nothing else


def test_the_last_of_two_lessons_of_one_drawing_counts(network, reference):
    (own,) = own_answers(network, NEW)
    memory = Memory(reference)
    for label in ((own + 1) % 10, (own + 2) % 10):
        memory = memory.taught(network, NEW, np.array([label]))
    assert TaughtNetwork(network, memory, Confidence()).logits(ink(NEW)).argmax() == (own + 2) % 10


def test_so_it_does_where_rounding_has_moved_it_further_off(reference):
    places = np.zeros((2, len(reference.axes)), np.float32)
    places[:, 0] = 0, 0.5 * math.sqrt(SAME)
    memory = Memory(reference).added(places, np.array([4, 6]))
    assert memory.recall(places).labels.tolist() == [6, 6]
    places[1] *= 4  # another drawing
    assert Memory(reference).added(places, np.array([4, 6])).recall(places).labels.tolist() == [4, 6]


@pytest.mark.parametrize("rejection", [None, Rejection(6.0, 0.0, 0.5, 0.9), Rejection(40.0, 0.0, 0.5, 0.9)])
def test_a_taught_digit_is_accepted_with_the_confidence_of_the_memory(network, reference, rejection):
    confidence = Confidence(1.7, rejection)
    (own,) = own_answers(network, NEW)
    label = (own + 3) % 10
    memory = Memory(reference).taught(network, NEW, np.array([label]))
    taught = TaughtNetwork(network, memory, memory.confidence(confidence))
    logits = taught.logits(ink(NEW))
    assert taught.confidence.accepts(logits).tolist() == [True]
    probabilities = taught.confidence.probabilities(logits)[0]
    assert probabilities.argmax() == label
    assert probabilities[label] >= 0.998  # the very drawing: as sure as it gets
    before = np.delete(confidence.probabilities(network.logits(ink(NEW)))[0], label)
    if rejection is None:  # the others keep their proportions
        others = np.delete(probabilities, label)
        assert np.allclose(others / others.sum(), before / before.sum(), atol=1e-5)


@pytest.mark.parametrize("rejection", [None, Rejection(4.0, 0.0, 0.5, 0.9)])
def test_what_was_taught_to_be_no_digit_is_refused_and_nothing_else(network, reference, rejection):
    confidence = Confidence(1.0, rejection)
    before = confidence.accepts(network.logits(ink(KNOWN)))
    memory = Memory(reference).taught(network, NEW, np.array([NO_CLASS]))
    taught = TaughtNetwork(network, memory, memory.confidence(confidence))
    accepts = taught.confidence.accepts(taught.logits(ink(np.concatenate([NEW, KNOWN]))))
    assert not accepts[0]
    assert np.array_equal(accepts[1:], before)
    assert (memory.confidence(confidence) == confidence) == (rejection is not None)


def test_logits_that_are_no_numbers_are_handed_on(reference):
    network = build_network("lenet5", rng=np.random.default_rng(1))
    network.parameters[-1].value[:] = np.inf
    memory = Memory(reference).added(np.zeros((1, len(reference.axes)), np.float32), np.array([4]))
    assert np.isinf(TaughtNetwork(network, memory, Confidence()).logits(ink(NEW))).all()


def test_many_images_are_answered_as_one_by_one(network, reference):
    memory = Memory(reference).taught(network, NEW, np.array([4]))
    taught = TaughtNetwork(network, memory, Confidence())
    many = np.concatenate([KNOWN] * 26 + [NEW])  # more than are held at once
    one_by_one = np.concatenate([taught.logits(ink(many[i : i + 1])) for i in (0, 259, 260)])
    assert np.allclose(taught.logits(ink(many))[[0, 259, 260]], one_by_one, atol=1e-4)
    assert len(taught.logits(ink(many[:0]))) == 0


# **** doubts ****


def crowd(reference, *places):
    """A reference of points on two axes, each (x, y, label)."""
    A = len(reference.axes)
    points = np.zeros((len(places), A), np.int8)
    points[:, :2] = [place[:2] for place in places]
    labels = np.array([place[2] for place in places], np.int8)
    return Reference(labels, points, reference.mean, reference.axes, 1.0)


def at(reference, x, y):
    place = np.zeros(len(reference.axes), np.float32)
    place[:2] = x, y
    return place


def test_a_lesson_amid_digits_of_another_class_is_doubtful(reference):
    sevens = [(0, 1, 7), (1, 0, 7), (0, -1, 7), (-1, 0, 7), (1, 1, 7)]
    far = (0, math.ceil(DOUBTFUL) + 1, 1)
    memory = Memory(crowd(reference, *sevens, far))
    amid = at(reference, 0, 0)
    assert memory.verdict(amid, 1) == Verdict(Doubt.AMID_OTHERS, 7)
    assert memory.verdict(amid, 7) is None
    assert memory.verdict(amid, 2) == Verdict(Doubt.AMID_OTHERS, 7)  # of which there is none
    # one of its own is as near, or was taught there
    assert Memory(crowd(reference, *sevens, (1, -1, 1))).verdict(amid, 1) is None
    assert memory.added(at(reference, 0, 1.2)[None], np.array([1])).verdict(amid, 1) is None
    mixed = Memory(crowd(reference, *sevens[:3], (1, 0, 2), (0, 0.5, 3), far))
    assert mixed.verdict(amid, 1) is None


def test_a_lesson_that_contradicts_an_earlier_one_is_doubtful(reference):
    memory = Memory(crowd(reference, (9, 0, 7))).added(at(reference, 0, 0)[None], np.array([2]))
    near = at(reference, 0.1, 0)
    assert memory.verdict(near, 4) == Verdict(Doubt.CONTRADICTS, 2)
    assert memory.verdict(near, 2) is None


# **** files ****


def test_reference_and_memory_come_back_from_their_files(network, reference):
    memory = Memory(reference).taught(network, NEW, np.array([7]))
    again = Memory.from_bytes(memory.to_bytes(), Reference.from_bytes(reference.to_bytes(), network))
    images = ink(np.concatenate([NEW, KNOWN]))
    first, second = (TaughtNetwork(network, each, Confidence()).logits(images) for each in (memory, again))
    assert first.tobytes() == second.tobytes()
    assert again.to_bytes() == memory.to_bytes()


def repacked(content, **changes):

    return archive_of({**arrays_of(content), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": np.full(11, 10, np.int8)},
        {"labels": np.zeros(11, np.int64)},
        {"places": np.zeros((11, 3), np.int8)},
        {"mean": np.full(256, np.nan, np.float32)},
        {"mean": np.zeros(768, np.float32)},
        {"scale": np.float64(-1)},
        {"more": np.zeros(1)},
        {"labels": np.zeros(0, np.int8), "places": np.zeros((0, 128), np.int8)},
    ],
)
def test_a_damaged_reference_is_told(network, reference, changes):
    with pytest.raises(
        SavedNetworkError, match=r"reference.npz does not belong to this network, or is damaged"
    ):
        Reference.from_bytes(repacked(reference.to_bytes(), **changes), network)


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": np.array([11], np.int8)},
        {"labels": np.array([-2], np.int8)},
        {"places": np.zeros((2, 128), np.float32)},
        {"places": np.zeros((1, 7), np.float32)},
        {"places": np.full((1, 128), np.inf, np.float32)},
        {"labels": np.zeros(0, np.int8), "places": np.zeros((0, 128), np.float32)},
    ],
)
def test_a_damaged_memory_is_told(network, reference, changes):
    content = Memory(reference).taught(network, NEW, np.array([7])).to_bytes()
    for damaged in (repacked(content, **changes), content[:-9], b"", b"PK"):
        with pytest.raises(SavedNetworkError, match=r"memory.npz does not belong"):
            Memory.from_bytes(damaged, reference)


def test_the_memory_of_another_network_is_told(reference):
    other = build_network("best", rng=np.random.default_rng(0))
    with pytest.raises(SavedNetworkError, match="does not belong"):
        Reference.from_bytes(reference.to_bytes(), other)


def test_a_network_without_a_pool_is_known_by_what_its_output_reads():
    network = build_network("mlp-tanh", rng=np.random.default_rng(0))
    assert isinstance(network, Network)
    memory = Memory(Reference.build(network, KNOWN, LABELS)).taught(network, NEW, np.array([7]))
    assert memory.places.shape == (1, len(memory.reference.axes))
