"""Edits: what is told has been read, the smallest first, and where no small change will do, that is told."""

import numpy as np
import pytest

from app.store.networks import SHIPPED
from engine import Confidence, Recognizer, SavedNetwork
from engine.explaining import edits
from engine.explaining.edits import SURE, Kind, Reader, smallest_edits
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.reading.rejection import Rejection
from tests.digit_templates import TEMPLATES
from tests.handwriting import write

ONE = [[(1.2, 6.0), (5.6, 0.0), (5.6, 10.0)]]  # with a long upstroke: a turn of it makes a 7


def reader(folder):
    saved = SavedNetwork.load(folder)
    return Reader(saved.network, saved.confidence)


@pytest.fixture(scope="module")
def best():
    return reader(SHIPPED)


@pytest.fixture(scope="module")
def lenet5():
    return reader(SHIPPED / "lenet5")


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load(SHIPPED)


@pytest.fixture(scope="module")
def seven(best):
    """The smallest edit of the one that makes it a seven."""
    (edit,) = smallest_edits(best, ONE, [7]).values()
    return edit


@pytest.fixture
def few(best, monkeypatch):
    """Each kind of edit is tried, at fewer places and by fewer amounts; a one still becomes a seven."""
    for name, fewer in {
        "PLACES": 0.4,
        "EXTENDED": (0.25,),
        "CURLED": (0,),
        "BRANCHES": (0.36,),
        "DIRECTIONS": 4,
        "TURNED": edits.TURNED[::2],
    }.items():
        monkeypatch.setattr(edits, name, fewer)
    assert smallest_edits(best, ONE, [7])[7] is not None


def test_the_edited_drawing_is_read_as_what_is_told(seven, recognizer):
    found = recognizer.recognize(seven.strokes)
    assert (seven.digit, found.digit, found.is_digit) == (7, 7, True)
    assert seven.confidence >= SURE
    assert found.confidence == pytest.approx(seven.confidence, abs=1e-4)


def test_a_second_network_must_agree(best, lenet5):
    (edit,) = smallest_edits(best, ONE, [7], second=lenet5).values()
    assert Recognizer.load(SHIPPED / "lenet5").recognize(edit.strokes).digit == 7


def test_a_second_network_that_never_agrees_leaves_no_edit(best, few):
    class AlwaysThree:
        classes, shapes = 10, {"output": (10,)}

        def logits(self, images):
            return np.eye(10, dtype=np.float32)[np.full(len(images), 3)]

    assert smallest_edits(best, ONE, [7], second=Reader(AlwaysThree(), Confidence())) == {7: None}


def test_what_is_judged_no_digit_is_no_edit(best, few):
    nothing_is_a_digit = Rejection(1e8, digits_rejected=1, not_digits_rejected=1, auc=0.5)
    unsure = Reader(best.network, Confidence(best.confidence.temperature, nothing_is_a_digit))
    assert smallest_edits(unsure, ONE, [7]) == {7: None}


def test_no_small_change_makes_a_five_a_one(best):
    assert smallest_edits(best, TEMPLATES[5], [1]) == {1: None}


def test_the_smallest_comes_first(seven, recognizer):
    """Of all edits that make it a 7, none is smaller."""
    lines, origin, size = edits._on_a_page_of_one(ONE)
    smaller = [
        [edits._points(line * size + origin) for line in candidate.lines]
        for candidate in edits._candidates(lines)
        if candidate.cost < seven.cost
    ]
    assert smaller
    for found in map(recognizer.recognize, smaller):
        assert not (found.digit == 7 and found.is_digit and found.confidence >= SURE)


def test_the_edited_drawing_keeps_the_units_and_most_of_the_place_of_the_drawing(best, seven):
    far = [[(1000 + 300 * x, -500 + 300 * y) for x, y in stroke] for stroke in ONE]
    (edit,) = smallest_edits(best, far, [7]).values()
    points = np.concatenate([np.array(stroke) for stroke in edit.strokes])
    assert (points.min(axis=0) > [500, -2000]).all()
    assert (points.max(axis=0) < [4500, 4500]).all()
    assert (edit.kind, edit.cost) == (seven.kind, pytest.approx(seven.cost))


