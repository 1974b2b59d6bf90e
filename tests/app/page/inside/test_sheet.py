"""app/page/inside/sheet.py: where maps lie in a picture, and which number lies at a place."""

from hypothesis import given
from hypothesis import strategies as st

from app.page.inside.sheet import Sheet, fitted

SIZES = st.integers(1, 30)


def test_maps_stand_side_by_side_in_lines():
    sheet = Sheet(maps=5, rows=3, columns=4, zoom=2, across=3, gap=2)
    assert (sheet.width, sheet.height) == (30, 16)
    assert sheet.whole(0) == (0, 0, 8, 6)
    assert sheet.whole(4) == (10, 8, 18, 14)
    assert sheet.box(4, 1, 2, 2, 4) == (14, 10, 18, 12)


@given(SIZES, SIZES, SIZES, st.integers(1, 4), SIZES, st.data())
def test_each_number_lies_where_its_box_is(maps, rows, columns, zoom, across, data):
    sheet = Sheet(maps, rows, columns, zoom, min(across, maps))
    unit = tuple(data.draw(st.integers(0, size - 1)) for size in (maps, rows, columns))
    left, top, right, bottom = sheet.box(unit[0], unit[1], unit[2], unit[1] + 1, unit[2] + 1)
    assert sheet.unit_at(left, top) == sheet.unit_at(right - 1, bottom - 1) == unit
    assert 0 <= left < right <= sheet.width
    assert 0 <= top < bottom <= sheet.height


def test_a_gap_and_what_is_outside_are_no_number():
    sheet = Sheet(maps=5, rows=3, columns=4, zoom=2, across=3, gap=2)
    for place in ((8, 0), (0, 6), (25, 9), (-1, 3), (3, -1), (31, 3), (3, 17)):
        assert sheet.unit_at(*place) is None


@given(st.integers(1, 400), SIZES, st.integers(60, 900))
def test_a_sheet_keeps_to_its_width(maps, side, width):
    sheet = fitted(maps, side, side, width=width, height=84)
    assert sheet.width <= width + sheet.gap
    assert sheet.lines * sheet.across >= maps > (sheet.lines - 1) * sheet.across


def test_squares_are_as_large_as_there_is_room_for():
    few, many = fitted(6, 24, 24, width=460, height=84), fitted(24, 24, 24, width=460, height=84)
    assert (few.zoom, many.zoom) == (3, 1)
    assert fitted(6, 24, 24, width=920, height=84, scale=2.0).zoom == 6
    assert fitted(10, 1, 1, width=460, height=84).zoom > fitted(120, 1, 1, width=460, height=84).zoom
    assert fitted(16, 8, 8, width=600, height=84).across == 8  # not fifteen, and one below
