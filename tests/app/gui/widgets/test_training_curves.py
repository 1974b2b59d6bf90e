"""The curves: each point where it belongs, its last value beside it, in the theme's colours."""

import pytest
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.colors import to_hex

from app import language
from app.gui.theme import PALETTES
from app.gui.widgets.training_curves import TrainingCurves
from tests.app.hand import wait_until


@pytest.fixture
def curves(root, monkeypatch):
    """Not painted yet: a test has its own to show."""
    curves = TrainingCurves(root, palette=PALETTES["light"])
    curves.pack(fill="both", expand=True)
    curves.clear(4)
    with monkeypatch.context() as unseen:
        unseen.setattr(FigureCanvasTkAgg, "draw", lambda canvas: None)
        root.update()
    return curves


def points(axes):
    (line,) = axes.lines
    return [tuple(map(float, point)) for point in line.get_xydata()]


def test_points_are_drawn_where_they_belong(curves, root):
    curves.add_epoch(1, 0.1, 0.97, 0.003)
    curves.add_epoch(2, 0.05, 0.985, 0.001)
    curves.draw()
    root.update()
    assert points(curves.loss_axes) == [(1, 0.1), (2, 0.05)]
    assert points(curves.accuracy_axes) == [(1, pytest.approx(97)), (2, pytest.approx(98.5))]
    assert points(curves.rate_axes) == [(1, 3), (2, 1)]
    for axes in curves.figure.axes:
        low, high = axes.get_ylim()
        assert all(low <= y <= high for _, y in points(axes))
        assert axes.get_xlim() == (0, 4)  # the whole training has room from the start


def test_numbers_are_written_as_the_language_has_them(curves, root):
    language.speak("it")
    curves.add_epoch(1, 0.6, 0.97, 0.003)
    curves.draw()
    curves.figure.canvas.draw()
    ticks = [tick.get_text() for tick in curves.loss_axes.get_yticklabels()]
    assert "0,2" in ticks
    assert not any("." in tick for tick in ticks)


@pytest.mark.parametrize("loss", [0.0198, 0.0012])
def test_the_numbers_of_a_small_loss_are_whole(curves, root, loss):
    curves.add_epoch(1, loss, 0.996, 0.0003)
    curves.show_learning_rate(True)
    root.update()
    renderer = curves._canvas.get_renderer()
    for place, axes in enumerate(curves.figure.axes):
        low, high = axes.get_ylim()
        ticks = [tick for tick in axes.get_yticklabels() if low <= tick.get_position()[1] <= high]
        assert len({tick.get_text() for tick in ticks}) >= 3
        column = place * curves.figure.bbox.width / 3
        assert all(tick.get_window_extent(renderer).x0 >= column for tick in ticks)


def test_the_last_value_stands_beside_the_end_of_its_curve(curves, root):
    curves.add_epoch(1, 0.1, 0.97, 0.003)
    curves.add_epoch(4, 0.0512, 0.9851, 0.00025)  # at the right edge
    curves.draw()
    root.update()
    renderer = curves._canvas.get_renderer()
    told = [curve.label.get_text() for curve in curves.curves]
    assert told == ["0.051", "98.51", "0.25"]
    width, _ = curves.figure.bbox.size
    for curve in curves.curves[:2]:
        box = curve.label.get_window_extent(renderer)
        last = curve.axes.transData.transform((4, curve.values[-1]))
        assert last[0] < box.x0 < last[0] + 30
        assert box.x1 <= width
    assert curves.loss_axes.get_legend() is None  # nothing lies on a curve


@pytest.mark.usefixtures("no_diagrams")
def test_a_point_at_all_right_is_drawn_whole(curves):
    curves.add_epoch(1, 0.0, 1.0, 0.003)
    curves.draw()
    (line,) = curves.accuracy_axes.lines
    assert points(curves.accuracy_axes) == [(1, 100)]
    assert curves.accuracy_axes.get_ylim()[1] == 100
    assert not line.get_clip_on()


@pytest.mark.usefixtures("no_diagrams")
@pytest.mark.parametrize(
    ("accuracy", "low"), [(0.995, 99), (0.97, 95), (0.93, 90), (0.85, 80), (0.6, 50), (0.2, 0), (0.99, 95)]
)
def test_the_axis_of_accuracies_begins_where_the_lowest_can_be_seen(curves, accuracy, low):
    curves.add_epoch(1, 0.1, accuracy, 0.003)
    curves.add_epoch(2, 0.1, 1.0, 0.003)
    curves.draw()
    assert curves.accuracy_axes.get_ylim() == (low, 100)


@pytest.mark.usefixtures("no_diagrams")
def test_the_learning_rate_is_shown_on_demand(curves, root):
    assert not curves.rate_axes.get_visible()
    curves.draw()
    before = curves.loss_axes.get_position().width
    curves.show_learning_rate(True)
    root.update()
    assert curves.rate_axes.get_visible()
    lefts = [axes.get_position().x0 for axes in curves.figure.axes]
    assert lefts == sorted(lefts)
    assert curves.loss_axes.get_position().width < before
    curves.show_learning_rate(False)
    assert curves.loss_axes.get_position().width == before


@pytest.mark.usefixtures("no_diagrams")
def test_a_new_training_begins_with_no_points(curves):
    curves.add_epoch(1, 0.1, 0.97, 0.003)
    curves.draw()
    curves.clear(7)
    assert not points(curves.accuracy_axes)
    assert [curve.label.get_text() for curve in curves.curves] == ["", "", ""]
    assert curves.accuracy_axes.get_xlim() == (0, 7)


def test_epochs_are_whole_numbers(curves, root):
    curves.clear(3)
    root.update()
    assert all(tick == round(tick) for tick in curves.loss_axes.get_xticks())


def test_all_that_is_written_follows_the_theme(curves, root):
    curves.restyle(PALETTES["dark"])
    root.update()
    dark = PALETTES["dark"]
    assert to_hex(curves.figure.get_facecolor()) == dark.window
    for curve in curves.curves:
        assert to_hex(curve.axes.title.get_color()) == dark.text
        assert to_hex(curve.axes.get_xticklabels()[0].get_color()) == dark.muted
        assert to_hex(curve.label.get_color()) == dark.text
    assert curves.picture["background"] == dark.window


@pytest.mark.parametrize("shows_rate", [False, True])
def test_the_writing_stays_inside_a_small_picture(curves, root, shows_rate):
    curves.add_epoch(4, 0.0512, 0.9851, 0.00025)
    curves.show_learning_rate(shows_rate)
    for size in ("560x200", "900x500"):
        root.geometry(size)
        root.update()
        curves.draw()
        root.update()
        renderer = curves._canvas.get_renderer()
        width, height = curves.figure.bbox.size
        for axes in (axes for axes in curves.figure.axes if axes.get_visible()):
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
    root.update()
    assert 0 < curves.loss_axes.get_position().y0 < curves.loss_axes.get_position().y1 < 1
