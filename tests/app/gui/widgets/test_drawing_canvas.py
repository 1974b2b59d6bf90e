"""app/gui/widgets/drawing_canvas.py: events out in page units, strokes and pictures in."""

import numpy as np
import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.drawing_canvas import DrawingCanvas
from app.page.drawing import Look, Picture
from app.page.frame import Frame
from app.page.ink_surface import InkSurface
from app.page.patch import SQUARE
from tests.app.hand import colour_at, wait_until

LIGHT, DARK = PALETTES["light"], PALETTES["dark"]


HALF = Picture(np.array([[0, 1], [0, 1]], np.float32))
BLANK = Picture(np.zeros((2, 2), np.float32))


class FakePen:
    """Notes what the canvas tells it."""

    def __init__(self):
        self.notes = []
        self.is_stroke_underway = True

    def pen_down(self, point):
        self.notes.append(("down", *point))

    def pen_move(self, point):
        self.notes.append(("move", *point))

    def pen_up(self):
        self.notes.append(("up",))

    def point_at(self, point):
        self.notes.append(("over", *point) if point else ("away",))

    def erase_at(self, point):
        self.notes.append(("erase", *point))

    def select_down(self, point):
        self.notes.append(("select", *point))

    def select_move(self, point):
        self.notes.append(("to", *point))

    def select_up(self):
        self.notes.append(("selected",))

    def gather_at(self, point):
        self.notes.append(("gather", *point))

    def gathered(self):
        self.notes.append(("gathered",))

    def keyboard_pen_taken(self):
        self.notes.append(("keys",))

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
        InkSurface(),
        palette=LIGHT,
        pen_width=0.05,
        pen_colour="ink",
        eraser_buttons=("<ButtonPress-3>", "<Control-ButtonPress-1>"),
    )
    canvas.pack(fill="both", expand=True)
    wait_until(root, lambda: canvas.winfo_ismapped() and (canvas.width, canvas.height) == (400, 200))
    root.update()
    pen.notes.clear()
    canvas.show_strokes([])
    return canvas


def has_ink(canvas, *pixels):
    """Which of these pixels are ink; the others are paper."""
    colours = [colour_at(canvas, *pixel) for pixel in pixels]
    assert set(colours) <= {canvas.palette.ink, canvas.palette.paper}
    return [colour == canvas.palette.ink for colour in colours]


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
    canvas.set_tool("erase")
    canvas.event_generate("<ButtonPress-1>", x=200, y=100)
    canvas.event_generate("<B1-Motion>", x=250, y=100)
    canvas.event_generate("<ButtonRelease-1>", x=250, y=100)
    canvas.set_tool("draw")
    canvas.event_generate("<ButtonPress-1>", x=200, y=100)
    assert pen.notes == [("erase", 0.5, 0.5), ("erase", 0.75, 0.5), ("down", 0.5, 0.5)]


def test_a_drag_that_began_elsewhere_is_not_drawn(canvas, pen):
    canvas.event_generate("<B1-Motion>", x=200, y=100)
    assert pen.notes == []


def test_a_stroke_begins_as_a_dot_and_grows(canvas):
    canvas.begin_stroke((0.5, 0.5))
    places = (200, 100), (196, 100), (194, 100), (250, 100), (250, 50)
    assert has_ink(canvas, *places) == [True, True, False, False, False]
    canvas.extend_stroke((0.75, 0.5))
    canvas.extend_stroke((0.75, 0.25))
    assert has_ink(canvas, *places) == [True, True, False, True, True]


def test_strokes_have_smooth_edges(canvas):
    canvas.show_strokes([[(0.25, 0.25), (0.75, 0.5)]])
    row = {colour_at(canvas, x, 80) for x in range(100, 300)}
    assert len(row) > 2  # and not ink and paper alone


def test_shown_strokes_look_like_drawn_ones_and_can_be_extended(canvas):
    def look():
        return [colour_at(canvas, x, y) for x in range(100, 300, 3) for y in range(0, 200, 3)]

    canvas.show_strokes([[(0.1, 0.1)], [(0.5, 0.5), (0.75, 0.5)]])
    canvas.extend_stroke((0.75, 0.25))
    shown = look()
    canvas.show_strokes([[(0.1, 0.1)]])
    canvas.begin_stroke((0.5, 0.5))
    canvas.extend_stroke((0.75, 0.5))
    canvas.extend_stroke((0.75, 0.25))
    assert look() == shown


