"""The curves: each point where it belongs, in the theme's colours."""

import pytest
from matplotlib.colors import to_hex

from app.gui.theme import PALETTES
from app.gui.widgets.training_curves import TrainingCurves
from tests.app.hand import wait_until


@pytest.fixture
def curves(root):
    curves = TrainingCurves(root, palette=PALETTES["light"])
    curves.pack(fill="both", expand=True)
    curves.clear(4)
    root.update()
    return curves


def points(line):
    return [tuple(map(float, point)) for point in line.get_xydata()]


def test_points_are_drawn_where_they_belong(curves, root):
    curves.add_step(0.5, 0.3)
    curves.add_step(1.0, 0.2)
    curves.add_epoch(1, 0.1, 0.97)
    curves.add_epoch(2, 0.05, 0.985)
    curves.draw()
    root.update()
    learning, aside = curves.loss_axes.lines
    (accuracy,) = curves.accuracy_axes.lines
    assert points(learning) == [(0.5, 0.3), (1.0, 0.2)]
    assert points(aside) == [(1, 0.1), (2, 0.05)]
    assert points(accuracy) == [(1, pytest.approx(97)), (2, pytest.approx(98.5))]
    low, high = curves.accuracy_axes.get_ylim()
    assert low < 97 < 98.5 < high
    assert curves.loss_axes.get_xlim()[1] >= 4  # the whole training has room from the start


def test_the_first_steps_do_not_flatten_the_rest(curves):
    curves.add_step(0.01, 80.0)
    curves.add_step(1.0, 0.2)
    curves.draw()
    assert 0.2 < curves.loss_axes.get_ylim()[1] < 1


def test_a_new_training_begins_with_no_points(curves):
    curves.add_epoch(1, 0.1, 0.97)
    curves.clear(7)
    assert not points(curves.accuracy_axes.lines[0])
    assert curves.accuracy_axes.get_xlim()[1] >= 7


def test_all_that_is_written_follows_the_theme(curves, root):
    curves.restyle(PALETTES["dark"])
    root.update()
    dark = PALETTES["dark"]
    assert to_hex(curves.figure.get_facecolor()) == dark.window
    for axes in (curves.loss_axes, curves.accuracy_axes):
        assert to_hex(axes.title.get_color()) == dark.text
        assert to_hex(axes.get_xticklabels()[0].get_color()) == dark.muted
    assert curves.picture["background"] == dark.window


def test_the_writing_stays_inside_a_small_picture(curves, root):
    for size in ("420x160", "900x500"):
        root.geometry(size)
        root.update()
        curves.draw()
        root.update()
        renderer = curves._canvas.get_renderer()
        width, height = curves.figure.bbox.size
        for axes in (curves.loss_axes, curves.accuracy_axes):
            box = axes.get_tightbbox(renderer)
            assert box.x0 >= 0
            assert box.y0 >= 0
            assert box.x1 <= width + 1
            assert box.y1 <= height + 1


def test_they_may_be_squeezed_for_a_moment(curves, root):
    root.geometry("400x20")  # an error in a callback fails the test
    wait_until(root, lambda: curves.picture.winfo_height() <= 20)
    root.geometry("400x400")
    wait_until(root, lambda: curves.picture.winfo_height() == 400)
    assert 0 < curves.figure.subplotpars.bottom < curves.figure.subplotpars.top < 1
