"""The page to draw on. It shows what it is told to show, and tells a Pen what the hand does.

Points in and out are in page units: the page is the largest square in the canvas's middle, and
its side is 1.0. Ink is a layer of small images, squares of the canvas that are made where there is ink. A
stroke underway grows point by point, and puts anew only the pixels that it touches.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from app.gui.theme import Palette, font_of_size, pixels
from app.gui.widgets.painted import Painted
from app.gui.widgets.picture import put
from app.page.box_drag import handles
from app.page.frame import Box, Frame
from app.page.keyboard_pen import KeyboardPen
from app.page.patch import SQUARE, Patch

_ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
_CURSORS = {"draw": "pencil", "erase": "dotbox", "select": "crosshair"}


class Pen(Protocol):
    """Who listens to the canvas."""

    @property
    def is_stroke_underway(self) -> bool: ...
    def pen_down(self, point: tuple[float, float]) -> None: ...
    def pen_move(self, point: tuple[float, float]) -> None: ...
    def pen_up(self) -> None: ...
    def point_at(self, point: tuple[float, float] | None) -> None:
        """The pointer rests over a place, with no button pressed; None when it leaves."""

    def erase_at(self, point: tuple[float, float]) -> None: ...
    def select_down(self, point: tuple[float, float]) -> None: ...
    def select_move(self, point: tuple[float, float]) -> None: ...
    def select_up(self) -> None: ...
    def gather_at(self, point: tuple[float, float]) -> None:
        """Take what lies there into a group."""

    def gathered(self) -> None:
        """The group has all that it is to have."""

    def keyboard_pen_taken(self) -> None:
        """Keys draw now."""

    def repaint(self) -> None:
        """Show the page again: the canvas has another size, pen or palette."""


class Surface(Protocol):
    """Who knows how ink looks; places are in pixels of the canvas."""

    def start(
        self, width: int, height: int, *, line_width: float, paper: str, ink: str, pen: str
    ) -> None: ...
    def lay_picture(self, picture: Any, *, tint: str | None) -> None:
        """Lay a picture under all strokes; the canvas knows nothing of it but that it is laid here."""

    def begin_stroke(self, point: tuple[float, float]) -> None: ...
    def extend_stroke(self, point: tuple[float, float]) -> None: ...
    def draw_stroke(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw all of a stroke."""

    def patches(self) -> Iterable[Patch]:
        """What looks different since this was asked last."""