def test_a_motion_puts_only_the_pixels_about_it(canvas, monkeypatch):
    canvas.show_strokes([[(0.1, 0.1), (0.5, 0.5)]])
    put = []
    monkeypatch.setattr(
        "app.gui.widgets.drawing_canvas.put",
        lambda image, pixels, width, height, at: put.append(width * height),
    )
    canvas.extend_stroke((0.51, 0.5))
    assert 0 < sum(put) < 300


def test_there_are_images_only_where_there_is_ink(canvas):
    assert canvas.find_all() == ()
    canvas.show_strokes([[(-0.4, 0.1)]])
    (item,) = canvas.find_all()
    assert canvas.bbox(item) == (0, 0, SQUARE, SQUARE)


def test_ink_is_shown_on_all_of_the_canvas_and_cut_at_its_edge(canvas):
    canvas.show_strokes([[(-0.4, 0.5), (1.9, 0.5)]])
    assert has_ink(canvas, (30, 100), (399, 100), (10, 100)) == [True, True, False]


def test_showing_strokes_replaces_what_was_shown(canvas):
    canvas.show_hint("Draw")
    canvas.show_strokes([[(0.5, 0.5), (0.75, 0.5), (0.75, 0.25)]])
    assert {canvas.type(item) for item in canvas.find_all()} == {"image"}
    canvas.show_strokes([])
    assert canvas.find_all() == ()


def test_a_picture_fills_the_page_in_the_palettes_colours(canvas):
    canvas.show_picture(HALF)
    places = (101, 5), (199, 150), (201, 5), (299, 199), (301, 100)
    assert has_ink(canvas, *places) == [False, False, True, True, False]
    canvas.restyle(DARK)
    canvas.show_picture(HALF)
    assert has_ink(canvas, *places) == [False, False, True, True, False]


def test_strokes_lie_over_a_picture_and_grow_there(canvas):
    canvas.show_picture(BLANK, strokes=[[(0.5, 0.5), (0.75, 0.5)]])
    canvas.extend_stroke((0.75, 0.25))
    assert has_ink(canvas, (200, 100), (250, 100), (250, 50), (200, 50)) == [True, True, True, False]
    canvas.show_strokes([])
    assert canvas.find_all() == ()


def test_a_new_size_palette_or_pen_asks_for_a_repaint(canvas, pen, root):
    canvas.restyle(DARK)
    assert canvas["background"] == DARK.paper
    canvas.set_pen_width(0.1)
    canvas.set_pen_colour("blue")
    root.geometry("500x300")
    wait_until(root, lambda: canvas.height == 300)
    root.update()
    assert pen.notes[:3] == [("repaint",)] * 3
    assert len(pen.notes) >= 4
    canvas.show_strokes([[(0.5, 0.5)]])
    assert colour_at(canvas, 250, 150) == DARK.pens["blue"]
    canvas.set_pen_colour("ink")
    canvas.show_strokes([[(0.5, 0.5)]])
    assert has_ink(canvas, (250, 150), (237, 150), (263, 150), (232, 150)) == [True, True, True, False]


def test_the_page_has_an_edge_and_another_one_while_it_has_the_keys(canvas):
    assert (canvas["highlightbackground"], canvas["highlightcolor"]) == (
        LIGHT.edge,
        LIGHT.accent,
    )


@pytest.fixture
def press(canvas):
    """Press keys while the canvas has them."""
    canvas.focus_force()
    wait_until(canvas, lambda: canvas.focus_get() is canvas)
    canvas.update()

    def press(*keys):
        for key in keys:
            canvas.event_generate(key)
        canvas.update()

    return press


def rounded(notes):
    return [(name, *(round(place, 9) for place in point)) for name, *point in notes]


def test_arrow_keys_draw_while_the_space_bar_has_put_the_pen_down(canvas, pen, press):
    press("<Left>", "<space>", "<Down>", "<Shift-Right>", "<space>", "<Up>")
    assert rounded(pen.notes) == [
        ("keys",),
        ("down", 0.48, 0.5),
        ("move", 0.48, 0.52),
        ("move", 0.58, 0.52),
        ("up",),
    ]


@pytest.mark.parametrize("key", ["<Return>", "<Escape>", "<KP_Enter>"])
def test_other_keys_lift_the_pen_and_do_nothing_else_then(canvas, pen, press, root, key):
    heard = []
    root.bind(key, heard.append)
    press("<space>", key)
    assert (pen.notes[-1], heard) == (("up",), [])
    press(key)
    assert len(heard) == 1


