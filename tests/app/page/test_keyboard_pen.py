"""app/page/keyboard_pen.py: where keys move the pen, and when it is down."""

import pytest

from app.page.keyboard_pen import LARGE_STEP, STEP, KeyboardPen


def test_it_begins_in_the_middle_and_up():
    pen = KeyboardPen()
    assert (pen.point, pen.is_down) == ((0.5, 0.5), False)


def test_it_goes_by_small_steps_and_by_large_ones():
    pen = KeyboardPen()
    assert pen.move(1, 0, is_large=False) == pytest.approx((0.5 + STEP, 0.5))
    assert pen.move(0, -1, is_large=True) == pytest.approx((0.5 + STEP, 0.5 - LARGE_STEP))
    assert pen.move(-1, 1, is_large=False) == pytest.approx((0.5, 0.5 - LARGE_STEP + STEP))
    assert STEP < LARGE_STEP / 2


@pytest.mark.parametrize(("direction", "end"), [((1, 0), (1, 0.5)), ((-1, -1), (0, 0)), ((0, 1), (0.5, 1))])
def test_it_stays_on_the_page(direction, end):
    pen = KeyboardPen()
    for _ in range(7):
        pen.move(*direction, is_large=True)
    assert pen.point == pytest.approx(end, abs=1e-9)


def test_one_key_puts_it_down_and_lifts_it():
    pen = KeyboardPen()
    assert [pen.press(), pen.press(), pen.press()] == [True, False, True]
    assert pen.is_down


def test_lifting_tells_whether_it_was_down():
    pen = KeyboardPen()
    pen.press()
    assert [pen.lift(), pen.lift(), pen.is_down] == [True, False, False]
