"""Digits that a drawing is like, in as many columns as there is room for."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.gui.theme import CAPTION_FONT, Palette, pixels
from app.gui.widgets.picture import picture
from app.page.tile import Tile

_ZOOM = 2
_COLUMN = 80  # px at 96 dots an inch: a caption in two lines


class NearestDigits(ttk.Frame):
    """Pictures with what they are and where they come from; as many rows as they need."""

    def __init__(self, parent: tk.Misc, *, palette: Palette) -> None:
        super().__init__(parent)
        self.palette = palette
        self.tiles: Sequence[Tile] = ()
        self._labels: list[ttk.Label] = []
        self._images: list[tk.PhotoImage] = []
        self._columns = 0
        self.bind("<Configure>", lambda event: self._lay_out())

    def show(self, tiles: Sequence[Tile]) -> None:
        self.tiles = tiles
        while len(self._labels) > len(tiles):
            self._labels.pop().destroy()
        while len(self._labels) < len(tiles):
            label = ttk.Label(
                self, compound="top", anchor="n", justify="center", font=CAPTION_FONT,
                wraplength=pixels(self, _COLUMN - 6),
            )  # fmt: skip
            self._labels.append(label)
        images = []
        for label, tile in zip(self._labels, tiles, strict=True):
            small = picture(self, tile.pixels, tile.width, tile.height, self.palette.shades)
            images.append(small.zoom(max(1, pixels(self, _ZOOM))))
            label.configure(image=images[-1], text=tile.caption)
        self._images = images
        self._columns = 0
        self._lay_out()

    def restyle(self, palette: Palette) -> None:
        self.palette = palette
        self.show(self.tiles)

    def destroy(self) -> None:
        super().destroy()
        self._images = []

    def _lay_out(self) -> None:
        columns = max(1, min(6, self.winfo_width() // pixels(self, _COLUMN)))
        if columns == 4 or columns == 5:  # three of one digit, three of the other
            columns = 3
        if columns != self._columns:
            self._columns = columns
            for place, label in enumerate(self._labels):
                label.grid(
                    row=place // columns, column=place % columns, sticky="n", pady=(0, pixels(self, 4))
                )
            for column in range(6):
                self.columnconfigure(column, minsize=pixels(self, _COLUMN) if column < columns else 0)