def test_what_is_new_is_part_of_the_edited_drawing(seven):
    assert seven.kind not in (Kind.CUT, Kind.RUBBED, Kind.LEFT_OUT)
    every = {point for stroke in seven.strokes for point in stroke}
    assert set(seven.drawn[1:]) <= every


@pytest.mark.parametrize("strokes", [[], [[]], [[(3.0, 3.0)]], [[(3.0, 3.0), (3.0, 3.0)]]])
def test_what_has_no_extent_has_no_edit(best, strokes):
    assert smallest_edits(best, strokes, [1, 7]) == {1: None, 7: None}


def test_every_kind_of_edit_is_tried():
    lines, _, _ = edits._on_a_page_of_one(TEMPLATES[4])
    assert {candidate.kind for candidate in edits._candidates(lines)} == set(Kind)


def cost_of(kind, strokes):
    lines, _, _ = edits._on_a_page_of_one(strokes)
    return min(candidate.cost for candidate in edits._candidates(lines) if candidate.kind == kind)


def test_an_edit_costs_the_ink_that_it_takes_or_adds():
    bar = [[(0.0, 0.0), (0.0, 10.0)], [(0.0, 5.0), (4.0, 5.0)]]
    assert cost_of(Kind.LEFT_OUT, bar) == pytest.approx(0.4)
    assert cost_of(Kind.CUT, bar) == pytest.approx(0.08)
    assert cost_of(Kind.BRANCH, bar) == pytest.approx(0.22)
    assert cost_of(Kind.BENT, bar) == pytest.approx(2.5 * 0.14)


def test_a_cut_takes_the_end_and_an_extension_goes_on_from_it():
    lines, _, _ = edits._on_a_page_of_one([[(0.0, 0.0), (0.0, 10.0)]])
    made = list(edits._candidates(lines))
    cut = next(each for each in made if each.kind == Kind.CUT and each.cost == 0.2)
    assert edits._length(cut.lines[0]) == pytest.approx(0.8)
    longer = [each.drawn for each in made if each.kind == Kind.EXTENDED and each.cost == 0.4]
    assert any(np.allclose(drawn[[0, -1]], [[0, 1], [0, 1.4]]) for drawn in longer)


def test_an_extension_may_curl():
    straight, curled = edits._arc(np.array([1.0, 0.0]), 0), edits._arc(np.array([1.0, 0.0]), 90)
    np.testing.assert_allclose(straight, [[0, 0], [1, 0]])
    assert edits._length(curled) == pytest.approx(1)
    # a quarter of a circle of length 1 ends its radius, 2/pi, ahead and to the right, y downward
    np.testing.assert_allclose(curled[-1], [2 / np.pi, 2 / np.pi], rtol=0.01)


def test_a_turn_keeps_the_length_of_the_stroke():
    lines, _, _ = edits._on_a_page_of_one([[(0.0, 0.0), (3.0, 10.0)]])
    (before,) = map(edits._length, lines)
    for each in edits._candidates(lines):
        if each.kind == Kind.TURNED:
            assert edits._length(each.lines[0]) == pytest.approx(before, rel=1e-6)


def test_rubbing_out_leaves_two_pieces():
    lines, _, _ = edits._on_a_page_of_one([[(0.0, 0.0), (0.0, 10.0)]])
    rubbed = [each for each in edits._candidates(lines) if each.kind == Kind.RUBBED]
    assert rubbed
    for each in rubbed:
        first, second = each.lines
        gone = each.cost / edits.RUBBING_COSTS
        assert edits._length(first) + edits._length(second) == pytest.approx(1 - gone)


def test_drawings_of_many_points_are_edited_with_few():
    strokes = [[(0.0, y / 100) for y in range(1000)], [(x / 100, 5.0) for x in range(1000)]]
    lines, _, _ = edits._on_a_page_of_one(strokes)
    assert sum(map(len, lines)) <= edits.MOST_POINTS + 2


def test_what_is_left_of_a_line_lies_where_it_was():
    angles = np.linspace(0, 2 * np.pi, 200)
    circle = np.column_stack([np.cos(angles), np.sin(angles)]) / 2
    few = edits._thinned(circle)
    np.testing.assert_array_equal(few[[0, -1]], circle[[0, -1]])
    assert len(few) < 40
    away = [np.hypot(*(few[:-1] + share * np.diff(few, axis=0)).T) for share in (0, 0.25, 0.5)]
    assert np.abs(np.array(away) - 0.5).max() < 1.1 * edits.NEEDED


