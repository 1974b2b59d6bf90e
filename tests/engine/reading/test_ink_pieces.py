"""Ink is cut where digits may touch, and what a group shows is its own ink alone."""

import numpy as np
import pytest

from engine.ink.preprocessing import even_pen, frame
from engine.reading.ink_pieces import InkPieces
from engine.reading.seams import MOST_INK

HEIGHT = 60


def page(*boxes, width=160):
    """(100, width), ink in these: (left, top, right, bottom)."""
    ink = np.zeros((100, width), np.float32)
    for left, top, right, bottom in boxes:
        ink[top:bottom, left:right] = 1
    return ink


def bar(left, top=20, bottom=20 + HEIGHT):
    return left, top, left + 8, bottom


def judge(images):
    """Sure of what is narrow, a bar and half of what joins it to the next."""
    logits = np.zeros((len(images), 10), np.float32)
    for row, image in zip(logits, images, strict=True):
        row[1] = 20 * (np.count_nonzero((image > 0.5).any(axis=0)) <= 14)
    return logits


def seen(ink):
    return frame(even_pen(ink))


def test_each_connected_mark_is_a_piece_and_its_box_is_in_pixels():
    pieces = InkPieces(page(bar(20), bar(60), bar(100, bottom=60)), judge)
    assert sorted(pieces.box((index,)) for index in range(3)) == [
        (20, 20, 28, 80),
        (60, 20, 68, 80),
        (100, 20, 108, 60),
    ]
    assert pieces.box((0, 1, 2)) == (20, 20, 108, 80)


def test_extents_are_those_of_the_middle_of_lines():
    pieces = InkPieces(page(bar(20), bar(60)), judge)
    assert np.allclose(pieces.high[:, 0], pieces.low[:, 0], atol=1)
    assert pieces.high[:, 1] - pieces.low[:, 1] == pytest.approx([HEIGHT - 8] * 2, abs=2)


def test_a_group_shows_its_own_ink_and_all_groups_together_the_whole():
    ink = page(bar(20), bar(60), (60, 40, 90, 48))
    pieces = InkPieces(ink, judge)
    assert np.array_equal(pieces.drawing((0,)), seen(page(bar(20))))
    assert np.array_equal(pieces.drawing((1,)), seen(page(bar(60), (60, 40, 90, 48))))
    assert np.array_equal(pieces.drawing((0, 1)), seen(ink))


def test_digits_that_touch_by_one_line_are_cut_there():
    pieces = InkPieces(page(bar(20), bar(60), (28, 46, 60, 54)), judge)
    assert len(pieces.low) == 2
    (_, _, first, _), (second, _, _, _) = pieces.box((0,)), pieces.box((1,))
    assert first == second
    assert 28 <= first <= 60
    pairs = pieces.pairs(HEIGHT)
    assert pairs.joined[0, 1]
    assert pairs.inner[0, 1] == pairs.inner[1, 0] == pytest.approx(1 / MOST_INK, rel=0.2)  # a line is cut
    assert InkPieces(page(bar(20), bar(60)), judge).pairs(HEIGHT).inner.tolist() == [[0, 0], [0, 0]]


def test_pieces_of_a_mark_go_from_left_to_right():
    pieces = InkPieces(page(bar(20), bar(60), bar(100), (28, 46, 100, 54)), judge)
    assert [pieces.box((index,))[0] for index in range(3)] == sorted(pieces.box((i,))[0] for i in range(3))
    assert pieces.pairs(HEIGHT).joined.tolist() == [
        [False, True, False],
        [True, False, True],
        [False, True, False],
    ]


@pytest.mark.parametrize(
    "ink",
    [
        page(bar(20), (28, 72, 60, 80)),  # nothing of a digit's height to the right
        page((20, 20, 50, 80)),  # narrow as it is
        page((20, 20, 25, 36), (23, 28, 27, 32)),  # hardly wider than a line
        page((20, 20, 25, 30), (25, 24, 28, 27), width=40),
    ],
)
def test_what_is_no_pair_of_digits_is_not_cut(ink):
    assert len(InkPieces(ink, judge).low) == 1


def test_what_is_one_digit_with_all_its_marks_is_not_cut():
    """Though a mark of it would be, if it were alone."""
    pair, dash = [bar(20), bar(80), (28, 46, 80, 54)], (50, 2, 58, 14)
    assert len(InkPieces(page(*pair, dash), judge).low) == 3

    def sees(images):
        logits = judge(images)
        whole = seen(page(*pair, dash))
        for row, image in zip(logits, images, strict=True):
            row[1] = 20 if np.array_equal(image, whole) else row[1]
        return logits

    assert len(InkPieces(page(*pair, dash), sees).low) == 2


def test_an_image_of_mnists_size_is_one_piece_however_broken():
    ink = np.zeros((28, 28), np.float32)
    ink[4:24, 7:10] = ink[4:24, 18:21] = 1
    assert len(InkPieces(ink, judge).low) == 1


def test_a_crumb_belongs_to_what_is_nearest():
    pieces = InkPieces(page(bar(20), bar(60), (70, 30, 73, 33)), judge)
    assert len(pieces.low) == 2
    assert np.array_equal(pieces.drawing((1,)), seen(page(bar(60), (70, 30, 73, 33))))


def test_crumbs_however_many_tell_nothing_of_a_digits_height():
    crumbs = [(left, top, left + 3, top + 3) for left in (22, 62) for top in (2, 8, 14, 84, 90)]
    pieces = InkPieces(page(bar(20), bar(60), *crumbs), judge)
    assert len(pieces.low) == 2


def test_a_page_of_print_is_one_piece_and_no_part_of_it_is_looked_at():
    asked = []

    def counting(images):
        asked.extend(images)
        return judge(images)

    ink = np.kron(np.ones((20, 20)), np.pad(np.ones((12, 12)), 4)).astype(np.float32)
    assert len(InkPieces(ink, counting).low) == 1
    assert asked == []


def test_faint_ink_alone_is_a_piece():
    assert len(InkPieces(0.2 * page(bar(20)), judge).low) == 1


def test_distances_are_from_line_to_line():
    pairs = InkPieces(page(bar(20), bar(60), (100, 20, 108, 80)), judge).pairs(unit=60.0)
    assert pairs.distances[0, 1] == pytest.approx(40 / 60, abs=0.03)
    assert pairs.distances[0, 2] == pytest.approx(80 / 60, abs=0.03)
    assert np.array_equal(pairs.distances, pairs.distances.T)
    assert not pairs.follow.any()


def test_all_of_what_is_several_is_no_digit():
    pieces = InkPieces(page(bar(20), bar(100)), judge)
    assert pieces.is_none((0, 1))
    assert not pieces.is_none((0,))
    assert not InkPieces(page(bar(20)), judge).is_none((0,))


def test_pieces_of_a_broad_pen_are_near_by_their_edges():
    far, near = page((20, 20, 40, 80), (72, 20, 92, 80)), page((20, 20, 40, 80), (52, 20, 72, 80))
    assert InkPieces(near, judge).pairs(unit=60.0).near[0, 1]
    assert not InkPieces(far, judge).pairs(unit=60.0).near[0, 1]
    assert InkPieces(near, judge).pairs(unit=60.0).distances[0, 1] > 0.35
