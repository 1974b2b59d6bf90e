"""app/page/hand_cut.py: where a drag crosses strokes, and what is left of it."""

import numpy as np
import pytest

from app.page.drawing import Drawing, Picture, Stroke
from app.page.hand_cut import HandCut, best_halving, divided, halved

ACROSS = ((0.2, 0.5), (0.4, 0.5), (0.8, 0.5))
DOWN = HandCut([(0.5, 0.3), (0.5, 0.7)])


def bar(x, points=12):
    return [(x, y) for y in np.linspace(0.2, 0.8, points).tolist()]


def test_a_line_is_cut_at_the_place_where_it_is_crossed():
    ((start, stop),) = DOWN.gaps(ACROSS, 1.0)
    assert start == stop == pytest.approx(1.25)


def test_what_is_not_crossed_is_not_cut():
    assert DOWN.gaps(((0.2, 0.8), (0.8, 0.8)), 1.0) == []  # below its end
    assert DOWN.gaps(((0.5, 0.3), (0.5, 0.7)), 1.0) == []  # along it
    assert DOWN.gaps(((0.5, 0.5),), 1.0) == []
    assert HandCut([(0.5, 0.3)]).gaps(ACROSS, 1.0) == []  # a click


def test_of_the_way_between_two_digits_all_is_left_out():
    assert HandCut([(0.45, 0.1), (0.45, 0.9)]).gaps(bar(0.3) + bar(0.6), 0.6) == [(11, 12)]


def test_a_line_that_is_crossed_twice_is_cut_twice():
    there_and_back = ((0.2, 0.5), (0.8, 0.5), (0.8, 0.6), (0.2, 0.6))
    assert [start for start, _ in DOWN.gaps(there_and_back, 0.1)] == pytest.approx([0.5, 2.5])


def test_left_is_told_as_far_down_as_a_line_is():
    leaning = HandCut([(0.2, 1.0), (0.8, 0.0)])  # drawn upward
    assert leaning.is_left([(0.6, 0.1)])
    assert not leaning.is_left([(0.6, 0.9)])


def test_it_goes_through_a_box_from_above_to_below():
    box = (0.4, 0.4, 0.6, 0.6)
    assert DOWN.goes_through(box)
    assert HandCut(DOWN.path[::-1]).goes_through(box)
    assert not DOWN.goes_through((0.4, 0.4, 0.6, 0.9))  # ends in it
    assert not DOWN.goes_through((0.6, 0.4, 0.8, 0.6))  # goes by


def drawing(*strokes):
    made = Drawing()
    made.replace([Stroke(tuple(points)) for points in strokes])
    return made


def test_the_best_halving_is_told_in_places_of_the_strokes(reader):
    page = drawing(ACROSS, bar(0.3, points=6), bar(0.9, points=3))
    halving = best_halving(reader, page, [1, 2])  # the fake cuts the first of them in its middle
    assert halving.gaps == {1: [(2, 3)]}
    assert halving.is_left(tuple(bar(0.3, points=6)[:3]))
    assert halving.is_left(tuple(bar(0.9, points=3)))
    assert not halving.is_left(tuple(bar(0.3, points=6)[3:]))


def test_a_piece_is_halved_where_it_lies_in_its_stroke(reader):
    points = bar(0.3, points=12)
    page = drawing(points)
    page.divide([0], {0: [(3.5, 3.5)]}, lambda piece: piece[0] == points[0])
    halving = best_halving(reader, page, [1])  # 3.5 and 4 to 11: nine points
    assert halving.gaps == {0: [(6, 7)]}
    assert page.divide([1], halving.gaps, halving.is_left)
    assert [piece.span for piece in page.pieces] == [(0, 3.5), (3.5, 6), (7, 11)]


def test_what_is_too_little_for_two_is_not_halved(reader):
    assert best_halving(reader, drawing(ACROSS), [0]) is None


def test_a_picture_is_divided_along_a_way_over_the_page_and_looks_the_same():
    picture = Picture(np.ones((20, 40), np.float32))  # on the page from 0.25 to 0.75 of its height
    cut = divided(picture, [(0.5, 0.2), (0.5, 0.8)])
    assert cut.ink is picture.ink
    assert (cut.divided[:, 19:21] == 0).all()
    assert (cut.divided[:, :17] == 1).all()
    twice = divided(cut, [(0.25, 0.2), (0.25, 0.8)])
    assert (twice.divided[:, [10, 20]] == 0).all()


def test_a_digit_of_a_picture_is_halved_where_it_stands(reader):
    cut = halved(reader, Picture(np.ones((20, 40), np.float32)), (0.5, 0.25, 1.0, 0.75))
    assert (cut.divided[:, 29:31] == 0).all()  # the fake cuts in the middle
    assert (cut.divided[:, :27] == 1).all()
