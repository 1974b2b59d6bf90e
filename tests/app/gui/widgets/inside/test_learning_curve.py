"""app/gui/widgets/inside/learning_curve.py: shares as a curve, and the mark where the film stands."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.inside.learning_curve import LearningCurve


@pytest.fixture
def curve(root):
    curve = LearningCurve(root, palette=PALETTES["light"])
    curve.pack(fill="both", expand=True)
    curve.show([0.1, 0.5, 1.0], ("step 0", "as saved"))
    root.update()
    return curve


def test_it_rises_with_what_is_read_from_edge_to_edge(root, curve):
    x0, y0, x1, y1, x2, y2 = curve.coords(curve._curve)
    left, top, right, bottom = curve._plot
    assert (x0, x1, x2) == pytest.approx((left, (left + right) / 2, right))
    assert y2 == pytest.approx(top) and y1 == pytest.approx((top + bottom) / 2)
    assert y0 == pytest.approx(bottom - 0.1 * (bottom - top))
    for item in curve.find_all():
        x0, y0, x1, y1 = curve.bbox(item)
        assert x0 >= 0 and y0 >= 0 and x1 <= curve.winfo_width() and y1 <= curve.winfo_height()


def test_the_mark_stands_where_the_film_does(root, curve):
    curve.mark(1)
    x, _top, same, _bottom = curve.coords(curve._mark)
    assert x == same == pytest.approx(curve.coords(curve._curve)[2])
    left, upper, right, lower = curve.coords(curve._dot)
    assert ((left + right) / 2, (upper + lower) / 2) == pytest.approx(tuple(curve.coords(curve._curve)[2:4]))
    curve.show([0.1, 0.2], ("step 0", "as saved"))
    assert curve.marked == 1


def test_without_shares_nothing_is_drawn(root, curve):
    curve.show((), ("", ""))
    curve.mark(3)
    root.update()
    assert {str(curve.itemcget(item, "state")) for item in curve.find_all()} == {"hidden"}
    curve.show([0.1, 0.5, 1.0], ("step 0", "as saved"))
    assert {str(curve.itemcget(item, "state")) for item in curve.find_all()} == {"normal"}


def test_it_follows_the_theme(curve):
    curve.restyle(PALETTES["dark"])
    assert curve.itemcget(curve._curve, "fill") == PALETTES["dark"].text
