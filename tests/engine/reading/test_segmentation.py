"""Segmentation: the search against all partitions one by one, and each group once."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InferenceError
from engine.reading.confidence import Confidence
from engine.reading.layout import FEATURES
from engine.reading.rejection import Rejection
from engine.reading.segmentation import (
    CAUTION,
    HABIT,
    KEPT,
    PICTURE_WEIGHTS,
    WEIGHTS,
    Candidates,
    best_partitions,
    search,
)
from engine.reading.stroke_pieces import StrokePieces


def bar(x):
    return [(x, y) for y in np.linspace(0, 1, 12)]


def candidates(strokes, judge, confidence):
    return Candidates(StrokePieces(strokes, judge), judge, confidence)


def judge_as(answers, size=20.0):
    """A judge that finds in each drawing, by its number of strokes, a digit, or None for nothing at all."""

    def judge(drawings):
        logits = np.zeros((len(drawings), 10), np.float32)
        for row, drawing in zip(logits, drawings, strict=True):
            digit = answers[len(drawing)]
            if digit is not None:
                row[digit] = size
        return logits

    return judge


STRICT = Confidence(rejection=Rejection(5.0, 0, 1, 1))


@st.composite
def questions(draw):
    """(groups, scores, order) in which every piece is in a group of its own."""
    count = draw(st.integers(1, 5))
    several = [g for size in range(2, count + 1) for g in itertools.combinations(range(count), size)]
    chosen = draw(st.sets(st.sampled_from(several))) if several else set()
    groups = [*((piece,) for piece in range(count)), *sorted(chosen)]
    scores = draw(st.lists(st.floats(-5, 5), min_size=len(groups), max_size=len(groups)))
    return groups, scores, draw(st.permutations(range(count)))


@given(questions())
def test_the_search_finds_what_trying_everything_finds(question):
    groups, scores, order = question
    every = []
    for size in range(1, len(order) + 1):
        for chosen in itertools.combinations(range(len(groups)), size):
            pieces = [piece for group in chosen for piece in groups[group]]
            if sorted(pieces) == sorted(order):
                every.append((sum(scores[group] for group in chosen), chosen))
    found = search(groups, scores, order, kept=len(every) + 1)
    assert sorted(tuple(sorted(chosen)) for _, chosen in found) == sorted(chosen for _, chosen in every)
    assert [score for score, _ in found] == pytest.approx(sorted((score for score, _ in every), reverse=True))


@given(questions())
def test_the_best_are_kept(question):
    groups, scores, order = question
    every = search(groups, scores, order, kept=1000)
    few = search(groups, scores, order, kept=3)
    assert [score for score, _ in few] == pytest.approx([score for score, _ in every[:3]])


def test_the_partitions_of_a_page_are_told_with_their_probabilities():
    found = candidates([bar(0), bar(0.3), bar(0.6)], judge_as({1: 1, 2: 4, 3: None}, size=6.0), STRICT)
    best = best_partitions(found)
    assert 1 < len(best) <= KEPT
    assert sum(partition.probability for partition in best) == pytest.approx(1)
    assert [p.probability for p in best] == sorted((p.probability for p in best), reverse=True)
    scores = found.features() @ np.array(list(WEIGHTS.values())).T.ravel() + CAUTION * ~found.are_digits
    first, second = (scores[list(partition.groups)].sum() for partition in best[:2])
    assert best[0].probability / best[1].probability == pytest.approx(np.exp(first - second))


def test_what_is_hardly_probable_is_not_told():
    found = candidates([bar(2 * place) for place in range(6)], judge_as({1: 1, 6: None}), STRICT)
    assert len(search(found.groups, [0.0] * len(found.groups), found.layout.order())) == 2
    assert [partition.probability for partition in best_partitions(found)] == [1]


def test_what_the_network_says_decides():
    strokes = [bar(0), bar(0.15)]
    apart = candidates(strokes, judge_as({1: 1, 2: None}), STRICT)
    together = candidates(strokes, judge_as({1: None, 2: 4}), STRICT)
    assert apart.text(best_partitions(apart)[0].groups) == "11"
    assert together.text(best_partitions(together)[0].groups) == "4"


def test_with_more_caution_what_is_doubtful_is_none():
    found = candidates([bar(0), bar(0.15)], judge_as({1: 1, 2: None}), STRICT)
    texts = [found.text(best_partitions(found, caution=caution)[0].groups) for caution in (-100.0, 100.0)]
    assert texts == ["11", "?"]


def test_where_strokes_lie_decides():
    def text(*strokes):
        found = candidates(strokes, judge_as({1: 1, 2: 4, 3: None}, size=9.0), STRICT)
        return found.text(best_partitions(found)[0].groups)

    assert text(bar(0), bar(0.3), bar(1.2)) == "111"
    assert text(bar(0), [(-0.3, 0.5), (0.3, 0.5)], bar(1.2)) == "41"


def test_a_single_stroke_is_one_group():
    found = candidates([bar(0)], judge_as({1: 1}), STRICT)
    assert [partition.groups for partition in best_partitions(found)] == [(0,)]
    assert best_partitions(found)[0].probability == 1


def test_features_are_those_of_a_digit_or_those_of_none():
    found = candidates([bar(0), bar(0.15)], judge_as({1: 1, 2: None}), STRICT)
    features = dict(zip(found.groups, found.features(), strict=True))
    names = list(WEIGHTS)
    assert len(names) == len(FEATURES) + 4 + 10 == len(set(names))
    digit, none = features[0,].reshape(2, -1), features[0, 1].reshape(2, -1)
    assert not digit[1].any()
    assert not none[0].any()
    assert digit[0, names.index("evidence")] == pytest.approx(4)  # evidence of 18, as far as it counts
    assert digit[0, names.index("habit")] == 0
    assert none[1, names.index("habit")] == pytest.approx(np.log(HABIT[0]))
    assert none[1, names.index("scant evidence")] == pytest.approx(6 - np.log(10))
    assert none[1, names.index("certainty")] == pytest.approx(-np.log(10))


def test_a_digit_that_is_cut_off_tells_which_it_is_at_each_cut():
    def judge(drawings):
        """Sure of a four in a bar."""
        logits = np.zeros((len(drawings), 10), np.float32)
        logits[:, 4] = [20 * (np.ptp(np.concatenate(drawing)[:, 0]) <= 0.1) for drawing in drawings]
        return logits

    bent = [(x - 0.09 * np.sin(np.pi * y), y) for x in (0, 0.4, 0.8) for y in np.linspace(0, 1, 12)]
    found = candidates([bent, bar(3)], judge, STRICT)
    features = dict(zip(found.groups, found.features(), strict=True))
    cuts = slice(list(WEIGHTS).index("cut 0"), None)
    of_digit = {group: features[group,].reshape(2, -1)[0, cuts].tolist() for group in range(4)}
    assert of_digit[0] == of_digit[2] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert of_digit[1] == [0, 0, 0, 0, 2, 0, 0, 0, 0, 0]
    assert of_digit[3] == [0] * 10


def test_the_weights_are_of_the_features_in_their_order():
    assert tuple(WEIGHTS)[: len(FEATURES)] == FEATURES
    assert list(PICTURE_WEIGHTS) == list(WEIGHTS)


def test_a_dot_is_no_digit_whatever_the_network_says():
    found = candidates([bar(0), [(0.5, 1.0), (0.5, 1.0)]], judge_as({1: 1, 2: 4}), Confidence())
    assert dict(zip(found.groups, found.are_digits, strict=True)) == {(0,): True, (1,): False, (0, 1): True}


def test_logits_that_are_not_finite_are_an_error():
    with pytest.raises(InferenceError):
        candidates(
            [bar(0)],
            lambda drawings: np.full((len(drawings), 10), np.inf, np.float32),
            Confidence(),
        )