def test_a_cross_shows_where_the_keys_draw_and_goes_when_the_pointer_does(canvas, press):
    assert canvas.find_withtag("cross") == ()
    press("<Left>")
    left, top, right, bottom = canvas.bbox("cross")
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((196, 100), abs=1)
    up = len(canvas.find_withtag("cross"))
    press("<space>")
    assert len(canvas.find_withtag("cross")) > up  # a ring
    canvas.show_strokes([[(0.48, 0.5)]])
    assert canvas.find_all()[-1] in canvas.find_withtag("cross")  # over the ink
    canvas.show_hint("Draw")
    assert canvas.find_all()[-1] in canvas.find_withtag("cross")
    canvas.event_generate("<ButtonPress-1>", x=10, y=10)
    assert canvas.find_withtag("cross") == ()


def test_the_pen_of_the_keys_is_lifted_for_the_pointer_and_without_the_focus(canvas, pen, press, root):
    press("<space>")
    canvas.event_generate("<ButtonPress-1>", x=200, y=0)
    assert rounded(pen.notes[-2:]) == [("up",), ("down", 0.5, 0)]
    press("<Left>", "<space>", "<Shift-Down>")  # the pointer is at work
    assert [note for note in pen.notes if note[0] != "keys"][-1] == pen.notes[3] == ("down", 0.5, 0)
    canvas.event_generate("<ButtonRelease-1>", x=200, y=0)
    press("<space>")
    root.focus_force()
    wait_until(root, lambda: pen.notes[-1] == ("up",))
    assert canvas.find_withtag("cross") == ()


def test_undo_lifts_the_pen_of_the_keys_and_another_size_does_not(canvas, pen, press):
    press("<space>", "<Left>")
    canvas.show_strokes([])
    press("<Left>")
    pen.is_stroke_underway = False  # undo and clear end it
    canvas.show_strokes([])
    press("<Left>", "<space>")
    assert [name for name, *_ in pen.notes] == ["keys", "down", "move", "move", "down"]


def test_keys_erase_while_the_eraser_is_in_the_hand(canvas, pen, press):
    canvas.set_tool("erase")
    press("<space>", "<Shift-Left>")
    canvas.show_strokes([])  # something was erased
    press("<Shift-Left>", "<space>", "<Shift-Left>")
    assert rounded(pen.notes)[1:] == [("erase", 0.5, 0.5), ("erase", 0.4, 0.5), ("erase", 0.3, 0.5)]


# Frames about digits

SURE, UNSURE = Frame((0.1, 0.2, 0.4, 0.8), 1.0, True, True), Frame((0.5, 0.2, 0.9, 0.8), 0.0, True, False)
NONE = Frame((0.5, 0.2, 0.9, 0.8), 1.0, False, False)


def frames(canvas):
    return canvas.find_withtag("frame")


def test_frames_lie_in_page_units_in_the_tint_of_their_certainty(canvas):
    canvas.show_frames([SURE, UNSURE])
    first, second = frames(canvas)
    assert canvas.coords(first) == [120, 40, 180, 160]
    assert canvas.itemcget(first, "outline") == LIGHT.accent
    assert canvas.itemcget(second, "outline") == LIGHT.muted
    assert float(canvas.itemcget(first, "width")) > float(canvas.itemcget(second, "width"))  # it is shown
    canvas.show_frames([])
    assert frames(canvas) == ()


def test_what_is_no_digit_has_a_broken_frame(canvas):
    canvas.show_frames([SURE, NONE])
    dashes = [canvas.itemcget(frame, "dash") for frame in frames(canvas)]
    assert not dashes[0]
    assert dashes[1]
    assert canvas.itemcget(frames(canvas)[1], "outline") == LIGHT.muted


def test_frames_lie_over_ink_that_is_new_and_stay_when_the_page_is_shown_again(canvas, root):
    canvas.show_frames([SURE, UNSURE])
    canvas.begin_stroke((0.25, 0.5))
    assert canvas.find_all()[-2:] == frames(canvas)
    root.geometry("500x300")
    wait_until(root, lambda: canvas.height == 300)
    canvas.show_strokes([[(0.25, 0.5)]])
    assert canvas.coords(frames(canvas)[0]) == pytest.approx([130, 60, 220, 240])
    assert canvas.find_all()[-2:] == frames(canvas)


def test_a_hint_has_no_frames(canvas):
    canvas.show_frames([SURE, UNSURE])
    canvas.show_hint("Draw")
    assert frames(canvas) == ()


