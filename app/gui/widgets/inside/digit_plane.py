"""A square full of digits, with the place of a drawing and the way that it came."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from app.gui.theme import Palette, pixels
from app.gui.widgets.painted import Painted
from app.gui.widgets.picture import ppm

Pixels = tuple[float, float]
_STEP = 1.5  # of the zoom
_TREMBLE = 4  # px that a click may move
_ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}


class DigitPlane(Painted):
    """The wheel, + and - look closer and from further; a drag, or Shift and an arrow, looks beside.

    The arrow keys go from digit to digit, Return chooses one, as a click does.

    Parameters
    ----------
    on_room : callable
        Takes the side of the square in pixels, when it has changed.
    on_zoom : callable
        Takes a factor, and the place that stays or None.
    on_move, on_mark : callable
        Take how far to look beside, in shares of the square, or where the next digit is to be.
    on_point, on_choose : callable
        Take a place; on_choose None for the marked digit.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        on_room: Callable[[int], None],
        on_zoom: Callable[[float, Pixels | None], None],
        on_move: Callable[[float, float], None],
        on_mark: Callable[[int, int], None],
        on_point: Callable[[Pixels], None],
        on_choose: Callable[[Pixels | None], None],
    ) -> None:
        super().__init__(parent, palette=palette, size=(240, 240), takefocus=True, highlightthickness=1)
        self._ink, self._side = b"", 0
        self._image = tk.PhotoImage(master=self)
        self._picture = self.create_image(0, 0, image=self._image, anchor="nw")
        self._on_room, self._on_zoom, self._on_move, self._on_mark = on_room, on_zoom, on_move, on_mark
        self._on_point, self._on_choose = on_point, on_choose
        self._pressed: Pixels | None = None
        self._dragged = False
        self.bind("<Motion>", lambda event: on_point(self._place(event)))
        self.bind("<ButtonPress-1>", self._on_press)
        self.bind("<B1-Motion>", self._on_drag)
        self.bind("<ButtonRelease-1>", self._on_release)
        self.bind("<Button-4>", lambda event: on_zoom(_STEP, self._place(event)))
        self.bind("<Button-5>", lambda event: on_zoom(1 / _STEP, self._place(event)))
        self.bind("<MouseWheel>", self._on_wheel)
        for key, factor in (
            ("plus", _STEP),
            ("KP_Add", _STEP),
            ("minus", 1 / _STEP),
            ("KP_Subtract", 1 / _STEP),
        ):
            self.bind(f"<Key-{key}>", lambda event, factor=factor: on_zoom(factor, None))  # type: ignore[misc]
        for key, (x, y) in _ARROWS.items():
            self.bind(f"<{key}>", lambda event, x=x, y=y: self._handled(on_mark, x, y))  # type: ignore[misc]
            self.bind(f"<Shift-{key}>", lambda event, x=x, y=y: self._handled(on_move, x / 4, y / 4))  # type: ignore[misc]
        self.bind("<Return>", lambda event: on_choose(None))
        self.paint()

    def show_map(self, ink: bytes, side: int) -> None:
        """Show side x side amounts of ink."""
        self._ink, self._side = ink, side
        self._image.configure(data=ppm(ink, side, side, self.palette.shades), format="ppm")
        self._put()

    def show_place(self, place: Pixels | None, trail: Sequence[Pixels]) -> None:
        """Show where a drawing is and has been, in pixels of the square."""
        self.delete("place")
        x0, y0 = self._corner
        if len(trail) > 1:
            ends = [side for x, y in trail for side in (x0 + x, y0 + y)]
            self.create_line(ends, fill=self.palette.accent, width=pixels(self, 1), tags="place")
        if place is not None:
            x, y, radius = x0 + place[0], y0 + place[1], pixels(self, 6)
            for wider, colour in ((2, self.palette.paper), (0, self.palette.accent)):
                r = radius + wider
                self.create_oval(x - r, y - r, x + r, y + r, fill=colour, outline="", tags="place")

    def show_mark(self, place: Pixels | None) -> None:
        """Frame the digit that the keys are at."""
        self.delete("mark")
        if place is not None:
            x, y, half = self._corner[0] + place[0], self._corner[1] + place[1], pixels(self, 12)
            self.create_rectangle(
                x - half, y - half, x + half, y + half, outline=self.palette.error, width=2, tags="mark"
            )

    def paint(self) -> None:
        super().paint()
        colours = self.palette
        self.configure(
            background=colours.paper, highlightbackground=colours.edge, highlightcolor=colours.accent
        )
        if self._side:
            self.show_map(self._ink, self._side)

    def lay_out(self) -> None:
        side = max(40, min(self.winfo_width(), self.winfo_height()) - 2)
        if side != self._side:
            self._on_room(side)
        self._put()

    @property
    def _corner(self) -> Pixels:
        """Of the square in the canvas's middle."""
        return (self.winfo_width() - self._side) // 2, (self.winfo_height() - self._side) // 2

    def _put(self) -> None:
        self.coords(self._picture, *self._corner)

    def _place(self, event: tk.Event[tk.Misc]) -> Pixels:
        return event.x - self._corner[0], event.y - self._corner[1]

    def _handled(self, do: Callable[..., None], *values: float) -> str:
        do(*values)
        return "break"

    def _on_press(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        self._pressed, self._dragged = self._place(event), False

    def _on_drag(self, event: tk.Event[tk.Misc]) -> None:
        x, y = self._place(event)
        if self._pressed is None:
            return
        across, down = self._pressed[0] - x, self._pressed[1] - y
        if self._dragged or abs(across) + abs(down) > _TREMBLE:
            self._dragged, self._pressed = True, (x, y)
            self._on_move(across / self._side, down / self._side)

    def _on_release(self, event: tk.Event[tk.Misc]) -> None:
        if self._pressed is not None and not self._dragged:
            self._on_choose(self._place(event))
        self._pressed = None

    def _on_wheel(self, event: tk.Event[tk.Misc]) -> None:
        self._on_zoom(_STEP if event.delta > 0 else 1 / _STEP, self._place(event))
