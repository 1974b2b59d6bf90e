"""VIEW: test images page by page, with what was read in them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from app.gui.theme import STRONG_FONT, Palette, pixels
from app.gui.widgets.digit_grid import DigitGrid
from app.language import _, decimal
from app.page.tile import Tile


class Gallery(ttk.Frame):
    """Pages with a button back, a button on, and keys: Page Up and Down, and the arrows.

    A page holds as many images as there is room for. Where images can be chosen, the arrow keys go from one
    to the next, while the page has the keys.

    Parameters
    ----------
    make_tile : callable
        The number of an image to its Tile.
    on_choose : callable, optional
        Takes the number of the image that was clicked.
    """

    def __init__(
        self,
        parent: tk.Misc,
        make_tile: Callable[[int], Tile],
        *,
        palette: Palette,
        on_choose: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_tile = make_tile
        self._indices: Sequence[int] = ()
        self.first = 0  # the place in `_indices` of the page's first image
        self.title = ttk.Label(self, font=STRONG_FONT)
        self.grid_of_digits = DigitGrid(
            self,
            palette=palette,
            on_resize=self._turn_to_first,
            on_choose=None
            if on_choose is None
            else lambda place: on_choose(self._indices[self.first + place]),
        )
        bar = ttk.Frame(self)
        self.back = ttk.Button(bar, text=_("Previous"), command=lambda: self._turn(-1))
        self.on = ttk.Button(bar, text=_("Next"), command=lambda: self._turn(1))
        self.label = ttk.Label(bar, anchor="center", justify="center")
        self.label.bind("<Configure>", lambda event: self.label.configure(wraplength=event.width))
        self.back.pack(side="left")
        self.on.pack(side="right")
        self.label.pack(fill="x", expand=True)
        self.bind("<Configure>", lambda event: self.title.configure(wraplength=event.width))
        self.title.pack(side="top", anchor="w", pady=(0, pixels(self, 8)))
        bar.pack(side="bottom", fill="x", pady=(pixels(self, 8), 0))
        self.grid_of_digits.pack(fill="both", expand=True)
        top = self.winfo_toplevel()
        keys = [("<Prior>", -1), ("<Next>", 1)]
        if on_choose is None:
            keys += [("<Left>", -1), ("<Right>", 1)]
        for key, by in keys:
            top.bind(key, lambda event, by=by: self._turn(by))  # type: ignore[misc]

    def show(self, indices: Sequence[int], title: str) -> None:
        """Show these images from the first page on."""
        self._indices = indices
        self.title.configure(text=title)
        self._turn_to(0)

    @property
    def marked(self) -> int | None:
        """The number of the image that is marked; None where none is shown."""
        place = self.first + self.grid_of_digits.marked
        return self._indices[place] if place < len(self._indices) else None

    def turn_to_place(self, place: int) -> None:
        """Turn to the page with an image, and mark that."""
        capacity = self.grid_of_digits.capacity
        self._turn_to(place - place % capacity)
        self.grid_of_digits.marked = place % capacity
        self.grid_of_digits.show_mark()

    def turn_to_begin(self) -> None:
        self._turn_to(0)

    def turn_to_end(self) -> None:
        self._turn_to(
            max(0, len(self._indices) - 1) // self.grid_of_digits.capacity * self.grid_of_digits.capacity
        )

    def restyle(self, palette: Palette) -> None:
        self.grid_of_digits.restyle(palette)

    def _turn(self, pages: int) -> None:
        first = self.first + pages * self.grid_of_digits.capacity
        if 0 <= first < len(self._indices):
            self._turn_to(first)
        elif first < 0 < self.first:  # the window has grown since
            self._turn_to(0)

    def _turn_to_first(self) -> None:
        self._turn_to(self.first - self.first % self.grid_of_digits.capacity)

    def _turn_to(self, first: int) -> None:
        capacity = self.grid_of_digits.capacity
        self.first = first
        self.grid_of_digits.show(
            [self._make_tile(index) for index in self._indices[first : first + capacity]]
        )
        pages = max(1, -(-len(self._indices) // capacity))
        page = first // capacity + 1
        self.label.configure(
            text=_("Page {page} of {pages}").format(page=decimal(page), pages=decimal(pages))
        )
        self.back.state(["disabled" if page == 1 else "!disabled"])
        self.on.state(["disabled" if page == pages else "!disabled"])