class DrawingCanvas(Painted):
    """A page with a picture, strokes over it, or a hint where there is neither."""

    def __init__(
        self,
        parent: tk.Misc,
        pen: Pen,
        surface: Surface,
        *,
        palette: Palette,
        pen_width: float,
        pen_colour: str,
        eraser_buttons: Iterable[str],
    ) -> None:
        super().__init__(parent, palette=palette, highlightthickness=1, cursor="pencil", takefocus=True)
        self._pen = pen
        self._pen_width = pen_width
        self._pen_colour = pen_colour
        self._tool = "draw"  # or "erase" or "select": what the left button does
        self._is_tinted = True
        self._box: Box | None = None
        # "draw", "erase", "select" or "gather" while a button or the keyboard's pen is down
        self._doing: str | None = None
        self._path: list[float] = []  # of a pen that gathers, in pixels
        self._keyboard_pen = KeyboardPen()
        self._is_cross_shown = False
        self._surface = surface
        self._frames: tuple[Frame, ...] = ()
        self._traced: tuple[Sequence[tuple[float, float]], ...] = ()
        self._squares: dict[tuple[int, int], tk.PhotoImage] = {}  # by their left upper corners

        self.bind("<ButtonPress-1>", self._on_draw_press)
        self.bind("<Shift-ButtonPress-1>", self._on_gather_press)
        for sequence in eraser_buttons:
            self.bind(sequence, self._on_erase_press)
        for button in (1, 2, 3):
            self.bind(f"<B{button}-Motion>", self._on_motion)
            self.bind(f"<ButtonRelease-{button}>", self._on_release)
        self.bind("<Motion>", lambda event: self._pen.point_at(self.to_page(event)))
        self.bind("<Leave>", lambda event: self._pen.point_at(None))
        for arrow in _ARROWS:
            self.bind(f"<{arrow}>", lambda event: self._on_arrow(event, is_large=False))
            self.bind(f"<Shift-{arrow}>", lambda event: self._on_arrow(event, is_large=True))
        self.bind("<space>", self._on_space)
        for key in ("<Return>", "<KP_Enter>", "<Escape>"):
            self.bind(key, self._on_lift)
        self.bind("<FocusOut>", lambda event: self._put_keyboard_pen_away())
        self.paint()

    @property
    def width(self) -> int:
        return self.winfo_width()

    @property
    def height(self) -> int:
        return self.winfo_height()

    @property
    def is_in_use(self) -> bool:
        """Whether a pen is down to draw or erase."""
        return self._doing is not None

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        self._pen.repaint()

    def paint(self) -> None:
        self.configure(
            background=self.palette.paper,
            highlightbackground=self.palette.edge,
            highlightcolor=self.palette.accent,
        )

    def lay_out(self) -> None:
        self._pen.repaint()

    def set_pen_width(self, pen_width: float) -> None:
        """Set the width of the strokes, as a fraction of the page."""
        self._pen_width = pen_width
        self._pen.repaint()

    def set_pen_colour(self, pen_colour: str) -> None:
        """Set the colour of the strokes, by its name in the palette."""
        self._pen_colour = pen_colour
        self._pen.repaint()

    def set_tool(self, tool: str) -> None:
        """Have the left button, the pen or the finger "draw", "erase", or "select" a part of the picture."""
        self._tool = tool
        self.configure(cursor=_CURSORS[tool])
        self._paint_box()

    def lift_pen(self) -> None:
        """End what a pen is at, as if it were lifted."""
        self._put_keyboard_pen_away()
        self._release()

    def set_tinted(self, is_tinted: bool) -> None:
        """Have what was taken for ink in a picture tinted, or not."""
        self._is_tinted = is_tinted
        self._pen.repaint()

    def show_traced(self, lines: Iterable[Sequence[tuple[float, float]]]) -> None:
        """Show dotted lines over the page, which are no ink."""
        self._traced = tuple(lines)
        self._paint_traced()

    def show_strokes(self, strokes: Iterable[Sequence[tuple[float, float]]]) -> None:
        """Show these strokes and nothing else."""
        self._start_page()
        self._add_strokes(strokes)

    def show_hint(self, text: str) -> None:
        """Show a quiet line of text and nothing else."""
        self._frames = ()
        self._start_page()
        self.create_text(
            self.width / 2,
            0.54 * self.height,
            anchor="s",  # it grows upward: below it there may be examples
            text=text,
            fill=self.palette.muted,
            font=font_of_size(self, max(pixels(self, 14), 0.028 * self._side())),
            width=0.9 * self.width,
            justify="center",
        )
        self.tag_raise("cross")

    def show_picture(self, picture: Any, strokes: Iterable[Sequence[tuple[float, float]]] = ()) -> None:
        """Show a picture as large as the page, with strokes over it, and nothing else."""
        self._start_page()
        self._surface.lay_picture(picture, tint=self.palette.accent if self._is_tinted else None)
        self._add_strokes(strokes)

    def begin_stroke(self, point: tuple[float, float]) -> None:
        """Add a stroke: a dot, until it is extended."""
        self._surface.begin_stroke(self._to_canvas(point))
        self._show_changes()

    def extend_stroke(self, point: tuple[float, float]) -> None:
        """Add a point to the stroke that was begun last."""
        self._surface.extend_stroke(self._to_canvas(point))
        self._show_changes()

    def show_frames(self, frames: Iterable[Frame]) -> None:
        """Show frames over the ink, in place of those before; a repaint keeps them."""
        frames = tuple(frames)
        if frames != self._frames:
            self._frames = frames
            self._paint_frames()

    def show_box(self, box: Box | None) -> None:
        """Show a box over the picture, in place of the one before, or none; a repaint keeps it."""
        if box != self._box:
            self._box = box
            self._paint_box()

    def destroy(self) -> None:
        super().destroy()
        self._squares.clear()  # as Painted says of images

    def _on_draw_press(self, event: tk.Event[tk.Misc]) -> None:
        self._put_keyboard_pen_away()
        self.focus_set()
        self._press(self.to_page(event), self._tool)

    def _on_erase_press(self, event: tk.Event[tk.Misc]) -> None:
        self._put_keyboard_pen_away()
        self.focus_set()
        self._press(self.to_page(event), "erase")

    def _on_gather_press(self, event: tk.Event[tk.Misc]) -> None:
        if self._tool != "draw":
            self._on_draw_press(event)
            return
        self._put_keyboard_pen_away()
        self.focus_set()
        self._doing, self._path = "gather", []
        self._gather(self.to_page(event))

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        if not self._keyboard_pen.is_down:
            self._move(self.to_page(event))

    def _on_release(self, event: tk.Event[tk.Misc]) -> None:
        if not self._keyboard_pen.is_down:
            self._release()

    def _on_arrow(self, event: tk.Event[tk.Misc], *, is_large: bool) -> None:
        point = self._keyboard_pen.move(*_ARROWS[event.keysym], is_large=is_large)
        if self._keyboard_pen.is_down:
            self._move(point)
        self._show_cross()

    def _on_space(self, event: tk.Event[tk.Misc]) -> None:
        if self._doing and not self._keyboard_pen.is_down:  # the pointer is at work
            return
        self._show_cross()
        if self._keyboard_pen.press():
            self._press(self._keyboard_pen.point, self._tool)
        else:
            self._release()
        self._show_cross()

    def _on_lift(self, event: tk.Event[tk.Misc]) -> str | None:
        if not self._keyboard_pen.lift():
            return None
        self._release()
        self._show_cross()
        return "break"  # this key has done its work

    def _put_keyboard_pen_away(self) -> None:
        if self._keyboard_pen.lift():
            self._release()
        self._is_cross_shown = False
        self.delete("cross")

    def _press(self, point: tuple[float, float], tool: str) -> None:
        if tool == "erase":
            self._doing = "erase"
            self._pen.erase_at(point)
        elif tool == "select":
            self._doing = "select"
            self._pen.select_down(point)
        else:
            self._pen.pen_down(point)
            self._doing = "draw"

    def _move(self, point: tuple[float, float]) -> None:
        if self._doing == "draw":
            self._pen.pen_move(point)
        elif self._doing == "erase":
            self._pen.erase_at(point)
        elif self._doing == "select":
            self._pen.select_move(point)
        elif self._doing == "gather":
            self._gather(point)

    def _release(self) -> None:
        if self._doing == "draw":
            self._pen.pen_up()
        elif self._doing == "select":
            self._pen.select_up()
        elif self._doing == "gather":
            self.delete("path")
            self._pen.gathered()
        self._doing = None

    def _gather(self, point: tuple[float, float]) -> None:
        """Show the way of a pen that gathers strokes, and tell of it."""
        self._pen.gather_at(point)
        self._path += self._to_canvas(point)
        self.delete("path")
        if len(self._path) > 2:
            colour, dash = self.palette.accent, (2, 4)
            self.create_line(self._path, fill=colour, dash=dash, width=pixels(self, 2), tags="path")

    def _show_cross(self) -> None:
        """Show where the keyboard's pen is, with a ring while it is down."""
        if not self._is_cross_shown:
            self._is_cross_shown = True
            self._pen.keyboard_pen_taken()
        self.delete("cross")
        x, y = self._to_canvas(self._keyboard_pen.point)
        arm, ring = pixels(self, 12), pixels(self, 7)
        # on a broader one in the paper's colour, so that it is seen on ink, too
        for colour, width in ((self.palette.paper, pixels(self, 5)), (self.palette.accent, pixels(self, 2))):
            for line in ((x - arm, y, x + arm, y), (x, y - arm, x, y + arm)):
                self.create_line(line, fill=colour, width=width, tags="cross")
            if self._keyboard_pen.is_down:
                self.create_oval(
                    x - ring, y - ring, x + ring, y + ring, outline=colour, width=width, tags="cross"
                )

    def _add_strokes(self, strokes: Iterable[Sequence[tuple[float, float]]]) -> None:
        for stroke in strokes:
            self._surface.draw_stroke(self._all_to_canvas(stroke))
        self._show_changes()

    def _start_page(self) -> None:
        has_ended = self._doing == "draw" and not self._pen.is_stroke_underway  # undo, say, does that
        if has_ended and self._keyboard_pen.lift():
            self._doing = None
        self.delete("all")
        self._squares.clear()
        self._surface.start(
            self.width,
            self.height,
            line_width=self._line_width(),
            paper=self.palette.paper,
            ink=self.palette.ink,
            pen=self.palette.pens[self._pen_colour],
        )
        self._paint_frames()
        self._paint_box()
        self._paint_traced()
        if self._is_cross_shown:
            self._show_cross()

    def _show_changes(self) -> None:
        for patch in self._surface.patches():
            left, top = patch.square
            if patch.square not in self._squares:  # clear, but for the pixels that are put
                image = self._squares[patch.square] = tk.PhotoImage(master=self, width=SQUARE, height=SQUARE)
                self.create_image(left, top, image=image, anchor="nw")
                self._raise_what_lies_over_ink()
            image = self._squares[patch.square]
            put(image, patch.pixels, patch.width, patch.height, at=(patch.left - left, patch.top - top))

    def _paint_frames(self) -> None:
        self.delete("frame")
        for frame in self._frames:
            left, top, right, bottom = frame.box
            self.create_rectangle(
                *self._to_canvas((left, top)),
                *self._to_canvas((right, bottom)),
                outline=self.palette.tint(frame.certainty if frame.is_digit else 0),
                dash=() if frame.is_digit else (4, 4),
                width=pixels(self, 3 if frame.is_shown else 1),
                tags="frame",
            )
        self._raise_what_lies_over_ink()

    def _paint_box(self) -> None:
        """The box, with handles while they can be dragged."""
        self.delete("box")
        if self._box is None:
            return
        left, top, right, bottom = self._box
        corners = *self._to_canvas((left, top)), *self._to_canvas((right, bottom))
        # on a broader one in the paper's colour, so that it is seen on any picture
        for colour, width in ((self.palette.paper, pixels(self, 4)), (self.palette.accent, pixels(self, 2))):
            self.create_rectangle(corners, outline=colour, width=width, tags="box")
        if self._tool == "select":
            half = pixels(self, 4)
            for place in handles(self._box).values():
                x, y = self._to_canvas(place)
                self.create_rectangle(
                    x - half,
                    y - half,
                    x + half,
                    y + half,
                    fill=self.palette.paper,
                    outline=self.palette.accent,
                    width=pixels(self, 1),
                    tags="box",
                )
        self._raise_what_lies_over_ink()

    def _paint_traced(self) -> None:
        self.delete("traced")
        for line in self._traced:
            places = [place for point in line for place in self._to_canvas(point)]
            if len(places) >= 4:  # first on a broader one in the paper's colour, so that it is seen on ink
                self.create_line(places, fill=self.palette.paper, width=pixels(self, 4), tags="traced")
                self.create_line(
                    places, fill=self.palette.accent, width=pixels(self, 2), dash=(5, 4), tags="traced"
                )
        self._raise_what_lies_over_ink()

    def _raise_what_lies_over_ink(self) -> None:
        for tag in ("frame", "box", "traced", "cross"):
            self.tag_raise(tag)

    def _side(self) -> int:
        return max(1, min(self.width, self.height))

    def _line_width(self) -> float:
        return max(1.0, self._pen_width * self._side())

    def _to_canvas(self, point: tuple[float, float]) -> tuple[float, float]:
        (place,) = self._all_to_canvas([point])
        return place

    def _all_to_canvas(self, points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        side = self._side()  # asked of Tk once
        left, top = (self.width - side) / 2, (self.height - side) / 2
        return [(left + x * side, top + y * side) for x, y in points]

    def to_page(self, event: tk.Event[tk.Misc]) -> tuple[float, float]:
        """The place of an event, in page units."""
        side = self._side()
        return (
            (event.x - (self.width - side) / 2) / side,
            (event.y - (self.height - side) / 2) / side,
        )