@pytest.mark.parametrize("order", [1, -1], ids=["the smaller network votes", "the smaller network answers"])
def test_the_slower_network_is_asked_only_where_there_is_hope_and_nothing_is_lost(
    best, lenet5, order, monkeypatch
):
    """What is found is what is found by asking both about everything."""
    asked = []
    logits = best.network.logits
    monkeypatch.setattr(best.network, "logits", lambda images: asked.append(len(images)) or logits(images))
    reader, second = (best, lenet5)[::order]
    strokes = write("4 open", rng=np.random.default_rng(3))
    found = list(edits.edits(reader, strokes, [9, 1, 7], second=second))
    few = sum(asked)

    lines, origin, size = edits._on_a_page_of_one(strokes)
    candidates = sorted(edits._candidates(lines), key=lambda candidate: candidate.cost)
    drawn = [[line * size + origin for line in candidate.lines] for candidate in candidates]
    images = np.stack([frame(stroke_ink(strokes)) for strokes in drawn])
    answers, votes = reader.network.logits(images), second.network.logits(images)
    sure = reader.confidence.probabilities(answers)
    taken = reader.confidence.accepts(answers) & (sure.max(axis=1) >= SURE)
    taken &= sure.argmax(axis=1) == votes.argmax(axis=1)
    for digit in (9, 1, 7):
        costs = [candidates[i].cost for i in np.flatnonzero(taken & (sure.argmax(axis=1) == digit))]
        told = [edit.cost for edit in found if edit.digit == digit and edit.then is None]
        assert told == costs[:1]
    assert any(edit.then is None for edit in found)
    assert 0 < few < len(candidates) / 2


def test_whoever_reads_it_in_the_end_has_the_last_word(best, seven):
    asked = []

    def confirms(strokes, digit):
        asked.append((strokes, digit))
        return len(asked) > 1

    (second,) = edits.edits(best, ONE, [7], confirms=confirms)
    assert asked[0] == (seven.strokes, 7)
    assert (second.strokes, 7) == asked[1]
    assert second.cost >= seven.cost


def test_they_come_from_small_to_large_and_one_a_digit(best, few):
    found = list(edits.edits(best, ONE, [2, 4, 7]))
    alone = [each.cost for each in found if each.then is None]
    assert alone == sorted(alone)
    assert len({each.digit for each in found}) == len(found) > 0


def test_a_scribble_of_very_many_strokes_is_not_edited(best):
    many = ONE + [[(place, 1.0), (place, 2.0)] for place in range(edits.MOST_STROKES)]
    assert smallest_edits(best, many, [7]) == {7: None}


def test_a_search_hands_over_after_each_batch_and_finds_the_same(best, few, monkeypatch):
    monkeypatch.setattr(edits, "TRIED_AGAIN", 32)
    found = list(edits.edit_search(best, ONE, [2, 4, 7], at_once=16))
    assert found.count(None) > 5
    assert {edit.digit for edit in found if edit} == {
        edit.digit for edit in edits.edits(best, ONE, [2, 4, 7])
    }


def test_where_no_edit_alone_does_two_at_once_are_tried_for_the_first_digit(
    best, seven, recognizer, monkeypatch
):
    """With one kind of edit at first, and that a poor one, another has to follow."""
    whole = edits._candidates
    calls = []

    def only_small_ones(lines):
        calls.append(lines)
        return (each for each in whole(lines) if len(calls) > 1 or each.cost < seven.cost)

    monkeypatch.setattr(edits, "_candidates", only_small_ones)
    (edit,) = edits.edits(best, ONE, [7])
    assert edit.then is not None
    found = recognizer.recognize(edit.strokes)
    assert (found.digit, found.is_digit) == (7, True)
    assert found.confidence == pytest.approx(edit.confidence, abs=1e-4)
    assert edit.cost > edits.CUT[0]


def test_two_at_once_are_tried_for_no_digit_but_the_first(best, monkeypatch):
    monkeypatch.setattr(edits, "_second_edits", lambda first: pytest.fail("asked for"))
    assert 7 in {edit.digit for edit in edits.edits(best, ONE, [7, 5])}
