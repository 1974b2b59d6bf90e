"""app/gui/widgets/drawing_canvas.py: events out in page units, strokes and pictures in."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets import drawing_canvas
from app.gui.widgets.drawing_canvas import DrawingCanvas
from tests.app.hand import wait_until


class FakePen:
    """Notes what the canvas tells it."""

    def __init__(self):
        self.notes = []

    def pen_down(self, point):
        self.notes.append(("down", *point))

    def pen_move(self, point):
        self.notes.append(("move", *point))

    def pen_up(self):
        self.notes.append(("up",))

    def erase_at(self, point):
        self.notes.append(("erase", *point))

    def repaint(self):
        self.notes.append(("repaint",))


@pytest.fixture
def pen():
    return FakePen()


@pytest.fixture
def canvas(root, pen):
    root.geometry("400x200")
    canvas = DrawingCanvas(
        root,
        pen,
        palette=PALETTES["light"],
        pen_width=0.05,
        eraser_buttons=("<ButtonPress-3>", "<Control-ButtonPress-1>"),
    )
    canvas.pack(fill="both", expand=True)
    wait_until(root, lambda: canvas.winfo_ismapped() and (canvas.width, canvas.height) == (400, 200))
    root.update()
    pen.notes.clear()
    return canvas


def pixel_ink(canvas):
    """The items' kinds and coordinates, in whole pixels."""
    return [(canvas.type(item), [round(c) for c in canvas.coords(item)]) for item in canvas.find_all()]


def test_the_page_is_the_square_in_the_middle(canvas, pen):
    canvas.event_generate("<ButtonPress-1>", x=100, y=0)
    canvas.event_generate("<B1-Motion>", x=300, y=200)
    canvas.event_generate("<B1-Motion>", x=0, y=100)
    canvas.event_generate("<ButtonRelease-1>", x=0, y=100)
    assert pen.notes == [("down", 0, 0), ("move", 1, 1), ("move", -0.5, 0.5), ("up",)]


@pytest.mark.parametrize(
    ("press", "motion", "release"),
    [
        ("<ButtonPress-3>", "<B3-Motion>", "<ButtonRelease-3>"),
        ("<Control-ButtonPress-1>", "<Control-B1-Motion>", "<Control-ButtonRelease-1>"),
    ],
)
def test_the_eraser_follows_the_pointer(canvas, pen, press, motion, release):
    canvas.event_generate(press, x=200, y=100)
    canvas.event_generate(motion, x=250, y=100)
    canvas.event_generate(release, x=250, y=100)
    assert pen.notes == [("erase", 0.5, 0.5), ("erase", 0.75, 0.5)]


def test_the_left_button_erases_while_the_eraser_is_in_the_hand(canvas, pen):
    canvas.set_erasing(True)
    canvas.event_generate("<ButtonPress-1>", x=200, y=100)
    canvas.event_generate("<B1-Motion>", x=250, y=100)
    canvas.event_generate("<ButtonRelease-1>", x=250, y=100)
    canvas.set_erasing(False)
    canvas.event_generate("<ButtonPress-1>", x=200, y=100)
    assert pen.notes == [("erase", 0.5, 0.5), ("erase", 0.75, 0.5), ("down", 0.5, 0.5)]


def test_a_drag_that_began_elsewhere_is_not_drawn(canvas, pen):
    canvas.event_generate("<B1-Motion>", x=200, y=100)
    assert pen.notes == []


def test_a_stroke_begins_as_a_dot_and_grows_into_one_line(canvas):
    canvas.begin_stroke((0.5, 0.5))
    assert pixel_ink(canvas) == [("oval", [195, 95, 205, 105])]
    canvas.extend_stroke((0.75, 0.5))
    canvas.extend_stroke((0.75, 0.25))
    assert pixel_ink(canvas) == [("line", [200, 100, 250, 100, 250, 50])]


def test_shown_strokes_look_like_drawn_ones_and_can_be_extended(canvas):
    canvas.show_strokes([[(0.1, 0.1)], [(0.5, 0.5), (0.75, 0.5)]])
    canvas.extend_stroke((0.75, 0.25))
    assert pixel_ink(canvas)[1:] == [("line", [200, 100, 250, 100, 250, 50])]


def test_a_long_stroke_is_several_lines_that_join_midway(canvas, monkeypatch):
    monkeypatch.setattr(drawing_canvas, "LINE_POINTS", 3)
    points = [(0.1, 0.5), (0.2, 0.5), (0.2, 0.6), (0.3, 0.6), (0.3, 0.7)]
    canvas.begin_stroke(points[0])
    for point in points[1:]:
        canvas.extend_stroke(point)
    grown = pixel_ink(canvas)
    assert grown == [
        ("line", [120, 100, 140, 100, 140, 120, 150, 120]),
        ("line", [150, 120, 160, 120, 160, 140]),
    ]
    canvas.show_strokes([points])
    assert pixel_ink(canvas) == grown


def test_showing_strokes_replaces_what_was_shown(canvas):
    canvas.show_hint("Draw")
    canvas.show_strokes([[(0.5, 0.5), (0.75, 0.5), (0.75, 0.25)]])
    assert pixel_ink(canvas) == [("line", [200, 100, 250, 100, 250, 50])]
    canvas.show_strokes([])
    assert pixel_ink(canvas) == []


def test_a_picture_fills_the_page_in_the_palettes_colours(canvas):
    canvas.show_picture(bytes([0, 255, 0, 255]), width=2)
    (item,) = canvas.find_all()
    assert canvas.bbox(item) == (100, 0, 300, 200)
    picture = canvas._picture
    assert picture.get(20, 20) == (255, 255, 255)
    assert picture.get(180, 180) == (0x1C, 0x1C, 0x1C)


def test_strokes_lie_over_a_picture_and_grow_there(canvas):
    canvas.show_picture(bytes(4), width=2, strokes=[[(0.5, 0.5), (0.75, 0.5)]])
    canvas.extend_stroke((0.75, 0.25))
    assert pixel_ink(canvas) == [("image", [200, 100]), ("line", [200, 100, 250, 100, 250, 50])]
    canvas.show_strokes([])
    assert pixel_ink(canvas) == []


@pytest.mark.parametrize("width", [1, 1000])
def test_a_picture_of_one_row_or_column_is_shown(canvas, width):
    canvas.show_picture(bytes(1000), width=width)
    left, top, right, bottom = canvas.bbox("all")
    assert max(right - left, bottom - top) == 200


def test_a_new_size_palette_or_pen_asks_for_a_repaint(canvas, pen, root):
    canvas.restyle(PALETTES["dark"])
    assert canvas["background"] == PALETTES["dark"].paper
    canvas.set_pen_width(0.1)
    root.geometry("500x300")
    wait_until(root, lambda: canvas.height == 300)
    root.update()
    assert pen.notes[:2] == [("repaint",), ("repaint",)]
    assert len(pen.notes) >= 3
    canvas.begin_stroke((0.5, 0.5))
    assert pixel_ink(canvas) == [("oval", [235, 135, 265, 165])]


def test_the_page_has_an_edge_and_another_one_while_it_has_the_keys(canvas):
    assert (canvas["highlightbackground"], canvas["highlightcolor"]) == (
        PALETTES["light"].edge,
        PALETTES["light"].accent,
    )
