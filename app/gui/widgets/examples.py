"""Examples on the empty page: small drawings, one of which can be chosen by mouse or keys."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from app.gui.theme import Palette, font_of_size, pixels
from app.gui.widgets.choosable import Box, Choosable
from app.language import _

Strokes = Sequence[Sequence[tuple[float, float]]]  # in page units


STILL = 4  # pixels at 96 dots an inch that a hand moves while it clicks


class Examples(Choosable):
    """Squares in a row under the words "or try"; they grow with the page that they lie on.

    A click chooses one. The pen is the page's: what moves on from there is a stroke, and so is what begins
    beside the squares.

    Parameters
    ----------
    page : widget
        What they are shown on, below its middle.
    drawings : strokes of each
    on_choose : callable
        Takes the place of the drawing that was clicked, or chosen with the arrow keys and Return.
    """

    def __init__(
        self,
        page: tk.Misc,
        drawings: Sequence[Strokes],
        *,
        palette: Palette,
        on_choose: Callable[[int], None],
    ) -> None:
        super().__init__(page, palette=palette, size=(200, 80), mark_inset=1, mark_width=3)
        self._drawings = drawings
        self._page = page
        self._on_choose = on_choose
        self._pressed: tuple[int, int] | None = None  # where, until that is a stroke
        self.bind("<B1-Motion>", self._on_motion)
        self.bind("<ButtonRelease-1>", self._on_release)
        self.paint()

    @property
    def are_shown(self) -> bool:
        return bool(self.winfo_manager())

    def show(self) -> None:
        if self._drawings:
            # The hint stands above, in the page's middle.
            self.place(relx=0.5, rely=0.56, relwidth=0.6, relheight=0.24, anchor="n")

    def hide(self) -> None:
        self.place_forget()

    def paint(self) -> None:
        super().paint()
        self.configure(background=self.palette.paper)
        self.lay_out()

    def lay_out(self) -> None:
        self.delete("all")
        face = font_of_size(self, min(max(pixels(self, 12), 0.14 * self._side), 0.7 * self._words))
        self.create_text(
            self.winfo_width() / 2, 0, text=_("or try"), anchor="n", font=face, fill=self.palette.muted
        )
        for place, strokes in enumerate(self._drawings):
            left, top, right, bottom = self.box(place)
            self.create_rectangle(left, top, right - 1, bottom - 1, outline=self.palette.edge)
            for stroke in strokes:
                points = [
                    (left + x * (right - left), top + y * (bottom - top)) for x, y in (*stroke, stroke[-1])
                ]
                self.create_line(
                    points,
                    fill=self.palette.ink,
                    width=max(1, 0.05 * self._side),
                    capstyle="round",
                    joinstyle="round",
                )
        self.show_mark()

    @property
    def _words(self) -> float:
        """How much of the height the words take."""
        height = self.winfo_height()
        return min(max(pixels(self, 20), 0.27 * height), 0.4 * height)

    @property
    def _side(self) -> float:
        """Of a square; between two there is a quarter of it."""
        count = max(1, len(self._drawings))
        across = self.winfo_width() / (1.25 * count - 0.25)
        return max(1.0, min(across, self.winfo_height() - self._words))

    @property
    def place_count(self) -> int:
        return len(self._drawings)

    def box(self, place: int) -> Box:
        side, count = self._side, len(self._drawings)
        left = (self.winfo_width() - (1.25 * count - 0.25) * side) / 2 + 1.25 * place * side
        return left, self._words, left + side, self._words + side

    def neighbour(self, key: str) -> int | None:
        place = self.marked + {"Left": -1, "Right": 1}.get(key, 0)
        return place if 0 <= place < len(self._drawings) else None

    def on_chosen(self, place: int) -> None:
        self._on_choose(place)

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        if self.place_at(event.x, event.y) is None:
            self._hand_on("<ButtonPress-1>", event.x, event.y)
        else:
            self._pressed = event.x, event.y

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        if self._pressed is not None:
            x, y = self._pressed
            if max(abs(event.x - x), abs(event.y - y)) <= pixels(self, STILL):
                return
            self._pressed = None
            self._hand_on("<ButtonPress-1>", x, y)
        self._hand_on("<B1-Motion>", event.x, event.y)

    def _on_release(self, event: tk.Event[tk.Misc]) -> None:
        if self._pressed is None:
            self._hand_on("<ButtonRelease-1>", event.x, event.y)
        else:
            place, self._pressed = self.place_at(*self._pressed), None
            if place is not None:
                self.on_chosen(place)

    def _hand_on(self, event: str, x: int, y: int) -> None:
        """Let the page have what the pointer does here."""
        self._page.event_generate(event, x=self.winfo_x() + x, y=self.winfo_y() + y)
