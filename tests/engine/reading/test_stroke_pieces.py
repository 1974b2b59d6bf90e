"""Strokes are cut where digits may be joined, and put together again point by point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.reading import stroke_pieces
from engine.reading.layout import Layout
from engine.reading.stroke_pieces import StrokePieces, is_dot
from tests.digit_templates import digit_strokes


def bar(x, bow=0.09, points=12):
    """A one as a hand makes it, a little bent."""
    return [(x - bow * np.sin(np.pi * y), y) for y in np.linspace(0, 1, points)]


def judge_of(*, widest):
    """Sure of a one in what is no wider than this, and of nothing in the rest."""

    def judge(drawings):
        logits = np.zeros((len(drawings), 10), np.float32)
        for row, drawing in zip(logits, drawings, strict=True):
            row[1] = 20 * (np.ptp(np.concatenate(drawing)[:, 0]) <= widest)
        return logits

    return judge


judge = judge_of(widest=0.1)


def parts(stroke):
    """The points of each piece that a stroke alone is cut into."""
    pieces = StrokePieces([stroke], judge)
    return [pieces.drawing((piece,))[0] for piece in range(len(pieces.low))]


def whole_again(strokes):
    """The strokes that come back out of the pieces."""
    pieces = StrokePieces(strokes, judge)
    return pieces.drawing(tuple(range(len(pieces.low))))


def test_two_bars_joined_by_a_way_to_the_right_are_cut_and_the_way_is_of_neither():
    first, second = parts(bar(0) + bar(0.4))
    assert np.array_equal(first, bar(0))
    assert np.array_equal(second, bar(0.4))


def test_three_joined_bars_are_three_pieces():
    pieces = StrokePieces([bar(0) + bar(0.4) + bar(0.9)], judge)
    assert pieces.high[:, 0].tolist() == [0, 0.4, 0.9]
    assert [pieces.strokes((piece,)) for piece in range(3)] == [(0,)] * 3


def test_straight_bars_that_a_third_joins_are_a_letter_and_stay_one():
    straight = [bar(place, bow=0.0) for place in (0, 0.4, 0.8)]
    for letter in (
        straight[0] + straight[1],
        [*straight[0], *straight[1], *straight[2]],
    ):  # an И; and one of more bars
        assert len(StrokePieces([letter], judge).low) == 1
    diagonal = list(zip(np.linspace(0, 0.9, 12), np.linspace(1, 0, 12), strict=True))
    half_a_bar_longer = judge_of(widest=0.5)
    assert len(StrokePieces([straight[0] + diagonal + bar(0.9, bow=0.0)], half_a_bar_longer).low) == 1
    assert len(StrokePieces([bar(0) + diagonal + bar(0.9)], half_a_bar_longer).low) == 2
    first, second = parts(straight[0] + straight[1] + bar(0.8))
    assert np.array_equal(first, straight[0] + straight[1])
    assert np.array_equal(second, bar(0.8))


@pytest.mark.parametrize("digit", range(10))
def test_what_is_a_digit_as_it_is_is_not_cut(digit):
    strokes = digit_strokes(digit)
    pieces = StrokePieces(strokes, judge_of(widest=10))
    assert len(pieces.low) == len(strokes)


def test_what_is_joined_is_not_cut_where_the_network_sees_no_digits_in_its_parts():
    assert len(StrokePieces([bar(0) + bar(0.4)], judge_of(widest=-1)).low) == 1


def test_a_bar_is_cut_off_that_is_a_digit_with_the_stroke_beside_it():
    """Which is no digit alone."""
    hook, next_one = bar(0), bar(0.8, bow=0.0)
    bar_and_next = [(0, 0), (0.1, 0), (0.2, 0), (0.3, 0), *next_one]

    def sees(drawings):
        logits = np.zeros((len(drawings), 10), np.float32)
        for row, drawing in zip(logits, drawings, strict=True):
            extent = np.ptp(np.concatenate(drawing), axis=0)
            row[1] = 20 * (extent[1] > 0.5 and extent[0] < 0.4)  # of two strokes, too
        return logits

    pieces = StrokePieces([hook, bar_and_next], sees)
    last = [pieces.drawing((piece,))[0][-1] for piece in range(3)]
    assert np.allclose(last, [(0, 1), (0.3, 0), (0.8, 1)])
    assert len(StrokePieces([[(x - 5, y) for x, y in hook], bar_and_next], sees).low) == 2


def test_the_network_is_asked_only_of_strokes_that_may_be_joined():
    def asked(drawings):
        raise AssertionError("asked")

    StrokePieces([bar(0), bar(0.5) + bar(0.1)], asked)


points = st.tuples(st.floats(-100, 100, width=32), st.floats(-100, 100, width=32))


@given(st.lists(st.lists(points, min_size=1, max_size=30), min_size=1, max_size=4))
def test_pieces_put_together_are_the_strokes_point_by_point(strokes):
    together = whole_again(strokes)
    assert len(together) == len(strokes)
    for drawn, stroke in zip(together, strokes, strict=True):
        assert np.array_equal(drawn, np.array(stroke, float))


def test_joined_bars_put_together_are_the_stroke():
    stroke = bar(0) + bar(0.4) + bar(0.9)
    assert np.array_equal(whole_again([stroke])[0], np.array(stroke))


def test_pieces_of_one_stroke_that_do_not_follow_each_other_stay_apart():
    pieces = StrokePieces([bar(0) + bar(0.4) + bar(0.9)], judge)
    assert len(pieces.drawing((0, 2))) == 2
    assert pieces.strokes((0, 2)) == (0,)


def test_strokes_without_a_point_have_no_piece_and_keep_their_numbers():
    pieces = StrokePieces([[], bar(0), [], bar(1)], judge)
    assert [pieces.strokes((piece,)) for piece in range(2)] == [(1,), (3,)]


def known(pieces):
    """All that is asked of the pieces of a page."""
    groups = Layout(pieces).groups()
    pairs = pieces.pairs(0.5)
    return [
        [*(drawn.tobytes() for drawn in pieces.drawing(group)), pieces.strokes(group), pieces.is_none(group)]
        for group in groups
    ] + [array.tobytes() for array in (pieces.low, pieces.high, pairs.distances, pairs.inner, pairs.joined)]


steps = st.tuples(st.floats(-0.3, 0.5), st.floats(-0.6, 0.6))
pages = st.lists(st.lists(steps, min_size=1, max_size=12), min_size=1, max_size=5)


@settings(max_examples=20)
@given(pages, pages)
def test_what_is_taken_from_the_page_before_is_as_if_it_were_made_anew(steps, others):
    strokes = [np.cumsum(stroke, axis=0) for stroke in steps]
    growing = [[*strokes[:-1], strokes[-1][:count]] for count in range(1, len(strokes[-1]))]
    without = strokes[1:] or strokes
    another = [np.cumsum(stroke, axis=0) for stroke in others]
    before = None
    # the pen moves; undo, redo and the eraser; another drawing, and back
    for page in (*growing, strokes, without, strokes, another, [*another, *strokes], strokes):
        before = StrokePieces(page, judge, before=before)
        assert known(before) == known(StrokePieces(page, judge))


def test_of_a_stroke_that_is_finished_nothing_is_worked_out_again(monkeypatch):
    looked_at = []
    real = stroke_pieces.joints
    monkeypatch.setattr(
        stroke_pieces, "joints", lambda curve, *known: looked_at.append(curve) or real(curve, *known)
    )
    finished = [bar(0), bar(0.4) + bar(0.8)]
    before = StrokePieces([*finished, bar(2)[:6]], judge)
    assert len(looked_at) == 3
    asked = []
    StrokePieces(
        [*finished, bar(2)[:7]], lambda drawings: asked.extend(drawings) or judge(drawings), before=before
    )
    assert [curve.tolist() for curve in looked_at[3:]] == [[list(point) for point in bar(2)[:7]]]
    assert asked == []  # nor is the judge, of a stroke that may hold two digits
    beside = [*finished, bar(0.85)[:7]]  # it may be of one digit with that
    StrokePieces(beside, lambda drawings: asked.extend(drawings) or judge(drawings), before=before)
    assert asked


def test_while_the_pen_is_at_a_stroke_it_is_not_cut_and_the_judge_is_not_asked():
    def asked(drawings):
        raise AssertionError("asked")

    joined = [bar(-1), bar(0) + bar(0.4)]
    pieces = StrokePieces(joined, asked, underway=True)
    assert (len(pieces.low), pieces.is_provisional) == (2, True)
    assert not StrokePieces([bar(-1), bar(0)], asked, underway=True).is_provisional
    lifted = StrokePieces(joined, judge, before=pieces)
    assert (len(lifted.low), lifted.is_provisional) == (3, False)
    # what was finished before is cut all the while
    assert len(StrokePieces([*joined[1:], bar(1)], judge, underway=True).low) == 3


def test_what_was_cut_where_the_pen_rested_stays_cut_as_it_goes_on():
    stroke = bar(0) + bar(0.4) + bar(0.9)
    before = StrokePieces([stroke[:20]], judge)
    for count in (24, 30, 36):
        before = StrokePieces([stroke[:count]], judge, before=before, underway=True)
        assert [len(before.drawing((piece,))[0]) for piece in range(len(before.low))] == [12, count - 12]
        assert before.is_provisional
    assert len(StrokePieces([stroke], judge, before=before).low) == 3


@settings(max_examples=20)
@given(pages)
def test_what_the_pen_has_drawn_is_when_it_is_lifted_as_if_it_were_made_anew(steps):
    strokes = [np.cumsum(stroke, axis=0) for stroke in steps]
    before = None
    for number, stroke in enumerate(strokes):
        for count in range(1, len(stroke) + 1):
            page = [*strokes[:number], stroke[:count]]
            before = StrokePieces(page, judge, before=before, underway=count % 5 > 0)
        before = StrokePieces(page, judge, before=before)
        assert known(before) == known(StrokePieces(page, judge))


def test_of_a_stroke_that_grows_what_is_known_of_its_turns_is_taken_on():
    stroke = bar(0) + bar(0.4)
    before = StrokePieces([bar(1), stroke[:-2]], judge)
    grown = StrokePieces([bar(1), stroke], judge, before=before)
    turns = [{key: line.turns for key, line in pieces._lines.items()} for pieces in (before, grown)]
    keys = [np.array(points).tobytes() for points in (stroke[:-2], stroke)]
    assert turns[1][keys[1]] is turns[0][keys[0]]
    assert len(set(turns[1].values())) == 2


def test_a_scribble_that_may_have_joints_everywhere_is_one_piece_and_nobody_is_asked():
    def scribble(bars):
        return [point for number in range(bars) for point in bar(0.4 * number)]

    asked = []
    pieces = StrokePieces([scribble(stroke_pieces.MOST_JOINTS + 2)], lambda drawings: asked.append(drawings))
    assert (len(pieces.low), asked) == (1, [])
    assert len(StrokePieces([scribble(stroke_pieces.MOST_JOINTS + 1)], judge_of(widest=0)).low) > 1


def test_is_dot():
    assert is_dot([[(1, 2)], [], [(1, 2), (1, 2)]])
    assert is_dot([np.array([[3.0, 4.0]])])
    assert not is_dot([[(1, 2)], [(1, 3)]])