def test_frames_that_stay_are_not_made_anew(canvas):
    canvas.show_frames([SURE, UNSURE])
    before = frames(canvas)
    canvas.show_frames([SURE, UNSURE])
    assert frames(canvas) == before


def test_where_the_pointer_rests_is_told_and_that_it_left(canvas, pen):
    canvas.event_generate("<Motion>", x=200, y=100)
    canvas.event_generate("<Leave>")
    assert pen.notes == [("over", 0.5, 0.5), ("away",)]


def test_with_shift_a_drag_gathers_and_its_way_is_shown_meanwhile(canvas, pen):
    canvas.event_generate("<Shift-ButtonPress-1>", x=150, y=100)
    assert canvas.is_in_use
    canvas.event_generate("<Shift-B1-Motion>", x=200, y=100)
    (way,) = canvas.find_withtag("path")
    assert canvas.coords(way) == [150, 100, 200, 100]
    canvas.event_generate("<Shift-B1-ButtonRelease-1>", x=200, y=100)
    assert pen.notes == [("gather", 0.25, 0.5), ("gather", 0.5, 0.5), ("gathered",)]
    assert not canvas.find_withtag("path")
    assert not canvas.is_in_use
    canvas.event_generate("<Shift-ButtonPress-1>", x=250, y=100)
    canvas.event_generate("<Shift-B1-Motion>", x=250, y=150)
    assert canvas.coords("path") == [250, 100, 250, 150]  # the way before is over


def test_the_eraser_in_the_hand_erases_with_shift_too(canvas, pen):
    canvas.set_tool("erase")
    canvas.event_generate("<Shift-ButtonPress-1>", x=200, y=100)
    assert pen.notes == [("erase", 0.5, 0.5)]


def test_select_drags_a_box_with_the_left_button_also_with_shift_and_erases_with_the_right(canvas, pen):
    canvas.set_tool("select")
    for press in ("<ButtonPress-1>", "<Shift-ButtonPress-1>"):
        pen.notes.clear()
        canvas.event_generate(press, x=150, y=50)
        assert canvas.is_in_use
        canvas.event_generate("<B1-Motion>", x=250, y=150)
        canvas.event_generate("<ButtonRelease-1>", x=250, y=150)
        assert pen.notes == [("select", 0.25, 0.25), ("to", 0.75, 0.75), ("selected",)]
    pen.notes.clear()
    canvas.event_generate("<ButtonPress-3>", x=150, y=50)
    canvas.event_generate("<ButtonRelease-3>", x=150, y=50)
    assert pen.notes == [("erase", 0.25, 0.25)]


def test_keys_drag_a_box_while_select_is_in_the_hand(canvas, pen, press):
    canvas.set_tool("select")
    press("<space>", "<Right>", "<space>")
    assert [name for name, *_ in pen.notes if name != "keys"] == ["select", "to", "selected"]


def test_a_box_has_handles_while_it_can_be_dragged_and_outlasts_a_repaint(canvas):
    canvas.show_box((0.25, 0.25, 0.75, 0.75))
    lines = canvas.find_withtag("box")
    assert canvas.coords(lines[-1]) == [150, 50, 250, 150]
    canvas.set_tool("select")
    assert len(canvas.find_withtag("box")) == len(lines) + 8
    canvas.show_picture(HALF)
    assert len(canvas.find_withtag("box")) == len(lines) + 8
    assert canvas.find_all()[-1] in canvas.find_withtag("box")  # over the picture
    canvas.set_tool("draw")
    assert len(canvas.find_withtag("box")) == len(lines)
    canvas.show_box(None)
    assert not canvas.find_withtag("box")


def test_the_tint_has_the_accents_colour_and_can_be_left_out(canvas, pen):
    look = Look(np.full((9, 9), 128, np.uint8), np.ones((9, 9), bool), (0.0, 0.0, 0.5, 1.0))
    picture = Picture(np.ones((9, 9), np.float32), look)
    for palette in (LIGHT, DARK):
        canvas.restyle(palette)
        canvas.show_picture(picture)
        assert colour_at(canvas, 201, 100) == palette.accent  # the outline
        assert colour_at(canvas, 150, 100) != "#808080" != colour_at(canvas, 250, 100)
    pen.notes.clear()
    canvas.set_tinted(False)
    assert pen.notes == [("repaint",)]
    canvas.show_picture(picture)
    assert colour_at(canvas, 150, 100) == colour_at(canvas, 250, 100) == "#808080"
