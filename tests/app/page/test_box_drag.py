"""app/page/box_drag.py: what a drag makes of the box in a picture."""

import pytest

from app.page.box_drag import BoxDrag, handles

PAGE = (0.0, 0.0, 1.0, 1.0)
BOX = (0.25, 0.25, 0.75, 0.5)


def dragged(start, end, *, before=BOX, within=PAGE):
    drag = BoxDrag(start, before, within)
    drag.to(end)
    return drag.box


def test_a_drag_makes_a_box_from_corner_to_corner_whichever_way_it_goes():
    for start, end in (((0.2, 0.3), (0.6, 0.8)), ((0.6, 0.3), (0.2, 0.8)), ((0.6, 0.8), (0.2, 0.3))):
        assert dragged(start, end, before=None) == (0.2, 0.3, 0.6, 0.8)


def test_a_drag_from_outside_makes_another_box():
    assert dragged((0.1, 0.6), (0.9, 0.9)) == (0.1, 0.6, 0.9, 0.9)


@pytest.mark.parametrize(
    ("start", "end", "box"),
    [
        ((0.25, 0.25), (0.1, 0.2), (0.1, 0.2, 0.75, 0.5)),
        ((0.76, 0.51), (0.9, 0.9), (0.25, 0.25, 0.9, 0.9)),
        ((0.5, 0.25), (0.9, 0.1), (0.25, 0.1, 0.75, 0.5)),
        ((0.25, 0.375), (0.5, 0.9), (0.5, 0.25, 0.75, 0.5)),
        ((0.25, 0.375), (0.875, 0.4), (0.75, 0.25, 0.875, 0.5)),  # over the other edge
    ],
)
def test_a_handle_takes_its_edges_along(start, end, box):
    assert dragged(start, end) == box


def test_a_drag_within_moves_the_box_and_no_further_than_the_picture_goes():
    assert dragged((0.4, 0.375), (0.5, 0.5)) == pytest.approx((0.35, 0.375, 0.85, 0.625))
    assert dragged((0.4, 0.375), (5, -5)) == pytest.approx((0.5, 0, 1, 0.25))
    narrow = (0.2, 0.1, 0.8, 0.6)
    assert dragged((0.4, 0.375), (-5, -5), within=narrow) == pytest.approx((0.2, 0.1, 0.7, 0.35))
    assert dragged((0.4, 0.375), (5, 5), within=narrow) == pytest.approx((0.3, 0.35, 0.8, 0.6))


def test_a_box_ends_where_the_picture_does():
    assert dragged((0.1, 0.1), (2, 2), before=None, within=(0.2, 0, 0.8, 1)) == (0.2, 0.1, 0.8, 1)


def test_a_click_beside_the_box_takes_it_off_and_one_in_it_leaves_it():
    assert dragged((0.1, 0.9), (0.101, 0.9)) is None
    assert BoxDrag((0.1, 0.9), BOX, PAGE).box is None
    assert dragged((0.4, 0.375), (0.401, 0.375)) == BOX
    assert BoxDrag((0.25, 0.25), BOX, PAGE).box == BOX


def test_a_box_too_thin_to_hold_ink_is_none():
    assert dragged((0.1, 0.6), (0.9, 0.601)) == BOX
    assert dragged((0.1, 0.6), (0.9, 0.601), before=None) is None


def test_the_handles_stand_at_corners_and_in_the_middle_of_edges():
    places = handles(BOX)
    assert len(places) == 8
    assert (places[0, 0], places[1, 1], places[0.5, 1]) == ((0.25, 0.25), (0.75, 0.5), (0.5, 0.5))
