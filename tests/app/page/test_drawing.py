"""app/page/drawing.py: strokes, their history, the eraser's reach, and what is a dot."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.page.drawing import MOST_BYTES, MOST_PICTURES, Drawing, Look, Picture, Stroke, extent, fitted

LINE = ((0.2, 0.2), (0.8, 0.2))
OTHER = ((0.2, 0.8), (0.8, 0.8))


def drawn(*strokes):
    drawing = Drawing()
    for first, *rest in strokes:
        drawing.begin(first)
        for point in rest:
            drawing.extend(point)
        drawing.end()
    return drawing


def points(drawing):
    return [stroke.points for stroke in drawing.strokes]


def test_a_new_drawing_is_empty_and_has_nothing_to_undo_or_redo():
    drawing = Drawing()
    assert drawing.strokes == ()
    assert not drawing.can_undo
    assert not drawing.can_redo
    assert not drawing.is_dot


def test_strokes_are_kept_in_the_order_they_were_drawn():
    assert points(drawn(LINE, OTHER)) == [LINE, OTHER]


def test_the_stroke_underway_is_among_the_strokes():
    drawing = drawn(LINE)
    drawing.begin((0.5, 0.5))
    assert points(drawing) == [LINE, ((0.5, 0.5),)]


def test_a_pen_that_rests_adds_nothing():
    drawing = Drawing()
    drawing.begin((0.5, 0.5))
    assert not drawing.extend((0.5, 0.5))
    assert points(drawing) == [((0.5, 0.5),)]


def test_a_pen_that_is_up_adds_nothing():
    drawing = drawn(LINE)
    assert not drawing.extend((0.9, 0.9))
    assert points(drawing) == [LINE]


def test_points_off_the_page_are_kept():
    assert points(drawn(((0.5, 0.5), (1.7, -0.4)))) == [((0.5, 0.5), (1.7, -0.4))]


def test_undo_and_redo_go_stroke_by_stroke():
    drawing = drawn(LINE, OTHER)
    drawing.undo()
    assert points(drawing) == [LINE]
    drawing.undo()
    assert points(drawing) == []
    drawing.redo()
    drawing.redo()
    assert points(drawing) == [LINE, OTHER]
    assert not drawing.can_redo


def test_undo_during_a_stroke_takes_that_stroke_and_ignores_the_rest_of_it():
    drawing = drawn(LINE)
    drawing.begin((0.5, 0.5))
    drawing.undo()
    drawing.extend((0.6, 0.6))
    assert points(drawing) == [LINE]
    assert drawing.can_redo


def test_a_new_stroke_forgets_what_could_be_redone():
    drawing = drawn(LINE)
    drawing.undo()
    drawing.begin((0.5, 0.5))
    assert not drawing.can_redo
    drawing.end()
    assert not drawing.can_redo


def test_clear_can_be_undone():
    drawing = drawn(LINE, OTHER)
    drawing.clear()
    assert drawing.strokes == ()
    drawing.undo()
    assert points(drawing) == [LINE, OTHER]


def test_clearing_an_empty_drawing_is_no_step():
    drawing = Drawing()
    drawing.clear()
    assert not drawing.can_undo


def test_the_eraser_takes_the_whole_stroke_that_it_touches_and_no_other():
    drawing = drawn(LINE, OTHER)
    assert drawing.erase((0.5, 0.23), reach=0.05)
    assert points(drawing) == [OTHER]
    drawing.undo()
    assert points(drawing) == [LINE, OTHER]


def test_the_eraser_beside_all_strokes_takes_none():
    drawing = drawn(LINE, OTHER)
    steps = drawing.can_undo
    assert not drawing.erase((0.5, 0.5), reach=0.05)
    assert points(drawing) == [LINE, OTHER]
    assert drawing.can_undo == steps


def test_replacing_all_strokes_can_be_undone():
    drawing = drawn(LINE)
    assert drawing.replace([Stroke(OTHER)])
    drawing.undo()
    assert points(drawing) == [LINE]


def test_a_picture_and_the_strokes_over_it_are_steps_alike():
    picture = Picture(None)
    drawing = drawn(LINE)
    assert drawing.replace((), picture)
    drawing.begin((0.5, 0.5))
    drawing.end()
    assert (points(drawing), drawing.picture) == ([((0.5, 0.5),)], picture)
    drawing.undo()
    assert (points(drawing), drawing.picture) == ([], picture)
    drawing.undo()
    assert (points(drawing), drawing.picture) == ([LINE], None)
    drawing.redo()
    assert drawing.picture is picture


def test_the_eraser_leaves_the_picture():
    picture = Picture(None)
    drawing = Drawing()
    drawing.replace([Stroke(LINE)], picture)
    assert drawing.erase((0.5, 0.2), reach=0.05)
    assert (drawing.strokes, drawing.picture) == ((), picture)
    assert not drawing.is_empty


def test_clear_takes_the_picture_too():
    drawing = Drawing()
    drawing.replace((), Picture(None))
    drawing.clear()
    assert drawing.is_empty
    assert drawing.picture is None


def test_the_same_picture_opened_again_is_another():
    drawing = Drawing()
    drawing.replace((), Picture(None))
    assert drawing.replace((), Picture(None))


def test_a_stroke_that_is_gone_is_in_no_group():
    drawing = drawn(LINE, OTHER, LINE)
    drawing.undo()
    assert drawing.group([{0, 1, 2}])
    assert drawing.groups == ((0, 1),)
    assert not drawing.group([{7}])


def test_so_many_pictures_are_kept_and_the_strokes_over_them():
    drawing = drawn(LINE)
    pictures = [Picture(None) for _ in range(MOST_PICTURES + 3)]
    for picture in pictures:
        drawing.replace((), picture)
        drawing.begin((0.5, 0.5))
        drawing.end()
    kept = []
    while drawing.can_undo:
        assert drawing.picture is not None
        if drawing.picture not in kept:
            kept.append(drawing.picture)
        drawing.undo()
    assert kept == pictures[:2:-1]
    assert points(drawing) == []  # the first one that is kept, before it was drawn on
    while drawing.can_redo:
        drawing.redo()
    assert drawing.picture is pictures[-1]
    assert points(drawing) == [((0.5, 0.5),)]


def test_of_large_pictures_so_many_bytes_are_kept_and_what_they_share_counts_once():
    pixels, part = np.zeros(MOST_BYTES // 4, np.uint8), np.zeros(MOST_BYTES // 16, np.uint8)

    def undone_steps(pictures):
        drawing = Drawing()
        for picture in pictures:
            drawing.replace((), picture)
        steps = 0
        while drawing.can_undo:
            drawing.undo()
            steps += 1
        return steps

    assert undone_steps(Picture(pixels.copy()) for _ in range(8)) == 3
    assert undone_steps(Picture(pixels.copy(), Look(pixels.copy(), part)) for _ in range(8)) == 0
    assert undone_steps(Picture(part, Look(pixels, part)) for _ in range(8)) == 8
    assert undone_steps(Picture(part.copy(), Look(pixels, part), divided=part) for _ in range(18)) == 10


def test_strokes_alone_are_all_kept():
    drawing = drawn(*[LINE] * 100)
    for _ in range(100):
        drawing.undo()
    assert not drawing.can_undo
    assert points(drawing) == []


def test_a_click_on_a_picture_is_not_all_there_is():
    drawing = Drawing()
    drawing.replace([Stroke(((0.5, 0.5),))], Picture(None))
    assert not drawing.is_dot


@pytest.mark.parametrize(
    ("points", "place", "distance"),
    [
        (((0.0, 0.0),), (3.0, 4.0), 5.0),  # a dot
        (((0.0, 0.0), (2.0, 0.0)), (1.0, 1.0), 1.0),  # over the middle
        (((0.0, 0.0), (2.0, 0.0)), (5.0, 4.0), 5.0),  # past the end
        (((1.0, 1.0), (1.0, 1.0)), (1.0, 2.0), 1.0),  # a segment without length
    ],
)
def test_the_distance_to_a_stroke_is_that_to_its_nearest_place(points, place, distance):
    assert math.isclose(Stroke(points).distance_to(place), distance)


def test_a_trembling_click_is_a_dot_and_a_short_line_is_not():
    assert drawn(((0.5, 0.5), (0.503, 0.5))).is_dot
    assert not drawn(((0.5, 0.5), (0.55, 0.5))).is_dot
    assert not drawn(((0.2, 0.2),), ((0.8, 0.8),)).is_dot


def test_fitted_strokes_keep_their_shape_and_stand_in_the_middle():
    (stroke,) = fitted([Stroke(((100.0, 300.0), (300.0, 700.0)))])
    assert stroke.points[0] == pytest.approx((0.325, 0.15))
    assert stroke.points[1] == pytest.approx((0.675, 0.85))


def test_a_single_point_is_fitted_to_the_middle():
    assert fitted([Stroke(((7.0, 9.0),))]) == (Stroke(((0.5, 0.5),)),)


def test_the_extent_is_the_longer_side():
    assert extent([Stroke(((0.1, 0.2), (0.4, 0.3)))]) == pytest.approx(0.3)


unit = st.floats(0, 1, allow_subnormal=False)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.tuples(unit, unit)),
        st.tuples(st.just("extend"), st.tuples(unit, unit)),
        st.tuples(st.just("erase"), st.tuples(unit, unit)),
        st.tuples(st.sampled_from(["end", "clear", "undo", "redo", "picture"]), st.none()),
    ),
    max_size=30,
)


@given(operations)
def test_undoing_everything_and_redoing_it_restores_any_drawing(operations):
    drawing = Drawing()
    for name, point in operations:
        if name == "erase":
            drawing.erase(point, reach=0.2)
        elif name == "picture":
            drawing.replace((), Picture(None))
        elif point is not None:
            getattr(drawing, name)(point)
        else:
            getattr(drawing, name)()
    drawing.end()
    before = drawing.strokes, drawing.picture
    undone = 0
    while drawing.can_undo:
        drawing.undo()
        undone += 1
    assert drawing.is_empty
    for _ in range(undone):
        assert drawing.can_redo
        drawing.redo()
    assert (drawing.strokes, drawing.picture) == before


def test_a_stroke_that_is_cancelled_leaves_nothing_not_even_a_step():
    drawing = Drawing()
    drawing.begin((0.1, 0.1))
    drawing.end()
    drawing.undo()
    drawing.begin((0.5, 0.5))
    drawing.cancel()
    assert not drawing.is_underway
    assert drawing.strokes == ()
    assert (drawing.can_undo, drawing.can_redo) == (False, True)


def test_a_stroke_underway_is_a_click_until_it_is_larger_than_a_dot():
    drawing = Drawing()
    assert not drawing.is_click
    drawing.begin((0.1, 0.1))
    drawing.extend((0.9, 0.9))
    drawing.end()
    drawing.begin((0.5, 0.5))
    drawing.extend((0.505, 0.5))
    assert drawing.is_click
    drawing.extend((0.55, 0.5))
    assert not drawing.is_click
    drawing.extend((0.5, 0.5))
    assert not drawing.is_click  # although it came back
    drawing.end()
    assert not drawing.is_click


# Groups by hand


@pytest.fixture
def grouped():
    """Four strokes, of which the first and the third are together."""
    drawing = Drawing()
    drawing.replace([Stroke(((x, 0.1), (x, 0.9))) for x in (0.1, 0.3, 0.5, 0.7)])
    assert drawing.group([(2, 0)])
    return drawing


def test_a_group_is_a_step_of_the_history(grouped):
    assert grouped.groups == ((0, 2),)
    grouped.undo()
    assert grouped.groups == ()
    grouped.redo()
    assert grouped.groups == ((0, 2),)


def test_a_group_that_is_there_is_no_change(grouped):
    assert not grouped.group([(0, 2)])


def test_a_stroke_leaves_its_group_for_another_and_an_empty_group_is_none(grouped):
    grouped.group([(2, 3)])
    assert grouped.groups == ((0,), (2, 3))
    grouped.group([(0, 1, 2, 3)])
    assert grouped.groups == ((0, 1, 2, 3),)
    grouped.group([(number,) for number in range(4)])
    assert grouped.groups == ((0,), (1,), (2,), (3,))


def test_groups_stay_when_a_stroke_is_added_and_end_when_all_is_replaced(grouped):
    grouped.begin((0.9, 0.1))
    grouped.end()
    assert grouped.groups == ((0, 2),)
    grouped.clear()
    assert grouped.groups == ()
    grouped.undo()
    assert grouped.groups == ((0, 2),)


def test_a_group_keeps_its_strokes_when_others_are_erased_and_loses_those_that_are(grouped):
    grouped.erase((0.3, 0.5), 0.05)
    assert grouped.groups == ((0, 1),)
    grouped.erase((0.1, 0.5), 0.05)
    assert grouped.groups == ((0,),)
    grouped.erase((0.5, 0.5), 0.05)
    assert grouped.groups == ()
    assert len(grouped.strokes) == 1


def test_the_strokes_near_a_point_are_told_by_their_numbers(grouped):
    assert grouped.near((0.4, 0.5), 0.15) == {1, 2}
    assert grouped.near((0.9, 0.5), 0.15) == set()


# Whatever is done, in any order


class AnyOrder(RuleBasedStateMachine):
    """A drawing beside a model that knows no numbers: strokes by what they are, groups as sets of them.

    Strokes are short lines in places of their own, so that the eraser takes one at a time or two.
    """

    def __init__(self):
        super().__init__()
        self.drawing = Drawing()
        self.places = 0
        self.page = ((), None, frozenset())  # strokes, picture, groups
        self.past, self.future = [], []
        self.pictures = 0

    def change_to(self, strokes, picture, groups):
        page = (strokes, picture, frozenset(group for group in groups if group))
        if page != self.page:
            self.past.append(self.page)
            self.page, self.future = page, []

    @rule()
    def draw(self):
        self.places += 1
        stroke = Stroke(((self.places, 0.0), (self.places, 1.0)))
        self.drawing.begin(stroke.points[0])
        self.drawing.extend(stroke.points[1])
        strokes, picture, groups = self.page
        self.change_to((*strokes, stroke), picture, groups)

    @rule()
    def draw_and_give_up(self):
        self.drawing.end()
        self.drawing.begin((-1.0, 0.5))
        self.drawing.cancel()

    @rule(place=st.integers(1, 12), reach=st.sampled_from([0.1, 0.6]))
    def erase(self, place, reach):
        x = place if reach < 0.5 else place + 0.5  # between two
        self.drawing.erase((x, 0.5), reach)
        strokes, picture, groups = self.page
        kept = tuple(stroke for stroke in strokes if abs(stroke.points[0][0] - x) > reach)
        self.change_to(kept, picture, (group & set(kept) for group in groups))

    @rule(data=st.data())
    def join(self, data):
        """Any strokes there are, and numbers that there are none of."""
        self.drawing.end()
        strokes, picture, groups = self.page
        chosen = data.draw(st.sets(st.integers(0, len(strokes) + 1), min_size=1, max_size=4))
        self.drawing.group([chosen])
        new = frozenset(strokes[number] for number in chosen if number < len(strokes))
        self.change_to(strokes, picture, [new, *(group - new for group in groups)])

    @precondition(lambda self: self.page[2])
    @rule(data=st.data())
    def split(self, data):
        strokes, picture, groups = self.page
        group = data.draw(st.sampled_from(self.drawing.groups))
        self.drawing.group([number] for number in group)
        apart = frozenset(strokes[number] for number in group)
        self.change_to(strokes, picture, [*(groups - {apart}), *(frozenset([each]) for each in apart)])

    @rule(is_under=st.booleans())
    def open_picture(self, is_under):
        picture = Picture(None)
        self.pictures += 1
        strokes, _, groups = self.page
        if is_under:
            self.drawing.put_under(picture)
            self.change_to(strokes, picture, groups)
        else:
            self.drawing.replace((), picture)
            self.change_to((), picture, ())

    @rule()
    def clear(self):
        self.drawing.clear()
        self.change_to((), None, ())

    @rule(times=st.integers(1, 4))
    def undo(self, times):
        for _ in range(times):
            if not self.drawing.can_undo:
                assert not self.past or self.pictures > MOST_PICTURES
                return
            self.drawing.undo()
            self.future.append(self.page)
            self.page = self.past.pop()

    @rule(times=st.integers(1, 4))
    def redo(self, times):
        for _ in range(times):
            assert self.drawing.can_redo == bool(self.future)
            self.drawing.redo()
            if self.future:
                self.past.append(self.page)
                self.page = self.future.pop()

    @invariant()
    def it_is_as_the_model_has_it(self):
        strokes, picture, groups = self.page
        assert self.drawing.strokes == strokes
        assert self.drawing.picture is picture
        found = [frozenset(strokes[number] for number in group) for group in self.drawing.groups]
        assert sorted(map(len, found)) == sorted(map(len, groups))
        assert set(found) == groups


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
