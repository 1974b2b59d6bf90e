"""The page to draw on. It shows what it is told to show, and tells a Pen what the hand does.

Points in and out are in page units: the page is the largest square in the canvas's middle, and
its side is 1.0. A stroke underway grows point by point, without a repaint of the rest.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from app.gui.theme import Palette, font_of_size, pixels
from app.gui.widgets.painted import Painted
from app.gui.widgets.picture import picture

# Points of one line. Tk paints all of a line anew where it grows, so a long stroke is several.
LINE_POINTS = 128


class Pen(Protocol):
    """Who listens to the canvas."""

    def pen_down(self, point: tuple[float, float]) -> None: ...
    def pen_move(self, point: tuple[float, float]) -> None: ...
    def pen_up(self) -> None: ...
    def erase_at(self, point: tuple[float, float]) -> None: ...
    def repaint(self) -> None:
        """Show the page again: the canvas has another size, pen or palette."""


class DrawingCanvas(Painted):
    """A page with a picture, strokes over it, or a hint where there is neither."""

    def __init__(
        self,
        parent: tk.Misc,
        pen: Pen,
        *,
        palette: Palette,
        pen_width: float,
        eraser_buttons: Iterable[str],
    ) -> None:
        super().__init__(parent, palette=palette, highlightthickness=1, cursor="pencil")
        self._pen = pen
        self._pen_width = pen_width
        self._is_erasing = False
        self._doing: str | None = None  # "draw" or "erase" while a button is down
        self._stroke: int | None = None  # the canvas item at the end of the stroke underway
        self._line: list[tuple[float, float]] = []  # its points
        self._picture: tk.PhotoImage | None = None  # Tk shows it only while it is referred to

        self.bind("<ButtonPress-1>", self._on_draw_press)
        for sequence in eraser_buttons:
            self.bind(sequence, self._on_erase_press)
        for button in (1, 2, 3):
            self.bind(f"<B{button}-Motion>", self._on_motion)
            self.bind(f"<ButtonRelease-{button}>", self._on_release)
        self.paint()

    @property
    def width(self) -> int:
        return self.winfo_width()

    @property
    def height(self) -> int:
        return self.winfo_height()

    @property
    def is_in_use(self) -> bool:
        """Whether a button is down to draw or erase."""
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

    def set_erasing(self, is_erasing: bool) -> None:
        """Have the left button, the pen or the finger erase instead of draw."""
        self._is_erasing = is_erasing
        self.configure(cursor="dotbox" if is_erasing else "pencil")

    def show_strokes(self, strokes: Iterable[Sequence[tuple[float, float]]]) -> None:
        """Show these strokes and nothing else."""
        self._erase_all()
        self._add_strokes(strokes)

    def show_hint(self, text: str) -> None:
        """Show a quiet line of text and nothing else."""
        self._erase_all()
        self.create_text(
            self.width / 2,
            self.height / 2,
            text=text,
            fill=self.palette.muted,
            font=font_of_size(self, max(pixels(self, 14), 0.028 * self._side())),
            width=0.9 * self.width,
            justify="center",
        )

    def show_picture(
        self, ink: bytes, width: int, strokes: Iterable[Sequence[tuple[float, float]]] = ()
    ) -> None:
        """Show a picture as large as the page, with strokes over it, and nothing else.

        `ink` holds its rows from the top, a byte per pixel: 0 paper, 255 ink.
        """
        self._erase_all()
        height = len(ink) // width
        scale = self._side() / max(width, height)
        rows = _resampled(ink, width, max(1, int(width * scale)), max(1, int(height * scale)))
        self._picture = picture(self, b"".join(rows), len(rows[0]), len(rows), self.palette.shades)
        self.create_image(self.width / 2, self.height / 2, image=self._picture)
        self._add_strokes(strokes)

    def begin_stroke(self, point: tuple[float, float]) -> None:
        """Add a stroke: a dot, until it is extended."""
        self._line = [point]
        self._stroke = self._draw(self._line)

    def extend_stroke(self, point: tuple[float, float]) -> None:
        """Add a point to the stroke that was begun last."""
        assert self._stroke is not None, "extend_stroke without begin_stroke"
        *full, self._line = _lines([*self._line, point])
        if full:
            self.insert(self._stroke, "end", self._to_canvas(self._line[0]))
            self._stroke = self._draw(self._line)
        elif len(self._line) == 2:  # the dot becomes a line
            self.delete(self._stroke)
            self._stroke = self._draw(self._line)
        else:
            self.insert(self._stroke, "end", self._to_canvas(point))

    def _draw(self, line: Sequence[tuple[float, float]]) -> int:
        if len(line) == 1:
            x, y = self._to_canvas(line[0])
            radius = self._line_width() / 2
            return self.create_oval(
                x - radius, y - radius, x + radius, y + radius, fill=self.palette.ink, width=0
            )
        return self.create_line(
            *(coordinate for point in line for coordinate in self._to_canvas(point)),
            width=self._line_width(),
            fill=self.palette.ink,
            capstyle="round",
            joinstyle="round",
            smooth=True,
            splinesteps=5,
        )

    def _on_draw_press(self, event: tk.Event[tk.Misc]) -> None:
        if self._is_erasing:
            self._on_erase_press(event)
            return
        self.focus_set()
        self._doing = "draw"
        self._pen.pen_down(self._to_page(event))

    def _on_erase_press(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        self._doing = "erase"
        self._pen.erase_at(self._to_page(event))

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        if self._doing == "draw":
            self._pen.pen_move(self._to_page(event))
        elif self._doing == "erase":
            self._pen.erase_at(self._to_page(event))

    def _on_release(self, event: tk.Event[tk.Misc]) -> None:
        if self._doing == "draw":
            self._pen.pen_up()
        self._doing = None

    def _add_strokes(self, strokes: Iterable[Sequence[tuple[float, float]]]) -> None:
        for points in strokes:
            *earlier, self._line = _lines(points)
            for line in (*earlier, self._line):
                self._stroke = self._draw(line)

    def _erase_all(self) -> None:
        self.delete("all")
        self._stroke = None
        self._picture = None

    def _side(self) -> int:
        return max(1, min(self.width, self.height))

    def _line_width(self) -> float:
        return max(1.0, self._pen_width * self._side())

    def _to_canvas(self, point: tuple[float, float]) -> tuple[float, float]:
        side = self._side()
        return (
            (self.width - side) / 2 + point[0] * side,
            (self.height - side) / 2 + point[1] * side,
        )

    def _to_page(self, event: tk.Event[tk.Misc]) -> tuple[float, float]:
        side = self._side()
        return (
            (event.x - (self.width - side) / 2) / side,
            (event.y - (self.height - side) / 2) / side,
        )


def _lines(points: Iterable[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    """Cut a stroke into lines that look like one.

    A smooth line passes midway between two points, in the direction from one to the other; where it is
    cut there, no seam shows.
    """
    line: list[tuple[float, float]] = []
    for point in points:
        if len(line) == LINE_POINTS:
            middle = (line[-1][0] + point[0]) / 2, (line[-1][1] + point[1]) / 2
            yield [*line, middle]
            line = [middle]
        line.append(point)
    yield line


def _resampled(ink: bytes, width: int, new_width: int, new_height: int) -> list[bytes]:
    """Scale a picture, each new pixel being the old one that lies under its middle."""
    height = len(ink) // width
    columns = [(2 * x + 1) * width // (2 * new_width) for x in range(new_width)]
    rows = []
    for y in range(new_height):
        start = (2 * y + 1) * height // (2 * new_height) * width
        row = ink[start : start + width]
        rows.append(bytes(map(row.__getitem__, columns)))
    return rows
