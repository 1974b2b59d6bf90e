"""Places on a canvas of which one is chosen: by a click, or by the arrow keys and Return or space."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from app.gui.theme import Palette, pixels
from app.gui.widgets.focus import has_keys
from app.gui.widgets.painted import Painted

MARKED = "<<Marked>>"  # the event that another place is marked, or another thing lies there
Box = tuple[float, float, float, float]  # left, top, right, bottom


class Choosable(Painted):
    """Marks the place that the keys are at while it has them.

    A subclass says where the places lie and what becomes of a choice. It draws anew with `show_mark` last.

    Parameters
    ----------
    can_choose : bool
        Without that it takes neither keys nor clicks.
    mark_inset, mark_width : number
        How far inside the place the mark lies, and its width, in pixels at 96 dots an inch.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        size: tuple[int, int],
        can_choose: bool = True,
        mark_inset: int = 0,
        mark_width: int = 1,
    ) -> None:
        options: dict[str, Any] = {"cursor": "hand2"} if can_choose else {}
        super().__init__(parent, palette=palette, size=size, takefocus=can_choose, **options)
        self.marked = 0
        self.keeps_mark = False  # also while something else has the keys
        self._can_choose = can_choose
        self._mark_inset, self._mark_width = mark_inset, mark_width
        if can_choose:
            self.bind("<Button-1>", self._on_click)
            for key in ("Return", "space"):
                self.bind(f"<{key}>", lambda event: self._choose())
            for key in ("Left", "Right", "Up", "Down"):
                self.bind(f"<{key}>", lambda event, key=key: self._move(key))  # type: ignore[misc]
            for change in ("<FocusIn>", "<FocusOut>"):
                self.bind(change, lambda event: self.show_mark())

    @property
    def place_count(self) -> int:
        raise NotImplementedError

    def box(self, place: int) -> Box:
        """Where a place lies."""
        raise NotImplementedError

    def neighbour(self, key: str) -> int | None:
        """The place that an arrow key leads to from the marked one; None if there is none."""
        raise NotImplementedError

    def on_chosen(self, place: int) -> None:
        raise NotImplementedError

    @property
    def is_mark_shown(self) -> bool:
        return self._can_choose and self.place_count > 0 and (self.keeps_mark or has_keys(self))

    def show_mark(self) -> None:
        self.delete("mark")
        if self.is_mark_shown:
            left, top, right, bottom = self.box(self.marked)
            inset, width = self._mark_inset, pixels(self, self._mark_width)
            self.create_rectangle(
                left + inset,
                top + inset,
                right - inset,
                bottom - inset,
                outline=self.palette.accent,
                width=width,
                tags="mark",
            )

    def _move(self, key: str) -> str:
        place = self.neighbour(key)
        if place is not None:
            self._mark(place)
        return "break"  # the arrows turn no pages meanwhile

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        if self.mark_at(event.x, event.y):
            self._choose()

    def place_at(self, x: float, y: float) -> int | None:
        for place in range(self.place_count):
            left, top, right, bottom = self.box(place)
            if left <= x < right and top <= y < bottom:
                return place
        return None

    def mark_at(self, x: float, y: float) -> bool:
        """Mark the place of a click, if there is one; tells whether there is."""
        self.focus_set()
        place = self.place_at(x, y)
        if place is not None:
            self._mark(place)
        return place is not None

    def _mark(self, place: int) -> None:
        self.marked = place
        self.show_mark()
        self.event_generate(MARKED)

    def _choose(self) -> str:
        if self.place_count:
            self.show_mark()
            self.on_chosen(self.marked)
        return "break"  # nor does Return press the dialog's button
